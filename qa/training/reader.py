"""Fit the reader: `python -m qa.training.reader FOLDER ... --fit FOLDER --instead MODEL --out qa/models/reader.json`.

Folders in BEIR form with answers. Those given by --fit are fitted on and not measured; --instead names a static model that was not
trained on their questions, to read them with (see `index.training.embedding`; leave --pairs out). With several folders, each is
also measured with the coefficients fitted on the others, which is what to expect on a set never seen.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from index.vectors import BoolVector, FloatMatrix, FloatVector
from qa.features import NAMES
from qa.training.command import Sets, parser, write
from qa.training.logit import fit_logit
from qa.training.readings import readings, right

PENALTY: Final = 1e-3
_MANY: Final = 10_000
Listed = list[tuple[FloatMatrix, BoolVector]]


def lists(folder: Path, instead: Path | None = None) -> Listed:
    """The features of every sentence read for each question of `folder`, and which of them hold an answer."""
    found = []
    for asked in readings(folder, np.zeros(len(NAMES), np.float32), _MANY, gone=False, instead=instead):
        features = [item.features for item in asked.there.evidence] if asked.there else []
        found.append((np.array(features, np.float32).reshape(len(features), len(NAMES)), right(asked)))
    return found


def shares(part: Listed, coefficients: FloatVector) -> dict[str, float]:
    """The share of questions whose first sentence, and one of whose first three, holds an answer."""
    ranked = [is_right[np.argsort(-(matrix @ coefficients), kind="stable")] for matrix, is_right in part]
    return {
        "first": round(float(np.mean([row[:1].any() for row in ranked])), 4),
        "three": round(float(np.mean([row[:3].any() for row in ranked])), 4),
    }


def fitted(parts: Sequence[Listed]) -> FloatVector:
    """Coefficients of a conditional logit, shape (len(NAMES),)."""
    return fit_logit([item for part in parts for item in part], PENALTY)


def main(arguments: Sequence[str] | None = None, say: Callable[[str], None] = lambda line: print(line, file=sys.stderr)) -> None:
    """Run the command."""
    options = parser(__doc__, instead=True).parse_args(arguments)
    sets = Sets(
        measured={folder.name: lists(folder) for folder in options.folders},
        extra=tuple(lists(folder, options.instead) for folder in options.fit),
    )
    coefficients = fitted(sets.every)
    measured = {}
    for name, part in sets.measured.items():
        others = sets.others(name)
        measured[name] = {"fitted_on_others": shares(part, fitted(others)) if others else None, "fitted": shares(part, coefficients)}
        say(f"{name}: {measured[name]}")
    document = {
        "coefficients": {name: round(float(value), 4) for name, value in zip(NAMES, coefficients, strict=True)},
        "share_right": measured,
    }
    write(options.out, document)


if __name__ == "__main__":
    main()
