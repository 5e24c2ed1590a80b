"""The collection's page as a browser and a stranger see it: real files, a real index."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from index.build import update
from index.report import Report, Watcher
from index.store import Home
from qa.assistant import Assistant
from tests.fakes import HashEmbedder
from ui.manage.job import Job
from ui.manage.routes import collection_routes

TEXT = "Le conseil municipal de {} a voté mardi la reconstruction du marché, pour douze millions de francs."


class As:
    """A gate that lets everybody in with one role."""

    def __init__(self, app: ASGIApp, role: str) -> None:
        self.app, self.role = app, role

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["who"] = SimpleNamespace(name="awa", role=self.role)
        await self.app(scope, receive, send)


class Site:
    """A site with one page, and the collection behind it."""

    def __init__(self, folder: Path, role: str = "editor", articles: tuple[str, ...] = ("gaya", "dosso")) -> None:
        self.home, self.job = Home(folder / "home"), Job()
        embedder = HashEmbedder()
        self.folder = folder / "in"
        self.folder.mkdir(exist_ok=True)
        for place in articles:
            (self.folder / f"{place}.txt").write_text(TEXT.format(place.title()), encoding="utf-8")
        if articles:
            update(self.home, embedder, [self.folder])
        self.assistant = Assistant(self.home, embedder)
        app = FastAPI()
        app.include_router(collection_routes(self.assistant, self.job))
        self.browser = TestClient(As(app, role), base_url="http://griot.example", headers={"accept-language": "fr"})

    def paths(self) -> set[str]:
        return {Path(item.path).name for item in self.assistant.generation().listing()}

    def post(self, action: str, **named: Any) -> Any:
        answer = self.browser.post(f"/collection/{action}", **named)
        self.job.wait(30)
        return answer

    def id_of(self, name: str) -> str:
        return next(item.id for item in self.assistant.generation().listing() if item.path.endswith(name))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.job.wait(30)


def test_the_table_shows_every_article(site: Site) -> None:
    page = site.browser.get("/collection")
    assert page.status_code == 200
    assert "2 articles" in page.text
    assert f'href="/article/{site.id_of("gaya.txt")}"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<i>Le conseil municipal de Gaya a voté" in page.text, "an article without a title is told by its first words"
    assert "1 article" in site.browser.get("/collection", params={"text": "gaya"}).text
    assert "Aucun article" in site.browser.get("/collection", params={"text": "nowhere"}).text


def test_before_the_first_article(tmp_path: Path) -> None:
    page = Site(tmp_path, articles=()).browser.get("/collection")
    assert page.status_code == 200
    assert "Ajouter des articles" in page.text


def test_files_are_added_and_can_be_asked_about_at_once(site: Site) -> None:
    files = [("file", ("zinder.txt", TEXT.format("Zinder").encode())), ("file", ("a.exe", b"MZ"))]
    answer = site.post("files", files=files)
    assert answer.status_code == 200
    assert "zinder.txt" in answer.text
    assert "a.exe: files of this kind are not read" in answer.text
    assert site.paths() == {"gaya.txt", "dosso.txt", "zinder.txt"}
    assert site.assistant.ask("Qui a voté la reconstruction du marché à Zinder ?").citations[0].path.endswith("zinder.txt")
    assert "1 ajoutés, 0 modifiés" in site.browser.get("/collection").text


def test_a_pasted_text_and_what_is_known_of_it(site: Site) -> None:
    site.post("text", data={"text": TEXT.format("Zinder"), "title": "Le marché", "published": "2023-06-26", "source": "Le Courrier"})
    found = next(item for item in site.assistant.generation().listing() if item.title == "Le marché")
    assert (found.published, found.source) == ("2023-06-26", "Le Courrier")


def test_an_article_is_removed_after_confirmation_and_brought_back(site: Site) -> None:
    gaya = site.id_of("gaya.txt")
    asked = site.browser.get("/collection", params={"ask": gaya})
    assert "Retirer « " in asked.text
    assert site.paths() == {"gaya.txt", "dosso.txt"}
    answer = site.post("remove", data={"id": gaya})
    assert "gaya.txt » est retiré de la collection" in answer.text
    assert site.paths() == {"dosso.txt"}
    assert (site.folder / "gaya.txt").exists()
    site.post("restore", data={"path": str(site.folder / "gaya.txt")})
    assert site.paths() == {"gaya.txt", "dosso.txt"}


def test_the_index_is_regenerated_from_what_changed(site: Site) -> None:
    (site.folder / "zinder.txt").write_text(TEXT.format("Zinder"), encoding="utf-8")
    (site.folder / "dosso.txt").unlink()
    site.post("rebuild", data={"full": "1"})
    assert site.paths() == {"gaya.txt", "zinder.txt"}
    state = site.browser.get("/collection/progress").json()
    assert (state["running"], state["number"]) == (False, 1)


def test_failures_are_listed_with_their_reasons(site: Site) -> None:
    (site.folder / "bad.pdf").write_bytes(b"%PDF-1.4 nothing more")
    page = site.post("rebuild")
    page = site.browser.get("/collection")
    assert "<h2>En échec</h2>" in page.text
    assert "bad.pdf</b>" in page.text


@pytest.mark.parametrize(
    ("action", "named", "reason"),
    [
        pytest.param("files", {}, "no file was chosen", id="no_file"),
        pytest.param("files", {"files": [("file", ("a.exe", b"MZ"))]}, "files of this kind are not read", id="only_bad_files"),
        pytest.param("text", {"data": {"text": " "}}, "the text is empty", id="no_text"),
        pytest.param("address", {"data": {"address": "/etc/passwd"}}, "is no address of the web", id="a_path_of_the_server"),
        pytest.param("address", {"data": {"address": "file:///etc/passwd"}}, "is no address of the web", id="file_address"),
        pytest.param("address", {"data": {"address": "https://a:b@c.example/"}}, "user name or password", id="password"),
        pytest.param("remove", {"data": {"id": "nobody"}}, "is not, or no longer, in the collection", id="unknown_article"),
        pytest.param("restore", {"data": {"path": "/etc/passwd"}}, "nothing of this place was removed", id="never_removed"),
    ],
)
def test_what_cannot_be_done_is_said(site: Site, action: str, named: dict[str, Any], reason: str) -> None:
    answer = site.post(action, **named)
    assert answer.status_code == 400
    assert reason in answer.text
    assert site.job.state().number == 0


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"--x\r\nbroken", b""])
def test_a_body_that_is_no_form(site: Site, body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "application/json", "application/x-www-form-urlencoded"):
        assert site.post("text", content=body, headers={"content-type": kind}).status_code == 400
    assert site.paths() == {"gaya.txt", "dosso.txt"}


def test_a_private_address_is_refused_and_the_reason_told(site: Site) -> None:
    site.post("address", data={"address": "http://127.0.0.1:9/secret"})
    report = site.job.state().report
    assert report is not None
    assert [failure.path for failure in report.failed] == ["http://127.0.0.1:9/secret"]
    assert "private network" in report.failed[0].reason


@pytest.mark.parametrize("action", ["files", "text", "address", "remove", "restore", "rebuild", "cancel"])
def test_readers_look_and_change_nothing(tmp_path: Path, action: str) -> None:
    site = Site(tmp_path, role="reader")
    page = site.browser.get("/collection")
    assert "2 articles" in page.text
    assert 'action="/collection' not in page.text
    assert site.post(action, data={"text": TEXT, "id": site.id_of("gaya.txt")}).status_code == 403
    assert site.job.state().number == 0


def test_what_comes_while_the_index_is_made_is_indexed_next(site: Site) -> None:
    go_on = threading.Event()

    def long(watcher: Watcher) -> Report:
        go_on.wait(30)
        return Report()

    site.job.start(long)
    page = site.browser.post("/collection/files", files=[("file", ("zinder.txt", TEXT.format("Zinder").encode()))])
    assert "la suivante commencera à sa fin" in page.text
    assert site.paths() == {"gaya.txt", "dosso.txt"}
    go_on.set()
    site.job.wait(30)
    assert site.paths() == {"gaya.txt", "dosso.txt", "zinder.txt"}


def test_a_full_disk_is_said(site: Site) -> None:
    class Full:
        """A place for what is sent that takes nothing."""

        def __init__(self, *_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device")

    patch = pytest.MonkeyPatch()
    patch.setattr("starlette.formparsers.SpooledTemporaryFile", Full)
    try:
        page = site.browser.post("/collection/files", files=[("file", ("zinder.txt", b"a" * 100))])
    finally:
        patch.undo()
    assert page.status_code == 507
    assert "make room on the server" in page.text


def test_an_unknown_action(site: Site) -> None:
    assert site.post("explode").status_code == 404


@pytest.mark.parametrize(
    "place", [lambda text: {"text": text}, lambda text: {"ask": text}, lambda text: {"removed": text}, lambda text: {"kept": text}]
)
def test_nothing_of_the_address_is_taken_for_markup(site: Site, place: Callable[[str], dict[str, str]]) -> None:
    page = site.browser.get("/collection", params=place('"><script>alert(1)</script>'))
    assert "<script>alert" not in page.text


def test_questions_are_answered_while_the_index_is_made(site: Site) -> None:
    for number in range(40):
        (site.folder / f"more{number}.txt").write_text(TEXT.format(f"Lieu{number}"), encoding="utf-8")
    site.browser.post("/collection/rebuild")
    while site.job.state().running:
        assert site.assistant.ask("Qui a voté la reconstruction du marché de Gaya ?").passages
    assert len(site.paths()) == 42
