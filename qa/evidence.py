"""The sentences that answer a question, among the passages found, and how well the articles support them."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from index.analyse import fold, terms
from index.article import Article
from index.dates import MONTHS
from index.sentences import sentence_spans
from qa.question import Concept, Question
from qa.signs import sign

# What meeting a notion counts for, by where: in the sentence itself 1, else in the one beside it, the title, the article.
BESIDE: Final = 0.6
TITLE: Final = 0.5
ARTICLE: Final = 0.3
# A news article is about few countries and people: once named, they are meant throughout.
NAME_IN_ARTICLE: Final = 0.9
# A stem that begins alike counts a little: "antiterroriste" meets "antiterrorisme" where no family lists them.
PREFIX_CREDIT: Final = 0.6
PREFIX_LENGTH: Final = 5
ALIKE: Final = 0.8
SIGN_BONUS: Final = 0.2
RANK_BONUS: Final = 0.15
COMMON: Final = 0.4
AROUND: Final = 0.9
LONGEST_LEAD: Final = 350
"""Characters of a sentence that is quoted only because the one that answers leans on it."""
_LEANS = re.compile(
    r"(?:il|elle|ils|elles|celui-ci|celle-ci|ceux-ci|celles-ci|ce dernier|cette derniere|ces derniers|cela|c'est|ce sont"
    r"|he|she|it|they|this|that)\b(?! (?:s'agit|faut|convient|y a)\b)"
)
LONGEST_HEADING: Final = 120
_ENDED = re.compile(r"[.!…][\"”»'’)\]\s]*$")
SHORTEST: Final = 25
"""Characters under which a line is a heading or a fragment, and no answer."""


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of an article with its stems; `beside` holds those of its neighbours in the text."""

    article: Article
    start: int
    end: int
    stems: frozenset[str]
    beside: frozenset[str]
    lead: int | None = None
    """Where the sentence before begins, when this one leans on it ("Il a ajouté que...") and they share a paragraph."""

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A sentence weighed against a question.

    `support` is the share of what the question asks about that the sentence and its surroundings hold, from 0 to 1, by
    weight; `covered` the share in the sentence alone; `signed` whether it holds the kind of thing asked for;
    `held` and `near` give for each notion what meeting it in the sentence and around it counts for; `unmet` the notions
    that neither it nor what stands around it holds, `absent` those that its article holds nowhere.
    """

    sentence: Sentence
    support: float
    covered: float
    signed: bool
    held: tuple[float, ...]
    near: tuple[float, ...]
    unmet: tuple[Concept, ...]
    absent: tuple[Concept, ...]
    rank: float


def sentences_of(article: Article) -> list[Sentence]:
    """The sentences of an article, headings and fragments left out of the answers but not of the surroundings."""
    spans = sentence_spans(article.text, article.language)
    bags = [frozenset(terms(article.text[start:end], article.language)) for start, end in spans]
    around = [frozenset(), *bags, frozenset()]
    return [
        Sentence(article=article, start=start, end=end, stems=bag, beside=before | after, lead=_lead(article.text, last, start))
        for last, (start, end), bag, before, after in zip([None, *spans], spans, bags, around, around[2:], strict=False)
    ]


def _lead(text: str, last: tuple[int, int] | None, start: int) -> int | None:
    if last is None or "\n" in text[last[1] : start] or last[1] - last[0] > LONGEST_LEAD:
        return None
    return last[0] if _LEANS.match(fold(text[start : start + 30])) else None


def weigh(question: Question, sentences: Sequence[Sentence], rank: float) -> list[Evidence]:
    """Each sentence of one article as evidence; `rank` is its passage's place in the retrieval, 1 for the first, towards 0."""
    if not sentences:
        return []
    article = sentences[0].article
    title = frozenset(terms(article.title or "", article.language)) | _dated(article.published)
    everything = title.union(*(sentence.stems for sentence in sentences))
    absent = tuple(concept for concept in question.concepts if meets(concept, everything) == 0)
    found = []
    for sentence in sentences:
        held = tuple(meets(concept, sentence.stems) for concept in question.concepts)
        near = tuple(max(BESIDE * meets(concept, sentence.beside), TITLE * meets(concept, title)) for concept in question.concepts)
        throughout = tuple(_throughout(concept) * meets(concept, everything) for concept in question.concepts)
        found.append(
            Evidence(
                sentence=sentence,
                support=_share(question, (max(scores) for scores in zip(held, near, throughout, strict=True))),
                covered=_share(question, held),
                signed=sign(question, sentence.text),
                rank=rank,
                held=held,
                near=tuple(map(max, near, throughout)),
                unmet=tuple(concept for concept, *scores in zip(question.concepts, held, near, strict=True) if not any(scores)),
                absent=absent,
            )
        )
    return found


