from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask
from tests.browser.slow import Slow
from ui.desk import Answering

Visit = Callable[..., Page]
Play = Callable[[Answering], str]
BRIDGE = "Quand le pont de Malanville a-t-il rouvert ?"


def test_keys(visit: Visit, written: str) -> None:
    page = visit(written)
    box = page.locator("#question textarea")
    expect(box).to_be_focused()
    box.fill("Une ligne")
    box.press("Shift+Enter")
    box.type("et une autre")
    expect(box).to_have_value("Une ligne\net une autre")
    expect(page.locator(".turn")).to_have_count(0)
    box.fill(BRIDGE)
    box.press("Enter")
    expect(page.locator("#turn-1 .quote").first).to_be_visible()
    expect(box).to_be_focused()
    page.locator("#turn-1 .marker").first.focus()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    box.type("1/2")
    expect(box).to_have_value("1/2")
    page.locator("#turn-1 .acts summary").click()
    expect(page.locator("#turn-1 .acts .items")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#turn-1 .acts .items")).to_be_hidden()
    expect(page.locator("#turn-1 .acts summary")).to_be_focused()


def test_an_answer_is_announced(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    expect(page.get_by_role("status").first).to_contain_text("Réponse\u202f: ")
    ask(page, "Quel est le prix du tungstène à Reykjavik ?", 2)
    expect(page.locator("#said")).to_contain_text("Les articles ne répondent pas à cette question.")


def test_focus_stays_where_the_reader_put_it(visit: Visit, play: Play) -> None:
    slow = Slow()
    page = visit(play(slow))
    page.locator("#question textarea").fill("Quand ?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#turn-1.waiting-turn")).to_be_visible()
    button = page.locator("#rail [data-do=rail]")
    button.focus()
    slow.go.set()
    expect(page.locator("#turn-1 .quote")).to_be_visible()
    expect(button).to_be_focused()


def test_nothing_jumps_while_an_answer_arrives(visit: Visit, play: Play) -> None:
    slow = Slow()
    page = visit(play(slow))
    places = "['#turn-1 .question', '#box', '#panel h2', '#masthead h1'].map((name) => { const box = document.querySelector(name).getBoundingClientRect(); return [box.x, box.y, box.width]; })"  # noqa: E501
    page.locator("#question textarea").fill("Quand ?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#turn-1.waiting-turn")).to_be_visible()
    before = page.evaluate(places)
    slow.go.set()
    expect(page.locator("#turn-1 .quote")).to_be_visible()
    assert page.evaluate(places) == before


def test_the_language_is_switched_and_remembered(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#send")).to_have_text("Send")
    expect(page.locator("#turn-1 .quote").first).to_be_visible()
    assert page.url == written + "/"
    page.goto(written)
    expect(page.locator("#question textarea")).to_have_attribute("placeholder", "Ask a question…")
    link = page.locator("#panel-1-1").get_by_role("link", name="read in the article").get_attribute("href")
    page.goto(f"{written}{link}")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("asked", ["de", "<script>", ""])
def test_only_languages_that_are_spoken_are_remembered(written: str, asked: str) -> None:
    page = httpx.get(f"{written}/", params={"lang": asked}, headers={"Accept-Language": "en"})
    assert '<html lang="en"' in page.text
    assert "Set-Cookie" not in page.headers
    assert "griot-language=fr" in httpx.get(f"{written}/?lang=fr", headers={"Accept-Language": "en"}).headers["Set-Cookie"]
