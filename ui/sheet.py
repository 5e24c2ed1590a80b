"""The frame of Griot's plain pages: their head, their one style and script, and what a browser may do with them."""

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from ui.texts import TEXTS, Language

_HERE: Final = Path(__file__).parent


@cache
def stylesheet() -> str:
    """The style of the plain pages."""
    return (_HERE / "reading.css").read_text(encoding="utf-8")


@cache
def script() -> str:
    """What the plain pages gain where scripts run; they are whole without it."""
    return (_HERE / "reading.js").read_text(encoding="utf-8")


def headers() -> dict[str, str]:
    """What a browser may do with a plain page: apply its own style and script, and fetch nothing."""
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src {_digest(stylesheet())}; script-src {_digest(script())}; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language, Cookie",
    }


def sheet(title: str, main: str, language: Language, *, kind: str = "reading", after: str = "") -> str:
    """A whole page of this server; `main` and `after`, which follows it, are HTML."""
    texts = TEXTS[language]
    head = f'<link rel="icon" type="image/svg+xml" href="/favicon.svg"><style>{stylesheet()}</style>'
    top = f'<nav class="top" aria-label="Griot"><a href="/" class="home">Griot</a><a href="/">{escape(texts.back)}</a></nav>'
    return _page(title, head, f"{top}<main>{main}</main>{after}<script>{script()}</script>", language, kind)


def leaf(title: str, main: str, language: Language, *, kind: str = "review") -> str:
    """A page to keep as a file: it needs this server no more, and may fetch and run nothing wherever it is opened."""
    policy = f"default-src 'none'; style-src {_digest(stylesheet())}; base-uri 'none'; form-action 'none'"
    head = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}"><style>{stylesheet()}</style>'
    return _page(title, head, f"<main>{main}</main>", language, kind)


def _page(title: str, head: str, body: str, language: Language, kind: str) -> str:
    scheme = "light" if kind == "paper" else "light dark"
    html = (
        f'<!doctype html><html lang="{language}" class="{kind}"><head><meta charset="utf-8"><title>{escape(title)} · Griot</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="{scheme}">'
        f"{head}</head><body>{body}</body></html>"
    )
    # Half a character, from a file name of another encoding, cannot be sent.
    return html.encode("utf-8", "replace").decode("utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
