"""The reading page and the exports in a real browser."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from index.article import Article
from index.revisions import Revision
from qa.answer import Answer, cite, compose
from tests.browser.conftest import PHONE
from tests.browser.library import serving_library
from tests.ui.shelf import Shelf
from ui.documents import answer_document
from ui.links import quotes_link, text_digest

Visit = Callable[..., Page]
_FILLER = [f"Le paragraphe {number} parle des récoltes de mil de la région de Dosso." for number in range(40)]
TEXT = "\n\n".join(
    [*_FILLER, "La première phrase citée.", *_FILLER, "La deuxième phrase citée.", *_FILLER, "La troisième phrase citée.", *_FILLER]
)
ARTICLE = Article(
    id="0123456789ab", text=TEXT, path="a.txt", digest="0", title="Trois phrases", url="https://exemple.fr/a", source="Le Courrier",
    published="2024-03-04", language="fr",
)  # fmt: skip
COPY = replace(ARTICLE, id="c" * 12, source="Agence du fleuve", text="La même dépêche, ailleurs.")
BEFORE = Revision(
    digest="x", text="Le texte d’alors.", title="Titre d’alors", published="2024-03-01", seen_until=datetime(2024, 3, 4, 8, tzinfo=UTC)
)
SPANS = [(TEXT.index(words), TEXT.index(words) + len(words)) for words in re.findall(r"La \w+ phrase citée\.", TEXT)]
LINK = quotes_link(ARTICLE.id, SPANS[1], SPANS, text_digest(TEXT))


@pytest.fixture(scope="module")
def shelf() -> Iterator[str]:
    with serving_library(Shelf(ARTICLE, COPY, earlier={ARTICLE.id: [BEFORE]}, copied=True)) as address:
        yield address


def current(page: Page) -> str:
    return page.locator(".rail [aria-current]").inner_text()


def test_the_page_opens_at_the_chosen_quote_and_goes_from_one_to_the_next(visit: Visit, shelf: str) -> None:
    page = visit(shelf + LINK)
    marks = page.locator("mark")
    expect(marks).to_have_count(3)
    expect(page.locator("#quote")).to_be_in_viewport()
    expect(page.locator("#quote")).to_have_text("La deuxième phrase citée.")
    assert current(page) == "2"
    page.keyboard.press("n")
    expect(marks.nth(2)).to_be_in_viewport()
    assert current(page) == "3"
    expect(page.locator(".rail .next")).to_be_disabled()
    for key in ("p", "ArrowLeft"):
        page.keyboard.press(key)
    expect(marks.nth(0)).to_be_in_viewport()
    page.keyboard.press("ArrowRight")
    expect(marks.nth(1)).to_be_in_viewport()
    page.locator(".rail").get_by_role("link", name="Citation 3 sur 3").click()
    expect(marks.nth(2)).to_be_in_viewport()
    page.locator(".rail").get_by_role("button", name="Citation précédente").click()
    expect(marks.nth(1)).to_be_in_viewport()
    expect(page.locator("mark.chosen")).to_have_text("La deuxième phrase citée.")


def test_without_script_the_rail_leads_to_each_quote(visit: Visit, shelf: str) -> None:
    page = visit(shelf + LINK, java_script_enabled=False)
    expect(page.locator("#quote")).to_be_in_viewport()
    for number, words in enumerate(("première", "deuxième", "troisième"), start=1):
        page.locator(f'.rail a[href="#quote-{number}"]').click()
        expect(page.locator("mark").nth(number - 1)).to_be_in_viewport()
        expect(page.locator("mark").nth(number - 1)).to_contain_text(words)
    expect(page.locator(".rail button").first).to_be_hidden()
    expect(page.locator("h1")).to_have_text("Trois phrases")


def test_what_is_selected_can_be_asked_about(visit: Visit, shelf: str) -> None:
    page = visit(shelf + LINK)
    page.locator("#quote").select_text()
    ask = page.get_by_role("link", name="Poser une question là-dessus")
    expect(ask).to_have_attribute("href", "../?q=La%20deuxi%C3%A8me%20phrase%20cit%C3%A9e.")
    expect(ask).to_be_in_viewport()
    page.locator("h1").select_text()
    expect(ask).to_have_count(0)


def test_an_article_that_has_changed_since(visit: Visit, shelf: str) -> None:
    page = visit(shelf + quotes_link(ARTICLE.id, (0, 8), digest=text_digest(BEFORE.text)), "en-US")
    expect(page.locator(".banner")).to_contain_text("Here is the text as it was quoted, replaced on 4 March 2024.")
    expect(page.locator("#quote")).to_have_text("Le texte")
    page.get_by_role("link", name="Read the present text").click()
    expect(page.locator("h1")).to_have_text("Trois phrases")
    expect(page.locator(".banner")).to_have_count(0)
    page.get_by_role("link", name="until 4 March 2024").click()
    expect(page.locator("h1")).to_have_text("Titre d’alors")
    page.get_by_role("link", name="Agence du fleuve").click()
    expect(page.locator(".text")).to_have_text("La même dépêche, ailleurs.")


def test_on_a_phone_nothing_is_wider_than_the_screen(visit: Visit, shelf: str) -> None:
    page = visit(shelf + LINK, **PHONE)
    expect(page.locator("#quote")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".rail").get_by_role("link", name="Citation 1 sur 3").tap()
    expect(page.locator("mark").first).to_be_in_viewport()
    many = quotes_link(ARTICLE.id, (0, 4), [(number, number + 4) for number in range(0, 400, 10)])
    page.goto(shelf + many)
    expect(page.locator("mark")).to_have_count(40)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def posted(page: Page, address: str, form: str) -> None:
    """Send a conversation as the chat does, from a form."""
    quotes = tuple(cite(number, ARTICLE, *place) for number, place in enumerate(SPANS, start=1))
    answer = Answer(question="Que dit la phrase ?", language="fr", text=compose(quotes, "fr"), answered=True, citations=quotes)
    refused = Answer(question="Et le prix ?", language="fr", text="Les articles ne répondent pas à cette question.", answered=False)
    page.goto("about:blank")
    page.set_content(f'<form method="post" action="{address}/export/{form}"><input name="conversation"><button>Exporter</button></form>')
    page.locator("input").fill(json.dumps({"answers": [answer_document(answer), answer_document(refused)]}))


def test_a_page_ready_to_print(visit: Visit, shelf: str) -> None:
    page = visit(shelf + LINK)
    posted(page, shelf, "print")
    page.locator("button").click()
    expect(page.locator("h1")).to_have_text("Revue de presse")
    expect(page.locator("blockquote")).to_have_count(3)
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    page.get_by_role("link", name="Source 2").click()
    expect(page.locator("#note-2")).to_be_in_viewport()
    page.evaluate("window.print = () => { document.title = 'imprimé'; }")
    page.get_by_role("button", name="Imprimer").click()
    expect(page).to_have_title("imprimé")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_an_article_prints_black_on_white_with_its_address(visit: Visit, shelf: str) -> None:
    page = visit(shelf + LINK, color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 23, 27)"
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".rail")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.text')).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.querySelector('.original'), '::after').content") == '" (https://exemple.fr/a)"'


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_an_export_is_a_file(visit: Visit, shelf: str, form: str) -> None:
    page = visit(shelf + LINK)
    posted(page, shelf, form)
    with page.expect_download() as download:
        page.locator("button").click()
    name = download.value.suggested_filename
    assert re.fullmatch(r"griot-que-dit-la-phrase-\d{4}-\d\d-\d\d\.(?:md|html)", name)
    saved = download.value.path()
    if form == "html":
        page.set_content(saved.read_text(encoding="utf-8"))
        expect(page.locator("blockquote")).to_have_count(3)
        expect(page.locator("h1")).to_have_css("font-weight", "600")
    else:
        assert saved.read_text(encoding="utf-8").startswith("# Revue de presse\n")
