"""Lines as they stand on pages -> paragraphs in reading order, without what is repeated at the head and foot of pages."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from index.readers.hyphens import join_lines

_MARGIN: Final = 0.12
"""Share of a page's height, at its head and at its foot, where running titles and page numbers stand."""
_APART: Final = 1.7
"""Distance from the text, in heights of type, beyond which a line stands apart. Lines of a paragraph are 1.0 to 1.4 apart."""
_PAGE_NUMBER = re.compile(r"[-–—|•\s]*(?:page|p\.)?\s*\d{1,4}(?:\s*(?:/|sur|of|de)\s*\d{1,4})?[-–—|•\s]*", re.IGNORECASE)
_INDENT: Final = 30.0
"""Points within which left edges are of one column."""
_END = (".", "!", "?", "…", "»", "”", '"', ":", ")")
_DEPTH: Final = 6


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a column. Lengths in points from the page's lower left corner; `size` is the height of its type."""

    text: str
    left: float
    right: float
    bottom: float
    size: float


@dataclass(frozen=True, kw_only=True)
class PageLines:
    """The lines of a page in the order in which the file draws them."""

    width: float
    height: float
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A run of text, and the height of its type."""

    text: str
    size: float


def paragraphs(pages: Sequence[PageLines]) -> list[Paragraph]:
    """The running text of `pages`."""
    ordered = [in_reading_order(lines, 0) if shuffled(lines) else lines for lines in without_repeated(pages)]
    words = Counter(word.lower() for lines in ordered for line in lines for word in re.findall(r"[\w’'-]+", line.text))
    found: list[Paragraph] = []
    current: list[Line] = []
    for lines in ordered:
        leading, edges = _leading(lines), _right_edges(lines)
        for place, line in enumerate(lines):
            if current and not _continues(current, line, leading, edges, place == 0):
                found.append(_joined(current, words))
                current = []
            current.append(line)
    return [*found, _joined(current, words)] if current else found


def without_repeated(pages: Sequence[PageLines]) -> list[list[Line]]:
    """The lines of each page but running titles and page numbers: lines in the margins, apart from the text, that are page numbers,
    or that return on other pages at the same place when their digits are left aside."""
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        counts.update({_shape(line) for line in page.lines if _in_margin(line, page)})
    often = max(2, 0.5 * len(pages)) if len(pages) < 6 else 3
    kept = []
    for page in pages:
        running = [
            line for line in page.lines
            if _in_margin(line, page) and (_PAGE_NUMBER.fullmatch(line.text) or counts[_shape(line)] >= often)
        ]  # fmt: skip
        margin = {id(line) for line in running}
        running = _apart(running, [line for line in page.lines if id(line) not in margin])
        gone = {id(line) for line in running}
        kept.append([line for line in page.lines if id(line) not in gone])
    return kept


def _apart(running: Sequence[Line], text: Sequence[Line]) -> list[Line]:
    """Those of `running` that do not join the text: the first lines of pages that begin alike are no running titles."""
    joined = sorted(line.bottom for line in text)
    apart = list(running)
    while joined:
        near = {id(line) for line in apart if _distance(line.bottom, joined) < _APART * line.size}
        joined = sorted(line.bottom for line in apart if id(line) in near)
        apart = [line for line in apart if id(line) not in near]
    return apart


def _distance(place: float, places: Sequence[float]) -> float:
    """From `place` to the nearest of `places`, which are sorted."""
    after = bisect_left(places, place)
    return min(abs(place - other) for other in places[max(after - 1, 0) : after + 1])


def _shape(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text).strip().lower(), round(line.bottom / 4)


def _in_margin(line: Line, page: PageLines) -> bool:
    return not _MARGIN * page.height < line.bottom + line.size / 2 < (1 - _MARGIN) * page.height


def shuffled(lines: Sequence[Line]) -> bool:
    """Whether the file draws two columns line by line across both, so that its order is not that of reading.

    Most files draw column after column, and their own order is better than any guess.
    """
    gutter = find_gutter(lines)
    if gutter is None:
        return False
    sides = [line.left >= gutter for line in lines if line.left >= gutter or line.right <= gutter]
    turns = sum(before != after for before, after in pairwise(sides))
    return turns > len(sides) / 3


def find_gutter(lines: Sequence[Line]) -> float | None:
    """Where the white space between two columns ends: the left edge that most lines share with none, or few, across it."""
    if len(lines) < 6:
        return None
    edges = Counter(round(line.left) for line in lines)
    best: tuple[int, float] | None = None
    for edge, _ in edges.most_common(12):
        place = edge - 1.0
        right = sum(line.left >= place for line in lines)
        left = sum(line.right <= place for line in lines)
        across = len(lines) - right - left
        if min(left, right) >= max(3, 0.15 * len(lines)) and across <= 0.2 * len(lines) and (best is None or left + right > best[0]):
            best = (left + right, place)
    return best[1] if best else None


def in_reading_order(lines: Sequence[Line], depth: int) -> list[Line]:
    """Column by column; a line across the columns, such as a headline, ends them and begins new ones."""
    gutter = find_gutter(lines) if depth < _DEPTH else None
    downwards = sorted(lines, key=lambda line: (-round(line.bottom), line.left))
    if gutter is None:
        return downwards
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in downwards:
        if line.right <= gutter:
            left.append(line)
        elif line.left >= gutter:
            right.append(line)
        else:
            ordered += [*in_reading_order(left, depth + 1), *in_reading_order(right, depth + 1), line]
            left, right = [], []
    return ordered + in_reading_order(left, depth + 1) + in_reading_order(right, depth + 1)


def _leading(lines: Sequence[Line]) -> dict[int, float]:
    """The usual distance between lines of each size of type."""
    steps: dict[int, list[float]] = defaultdict(list)
    for before, line in pairwise(lines):
        step = before.bottom - line.bottom
        if 0 < step < 3 * line.size and abs(before.size - line.size) < 1:
            steps[round(line.size)].append(step)
    # The smaller half: in a page of short paragraphs most distances are those between paragraphs.
    return {size: median(sorted(found)[: len(found) // 2 + 1]) for size, found in steps.items()}


def _continues(current: Sequence[Line], line: Line, leading: dict[int, float], edges: dict[int, float], new_page: bool) -> bool:
    before = current[-1]
    ended = before.text.rstrip().endswith(_END)
    if abs(before.size - line.size) > 0.12 * max(before.size, line.size):
        return False
    step = before.bottom - line.bottom
    if new_page or step < -0.5 * line.size or line.left > before.right:
        # A new column or page: a sentence goes on, a heading or a finished paragraph does not.
        return not ended and len(before.text) > 20 and not (len(current) == 1 and len(before.text) < 60 and line.text[:1].isupper())
    if step <= 0.3 * line.size:
        return True
    if step > 1.25 * leading.get(round(line.size), 1.3 * line.size):
        return False
    width = edges.get(_column(before), before.right) - before.left
    short = before.right < before.left + 0.8 * width
    indented = 0.6 * line.size < line.left - before.left < 5 * line.size and len(current) > 1
    return not (ended and (short or indented))


def _column(line: Line) -> int:
    return round(line.left / _INDENT)


def _right_edges(lines: Sequence[Line]) -> dict[int, float]:
    """How far the lines reach that begin at about the same place, indents included."""
    edges: dict[int, float] = {}
    for line in lines:
        for column in (_column(line) - 1, _column(line), _column(line) + 1):
            edges[column] = max(edges.get(column, 0.0), line.right)
    return edges


def _joined(lines: Iterable[Line], words: Counter[str]) -> Paragraph:
    lines = list(lines)
    done: list[str] = []
    last = ""
    for line in lines:
        # Only the last word can be parted; the text before it would be searched again for each line.
        before, _, last = join_lines(last, line.text, words).rpartition(" ")
        done.append(before)
    return Paragraph(text=" ".join(" ".join([*done, last]).split()), size=median(line.size for line in lines))
