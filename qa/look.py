"""The sentences of the passages found, and how far each notion of a question is met in them and around them."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np

from index.analyse import terms
from index.dates import MONTHS
from index.generation import Generation
from index.vectors import FloatVector
from qa.answer import Hit
from qa.question import Concept, Question
from qa.sentences import Sentence, sentences_in

SHORTEST: Final = 25
"""Characters under which a line is a heading or a fragment, and no answer."""
LONGEST_HEADING: Final = 120
BEGINNING: Final = 5
"""Letters by which two words count as of one family, where no lexicon lists them as such."""
BEGUN: Final = 0.6
"""What meeting a word of one family or a misspelt name counts for."""
ALIKE: Final = 80
"""Ratio (Levenshtein, rapidfuzz) from which two names are one, spelt in two ways."""
TITLE: Final = 0.5
BESIDE: Final = 0.6
THROUGHOUT: Final = 0.9
"""What a name counts for that stands elsewhere in the article: news is about few countries and people, meant throughout."""
_ENDED = re.compile(r"[.!…][\"”»'’)\]\s]*$")


Credits = dict[str, list[tuple[int, float]]]
"""For each stem, the notions of a question that it meets, by their place, and how far."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A sentence with the hit that it was found in, and how far each notion of the question is met in it (`held`) and around it;
    `rank` is the place of the hit."""

    sentence: Sentence
    hit: Hit
    rank: int
    held: FloatVector
    around: FloatVector


def look(generation: Generation, question: Question, hits: Sequence[Hit]) -> list[Seen]:
    """Every sentence of the passages found, each once, with what it meets of the question."""
    articles = {hit.article_id: generation.article(hit.article_id) for hit in hits}
    found: dict[tuple[str, int], tuple[Sentence, Hit, int]] = {}
    for rank, hit in enumerate(hits):
        article = articles[hit.article_id]
        for sentence in sentences_in(article, generation.sentences(article.id, hit.start, hit.end), hit.start, hit.end) if article else ():
            found.setdefault((hit.article_id, sentence.start), (sentence, hit, rank))
    credits = _credits(question.concepts, frozenset[str]().union(*(sentence.stems for sentence, _, _ in found.values())))
    titles = {hit.article_id: title_stems(hit.title) | _dated(hit.published) for hit in hits}
    whole = {
        article_id: np.maximum(
            np.multiply(TITLE, _met(len(question.concepts), credits, titles[article_id])),
            [THROUGHOUT * (concept.name and _occurs(generation, concept, article_id)) for concept in question.concepts],
        ).astype(np.float32)
        for article_id in articles
    }
    seen = list(found.values())
    count = len(question.concepts)
    held, beside = (
        np.array([_met(count, credits, bag) for bag in bags], np.float32).reshape(len(seen), count)
        for bags in ([sentence.stems for sentence, _, _ in seen], [sentence.beside for sentence, _, _ in seen])
    )
    around = BESIDE * beside
    for row, (_, hit, _) in zip(around, seen, strict=True):
        np.maximum(row, whole[hit.article_id], out=row)
    return [
        Seen(sentence=sentence, hit=hit, rank=rank, held=own, around=near)
        for (sentence, hit, rank), own, near in zip(seen, held, around, strict=True)
    ]


def usable(seen: Sequence[Seen]) -> list[Seen]:
    """Sentences that can be quoted: no question, no fragment, and no heading, unless the article is written without full stops."""
    whole = [item for item in seen if item.sentence.end - item.sentence.start >= SHORTEST and not item.sentence.text.endswith("?")]
    ended = [item for item in whole if _ENDED.search(item.sentence.text) or item.sentence.end - item.sentence.start > LONGEST_HEADING]
    return ended or whole


def _credits(concepts: Sequence[Concept], vocabulary: frozenset[str]) -> Credits:
    """What meeting each stem of `vocabulary` counts for: a notion's own stems, else words that begin alike, or a name spelt otherwise."""
    own_stems = [
        [stem for stem, credit in concept.stems.items() if credit >= 1 and len(stem) >= BEGINNING and not stem[0].isdigit()]
        for concept in concepts
    ]
    families: dict[str, list[str]] = {stem[:BEGINNING]: [] for own in own_stems for stem in own}
    names: dict[str, list[str]] = {stem[0]: [] for concept, own in zip(concepts, own_stems, strict=True) if concept.name for stem in own}
    for stem in vocabulary:
        if (family := families.get(stem[:BEGINNING])) is not None:
            family.append(stem)
        if (initial := names.get(stem[0])) is not None:
            initial.append(stem)
    credits: Credits = defaultdict(list)
    for place, (concept, own) in enumerate(zip(concepts, own_stems, strict=True)):
        # A name may be misspelt, but "France" is not met in "franchir".
        alike = _misspelt(own, names) if concept.name else [stem for one in own for stem in families[one[:BEGINNING]]]
        for stem, credit in (dict.fromkeys(alike, BEGUN) | dict(concept.stems)).items():
            credits[stem].append((place, credit))
    return credits


def _misspelt(own: Sequence[str], names: Mapping[str, Sequence[str]]) -> list[str]:
    """The stems that are spelt almost as one of a name's own; `names` holds those that begin with each letter."""
    from rapidfuzz import fuzz

    return [stem for one in own for stem in names[one[0]] if abs(len(stem) - len(one)) <= 2 and fuzz.ratio(stem, one) >= ALIKE]


def _met(concepts: int, credits: Credits, bag: frozenset[str]) -> list[float]:
    """How far each of the notions of a question is met in a bag of stems."""
    met = [0.0] * concepts
    for stem in credits.keys() & bag:
        for place, credit in credits[stem]:
            met[place] = max(met[place], credit)
    return met


def _occurs(generation: Generation, concept: Concept, article_id: str) -> bool:
    first, last = generation.rows_of(article_id)
    return any(generation.lexical.occurs(stem, first, last) for stem in concept.stems)


def absent(generation: Generation, question: Question, article_id: str) -> tuple[Concept, ...]:
    """The notions of the question that an article holds nowhere."""
    return tuple(concept for concept in question.concepts if not _occurs(generation, concept, article_id))


@lru_cache(maxsize=4_096)
def title_stems(title: str | None) -> frozenset[str]:
    """The stems of a title's content words."""
    return frozenset(terms(title or ""))


@cache
def _dated(published: str | None) -> frozenset[str]:
    """The year and the month of a date as stems, so that "en janvier 2024" meets an article of that month."""
    year, _, rest = (published or "").partition("-")
    month = int(rest[:2]) if rest else 0
    return frozenset(terms(" ".join([year, *(name for name, number in MONTHS.items() if number == month)]), "fr"))
