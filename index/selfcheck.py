"""How well a fresh index finds its own articles: each of a sample is asked for by its headline, which is taken out of it first.

No labels are needed, so every build can be measured on the reader's own articles, and a model or a setting that does not suit
them shows at once. A headline is easier than a question: the figures compare builds, they do not tell how questions will fare.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Final, NamedTuple, Protocol

import numpy as np

from index.analyse import terms
from index.article import Entry
from index.embed import Embedder
from index.serving import Dense, Sparse
from index.vectors import FloatVector, RowVector
from index.wording import TITLE_COUNT, passage_terms

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


class Headline(NamedTuple):
    """An article's number, id, title and language."""

    number: int
    id: str
    title: str | None
    language: str | None


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


class Scored(Sparse, Protocol):
    """Words of passages, which also tell what a passage would score that is not among them."""

    @property
    def average(self) -> float: ...
    def score(self, question: Sequence[str], passage: Sequence[str], average: float) -> float: ...


class Checked(Protocol):
    """What is asked of an index, wherever it is kept. Articles have numbers; `owners` are those of the articles of the passages `rows`."""

    @property
    def vectors(self) -> Dense: ...
    @property
    def lexical(self) -> Scored: ...
    def entry(self, number: int) -> Entry: ...
    def rows_of(self, article_id: str) -> tuple[int, int]: ...
    def owners(self, rows: RowVector) -> RowVector: ...


def check(
    generation: Checked, asked: Sequence[int], embedder: Embedder, advance: Callable[[int], None] = lambda _: None
) -> SelfCheck | None:
    """recall@10 of headline -> article for the articles of the numbers `asked`; None where there is none."""
    if not asked:
        return None
    vectors, lexical = generation.vectors, generation.lexical
    found = np.zeros(3)
    for number in asked:
        entry = generation.entry(number)
        article = entry.article
        first, last = generation.rows_of(article.id)
        rows = np.arange(first, last + 1)
        question = list(dict.fromkeys(terms(article.title or "", article.language, question=True)))
        query = vectors.question(embedder.encode_query(article.title or ""))
        bare = [article.text[start:end] for start, end in entry.spans[:_OWN]]
        own = embedder.encode_documents(bare) @ query
        counted = passage_terms(article, entry.spans)
        dropped = TITLE_COUNT * len(_title_terms(counted[0], article.title, article.language))
        words = np.array([lexical.score(question, passage[dropped:], lexical.average) for passage in counted], np.float32)
        found += _ranks(generation, query, question, rows, own, words)
        advance(1)
    share = found / len(asked)
    return SelfCheck(
        questions=len(asked), dense=round(float(share[0]), 4), lexical=round(float(share[1]), 4), fused=round(float(share[2]), 4)
    )


def sample(headlines: Sequence[Headline]) -> list[int]:
    """Numbers of at most `SAMPLE` articles with a headline of their own, the same ones as long as they are there;
    none where fewer than `FEWEST` have one."""
    titles = Counter(headline.title for headline in headlines)
    ordered = sorted((item for item in headlines if titles[item.title] == 1), key=lambda item: hashlib.sha256(item.id.encode()).digest())
    usable = (item.number for item in ordered if item.title and len(terms(item.title, item.language)) >= _SHORTEST)
    drawn = sorted(islice(usable, SAMPLE))
    return drawn if len(drawn) >= FEWEST else []


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
    generation: Checked, query: FloatVector, question: Sequence[str], rows: RowVector, own: FloatVector, words: FloatVector
) -> FloatVector:
    """Whether the article is among the first ten by vectors, by words, by both: three numbers, 0 or 1."""
    vectors, lexical = generation.vectors, generation.lexical
    weights = dict.fromkeys(question, 1.0)
    # Its own passages lose what the headline gave them, and leave their places to as many others.
    _, best = lexical.search(weights, _POOL + len(rows))
    _, near = vectors.search(query, _POOL)
    others = np.setdiff1d(np.union1d(best[~np.isin(best, rows)][:_POOL], near), rows)
    pool = np.concatenate([rows[: len(own)], others])
    dense = np.concatenate([own, vectors.scores(query, others)])
    sparse = np.concatenate([words[: len(own)], lexical.at(weights, others)])
    fused = LEXICAL_WEIGHT * _standard(sparse) + (1 - LEXICAL_WEIGHT) * _standard(dense)
    owners = generation.owners(pool)
    return np.array([_found(values, owners, owners[0]) for values in (dense, sparse, fused)], np.float32)


def _found(scores: FloatVector, owners: RowVector, wanted: int) -> bool:
    ordered = dict.fromkeys(owners[np.argsort(-scores, kind="stable")].tolist())
    return wanted in list(ordered)[:_DEPTH]


def _standard(scores: FloatVector) -> FloatVector:
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)
