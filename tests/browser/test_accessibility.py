"""axe-core over every state of every page, on a desktop and a phone, light and dark, French and English: no serious violation."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from index.revisions import Revision
from qa.answer import Answer, cite, compose
from tests.browser.axe import violations
from tests.browser.conftest import PHONE, ask
from tests.browser.library import serving_library
from tests.browser.slow import Slow
from tests.browser.test_reading import ARTICLE, COPY, SPANS
from tests.ui.shelf import Damaged, Shelf
from ui.desk import Answering
from ui.documents import answer_document
from ui.links import quotes_link, text_digest

Visit = Callable[..., Page]
Play = Callable[[Answering], str]
SHAPES: Final[dict[str, dict[str, Any]]] = {"desktop": {}, "phone": PHONE}
BEFORE = Revision(digest="x", text="Le texte d’alors.", title=None, published=None, seen_until=datetime(2024, 3, 4, 8, tzinfo=UTC))
# Each pair of shape, scheme and language comes once: the three change different rules of the style, and words.
looks = pytest.mark.parametrize(
    ("shape", "scheme", "locale"),
    [("desktop", "light", "fr-FR"), ("desktop", "dark", "en-GB"), ("phone", "dark", "fr-FR"), ("phone", "light", "en-GB")],
)


@pytest.fixture(scope="module")
def shelf() -> Iterator[str]:
    bare = replace(ARTICLE, id="b" * 12, title=None, source=None, url=None, published=None)
    with serving_library(Shelf(ARTICLE, COPY, bare, earlier={ARTICLE.id: [BEFORE]}, copied=True)) as address:
        yield address


@pytest.fixture(scope="module")
def damaged() -> Iterator[str]:
    with serving_library(Damaged()) as address:
        yield address


@looks
def test_reading_pages(visit: Visit, shelf: str, damaged: str, shape: str, scheme: str, locale: str) -> None:
    page = visit(shelf + quotes_link(ARTICLE.id, SPANS[1], SPANS), locale=locale, color_scheme=scheme, **SHAPES[shape])
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


@looks
def test_export_pages(visit: Visit, shelf: str, shape: str, scheme: str, locale: str) -> None:
    quotes = tuple(cite(number, ARTICLE, *place) for number, place in enumerate(SPANS, start=1))
    lost = replace(quotes[0], number=4, article_id="f" * 12)
    cited = (*quotes, lost)
    answer = Answer(
        question="Que dit la phrase ?", language="fr", text=compose(cited, "fr", ("**lundi**",)), answered=True, citations=cited
    )
    refused = Answer(question="Et le prix ?", language="fr", text="Les articles ne répondent pas à cette question.", answered=False)
    body = json.dumps({"answers": [answer_document(answer), answer_document(refused)]})
    page = visit(shelf + "/favicon.svg", locale=locale, color_scheme=scheme, **SHAPES[shape]).context.new_page()
    for form in ("html", "print"):
        exported = page.context.request.post(f"{shelf}/export/{form}", data=body, headers={"Content-Type": "application/json"})
        page.goto("about:blank")
        page.set_content(exported.text())
        expect(page.locator("blockquote")).to_have_count(4)
        assert violations(page) == []


def test_what_is_wrong_would_be_found(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    expect(page.locator(".welcome")).to_be_visible()
    page.evaluate("document.querySelector('.welcome').innerHTML += '<input><p style=color:#ccc>pâle</p>'")
    assert [rule for rule, *_ in violations(page)] == ["color-contrast", "label"]


@looks
def test_the_chat(visit: Visit, seeds: str, shape: str, scheme: str, locale: str) -> None:
    page = visit(seeds, locale, color_scheme=scheme, **SHAPES[shape])
    expect(page.locator(".welcome")).to_be_visible()
    assert violations(page) == [], "before the first question"
    ask(page, "Que disent les articles sur la coopération militaire ?")
    expect(page.locator(".followup").first).to_be_visible()
    page.locator("#turn-1 .steps summary").click()
    if shape == "phone":
        page.locator("#turn-1 .fold > summary").click()
    page.locator("#turn-1 .acts summary").click()
    assert violations(page) == [], "an answer, unfolded"
    ask(page, "Quel est le prix d’un kilogramme de tungstène à Reykjavik ?", 2)
    ask(page, "Chronologie de la coopération militaire", 3)
    if shape == "phone":
        page.locator("#bar .tools [data-do=rail]").click()
        expect(page.locator("#rail")).to_be_visible()
    else:
        page.locator("#rail [data-do=rail]").click()
    assert violations(page) == [], "a refusal, a timeline, the side panel"


def test_what_is_chosen_rated_and_changed(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, "Quand le pont de Malanville a-t-il rouvert ?")
    page.locator("#turn-1 .marker").first.click()
    page.locator("#panel-1-1 .cite summary").click()
    page.locator("#list li summary").click()
    page.get_by_role("button", name="Réponse inutile").click()
    assert violations(page) == [], "a chosen source, menus, a reason"
    page.locator("#turn-1 .acts summary").click()
    page.get_by_role("button", name="Modifier la question").click()
    expect(page.locator("#editing")).to_be_visible()
    assert violations(page) == [], "a question being changed"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_empty_waiting_or_gone(visit: Visit, play: Play, scheme: str) -> None:
    slow = Slow(articles=0)
    page = visit(play(slow), color_scheme=scheme, quiet=False)
    expect(page.locator(".trouble")).to_be_visible()
    assert violations(page) == [], "no article"
    slow.articles, slow.at_work = 1, True
    page.reload()
    expect(page.locator("#state")).to_contain_text("en cours de mise à jour")
    page.locator("#question textarea").fill("Quand ?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#turn-1 .waiting")).to_have_css("opacity", "1")
    assert violations(page) == [], "an answer on its way, an index being written"
    slow.go.set()
    expect(page.locator("#turn-1 .quote")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator("#state")).to_contain_text("Griot ne répond plus.")
    assert violations(page) == [], "a server that is gone"
