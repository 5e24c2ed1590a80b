import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from playwright.sync_api import Page, expect

from qa.answer import Answer, Copy
from tests.browser.conftest import ask
from tests.browser.slow import Slow
from ui.desk import Answering

Visit = Callable[..., Page]
Play = Callable[[Answering], str]
ASKED = "Que disent les articles sur la coopération militaire ?"


def test_pointing_at_a_marker_shows_its_source_and_the_reverse(visit: Visit, seeds: str) -> None:
    page = visit(seeds, viewport={"width": 1280, "height": 560})
    ask(page, ASKED)
    last = page.locator("#panel .card").last
    expect(last).not_to_be_in_viewport()
    number = last.get_attribute("data-number")
    page.locator(f'#turn-1 .marker[data-number="{number}"]').hover()
    expect(last).to_be_in_viewport()
    expect(last).to_have_class(re.compile("pointed"))
    first, quote = page.locator("#panel-1-1"), page.locator('#turn-1 .quote[data-number="1"]')
    page.locator("#question textarea").hover()
    expect(last).not_to_have_class(re.compile("pointed"))
    page.locator("#turn-1 .quote").last.scroll_into_view_if_needed()
    first.scroll_into_view_if_needed()
    first.locator("h3").hover()
    expect(quote).to_have_class(re.compile("pointed"))
    first.locator("h3").click()
    expect(quote).to_be_in_viewport()
    expect(quote).to_have_class(re.compile("chosen"))


def test_pointing_at_an_earlier_answer_brings_its_sources_back(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, ASKED)
    ask(page, "Chronologie de la coopération militaire", 2)
    expect(page.locator("#panel-1-1")).to_be_hidden()
    page.locator("#turn-1 .marker").first.hover()
    expect(page.locator("#panel-1-1")).to_be_visible()
    expect(page.locator("#panel-2-1")).to_be_hidden()


def test_arrows_go_through_the_sources_and_escape_goes_back(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, ASKED)
    page.locator("#turn-1 .marker").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel-1-1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#panel-1-2")).to_be_focused()
    expect(page.locator('#turn-1 .quote[data-number="2"]')).to_have_class(re.compile("pointed"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#panel-1-1")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#turn-1 .marker").first).to_be_focused()


def test_a_citation_is_copied_as_text_markdown_or_bibtex(visit: Visit, written: str) -> None:
    page = visit(written, permissions=["clipboard-read", "clipboard-write"])
    ask(page, "Quand le pont de Malanville a-t-il rouvert ?")
    card = page.locator("#panel-1-1")
    for name, text in {"Markdown": r"> Le pont de Malanville a rouvert", "BibTeX": r"@misc\{[0-9a-f]{12}\}", "Texte": "« Le pont"}.items():
        card.get_by_text("citer").click()
        card.get_by_role("button", name=name).click()
        expect(card.get_by_role("button", name="Copié")).to_be_visible()
        assert re.match(text, page.evaluate("navigator.clipboard.readText()"))
        expect(card.locator(".cite")).not_to_have_attribute("open", "")


def test_a_timeline_is_drawn_and_dates_are_plotted(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, "Chronologie de la coopération militaire")
    dates = page.locator("#turn-1 ol.timeline > li .lead")
    expect(dates).to_have_text(["lundi 26 juin 2023", "jeudi 11 avril 2024"])
    plot = page.get_by_role("img", name="Articles datés, par mois\u202f: juillet 2023 (1), janvier 2024 (1)")
    expect(plot).to_be_visible()
    expect(plot.locator("rect")).to_have_count(2)


class Reprinted(Slow):
    """Cites an article that three other sites published too."""

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer:
        answer = super().ask(question, history=history)
        copies = tuple(
            Copy(article_id=letter * 12, title=None, source=f"Site {letter}", path=f"{letter}.txt", published="2024-03-05", link="/")
            for letter in "abc"
        )
        return replace(answer, citations=tuple(replace(citation, copies=copies) for citation in answer.citations))


def test_who_republished_an_article_is_folded_under_its_quote(visit: Visit, play: Play) -> None:
    reprinted = Reprinted()
    reprinted.go.set()
    page = visit(play(reprinted))
    ask(page, "Quand le pont a-t-il rouvert ?")
    for place in ("#turn-1 .told .copies", "#panel-1-1 .copies"):
        copies = page.locator(place)
        expect(copies.locator("summary")).to_have_text("repris par 3 autres sources")
        expect(copies.locator("li").first).to_be_hidden()
        copies.locator("summary").click()
        expect(copies.locator("li")).to_have_text([f"Site {letter} · 5 mars 2024" for letter in "abc"])
        assert copies.get_by_role("link").first.get_attribute("href") == "/article/aaaaaaaaaaaa?start=0&end=0"
