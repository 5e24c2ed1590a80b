"""A segment written from articles as they come, in bounded memory: new ones, and those of smaller segments that it takes the place of."""

import heapq
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from index.analysing import read_articles, write_words
from index.article import Entry
from index.embed import Progress
from index.errors import StoreError
from index.files import Disk, files_in, sha256
from index.lexical import merge_lexical
from index.manifest import FORMAT, MANIFEST, REBUILD, SegmentManifest, written
from index.remembered import KEY, KeyVector, Remembered
from index.segment import COLUMNS, KEYED, KEYS, NAMES, SHINGLED, SHINGLES, Segment
from index.shingles import HashVector, Signature
from index.tables import NAME, Tables
from index.vectors import BoolVector, FloatMatrix, RowVector, write_vectors
from index.wording import embedding_text

MANY: Final = 4_000
"""Passages from which their words are counted in a process of its own, while the model reads them here."""
_BATCH: Final = 512
"""Passages handed over at once."""


@dataclass(frozen=True, kw_only=True)
class Old:
    """A segment that is taken over: its articles `wanted`, shape (articles,), the first of which has the number `start`."""

    segment: Segment
    wanted: BoolVector
    start: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Composed:
    """What was written: `origins` has for each article its number before, -1 for a new one."""

    articles: int
    passages: int
    origins: RowVector
    manifest: bytes


def compose(
    folder: Path, fresh: Iterable[Entry], old: Sequence[Old], remembered: Remembered, disk: Disk, start: Callable[[int], None],
    progress: Progress, *, many: int = MANY,
) -> Composed:  # fmt: skip
    """Write a segment into the new folder `folder`, synced, its articles by location. `fresh` are new ones, by location too;
    `start` is told how many passages these have, and `progress` how many vectors there are.

    Raises:
        StoreError: the parts do not fit together.
    """
    folder.mkdir(parents=True)
    tables = Tables(folder / NAME)
    columns = _Columns()
    try:
        for origin, entry in _merged(fresh, old):
            tables.add(entry)
            columns.add(origin, entry)
        tables.close()
    except BaseException:
        tables.discard()
        raise
    columns.write(folder)
    origins = np.array(columns.origins, np.int64)
    counts = np.array(columns.lines, np.int64).reshape(-1, 4)[:, 1]
    start(int(counts[origins < 0].sum()))
    counted = np.repeat(origins < 0, counts)
    with _lexical(folder, old, origins, counts, many):
        keys: list[KeyVector] = [np.zeros(0, KEY)]
        blocks = _vectors(folder, remembered, keys, counted, progress)
        dimension = remembered.embedder.dimension
        vectors = write_vectors(folder / "vectors", blocks, dimension)
        joined = np.concatenate(keys)
        order = np.argsort(joined, kind="stable")
        np.save(folder / KEYS, joined[order])
        np.save(folder / KEYED, order.astype(np.int32))
    lexical = len(np.load(folder / "lexical" / "lengths.npy", mmap_mode="r"))
    if not tables.passages == vectors == lexical:
        raise StoreError(f"passages, vectors and lexical rows differ: {tables.passages}, {vectors}, {lexical}; {REBUILD}")
    checksums = {path.relative_to(folder).as_posix(): (sha256(path), path.stat().st_size) for path in files_in(folder)}
    manifest = written(SegmentManifest(format=FORMAT, articles=tables.articles, passages=vectors, dimension=dimension, checksums=checksums))
    disk.write(folder / MANIFEST, manifest)
    disk.sync_tree(folder)
    return Composed(articles=tables.articles, passages=vectors, origins=origins, manifest=manifest)


