"""What each form of the collection's page does: every change of the index is a work of the one job."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Final, Protocol

from index.build import remove, restore, update
from index.collection import is_address, load_collection, make_root
from index.dates import first_day
from index.embed import Embedder
from index.errors import CollectionError, GriotError, MissingIndex
from index.generation import Generation
from index.report import Report, Watcher
from index.store import Home
from ui.manage.job import Job, Work
from ui.manage.page import View
from ui.manage.rows import Choice, Page, Row, choose, rows_of
from ui.manage.shelf import FIELDS, LARGEST, Shelf
from ui.manage.words import WORDS
from ui.texts import Language

SHORT: Final = 1.0
"""Seconds that a form waits for the end of what it began."""


class Managed(Protocol):
    """What the page needs of `qa.Assistant`."""

    home: Home
    embedder: Embedder

    def generation(self) -> Generation: ...


class Upload(Protocol):
    """A file that a browser sent."""

    @property
    def filename(self) -> str | None: ...
    @property
    def file(self) -> IO[bytes]: ...


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as it was filled in."""

    fields: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[Upload] = ()


class Desk:
    """What each form does. Every change of the index is a work of the one job; what it answers goes into the address of the page."""

    def __init__(self, assistant: Managed, job: Job, largest: int = LARGEST) -> None:
        self.assistant = assistant
        self.job = job
        self.shelf = Shelf(assistant.home.folder, largest)
        self.actions = {
            "files": self._files, "text": self._text, "address": self._address, "remove": self._remove, "restore": self._restore,
            "rebuild": self._rebuild, "cancel": self._cancel,
        }  # fmt: skip

    def view(self, asked: dict[str, str], edits: bool, language: Language) -> View:
        """The page for an address."""
        choice = Choice.of(asked)
        notice, rows = "", []
        try:
            rows = rows_of(self.assistant.generation().listing())
        except MissingIndex:
            # Nothing was indexed yet: the page is where that begins.
            pass
        except GriotError as error:
            notice = str(error)
        state = self.job.state()
        if "busy" in asked:
            notice = WORDS[language].busy
        if names := asked.get("kept"):
            notice = WORDS[language].kept.format(names=names[:500])
        if "later" in asked and state.running:
            notice = f"{notice} {WORDS[language].later}".strip()
        values = {
            "source": sorted({row.source for row in rows if row.source}),
            "language": sorted({row.language for row in rows if row.language}),
            "year": sorted({str(first_day(row.published).year) for row in rows if row.published}, reverse=True),
        }
        return View(
            page=self._opened(choose(rows, choice)), choice=choice, values=values, state=state, out=self._out(), notice=notice, edits=edits,
            failed=state.report.failed if state.report else (), removed=_gone(asked.get("removed"), self._out()),
            asked=next((row for row in rows if row.id == asked.get("ask")), None),
        )  # fmt: skip

    def _opened(self, page: Page) -> Page:
        """A page whose articles without a title are told by their first words."""
        untitled = {row.id: self.assistant.generation().article(row.id) for row in page.rows if not row.title}
        shown = [replace(row, opening=article.label) if (article := untitled.get(row.id)) else row for row in page.rows]
        return replace(page, rows=shown)

    def _out(self) -> Sequence[str]:
        try:
            return sorted(load_collection(self.assistant.home.collection_file).removed)
        except GriotError:
            return ()

    def _files(self, form: Form) -> dict[str, str]:
        if not form.files:
            raise CollectionError("no file was chosen; choose one or more")
        kept, refused = [], []
        for item in form.files:
            try:
                kept.append(self.shelf.keep_file(item.filename or "", item.file).name)
            except CollectionError as error:
                refused.append(str(error))
        if not kept:
            raise CollectionError("; ".join(refused)[:2_000])
        return self._index([self.shelf.folder], {"kept": ", ".join((*kept, *refused))[:500]})

    def _text(self, form: Form) -> dict[str, str]:
        place = self.shelf.keep_text({name: form.fields.get(name, "") for name in FIELDS})
        return self._index([self.shelf.folder], {"kept": place.name})

    def _address(self, form: Form) -> dict[str, str]:
        address = form.fields.get("address", "").strip()
        if not is_address(address):
            # A path of the server is never taken from a browser.
            raise CollectionError(f"{address[:200]!r} is no address of the web; write it as https://site/page")
        make_root(address)
        return self._index([address], {"kept": address})

    def _remove(self, form: Form) -> dict[str, str]:
        found = next((item for item in self.assistant.generation().listing() if item.id == form.fields.get("id")), None)
        if found is None:
            raise CollectionError("this article is not, or no longer, in the collection; look at the table again")
        home, embedder = self.assistant.home, self.assistant.embedder
        begun = self._begin(lambda watcher: remove(home, embedder, [found.id], watcher))
        return {"removed": found.location} if begun else {"busy": "1"}

    def _restore(self, form: Form) -> dict[str, str]:
        path = form.fields.get("path", "")
        if path not in self._out():
            raise CollectionError("nothing of this place was removed by hand; look at the table again")
        home, embedder = self.assistant.home, self.assistant.embedder
        return {} if self._begin(lambda watcher: restore(home, embedder, [path], watcher)) else {"busy": "1"}

    def _rebuild(self, form: Form) -> dict[str, str]:
        return self._index([], {}, full=form.fields.get("full") == "1")

    def _begin(self, work: Callable[[Watcher], Report]) -> bool:
        """Start a work; where it is short, the page that follows shows its end."""
        begun = self.job.start(work)
        if begun:
            self.job.wait(SHORT)
        return begun

    def _cancel(self, _: Form) -> dict[str, str]:
        self.job.cancel()
        return {}

    def _index(self, paths: Sequence[str | Path], told: dict[str, str], *, full: bool = False) -> dict[str, str]:
        home, embedder = self.assistant.home, self.assistant.embedder
        work: Work = lambda watcher: update(home, embedder, paths, full=full, watcher=watcher)  # noqa: E731
        if not self.job.then(work):
            return {**told, "later": "1"}
        self.job.wait(SHORT)
        return told


def _gone(location: str | None, out: Sequence[str]) -> Row | None:
    """The article just removed, by its place: only where that is true, so that no address can make the page say it."""
    if location is None or location not in out:
        return None
    name = location.rpartition("/")[2] or location
    return Row(id="", title=name, path=location, source=None, published=None, language=None, passages=0)
