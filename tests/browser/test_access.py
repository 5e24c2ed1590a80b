"""axe-core, the engine that browsers' own accessibility panels use, over each state of the page."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask, serving
from tests.browser.slow import Slow
from ui.desk import Desk

Visit = Callable[..., Page]
AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
PHONE: Final = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe finds serious or critical: the rule, its help, and where."""
    page.mouse.move(0, 0)
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        (rule["id"], rule["help"], [node["html"][:160] for node in rule["nodes"]])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]


def test_what_is_wrong_would_be_found(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    expect(page.locator(".welcome")).to_be_visible()
    page.evaluate("document.querySelector('.welcome').innerHTML += '<input><p style=color:#ccc>pâle</p>'")
    assert [rule for rule, *_ in violations(page)] == ["color-contrast", "label"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_no_serious_violation(visit: Visit, seeds: str, scheme: str, size: dict[str, Any], locale: str) -> None:
    page = visit(seeds, locale, color_scheme=scheme, **size)
    expect(page.locator(".welcome")).to_be_visible()
    assert violations(page) == []
    ask(page, "Que disent les articles sur la coopération militaire ?")
    expect(page.locator(".followup").first).to_be_visible()
    page.locator("#turn-1 .steps summary").click()
    if size:
        page.locator("#turn-1 .fold > summary").click()
    page.locator("#turn-1 .acts summary").click()
    assert violations(page) == []
    ask(page, "Quel est le prix d’un kilogramme de tungstène à Reykjavik ?", 2)
    ask(page, "Chronologie de la coopération militaire", 3)
    if size:
        page.locator("#bar .tools [data-do=rail]").click()
        expect(page.locator("#rail")).to_be_visible()
    assert violations(page) == []


def test_no_serious_violation_in_what_is_rated_or_broken(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, "Quand le pont de Malanville a-t-il rouvert ?")
    page.locator("#panel-1-1 .cite summary").click()
    page.get_by_role("button", name="Réponse inutile").click()
    assert violations(page) == []
    with serving(Desk(assistant=Slow(articles=0))) as address:
        empty = visit(address)
        expect(empty.locator(".trouble")).to_be_visible()
        assert violations(empty) == []
        empty.context.close()
