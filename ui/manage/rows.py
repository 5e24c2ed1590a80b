"""The table of articles: which are shown, in which order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from index.analyse import fold
from index.dates import first_day, last_day
from index.generation import Listing

Order = Literal["title", "published", "source", "language", "passages"]
SHOWN: Final = 100
"""Articles of one page of the table."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """An article as the table shows it."""

    id: str
    title: str | None
    path: str
    source: str | None
    published: str | None
    language: str | None
    passages: int
    copy: bool = False
    opening: str | None = None
    """The first words of an article without a title, once they are looked up."""

    @property
    def label(self) -> str:
        """Its title, or its first words, or its path."""
        return self.title or self.opening or self.path


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the reader wants to see: words of the title or path, a site, a language, a year, and the order. `page` counts from 1."""

    text: str = ""
    source: str = ""
    language: str = ""
    year: str = ""
    order: Order = "title"
    descending: bool = False
    page: int = 1

    @classmethod
    def of(cls, asked: dict[str, str]) -> "Choice":
        """The choice that an address makes; what makes no sense in it counts as not said."""
        orders: tuple[Order, ...] = get_args(Order)
        order: Order = next((name for name in orders if name == asked.get("order")), "title")
        page = asked.get("page", "")
        return cls(
            text=asked.get("text", "")[:200], source=asked.get("source", "")[:200], language=asked.get("language", "")[:10],
            year=asked.get("year", "")[:4], order=order, descending=asked.get("descending") == "1",
            page=int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 7 else 1,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Page:
    """The rows of one page, how many the choice leaves in all, and how many pages that makes."""

    rows: Sequence[Row]
    found: int
    pages: int


def rows_of(listing: Iterable[Listing]) -> list[Row]:
    """What the table lists."""
    return [
        Row(
            id=item.id, title=item.title, path=item.path, source=item.source, published=item.published, language=item.language,
            passages=item.passages, copy=item.copy,
        )
        for item in listing
    ]  # fmt: skip


def choose(rows: Iterable[Row], choice: Choice) -> Page:
    """The rows of the page that is asked for; a page beyond the last is the last."""
    words = fold(choice.text).split()
    found = sorted((row for row in rows if _fits(row, choice, words)), key=lambda row: (fold(row.label), row.id))
    # Stable: those alike stay by title. What is unknown comes last either way.
    found.sort(key=lambda row: _value(row, choice.order), reverse=choice.descending)
    known = [row for row in found if getattr(row, choice.order) is not None]
    ordered = known + [row for row in found if getattr(row, choice.order) is None]
    pages = max(1, -(-len(ordered) // SHOWN))
    begin = (min(choice.page, pages) - 1) * SHOWN
    return Page(rows=ordered[begin : begin + SHOWN], found=len(ordered), pages=pages)


def _fits(row: Row, choice: Choice, words: Sequence[str]) -> bool:
    if (choice.source and row.source != choice.source) or (choice.language and row.language != choice.language):
        return False
    if choice.year and not (row.published and first_day(row.published).year <= _year(choice.year) <= last_day(row.published).year):
        return False
    told = fold(f"{row.title or ''} {row.path} {row.source or ''}") if words else ""
    return all(word in told for word in words)


def _year(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _value(row: Row, order: Order) -> str | int:
    if order == "passages":
        return row.passages
    if order == "published":
        return first_day(row.published).isoformat() if row.published else ""
    return fold(row.label if order == "title" else getattr(row, order) or "")
