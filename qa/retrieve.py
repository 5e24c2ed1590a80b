"""The passages nearest to a question: the dense and the lexical half, fused, and the best of them looked at again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from index.embed import Embedder
from index.generation import Generation
from index.vectors import FloatVector, RowVector
from qa.question import Question
from qa.rescore import RESCORED, Halves, rescore, standard

POOL: Final = 100
"""Passages that each half proposes before they are fused."""
LEXICAL_WEIGHT: Final = {"fr": 0.75, "en": 0.6}
"""Set on the development sets with the bundled model; the second look goes by the question."""


Scored = tuple[RowVector, FloatVector]
"""Rows and the score of each."""


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Rows of passages, best first, and their scores; only comparable within one ranking."""

    rows: RowVector
    scores: FloatVector


@dataclass(frozen=True, kw_only=True)
class Fused:
    """A ranking by both halves, with what it was made of. `halves` are in the order of `ranking`."""

    ranking: Ranking
    query: FloatVector
    halves: Halves


def rank(generation: Generation, embedder: Embedder, question: Question, k: int, allowed: RowVector | None = None) -> Ranking:
    """The `k` best passages by both halves and a second look at the first; `allowed` limits them to the given rows."""
    fused = fusion(generation, embedder, question, max(k, RESCORED), allowed)
    found = fused.ranking
    first = found.rows[:RESCORED]
    if not len(first) or question.empty:
        return Ranking(rows=found.rows[:k], scores=found.scores[:k])
    sparse, dense = (scores[:RESCORED] for scores in fused.halves)
    again = reorder(found, rescore(generation, question, fused.query, first, (sparse, dense)))
    return Ranking(rows=again.rows[:k], scores=again.scores[:k])


def fusion(generation: Generation, embedder: Embedder, question: Question, k: int, allowed: RowVector | None = None) -> Fused:
    """The `k` best passages by the weighted sum of both halves' standardised scores."""
    query = generation.vectors.question(embedder.encode_query(question.text))
    rows, known = _pooled(generation, question.lexical, query, max(POOL, k), allowed)
    # The vectors first: with them Milvus sends all else that is stored of the rows.
    dense = generation.vectors.scores(query, rows)
    lexical = _lexical(generation, question.lexical, rows, known)
    scores, (sparse, dense) = fuse(lexical, dense, LEXICAL_WEIGHT[question.language])
    order = np.lexsort((rows, -scores))[:k]
    return Fused(ranking=Ranking(rows=rows[order], scores=scores[order]), query=query, halves=(sparse[order], dense[order]))


def candidates(
    generation: Generation, weights: Mapping[str, float], query: FloatVector, pool: int = POOL, allowed: RowVector | None = None
) -> RowVector:
    """Rows that either half puts among its first `pool`, ascending; `weights` are those of the terms, `query` is the vector."""
    return _pooled(generation, weights, query, pool, allowed)[0]


def fuse(lexical: FloatVector, dense: FloatVector, weight: float) -> tuple[FloatVector, Halves]:
    """One score from both halves, each brought to mean zero and deviation one over the candidates; and the halves so brought."""
    halves = standard(lexical), standard(dense)
    return weight * halves[0] + (1 - weight) * halves[1], halves


def _pooled(
    generation: Generation, weights: Mapping[str, float], query: FloatVector, pool: int, allowed: RowVector | None
) -> tuple[RowVector, Scored]:
    """`candidates`, and what the search by words said of some of them."""
    scores, found = generation.lexical.search(weights, pool, allowed)
    _, near = generation.vectors.search(query, pool, allowed)
    both = np.sort(np.concatenate([found, near]))
    # What np.union1d does, without its five calls.
    return (both[np.append(True, both[1:] != both[:-1])] if len(both) else both), (found, scores)


def _lexical(generation: Generation, weights: Mapping[str, float], rows: RowVector, known: Scored) -> FloatVector:
    """The lexical scores of `rows`, some of which are `known`."""
    scores, missing = np.zeros(len(rows), np.float32), np.ones(len(rows), np.bool_)
    places = rows.searchsorted(known[0])
    scores[places], missing[places] = known[1], False
    scores[missing] = generation.lexical.at(weights, rows[missing])
    return scores


def best(rows: RowVector, scores: FloatVector, k: int) -> Ranking:
    """The `k` rows with the greatest scores, best first, ties by row."""
    order = np.lexsort((rows, -scores))[:k]
    return Ranking(rows=rows[order], scores=scores[order])


def reorder(ranking: Ranking, scores: FloatVector) -> Ranking:
    """`ranking` with its first `len(scores)` rows ordered by `scores`, ties as they stood.

    The others follow as they were, their scores lowered to stay below.
    """
    count = len(scores)
    if count == 0:
        return ranking
    order = np.argsort(-scores, kind="stable")
    rest = ranking.scores[count:]
    lowered = rest - (rest[0] - scores.min()) if len(rest) else rest
    return Ranking(
        rows=np.concatenate([ranking.rows[:count][order], ranking.rows[count:]]),
        scores=np.concatenate([scores[order], lowered]).astype(np.float32),
    )