class _Columns:
    """What is looked through of articles, gathered: some hundred bytes of each."""

    def __init__(self) -> None:
        self.origins: list[int] = []
        self.lines: list[tuple[int, int, int, int]] = []
        self._first = 0
        self._names: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self._samples: list[HashVector] = []

    def add(self, origin: int, entry: Entry) -> None:
        codes = [
            names.setdefault(value, len(names) + 1) if value else 0
            for names, value in zip(self._names, (entry.article.source, entry.article.published), strict=True)
        ]
        self.origins.append(origin)
        self.lines.append((self._first, len(entry.spans), codes[0], codes[1]))
        self._first += len(entry.spans)
        self._samples.append(Signature.from_bytes(entry.signature).sample if entry.signature else np.zeros(0, np.uint64))

    def write(self, folder: Path) -> None:
        np.save(folder / COLUMNS, np.array(self.lines, np.int64).reshape(-1, 4))
        names = dict(zip(("sources", "published"), map(list, self._names), strict=True))
        (folder / NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        hashes = np.concatenate([np.zeros(0, np.uint64), *self._samples])
        articles = np.repeat(np.arange(len(self._samples), dtype=np.int32), [len(sample) for sample in self._samples])
        order = np.argsort(hashes, kind="stable")
        np.save(folder / SHINGLES, hashes[order])
        np.save(folder / SHINGLED, articles[order])
        self._samples = []


def _merged(fresh: Iterable[Entry], old: Sequence[Old]) -> Iterator[tuple[int, Entry]]:
    """All articles by location, each with its number before."""

    def of(part: Old) -> Iterator[tuple[int, Entry]]:
        return ((part.start + position, entry) for position, entry in part.segment.entries(part.wanted))

    return heapq.merge(((-1, entry) for entry in fresh), *map(of, old), key=lambda pair: pair[1].location)


def _vectors(folder: Path, remembered: Remembered, keys: list[KeyVector], fresh: BoolVector, progress: Progress) -> Iterator[FloatMatrix]:
    """The vectors of all passages, in blocks; progress is made by those of `fresh` ones."""
    row = 0
    with closing(sqlite3.connect(folder / NAME)) as connection:
        for texts in _batches(embedding_text(article, *span) for article, spans in read_articles(connection) for span in spans):
            own = remembered.keys(texts)
            keys.append(own)
            yield remembered.embed(texts, own, lambda _: None)
            progress(int(fresh[row : row + len(texts)].sum()))
            row += len(texts)


def _batches(texts: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def _lexical(folder: Path, old: Sequence[Old], origins: RowVector, counts: RowVector, many: int) -> Iterator[None]:
    """Write the lexical half, beside what is done meanwhile where it is much. Of articles taken over, the words are not read again."""
    new = origins < 0
    whole = folder / "lexical"
    own = folder / "fresh" if old else whole
    np.save(folder / "new.npy", new)
    try:
        if int(counts[new].sum()) >= many:
            with _beside([sys.executable, "-m", "index.analysing", str(folder), own.name]):
                yield
        else:
            yield
            with closing(sqlite3.connect(folder / NAME)) as connection:
                write_words(own, connection, new)
    finally:
        (folder / "new.npy").unlink()
    if old:
        firsts = np.cumsum(counts) - counts
        parts = [(own, _rows(np.flatnonzero(new), firsts, counts))]
        for part in old:
            places = np.full(part.segment.passages, -1, np.int64)
            mine = (origins >= part.start) & (origins < part.start + part.segment.articles)
            before = part.segment.columns[origins[mine] - part.start]
            places[_rows(np.arange(len(before)), before[:, 0], before[:, 1])] = _rows(np.flatnonzero(mine), firsts, counts)
            parts.append((part.segment.folder / "lexical", places))
        merge_lexical(whole, parts)
        shutil.rmtree(own)


def _rows(articles: RowVector, firsts: RowVector, counts: RowVector) -> RowVector:
    """The rows of the passages of some articles, one article after the other."""
    some = counts[articles]
    return np.asarray(np.repeat(firsts[articles] - (np.cumsum(some) - some), some) + np.arange(int(some.sum())), np.int64)


@contextmanager
def _beside(command: Sequence[str]) -> Iterator[None]:
    """Run a process beside what is done meanwhile, which ends when this one does.

    Raises:
        StoreError: it failed.
    """
    from index.reading import environment

    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    try:
        yield
        # Closing its input tells it to end: only once it did by itself.
        said = process.stderr.read() if process.stderr else b""
        if process.wait():
            lines = said.decode("utf-8", "replace").strip().splitlines() or ["no reason told"]
            raise StoreError(f"counting the words of the passages failed ({lines[-1][:300]}); free some memory or space, and try again")
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stderr):
            if pipe:
                pipe.close()
