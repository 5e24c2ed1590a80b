"""axe-core, the engine that browsers' own accessibility panels use."""

from importlib.resources import files
from typing import Any, Final

from playwright.sync_api import Page

_AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe finds serious or critical on the page as it is: the rule, its help, and where."""
    page.mouse.move(0, 0)
    page.evaluate(_AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        (rule["id"], rule["help"], [node["html"][:160] for node in rule["nodes"]])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]
