"""The whole site in a real browser, with its gate: what a browser says of its forms, and sites that stand below a path."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa import Assistant
from tests.browser.conftest import ask
from tests.browser.test_conversations import menu
from tests.fakes import HashEmbedder
from ui.access.accounts import Accounts
from ui.site import Door, Site
from ui.web import Server

Visit = Callable[..., Page]
WORD = "correct horse battery"
STORY = "Titre : Le pont de Malanville\n\nLe pont de Malanville a rouvert lundi aux camions après deux mois de fermeture.\n"


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pont.txt").write_text(STORY, encoding="utf-8")
    return Assistant.from_paths([tmp_path / "in"], home=tmp_path / "home", embedder=HashEmbedder())


@contextmanager
def serving_site(site: Site) -> Iterator[str]:
    ready = threading.Event()
    server = Server(site.app(), "127.0.0.1", 0, lambda _: ready.set())
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(30), "the server did not start"
    yield server.address + site.door.base
    server.should_exit = True
    thread.join(20)
    site.stop()


def come_in(page: Page, name: str) -> None:
    page.get_by_label("Nom").fill(name)
    page.get_by_label("Mot de passe").fill(WORD)
    page.get_by_role("button", name="Entrer").click()


@pytest.mark.parametrize("base", ["", "/griot"], ids=["at_the_root", "below_a_path"])
def test_an_editor_comes_in_asks_exports_adds_and_leaves(visit: Visit, assistant: Assistant, base: str) -> None:
    Accounts(assistant.home.folder / "accounts").put("awa", "editor", WORD)
    with serving_site(Site(assistant=assistant, door=Door(base=base))) as address:
        page = visit(address + "/")
        come_in(page, "awa")
        expect(page).to_have_url(address + "/")
        ask(page, "Quand le pont de Malanville a-t-il rouvert ?")
        with page.context.expect_page() as opened:
            page.locator("#panel-1-1").get_by_role("link", name="lire").click()
        reading = opened.value
        expect(reading.locator("mark#quote")).to_contain_text("a rouvert lundi")
        assert reading.url.startswith(f"{address}/article/")
        reading.locator("a.home").click()
        expect(reading).to_have_url(address + "/")
        reading.close()
        with page.expect_download() as handed:
            menu(page, "Exporter en Markdown")
        assert "Malanville" in Path(handed.value.path()).read_text(encoding="utf-8")
        page.goto(f"{address}/collection")
        page.get_by_text("Coller un texte").click()
        page.get_by_label("Texte").fill("Le marché de Gaya a brûlé mardi, selon la mairie.")
        page.locator("form[action$='/collection/text'] button").click()
        expect(page.locator("body")).to_contain_text("Reçu")
        expect(page.locator("body")).to_contain_text("2 articles")
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page).to_have_url(f"{address}/login")
        page.goto(f"{address}/collection")
        assert "/login?next=/collection" in page.url
        page.context.close()  # before the server ends: a page says it of every request to one that is gone


def test_a_reader_finds_nothing_to_change(visit: Visit, assistant: Assistant) -> None:
    Accounts(assistant.home.folder / "accounts").put("idi", "reader", WORD)
    with serving_site(Site(assistant=assistant)) as address:
        page = visit(f"{address}/collection")
        come_in(page, "idi")
        expect(page).to_have_url(f"{address}/collection")
        expect(page.locator("body")).to_contain_text("1 article")
        assert page.locator("form[action*='/collection/']").count() == 0
