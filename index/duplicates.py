"""Near copies among all articles of a collection: agency copy that many sites published is one cluster.

Each cluster is gathered around its representative, and every member is compared with that one itself, on their whole texts: a
chain of likenesses never makes two articles one.
"""

from collections import Counter
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from index.copies import Text, compare, same
from index.dates import last_day
from index.shingles import Signature, signature

__all__ = ["Item", "Signature", "Verdicts", "clusters", "held", "signature"]

Verdicts = MutableMapping[tuple[bytes, bytes], bool]
"""Keys of a representative's and an article's signatures -> whether they are copies; kept, it spares comparing them again."""

LIKELY: Final = 0.15
"""Share of the smaller sample in common from which two texts are compared. A copy of which every fifth word was changed
keeps four in ten of its shingles of four words."""
COMMON: Final = 64
"""Representatives that may share a shingle before it is taken for a standard sentence and no longer looked up."""
TRIED: Final = 8
"""Representatives, the likeliest first, that an article is compared with."""
HELD: Final = 0.9
"""The rest is a dateline, a mention of the agency, a link."""
_CACHED: Final = 256
_UNDATED: Final = "9999-12-31"


@dataclass(frozen=True, kw_only=True)
class Item:
    """An article as it is told apart from others."""

    id: str
    signature: Signature
    published: str | None = None


def clusters(items: Sequence[Item], text_of: Callable[[int], str], verdicts: Verdicts | None = None) -> list[int]:
    """For each item the number of its representative, which is itself where it is no copy.

    The representative is the earliest published of its cluster, then the longest, then the lowest id; an article whose date
    is not known comes after all others, one dated to the month or year at its end. The order of `items` makes no difference.
    `text_of` gives the cleaned text of an item by its number, and is asked only for those likely to be copies. `verdicts` is
    read and added to; it must be emptied when `index.copies` or `index.changed` change.
    """
    order = sorted(range(len(items)), key=lambda number: _rank(items[number]))
    firsts: dict[bytes, int] = {}
    for number in order:
        firsts.setdefault(items[number].signature.key, number)
    leaders = _gather(items, list(firsts.values()), text_of, {} if verdicts is None else verdicts)
    return [
        leaders[firsts[item.signature.key]] if item.signature.words else number for number, item in enumerate(items)
    ]  # fmt: skip


def held(text: str, by: str) -> bool:
    """Whether nearly all of `text`, `HELD` of its words, stands in the text `by`."""
    return compare(Text(text), Text(by)).whole[0] >= HELD


def _rank(item: Item) -> tuple[str, int, str]:
    published = last_day(item.published).isoformat() if item.published else _UNDATED
    return published, -item.signature.words, item.id


def _gather(items: Sequence[Item], order: Sequence[int], text_of: Callable[[int], str], verdicts: Verdicts) -> dict[int, int]:
    """The representative of each of the items in `order`, whose texts all differ."""

    @lru_cache(_CACHED)
    def text(number: int) -> Text:
        return Text(text_of(number))

    def copied(leader: int, number: int) -> bool:
        pair = items[leader].signature.key, items[number].signature.key
        if pair not in verdicts:
            verdicts[pair] = same(text(leader), text(number))
        return verdicts[pair]

    places = {number: place for place, number in enumerate(order)}
    sizes = [len(item.signature.sample) for item in items]
    postings: list[list[int]] = []
    leaders: dict[int, int] = {}
    for number, shared in zip(order, _shared(items, order, postings), strict=True):
        counts = Counter(leader for row in shared if len(postings[row]) <= COMMON for leader in postings[row])
        size = sizes[number]
        likely = [leader for leader, count in counts.items() if count >= LIKELY * size or count >= LIKELY * sizes[leader]]
        likely.sort(key=lambda leader: (-counts[leader], places[leader]))
        leaders[number] = next((leader for leader in likely[:TRIED] if copied(leader, number)), number)
        if leaders[number] == number:
            for row in shared:
                if len(postings[row]) <= COMMON:
                    postings[row].append(number)
    return leaders


def _shared(items: Sequence[Item], order: Sequence[int], postings: list[list[int]]) -> list[list[int]]:
    """For each item in `order` the rows of `postings` of its sampled shingles that another has too."""
    samples = [items[number].signature.sample for number in order]
    if not samples:
        return []
    _, rows, counts = np.unique(np.concatenate(samples), return_inverse=True, return_counts=True)
    kept = counts > 1
    numbers = np.cumsum(kept) - 1
    postings.extend([] for _ in range(int(kept.sum())))
    pieces = np.split(rows, np.cumsum([len(sample) for sample in samples])[:-1])
    return [numbers[piece[kept[piece]]].tolist() for piece in pieces]
