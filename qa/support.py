"""How likely what was read is to answer the question: small boosted trees, fitted, kept as data.

`models/support.json` comes from `python -m qa.training.support`, on questions asked twice, once with their article in the index
and once without it: the method of SQuAD 2.0's unanswerable questions (Rajpurkar et al., 2018) without its annotators. Gradient
boosting (Friedman, 2001) by scikit-learn; asking needs NumPy only.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.vectors import FloatVector
from qa.features import CLOSE, KINDS, PLAIN
from qa.reader import Reading

MODEL: Final = Path(__file__).parent / "models" / "support.json"
_BEST: Final = ("covered", "beside", "begun", "soft", "dense", "context", "near", "pair", "run")
_BEST_PLACES: Final = [(*PLAIN, *CLOSE).index(name) for name in _BEST]
"""Features of which the best of all sentences is looked at too."""
_EVERY: Final = np.uint64(2**64 - 1)
NAMES: Final = (
    *PLAIN, *CLOSE, "lead_over_second", "lead_over_three", "score_of_best", "absent_most", "absent_sum", "unmet_most", "unmet_sum", "absent_thing",
    "focus_unmet", "concepts", "weight", "weight_most", "missing", "missing_share", "names", "english", *(f"best_{name}" for name in _BEST), *KINDS,
    "passage_share", "passages_share", "passages_share_gap", "passage_unmet", "article_gap",
    "passage_gap", "spread", "strict", "strict_all", "articles", "passages_share_three", "fits",
)  # fmt: skip


@dataclass(frozen=True)
class _Trees:
    """Trees as QuickScorer looks at them (Lucchese et al., 2015): all branches of all trees at once, none followed from the root."""

    feature: npt.NDArray[np.intp]
    """Of each branch the feature that it asks for, shape (branches,)."""
    threshold: FloatVector
    """What that must exceed for the branch to lead to the right, shape (branches,)."""
    left: npt.NDArray[np.uint64]
    """All leaves of its tree but those on its left, a bit each, the leftmost lowest; shape (branches,)."""
    starts: npt.NDArray[np.intp]
    """The first branch of each tree, shape (trees,)."""
    value: npt.NDArray[np.float64]
    """What each leaf adds, shape (trees, leaves)."""
    start: float


def features(reading: Reading) -> FloatVector:
    """What the trees see of a reading that found some evidence, shape (len(NAMES),)."""
    question, evidence = reading.question, reading.evidence
    best = evidence[0]
    weights = np.array([concept.weight for concept in question.concepts], np.float32)
    total = float(weights.sum()) or 1.0
    share = weights / total
    absent = [concept.weight / total for concept in best.absent]
    unmet = [concept.weight / total for concept in best.unmet]
    scores = [item.score for item in evidence]
    own = len(PLAIN) + len(CLOSE)
    every = np.array([item.features for item in evidence])
    row = [
        *best.features[:own],
        scores[0] - scores[1] if len(scores) > 1 else 3.0, scores[0] - sum(scores[:3]) / len(scores[:3]), scores[0],
        max(absent, default=0.0), sum(absent), max(unmet, default=0.0), sum(unmet),
        max((concept.weight for concept in best.absent if concept.thing and concept != question.focus), default=0.0),
        question.focus in best.unmet, len(question.concepts), weights.mean(), weights.max(),
        sum(concept.missing for concept in question.concepts), sum(concept.weight for concept in question.concepts if concept.missing) / total,
        sum(concept.name for concept in question.concepts), question.language == "en",
        *every[:, _BEST_PLACES].max(axis=0), *(question.kind == kind for kind in KINDS),
        *_of_passages(reading, share), best.firm, sum(item.firm for item in evidence) / len(evidence),
        len({hit.article_id for hit in reading.hits}), np.sort(np.vecdot(reading.held, share))[-3:].mean(), best.fits,
    ]  # fmt: skip
    return np.array(row, np.float32)


def _of_passages(reading: Reading, share: FloatVector) -> list[float]:
    held: list[float] = np.vecdot(reading.held, share).tolist()
    scores = [hit.score for hit in reading.hits]
    others = [hit.score for hit in reading.hits if hit.article_id != reading.hits[0].article_id]
    mean = fmean(scores)
    unmet = [weight for weight, met in zip(share.tolist(), reading.held[0].tolist(), strict=True) if not met]
    return [
        held[0], max(held), max(held) - fmean(held), max(unmet, default=0.0), scores[0] - (others[0] if others else scores[-1]),
        scores[0] - fmean(scores[:3]), math.sqrt(fmean((score - mean) ** 2 for score in scores)),
    ]  # fmt: skip


def probability(reading: Reading) -> float:
    """The chance, from 0 to 1, that what was read answers the question; 0 where nothing was found."""
    return chance(features(reading)) if reading.evidence else 0.0


def chance(row: FloatVector) -> float:
    """The chance by the trees, from 0 to 1."""
    trees = _trees()
    # A branch that leads to the right rules out the leaves on its left; the leftmost leaf that is left over is where the tree ends.
    left = np.where(row[trees.feature] <= trees.threshold, _EVERY, trees.left)
    reached = np.bitwise_and.reduceat(left, trees.starts)
    leaf = np.frexp((reached & -reached).astype(np.float64))[1] - 1
    score = trees.start + float(trees.value[np.arange(len(leaf)), leaf].sum())
    return float(1 / (1 + np.exp(-score)))


def threshold() -> float:
    """The probability from which an answer is given, set with the trees."""
    return float(_model()["threshold"])


@cache
def _trees() -> _Trees:
    model = _model()
    branches = [list(_branches(tree)) for tree in model["trees"]]
    # A leaf has itself for both children.
    leaves = [[tree["value"][node] for node in _leaves(tree, 0)] for tree in model["trees"]]
    every = [branch for own in branches for branch in own]
    most = max(map(len, leaves))
    return _Trees(
        feature=np.array([feature for feature, _, _ in every]),
        # As NumPy compares them in training: the features are float32.
        threshold=np.array([threshold for _, threshold, _ in every], np.float32),
        left=np.array([bits for _, _, bits in every], np.uint64),
        starts=np.cumsum([0, *map(len, branches[:-1])]),
        value=np.array([own + [0.0] * (most - len(own)) for own in leaves]),
        start=model["start"],
    )


def _branches(tree: Mapping[str, Sequence[Any]]) -> Iterator[tuple[int, float, int]]:
    """The feature, the threshold and the leaves that are left over on the right of each branch; one that decides nothing for a tree that
    has none."""
    places = {node: place for place, node in enumerate(_leaves(tree, 0))}
    inner = [node for node, child in enumerate(tree["left"]) if child != node]
    for node in inner:
        gone = sum(1 << places[leaf] for leaf in _leaves(tree, tree["left"][node]))
        yield tree["feature"][node], tree["threshold"][node], int(_EVERY) & ~gone
    if not inner:
        yield 0, 0.0, int(_EVERY)


def _leaves(tree: Mapping[str, Sequence[Any]], node: int) -> list[int]:
    """The leaves under a node, from the left."""
    left, right = tree["left"][node], tree["right"][node]
    return [node] if left == node else [*_leaves(tree, left), *_leaves(tree, right)]


@cache
def _model() -> Mapping[str, Any]:
    model: Mapping[str, Any] = json.loads(MODEL.read_text(encoding="utf-8"))
    return model
