"""The README's pictures, taken anew: `python -m tests.browser.shots` asks the articles in seeds/ and writes to ui/ how the page looks.

They show the fonts of the machine that they are taken on.
"""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from qa import Assistant
from tests.browser.conftest import PHONE, ask, launched, running
from tests.paths import SEEDS
from ui.site import Site

_FOLDER: Final = Path(__file__).parents[2] / "ui"
_DESKTOP: Final = {"viewport": {"width": 1280, "height": 760}}
_TALL: Final = {**PHONE, "viewport": {"width": 390, "height": 760}}
_COLOURS: Final = 96  # of a picture: the page has a dozen, and shades between letters and paper


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as home, launched() as browser:
        site = Site(assistant=Assistant.from_paths([SEEDS], home=home))
        with running(site.app()) as address:
            _french(browser, address)
            _english(browser, address)
        site.stop()


def _french(browser: Browser, address: str) -> None:
    """A fact on a desktop, by day; its article; the same on a phone."""
    with _opened(browser, address, "fr-FR", "light", _DESKTOP) as page:
        _asked(page, "Quand l’accord avec la Hongrie a-t-il été signé ?")
        _save(page, "screenshot.png")
        ask(page, "Que disent les articles sur la coopération militaire ?", 2)
        with page.context.expect_page() as opened:
            page.locator("#panel-2-1 .links a").first.click()
        expect(opened.value.locator("mark#quote")).to_be_in_viewport()
        opened.value.evaluate("scrollTo(0, 0)")
        _save(opened.value, "screenshots/reading.png")
    with _opened(browser, address, "fr-FR", "light", _TALL) as page:
        _asked(page, "Quand l’accord avec la Hongrie a-t-il été signé ?")
        _save(page, "screenshots/phone.png")


def _english(browser: Browser, address: str) -> None:
    """A subject on a desktop, by night, one of its sources pointed at; a timeline on a phone."""
    with _opened(browser, address, "en-GB", "dark", _DESKTOP) as page:
        _asked(page, "What do the articles say about military cooperation?")
        page.locator("#turn-1 .marker").nth(1).hover()
        expect(page.locator("#panel .card.pointed")).to_be_in_viewport()
        page.wait_for_timeout(600)  # the panel scrolls there
        _save(page, "screenshots/english-dark.png")
    with _opened(browser, address, "en-GB", "dark", _TALL) as page:
        _asked(page, "Timeline of military cooperation")
        _save(page, "screenshots/phone-dark.png")


@contextmanager
def _opened(browser: Browser, address: str, locale: str, scheme: str, size: dict[str, object]) -> Iterator[Page]:
    context = browser.new_context(locale=locale, color_scheme=scheme, **size)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def _asked(page: Page, question: str) -> None:
    """Ask, and wait until what may be asked next stands under the reply."""
    ask(page, question)
    expect(page.locator(".followup").first).to_be_visible()
    page.evaluate("document.activeElement.blur()")


def _save(page: Page, name: str) -> None:
    """A picture of few colours, so that it is small."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = _FOLDER / name
    picture.quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(_FOLDER.parent)}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
