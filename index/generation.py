"""One generation of the index, opened to be read: its segments as one, without what was taken out of them."""

import heapq
import os
import weakref
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from index.article import Article, Entry, Passage, Span
from index.column import mapped
from index.errors import DamagedIndex
from index.facts import Coded, Facts, Lazy
from index.lexical import Lexical
from index.manifest import REBUILD, Manifest, check_file, read_manifest, wrong_files
from index.segment import Segment
from index.serving import Known
from index.tables import ARTICLE, article_of, spans_of
from index.vectors import BoolVector, RowVector, Vectors

SURROUNDINGS: Final = 16
"""Passages on each side that make the surroundings of one: most news articles whole, and of a book a chapter."""
KEPT: Final = 512
"""Articles kept in memory: a few megabytes, and the ten of a question are not read three times."""
REMOVED: Final = "removed.npy"
"""The numbers of the articles taken out, ascending."""
COPIES: Final = "copies.npy"
"""One line for each article that is a copy: its number, ascending, and that of the article that it is a copy of."""
WHITENING: Final = "whitening.npy"
# An index smaller than that is checked against its SHA-256 at every opening, which costs under 50 ms in all;
# a larger one by the sizes of its files, and by `griot verify`.
_CHECKED_AT_OPEN: Final = 32_000_000


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A passage as the ranking looks at it: its text, its article's title, and the rows of its surroundings there."""

    row: int
    text: str
    title: str | None
    first: int
    last: int


class Listing(NamedTuple):
    """An article without its text, as a list shows it. `copy` says that it is a near copy of another."""

    id: str
    location: str
    path: str
    title: str | None
    url: str | None
    source: str | None
    published: str | None
    language: str | None
    passages: int
    copy: bool


class Place(NamedTuple):
    """Where an article stands: the number of its segment, and its position there."""

    segment: int
    position: int


