"""The values that everything else is about: an article, and a passage of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Span = tuple[int, int]
"""Where characters begin and end: `text[start:end]`."""


@dataclass(frozen=True, kw_only=True)
class Article:
    """A news article, cleaned.

    `text` is what is quoted: every offset in Griot counts its characters (Unicode code points).
    `published` keeps the precision of its source: "2023", "2023-07" or "2023-07-14".
    What the source does not say is None, never guessed.
    """

    id: str
    text: str
    path: str
    digest: str
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published: str | None = None
    language: str | None = None
    author: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Where each of these was read, by its name: "JSON-LD", "byline", "file name" (`index.metadata.ORIGINS`)."""

    @property
    def label(self) -> str:
        """The title, or the first words of the text when there is none."""
        return self.title or opening_words(self.text)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A run of whole sentences: `article.text[start:end] == text`."""

    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An article as the build writes it: with its own place, that of the file or page it is read from (`source`), the spans of its
    passages and of its sentences, and the signature that tells copies (`index.shingles`)."""

    article: Article
    location: str
    source: str
    spans: Sequence[Span]
    sentences: Sequence[Span]
    signature: bytes = b""


def article_id(location: str) -> str:
    """An id that depends on where the article is kept and on nothing else, so that re-reading,
    re-ordering or editing never changes it. 12 hex digits: at a million articles the chance
    of any collision is below one in 500 (birthday bound, 10^12 / 2^49)."""
    return hashlib.sha256(location.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def opening_words(text: str, limit: int = 60) -> str:
    """The start of `text`, cut at a word and ended by an ellipsis when it is longer than `limit`."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    head = flat[: limit + 1]
    cut = head.rfind(" ")
    return head[: cut if cut > 0 else limit].rstrip(" ,;:-–—«\"'") + "…"
