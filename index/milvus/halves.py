"""Both halves of an index in Milvus, with the faces of those on this disk: `index.vectors` and `index.lexical`.

A search is the engine's. What is asked of single passages (their vectors, their words) is worked out from those, fetched once.
"""

import base64
import string
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from index.errors import ChangedIndex, ModelError
from index.manifest import REBUILD
from index.milvus.engine import MOST, Engine, Row
from index.milvus.limits import Limit
from index.milvus.schema import Names, among
from index.milvus.tally import frequencies
from index.milvus.weights import Weights, from_bytes, passage_weights, place_of, product, question_weights
from index.vectors import TIES, BoolVector, FloatMatrix, FloatVector, RowVector, normalise

CACHED: Final = 4_096
"""Passages kept in memory: some 25 MB with vectors of 512 numbers and 300 terms each."""
FETCHED: Final = 1_000
"""Passages fetched in one request: 6 MB."""
WIDE: Final = 2
"""How many times as much is asked for where copies may be among what is found."""
EF: Final = 1_024
"""Search width of HNSW at the least: recall@10 of 0.996 at 10,564 made-up passages (Milvus 2.3.5), 0.957 with 256."""
BELIEVED: Final = 1.0
"""Seconds for which rows of other versions of an article than the one read first are left out, as those that its writer is about to
delete; thereafter they are what it was changed to."""
_FIELDS: Final = ("key", "article", "original", "version", "ordinal", "count", "begin", "finish", "text", "title", "dense", "words")
_LETTERS: Final = string.ascii_lowercase
Level = Callable[[], str]
"""How fresh what is read must be (`index.milvus.engine`)."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A passage as it was fetched."""

    row: int
    article: int
    count: int
    ordinal: int
    begin: int
    finish: int
    text: str
    title: str
    version: str
    vector: FloatVector
    words: Weights


class Passages:
    """Passages by their rows, the last ones asked for kept in memory; of each article those of one version. Safe to share between threads.

    Raises (all of it):
        ChangedIndex: another writer has replaced an article since it was first read here.
    """

    def __init__(self, engine: Engine, names: Names, level: Level, clock: Callable[[], float]) -> None:
        self._engine, self._names, self._level, self._clock = engine, names, level, clock
        self._kept: dict[int, Stored] = {}
        self._versions: dict[int, tuple[str, float]] = {}
        """Of articles that were read, the version that was met first, and when."""
        self._lock = threading.Lock()

    def get(self, rows: Iterable[int]) -> dict[int, Stored]:
        """The passages of the given rows that are there."""
        wanted = {int(row) for row in rows}
        with self._lock:
            found = {row: self._kept[row] for row in wanted if row in self._kept}
        missing = sorted(wanted - found.keys())
        for begin in range(0, len(missing), FETCHED):
            condition = among("key", missing[begin : begin + FETCHED])
            there = self._engine.query(self._names.passages, condition, _FIELDS, level=self._level())
            found |= {row["key"]: _stored(row) for row in self._of_one_version(there)}
        if missing:
            with self._lock:
                if len(self._kept) + len(missing) > CACHED:
                    self._kept = {}
                self._kept |= found
        return found

    def _of_one_version(self, rows: Iterable[Row]) -> list[Row]:
        kept, now = [], self._clock()
        with self._lock:
            if len(self._versions) > CACHED:
                self._versions = {article: known for article, known in self._versions.items() if now - known[1] <= BELIEVED}
            for row in rows:
                version, since = self._versions.setdefault(row["article"], (row["version"], now))
                if row["version"] == version:
                    kept.append(row)
                elif now - since > BELIEVED:
                    raise ChangedIndex(f"an article of {self._engine.place.text} has just been replaced; ask again")
        return kept

    @property
    def engine(self) -> Engine:
        return self._engine

    def search(self, field: str, vector: Any, k: int, allowed: Limit | None, wide: int | None = None) -> tuple[FloatVector, RowVector]:
        """The `k` rows with the greatest inner products, best first, ties by row."""
        asked = (k + TIES) * (WIDE if allowed is not None and allowed.wide else 1)
        condition = allowed.condition if allowed is not None else ""
        (hits,) = self._engine.search(
            self._names.passages, field, [vector], min(asked, MOST), ["article", "original", "version"], condition=condition,
            level=self._level(), wide=None if wide is None else max(wide, asked),
        )  # fmt: skip
        scores = {row["key"]: score for score, row in hits}
        whole = self._of_one_version(row for _, row in hits)
        kept = [row["key"] for row in (allowed.kept(whole) if allowed is not None else whole)]
        rows, values = np.array(kept, np.int64), np.array([scores[row] for row in kept], np.float32)
        order = np.lexsort((rows, -values))[:k]
        return values[order], rows[order]


