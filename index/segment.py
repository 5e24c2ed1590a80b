"""A part of an index that is written once: articles, their passages, vectors and words, and columns to look through them."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.article import Entry
from index.column import mapped
from index.errors import DamagedIndex
from index.files import sha256
from index.lexical import LexicalSegment
from index.manifest import MANIFEST, REBUILD, check_file, read_segment, wrong_files
from index.shingles import HashVector
from index.tables import ENTRY, NAME, entry_of
from index.vectors import BoolVector, VectorSegment

COLUMNS: Final = "columns.npy"
"""One line an article: the row of its first passage, how many it has, and the places of its site and date in `NAMES`, 0 for none."""
NAMES: Final = "names.json"
SHINGLES: Final = "shingles.npy"
"""The sampled shingles of all articles, ascending."""
SHINGLED: Final = "shingled.npy"
"""The article of each."""
KEYS: Final = "keys.npy"
"""What the passages were embedded from (`index.remembered`), ascending."""
KEYED: Final = "keyed.npy"
"""The row of the passage of each."""


class Segment:
    """An opened segment, read-only. Safe to share between threads: each has its own connection."""

    def __init__(self, folder: Path, digest: str | None = None, *, small: int = 0) -> None:
        """Open the segment in `folder`, whose manifest has the SHA-256 `digest`; if it has fewer than `small` bytes in all, each file is
        read and checked, else only their sizes are.

        Raises:
            StaleIndex, DamagedIndex: it cannot be used.
        """
        self.folder = folder
        self._local = threading.local()
        if digest is not None:
            _check_manifest(folder / MANIFEST, digest)
        self.manifest = read_segment(folder)
        whole = sum(size for _, size in self.manifest.checksums.values()) < small
        for name, (found, size) in self.manifest.checksums.items():
            check_file(folder / name, found if whole else None, size)
        self.vectors = VectorSegment.load(folder / "vectors")
        self.lexical = LexicalSegment.load(folder / "lexical")
        self.columns: npt.NDArray[np.int64] = mapped(folder / COLUMNS)
        counts = {
            "passages": self.count("passages"), "vectors": self.vectors.size, "lexical rows": self.lexical.size,
            "passages of articles": int(self.columns[:, 1].sum()) if self.columns.ndim == 2 else -1,
        }  # fmt: skip
        if set(counts.values()) != {self.passages}:
            raise DamagedIndex(f"{folder}: the manifest says {self.passages} passages but there are {counts}; {REBUILD}")
        if len(self.columns) != self.articles:
            raise DamagedIndex(f"{folder}: the manifest says {self.articles} articles but there are {len(self.columns)}; {REBUILD}")

    @property
    def articles(self) -> int:
        return self.manifest.articles

    @property
    def passages(self) -> int:
        return self.manifest.passages

    def names(self) -> tuple[list[str | None], list[str | None]]:
        """The sites and the dates that the columns point to; the first of each stands for none."""
        try:
            kept = json.loads((self.folder / NAMES).read_text(encoding="utf-8"))
            return [None, *kept["sources"]], [None, *kept["published"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedIndex(f"{self.folder / NAMES} cannot be read ({error}); {REBUILD}") from error

    def sharing(self, shingle: int) -> npt.NDArray[np.int64]:
        """The positions of the articles whose samples hold a shingle."""
        hashes, articles = self._shingles
        begin, end = (int(hashes.searchsorted(np.uint64(shingle), side)) for side in ("left", "right"))
        return np.asarray(articles[begin:end], np.int64)

    @cached_property
    def _shingles(self) -> tuple[HashVector, npt.NDArray[np.int32]]:
        return mapped(self.folder / SHINGLES), mapped(self.folder / SHINGLED)

    def entries(self, wanted: BoolVector) -> Iterator[tuple[int, Entry]]:
        """The `wanted` articles, shape (articles,), as they were built, with their positions, in order."""
        for position, first, passages, *row in self.query(f"SELECT position, first, passages, {ENTRY} FROM articles ORDER BY position"):
            if wanted[position]:
                yield position, entry_of(row, self._spans(first, passages))

    def entry(self, position: int) -> Entry:
        """An article as it was built."""
        first, passages, *row = self.one(f"SELECT first, passages, {ENTRY} FROM articles WHERE position = ?", (position,))
        return entry_of(row, self._spans(first, passages))

    def verify(self) -> list[str]:
        """Check every file against its SHA-256, every count, and every passage against its article. Returns what is wrong."""
        if wrong := wrong_files(self.folder, self.manifest.checksums):
            return wrong
        for table, said in (("articles", self.articles), ("passages", self.passages)):
            if (found := self.count(table, slow=True)) != said:
                wrong.append(f"{self.folder}: the manifest says {said} {table} but there are {found}; {REBUILD}")
        outside = (
            "SELECT a.path FROM passages p LEFT JOIN articles a ON a.position = p.article WHERE a.position IS NULL OR p.start < 0 "
            'OR p."end" <= p.start OR p."end" > length(a.text) OR p.row < a.first OR p.row >= a.first + a.passages'
        )
        wrong += [f"article {row[0]}: a passage lies outside its text; {REBUILD}" for row in self.query(outside)]
        firsts = np.array(self.query("SELECT first, passages FROM articles ORDER BY position").fetchall(), np.int64).reshape(-1, 2)
        if not np.array_equal(firsts, self.columns[:, :2]):
            wrong.append(f"{self.folder / COLUMNS} does not say what the articles' table says; {REBUILD}")
        return wrong

    def count(self, table: str, *, slow: bool = False) -> int:
        """How many lines a table has; told by its last one, unless each is to be counted."""
        key = "row" if table == "passages" else "position"
        return int(self.one(f"SELECT count(*) FROM {table}" if slow else f"SELECT coalesce(max({key}) + 1, 0) FROM {table}")[0])

    def one(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        """The one line that a query gives."""
        found: tuple[Any, ...] | None = self.query(query, values).fetchone()
        if found is None:
            raise DamagedIndex(f"{self.folder / NAME} lacks a line that another file points to; {REBUILD}")
        return found

    def query(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Ask the tables."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        try:
            if connection is None:
                uri = f"{(self.folder / NAME).absolute().as_uri()}?mode=ro&immutable=1"
                connection = self._local.connection = sqlite3.connect(uri, uri=True)
            return connection.execute(query, values)
        except sqlite3.Error as error:
            raise DamagedIndex(f"{self.folder / NAME} cannot be read ({error}); {REBUILD}") from error

    def _spans(self, first: int, passages: int) -> tuple[tuple[int, int], ...]:
        query = 'SELECT start, "end" FROM passages WHERE row >= ? AND row < ? ORDER BY row'
        return tuple(self.query(query, (first, first + passages)))


def _check_manifest(path: Path, digest: str) -> None:
    try:
        if sha256(path) != digest:
            raise DamagedIndex(f"{path} is not the one that the generation names (SHA-256 differs); {REBUILD}")
    except OSError as error:
        raise DamagedIndex(f"{path} cannot be read ({error.strerror}); {REBUILD}") from error