class Generation:
    """An opened generation, read-only. Safe to share between threads.

    Articles are numbered through all segments, those taken out included, and so are the rows of their passages.
    """

    def __init__(self, folder: Path, segments: Path, hold: Callable[[], None] | None = None) -> None:
        """Open the generation in `folder`, whose segments are in `segments`. `hold`, called once the generation is no longer used, lets go
        of what keeps its files from being deleted.

        Raises:
            StaleIndex, DamagedIndex: it cannot be used.
        """
        if hold:
            weakref.finalize(self, hold)
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)
        for name, (digest, size) in self.manifest.checksums.items():
            check_file(folder / name, digest, size)
        small = _CHECKED_AT_OPEN // max(len(self.manifest.segments), 1)
        self.segments = [Segment(segments / part.id, part.digest, small=small) for part in self.manifest.segments]
        for part, segment in zip(self.manifest.segments, self.segments, strict=True):
            if (part.articles, part.passages) != (segment.articles, segment.passages):
                raise DamagedIndex(f"{segment.folder} holds other counts than {folder} says; {REBUILD}")
        self.starts = np.cumsum([0, *(segment.articles for segment in self.segments)])
        """The number of the first article of each segment, and how many there are in all."""
        self.offsets = np.cumsum([0, *(segment.passages for segment in self.segments)])
        """The same for rows of passages."""
        self.present: BoolVector = np.ones(int(self.starts[-1]), np.bool_)
        """Which articles were not taken out, shape (articles,)."""
        removed: RowVector = mapped(folder / REMOVED)
        if len(removed) and not 0 <= removed.min() <= removed.max() < len(self.present):
            raise DamagedIndex(f"{folder / REMOVED} names articles that there are not; {REBUILD}")
        self.present[removed] = False
        columns = [np.zeros((0, 4), np.int64), *(segment.columns for segment in self.segments)]
        counts = np.concatenate([column[:, 1] for column in columns])
        live = None if self.present.all() else np.repeat(self.present, counts)
        found = int(self.present.sum()), int(self.offsets[-1]) if live is None else int(live.sum())
        if found != (self.manifest.articles, self.manifest.passages):
            raise DamagedIndex(
                f"{folder}: the manifest says {self.manifest.articles} articles of {self.manifest.passages} passages but there are "
                f"{found[0]} of {found[1]}; {REBUILD}"
            )
        whitening = mapped(folder / WHITENING)
        if whitening.shape != (self.manifest.dimension, self.manifest.dimension):
            raise DamagedIndex(f"{folder / WHITENING} has the shape {whitening.shape}; {REBUILD}")
        self.whitening = whitening
        self.vectors = Vectors([segment.vectors for segment in self.segments], whitening, live)
        self.lexical = Lexical([segment.lexical for segment in self.segments], live)
        self.copy_pairs: RowVector = mapped(folder / COPIES)
        """One line for each copy, ascending: its number and that of its original."""
        self._kept: dict[str, Article] = {}
        self._rows: dict[str, tuple[int, int]] = {}
        self._places: dict[str, Place | None] = {}
        self._sentences: dict[str, list[Span]] = {}

    def verify(self) -> list[str]:
        """Check every file against its SHA-256, every count, and every passage against its article. Returns what is wrong."""
        wrong = wrong_files(self.folder, self.manifest.checksums)
        return wrong + [line for segment in self.segments for line in segment.verify()]

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None. The last `KEPT` asked for are kept in memory."""
        known = self._kept.get(article_id)
        if known is None:
            known = self._first_article("id = ?", (article_id,))
            if known:
                if len(self._kept) >= KEPT:
                    self._kept = {}
                self._kept[article_id] = known
        return known

    def at(self, path: str) -> Article | None:
        """The article with this path or place, or None."""
        return self._first_article("path = ?", (path,)) or self.located(os.path.abspath(path))

    def located(self, location: str) -> Article | None:
        """The article of this place, or None."""
        return self._first_article("location = ?", (location,))

    def place(self, where: str, value: str) -> Place | None:
        """Where the article stands whose column `where`, "id" or "location", is `value`; None where there is none."""
        for number, segment in reversed(list(enumerate(self.segments))):
            for (position,) in segment.query(f"SELECT position FROM articles WHERE {where} = ?", (value,)):
                if self.present[self.starts[number] + position]:
                    return Place(number, position)
        return None

    def _place(self, article_id: str) -> Place | None:
        """Where the article with this id stands, as of the last `KEPT` that were asked for."""
        if article_id not in self._places:
            if len(self._places) >= KEPT:
                self._places = {}
            self._places[article_id] = self.place("id", article_id)
        return self._places[article_id]

    def location(self, name: str) -> str | None:
        """The place of the article with this id, path or place; None where there is none."""
        for number, segment in enumerate(self.segments):
            for where in ("id", "path", "location"):
                for position, location in segment.query(f"SELECT position, location FROM articles WHERE {where} = ?", (name,)):
                    if self.present[self.starts[number] + position]:
                        return str(location)
        return None

    def number(self, place: Place) -> int:
        """The number of an article through all segments."""
        return int(self.starts[place.segment]) + place.position

    def place_of(self, number: int) -> Place:
        """Where the article of this number stands."""
        segment = int(np.searchsorted(self.starts, number, side="right")) - 1
        return Place(segment, number - int(self.starts[segment]))

    def rows_of(self, article_id: str) -> tuple[int, int]:
        """The first and the last row of an article's passages; of none, (0, -1)."""
        known = self._rows.get(article_id)
        if known is None:
            place = self._place(article_id)
            if place is None:
                return 0, -1
            first, passages = (int(value) for value in self.segments[place.segment].columns[place.position, :2])
            first += int(self.offsets[place.segment])
            known = self._rows[article_id] = first, first + passages - 1
        return known

    def sentences(self, article_id: str, start: int, end: int) -> tuple[Span, ...]:
        """The sentences of an article that begin from `start` on and before `end`, and the one before them."""
        known = self._sentences.get(article_id)
        if known is None:
            place = self._place(article_id)
            found = self.segments[place.segment].one("SELECT sentences FROM articles WHERE position = ?", place[1:]) if place else None
            if len(self._sentences) >= KEPT:
                self._sentences = {}
            known = self._sentences[article_id] = spans_of(found[0]) if found else []
        return tuple(known[max(0, bisect_left(known, (start,)) - 1) : bisect_left(known, (end,))])

    def articles(self) -> Iterator[Article]:
        """Every article, by location."""
        return (article_of(row) for _, row in self._by_location(ARTICLE))

    def listing(self) -> Iterator[Listing]:
        """Every article without its text, by location."""
        copies = set(self.copy_pairs[:, 0].tolist())
        for number, row in self._by_location(", ".join(Listing._fields[:-1])):
            yield Listing._make((*row, number in copies))

    def known(self, source: str | None = None) -> Iterator[Known]:
        """Every article, or those read from a source, as a plan sees them, in any order."""
        only = "" if source is None else "WHERE read_from = ?"
        for number, segment in enumerate(self.segments):
            present = self.present[self.starts[number] :]
            query = f"SELECT position, id, location, read_from, path, digest FROM articles {only}"
            for position, *row in segment.query(query, () if source is None else (source,)):
                if present[position]:
                    yield Known._make(row)

    def headlines(self) -> Iterator[tuple[int, str, str | None, str | None]]:
        """The number, the id, the title and the language of every article."""
        for start, segment in zip(self.starts.tolist(), self.segments, strict=False):
            for position, *row in segment.query("SELECT position, id, title, language FROM articles ORDER BY position"):
                if self.present[start + position]:
                    yield (start + position, *row)

    def entry(self, number: int) -> Entry:
        """An article as it was built, by its number."""
        place = self.place_of(number)
        return self.segments[place.segment].entry(place.position)

    def owners(self, rows: RowVector) -> RowVector:
        """The numbers of the articles that the passages of the given rows belong to."""
        owners: RowVector = np.searchsorted(self._firsts, rows, side="right") - 1
        return owners

    @cached_property
    def _firsts(self) -> RowVector:
        """The row of the first passage of every article, by number."""
        firsts: RowVector = np.concatenate(
            [segment.columns[:, 0] + offset for segment, offset in zip(self.segments, self.offsets, strict=False)]
        )
        return firsts

    def originals(self) -> RowVector:
        """For each article the number of the one that it is a copy of, its own where it is none, shape (articles,)."""
        found = np.arange(len(self.present))
        found[self.copy_pairs[:, 0]] = self.copy_pairs[:, 1]
        return found

    def original(self, number: int) -> int:
        """The number of the article that one is a copy of; its own where it is none."""
        at = int(np.searchsorted(self.copy_pairs[:, 0], number))
        return int(self.copy_pairs[at, 1]) if at < len(self.copy_pairs) and self.copy_pairs[at, 0] == number else number

    def copies(self, article_id: str) -> list[Article]:
        """The articles that are near copies of this one, by location."""
        place = self.place("id", article_id)
        if place is None or not len(self.copy_pairs):
            return []
        number = self.number(place)
        original = self.original(number)
        members = {original, *self.copy_pairs[self.copy_pairs[:, 1] == original, 0].tolist()} - {number}
        found = [self._located_article(member) for member in members]
        return [article for _, article in sorted(found, key=lambda pair: pair[0])]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the given rows, in their order."""
        found = self._passages(rows, 'a.id, p.start, p."end"')
        return [
            Passage(article_id=found[int(row)][1], start=found[int(row)][2], end=found[int(row)][3], text=found[int(row)][0])
            for row in rows
        ]

    def candidates(self, rows: Sequence[int] | RowVector) -> list[Candidate]:
        """The passages of the given rows, each with the first and last row of its `SURROUNDINGS`."""
        found = self._passages(rows, "a.title, a.first, a.first + a.passages - 1")
        made = []
        for row in map(int, rows):
            text, title, first, last = found[row]
            offset = int(self.offsets[np.searchsorted(self.offsets, row, side="right") - 1])
            first, last = max(first + offset, row - SURROUNDINGS), min(last + offset, row + SURROUNDINGS)
            made.append(Candidate(row=row, text=text, title=title, first=first, last=last))
        return made

    @cached_property
    def facts(self) -> Facts:
        """Sources and dates of all articles; read once, at the first filter."""
        columns = [np.zeros((0, 4), np.int64), *(segment.columns for segment in self.segments)]
        first = np.concatenate([column[:, 0] + offset for column, offset in zip(columns, [0, *self.offsets], strict=False)])
        passages = np.concatenate([column[:, 1] for column in columns])
        names = [segment.names() for segment in self.segments]
        coded = [
            Coded.joined(Coded(segment.columns[:, 2 + which], names[place][which]) for place, segment in enumerate(self.segments))
            for which in (0, 1)
        ]
        numbers = np.flatnonzero(self.present)
        sources, published = (Coded(column.codes[numbers], column.names) for column in coded)
        # Numbers of articles to places among those that are there; an original always is.
        places = np.cumsum(self.present) - 1
        originals = np.asarray(places[self.originals()[numbers]], np.int64)
        return Facts(Lazy(self._ids, len(numbers)), sources, published, first[numbers], passages[numbers], originals)

    def _ids(self) -> list[str]:
        return [
            row[1] for number, segment in enumerate(self.segments)
            for row in segment.query("SELECT position, id FROM articles ORDER BY position") if self.present[self.starts[number] + row[0]]
        ]  # fmt: skip

    def _by_location(self, columns: str) -> Iterator[tuple[int, Sequence[Any]]]:
        """The number and the columns of every article, by location."""

        def of(number: int) -> Iterator[tuple[str, int, Sequence[Any]]]:
            start = int(self.starts[number])
            query = f"SELECT location, position, {columns} FROM articles ORDER BY location"
            for location, position, *row in self.segments[number].query(query):
                if self.present[start + position]:
                    yield location, start + position, row

        return ((number, row) for _, number, row in heapq.merge(*map(of, range(len(self.segments))), key=lambda item: item[0]))

    def _first_article(self, condition: str, values: Sequence[Any]) -> Article | None:
        for number, segment in reversed(list(enumerate(self.segments))):
            for position, *row in segment.query(f"SELECT position, {ARTICLE} FROM articles WHERE {condition}", values):
                if self.present[self.starts[number] + position]:
                    return article_of(row)
        return None

    def _located_article(self, number: int) -> tuple[str, Article]:
        place = self.place_of(number)
        location, *row = self.segments[place.segment].one(f"SELECT location, {ARTICLE} FROM articles WHERE position = ?", place[1:])
        return location, article_of(row)

    def _passages(self, rows: Iterable[Any], columns: str) -> dict[int, tuple[Any, ...]]:
        """The text and some columns of each of the given rows."""
        wanted = np.array([int(row) for row in rows], np.int64)
        owners = np.searchsorted(self.offsets, wanted, side="right") - 1
        found: dict[int, tuple[Any, ...]] = {}
        for number in np.unique(owners).tolist():
            offset = int(self.offsets[number])
            own = (wanted[owners == number] - offset).tolist()
            for begin in range(0, len(own), 500):
                block = own[begin : begin + 500]
                query = (
                    f'SELECT p.row, substr(a.text, p.start + 1, p."end" - p.start), {columns} FROM passages p '
                    f"JOIN articles a ON a.position = p.article WHERE p.row IN ({','.join('?' * len(block))})"
                )
                found |= {row + offset: tuple(rest) for row, *rest in self.segments[number].query(query, block)}
        return found
