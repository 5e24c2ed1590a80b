"""The reading page: a whole article with a quote highlighted, as plain HTML that needs no script."""

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from index.article import Article
from ui.render import about, title_html, web_address
from ui.texts import TEXTS, Language

_HERE: Final = Path(__file__).parent
_PARAGRAPH: Final = re.compile(r"\S.*?(?=\n\s*\n|\Z)", re.DOTALL)
# Links made by Griot end in "#quote"; this serves those that do not, such as the ones printed by `griot ask`.
_SCROLL: Final = 'document.getElementById("quote")?.scrollIntoView({block:"center"});'


@cache
def stylesheet() -> str:
    """The style of every page of Griot."""
    return (_HERE / "style.css").read_text(encoding="utf-8")


def headers() -> dict[str, str]:
    """What a browser may do with a reading page: apply its own style and script, and fetch nothing."""
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src {_digest(stylesheet())}; script-src {_digest(_SCROLL)}; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def reading_page(article: Article, start: str | None, end: str | None, language: Language) -> str:
    """The page of `article`, with `article.text[start:end]` marked when they are numbers that fit."""
    texts = TEXTS[language]
    original = web_address(article.url)
    link = f' · <a href="{escape(original)}" rel="noopener noreferrer">{escape(texts.original)}</a>' if original else ""
    # Without a title the text opens the page itself: its first words in italics above it would be said twice.
    heading = f"<h1>{title_html(article.title, article.text)}</h1>" if article.title else ""
    lang = f' lang="{escape(article.language)}"' if article.language else ""
    quote = span(article.text, start, end)
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in _paragraphs(article.text, *quote))
    body = (
        f'<header{lang}>{heading}<p class="about">{about(article.source, article.published, language)}{link}</p></header>'
        f'<div class="text"{lang}>{paragraphs}</div>'
    )
    return _page(article.label, body, language)


def missing_page(language: Language) -> str:
    """The page shown when there is no such article."""
    texts = TEXTS[language]
    body = f"<header><h1>{escape(texts.missing_title)}</h1></header><p>{escape(texts.missing_line)}</p>"
    return _page(texts.missing_title, body, language)


def failure_page(reason: str, language: Language) -> str:
    """The page shown when the index cannot be read."""
    return _page("Griot", f"<p>{escape(reason)}</p>", language)


def span(text: str, start: str | None, end: str | None) -> tuple[int, int]:
    """The characters to highlight: (0, 0), none, when the numbers of the address do not fit `text`."""
    # Longer numbers are no offsets, and int() refuses those of thousands of digits.
    if not all(number and number.isascii() and number.isdecimal() and len(number) < 12 for number in (start, end)):
        return (0, 0)
    first, last = int(start or 0), int(end or 0)
    return (first, last) if first < last <= len(text) else (0, 0)


def _paragraphs(text: str, start: int, end: int) -> Iterator[str]:
    """The paragraphs of `text`, escaped, with the part of each that falls in [start, end) marked."""
    named = False
    for found in _PARAGRAPH.finditer(text):
        first, last = max(start, found.start()), min(end, found.end())
        if first >= last:
            yield escape(found.group())
            continue
        anchor = "" if named else ' id="quote"'
        named = True
        yield f"{escape(text[found.start() : first])}<mark{anchor}>{escape(text[first:last])}</mark>{escape(text[last : found.end()])}"


def _page(title: str, body: str, language: Language) -> str:
    texts = TEXTS[language]
    return (
        f'<!doctype html><html lang="{language}" class="reading"><head><meta charset="utf-8"><title>{escape(title)} · Griot</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" type="image/svg+xml" href="/favicon.svg"><style>{stylesheet()}</style></head>'
        f'<body><nav><a href="/" class="home">Griot</a><a href="/">{escape(texts.back)}</a></nav>'
        f"<main>{body}</main><script>{_SCROLL}</script></body></html>"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
