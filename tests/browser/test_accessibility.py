"""axe-core over every page, on a desktop and a phone, light and dark: no serious violation."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from index.revisions import Revision
from qa.answer import Answer, cite, compose
from tests.browser.conftest import ask
from tests.browser.library import serving_library
from tests.browser.test_reading import ARTICLE, COPY, SPANS
from tests.ui.shelf import Damaged, Shelf
from ui.documents import answer_document
from ui.links import quotes_link, text_digest

Visit = Callable[..., Page]
SHAPES: Final[dict[str, dict[str, Any]]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
BEFORE = Revision(digest="x", text="Le texte d’alors.", title=None, published=None, seen_until=datetime(2024, 3, 4, 8, tzinfo=UTC))
shapes = pytest.mark.parametrize("shape", SHAPES)
schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


def violations(page: Page) -> list[str]:
    """The serious and critical violations of the page as it is: rule, and where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{item['id']} ({item['impact']}): {[node['target'] for node in item['nodes']][:4]}"
        for item in found
        if item["impact"] in ("serious", "critical")
    ]


@pytest.fixture(scope="module")
def shelf() -> Iterator[str]:
    bare = replace(ARTICLE, id="b" * 12, title=None, source=None, url=None, published=None)
    with serving_library(Shelf(ARTICLE, COPY, bare, earlier={ARTICLE.id: [BEFORE]}, copied=True)) as address:
        yield address


@pytest.fixture(scope="module")
def damaged() -> Iterator[str]:
    with serving_library(Damaged()) as address:
        yield address


@shapes
@schemes
def test_reading_pages(visit: Visit, shelf: str, damaged: str, shape: str, scheme: str) -> None:
    page = visit(shelf + quotes_link(ARTICLE.id, SPANS[1], SPANS), color_scheme=scheme, **SHAPES[shape])
    expect(page.locator("#quote")).to_be_in_viewport()
    assert violations(page) == []
    page.locator("#quote").select_text()
    expect(page.locator(".ask")).to_be_visible()
    assert violations(page) == []
    for link in (
        quotes_link(ARTICLE.id, (0, 8), digest=text_digest(BEFORE.text)), quotes_link(ARTICLE.id, (0, 8), digest="0" * 16),
        f"/article/{'b' * 12}",
    ):  # fmt: skip
        page.goto(shelf + link)
        assert violations(page) == []
    plain = page.context.new_page()
    # The browser itself reports a page that is not there as an error: it is asked for apart.
    for address in (f"{shelf}/article/nope", f"{damaged}/article/0"):
        answer = page.context.request.get(address)
        assert answer.status in (404, 503)
        plain.set_content(answer.text())
        expect(plain.locator("h1")).to_be_visible()
        assert violations(plain) == []


@shapes
@schemes
def test_export_pages(visit: Visit, shelf: str, shape: str, scheme: str) -> None:
    quotes = tuple(cite(number, ARTICLE, *place) for number, place in enumerate(SPANS, start=1))
    lost = replace(quotes[0], number=4, article_id="f" * 12)
    cited = (*quotes, lost)
    answer = Answer(
        question="Que dit la phrase ?", language="fr", text=compose(cited, "fr", ("**lundi**",)), answered=True, citations=cited
    )
    refused = Answer(question="Et le prix ?", language="fr", text="Les articles ne répondent pas à cette question.", answered=False)
    body = json.dumps({"answers": [answer_document(answer), answer_document(refused)]})
    page = visit(shelf + "/favicon.svg", color_scheme=scheme, **SHAPES[shape]).context.new_page()
    for form in ("html", "print"):
        exported = page.context.request.post(f"{shelf}/export/{form}", data=body, headers={"Content-Type": "application/json"})
        page.goto("about:blank")
        page.set_content(exported.text())
        expect(page.locator("blockquote")).to_have_count(4)
        assert violations(page) == []


@shapes
@schemes
def test_the_chat(visit: Visit, written: str, shape: str, scheme: str) -> None:
    page = visit(written, color_scheme=scheme, **SHAPES[shape])
    expect(page.locator(".welcome h2")).to_be_visible()
    assert violations(page) == [], "before the first question"
    ask(page, "Quand le pont de Malanville a-t-il rouvert ?")
    assert violations(page) == [], "an answer"
    ask(page, "Quel est le prix d’un kilogramme de tungstène à Reykjavik ?", 2)
    expect(page.locator("#turn-2 .nearest")).to_be_visible()
    assert violations(page) == [], "a refusal"
