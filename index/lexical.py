"""BM25 over passages, on disk as memory-mapped arrays (bm25s)."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.errors import DamagedIndex
from index.vectors import BoolVector, FloatVector, RowVector

# k1 and b: of six pairs tried on the PIAF, AfriQA, news and CNIL development sets, the best balance between them.
# "lucene" is the variant whose idf never goes below zero (Kamphuis et al., 2020), which matters in a
# collection of five articles where every one of them holds the word.
K1: Final = 1.2
B: Final = 0.75
METHOD: Final = "lucene"
_ARRAYS: Final = ("data", "indices", "indptr")


class LexicalIndex:
    """BM25 scores of each term in each passage, worked out at build time (bm25s, Lù 2024).

    Row i is passage i, as in the vectors. Scoring adds up the rows of a question's terms, each with a weight.
    """

    def __init__(self, data: Any, indices: Any, indptr: Any, vocabulary: Mapping[str, int], size: int) -> None:
        self._data, self._indices, self._indptr = data, indices, indptr
        self._vocabulary = vocabulary
        self.size = size

    @classmethod
    def build(cls, passages: Sequence[Sequence[str]]) -> "LexicalIndex":
        """Index passages given as their terms (`index.analyse.terms`), repeats and all."""
        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in passage] for passage in passages]
        if not vocabulary:
            empty = np.zeros(0, dtype=np.float32)
            return cls(empty, np.zeros(0, np.int32), np.zeros(1, np.int64), {}, len(passages))
        from bm25s import BM25

        engine = BM25(k1=K1, b=B, method=METHOD)
        engine.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        scores = engine.scores
        return cls(scores["data"], scores["indices"], scores["indptr"], vocabulary, len(passages))

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in zip(_ARRAYS, (self._data, self._indices, self._indptr), strict=True):
            np.save(folder / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
        listed = sorted(self._vocabulary, key=self._vocabulary.__getitem__)
        content = json.dumps({"size": self.size, "terms": listed}, ensure_ascii=False)
        (folder / "vocabulary.json").write_text(content, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Open what `save` wrote, memory-mapped.

        Raises:
            DamagedIndex: a file is missing or cannot be read.
        """
        try:
            meta = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
            # As plain arrays: each slice of a np.memmap makes another np.memmap, which takes longer than what is done with it.
            data, indices, indptr = (np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)) for name in _ARRAYS)
            vocabulary = {term: number for number, term in enumerate(meta["terms"])}
            return cls(data, indices, indptr, vocabulary, int(meta["size"]))
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise DamagedIndex(f"the lexical index in {folder} cannot be read ({error})") from error

    def __contains__(self, term: str) -> bool:
        return term in self._vocabulary

    def frequency(self, term: str) -> int:
        """In how many passages `term` occurs."""
        number = self._vocabulary.get(term)
        return 0 if number is None else int(self._indptr[number + 1] - self._indptr[number])

    def scores(self, weights: Mapping[str, float]) -> FloatVector:
        """BM25 score of every passage, shape (size,), for terms given with their weights."""
        total = np.zeros(self.size, dtype=np.float32)
        for term, weight in weights.items():
            number = self._vocabulary.get(term)
            if number is not None:
                begin, end = int(self._indptr[number]), int(self._indptr[number + 1])
                # A passage stands at most once in a term's row, so plain fancy-index addition is safe.
                total[self._indices[begin:end]] += weight * self._data[begin:end]
        return total

    def score(self, question: Sequence[str], passage: Sequence[str], average: float) -> float:
        """BM25 score of a passage that is not in the index as given; `average` is the mean number of terms of those that are."""
        counts = Counter(passage)
        total = 0.0
        for term in question:
            if term in counts:
                seen = self.frequency(term)
                idf = math.log(1 + (self.size - seen + 0.5) / (seen + 0.5))
                total += idf * counts[term] / (counts[term] + K1 * (1 - B + B * len(passage) / average))
        return total

    def holds(self, term: str, rows: RowVector) -> BoolVector:
        """Whether each of the passages `rows` holds `term`, by itself or around it, shape (len(rows),)."""
        number = self._vocabulary.get(term)
        if number is None:
            return np.zeros(len(rows), dtype=np.bool_)
        return np.isin(rows, self._indices[int(self._indptr[number]) : int(self._indptr[number + 1])])

    def occurs(self, term: str, first: int, last: int) -> bool:
        """Whether any of the passages `first` to `last` holds `term`."""
        number = self._vocabulary.get(term)
        if number is None:
            return False
        rows = self._indices[int(self._indptr[number]) : int(self._indptr[number + 1])]
        # bm25s lists the passages of a term in their order.
        place = int(rows.searchsorted(first))
        return place < len(rows) and int(rows[place]) <= last

    def nearest(self, term: str) -> str | None:
        """The single word of the index that is one slip of the pen from `term` (a letter more, less, other, or two swapped) and begins as
        it does; the commonest of several."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        same = [known for known in self._by_letter.get(term[:1], ()) if abs(len(known) - len(term)) <= 1]
        found = [name for name, *_ in extract(term, same, scorer=OSA.distance, score_cutoff=1, limit=None)]
        return max(found, key=lambda name: (self.frequency(name), name), default=None)

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        letters: dict[str, list[str]] = {}
        for known in self._vocabulary:
            if " " not in known and known.isalpha():
                letters.setdefault(known[0], []).append(known)
        return letters
