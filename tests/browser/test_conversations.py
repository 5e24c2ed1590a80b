import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, ask
from tests.ui.hostile import HOSTILE

Visit = Callable[..., Page]
BRIDGE = "Quand le pont de Malanville a-t-il rouvert ?"
SHEEP = "Qui a vacciné quarante mille moutons à Tahoua ?"


def listed(page: Page) -> Locator:
    return page.locator("#list li .open")


def stored(page: Page) -> list[dict[str, Any]]:
    """The conversations that the browser keeps."""
    texts = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('griot.conversation.')).map((key) => localStorage[key])"
    )
    return [json.loads(text) for text in texts]


def menu(page: Page, name: str, place: int = 0) -> None:
    """Choose an action of a conversation in the list."""
    item = page.locator("#list li").nth(place)
    item.hover()
    item.locator("summary").click()
    item.get_by_role("button", name=name).click()


def test_conversations_are_kept_opened_and_begun(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    page.locator("#rail [data-do=new]").click()
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, SHEEP)
    ask(page, "Où ?", 2)
    expect(listed(page)).to_have_text([SHEEP, BRIDGE])
    expect(page.locator("#list [aria-current]")).to_have_text(SHEEP)
    page.reload()
    expect(page.locator(".turn .question")).to_have_text([SHEEP, "Où ?"])
    expect(page.locator("#turn-1 .quote").first).to_contain_text("Habou Zakari")
    listed(page).nth(1).click()
    expect(page.locator(".turn .question")).to_have_text([BRIDGE])
    expect(page.locator("#panel-1-1 mark")).to_contain_text("Le pont de Malanville a rouvert")
    ask(page, "Qui a salué la reprise du commerce ?", 2)
    assert sorted(len(conversation["turns"]) for conversation in stored(page)) == [2, 2]


