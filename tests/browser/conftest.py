"""A real server on a free port of this machine, and a real Chromium that is caught at every request elsewhere."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from starlette.types import ASGIApp

from qa import Assistant
from tests.browser.slow import Stage
from tests.fakes import HashEmbedder
from tests.paths import SEEDS
from ui.desk import Answering, Desk
from ui.web import Server, build_app

_ARGUMENTS: Final = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
_BRIDGE: Final = """Titre : Le pont de Malanville rouvre aux camions
Source : Le Courrier du fleuve
Date : 2024-03-04
URL : https://exemple.fr/pont?page=1

Le pont de Malanville a rouvert lundi aux camions après deux mois de fermeture. La douane prévoit une file de trois jours.

Le maire Issa Garba a salué la reprise du commerce entre les deux rives du fleuve.
"""
_LONG: Final = "\n\n".join(f"Le paragraphe {number} parle des récoltes de mil de la région de Dosso." for number in range(60))
_HERDERS: Final = f"{_LONG}\n\nLe vétérinaire Habou Zakari a vacciné quarante mille moutons à Tahoua.\n\n{_LONG}\n"


PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NOTED: Final[list[tuple[str, dict[str, Any], str, str]]] = []
FORMATS: Final = {
    "plain": lambda citation, *_: f"« {citation.quote} », {citation.title}",
    "markdown": lambda citation, *_: f"> {citation.quote}",
    "bibtex": lambda citation, *_: f"@misc{{{citation.article_id}}}",
}


class Notes:
    """Where the page says what readers think: a list that tests look at."""

    def note(self, question: str, answer: dict[str, Any], verdict: str, reason: str) -> None:
        NOTED.append((question, answer, verdict, reason))


def ask(page: Page, question: str, turn: int = 1) -> None:
    """Ask, and wait for the reply."""
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(f"#turn-{turn}:not(.waiting-turn) .reply")).to_be_visible()


def serving(desk: Desk, port: int = 0) -> AbstractContextManager[str]:
    """Serve `desk` in a thread; yields the address once it answers."""
    return running(build_app(desk), port)


@contextmanager
def running(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve `app` in a thread; yields the address once it answers."""
    ready = threading.Event()
    server = Server(app, "127.0.0.1", port, lambda _: ready.set())
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(30), "the server did not start"
    yield server.address
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive(), "the server did not stop"


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over articles written here."""
    folder = tmp_path_factory.mktemp("articles")
    (folder / "pont.txt").write_text(_BRIDGE, encoding="utf-8")
    (folder / "moutons.txt").write_text(_HERDERS, encoding="utf-8")
    home = tmp_path_factory.mktemp("written")
    assistant = Assistant.from_paths([folder], home=home, embedder=HashEmbedder())
    with serving(Desk(assistant=assistant, feedback=Notes(), formats=FORMATS, exports=("markdown", "print"))) as address:
        yield address


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over the articles that ship with Griot."""
    home: Path = tmp_path_factory.mktemp("seeds")
    with serving(Desk(assistant=Assistant.from_paths([SEEDS], home=home, embedder=HashEmbedder()))) as address:
        yield address


@pytest.fixture(scope="session")
def stage() -> Iterator[tuple[Stage, str]]:
    """A server whose assistant each test brings, and its address."""
    assistant = Stage()
    with serving(Desk(assistant=assistant)) as address:
        yield assistant, address


@pytest.fixture
def play(stage: tuple[Stage, str]) -> Callable[[Answering], str]:
    """The address of a chat with the assistant that is given: `visit(play(Slow()))`."""

    def bring(assistant: Answering) -> str:
        stage[0].assistant = assistant
        return stage[1]

    return bring


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for these tests, closed with them: Playwright keeps an event loop in this thread, and others want theirs."""
    with launched() as chromium:
        yield chromium


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's Chromium, or Google's."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert path is not None, "no browser to test the page with; install one: apt-get install chromium"
    expect.set_options(timeout=30_000)  # for machines that do much else
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield chromium
        chromium.close()


# Gradio's page says so of every event that is on its way when it is left, and asks for the end of a question that it has no number of yet,
# which its server turns down.
_HARMLESS: Final = re.compile(
    r"AbortError: signal is aborted|Connection errored out|Unexpected error Connection errored out"
    r"|\S*/gradio_api/(?:cancel|reset): Failed to load resource: the server responded with a status of 422 "
)


def _said(message: ConsoleMessage) -> str:
    """What the browser's console says, of a request after the path that was asked for."""
    path = urlsplit(message.location.get("url", "")).path
    return f"{path}: {message.text}" if message.text.startswith("Failed to load resource") else message.text


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a window of its own: `visit(address, locale="en-US")`. Fails the test afterwards when the page
    asked anything of another host, or reported an error."""
    contexts, requests, errors = [], [], []

    def open_page(address: str, locale: str = "fr-FR", *, quiet: bool = True, before: str = "", **options: Any) -> Page:
        origin = "/".join(address.split("/")[:3])
        context = browser.new_context(locale=locale, viewport=options.pop("viewport", {"width": 1280, "height": 800}), **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        context.on("request", lambda request: requests.append((request.url, origin)))
        context.on("weberror", lambda error: errors.append(str(error.error)))
        if quiet:  # a browser reports every request to a server that is gone
            context.on("console", lambda message: errors.append(_said(message)) if message.type == "error" else None)
        page = context.new_page()
        page.add_init_script(before)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url, origin in requests if not url.startswith((origin + "/", "data:", "blob:"))] == []
    assert [error for error in errors if not _HARMLESS.match(error)] == []
