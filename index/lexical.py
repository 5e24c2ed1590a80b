"""BM25 over passages: segments on disk, memory-mapped, asked as one index."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.column import mapped
from index.errors import DamagedIndex
from index.hashes import term_hash, term_hashes
from index.invert import ARRAYS, META, merge_lexical, read_meta, write_lexical, write_sections
from index.recent import Recent
from index.tally import LONG, LOOKUP, Tally
from index.vectors import BoolVector, FloatVector, RowVector, top

__all__ = ["Lexical", "LexicalSegment", "merge_lexical", "write_lexical", "write_sections"]

# k1 and b: of six pairs tried on the PIAF, AfriQA, news and CNIL development sets, the best balance between them.
# The variant is Lucene's, whose idf never goes below zero (Kamphuis et al., 2020), which matters in a
# collection of five articles where every one of them holds the word.
K1: Final = 1.2
B: Final = 0.75
FEW: Final = 4_096
"""Allowed passages up to which each is looked up in the lists of the question's terms, and the lists are not gone through."""
REMEMBERED: Final = 100_000
"""Terms whose places in the segments are remembered."""
KEPT: Final = 24_000_000
"""Entries of the lists of common terms of which it is kept ready what they count, 4 bytes each. 300 questions to a million passages want
16,500,000: with room for half of these 12 % were found ready, and a question took 3.2 ms at the median and 10.4 at the 95th percentile;
with room for all 2.6 and 6.8."""


