"""The quotes that a link to the reading page carries, and a text with these marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

MOST: Final = 40
"""Quotes marked on one page: more than any conversation takes from one article."""
_PARAGRAPH: Final = re.compile(r"\S.*?(?=\n\s*\n|\Z)", re.DOTALL)
# Longer numbers are no offsets, and int() refuses those of thousands of digits.
_NUMBER: Final = re.compile(r"[0-9]{1,11}")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Characters of a text to mark, `text[start:end]`; `chosen` where the page opens."""

    start: int
    end: int
    chosen: bool = False


def span(text: str, start: str | None, end: str | None) -> tuple[int, int]:
    """The characters that two numbers of an address name: (0, 0), none, when they do not fit `text`."""
    if not all(number and _NUMBER.fullmatch(number) for number in (start, end)):
        return (0, 0)
    first, last = int(start or 0), int(end or 0)
    return (first, last) if first < last <= len(text) else (0, 0)


def marks(text: str, start: str | None = None, end: str | None = None, also: str | None = None) -> tuple[Mark, ...]:
    """The quotes that an address names, in the order of the text and apart from each other: `start` to `end`, where the page opens, and
    those of `also` ("120-310,400-520"). What does not fit is left out; of more than `MOST` the first are kept."""
    chosen = span(text, start, end)
    named = [chosen, *(span(text, *_pair(piece)) for piece in (also or "").split(",", MOST)[:MOST])]
    found: list[Mark] = []
    for first, last in sorted({place for place in named if text[slice(*place)].strip()})[:MOST]:
        opens = (first, last) == chosen
        if found and first < found[-1].end:
            before = found.pop()
            found.append(Mark(start=before.start, end=max(before.end, last), chosen=before.chosen or opens))
        else:
            found.append(Mark(start=first, end=last, chosen=opens))
    if found and not any(mark.chosen for mark in found):
        found[0] = Mark(start=found[0].start, end=found[0].end, chosen=True)
    return tuple(found)


def paragraphs(text: str, marked: Sequence[Mark]) -> Iterator[str]:
    """The paragraphs of `text`, escaped, with its marks. The n-th mark is "quote-n", and the chosen one is "quote" too."""
    seen: set[int] = set()
    for found in _PARAGRAPH.finditer(text):
        pieces, at = [], found.start()
        for number, mark in enumerate(marked, start=1):
            first, last = max(mark.start, found.start()), min(mark.end, found.end())
            if first < last:
                pieces += [escape(text[at:first]), _marked(text[first:last], mark, number, named=number in seen)]
                seen.add(number)
                at = last
        yield "".join([*pieces, escape(text[at : found.end()])])


def _marked(words: str, mark: Mark, number: int, *, named: bool) -> str:
    """A piece of a mark: the first of it has its name, or both names."""
    name = "" if named else ' id="quote"' if mark.chosen else f' id="quote-{number}"'
    chosen = ' class="chosen"' if mark.chosen else ""
    marked = f'<mark{name}{chosen} data-quote="{number}">{escape(words)}</mark>'
    return f'<span id="quote-{number}">{marked}</span>' if mark.chosen and not named else marked


def _pair(piece: str) -> tuple[str, str]:
    first, _, last = piece.partition("-")
    return first, last