@cache
def _dated(published: str | None) -> frozenset[str]:
    """The year and the month of a date as stems, so that "en janvier 2024" meets an article of that month."""
    year, _, rest = (published or "").partition("-")
    month = int(rest[:2]) if rest else 0
    return frozenset(terms(" ".join([year, *(name for name, number in MONTHS.items() if number == month)]), "fr"))


def _share(question: Question, scores: Iterable[float]) -> float:
    """Mean of one score a notion, by the notions' weights."""
    total = sum(concept.weight for concept in question.concepts) or 1.0
    return sum(concept.weight * score for concept, score in zip(question.concepts, scores, strict=True)) / total


def _throughout(concept: Concept) -> float:
    return NAME_IN_ARTICLE if concept.name else ARTICLE


def meets(concept: Concept, bag: frozenset[str]) -> float:
    """How far a notion is among `bag`: the best credit of its stems there, or a little for one that begins alike."""
    direct = max((credit for stem, credit in concept.stems.items() if stem in bag), default=0.0)
    if direct:
        return direct
    longest = [stem for stem, credit in concept.stems.items() if credit >= 1 and len(stem) >= PREFIX_LENGTH and not stem[0].isdigit()]
    # A name may be misspelt, but "France" is not met in "franchir".
    alike = _misspelt if concept.name else _begin_alike
    return PREFIX_CREDIT if any(alike(stem, word) for stem in longest for word in bag) else 0.0


def _begin_alike(stem: str, word: str) -> bool:
    return word.startswith(stem[:PREFIX_LENGTH])


def _misspelt(stem: str, word: str) -> bool:
    """Whether two stems are one name spelt in two ways ("gesuald", "guesald")."""
    return stem[0] == word[0] and abs(len(stem) - len(word)) <= 2 and SequenceMatcher(None, stem, word).ratio() >= ALIKE


def order(question: Question, evidence: Sequence[Evidence]) -> list[tuple[Evidence, float]]:
    """The sentences that could be quoted, best first, with what they are ordered by.

    That is the share of the question that a sentence and its surroundings hold, each notion weighed by how few of the
    sentences hold it (a name that is in all of them tells nothing), the kind of thing asked for, and its passage's place.
    """
    usable = [item for item in evidence if len(item.sentence.text) >= SHORTEST and not item.sentence.text.endswith("?")]
    ended = [item for item in usable if _ENDED.search(item.sentence.text) or len(item.sentence.text) > LONGEST_HEADING]
    # A line without a full stop is a heading, unless the article is written without them.
    usable = ended or usable
    if not usable:
        return []
    telling = [
        concept.weight * (COMMON + (1 - COMMON) * math.log(len(usable) / count, len(usable) + 1))
        for place, concept in enumerate(question.concepts)
        for count in [max(1, sum(item.held[place] > 0 for item in usable))]
    ]
    total = sum(telling) or 1.0

    def strength(item: Evidence) -> float:
        holds = sum(
            weight * (own + AROUND * max(around - own, 0)) for weight, own, around in zip(telling, item.held, item.near, strict=True)
        )
        return holds / total + SIGN_BONUS * item.signed + RANK_BONUS * item.rank

    scored = [(item, strength(item)) for item in usable]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].sentence.article.id, pair[0].sentence.start))