class MilvusVectors:
    """The dense half."""

    def __init__(self, passages: Passages, dimension: int, whitening: Callable[[], FloatMatrix]) -> None:
        self._passages, self.dimension, self._whitening = passages, dimension, whitening

    def question(self, query: FloatVector) -> FloatVector:
        """A question's vector as this index is to be asked with it: whitened and normalised."""
        self._check(query)
        turned: FloatVector = normalise((query @ self._whitening())[None])[0]
        return turned

    def search(self, query: FloatVector, k: int, allowed: Any = None) -> tuple[FloatVector, RowVector]:
        """The `k` nearest rows and their inner products, best first, ties by row; a query of zeros is near to none."""
        self._check(query)
        if k < 1 or not query.any():
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        return self._passages.search("dense", query, k, allowed, None if self._passages.engine.place.path else EF)

    def scores(self, query: FloatVector, rows: RowVector) -> FloatVector:
        """Inner products of `query` with the given rows, in their order."""
        self._check(query)
        return self.rows(rows) @ query

    def rows(self, rows: RowVector) -> FloatMatrix:
        """The vectors of the given rows, shape (len(rows), dimension); zeros for one that is gone."""
        found = self._passages.get(rows)
        nothing = np.zeros(self.dimension, np.float32)
        return np.array([found[row].vector if row in found else nothing for row in map(int, rows)], np.float32).reshape(-1, self.dimension)

    def _check(self, query: FloatVector) -> None:
        if query.shape != (self.dimension,):
            raise ModelError(
                f"the question's vector has shape {query.shape} but the index holds vectors of {self.dimension} numbers; {REBUILD}"
            )


class MilvusWords:
    """The lexical half. `size` is the number of passages, `average` that of the terms of each, `writers` those whose counts are added
    up."""

    def __init__(self, passages: Passages, names: Names, writers: Sequence[str], size: int, average: float, level: Level) -> None:
        self._passages, self._names, self._writers, self.size, self._level = passages, names, writers, size, level
        self.average = average
        self._known: dict[str, int] = {}
        self._lock = threading.Lock()

    def __contains__(self, term: str) -> bool:
        return self.frequency(term) > 0

    def frequency(self, term: str) -> int:
        """In how many passages `term` occurs."""
        return self.frequencies([term])[term]

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """`frequency` of several terms, in one request; known ones cost nothing."""
        wanted = list(dict.fromkeys(terms))
        with self._lock:
            new = [term for term in wanted if term not in self._known]
        found = frequencies(self._passages.engine, self._names, self._writers, new, level=self._level()) if new else {}
        with self._lock:
            self._known |= found
            return {term: self._known[term] for term in wanted}

    def search(self, weights: Mapping[str, float], k: int, allowed: Any = None) -> tuple[FloatVector, RowVector]:
        """The `k` passages with the greatest BM25 scores above zero, best first, ties by row; none where the server has no sparse
        vectors, and only the other half finds passages."""
        asked = self._asked(weights)
        if k < 1 or not asked or not self._passages.engine.sparse:
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        scores, rows = self._passages.search("words", asked, k, allowed)
        return scores[scores > 0], rows[scores > 0]

    def at(self, weights: Mapping[str, float], rows: RowVector) -> FloatVector:
        """BM25 scores of the given rows, in their order, for terms given with their weights."""
        asked, found = self._asked(weights), self._passages.get(rows)
        return np.array([product(asked, found[row].words) if row in found else 0.0 for row in map(int, rows)], np.float32)

    def score(self, question: Sequence[str], passage: Sequence[str], average: float) -> float:
        """BM25 score of a passage that is not in the index as given; `average` is the mean number of terms of those that are."""
        return product(self._asked(dict.fromkeys(question, 1.0)), passage_weights(passage, average))

    def holds(self, term: str, rows: RowVector) -> BoolVector:
        """Whether each of the passages `rows` holds `term`, by itself or around it, shape (len(rows),)."""
        place, found = place_of(term), self._passages.get(rows)
        return np.array([row in found and place in found[row].words for row in map(int, rows)], np.bool_)

    def occurs(self, term: str, first: int, last: int) -> bool:
        """Whether any of the passages `first` to `last`, of one article, holds `term`."""
        place = place_of(term)
        return any(place in stored.words for stored in self._passages.get(range(first, last + 1)).values())

    def nearest(self, term: str) -> str | None:
        """The single word of the index that is one slip of the pen from `term` and begins as it does; the commonest of several.
        Letters put in are those of the Latin alphabet and of the term itself."""
        near = [word for word in _slips(term) if word[:1] == term[:1] and word.isalpha()]
        found = self.frequencies(near)
        return max((word for word in near if found[word]), key=lambda word: (found[word], word), default=None)

    def _asked(self, weights: Mapping[str, float]) -> dict[int, float]:
        return question_weights(weights, self.frequencies(weights), self.size)


def _slips(term: str) -> set[str]:
    letters = sorted({*_LETTERS, *term})
    cuts = [(term[:place], term[place:]) for place in range(len(term) + 1)]
    less = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    other = {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    more = {head + letter + tail for head, tail in cuts for letter in letters}
    return {term} | less | swapped | other | more


def _stored(row: Row) -> Stored:
    words = row["words"]
    return Stored(
        row=row["key"], article=row["article"], count=row["count"], ordinal=row["ordinal"], begin=row["begin"], finish=row["finish"],
        text=row["text"], title=row["title"], version=row["version"], vector=np.array(row["dense"], np.float32),
        words=from_bytes(base64.b64decode(words)) if isinstance(words, str) else words,
    )  # fmt: skip
