"""Reading: the sentences of the passages found, in the order of how likely each is to answer.

A linear model over features of a question and a sentence, fitted by `python -m qa.training.reader` as a conditional logit (McFadden,
1974) and kept as data in `models/reader.json`. What is cheap is looked at in every sentence, what is dear in the best of them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from index.generation import Generation
from index.vectors import FloatMatrix, FloatVector
from qa.answer import Hit
from qa.evidence import Evidence
from qa.features import NAMES, PASSAGES, PLAIN, by_kind, close_features, plain_features
from qa.look import Seen, absent, look, usable
from qa.question import Question

MODEL: Final = Path(__file__).parent / "models" / "reader.json"
FINALISTS: Final = 14
"""Sentences that are looked at closely."""
LARGE_PASSAGES: Final = 4
"""Passages that are read of a large collection, instead of `PASSAGES`."""
LARGE_FINALISTS: Final = 6
"""Sentences that are looked at closely in a large collection."""
SMALL: Final = 450
"""Passages of a collection that is small: some hundred articles."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read for a question: the evidence, best first, and the passages with how far each holds each notion."""

    question: Question
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    held: FloatMatrix
    """Shape (passages, concepts)."""
    size: int
    """Passages of the whole collection."""


def read(
    generation: Generation, question: Question, hits: Sequence[Hit], weights: FloatVector | None = None, finalists: int | None = None
) -> Reading:
    """The sentences of the first passages that could be quoted, best first: `finalists` of them, or as many as suit the collection.

    `weights` of the features (`NAMES`) are the fitted ones unless others are given, as fitting does.
    """
    small = generation.manifest.passages <= SMALL
    hits = tuple(hits[: PASSAGES if small else LARGE_PASSAGES])
    everything = [] if question.empty else look(generation, question, hits)
    held = np.zeros((len(hits), len(question.concepts)), np.float32)
    for item in everything:
        held[item.rank] = np.maximum(held[item.rank], item.held)
    seen = usable(everything)
    few = finalists or (FINALISTS if small else LARGE_FINALISTS)
    evidence = tuple(_ordered(generation, question, seen, weights, few)) if seen else ()
    return Reading(question=question, hits=hits, evidence=evidence, held=held, size=generation.manifest.passages)


def _ordered(generation: Generation, question: Question, seen: Sequence[Seen], given: FloatVector | None, finalists: int) -> list[Evidence]:
    weights = _weights() if given is None else given
    plain = plain_features(question, seen)
    few = np.lexsort((np.arange(len(seen)), -np.vecdot(plain, weights[: len(PLAIN)])))[:finalists]
    final = [seen[place] for place in few]
    close, found = close_features(question, final)
    both = np.concatenate([plain[few], close], axis=1)
    matrix = np.concatenate([both, by_kind(question, both)], axis=1)
    scores = np.vecdot(matrix, weights)
    lacking = {article_id: absent(generation, question, article_id) for article_id in {item.hit.article_id for item in final}}
    order = sorted(range(len(final)), key=lambda place: (-scores[place], final[place].sentence.article.id, final[place].sentence.start))
    return [
        Evidence(
            question=question, sentence=item.sentence, score=float(scores[place]), features=matrix[place], span=found[place][0], signed=found[place][1],
            absent=lacking[item.hit.article_id],
            unmet=tuple(
                concept for concept, *met in zip(question.concepts, item.held, item.around, strict=True) if not any(met)
            ),
        )
        for place in order
        for item in [final[place]]
    ]  # fmt: skip


@cache
def _weights() -> FloatVector:
    fitted: Mapping[str, float] = json.loads(MODEL.read_text(encoding="utf-8"))["coefficients"]
    return np.array([fitted[name] for name in NAMES], np.float32)
