"""Whether the evidence answers the question, and which sentences are quoted."""

from collections.abc import Sequence
from typing import Final

from qa.evidence import Evidence, strength
from qa.question import Question

LEAST_SUPPORT: Final = 0.62
MOST_QUOTES: Final = 3
NEARLY_AS_GOOD: Final = 0.85
# Kinds whose answer can be seen in the sentence; without it there is none.
STRICT: Final = frozenset({"when", "number", "person", "where"})


def supported(question: Question, ordered: Sequence[Evidence]) -> list[Evidence]:
    """The evidence good enough to be quoted, best first; empty when the articles do not answer."""
    kept = [item for item in ordered if item.support >= LEAST_SUPPORT and (item.signed or question.kind not in STRICT)]
    return [item for item in kept if not any(concept.name for concept in item.absent)]


def choose(kept: Sequence[Evidence]) -> list[Evidence]:
    """One to three sentences: the best, then those nearly as good, other articles first, none saying the same again."""
    if not kept:
        return []
    chosen = [kept[0]]
    rivals = [item for item in kept[1:] if strength(item) >= NEARLY_AS_GOOD * strength(kept[0])]
    others = [item for item in rivals if item.sentence.article.id != kept[0].sentence.article.id]
    for item in [*others, *rivals]:
        if len(chosen) == MOST_QUOTES:
            break
        if item not in chosen and not any(_alike(item, known) for known in chosen):
            chosen.append(item)
    return chosen


def _alike(first: Evidence, second: Evidence) -> bool:
    """Whether two sentences share most of their words (Jaccard above 0.6), as copies of one text do."""
    one, other = first.sentence.stems, second.sentence.stems
    return len(one & other) > 0.6 * len(one | other)
