"""What a reader does on a desktop, done with a thumb on a screen of 390 points: each panel, and nothing wider than the screen."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NOTED, PHONE, ask
from tests.browser.slow import Slow
from ui.desk import Answering

Visit = Callable[..., Page]
Play = Callable[[Answering], str]
BRIDGE = "Quand le pont de Malanville a-t-il rouvert ?"
SHEEP = "Qui a vacciné quarante mille moutons à Tahoua ?"


def within(page: Page, *shown: Locator) -> None:
    """Nothing is wider than the screen, and what is `shown` stands on it from side to side."""
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for part in shown:
        expect(part).to_be_visible()
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_an_answer_and_what_can_be_done_with_it(visit: Visit, written: str) -> None:
    page = visit(written, permissions=["clipboard-read", "clipboard-write"], **PHONE)
    ask(page, BRIDGE)
    turn = page.locator("#turn-1")
    expect(turn.locator(".fold > summary")).to_have_text("1 source Le Courrier du fleuve · 4 mars 2024")
    turn.locator(".steps summary").tap()
    within(page, turn.locator(".quote").first, turn.locator(".steps dl"), turn.locator(".acts"))
    turn.locator(".acts [data-do=copy]").tap()
    expect(page.locator("#said")).to_have_text("Copié")
    assert page.evaluate("navigator.clipboard.readText()").startswith(BRIDGE)
    turn.locator(".acts summary").tap()
    within(page, turn.locator(".acts .items"))
    turn.get_by_role("button", name="Modifier la question").tap()
    box = page.locator("#question textarea")
    expect(box).to_have_value(BRIDGE)
    page.get_by_role("button", name="Y renoncer").tap()
    expect(box).to_have_value("")
    expect(page.locator("#editing")).to_be_hidden()
    NOTED.clear()
    page.get_by_role("button", name="Réponse inutile").tap()
    within(page, page.locator(".reason input"))
    page.locator(".reason input").fill("trop long")
    page.locator(".reason").get_by_role("button", name="Noter").tap()
    expect(page.locator("#notice")).to_contain_text("C’est noté")
    assert [(verdict, reason) for _, _, verdict, reason in NOTED] == [("down", "trop long")]


def test_a_source_under_its_answer(visit: Visit, written: str) -> None:
    page = visit(written, **PHONE)
    ask(page, BRIDGE)
    card = page.locator("#fold-1-1")
    page.locator("#turn-1 .marker").first.tap()
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    card.locator(".cite summary").tap()
    within(page, card, card.locator(".cite .items"))
    page.keyboard.press("Escape")
    card.locator("h3").tap()
    expect(page.locator("#turn-1 .quote").first).to_be_in_viewport()
    with page.context.expect_page() as opened:
        card.get_by_role("link", name="lire dans l’article").tap()
    expect(opened.value.locator("mark#quote")).to_be_in_viewport()


def test_a_refusal_and_a_timeline(visit: Visit, seeds: str) -> None:
    page = visit(seeds, **PHONE)
    ask(page, "Quel est le prix d’un kilogramme de tungstène à Reykjavik ?")
    within(page, page.locator("#turn-1 .refusal"), page.locator("#turn-1 .nearest"))
    ask(page, "Chronologie de la coopération militaire", 2)
    within(page, page.locator("#turn-2 .timeline"))
    expect(page.locator("#turn-2 .question")).to_be_in_viewport()


def test_conversations_are_renamed_exported_and_deleted_in_the_drawer(visit: Visit, written: str) -> None:
    page = visit(written, **PHONE)
    ask(page, SHEEP)
    page.get_by_role("button", name="Ouvrir le volet").tap()
    item = page.locator("#list li").first
    item.locator("summary").tap()
    within(page, item.locator(".items"))
    page.route("**/export/markdown", lambda route: route.fulfill(status=204))
    with page.expect_request("**/export/markdown"):
        item.get_by_role("button", name="Exporter en Markdown").tap()
    item.locator("summary").tap()
    item.get_by_role("button", name="Renommer").tap()
    item.locator(".rename").fill("Les moutons")
    item.locator(".rename").press("Enter")
    expect(item.locator(".open")).to_have_text("Les moutons")
    item.locator("summary").tap()
    item.get_by_role("button", name="Supprimer").tap()
    expect(page.locator("#list li")).to_have_count(0)


def test_an_answer_on_its_way_moves_nothing_and_is_stopped(visit: Visit, play: Play) -> None:
    slow = Slow()
    page = visit(play(slow), **PHONE)
    box = page.locator("#question textarea")
    box.fill("Quand ?")
    page.locator("#send").tap()
    expect(page.locator("#turn-1.waiting-turn")).to_be_visible()
    places = "['#turn-1 .question', '#box', '#bar'].map((name) => document.querySelector(name).getBoundingClientRect().toJSON())"
    before = page.evaluate(places)
    slow.go.set()
    expect(page.locator("#turn-1 .quote")).to_be_visible()
    assert page.evaluate(places) == before
    slow.go.clear()
    box.fill("Et la mairie ?")
    page.locator("#send").tap()
    expect(page.locator("#turn-2.waiting-turn .question")).to_be_in_viewport()
    page.get_by_role("button", name="Arrêter").tap()
    expect(page.locator(".turn")).to_have_count(1)
    expect(box).to_have_value("Et la mairie ?")
    slow.go.set()


def test_the_box_stays_on_the_screen_when_the_server_is_gone(visit: Visit, play: Play) -> None:
    page = visit(play(Slow()), quiet=False, **PHONE)
    expect(page.locator(".welcome")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator("#state")).to_contain_text("Griot ne répond plus.")
    within(page, page.locator("#state"), page.locator("#box"))
    page.context.set_offline(False)
    expect(page.locator("#state")).to_be_empty()
