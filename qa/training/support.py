"""Fit the refusal: `python -m qa.training.support FOLDER ... --out qa/models/support.json` (FOLDER in BEIR form).

Each question is asked twice of its own collection: with its article there, when an answer is right, and without it,
when a refusal is. scikit-learn's logistic regression separates the two by the features of the best evidence.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from index.build import publish_articles
from index.embed import Embedder, open_model
from index.store import Home
from qa.assistant import Assistant
from qa.decide import fits
from qa.evaluate import read_question_set
from qa.support import features

ANSWERED: Final = 0.9
"""Share of the answerable training questions with such a sentence that the threshold lets through."""


def rows(folder: Path, embedder: Embedder) -> tuple[list[dict[str, float]], list[bool]]:
    """Features of the best evidence of every question of `folder`, asked with and without its article, and which was which."""
    questions = read_question_set(folder)
    found: list[dict[str, float]] = []
    answerable: list[bool] = []
    with tempfile.TemporaryDirectory(prefix="griot-fit-") as temporary:
        publish_articles(Home(temporary), embedder, questions.articles)
        assistant = Assistant(Home(temporary), embedder)
        for question in questions.questions:
            for there in (True, False):
                asked, ordered = assistant.weighed(question.text, () if there else question.relevant)
                # As when answering: only a sentence that can be an answer at all is ever weighed.
                best = next((item for item in ordered if fits(asked, item)), None)
                if best:
                    found.append(features(asked, best))
                    answerable.append(there)
    return found, answerable


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    from sklearn.linear_model import LogisticRegression

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    embedder = open_model()
    sets = [rows(folder, embedder) for folder in options.folders]
    found = [row for part, _ in sets for row in part]
    answerable = np.array([flag for _, part in sets for flag in part])
    names = list(found[0])
    matrix = np.array([[row[name] for name in names] for row in found])
    model = LogisticRegression(max_iter=5_000).fit(matrix, answerable)
    chance = model.predict_proba(matrix)[:, 1]
    threshold = float(np.quantile(chance[answerable], 1 - ANSWERED))
    document = {
        "asked": len(answerable),
        "threshold": round(threshold, 3),
        "refused": round(float((chance[~answerable] < threshold).mean()), 3),
        "intercept": round(float(model.intercept_[0]), 4),
        "coefficients": {name: round(float(value), 4) for name, value in zip(names, model.coef_[0], strict=True)},
    }
    options.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
