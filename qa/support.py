"""How likely what was read is to answer the question: small boosted trees, fitted, kept as data.

`models/support.json` comes from `python -m qa.training.support`, on questions asked twice, once with their article in the index
and once without it: the method of SQuAD 2.0's unanswerable questions (Rajpurkar et al., 2018) without its annotators. Gradient
boosting (Friedman, 2001) by scikit-learn; asking needs NumPy only.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.analyse import fold
from index.vectors import FloatVector
from qa.features import CLOSE, KINDS, PLAIN
from qa.question import Question
from qa.reader import Evidence, Reading
from qa.signs import measured

MODEL: Final = Path(__file__).parent / "models" / "support.json"
_BEST: Final = ("covered", "beside", "begun", "soft", "dense", "context", "near", "pair", "run")
_BEST_PLACES: Final = [(*PLAIN, *CLOSE).index(name) for name in _BEST]
"""Features of which the best of all sentences is looked at too."""
NAMES: Final = (
    *PLAIN, *CLOSE, "lead_over_second", "lead_over_three", "score_of_best", "absent_most", "absent_sum", "unmet_most", "unmet_sum", "absent_thing",
    "focus_unmet", "concepts", "weight", "weight_most", "missing", "missing_share", "names", "english", *(f"best_{name}" for name in _BEST), *KINDS,
    "passage_share", "passages_share", "passages_share_gap", "passage_unmet", "article_gap",
    "passage_gap", "spread", "strict", "strict_all", "articles", "passages_share_three", "fits",
)  # fmt: skip


# Of what is asked, the share that the sentence itself must hold. A number is tied to the noun it counts already.
LEAST_COVERED: Final[Mapping[str, float]] = {"when": 0.45, "number": 0.4, "person": 0.6, "where": 0.45}
_YEAR: Final = re.compile(r"(?:1\d|20)\d\d")
# What is still to come is not told by the date of what has been.
_TO_COME_ASKED: Final = re.compile(
    r"\w(?:ra|ront)-(?:t-)?(?:il|elle|on)s?\b|\b(?:va|vont)-(?:t-)?(?:il|elle|on)s?\b|\bwill\b|\b(?:due|going|scheduled|expected) to\b"
)
_TO_COME: Final = re.compile(
    r" (?:\w+(?:era|eront|ira|iront|dra|dront|rra|rront)|aura|auront|va|vont|doit|doivent|dev?rait|devraient|pourrait|prevue?s?|attendue?s?|prochaine?s?|d ici"
    r"|will|would|should|due|expected|planned|scheduled|next) "
)
# "soldats allemands" are not told by what is said of British ones: the word for a people is as good as a name.
_DEMONYM: Final = re.compile(
    r"(?:allemand|francais|britannique|americain|chinois|russe|italien|espagnol|portugais|belge|suisse|turc|iranien|israelien|japonais|indien|canadien|bresilien|mexicain"
    r"|ukrainien|polonais|grec|neerlandais|suedois|norvegien|danois|hongrois|egyptien|marocain|algerien|tunisien|libyen|senegalais|malien|nigerien|nigerian|burkinabe"
    r"|ivoirien|ghaneen|togolais|beninois|camerounais|tchadien|gabonais|congolais|angolais|rwandais|kenyan|ethiopien|soudanais|malgache|mauritanien|guineen"
    r"|australien|coreen|vietnamien|pakistanais|afghan|irakien|syrien|libanais|saoudien|qatari|emirati)(?:s|e|es|ne|nes|te|tes)?|turques?|grecques?"
    r"|german|french|british|american|chinese|russian|italian|spanish|turkish|iranian|israeli|japanese|indian|canadian|brazilian|ukrainian|polish|greek|dutch|swedish"
    r"|hungarian|egyptian|moroccan|algerian|tunisian|libyan|senegalese|malian|nigerien|ivorian|ghanaian|togolese|beninese|cameroonian|chadian|congolese|kenyan|ethiopian|sudanese"
)
LEANING: Final = 0.8
"""What the share of a question counts for that is held beside a sentence, where that leans on the one before."""
LEAST_AROUND: Final = 0.65
MOST_UNMET: Final = 0.25


MOST_MISSING: Final = 0.5
TELLING: Final = 0.5
"""What a noun weighs at least ("uranium" 0.6), of which no article says a word: the question is about something else."""
# Asked for one of these, a sentence that does not speak of it says something else about the same thing.
ATTRIBUTES: Final = frozenset(
    "modele marque grade rang siege adresse numero salaire prix cout montant budget nationalite religion profession diplome "
    "model brand rank headquarters address salary price cost amount budget nationality religion profession degree".split()
)


@dataclass(frozen=True)
class _Trees:
    """Trees as arrays of shape (trees, nodes); a leaf has itself for both children."""

    feature: Any
    threshold: Any
    left: Any
    right: Any
    value: Any
    depth: int
    start: float


def firm(question: Question, item: Evidence) -> bool:
    """Whether a sentence holds what a question must find: the year that it names; and where the answer is a date, a number, a place or a
    person's name, one of these, and most of what was asked about with it. Near a fact that is missing there is nearly always another
    date or name."""
    if any(_YEAR.fullmatch(concept.word) for concept in item.unmet):
        return False
    least = LEAST_COVERED.get(question.kind)
    if least is None:
        return True
    if question.kind == "when" and _TO_COME_ASKED.search(fold(question.text)) and not _TO_COME.search(item.sentence.plain):
        return False
    unmet = sum(concept.weight for concept in item.unmet) / question.weight
    # "Il mesure 340 mètres" is about what the sentence before names.
    about = max(item["covered"], LEANING * item["beside"] if item.sentence.lead is not None else 0.0)
    return item.signed and about >= least and item["beside"] >= LEAST_AROUND and unmet <= MOST_UNMET


def fits(question: Question, item: Evidence) -> bool:
    """Whether a sentence can be an answer: never when a name of the question stands nowhere in its article, since what is said of
    another country or person is not an answer, however alike the rest; nor when no article says a word of half of what is asked."""
    if question.missing >= MOST_MISSING:
        return False
    if not item.signed and measured(question):
        return False
    if any(
        concept.name
        or _DEMONYM.fullmatch(fold(concept.word))
        or (concept.missing and concept.weight >= TELLING and (concept.thing or concept == question.focus))
        for concept in item.absent
    ):
        return False
    if question.kind == "person" and any(concept.thing and not concept.name for concept in item.unmet[:1]):
        return False
    return not (question.focus and question.focus in item.unmet and (question.kind == "who" or fold(question.focus.word) in ATTRIBUTES))


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
    every = np.stack([item.features[:own] for item in evidence])
    row = [
        *best.features[:own],
        scores[0] - scores[1] if len(scores) > 1 else 3.0, scores[0] - sum(scores[:3]) / len(scores[:3]), scores[0],
        max(absent, default=0.0), sum(absent), max(unmet, default=0.0), sum(unmet),
        max((concept.weight for concept in best.absent if concept.thing and concept != question.focus), default=0.0),
        question.focus in best.unmet, len(question.concepts), weights.mean(), weights.max(),
        sum(concept.missing for concept in question.concepts), sum(concept.weight for concept in question.concepts if concept.missing) / total,
        sum(concept.name for concept in question.concepts), question.language == "en",
        *every[:, _BEST_PLACES].max(axis=0), *(question.kind == kind for kind in KINDS),
        *_of_passages(reading, share), firm(question, best), sum(firm(question, item) for item in evidence) / len(evidence),
        len({hit.article_id for hit in reading.hits}), np.sort(reading.held @ share)[-3:].mean(), fits(question, best),
    ]  # fmt: skip
    return np.array(row, np.float32)


def _of_passages(reading: Reading, share: FloatVector) -> list[float]:
    held = reading.held @ share
    scores = np.array([hit.score for hit in reading.hits], np.float32)
    others = [hit.score for hit in reading.hits if hit.article_id != reading.hits[0].article_id]
    return [
        held[0], held.max(), held.max() - held.mean(),
        float(share[reading.held[0] == 0].max(initial=0.0)), scores[0] - (others[0] if others else scores[-1]), scores[0] - scores[:3].mean(),
        scores.std(),
    ]  # fmt: skip


def probability(reading: Reading) -> float:
    """The chance, from 0 to 1, that what was read answers the question; 0 where nothing was found."""
    return chance(features(reading)) if reading.evidence else 0.0


def chance(row: FloatVector) -> float:
    """The chance by the trees, from 0 to 1."""
    trees = _trees()
    every = np.arange(len(trees.feature))
    node = np.zeros(len(trees.feature), np.int64)
    for _ in range(trees.depth):
        goes_left = row[trees.feature[every, node]] <= trees.threshold[every, node]
        node = np.where(goes_left, trees.left[every, node], trees.right[every, node])
    score = trees.start + float(trees.value[every, node].sum())
    return float(1 / (1 + np.exp(-score)))


def threshold() -> float:
    """The probability from which an answer is given, set with the trees."""
    return float(_model()["threshold"])


@cache
def _trees() -> _Trees:
    model = _model()
    size = max(len(tree["value"]) for tree in model["trees"])
    padded = {
        name: np.array([tree[name] + [0] * (size - len(tree[name])) for tree in model["trees"]])
        for name in ("feature", "threshold", "left", "right", "value")
    }
    # As NumPy compares them in training: the features are float32.
    return _Trees(**padded | {"threshold": padded["threshold"].astype(np.float32)}, depth=model["depth"], start=model["start"])


@cache
def _model() -> Mapping[str, Any]:
    model: Mapping[str, Any] = json.loads(MODEL.read_text(encoding="utf-8"))
    return model
