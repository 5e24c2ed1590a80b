"""The plain pages as a browser asks for them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.article import Article
from index.revisions import Revision
from qa.answer import Answer, Citation, compose
from qa.answer import cite as cited
from tests.ui.hostile import CORPUS, Elements
from tests.ui.shelf import Damaged, Shelf
from ui.documents import answer_document
from ui.links import quotes_link, text_digest
from ui.routes import LARGEST, pages

BRIDGE = Article(
    id="0123456789ab", text="Le pont a rouvert lundi. La mairie s’en félicite.", path="pont.txt", digest="0", title="Le pont rouvre",
    url="https://exemple.fr/pont", source="Le Courrier", published="2024-03-04", language="fr",
)  # fmt: skip
BEFORE = Revision(
    digest="x", text="Le pont rouvrira mardi. La mairie s’en félicite.", title="Le pont va rouvrir", published="2024-03-01",
    seen_until=datetime(2024, 3, 4, 8, tzinfo=UTC),
)  # fmt: skip
EARLIER = replace(BRIDGE, text=BEFORE.text)
FRENCH = {"Accept-Language": "fr"}


@pytest.fixture
def shelf() -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(pages(Shelf(BRIDGE, earlier={BRIDGE.id: [BEFORE]}), today=lambda: date(2026, 11, 23)))
    with TestClient(app, headers=FRENCH) as client:
        yield client


def conversation(*citations: Citation, question: str = "Quand ?") -> dict[str, Any]:
    answer = Answer(question=question, language="fr", text=compose(citations, "fr"), answered=True, citations=citations)
    return {"answers": [answer_document(answer)]}


def test_an_article_with_its_quotes(shelf: TestClient) -> None:
    page = shelf.get(quotes_link(BRIDGE.id, (0, 24), [(25, 49)], text_digest(BRIDGE.text)))
    assert page.status_code == 200
    assert page.text.count("<mark") == 2
    assert "banner" not in Elements(page.text).values("class")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_an_answer_from_before_the_article_changed(shelf: TestClient) -> None:
    page = shelf.get(quotes_link(BRIDGE.id, (0, 23), digest=text_digest(BEFORE.text)))
    assert '<mark id="quote" class="chosen" data-quote="1">Le pont rouvrira mardi.</mark>' in page.text
    assert "remplacé le 4 mars 2024" in page.text
    unknown = shelf.get(quotes_link(BRIDGE.id, (0, 23), digest="f" * 16))
    assert "le texte cité n’a pas été gardé" in unknown.text
    assert "<mark" not in unknown.text


@pytest.mark.parametrize("path", ["/article/nope", "/article/%3Cscript%3E", "/article/0?start=a&end=-1&also=x&digest=%00", "/export/nope"])
def test_what_is_not_there_is_a_plain_page(shelf: TestClient, path: str) -> None:
    page = shelf.post(path) if path.startswith("/export") else shelf.get(path)
    assert page.status_code == 404
    assert "Article introuvable" in page.text
    assert Elements(page.text).dangers == ["script"]


def test_a_damaged_index_is_a_plain_page() -> None:
    app = FastAPI()
    app.include_router(pages(Damaged()))
    with TestClient(app, headers={"Accept-Language": "en"}) as client:
        page = client.get("/article/0")
        assert page.status_code == 503
        assert "<h1>The articles cannot be read</h1></header><p>articles.sqlite &lt;is&gt; damaged; run griot index --full</p>" in page.text
        export = client.post("/export/html", json=conversation(cited(1, BRIDGE, 0, 24)))
        assert export.status_code == 503
        assert "This conversation cannot be exported" in export.text


@pytest.mark.parametrize(
    ("form", "kind", "disposition"),
    [
        ("markdown", "text/markdown; charset=utf-8", 'attachment; filename="griot-quand-2026-11-23.md"'),
        ("html", "text/html; charset=utf-8", 'attachment; filename="griot-quand-2026-11-23.html"'),
        ("print", "text/html; charset=utf-8", None),
    ],
)
def test_the_three_forms(shelf: TestClient, form: str, kind: str, disposition: str | None) -> None:
    document = conversation(cited(1, BRIDGE, 0, 24))
    for answer in (
        shelf.post(f"/export/{form}", json=document),
        shelf.post(f"/export/{form}", data={"conversation": json.dumps(document)}),
    ):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == kind
        assert answer.headers.get("Content-Disposition") == disposition
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Le pont a rouvert lundi." in answer.text
        assert "23 novembre 2026" in answer.text


def test_the_language_asked_for_goes_before_that_of_the_browser(shelf: TestClient) -> None:
    document = {**conversation(cited(1, BRIDGE, 0, 24)), "language": "en"}
    assert "# Press review" in shelf.post("/export/markdown", json=document).text
    assert "# Revue de presse" in shelf.post("/export/markdown", json={**document, "language": "de"}).text


def test_every_quote_is_verified_again(shelf: TestClient) -> None:
    made_up = replace(cited(1, BRIDGE, 0, 24), quote="Le pont a brûlé dimanche", title="Faux titre", source="Faux site")
    text = shelf.post("/export/markdown", json=conversation(made_up)).text
    assert "Citation non vérifiée, elle ne se trouve pas dans les articles." in text
    old = shelf.post("/export/markdown", json=conversation(cited(1, EARLIER, 0, 23))).text
    assert "«\u202fLe pont rouvrira mardi.\u202f»" in old
    assert "L’article a changé depuis (constaté le 4 mars 2024)." in old
    gone = shelf.post("/export/markdown", json=conversation(replace(cited(1, BRIDGE, 0, 24), article_id="f" * 12))).text
    assert "L’article n’est plus dans la collection." in gone


def test_what_a_conversation_claims_of_an_article_gives_way_to_what_is_stored(shelf: TestClient) -> None:
    claimed = replace(
        cited(1, BRIDGE, 0, 24),
        title="Faux",
        source="Faux site",
        published="1999",
        url="https://voleur.example/",
        link="https://voleur.example/",
    )
    for form in ("markdown", "html", "print"):
        text = shelf.post(f"/export/{form}", json=conversation(claimed)).text
        assert "Le pont rouvre" in text
        assert "Faux" not in text
        assert "voleur" not in text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"), pytest.param(b"[]", id="no_object"), pytest.param(b'{"answers": []}', id="no_answer"),
        pytest.param(b'{"answers": 3}', id="no_list"), pytest.param(b'{"answers": [3]}', id="answer_is_a_number"),
        pytest.param(b'{"answers": [' + b"{}," * 200 + b"{}]}", id="too_many"), pytest.param(b"\xff\xfe", id="not_utf8"),
        pytest.param(b"[" * 200_000, id="deep"), pytest.param(b'{"answers": ' + b"9" * 9_999 + b"}", id="long_number"),
        pytest.param(b'"' + b"x" * LARGEST + b'"', id="large"),
    ],
)  # fmt: skip
def test_what_is_no_conversation_is_refused(shelf: TestClient, body: bytes) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        answer = shelf.post("/export/html", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 400
        assert "Cette conversation ne peut pas être exportée" in answer.text


def test_too_many_quotes_are_refused(shelf: TestClient) -> None:
    citations = [replace(cited(1, BRIDGE, 0, 24), number=number) for number in range(1, 51)]
    document = {"answers": conversation(*citations)["answers"] * 11}
    answer = shelf.post("/export/markdown", json=document)
    assert answer.status_code == 400
    assert "550 quotes; at most 500" in answer.text


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS.keys())
def test_hostile_requests(shelf: TestClient, text: str) -> None:
    sound = text.encode("utf-8", "replace").decode()
    query = urlencode({"start": sound, "end": sound, "also": sound, "digest": sound})
    page = shelf.get(f"/article/{BRIDGE.id}?{query}")
    assert page.status_code == 200
    assert Elements(page.text).dangers == ["script"]
    claimed = Citation(
        number=1,
        article_id=text,
        title=text,
        source=text,
        path=text,
        url=text,
        published=text,
        quote=text,
        start=0,
        end=len(text),
        link=text,
    )
    for form in ("markdown", "html", "print"):
        body = json.dumps(conversation(claimed, question=text))
        answer: httpx.Response = shelf.post(f"/export/{form}", content=body, headers={"Content-Type": "application/json"})
        if len(text) > 4_000:
            assert answer.status_code == 400
            continue
        assert answer.status_code == 200
        assert set(answer.headers) & {"set-cookie", "location"} == set()
        assert form == "markdown" or set(Elements(answer.text).dangers) <= {"script"}
