"""The passages nearest to a question: the dense and the lexical half, fused."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from index.embed import Embedder
from index.store import Generation
from index.vectors import FloatVector, RowVector
from qa.question import Question

POOL: Final = 100
"""Passages that each half proposes before they are fused."""
LEXICAL_WEIGHT: Final = {"fr": 0.85, "en": 0.6}


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Rows of passages, best first, and their scores; only comparable within one ranking."""

    rows: RowVector
    scores: FloatVector


def rank(generation: Generation, embedder: Embedder, question: Question, k: int, allowed: RowVector | None = None) -> Ranking:
    """The `k` best passages by both halves; `allowed` limits them to the given rows."""
    lexical = generation.lexical.scores(question.lexical)
    query = embedder.encode_query(question.text)
    rows = candidates(generation, lexical, query, max(POOL, k), allowed)
    scores = fuse(lexical[rows], generation.vectors.scores(query, rows), LEXICAL_WEIGHT[question.language])
    return best(rows, scores, k)


def candidates(
    generation: Generation, lexical: FloatVector, query: FloatVector, pool: int = POOL, allowed: RowVector | None = None
) -> RowVector:
    """Rows that either half puts among its first `pool`, ascending."""
    within = lexical if allowed is None else lexical[allowed]
    found = top(within, pool)
    found = found[within[found] > 0]
    _, near = generation.vectors.search(query, pool, allowed)
    return np.union1d(found if allowed is None else allowed[found], near).astype(np.int64)


def top(scores: FloatVector, k: int) -> RowVector:
    """Positions of the `k` greatest scores, best first, ties by position."""
    k = min(k, len(scores))
    if k == 0:
        return np.zeros(0, np.int64)
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    # All that tie with the last place come in before the order by position decides between them.
    chosen = np.flatnonzero(scores >= least)
    return np.asarray(chosen[np.lexsort((chosen, -scores[chosen]))][:k], dtype=np.int64)


def fuse(lexical: FloatVector, dense: FloatVector, weight: float) -> FloatVector:
    """One score from both halves, each brought to mean zero and deviation one over the candidates."""
    return weight * _standard(lexical) + (1 - weight) * _standard(dense)


def best(rows: RowVector, scores: FloatVector, k: int) -> Ranking:
    """The `k` rows with the greatest scores, best first, ties by row."""
    order = np.lexsort((rows, -scores))[:k]
    return Ranking(rows=rows[order], scores=scores[order])


def _standard(scores: FloatVector) -> FloatVector:
    spread = float(scores.std()) if len(scores) else 0.0
    return (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)
