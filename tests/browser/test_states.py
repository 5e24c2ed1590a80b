from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from index.errors import DamagedIndex, MissingIndex, StaleIndex
from index.lock import writing
from qa import Assistant
from tests.browser.conftest import PHONE, ask, serving
from tests.browser.slow import Slow
from tests.fakes import HashEmbedder
from tests.paths import SEEDS
from ui.desk import Answering, Desk

Visit = Callable[..., Page]
Play = Callable[[Answering], str]


def test_a_page_for_each_trouble(visit: Visit, play: Play) -> None:
    slow = Slow(failure=MissingIndex("no index; build it with: griot index"))
    page = visit(play(slow))
    troubles = {
        "Il n’y a pas encore d’index": slow.failure,
        "L’index a été fait par une autre version": StaleIndex("an old format; run griot index --full"),
        "L’index des articles est abîmé": DamagedIndex("vectors.faiss is damaged"),
    }
    for said, failure in troubles.items():
        slow.failure = failure
        page.reload()
        expect(page.locator(".trouble h2")).to_contain_text(said)
        expect(page.locator(".trouble code")).to_have_text(str(failure))
        expect(page.locator(".example")).to_have_count(0)
    english = visit(play(slow), "en-GB", **PHONE)
    expect(english.locator(".trouble h2")).to_have_text("The index of the articles is damaged")
    expect(english.locator("#question")).to_be_in_viewport()


def test_a_trouble_loses_no_conversation(visit: Visit, play: Play) -> None:
    slow = Slow()
    slow.go.set()
    page = visit(play(slow))
    ask(page, "Quand ?")
    slow.failure = DamagedIndex("vectors.faiss is damaged")
    page.reload()
    expect(page.locator(".trouble")).to_be_visible()
    expect(page.locator("#list .open")).to_have_text(["Quand ?"])
    slow.failure = None
    page.reload()
    expect(page.locator("#turn-1 .quote")).to_be_visible()


def test_an_empty_collection(visit: Visit, play: Play) -> None:
    page = visit(play(Slow(articles=0)))
    expect(page.locator(".trouble h2")).to_have_text("Il n’y a pas encore d’article")


def test_an_index_being_built_is_said_and_served(visit: Visit, tmp_path: Path) -> None:
    assistant = Assistant.from_paths([SEEDS], home=tmp_path, embedder=HashEmbedder())
    with serving(Desk(assistant=assistant)) as address, writing(assistant.home):
        page = visit(address)
        expect(page.locator("#state")).to_contain_text("L’index est en cours de mise à jour.")
        ask(page, "Qui est Salifou Mody ?")
        page.context.close()
    assert not assistant.busy()


def test_the_server_goes_and_comes_back(visit: Visit) -> None:
    slow = Slow()
    slow.go.set()
    with serving(Desk(assistant=slow)) as address:
        page = visit(address, quiet=False)
        ask(page, "Quand ?")
    page.locator("#question textarea").fill("Et ensuite ?")
    expect(page.locator("#state")).to_contain_text("Griot ne répond plus.")
    expect(page.locator("#turn-1 .quote")).to_be_visible()
    with serving(Desk(assistant=slow), int(address.rpartition(":")[2])):
        expect(page.locator("#state")).to_be_empty()
        expect(page.locator("#turn-1 .quote")).to_be_visible()
        expect(page.locator("#question textarea")).to_have_value("Et ensuite ?")
        page.locator("#question textarea").press("Enter")
        expect(page.locator("#turn-2 .quote")).to_be_visible()
        page.context.close()


def test_a_question_asked_of_a_server_that_is_gone_is_not_lost(visit: Visit) -> None:
    slow = Slow()
    slow.go.set()
    with serving(Desk(assistant=slow)) as address:
        page = visit(address, quiet=False)
        ask(page, "Quand ?")
    page.locator("#question textarea").fill("Et ensuite ?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#state")).to_contain_text("Griot ne répond plus.")
    with serving(Desk(assistant=slow), int(address.rpartition(":")[2])):
        expect(page.locator("#question textarea")).to_have_value("Et ensuite ?")
        expect(page.locator("#turn-1 .quote")).to_be_visible()
        page.context.close()