def test_a_conversation_is_renamed_deleted_and_brought_back(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    menu(page, "Renommer")
    box = page.locator("#list .rename")
    expect(box).to_be_focused()
    box.fill("Le <b>pont</b>")
    box.press("Enter")
    expect(listed(page)).to_have_text(["Le <b>pont</b>"])
    expect(listed(page).first).to_be_focused()
    menu(page, "Renommer")
    box.fill("Autre")
    box.press("Escape")
    expect(listed(page)).to_have_text(["Le <b>pont</b>"])
    menu(page, "Supprimer")
    expect(listed(page)).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(0)
    assert stored(page) == []
    page.get_by_role("button", name="Rétablir").click()
    expect(listed(page)).to_have_text(["Le <b>pont</b>"])
    expect(page.locator("#turn-1 .quote").first).to_contain_text("Malanville")


def test_what_is_damaged_harms_nothing_else(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    page.evaluate("localStorage['griot.conversation.bad'] = '{\"turns'; localStorage['griot.conversation.odd'] = '[1]'")
    page.reload()
    expect(page.locator("#state")).to_contain_text("Une conversation gardée par ce navigateur est abîmée")
    expect(listed(page)).to_have_text([BRIDGE])
    expect(page.locator("#turn-1 .quote").first).to_be_visible()
    ask(page, SHEEP, 2)
    page.reload()
    expect(page.locator("#turn-2 .quote").first).to_be_visible()
    expect(page.locator("#state")).to_be_empty()


def test_what_the_browser_sends_is_not_believed(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    key = page.evaluate("Object.keys(localStorage).find((key) => key.startsWith('griot.conversation.'))")
    kept = json.loads(page.evaluate("(key) => localStorage[key]", key))
    turn = kept["turns"][0]
    turn["answer"]["citations"][0]["quote"] = "Le pont de Malanville est tombé."
    hostile = "".join(text for text in HOSTILE.values() if "\x00" not in text)
    kept["turns"] += [{"question": hostile, "answer": {**turn["answer"], "leads": [hostile], "notes": [hostile]}}, {"question": 3}]
    kept["name"] = hostile
    page.evaluate("([key, text]) => { localStorage[key] = text; }", [key, json.dumps(kept)])
    kept["turns"].pop()
    page.reload()
    expect(page.locator("#state")).to_contain_text("abîmée")
    page.evaluate("([key, text]) => { localStorage[key] = text; }", [key, json.dumps(kept)])
    page.evaluate("(key) => { sessionStorage['griot.current'] = key.slice('griot.conversation.'.length); }", key)
    page.reload()
    expect(page.locator("#turn-1 .lost").first).to_contain_text("ne se retrouve plus dans les articles")
    expect(page.locator("#conversation, #panel").filter(has_text="est tombé")).to_have_count(0)
    expect(page.locator("#turn-2 .question")).to_have_text(" ".join(hostile.split()))
    assert page.evaluate("window.stolen") is None


@pytest.mark.parametrize("name", ["image", "line_separator"])  # the others: test_hostile.py
def test_a_link_asks_its_question(visit: Visit, written: str, name: str) -> None:
    page = visit(f"{written}/?q={quote(HOSTILE[name])}")
    expect(page.locator("#turn-1:not(.waiting-turn) .question")).to_have_text(HOSTILE[name])
    assert page.url == written + "/", "reloading does not ask again"
    assert page.evaluate("window.stolen") is None
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)


def test_a_link_begins_a_conversation_of_its_own_and_is_cut(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    page.goto(f"{written}/?q={quote('Où ? ' * 400)}")
    expect(page.locator("#turn-1:not(.waiting-turn)")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)
    assert len(page.locator("#turn-1 .question").inner_text()) <= 1000
    expect(listed(page)).to_have_count(2)


def test_the_side_panel_folds_and_stays_folded(visit: Visit, written: str) -> None:
    page = visit(written)
    expect(page.locator("#rail")).to_be_visible()
    page.get_by_role("button", name="Replier le volet").click()
    expect(page.locator("#rail")).to_be_hidden()
    page.reload()
    opener = page.get_by_role("button", name="Ouvrir le volet")
    expect(opener).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#rail")).to_be_hidden()
    opener.click()
    expect(page.locator("#rail")).to_be_visible()
    expect(page.get_by_role("button", name="Replier le volet")).to_be_focused()


def test_on_a_phone_the_side_panel_is_a_drawer(visit: Visit, written: str) -> None:
    page = visit(written, **PHONE)
    ask(page, BRIDGE)
    expect(page.locator("#rail")).to_be_hidden()
    page.get_by_role("button", name="Ouvrir le volet").tap()
    expect(page.locator("#rail")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#rail")).to_be_hidden()
    page.get_by_role("button", name="Ouvrir le volet").tap()
    listed(page).first.tap()
    expect(page.locator("#rail")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(1)
    page.locator("#bar [data-do=new]").tap()
    expect(page.locator(".welcome")).to_be_visible()


def test_a_browser_that_keeps_nothing_still_holds_a_conversation(visit: Visit, written: str) -> None:
    page = visit(written, before="Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } });")
    ask(page, BRIDGE)
    ask(page, SHEEP, 2)
    expect(listed(page)).to_have_text([BRIDGE])


def test_a_full_browser_says_so_and_goes_on(visit: Visit, written: str) -> None:
    page = visit(written)
    expect(page.locator(".welcome")).to_be_visible()
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }")
    ask(page, BRIDGE)
    expect(page.locator("#state")).to_contain_text("n’a plus de place")
    expect(page.locator("#turn-1 .quote").first).to_be_visible()


def test_two_windows_on_one_conversation_lose_nothing(visit: Visit, written: str) -> None:
    one = visit(written)
    ask(one, BRIDGE)
    other = one.context.new_page()
    other.goto(written)
    listed(other).click()
    expect(other.locator("#turn-1 .quote").first).to_be_visible()
    ask(other, SHEEP, 2)
    ask(one, "Qui a salué la reprise du commerce ?", 3)
    assert [len(conversation["turns"]) for conversation in stored(one)] == [3]


def test_exports_are_handed_over_as_forms(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    page.route("**/export/markdown", lambda route: route.fulfill(status=204))
    with page.expect_request("**/export/markdown") as sent:
        menu(page, "Exporter en Markdown")
    assert str(sent.value.post_data).startswith("conversation=%7B%22answers%22%3A%5B%7B")
    expect(page.locator("#list .item", has_text="HTML")).to_have_count(0)
