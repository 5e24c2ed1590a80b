"""The whole site for others: the chat, the reading pages, the collection, the HTTP interface, and the gate before them all."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

# First: it tells gradio to keep to itself before gradio is imported.
from ui.web import build_app  # isort: skip

from fastapi import FastAPI
from starlette.types import ASGIApp

from qa.assistant import Assistant
from ui.access.accounts import Accounts
from ui.access.bounds import Bounds
from ui.access.gate import Gate, Rules, local_hosts
from ui.access.keys import Keys
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


@dataclass(frozen=True, kw_only=True)
class Door:
    """How the site is reached, and by whom."""

    host: str = "127.0.0.1"
    read_only: bool = False
    secure: bool = False
    proxies: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    """Names that it goes by, beside those of this machine."""

    def rules(self, home: Path) -> Rules:
        """What the gate holds to. Accounts, where there are any, are wanted of everybody; without them, a site that listens beyond this
        machine changes nothing."""
        accounts, keys = Accounts(home / ACCOUNTS), Keys(home / KEYS)
        known = accounts if accounts.all() or keys.all() else None
        local = self.host in LOCAL
        return Rules(
            accounts=known, keys=keys.who, read_only=self.read_only or (known is None and not local), proxies=self.proxies,
            secure=self.secure, hosts=local_hosts(self.names) if local or self.names else None,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Site:
    """One assistant, served."""

    assistant: Assistant
    door: Door = field(default_factory=Door)
    journal: Journal = field(default_factory=lambda: Journal(Figures()))
    job: Job = field(default_factory=Job)

    def app(self) -> ASGIApp:
        """The application.

        Raises:
            GriotError: the accounts or keys cannot be read.
        """
        home = self.assistant.home.folder
        desk = Desk(
            assistant=self.assistant, feedback=Feedback(home), formats=FORMATS,
            exports=("markdown", "html", "print"), journal=self.journal, managed=True,
        )  # fmt: skip
        larger = (("/collection/", LARGEST + 20_000_000), ("/export/", CONVERSATION + 100_000), ("/gradio_api/", CONVERSATION))
        return Gate(Bounds(build_app(desk, self._more), larger), self.door.rules(home))

    def _more(self, app: FastAPI) -> None:
        app.include_router(collection_routes(self.assistant, self.job))
        add_health(app, self.assistant, self.journal.figures)
        app.mount("/api", api_app(self.assistant, self.journal))

    def stop(self) -> None:
        """End a build at its next step, and wait for it."""
        self.job.cancel()
        self.job.wait(30)
