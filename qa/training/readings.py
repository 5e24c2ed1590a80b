"""What fitting looks at: the questions of a set, each read with its article in the index and without it, in the whole collection and
in small ones, where questions of quite other subjects are asked too."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from index.article import Article
from index.build import publish_articles
from index.embed import open_model, standing_in
from index.store import Home
from index.vectors import BoolVector, FloatVector
from qa.assistant import Assistant
from qa.evaluate import GoldQuestion, flat, read_question_set
from qa.reader import Reading

SMALL: Final = 8
"""Articles of a small collection: neighbours in the set, which are mostly about one subject."""
WORLDS: Final = 100
"""Small collections made of a set at most."""
STRANGERS: Final = 8
"""Questions from elsewhere asked of each."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question of a set as it is read: with its article there, and as if that had never been indexed. One from elsewhere has none."""

    gold: GoldQuestion
    there: Reading | None
    gone: Reading | None


def readings(
    folder: Path, weights: FloatVector | None, finalists: int | None, *, gone: bool, instead: Path | None = None
) -> Iterator[Asked]:
    """Every question of `folder` (BEIR form) with answers, read with `weights`.

    `instead` is a static model to stand in for the bundled one, for questions that that was trained on.
    """
    questions = read_question_set(folder)
    with _collection(questions.articles, instead) as assistant:
        for gold in questions.questions:
            if gold.answers:
                there = assistant.reading(gold.text, weights=weights, finalists=finalists)
                without = assistant.reading(gold.text, without=gold.relevant, weights=weights, finalists=finalists) if gone else None
                yield Asked(gold=gold, there=there, gone=without)


def small_readings(folder: Path, instead: Path | None = None) -> Iterator[Asked]:
    """The questions of `folder` again, asked of small collections of `SMALL` articles with their own and without, and `STRANGERS` questions
    that belong to another of them."""
    questions = read_question_set(folder)
    worlds = [questions.articles[start : start + SMALL] for start in range(0, len(questions.articles) - SMALL + 1, SMALL)]
    step = max(1, len(worlds) // WORLDS)
    chosen = worlds[::step][:WORLDS]
    own = [
        [gold for gold in questions.questions if gold.answers and gold.relevant <= {article.id for article in world}] for world in chosen
    ]
    for place, (world, golds) in enumerate(zip(chosen, own, strict=True)):
        far = [gold for other in (*own[place + len(own) // 2 :], *own[: place + len(own) // 2]) for gold in other if gold not in golds]
        with _collection(world, instead) as assistant:
            for gold in golds[: 2 * STRANGERS]:
                there = assistant.reading(gold.text)
                yield Asked(gold=gold, there=there, gone=assistant.reading(gold.text, without=gold.relevant))
            for gold in far[:STRANGERS]:
                yield Asked(gold=gold, there=None, gone=assistant.reading(gold.text))


@contextmanager
def _collection(articles: Sequence[Article], instead: Path | None) -> Iterator[Assistant]:
    with ExitStack() as stack:
        temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="griot-fit-"))
        embedder = stack.enter_context(standing_in(instead)) if instead else open_model()
        publish_articles(Home(temporary), embedder, articles)
        yield Assistant(Home(temporary), embedder)


def right(asked: Asked) -> BoolVector:
    """Which evidence, as it would be quoted, holds a gold answer."""
    golds = [flat(answer) for answer in asked.gold.answers]
    quoted = [
        flat(item.sentence.article.text[item.sentence.start if item.sentence.lead is None else item.sentence.lead : item.sentence.end])
        for item in (asked.there.evidence if asked.there else ())
    ]
    return np.array([any(gold in quote for gold in golds) for quote in quoted], np.bool_)
