"""The sentences that answer a question, among the passages found, and how well the articles support them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from index.analyse import terms
from index.article import Article
from index.sentences import sentence_spans
from qa.question import Concept, Question
from qa.signs import sign

# What meeting a notion counts for, by where: in the sentence itself 1, else in the one beside it, the title, the article.
BESIDE: Final = 0.6
TITLE: Final = 0.5
ARTICLE: Final = 0.3
# A stem that begins alike counts a little: "antiterroriste" meets "antiterrorisme" where no family lists them.
PREFIX_CREDIT: Final = 0.6
PREFIX_LENGTH: Final = 5
SIGN_BONUS: Final = 0.15
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
    opening: bool = False

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A sentence weighed against a question.

    `support` is the share of what the question asks about that the sentence and its surroundings hold, from 0 to 1, by
    weight; `covered` the share in the sentence alone; `signed` whether it holds the kind of thing asked for;
    `absent` the notions that its article holds nowhere.
    """

    sentence: Sentence
    support: float
    covered: float
    signed: bool
    absent: tuple[Concept, ...]
    rank: float


def sentences_of(article: Article) -> list[Sentence]:
    """The sentences of an article, headings and fragments left out of the answers but not of the surroundings."""
    spans = sentence_spans(article.text, article.language)
    bags = [frozenset(terms(article.text[start:end], article.language)) for start, end in spans]
    around = [frozenset(), *bags, frozenset()]
    return [
        Sentence(article=article, start=start, end=end, stems=bag, beside=before | after, opening=number == 0)
        for number, ((start, end), bag, before, after) in enumerate(zip(spans, bags, around, around[2:], strict=False))
    ]


def weigh(question: Question, sentences: Sequence[Sentence], rank: float) -> list[Evidence]:
    """Each sentence of one article as evidence; `rank` is its passage's place in the retrieval, 1 for the first, towards 0."""
    if not sentences:
        return []
    article = sentences[0].article
    title = frozenset(terms(article.title or "", article.language))
    everything = title.union(*(sentence.stems for sentence in sentences))
    absent = tuple(concept for concept in question.concepts if meets(concept, everything) == 0)
    total = sum(concept.weight for concept in question.concepts) or 1.0
    found = []
    for sentence in sentences:
        own = {concept.word: meets(concept, sentence.stems) for concept in question.concepts}
        support = covered = 0.0
        for concept in question.concepts:
            there = own[concept.word]
            around = max(BESIDE * meets(concept, sentence.beside), TITLE * meets(concept, title), ARTICLE * meets(concept, everything))
            covered += concept.weight * there
            support += concept.weight * max(there, around)
        found.append(
            Evidence(
                sentence=sentence, support=support / total, covered=covered / total, signed=sign(question, sentence.text),
                absent=absent, rank=rank,
            )
        )  # fmt: skip
    return found


def meets(concept: Concept, bag: frozenset[str]) -> float:
    """How far a notion is among `bag`: the best credit of its stems there, or a little for one that begins alike."""
    direct = max((credit for stem, credit in concept.stems.items() if stem in bag), default=0.0)
    if direct:
        return direct
    longest = [
        stem[:PREFIX_LENGTH]
        for stem, credit in concept.stems.items()
        if credit >= 1 and len(stem) >= PREFIX_LENGTH and not stem[0].isdigit()
    ]
    if any(word.startswith(start) for start in longest for word in bag):
        return PREFIX_CREDIT
    return 0.0


def order(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Best first: by what the sentence and its surroundings hold, the kind of thing asked for, and the passage's place."""
    usable = [item for item in evidence if len(item.sentence.text) >= SHORTEST and not item.sentence.text.endswith("?")]
    return sorted(usable, key=lambda item: (-strength(item), item.sentence.article.id, item.sentence.start))


def strength(item: Evidence) -> float:
    """What sentences are ordered by."""
    return 0.6 * item.covered + 0.4 * item.support + SIGN_BONUS * item.signed + 0.1 * item.rank


def weights(concepts: Sequence[Concept]) -> Mapping[str, float]:
    """Each notion's share of the question."""
    total = sum(concept.weight for concept in concepts) or 1.0
    return {concept.word: concept.weight / total for concept in concepts}
