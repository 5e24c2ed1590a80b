"""The ranking put as a reader wants it: the period asked for first, no passage twice, no article filling the first places."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Final

import numpy as np

from index.analyse import fold, terms
from index.dates import first_day
from qa.answer import Hit
from qa.look import title_stems
from qa.when import latest, period

IN_PERIOD: Final = 2.0
"""What lying in the period asked for is worth, in deviations of the scores. nDCG@10 of 250 dated OrangeSum standfirsts asked with
their month: 0.664 with 0, 0.718 with 1, 0.751 with 2, 0.760 with 3; with the month of another article 0.664, 0.659, 0.654, 0.624."""
NEWEST: Final = 0.25
"""What being the newest is worth where the question asks for the latest; the oldest gets nothing."""
SHORT: Final = 10
"""Shingles under which two passages are only one if they are the same: "page 7" is not "page 8"."""
SHINGLE: Final = 4
"""Words in a row that are compared between passages (Broder, 1997)."""
ALIKE: Final = 0.6
"""Share of the smaller passage's shingles from which two are one text: agency copy is cut elsewhere in each paper."""
FIRST: Final = 5
MOST: Final = 2
"""Passages of one article among the `FIRST`."""
_NAMED: Final = 3
_WORD = re.compile(r"\w+")


def select(text: str, hits: Sequence[Hit], today: date) -> list[Hit]:
    """The passages found for the question `text` to look for an answer in, best first: the period asked for, nothing twice."""
    return distinct(prefer(text, hits, today))


def arrange(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The selected passages in the order to show, where no article fills the first places.

    Scores never rise along the list: a passage that was put back takes the score of the one before it.
    """
    ordered = spread(text, hits)
    lowest = accumulate((hit.score for hit in ordered), min)
    return [
        hit if hit.score == score else replace(hit, score=score)
        for hit, score in zip(ordered, (round(score, 4) for score in lowest), strict=True)
    ]


def prefer(text: str, hits: Sequence[Hit], today: date) -> list[Hit]:
    """Passages of articles from the period asked for raised, never others taken out; undated ones stand as they are."""
    wanted, newest = period(text, today), latest(text)
    dated = sorted({first_day(hit.published) for hit in hits if hit.published})
    if not dated or not (wanted or newest):
        return list(hits)
    spread_of_scores = float(np.std([hit.score for hit in hits]))
    span = max((dated[-1] - dated[0]).days, 1)

    def bonus(hit: Hit) -> float:
        if not hit.published:
            return 0.0
        if wanted:
            return IN_PERIOD * wanted.holds(hit.published)
        return NEWEST * (first_day(hit.published) - dated[0]).days / span

    raised = [replace(hit, score=hit.score + spread_of_scores * bonus(hit)) for hit in hits]
    return sorted(raised, key=lambda hit: -hit.score)


def distinct(hits: Sequence[Hit]) -> list[Hit]:
    """The passages, without those that are nearly the text of one before them."""
    kept: list[Hit] = []
    seen: list[frozenset[int]] = []
    holders: dict[int, list[int]] = {}
    for hit in hits:
        shingles = _shingles(hit.text)
        # Most passages share nothing, and only those that do are compared.
        sharing = {place for shingle in shingles for place in holders.get(shingle, ())}
        if not any(_alike(shingles, seen[place]) for place in sharing):
            for shingle in shingles:
                holders.setdefault(shingle, []).append(len(seen))
            kept.append(hit)
            seen.append(shingles)
    return kept


def spread(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """At most `MOST` passages of an article among the first `FIRST`, as long as there are others; an article whose title
    the question quotes may fill them."""
    asked = frozenset(terms(text))
    counts: dict[str, int] = {}
    early: list[Hit] = []
    late: list[Hit] = []
    for hit in hits:
        free = len(early) >= FIRST or _quoted(hit.title, asked) or counts.get(hit.article_id, 0) < MOST
        (early if free else late).append(hit)
        counts[hit.article_id] = counts.get(hit.article_id, 0) + 1
        if len(early) == FIRST and late:
            # From here on the order is again that of the scores.
            taken = set(map(id, early))
            rest = [other for other in hits if id(other) not in taken]
            return early + rest
    return early + late


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    smaller = min(len(one), len(other))
    return one == other if smaller < SHORT else len(one & other) >= ALIKE * smaller


def _quoted(title: str | None, asked: frozenset[str]) -> bool:
    held = title_stems(title)
    return len(held) >= _NAMED and held <= asked


@lru_cache(maxsize=1_000)
def _shingles(text: str) -> frozenset[int]:
    words = _WORD.findall(fold(text))
    return frozenset(hash(tuple(words[place : place + SHINGLE])) for place in range(max(1, len(words) - SHINGLE + 1)))
