"""Fit the second look: `python -m qa.training.rescore FOLDER ... --out qa/models/rescore.json` (FOLDER in BEIR form).

Each question's first passages are listed as when it is asked; the coefficients are those under which the passages of its
relevant articles are the likeliest to be chosen. The embedding must not have been trained on the questions, or its cosines
are better on them than they will ever be again. With several folders, each is also measured with the coefficients fitted on
the others, which is what to expect on a set never seen; a folder given by --fit only is fitted on and not measured.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from index.build import publish_articles
from index.embed import DEFAULT_MODEL, Embedder, open_model
from index.store import Home
from index.vectors import FloatMatrix, FloatVector
from qa.assistant import Assistant
from qa.evaluate import owners_of, read_question_set, retrieval_figures
from qa.question import understand
from qa.rescore import NAMES, RESCORED, features
from qa.retrieve import fusion
from qa.training.command import Sets, parser, write
from qa.training.logit import fit_logit

PENALTY: Final = 1e-3
"""Of the squared coefficients over features of deviation one; tenfold more or less changes no set by 0.001."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The first passages of one question: features, owners' ids, and which of these are relevant; then the owners that follow."""

    features: FloatMatrix
    owners: tuple[str, ...]
    after: tuple[str, ...]
    relevant: frozenset[str]

    @property
    def right(self) -> FloatVector:
        return np.array([owner in self.relevant for owner in self.owners], np.float32)


def lists(folder: Path, embedder: Embedder) -> list[Listed]:
    """The first passages of every question of `folder`."""
    questions = read_question_set(folder)
    found = []
    with tempfile.TemporaryDirectory(prefix="griot-fit-") as temporary:
        publish_articles(Home(temporary), embedder, questions.articles)
        generation = Assistant(Home(temporary), embedder).generation()
        owner = owners_of(generation)
        for gold in questions.questions:
            question = understand(gold.text, generation.lexical.frequency, generation.manifest.passages)
            if question.empty:
                continue
            fused = fusion(generation, embedder, question, 2 * RESCORED)
            sparse, dense = (scores[:RESCORED] for scores in fused.halves)
            rows = fused.ranking.rows
            matrix = features(generation, question, fused.query, rows[:RESCORED], (sparse, dense))
            ids = tuple(owner(int(row)) for row in rows)
            found.append(Listed(features=matrix, owners=ids[:RESCORED], after=ids[RESCORED:], relevant=gold.relevant))
    return found


def fit(sets: Sequence[Sequence[Listed]]) -> FloatVector:
    """Coefficients of a conditional logit, shape (len(NAMES),)."""
    return fit_logit([(item.features, item.right > 0) for part in sets for item in part], PENALTY)


def ndcg(part: Sequence[Listed], coefficients: FloatVector | None) -> float:
    """nDCG@10 of the lists in the order of the coefficients, or as they stood without."""
    ranked = []
    for item in part:
        order = range(len(item.owners)) if coefficients is None else np.argsort(-(item.features @ coefficients), kind="stable")
        ranked.append(list(dict.fromkeys([*(item.owners[place] for place in order), *item.after])))
    return retrieval_figures(ranked, [item.relevant for item in part])["ndcg@10"]


def main(arguments: Sequence[str] | None = None, say: Callable[[str], None] = lambda line: print(line, file=sys.stderr)) -> None:
    """Run the command."""
    command = parser(__doc__)
    command.add_argument("--model", default=DEFAULT_MODEL)
    options = command.parse_args(arguments)
    embedder = open_model(options.model)
    sets = Sets(
        measured={folder.name: lists(folder, embedder) for folder in options.folders},
        extra=tuple(lists(folder, embedder) for folder in options.fit),
    )
    coefficients = fit(sets.every)
    measured = {}
    for name, part in sets.measured.items():
        others = sets.others(name)
        measured[name] = {
            "fused": ndcg(part, None), "fitted_on_others": ndcg(part, fit(others)) if others else None, "fitted": ndcg(part, coefficients),
        }  # fmt: skip
        say(f"{name}: {measured[name]}")
    document = {
        "coefficients": {name: round(float(value), 4) for name, value in zip(NAMES, coefficients, strict=True)},
        "ndcg@10": measured,
    }
    write(options.out, document)


if __name__ == "__main__":
    main()
