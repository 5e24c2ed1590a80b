"""A whole session of a reader leaves no trace outside the machine."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Browser, Error, expect

from tests.browser.conftest import ask

# What Chromium asks its maker about any page with a form, with no page's doing; its settings turn it off.
_OWN = b"CONNECT content-autofill.googleapis.com:443 "


@contextmanager
def trap() -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that lets nothing through, and what it was asked for: all that is meant for another machine comes by here."""
    caught: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                caught.append(line.recv(200))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", caught
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(10)


def test_no_request_leaves_the_machine(browser: Browser, written: str) -> None:
    with trap() as (proxy, caught):
        context = browser.new_context(locale="fr-FR", proxy={"server": proxy, "bypass": "127.0.0.1"}, service_workers="allow")
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("websocket", lambda opened: asked.append(opened.url))
        page.goto(written)
        ask(page, "Quand le pont de Malanville a-t-il rouvert ?")
        page.locator("#turn-1 .marker").first.click()
        page.locator("#panel-1-1").get_by_role("link", name="original").hover()
        ask(page, "Quel est le prix d’un kilogramme de tungstène à Reykjavik ?", 2)
        with context.expect_page() as opened:
            page.locator("#turn-2 .nearest a").first.click()
        reading = opened.value
        expect(reading.locator("mark#quote")).to_be_visible()
        reading.locator("mark#quote").select_text()
        reading.locator(".ask").click()
        expect(reading.locator("#question textarea")).to_be_visible()
        reading.goto(f"{written}/article/nope")
        refused = {"question": "Et le prix ?", "language": "fr", "text": "Rien.", "answered": False}
        for form in ("markdown", "html", "print"):
            fetched = page.evaluate(
                "([form, body]) => fetch(`/export/${form}`, {method: 'POST', body}).then((answer) => answer.status)",
                [form, json.dumps({"answers": [refused]})],
            )
            assert fetched == 200
        assert len(asked) > 10
        assert {url for url in asked if not url.startswith((f"{written}/", "data:", "blob:"))} == set()
        assert [line for line in caught if not line.startswith(_OWN)] == []
        # The trap does catch: what a page would ask of another machine.
        elsewhere = context.new_page()
        with suppress(Error):
            elsewhere.goto("http://ailleurs.example/")
        assert any(line.startswith(b"GET http://ailleurs.example/") for line in caught)
        assert "http://ailleurs.example/" in asked
        context.close()
