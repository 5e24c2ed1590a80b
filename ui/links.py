"""Addresses of the reading page that carry the quotes of a conversation, and which text of the article they were taken from."""

import hashlib
from collections.abc import Iterable
from typing import Final

from index.article import Span
from qa.answer import reading_link
from ui.marks import MOST

_DIGITS: Final = 16  # of 64: the texts that one article had are a few


def text_digest(text: str) -> str:
    """What tells the texts that an article had apart: 16 hex digits of the SHA-256 of its clean text, whose characters quotes count."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def quotes_link(article_id: str, chosen: Span, also: Iterable[Span] = (), digest: str | None = None) -> str:
    """The reading page of an article, open at the quote `chosen`, with the others of the conversation marked; `digest` is that of the
    text they were taken from (`text_digest`), shown even when the article has changed since."""
    others = [f"{start}-{end}" for start, end in dict.fromkeys(also) if (start, end) != chosen][: MOST - 1]
    link = reading_link(article_id, *chosen)
    if others:
        link += f"&also={','.join(others)}"
    if digest:
        link += f"&digest={digest}"
    return f"{link}#quote"
