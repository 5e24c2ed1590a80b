"""Articles as readers hand them over -> the text to quote and what is known of it.

What scraping leaves around an article has a shape of its own: addresses, time stamps, sizes, element paths, lists of
tags, share and comment boxes, newsletter pleas, contacts of the publisher, titles said twice. `index.furniture` tells such
lines, `index.body` which lines are the article, `index.scraped` what the page says of itself.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from index.body import article_lines
from index.document import Document
from index.errors import ArticleError
from index.language import article_language
from index.metadata import NAMES, Metadata, from_name, host_of, settle
from index.normalise import normalise_spaces, normalise_text, unglue, unwrap
from index.scraped import read_page, told_within

OPENING: Final = 8
"""Paragraphs of an article in which its dateline is looked for."""
NOTHING = "no article text: only menus, addresses or boilerplate"


@dataclass(frozen=True, kw_only=True)
class CleanDocument:
    """What is left of a raw text: the body to quote, and what the page says about itself."""

    text: str
    metadata: Metadata


def clean(raw: str, today: date | None = None) -> CleanDocument:
    """The article in `raw`, a page saved as visible text, with paragraphs parted by one empty line.

    Dates later than the day after `today` (the clock's when None) are not believed.

    Raises:
        ArticleError: nothing that could be quoted is left.
    """
    page = read_page([line for line in unwrap(_lines(raw)) if line], today)
    text = unglue("\n\n".join(article_lines(page.lines, page.metadata.title, page.metadata.author)))
    return CleanDocument(text=_quotable(text), metadata=page.metadata)


def tidy(text: str) -> str:
    """A body that a reader has already told from its page: characters, spaces, hard-wrapped lines and glued sentences
    repaired, paragraphs parted by one empty line. Nothing is left out."""
    return unglue("\n\n".join(line for line in unwrap(_lines(text)) if line))


def clean_document(document: Document, name: str, today: date | None = None) -> CleanDocument:
    """A document's text and metadata, settled by `index.metadata.settle`: its container's, then the text's, then those of
    its file's `name`; the language, where nothing states it, is told from the text.

    Raises:
        ArticleError: nothing that could be quoted is left.
    """
    if document.scraped:
        found = clean(document.text, today)
        text, readings = found.text, [found.metadata]
    else:
        text = _quotable(tidy(document.text))
        readings = list(told_within(text.split("\n\n", OPENING)[:OPENING]))
    metadata = _clean_fields(settle([document.metadata, *readings, from_name(name)], today))
    if not metadata.source and (host := host_of(metadata.url)):
        metadata = replace(metadata, source=host, origins={**metadata.origins, "source": "host"})
    if not metadata.language and (language := article_language(text)):
        metadata = replace(metadata, language=language, origins={**metadata.origins, "language": "text"})
    return CleanDocument(text=text, metadata=metadata)


def _clean_fields(metadata: Metadata) -> Metadata:
    """The fields without what no text keeps either: what a terminal would take for orders, mojibake, runs of spaces."""
    fields = {name: " ".join(normalise_text(value).split()) for name in NAMES if (value := getattr(metadata, name))}
    return Metadata(**fields, origins=metadata.origins)


def _lines(text: str) -> list[str]:
    return normalise_spaces(normalise_text(text)).split("\n")


def _quotable(text: str) -> str:
    if not any(map(str.isalnum, text)):
        raise ArticleError(NOTHING)
    return text
