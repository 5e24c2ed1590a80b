"""What readers hand over: an article as its container holds it, before it is cleaned."""

from dataclasses import dataclass, field
from typing import Final

from index.metadata import Metadata

TWICE: Final = "another record of this file has the id {}; give each its own"


@dataclass(frozen=True, kw_only=True)
class Document:
    """One article found in a file or page.

    `text` has its paragraphs parted by empty lines. `record` names the article within its container ("3", "a/b.html") and
    is "" where the container is one article. `scraped` says that menus and other parts of a page may be left in `text`.
    """

    text: str
    digest: str
    """SHA-256, in hex, of the bytes that the article was made of."""
    record: str = ""
    scraped: bool = False
    metadata: Metadata = field(default_factory=Metadata)


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A part of a container that holds no article, and why; its other parts are read all the same."""

    record: str
    reason: str
    named: bool = False
    """It was told by its record's own name, which no other record of the container can have then."""
