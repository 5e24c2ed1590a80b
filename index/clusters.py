"""Which articles of a generation are copies of which: told anew for all, or only around those that came and went.

Around new articles means: with all that share enough of their samples with them, and the clusters of those, and so on. What lies
beyond shares nothing that counts, so that the outcome is the one of a comparison of all with all.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

import numpy as np

from index.duplicates import COMMON, LIKELY, Item, clusters, held
from index.generation import Generation
from index.shingles import Signature
from index.vectors import RowVector

AROUND: Final = 256
"""Articles from which others are looked for. In a larger crowd, of weather reports, mostly, those farther off stay as they were until the
next full build."""
_SPREAD: Final = 4_096
"""Articles that may share a shingle before it is not even looked who they are."""
_NEAREST: Final = 64

Pairs = RowVector
"""Numbers of copies, ascending, each with that of its original: shape (copies, 2)."""


def all_pairs(generation: Generation) -> Pairs:
    """The copies among all articles."""
    return _pairs(_told(generation, np.flatnonzero(generation.present).tolist()))


def pairs_around(generation: Generation, before: Pairs, fresh: Collection[int], orphans: Collection[int]) -> Pairs:
    """The copies among all articles, when those `before` were known: `fresh` articles came, and `orphans` lost the article that they
    were copies of."""
    if not len(fresh) and not len(orphans):
        return before
    original = np.arange(len(generation.present))
    original[before[:, 0]] = before[:, 1]
    told = _told(generation, _neighbourhood(generation, before, original, [*fresh, *orphans]))
    rest = before[~np.isin(before[:, 0], list(told))]
    return _pairs(told | {int(copy): int(of) for copy, of in rest})


def _pairs(told: dict[int, int]) -> Pairs:
    return np.array(sorted((copy, of) for copy, of in told.items() if copy != of), np.int64).reshape(-1, 2)


def _told(generation: Generation, numbers: Sequence[int]) -> dict[int, int]:
    """For each of some articles the number of the one of them that it is a copy of, its own where it is none."""
    items = [Item(id=name, published=published, signature=known) for name, published, known in _described(generation, numbers)]
    text_of = _texts(generation, numbers)
    found = clusters(items, text_of)
    for place, original in enumerate(found):
        # A longer version of a dispatch is found by what it adds.
        if original != place and not held(text_of(place), text_of(original)):
            found[place] = place
    return {numbers[place]: numbers[original] for place, original in enumerate(found)}


def _described(generation: Generation, numbers: Sequence[int]) -> Iterable[tuple[str, str | None, Signature]]:
    for number in numbers:
        place = generation.place_of(number)
        query = "SELECT id, published, signature FROM articles WHERE position = ?"
        name, published, kept = generation.segments[place.segment].one(query, (place.position,))
        yield name, published, Signature.from_bytes(kept)


def _texts(generation: Generation, numbers: Sequence[int]) -> Callable[[int], str]:
    def text_of(place: int) -> str:
        where = generation.place_of(numbers[place])
        found: str = generation.segments[where.segment].one("SELECT text FROM articles WHERE position = ?", (where.position,))[0]
        return found

    return text_of


def _neighbourhood(generation: Generation, before: Pairs, original: RowVector, first: Sequence[int]) -> list[int]:
    found: set[int] = set()
    waiting: list[int] = []

    def meet(number: int) -> None:
        leader = int(original[number])
        for member in {number, leader, *before[before[:, 1] == leader, 0].tolist()} - found:
            found.add(member)
            waiting.append(member)

    for number in first:
        meet(number)
    looked = 0
    # Every new one is looked from, however many; what they meet, only so far.
    while looked < len(waiting) and looked < max(AROUND, len(first)):
        for number in _likely(generation, original, waiting[looked]):
            meet(number)
        looked += 1
    return sorted(found)


def _likely(generation: Generation, original: RowVector, number: int) -> list[int]:
    """The articles whose samples have enough in common with that of an article for their texts to be compared."""
    own = next(iter(_described(generation, [number])))[2].sample
    counts: Counter[int] = Counter()
    for shingle in own.tolist():
        sharing = [segment.sharing(shingle) + int(start) for segment, start in zip(generation.segments, generation.starts, strict=False)]
        if sum(map(len, sharing)) > _SPREAD:
            continue
        numbers = np.concatenate([np.zeros(0, np.int64), *sharing])
        numbers = numbers[generation.present[numbers]]
        # As the comparison of all does: one that so many articles share that are no copies of each other is a standard sentence.
        if len(np.unique(original[numbers])) <= COMMON:
            counts.update(numbers.tolist())
    del counts[number]
    nearest = [other for other, _ in counts.most_common(_NEAREST)]
    samples = [len(known.sample) for _, _, known in _described(generation, nearest)]
    return [other for other, size in zip(nearest, samples, strict=True) if counts[other] >= LIKELY * min(len(own), size)]
