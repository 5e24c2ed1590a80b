"""Questions that want more than a fact: what the articles say on a subject, which of them speak of it, what happened when."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from index.dates import first_day
from index.generation import Generation
from index.vectors import FloatVector
from qa.answer import Hit
from qa.look import Seen, look, usable
from qa.moments import Moment, moments
from qa.question import Question
from qa.when import Period

READ: Final = 40
"""Passages looked at."""
ENOUGH: Final = 0.5
"""Share of the subject that a sentence or what stands around it must hold."""
IN_ITSELF: Final = 0.25
"""Share that the sentence must hold by itself."""
DIGEST: Final = 5
LISTED: Final = 10
DATES: Final = 8
RELEVANCE: Final = 0.7
"""Of relevance against novelty in maximal marginal relevance (Carbonell and Goldstein, 1998)."""
ALIKE: Final = 0.5
"""Jaccard of two sentences' stems from which they say the same."""


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A sentence and the date in it that it is placed by."""

    seen: Seen
    moment: Moment


def relevant(generation: Generation, question: Question, hits: Sequence[Hit]) -> list[tuple[Seen, float]]:
    """The sentences on the subject, with how much of it they hold, the best first."""
    weights = np.array([concept.weight for concept in question.concepts], np.float32)
    share: FloatVector = weights / (weights.sum() or 1.0)
    named = np.array([concept.name for concept in question.concepts], np.bool_)
    found = []
    for item in usable(look(generation, question, hits[:READ])) if len(share) else []:
        met = np.maximum(item.held, item.around)
        if met @ share >= ENOUGH and item.held @ share >= IN_ITSELF and not (met[named] == 0).any():
            found.append((item, float(item.held @ share) + 0.5 * float(met @ share) + 0.3 / (1 + item.rank)))
    return sorted(found, key=lambda pair: (-pair[1], pair[0].hit.article_id, pair[0].sentence.start))


def digest(found: Sequence[tuple[Seen, float]]) -> list[Seen]:
    """One sentence a source, nothing twice: by maximal marginal relevance. Of one source alone, three sentences."""
    sources = {item.hit.article_id for item, _ in found}
    each = 1 if len(sources) > 1 else 3
    chosen: list[Seen] = []
    left = list(found[: 4 * READ])
    while left and len(chosen) < DIGEST:
        item, _ = max(
            left, key=lambda pair: RELEVANCE * pair[1] - (1 - RELEVANCE) * max((_jaccard(pair[0], known) for known in chosen), default=0.0)
        )
        chosen.append(item)
        full = sum(known.hit.article_id == item.hit.article_id for known in chosen) >= each
        left = [
            pair for pair in left
            if pair[0] is not item and not (full and pair[0].hit.article_id == item.hit.article_id) and _jaccard(pair[0], item) < ALIKE
        ]  # fmt: skip
    return chosen


def by_article(found: Sequence[tuple[Seen, float]]) -> list[Seen]:
    """The best sentence of each article that speaks of the subject, the best article first."""
    first: dict[str, Seen] = {}
    for item, _ in found:
        first.setdefault(item.hit.article_id, item)
    return list(first.values())[:LISTED]


def timeline(found: Sequence[tuple[Seen, float]], period: Period | None = None) -> list[Dated]:
    """Dated sentences on the subject in the order of their dates, those of `period` only where one is asked for; the best of those
    that say the same. Dates told from the day of writing count where the article is dated."""
    kept: list[Dated] = []
    for item, _ in found:
        told = [moment for moment in moments(item.sentence.text, item.hit.published) if period is None or period.holds(moment.date)]
        if told and not any(_jaccard(item, other.seen) >= ALIKE for other in kept):
            # The most precise date is the one that the sentence is about.
            kept.append(Dated(seen=item, moment=max(told, key=lambda moment: (len(moment.date), -moment.start))))
        if len(kept) == 2 * DATES:
            break
    ordered = sorted(kept, key=lambda dated: (first_day(dated.moment.date), len(dated.moment.date)))
    # Of one day, the two best: `kept` has them in the order of relevance.
    each_day = [sorted(day, key=kept.index)[:2] for _, day in groupby(ordered, key=lambda dated: dated.moment.date)]
    few = sorted((dated for day in each_day for dated in day), key=kept.index)[:DATES]
    return [dated for dated in ordered if dated in few]


def _jaccard(one: Seen, other: Seen) -> float:
    first, second = one.sentence.stems, other.sentence.stems
    return len(first & second) / (len(first | second) or 1)
