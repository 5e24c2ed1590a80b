import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NOTED, ask, serving
from tests.browser.slow import Slow
from tests.ui.hostile import HOSTILE
from ui.desk import Answering, Desk, Shown
from ui.texts import Language

Visit = Callable[..., Page]
Play = Callable[[Answering], str]
BRIDGE = "Quand le pont de Malanville a-t-il rouvert ?"
ENDED = threading.Event()
SHEEP = "Qui a vacciné quarante mille moutons à Tahoua ?"


def more(page: Page, name: str) -> None:
    """Choose an action of the last answer."""
    turn = page.locator(".turn").last
    turn.hover()
    turn.locator(".acts summary").click()
    turn.get_by_role("button", name=name).click()


def once_answered(visit: Visit, play: Play) -> tuple[Slow, Page]:
    """A page with one answer, and its assistant, which waits to be told from there on."""
    slow = Slow()
    slow.go.set()
    page = visit(play(slow))
    ask(page, "Quand le pont a-t-il rouvert ?")
    slow.go.clear()
    return slow, page


def test_how_an_answer_was_come_by_unfolds(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    expect(page.locator("#turn-1 .steps dl")).to_be_hidden()
    page.locator("#turn-1 .steps summary").click()
    expect(page.locator("#turn-1 .steps dl")).to_contain_text("malanville")
    expect(page.locator("#turn-1 .steps dd").last).to_have_text(re.compile(r"^[\d,]+ m?s$"))


def test_what_was_understood_is_changed_and_asked(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    ask(page, "Et qui a salué la reprise du commerce ?", 2)
    ask(page, "Quand ?", 3)
    page.locator("#turn-3 .edit").click()
    box = page.locator("#question textarea")
    expect(box).to_be_focused()
    understood = page.locator("#turn-3 .edit").inner_text()
    expect(box).to_have_value(understood)
    box.press("Enter")
    expect(page.locator("#turn-4 .question")).to_have_text(understood)


def test_an_answer_is_copied_with_footnotes(visit: Visit, written: str) -> None:
    page = visit(written, permissions=["clipboard-read", "clipboard-write"])
    ask(page, BRIDGE)
    page.locator("#turn-1 .acts [data-do=copy]").click()
    expect(page.locator("#said")).to_have_text("Copié")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(f"{BRIDGE}\n\n")
    assert re.search(r"^\[1\] « Le pont de Malanville a rouvert lundi .* », Le pont de Malanville rouvre aux camions$", text, re.MULTILINE)


def test_copying_needs_no_https(visit: Visit, written: str) -> None:
    insecure = "navigator.clipboard.writeText = () => Promise.reject(new Error('insecure'));"
    page = visit(written, before=insecure, permissions=["clipboard-read"])
    ask(page, BRIDGE)
    page.locator("#turn-1 .acts [data-do=copy]").click()
    expect(page.locator("#said")).to_have_text("Copié")
    assert page.evaluate("navigator.clipboard.readText()").startswith(BRIDGE)


def test_a_link_to_the_question(visit: Visit, written: str) -> None:
    page = visit(written, permissions=["clipboard-read", "clipboard-write"])
    ask(page, BRIDGE)
    more(page, "Copier le lien de cette question")
    expect(page.locator("#said")).to_have_text("Lien copié")
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.locator("#turn-1:not(.waiting-turn) .question")).to_have_text(BRIDGE)


def test_the_last_turn_is_asked_again_changed_and_removed(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    ask(page, SHEEP, 2)
    more(page, "Poser de nouveau")
    expect(page.locator("#turn-2:not(.waiting-turn) .quote").first).to_be_visible()
    expect(page.locator(".turn .question")).to_have_text([BRIDGE, SHEEP])
    more(page, "Modifier la question")
    box = page.locator("#question textarea")
    expect(box).to_have_value(SHEEP)
    expect(page.locator("#editing")).to_be_visible()
    box.press("Escape")
    expect(page.locator("#editing")).to_be_hidden()
    expect(box).to_have_value("")
    more(page, "Modifier la question")
    box.fill("Où sont les récoltes de mil ?")
    box.press("Enter")
    expect(page.locator(".turn .question")).to_have_text([BRIDGE, "Où sont les récoltes de mil ?"])
    expect(page.locator("#editing")).to_be_hidden()
    expect(page.locator("#turn-2:not(.waiting-turn)")).to_be_visible()
    more(page, "Retirer de la conversation")
    expect(page.locator(".turn .question")).to_have_text([BRIDGE])
    more(page, "Retirer de la conversation")
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#list li")).to_have_count(0)


def test_follow_ups_are_asked_by_choosing_them(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, "Quand l'accord entre le Niger et la Hongrie a-t-il été signé ?")
    offered = page.locator(".followup")
    expect(offered.first).to_be_visible()
    assert 2 <= offered.count() <= 3
    question = str(offered.first.get_attribute("data-question"))
    page.locator("#question textarea").fill("un brouillon")
    offered.first.click()
    expect(page.locator("#turn-2:not(.waiting-turn) .question")).to_have_text(question)
    expect(page.locator("#turn-2 .quote").first).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value("un brouillon")
    expect(page.locator(f'.followup[data-question="{question}"]')).to_have_count(0)


def test_opinions_are_noted(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, BRIDGE)
    NOTED.clear()
    page.get_by_role("button", name="Réponse utile").click()
    expect(page.locator("#notice")).to_contain_text("C’est noté")
    expect(page.locator("[data-verdict=up]")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Réponse inutile").click()
    reason = page.locator(".reason input")
    expect(reason).to_be_focused()
    reason.fill(HOSTILE["image"])
    reason.press("Enter")
    expect(page.locator("[data-verdict=down]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-verdict=up]")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".reason")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-verdict=down]")).to_have_attribute("aria-pressed", "true")
    assert [(question, verdict, said) for question, _, verdict, said in NOTED] == [(BRIDGE, "up", ""), (BRIDGE, "down", HOSTILE["image"])]
    assert NOTED[0][1]["citations"][0]["title"] == "Le pont de Malanville rouvre aux camions"
    assert page.evaluate("window.stolen") is None


@pytest.mark.parametrize("by", ["button", "escape"])
def test_an_answer_is_stopped_and_its_question_comes_back(visit: Visit, play: Play, by: str) -> None:
    slow = Slow()
    page = visit(play(slow))
    box = page.locator("#question textarea")
    box.fill("Quand le pont a-t-il rouvert ?")
    box.press("Enter")
    expect(page.locator("#turn-1.waiting-turn")).to_be_visible()
    expect(page.locator("#send")).to_be_hidden()
    if by == "button":
        page.get_by_role("button", name="Arrêter").click()
    else:
        box.press("Escape")
    expect(page.locator(".turn")).to_have_count(0)
    expect(box).to_have_value("Quand le pont a-t-il rouvert ?")
    # The assistant is still at the first question.
    box.fill("Et la mairie ?")
    box.press("Enter")
    expect(page.locator("#turn-1.waiting-turn .question")).to_have_text("Et la mairie ?")
    slow.go.set()
    expect(page.locator("#turn-1:not(.waiting-turn) .quote")).to_be_visible()
    expect(page.locator(".turn .question")).to_have_text(["Et la mairie ?"])
    assert slow.asked == ["Quand le pont a-t-il rouvert ?", "Et la mairie ?"]


def test_a_reply_that_comes_after_the_stop_is_not_shown(visit: Visit, play: Play) -> None:
    slow, page = once_answered(visit, play)
    cancelled: list[Route] = []
    page.route("**/gradio_api/cancel", lambda route: cancelled.insert(0, route))  # and never sent on
    box = page.locator("#question textarea")
    box.fill("Et la mairie ?")
    box.press("Enter")
    expect(page.locator("#turn-2.waiting-turn")).to_be_visible()
    with page.expect_response("**/gradio_api/run/predict"):
        box.press("Escape")
    expect(page.locator(".turn")).to_have_count(1)
    with page.expect_response("**/gradio_api/run/predict"):  # the conversation as it is kept, asked for once more
        slow.go.set()
    expect(page.locator(".turn .question")).to_have_text(["Quand le pont a-t-il rouvert ?"])
    expect(box).to_have_value("Et la mairie ?")
    assert len(cancelled) == 1


class Lingering(Desk):
    """A desk whose questions have not ended yet when their reply is shown."""

    def ask(self, question: Any, document: Any, language: Language) -> Iterator[Shown | str]:
        yield from super().ask(question, document, language)
        assert ENDED.wait(30)


def test_the_next_question_need_not_wait_for_the_end_of_the_last(visit: Visit) -> None:
    slow = Slow()
    slow.go.set()
    ENDED.clear()
    with serving(Lingering(assistant=slow)) as address:
        page = visit(address)
        ask(page, "Quand le pont a-t-il rouvert ?")
        ask(page, "Et la mairie ?", 2)
        ENDED.set()
        expect(page.locator(".turn .question")).to_have_text(["Quand le pont a-t-il rouvert ?", "Et la mairie ?"])
        page.context.close()
    assert slow.asked == ["Quand le pont a-t-il rouvert ?", "Et la mairie ?"]


def test_a_question_sent_twice_in_haste_is_asked_once(visit: Visit, play: Play) -> None:
    slow = Slow()
    page = visit(play(slow))
    box = page.locator("#question textarea")
    box.fill("Quand le pont a-t-il rouvert ?")
    box.press("Enter")
    box.press("Enter")
    expect(page.locator("#turn-1.waiting-turn")).to_be_visible()
    box.fill("Et la mairie ?")
    box.press("Enter")
    slow.go.set()
    expect(page.locator("#turn-1 .quote")).to_be_visible()
    expect(page.locator("#notice")).to_be_empty()
    expect(box).to_have_value("Et la mairie ?")
    assert slow.asked == ["Quand le pont a-t-il rouvert ?"]


def test_stopping_what_is_asked_again_gives_the_answer_back(visit: Visit, play: Play) -> None:
    slow, page = once_answered(visit, play)
    more(page, "Poser de nouveau")
    expect(page.locator("#turn-1.waiting-turn")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#turn-1:not(.waiting-turn) .quote")).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value("")
    slow.go.set()


def test_leaving_while_an_answer_is_on_its_way_mixes_nothing(visit: Visit, play: Play) -> None:
    slow = Slow()
    page = visit(play(slow))
    box = page.locator("#question textarea")
    box.fill("Quand le pont a-t-il rouvert ?")
    box.press("Enter")
    expect(page.locator("#turn-1.waiting-turn")).to_be_visible()
    page.locator("#rail [data-do=new]").click()
    expect(page.locator(".welcome")).to_be_visible()
    slow.go.set()
    ask(page, "Et la mairie ?")
    expect(page.locator(".turn .question")).to_have_text(["Et la mairie ?"])
    expect(page.locator("#list .open")).to_have_text(["Et la mairie ?", "Quand le pont a-t-il rouvert ?"])
    page.locator("#list .open").last.click()
    expect(page.locator("#turn-1 .notice")).to_contain_text("restée sans réponse")
    page.get_by_role("button", name="Poser de nouveau").click()
    expect(page.locator("#turn-1 .quote")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)
