"""Questions to start from, drawn from what a collection talks about."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, islice, zip_longest
from typing import Final, TypeVar

from index.analyse import STOP_WORDS, fold
from index.article import Article
from qa.signs import people

_PHRASE = re.compile(r"(?<!\w)(l[ae]s?|l['’])\s?([a-zà-öø-ÿ]{4,}) ([a-zà-öø-ÿ]{5,})(?!\w)")
_TEXTS: Final = {
    "fr": {"who": "Qui est {name} ?", "about": "Que disent les articles sur {phrase} ?", "why": "Pourquoi est-il question de {words} ?"},
    "en": {"who": "Who is {name}?", "about": "What do the articles say about “{words}”?", "why": "Why is “{words}” discussed?"},
}
Key = TypeVar("Key")

TRIES: Final = 6
"""Questions tried for each one wanted."""
SAMPLE: Final = 200
"""Articles looked at: enough for what a collection is about, and quick in one of 50,000."""


def propose(articles: Iterable[Article], language: str, answers: Callable[[str], bool], count: int) -> list[str]:
    """At most `count` questions that `answers` says have an answer: who people are, and what is said of what comes up most."""
    words = _TEXTS["en" if language == "en" else "fr"]
    names: Counter[str] = Counter()
    subjects: Counter[tuple[str, str]] = Counter()
    for article in islice(articles, SAMPLE):
        names.update(set(people(article.text)))
        subjects.update(set(phrases(article.text)))
    who = (words["who"].format(name=name) for name, _ in _ranked(names))
    about = (
        words[kind].format(phrase=f"{determiner} {phrase}".replace("' ", "'").replace("’ ", "’"), words=phrase)
        for ((determiner, phrase), _), kind in zip(_ranked(subjects), cycle(("about", "why")), strict=False)
    )
    tried = islice(_interleaved(about, who), TRIES * count)
    return list(islice((question for question in tried if answers(question)), count))


def asked_of(kind: str, words: str, language: str) -> str:
    """The question of `kind` ("who", "about", "why") about a name, or about a phrase after its determiner."""
    return _TEXTS["en" if language == "en" else "fr"][kind].format(name=words, phrase=words, words=words)


def phrases(text: str) -> Iterator[tuple[str, str]]:
    """The determiner and the rest of each French noun phrase of `text` that could be its subject: ("la", "coopération militaire")."""
    stops = {fold(word) for word in STOP_WORDS["fr"]}
    for determiner, noun, adjective in _PHRASE.findall(text):
        if fold(noun) not in stops and fold(adjective) not in stops:
            yield determiner, f"{noun} {adjective}"


def _ranked(counts: Counter[Key]) -> list[tuple[Key, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))


def _interleaved(first: Iterable[str], second: Iterable[str]) -> Iterator[str]:
    return (question for pair in zip_longest(first, second) for question in pair if question)
