"""Fit the refusal: `python -m qa.training.support FOLDER ... --fit FOLDER --instead MODEL --out qa/models/support.json`.

Folders in BEIR form with answers; --fit and --instead are as for `qa.training.reader`, whose model must be there. Each question is
asked twice of its own collection: with its article there, when an answer is right, and without it, when a refusal is. Needs
the extra `training` (scikit-learn); each set is also measured with trees fitted on the others.
"""

import sys
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.vectors import BoolVector, FloatMatrix
from qa.decide import fitting_first
from qa.support import NAMES, features
from qa.training.command import Sets, parser, write
from qa.training.readings import readings, small_readings

ANSWERED: Final = 0.93
"""Share of the answerable questions that the threshold lets through, each judged by trees that were not fitted on it."""
TREES: Final = {
    "n_estimators": 400, "learning_rate": 0.03, "max_leaf_nodes": 10, "subsample": 0.5, "min_samples_leaf": 15, "max_features": 0.3,
}  # fmt: skip
"""Of four settings tried, within 0.01 of one another."""
_SEED: Final = 1
_FOLDS: Final = 5
Rows = tuple[FloatMatrix, BoolVector]


def rows(folder: Path, instead: Path | None = None) -> Rows:
    """Features of every question of `folder`, asked with and without its article, and which was which; of small collections too."""
    found, answerable = [], []
    for asked in chain(readings(folder, None, None, gone=True, instead=instead), small_readings(folder, instead)):
        for reading, there in ((asked.there, True), (asked.gone, False)):
            if reading and reading.evidence:
                found.append(features(fitting_first(reading)))
                answerable.append(there)
    return np.array(found, np.float32).reshape(len(found), len(NAMES)), np.array(answerable, np.bool_)


def fitted(parts: Sequence[Rows]) -> Any:
    """Boosted trees that tell the answerable from the others."""
    from sklearn.ensemble import GradientBoostingClassifier

    matrix, answerable = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    return GradientBoostingClassifier(random_state=_SEED, **TREES).fit(matrix, answerable)


def refused_at(chance: Any, answerable: BoolVector, answered: float) -> float:
    """The share of unanswerable questions refused where `answered` of the answerable are answered."""
    return round(float((chance[~answerable] < np.quantile(chance[answerable], 1 - answered)).mean()), 4)


def document(model: Any, threshold: float, measured: dict[str, Any]) -> dict[str, Any]:
    """The trees as `qa.support` reads them: a leaf is its own child."""
    trees = []
    for (regressor,) in model.estimators_:
        tree = regressor.tree_
        itself = np.arange(tree.node_count)
        leaf = tree.children_left < 0
        trees.append({
            "feature": np.where(leaf, 0, tree.feature).tolist(),
            "threshold": [round(float(value), 6) for value in np.where(leaf, 0, tree.threshold)],
            "left": np.where(leaf, itself, tree.children_left).tolist(),
            "right": np.where(leaf, itself, tree.children_right).tolist(),
            "value": [round(float(value) * model.learning_rate, 6) for value in np.where(leaf, tree.value[:, 0, 0], 0)],
        })  # fmt: skip
    prior = float(model.init_.class_prior_[1])
    depth = max(int(regressor.tree_.max_depth) for (regressor,) in model.estimators_)
    start = round(float(np.log(prior / (1 - prior))), 6)
    return {"features": list(NAMES), "threshold": round(threshold, 4), "measured": measured, "start": start, "depth": depth, "trees": trees}


def main(arguments: Sequence[str] | None = None, say: Callable[[str], None] = lambda line: print(line, file=sys.stderr)) -> None:
    """Run the command."""
    from sklearn.model_selection import cross_val_predict

    options = parser(__doc__, instead=True).parse_args(arguments)
    sets = Sets(
        measured={folder.name: rows(folder) for folder in options.folders},
        extra=tuple(rows(folder, options.instead) for folder in options.fit),
    )
    measured = {}
    for name, (matrix, answerable) in sets.measured.items():
        others = sets.others(name)
        if others:
            chance = fitted(others).predict_proba(matrix)[:, 1]
            measured[name] = {f"refused_at_{share}": refused_at(chance, answerable, share) for share in (0.9, 0.8)}
            say(f"{name}: {measured[name]}")
    every = sets.every
    model = fitted(every)
    matrix, answerable = np.concatenate([part[0] for part in every]), np.concatenate([part[1] for part in every])
    chance = cross_val_predict(model, matrix, answerable, cv=_FOLDS, method="predict_proba")[:, 1]
    threshold = float(np.quantile(chance[answerable], 1 - ANSWERED))
    write(options.out, document(model, threshold, measured), indent=None)


if __name__ == "__main__":
    main()
