"""One generation of the index, opened to be read."""

import os
import sqlite3
import threading
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from index.article import Article, Entry, Passage, Span
from index.column import mapped
from index.errors import DamagedIndex
from index.facts import Facts
from index.lexical import Lexical, LexicalSegment
from index.manifest import REBUILD, check_file, read_manifest
from index.tables import ARTICLE, ENTRY, article_of, entry_of, spans_of
from index.vectors import RowVector, Vectors, VectorSegment

SURROUNDINGS: Final = 16
"""Passages on each side that make the surroundings of one: most news articles whole, and of a book a chapter."""
KEPT: Final = 512
"""Articles kept in memory: a few megabytes, and the ten of a question are not read three times."""
# Small files are checked against their SHA-256 at every opening, which costs under 50 ms in all;
# larger ones by size, and by `griot verify`.
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


class Generation:
    """An opened generation, read-only. Safe to share between threads: each has its own connection."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        for name, (digest, size) in self.manifest.checksums.items():
            check_file(folder / name, digest if size <= _CHECKED_AT_OPEN else None, size)
        self.vectors = Vectors([VectorSegment.load(folder / "vectors")], mapped(folder / "whitening.npy"))
        self.lexical = Lexical([LexicalSegment.load(folder / "lexical")])
        self._local = threading.local()
        self._kept: dict[str, Article] = {}
        self._spans: dict[str, tuple[int, int]] = {}
        self._sentences: dict[str, list[Span]] = {}
        counts = {"passages": self._count("passages"), "vectors": self.vectors.size, "lexical rows": self.lexical.size}
        if set(counts.values()) != {self.manifest.passages}:
            raise DamagedIndex(f"{folder}: the manifest says {self.manifest.passages} passages but there are {counts}; {REBUILD}")

    def verify(self) -> list[str]:
        """Check every file against its SHA-256 and every passage against its article. Returns what is wrong."""
        wrong = []
        for name, (digest, size) in self.manifest.checksums.items():
            try:
                check_file(self.folder / name, digest, size)
            except DamagedIndex as error:
                wrong.append(str(error))
        if wrong:
            return wrong
        if (found := self._count("articles")) != self.manifest.articles:
            wrong.append(f"the manifest says {self.manifest.articles} articles but there are {found}; {REBUILD}")
        query = (
            "SELECT a.id FROM passages p JOIN articles a ON a.position = p.article "
            'WHERE p.start < 0 OR p."end" <= p.start OR p."end" > length(a.text)'
        )
        wrong += [f"article {row[0]}: a passage lies outside its text; {REBUILD}" for row in self._query(query)]
        return wrong

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None. The last `KEPT` asked for are kept in memory."""
        known = self._kept.get(article_id)
        if known is None:
            rows = self._query(f"SELECT {ARTICLE} FROM articles WHERE id = ?", (article_id,))
            known = next((article_of(row) for row in rows), None)
            if known:
                if len(self._kept) >= KEPT:
                    self._kept = {}
                self._kept[article_id] = known
        return known

    def at(self, path: str) -> Article | None:
        """The article with this path or place, or None."""
        rows = self._query(f"SELECT {ARTICLE} FROM articles WHERE path = ? OR location = ? LIMIT 1", (path, os.path.abspath(path)))
        return next((article_of(row) for row in rows), None)

    def rows_of(self, article_id: str) -> tuple[int, int]:
        """The first and the last row of an article's passages; of none, (0, -1)."""
        known = self._spans.get(article_id)
        if known is None:
            rows = self._query("SELECT first, passages FROM articles WHERE id = ?", (article_id,))
            known = self._spans[article_id] = next(((first, first + passages - 1) for first, passages in rows), (0, -1))
        return known

    def sentences(self, article_id: str, start: int, end: int) -> tuple[Span, ...]:
        """The sentences of an article that begin from `start` on and before `end`, and the one before them."""
        known = self._sentences.get(article_id)
        if known is None:
            rows = self._query("SELECT sentences FROM articles WHERE id = ?", (article_id,))
            if len(self._sentences) >= KEPT:
                self._sentences = {}
            known = self._sentences[article_id] = next((spans_of(row[0]) for row in rows), [])
        return tuple(known[max(0, bisect_left(known, (start,)) - 1) : bisect_left(known, (end,))])

    def articles(self) -> Iterator[Article]:
        """Every article, by location."""
        return (article_of(row) for row in self._query(f"SELECT {ARTICLE} FROM articles ORDER BY position"))

    def listing(self) -> Iterator[Listing]:
        """Every article without its text, by location."""
        columns = ", ".join(Listing._fields[:-1])
        for row in self._query(f"SELECT {columns}, original != position FROM articles ORDER BY position"):
            yield Listing._make((*row[:-1], bool(row[-1])))

    def entries(self) -> Iterator[tuple[Entry, int]]:
        """Every article as it was built, with the row of its first passage."""
        for *row, first, passages in self._query(f"SELECT {ENTRY}, first, passages FROM articles ORDER BY position"):
            spans = self._query('SELECT start, "end" FROM passages WHERE row >= ? AND row < ? ORDER BY row', (first, first + passages))
            yield entry_of(row, tuple(spans)), first

    def sources(self) -> dict[str, tuple[str, str]]:
        """The label and the SHA-256 of every source that was read in full, by its location."""
        return {location: (label, digest) for location, label, digest in self._query("SELECT location, label, digest FROM sources")}

    def copies(self, article_id: str) -> list[Article]:
        """The articles that are near copies of this one, by location."""
        query = (
            f"SELECT {ARTICLE} FROM articles WHERE original = (SELECT original FROM articles WHERE id = ?) AND id != ? ORDER BY position"
        )
        return [article_of(row) for row in self._query(query, (article_id, article_id))]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the given rows, in their order."""
        found: dict[int, Passage] = {}
        for begin in range(0, len(rows), 500):
            block = [int(row) for row in rows[begin : begin + 500]]
            query = (
                'SELECT p.row, a.id, p.start, p."end", substr(a.text, p.start + 1, p."end" - p.start) FROM passages p '
                f"JOIN articles a ON a.position = p.article WHERE p.row IN ({','.join('?' * len(block))})"
            )
            found |= {row[0]: Passage(article_id=row[1], start=row[2], end=row[3], text=row[4]) for row in self._query(query, block)}
        return [found[int(row)] for row in rows]

    def candidates(self, rows: Sequence[int] | RowVector) -> list[Candidate]:
        """The passages of the given rows, at most some hundreds, each with the first and last row of its `SURROUNDINGS`."""
        wanted = [int(row) for row in rows]
        query = (
            'SELECT p.row, substr(a.text, p.start + 1, p."end" - p.start), a.title, max(a.first, p.row - ?), '
            "min(a.first + a.passages - 1, p.row + ?) FROM passages p JOIN articles a ON a.position = p.article "
            f"WHERE p.row IN ({','.join('?' * len(wanted))})"
        )
        names = ("row", "text", "title", "first", "last")
        found = {
            row[0]: Candidate(**dict(zip(names, row, strict=True))) for row in self._query(query, (SURROUNDINGS, SURROUNDINGS, *wanted))
        }
        return [found[row] for row in wanted]

    @cached_property
    def facts(self) -> Facts:
        """Sources and dates of all articles; read once, at the first filter."""
        rows = list(self._query("SELECT id, source, published, first, passages, original FROM articles ORDER BY position"))
        ids, sources, published, *numbers = zip(*rows, strict=True) if rows else ((),) * 6
        first, passages, originals = (np.array(column, np.int64) for column in numbers)
        return Facts(ids, sources, published, first, passages, originals)

    def _count(self, table: str) -> int:
        return int(next(iter(self._query(f"SELECT count(*) FROM {table}")))[0])

    def _query(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        try:
            if connection is None:
                uri = f"{(self.folder / 'articles.sqlite').absolute().as_uri()}?mode=ro&immutable=1"
                connection = self._local.connection = sqlite3.connect(uri, uri=True)
            return connection.execute(query, values)
        except sqlite3.Error as error:
            raise DamagedIndex(f"{self.folder / 'articles.sqlite'} cannot be read ({error}); {REBUILD}") from error
