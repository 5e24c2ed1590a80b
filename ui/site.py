"""The whole site for others: the chat, the reading pages, the collection, the HTTP interface, and the gate before them all."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

# First: it tells gradio to keep to itself before gradio is imported.
from ui.web import build_app  # isort: skip

from fastapi import FastAPI
from starlette.types import ASGIApp

from index.errors import GriotError
from qa.assistant import Assistant
from ui.access.accounts import Accounts
from ui.access.bounds import Bounds
from ui.access.gate import Gate, Rules, local_hosts
from ui.access.keys import Keys
from ui.access.limits import Limit
from ui.access.reach import Reach
from ui.api.figures import Figures
from ui.api.routes import add_health, api_app
from ui.cite import FORMATS
from ui.desk import Desk
from ui.feedback import Feedback
from ui.journal import Journal
from ui.manage.job import Job
from ui.manage.routes import collection_routes
from ui.manage.shelf import LARGEST
from ui.people import ACCOUNTS, KEYS
from ui.routes import LARGEST as CONVERSATION

LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})
QUESTIONS: Final = 120
"""Questions a minute and client: two a second, far from what a reader asks."""
_FORM: Final = 20_000_000
"""Bytes of an upload beside its largest file."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """How the site is reached, and by whom. `names` are those that it goes by beside those of this machine; `base` is the path that it
    stands below; `questions` a minute each client may ask, without end where 0; `upload` is the bytes of the largest file."""

    host: str = "127.0.0.1"
    read_only: bool = False
    secure: bool = False
    proxies: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    base: str = ""
    questions: int = QUESTIONS
    upload: int = LARGEST

    @property
    def own(self) -> bool:
        """Whether only who sits at this machine comes in: a site that goes by other names or stands behind a proxy is for others."""
        return self.host in LOCAL and not (self.names or self.proxies or self.secure or self.base)

    def rules(self, home: Path, journal: Journal) -> Rules:
        """What the gate holds to. Accounts, where there are any, are wanted of everybody; without them, a site for others changes
        nothing."""
        accounts, keys = Accounts(home / ACCOUNTS), Keys(home / KEYS)
        known = accounts if accounts.all() or keys.all() else None
        return Rules(
            accounts=known, keys=keys.who, read_only=self.read_only or (known is None and not self.own), note=journal.noted,
            questions=Limit(per_minute=self.questions, burst=max(1, self.questions // 2)) if self.questions else None,
            hosts=local_hosts(self.names) if self.host in LOCAL or self.names else None,
        )  # fmt: skip

    def rules_within(self, home: Path, journal: Journal) -> Rules:
        """`rules` for a part of another site, which knows its own names, and lets in whom it will."""
        return replace(self.rules(home, journal), hosts=None, read_only=self.read_only)


@dataclass(frozen=True, kw_only=True)
class Site:
    """One assistant, served."""

    assistant: Assistant
    door: Door = field(default_factory=Door)
    journal: Journal = field(default_factory=lambda: Journal(Figures()))
    job: Job = field(default_factory=Job)

    def app(self) -> ASGIApp:
        """The application, with its gate.

        Raises:
            GriotError: the accounts or keys cannot be read, or the base path is none.
        """
        door = self.door
        if door.base and not (door.base.startswith("/") and door.base.replace("/", "").replace("-", "").replace("_", "").isalnum()):
            raise GriotError(f"{door.base!r} is no path for a site to stand below; write it as /griot")
        return Reach(
            self.guarded(self.pages(), door.rules(self.assistant.home.folder, self.journal)), base=door.base, proxies=door.proxies,
            secure=door.secure,
        )  # fmt: skip

    def pages(self) -> FastAPI:
        """Every page and interface, with no gate before them."""
        desk = Desk(
            assistant=self.assistant, feedback=Feedback(self.assistant.home.folder), formats=FORMATS,
            exports=("markdown", "html", "print"), journal=self.journal, managed=True,
        )  # fmt: skip
        return build_app(desk, self._more)

    def guarded(self, app: ASGIApp, rules: Rules) -> ASGIApp:
        """`app` behind the gate, and within the bounds of what may be sent."""
        larger = (("/collection/", self.door.upload + _FORM), ("/export/", CONVERSATION + 100_000), ("/gradio_api/", CONVERSATION))
        return Gate(Bounds(app, larger), rules)

    def _more(self, app: FastAPI) -> None:
        app.include_router(collection_routes(self.assistant, self.job, note=self.journal.noted, largest=self.door.upload))
        add_health(app, self.assistant, self.journal.figures)
        app.mount("/api", api_app(self.assistant, self.journal))

    def stop(self) -> None:
        """End a build at its next step, and wait for it."""
        self.job.cancel()
        self.job.wait(30)