@dataclass(frozen=True)
class LexicalSegment:
    """What `write_lexical` wrote, memory-mapped: opening it reads next to nothing, whatever its size."""

    size: int
    length: int
    """Terms of all passages together."""
    letters: str
    """Those that its words are made of."""
    hashes: npt.NDArray[np.uint64]
    starts: npt.NDArray[Any]
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[Any]
    lengths: npt.NDArray[np.uint32]

    @classmethod
    def load(cls, folder: Path) -> "LexicalSegment":
        """Open the segment in `folder`.

        Raises:
            DamagedIndex: a file is missing, cannot be read, or is not as long as the others say.
        """
        try:
            meta = read_meta(folder)
            size, length, letters = int(meta["size"]), int(meta["length"]), str(meta["letters"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedIndex(f"{folder / META} cannot be read ({error})") from error
        arrays = [mapped(folder / f"{name}.npy") for name in ARRAYS]
        hashes, starts, rows, counts, lengths = arrays
        kinds = "".join(array.dtype.kind for array in arrays)
        if kinds not in ("uuiuu", "uiiuu") or any(array.ndim != 1 for array in arrays):
            raise DamagedIndex(f"the lexical index in {folder} cannot be read (its arrays are of other kinds: {kinds})")
        found = (len(lengths), len(starts) - 1, int(starts[-1]) if len(starts) else 0, len(counts))
        if found != (size, len(hashes), len(rows), len(rows)):
            raise DamagedIndex(f"the lexical index in {folder} cannot be read (its arrays differ in length: {found})")
        return cls(size, length, letters, *arrays)

    def where(self, number: int) -> tuple[int, int]:
        """Where the list of a term, given by its hash, begins and ends."""
        place = int(self.hashes.searchsorted(np.uint64(number)))
        if place == len(self.hashes) or int(self.hashes[place]) != number:
            return 0, 0
        return int(self.starts[place]), int(self.starts[place + 1])


@dataclass(frozen=True)
class _Held:
    """Where a term stands: for each segment that holds it its number and the stretch of its lists; and in how many passages."""

    places: tuple[tuple[int, int, int], ...]
    frequency: int


_NOWHERE: Final = _Held((), 0)


class Lexical:
    """Several segments as one index: row i is passage i, those of the second segment after those of the first.

    `live` says which passages are still there, None all of them; the others have no score and are not counted. How rare a term is
    and how long a passage is on average are told from all live passages, so that scores do not depend on how these are divided.
    Safe to share between threads.
    """

    def __init__(self, segments: Sequence[LexicalSegment], live: BoolVector | None = None) -> None:
        self._segments = tuple(segments)
        self._offsets = np.cumsum([0, *(segment.size for segment in segments)])
        self.size = int(self._offsets[-1])
        """Rows, holes and all."""
        self._live = live if live is not None and not live.all() else None
        self._holes = [
            np.zeros(0, np.int64) if self._live is None else np.flatnonzero(~self._live[offset : offset + segment.size])
            for offset, segment in zip(self._offsets, segments, strict=False)
        ]
        self.passages = self.size - sum(map(len, self._holes))
        """Live passages."""
        length = sum(segment.length for segment in segments) - sum(
            int(segment.lengths[gone].sum()) for segment, gone in zip(segments, self._holes, strict=True)
        )
        self.average = length / max(self.passages, 1)
        """Mean number of terms of a live passage."""
        self._known: dict[str, _Held] = {}
        self._worth: Recent[tuple[int, int], FloatVector] = Recent(KEPT)

    def __contains__(self, term: str) -> bool:
        return self._find(term).frequency > 0

    def frequency(self, term: str) -> int:
        """In how many live passages `term` occurs."""
        return self._find(term).frequency

    def search(self, weights: Mapping[str, float], k: int, allowed: RowVector | None = None) -> tuple[FloatVector, RowVector]:
        """The `k` greatest scores for terms given with their weights, and their rows: best first, ties by row, none that is zero.

        `allowed` limits the search to the given rows, ascending.

        Rare terms first: once what the others can add lifts no further passage among the best, they are only looked up for those that
        may be (MaxScore: Turtle and Flood, 1995). The scores are those of `scores`, to the last bit.
        """
        listed = self._ordered(weights)
        if k < 1 or not listed or (allowed is not None and not len(allowed)):
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        if allowed is not None and len(allowed) <= FEW:
            rows, scores = allowed, self.at(weights, allowed)
        else:
            rows, scores = self._best(listed, k, None if allowed is None else _mask(allowed, self.size))
        some = scores > 0
        rows, scores = rows[some], scores[some]
        chosen = top(scores, k)
        return scores[chosen], rows[chosen]

    def scores(self, weights: Mapping[str, float]) -> FloatVector:
        """BM25 score of every passage, shape (size,), for terms given with their weights."""
        total = np.zeros(self.size, np.float32)
        for factor, held in self._ordered(weights):
            for rows, worth in self._entries(held):
                # A passage stands at most once in a term's list, so plain fancy-index addition is safe.
                total[rows] += factor * worth
        return total

    def at(self, weights: Mapping[str, float], rows: RowVector) -> FloatVector:
        """The scores of the given passages, shape (len(rows),)."""
        total = np.zeros(len(rows), np.float32)
        for factor, held in self._ordered(weights):
            total += self._looked_up(factor, held, rows)
        return total

    def score(self, question: Sequence[str], passage: Sequence[str], average: float) -> float:
        """BM25 score of a passage that is not in the index as given; `average` is the mean number of terms of those that are."""
        counts = Counter(passage)
        norm = K1 * (1 - B + B * len(passage) / average)
        return sum(self._idf(self.frequency(term)) * counts[term] / (counts[term] + norm) for term in question if term in counts)

    def holds(self, term: str, rows: RowVector) -> BoolVector:
        """Whether each of the passages `rows` holds `term`, by itself or around it, shape (len(rows),)."""
        held = self._find(term)
        found = np.zeros(len(rows), np.bool_)
        for number, begin, end in held.places:
            _, inside = self._within(number, begin, end, rows)
            found |= inside
        return found if self._live is None else found & self._live[rows]

    def occurs(self, term: str, first: int, last: int) -> bool:
        """Whether any of the passages `first` to `last` holds `term`."""
        for number, begin, end in self._find(term).places:
            rows, offset = self._segments[number].rows, int(self._offsets[number])
            # Two places alone: `searchsorted` takes three times as long to begin.
            low = bisect_left(rows, first - offset, begin, end)
            high = bisect_right(rows, last - offset, low, end)
            if high > low and (self._live is None or self._live[rows[low:high] + offset].any()):
                return True
        return False

    def nearest(self, term: str) -> str | None:
        """The single word of the index that is one slip of the pen from `term` (a letter more, less, other, or two swapped) and begins as
        it does; the commonest of several."""
        slips = [slip for slip in _slips(term, self._letters) if slip.isalpha()]
        hashes = term_hashes(slips)
        found = np.zeros(len(slips), np.bool_)
        for segment in self._segments:
            places = segment.hashes.searchsorted(hashes)
            places[places == len(segment.hashes)] = 0
            found |= segment.hashes[places] == hashes if len(segment.hashes) else False
        known = [slips[place] for place in np.flatnonzero(found) if slips[place] in self]
        return max(known, key=lambda name: (self.frequency(name), name), default=None)

    @cached_property
    def _letters(self) -> str:
        return "".join(sorted(set().union(*(segment.letters for segment in self._segments))))

    @cached_property
    def _norms(self) -> FloatVector:
        """What the length of each passage adds to how often it holds a term, shape (size,)."""
        lengths = np.concatenate([np.zeros(0, np.uint32), *(segment.lengths for segment in self._segments)])
        return np.asarray(K1 * (1 - B + B * lengths / (self.average or 1.0)), np.float32)

    def _idf(self, frequency: int) -> float:
        return math.log(1 + (self.passages - frequency + 0.5) / (frequency + 0.5))

    def _find(self, term: str) -> _Held:
        known = self._known.get(term)
        if known is None:
            number = term_hash(term)
            spans = [(place, *segment.where(number)) for place, segment in enumerate(self._segments)]
            places = tuple((place, begin, end) for place, begin, end in spans if end > begin)
            frequency = sum(end - begin - self._gone(place, begin, end) for place, begin, end in places)
            known = _Held(places, frequency) if frequency else _NOWHERE
            if len(self._known) >= REMEMBERED:
                self._known = {}
            self._known[term] = known
        return known

    def _gone(self, number: int, begin: int, end: int) -> int:
        """How many passages of a list are no longer there."""
        holes, rows = self._holes[number], self._segments[number].rows[begin:end]
        if not len(holes):
            return 0
        few, many = (holes, rows) if len(holes) < len(rows) else (rows, holes)
        places = np.minimum(many.searchsorted(few), len(many) - 1)
        return int((many[places] == few).sum())

    def _ordered(self, weights: Mapping[str, float]) -> list[tuple[np.float32, _Held]]:
        """The terms that count, the rarest first: what each is worth, and where it stands. The order is the same however the passages
        are divided, and so are the sums."""
        found = [(self._find(term), term, weight) for term, weight in weights.items() if weight > 0]
        there = sorted((held.frequency, term, weight, held) for held, term, weight in found if held.places)
        return [(np.float32(weight * self._idf(frequency)), held) for frequency, _, weight, held in there]

    def _entries(self, held: _Held) -> Iterator[tuple[npt.NDArray[Any], FloatVector]]:
        """The passages that hold a term, segment by segment, and how much it counts in each, from 0 to 1; 0 in those no longer there."""
        for number, begin, end in held.places:
            rows: npt.NDArray[Any] = self._segments[number].rows[begin:end]
            rows = rows + self._offsets[number] if self._offsets[number] else rows
            worth = self._worth.get((number, begin))
            if worth is None:
                times = self._segments[number].counts[begin:end].astype(np.float32)
                worth = times / (times + self._norms[rows])
                if self._live is not None and len(self._holes[number]):
                    worth[~self._live[rows]] = 0
                if end - begin >= LONG:
                    # As these are in many questions.
                    self._worth.keep((number, begin), worth, end - begin)
            yield rows, worth

    def _within(self, number: int, begin: int, end: int, rows: RowVector) -> tuple[RowVector, BoolVector]:
        """For each of `rows` its place in a list of a segment, and whether it is there."""
        listed = self._segments[number].rows[begin:end]
        own = (rows - self._offsets[number]).astype(np.int32)
        places = np.minimum(listed.searchsorted(own), end - begin - 1)
        return places + begin, listed[places] == own

    def _looked_up(self, factor: np.float32, held: _Held, rows: RowVector) -> FloatVector:
        """What a term adds to the scores of the given passages."""
        added = np.zeros(len(rows), np.float32)
        for number, begin, end in held.places:
            places, inside = self._within(number, begin, end, rows)
            if self._live is not None:
                inside &= self._live[rows]
            times = self._segments[number].counts[places[inside]].astype(np.float32)
            added[inside] = factor * (times / (times + self._norms[rows[inside]]))
        return added

    def _best(self, listed: Sequence[tuple[np.float32, _Held]], k: int, mask: BoolVector | None) -> tuple[RowVector, FloatVector]:
        """Rows among which the `k` best are, ascending, and their scores."""
        tally = Tally(self.size, k, mask)
        # A term adds at most what it is worth; a little more, for what rounding may add.
        left = (np.cumsum([0.0, *(float(factor) for factor, _ in reversed(listed))])[::-1] * 1.0001).tolist()
        for place, (factor, held) in enumerate(listed):
            if place and held.frequency >= LONG:
                tally.best()
                if left[place] < tally.least:
                    found = tally.contenders(tally.least - left[place], held.frequency // LOOKUP)
                    if found:
                        return self._rest(listed[place:], left[place + 1 :], k, *found)
            for where, worth in self._entries(held):
                tally.add(where, factor * worth)
        return tally.best()

    def _rest(
        self, listed: Sequence[tuple[np.float32, _Held]], left: Sequence[float], k: int, rows: RowVector, scores: FloatVector
    ) -> tuple[RowVector, FloatVector]:
        """`rows`, but for those that are no longer among the `k` best whatever else is added, and their scores once all is."""
        for (factor, held), rest in zip(listed, left, strict=True):
            scores = scores + self._looked_up(factor, held, rows)
            if len(rows) > k:
                kept = scores >= np.partition(scores, len(scores) - k)[len(scores) - k] - rest
                rows, scores = rows[kept], scores[kept]
        return rows, scores


def _mask(rows: RowVector, size: int) -> BoolVector:
    mask = np.zeros(size, np.bool_)
    mask[rows] = True
    return mask


def _slips(term: str, letters: str) -> list[str]:
    """`term` and what comes of it by one slip after its first letter: one left out, two swapped, another, or one more."""
    found = [term]
    for place in range(1, len(term) + 1):
        before, here, after = term[:place], term[place : place + 1], term[place + 1 :]
        found += [before + after] if here else []
        found += [before + after[0] + here + after[1:]] if after else []
        found += [before + letter + after for letter in letters] if here else []
        found += [before + letter + here + after for letter in letters]
    return list(dict.fromkeys(found))
