"""How well a fresh index finds its own articles: each of a sample is asked for by its headline, which is taken out of it first.

No labels are needed, so every build can be measured on the reader's own articles, and a model or a setting that does not suit
them shows at once. A headline is easier than a question: the figures compare builds, they do not tell how questions will fare.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from index.analyse import terms
from index.article import Entry
from index.embed import Embedder
from index.lexical import Lexical
from index.vectors import FloatVector, RowVector, Vectors

SAMPLE: Final = 200
FEWEST: Final = 5
"""Articles with a headline of some words, under which nothing is measured."""
FALL: Final = 0.10
"""Points of recall@10 that a build may lose against the one before without a warning."""
LEXICAL_WEIGHT: Final = 0.75
_DEPTH: Final = 10
_POOL: Final = 100
_OWN: Final = 4
"""Passages of an asked article that are encoded again without its headline: news says early what it is about."""
_SHORTEST: Final = 3


@dataclass(frozen=True, kw_only=True)
class SelfCheck:
    """Share of the asked headlines whose article is among the first ten: by vectors, by words, and by both."""

    questions: int
    dense: float
    lexical: float
    fused: float

    def document(self) -> Mapping[str, float]:
        """As kept in the manifest."""
        return asdict(self)


def check(
    entries: Sequence[Entry],
    asked: Sequence[int],
    vectors: Vectors,
    lexical: Lexical,
    passages: Sequence[Sequence[str]],
    titles: int,
    embedder: Embedder,
    advance: Callable[[int], None] = lambda _: None,
) -> SelfCheck | None:
    """recall@10 of headline -> article for the articles at the places `asked`; None where there is none.

    `passages` holds the terms of every passage as indexed, the title's `titles` times in front.
    """  # fmt: skip
    starts = np.cumsum([0, *(len(entry.spans) for entry in entries)])
    owner = np.repeat(np.arange(len(entries)), np.diff(starts))
    average = sum(map(len, passages)) / max(len(passages), 1)
    if not asked:
        return None
    found = np.zeros(3)
    for number in asked:
        article = entries[number].article
        rows = np.arange(starts[number], starts[number + 1])
        question = list(dict.fromkeys(terms(article.title or "", article.language, question=True)))
        query = vectors.question(embedder.encode_query(article.title or ""))
        bare = [article.text[start:end] for start, end in entries[number].spans[:_OWN]]
        own = embedder.encode_documents(bare) @ query
        dropped = titles * len(_title_terms(passages[rows[0]], article.title, article.language))
        words = np.array([lexical.score(question, passages[row][dropped:], average) for row in rows], np.float32)
        found += _ranks(vectors, lexical, query, question, rows, own, words, owner)
        advance(1)
    share = found / len(asked)
    return SelfCheck(
        questions=len(asked), dense=round(float(share[0]), 4), lexical=round(float(share[1]), 4), fused=round(float(share[2]), 4)
    )


def sample(entries: Sequence[Entry]) -> list[int]:
    """Places of at most `SAMPLE` articles with a headline of their own, the same ones as long as they are there;
    none where fewer than `FEWEST` have one."""
    titles = Counter(entry.article.title for entry in entries)
    usable = [
        number for number, entry in enumerate(entries)
        if entry.article.title and titles[entry.article.title] == 1 and len(terms(entry.article.title, entry.article.language)) >= _SHORTEST
    ]  # fmt: skip
    drawn = sorted(usable, key=lambda number: hashlib.sha256(entries[number].article.id.encode()).digest())
    return sorted(drawn[:SAMPLE]) if len(drawn) >= FEWEST else []


def fallen(before: Mapping[str, float] | None, after: Mapping[str, float] | None) -> str | None:
    """A warning when the recall of `after` is more than `FALL` below that of `before`."""
    if not before or not after or before["fused"] - after["fused"] <= FALL:
        return None
    return (
        f"the index finds its own articles by their headlines much less often than the one before: recall@10 {after['fused']:.2f}, was "
        f"{before['fused']:.2f}; look at the articles added last, or go back to the model used before with --model"
    )


def _title_terms(passage: Sequence[str], title: str | None, language: str | None) -> Sequence[str]:
    single = terms(title or "", language)
    return passage[: max(0, 2 * len(single) - 1)]


def _ranks(
    vectors: Vectors,
    lexical: Lexical,
    query: FloatVector,
    question: Sequence[str],
    rows: RowVector,
    own: FloatVector,
    words: FloatVector,
    owner: RowVector,
) -> FloatVector:
    """Whether the article is among the first ten by vectors, by words, by both: three numbers, 0 or 1."""  # fmt: skip
    weights = dict.fromkeys(question, 1.0)
    # Its own passages lose what the headline gave them, and leave their places to as many others.
    _, best = lexical.search(weights, _POOL + len(rows))
    _, near = vectors.search(query, _POOL)
    others = np.setdiff1d(np.union1d(best[~np.isin(best, rows)][:_POOL], near), rows)
    pool = np.concatenate([rows[: len(own)], others])
    dense = np.concatenate([own, vectors.scores(query, others)])
    sparse = np.concatenate([words[: len(own)], lexical.at(weights, others)])
    fused = LEXICAL_WEIGHT * _standard(sparse) + (1 - LEXICAL_WEIGHT) * _standard(dense)
    return np.array([_found(values, owner[pool], owner[rows[0]]) for values in (dense, sparse, fused)], np.float32)


def _found(scores: FloatVector, owners: RowVector, wanted: int) -> bool:
    ordered = dict.fromkeys(owners[np.argsort(-scores, kind="stable")].tolist())
    return wanted in list(ordered)[:_DEPTH]


def _standard(scores: FloatVector) -> FloatVector:
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)
