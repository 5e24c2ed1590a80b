"""The HTTP interface, with a real index behind it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.build import update
from index.store import Home
from qa.assistant import Assistant
from tests.fakes import HashEmbedder
from ui.access.bounds import Bounds
from ui.access.reach import Reach
from ui.api.figures import Figures
from ui.api.routes import add_health, api_app
from ui.documents import answer_document
from ui.journal import Journal

TEXT = (
    "Le conseil municipal de {} a voté mardi la reconstruction du marché, pour douze millions de francs.\n\nLes travaux dureront deux ans."
)
QUESTION = "Qui a voté la reconstruction du marché de Gaya ?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("site")
    (folder / "in").mkdir()
    for place in ("gaya", "dosso", "zinder"):
        (folder / "in" / f"{place}.txt").write_text(TEXT.format(place.title()), encoding="utf-8")
    embedder = HashEmbedder()
    update(Home(folder / "home"), embedder, [folder / "in"])
    return Assistant(Home(folder / "home"), embedder)


@pytest.fixture
def site(assistant: Assistant) -> TestClient:
    figures = Figures()
    app = FastAPI()
    add_health(app, assistant, figures)
    app.mount("/api", api_app(assistant, Journal(figures)))
    return TestClient(Bounds(app), base_url="http://griot.example", raise_server_exceptions=False)


def broken(tmp_path: Path) -> TestClient:
    """A site whose home is empty."""
    app = FastAPI()
    nothing = Assistant(Home(tmp_path / "nothing"), HashEmbedder())
    add_health(app, nothing, Figures())
    app.mount("/api", api_app(nothing, Journal(Figures())))
    return TestClient(app, base_url="http://griot.example", raise_server_exceptions=False)


def test_a_question_is_answered_as_on_the_command_line(site: TestClient, assistant: Assistant) -> None:
    found = site.post("/api/ask", json={"question": QUESTION}).json()
    expected = answer_document(assistant.ask(QUESTION))
    assert {name: value for name, value in found.items() if name != "seconds"} == {
        name: value for name, value in json.loads(json.dumps(expected)).items() if name != "seconds"
    }
    quote = found["citations"][0]
    article = site.get(f"/api/articles/{quote['article_id']}").json()
    assert article["text"][quote["start"] : quote["end"]] == quote["quote"]


def test_a_follow_up_leans_on_the_history(site: TestClient) -> None:
    found = site.post("/api/ask", json={"question": "Et à Dosso ?", "history": [QUESTION]}).json()
    assert found["citations"][0]["path"].endswith("dosso.txt")


def test_an_answer_told_in_steps(site: TestClient) -> None:
    answer = site.post("/api/ask", json={"question": QUESTION}, headers={"accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = [block.split("\n") for block in answer.text.strip().split("\n\n")]
    assert [lines[0] for lines in told] == ["event: asked", "event: passages", "event: answer", "event: done"]
    assert json.loads(told[2][1].removeprefix("data: "))["answered"] is True


def test_a_stream_that_fails_says_so(site: TestClient) -> None:
    answer = site.post("/api/ask", json={"question": QUESTION, "since": "2024", "until": "2023"}, headers={"accept": "text/event-stream"})
    assert answer.text.startswith("event: asked\n")
    assert 'event: problem\ndata: {"status": 422' in answer.text


def test_links_to_reading_pages_stand_below_the_base_path(site: TestClient, assistant: Assistant) -> None:
    below = TestClient(Reach(site.app, base="/griot"), base_url="http://griot.example")
    for accept in ("application/json", "text/event-stream"):
        told = below.post("/griot/api/ask", json={"question": QUESTION}, headers={"accept": accept}).text
        assert '"link":"/griot/article/' in told.replace('": "', '":"')


class Failing(Assistant):
    """One that fails as nobody foresaw."""

    def ask(self, question: str, **limits: Any) -> Any:
        raise ZeroDivisionError("a secret")


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_what_nobody_foresaw_is_logged_and_not_told(assistant: Assistant, accept: str) -> None:
    app = FastAPI()
    app.mount("/api", api_app(Failing(assistant.home, assistant.embedder), Journal(Figures())))
    site = TestClient(app, base_url="http://griot.example", raise_server_exceptions=False)
    answer = site.post("/api/ask", json={"question": QUESTION}, headers={"accept": accept})
    assert "unforeseen error" in answer.text
    assert "secret" not in answer.text
    assert answer.status_code == (500 if accept == "application/json" else 200)


def test_a_search(site: TestClient) -> None:
    found = site.post("/api/search", json={"query": "marché de Zinder", "k": 1}).json()
    assert [passage["path"].rpartition("/")[2] for passage in found["passages"]] == ["zinder.txt"]


def test_articles_are_listed(site: TestClient) -> None:
    found = site.get("/api/articles").json()
    assert (found["found"], found["page"], found["pages"]) == (3, 1, 1)
    assert [item["path"].rpartition("/")[2] for item in found["articles"]] == ["dosso.txt", "gaya.txt", "zinder.txt"]
    assert site.get("/api/articles", params={"text": "GAYA"}).json()["found"] == 1


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        pytest.param("POST", "/api/ask", {}, 422, id="no_question"),
        pytest.param("POST", "/api/ask", {"question": ""}, 422, id="empty_question"),
        pytest.param("POST", "/api/ask", {"question": "a" * 4_001}, 422, id="long_question"),
        pytest.param("POST", "/api/ask", {"question": 7}, 422, id="a_number"),
        pytest.param("POST", "/api/ask", {"question": ["a"]}, 422, id="a_list"),
        pytest.param("POST", "/api/ask", {"question": None}, 422, id="nothing"),
        pytest.param("POST", "/api/ask", {"question": "a", "history": "b"}, 422, id="history_that_is_a_text"),
        pytest.param("POST", "/api/ask", {"question": "a", "history": ["b"] * 51}, 422, id="long_history"),
        pytest.param("POST", "/api/ask", {"question": "a", "history": [{}]}, 422, id="history_of_objects"),
        pytest.param("POST", "/api/ask", {"question": "a", "other": 1}, 422, id="unknown_field"),
        pytest.param("POST", "/api/ask", {"question": "a", "since": "2023-13-45"}, 422, id="no_date"),
        pytest.param("POST", "/api/ask", {"question": "a b c", "since": "2023-02-31"}, 422, id="no_day"),
        pytest.param("POST", "/api/ask", {"question": "a b c", "since": "2024", "until": "2023"}, 422, id="contradictory"),
        pytest.param("POST", "/api/ask", [1, 2], 422, id="a_list_instead"),
        pytest.param("POST", "/api/search", {"query": "a", "k": 0}, 422, id="k_0"),
        pytest.param("POST", "/api/search", {"query": "a", "k": 101}, 422, id="k_101"),
        pytest.param("POST", "/api/search", {"query": "a", "k": "3"}, 422, id="k_as_text"),
        pytest.param("POST", "/api/search", {"query": "a", "k": 1.5}, 422, id="k_in_part"),
        pytest.param("GET", "/api/articles?page=0", None, 422, id="page_0"),
        pytest.param("GET", "/api/articles?page=x", None, 422, id="page_x"),
        pytest.param("GET", "/api/articles?order=evil", None, 422, id="order"),
        pytest.param("GET", "/api/articles?sorce=a", None, 422, id="unknown_parameter"),
        pytest.param("GET", "/api/articles/none", None, 404, id="no_such_article"),
        pytest.param("GET", "/api/articles/..%2f..%2fetc%2fpasswd", None, 404, id="path_traversal"),
        pytest.param("GET", "/api/nothing", None, 404, id="no_such_place"),
        pytest.param("GET", "/api/ask", None, 405, id="get_instead_of_post"),
        pytest.param("DELETE", "/api/articles", None, 405, id="delete"),
    ],
)
def test_every_error_is_a_problem_document(site: TestClient, method: str, path: str, sent: Any, status: int) -> None:
    answer = site.request(method, path, json=sent)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert (found["status"], found["type"]) == (status, "about:blank")
    assert found["title"]
    assert found["detail"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="cut"),
        pytest.param(b"\xff\xfe\x00", id="bad_utf8"),
        pytest.param(b'{"question": "\xff"}', id="bad_utf8_inside"),
        pytest.param(b'{"question": "\\ud800"}', id="lone_surrogate"),
        pytest.param(b"[" * 20_000, id="deep"),
        pytest.param(b'{"question": ' + b"9" * 5_000 + b"}", id="huge_number"),
        pytest.param(b"question=a", id="a_form"),
        pytest.param(b"x" * 1_000_001, id="huge"),
    ],
)
def test_a_body_that_is_none(site: TestClient, body: bytes) -> None:
    answer = site.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 413, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_body_without_end_is_cut(site: TestClient) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 100_000
            yield b" " * 100_000

    assert site.post("/api/ask", content=endless(), headers={"content-type": "application/json"}).status_code == 413


def test_the_reference_is_made_here_and_fetches_nothing(site: TestClient) -> None:
    page = site.get("/api/docs")
    assert "POST /api/ask" in page.text
    assert "<code>question</code>" in page.text
    assert "//cdn" not in page.text
    assert "<script" not in page.text
    document = site.get("/api/openapi.json").json()
    assert set(document["paths"]) == {"/ask", "/search", "/articles", "/articles/{article_id}"}


def test_health_and_figures(site: TestClient) -> None:
    assert site.get("/healthz").json() == {"status": "ok"}
    site.post("/api/ask", json={"question": QUESTION})
    site.post("/api/ask", json={"question": "Quel temps fera-t-il à Lisbonne demain ?"})
    site.post("/api/ask", json={"question": "a", "since": "2024", "until": "2023"})
    figures = site.get("/metrics").text
    assert 'griot_questions_total{answered="true"} 1.0' in figures
    assert 'griot_questions_total{answered="false"} 1.0' in figures
    assert "griot_question_errors_total 1.0" in figures
    assert "griot_articles 3.0" in figures
    assert "griot_question_seconds_count 2.0" in figures


def test_without_an_index_everything_says_so(tmp_path: Path) -> None:
    site = broken(tmp_path)
    for answer in (site.post("/api/ask", json={"question": "a b"}), site.get("/api/articles")):
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert "griot index" in answer.json()["detail"]
    health = site.get("/healthz")
    assert (health.status_code, health.headers["content-type"]) == (503, "application/problem+json")
    # Everybody may ask this.
    assert str(tmp_path) not in health.text
    assert "griot_index_up 0.0" in site.get("/metrics").text
