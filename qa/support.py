"""How likely the best evidence is to answer the question: a small logistic regression, fitted, kept as data.

The coefficients in `models/support.json` come from `python -m qa.training.support` on questions asked twice, once with
their article in the index and once without it. That is the method of SQuAD 2.0's unanswerable questions
(Rajpurkar et al., 2018) without its annotators.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from qa.evidence import Evidence
from qa.question import Question

MODEL: Final = Path(__file__).parent / "models" / "support.json"
LOOSE_KINDS: Final = ("who", "why")
"""Kinds whose answer mostly shows a sign of itself, but not always; where it must, see `qa.decide.fits`."""


def features(question: Question, evidence: Evidence) -> dict[str, float]:
    """What the regression sees of a question and a sentence; every value is between about 0 and 3."""
    total = sum(concept.weight for concept in question.concepts) or 1.0
    absent = [concept.weight / total for concept in evidence.absent]
    unmet = [concept.weight / total for concept in evidence.unmet]
    return {
        "support": evidence.support,
        "covered": evidence.covered,
        "rank": evidence.rank,
        "absent_most": max(absent, default=0.0),
        "absent_sum": sum(absent),
        "unmet_most": max(unmet, default=0.0),
        "unmet_sum": sum(unmet),
        "focus_unmet": float(question.focus in evidence.unmet),
        "absent_thing": max((concept.weight for concept in evidence.absent if concept.thing and concept != question.focus), default=0.0),
        "concepts": math.log(max(len(question.concepts), 1)),
        "weight": total / max(len(question.concepts), 1),
        **{f"unsigned_{kind}": float(question.kind == kind and not evidence.signed) for kind in LOOSE_KINDS},
    }


def probability(question: Question, evidence: Evidence) -> float:
    """The chance, from 0 to 1, that the article of `evidence` answers `question`."""
    model = _model()
    coefficients: Mapping[str, float] = model["coefficients"]
    score = model["intercept"] + sum(coefficients[name] * value for name, value in features(question, evidence).items())
    return 1 / (1 + math.exp(-score))


def threshold() -> float:
    """The probability from which an answer is given, set with the coefficients."""
    return float(_model()["threshold"])


@cache
def _model() -> Any:
    return json.loads(MODEL.read_text(encoding="utf-8"))
