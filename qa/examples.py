"""Questions to start from, drawn from what a collection talks about."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
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

SAMPLE: Final = 200
"""Articles looked at: enough for what a collection is about, and quick in one of 50,000."""


def propose(articles: Iterable[Article], language: str, answers: Callable[[str], bool], count: int) -> list[str]:
    """At most `count` questions that `answers` says have an answer: who people are, and what is said of what comes up most."""
    words = _TEXTS["en" if language == "en" else "fr"]
    names: Counter[str] = Counter()
    phrases: Counter[tuple[str, str]] = Counter()
    for article, _ in zip(articles, range(SAMPLE), strict=False):
        names.update(set(people(article.text)))
        phrases.update(set(_phrases(article.text)))
    who = (words["who"].format(name=name) for name, _ in _ranked(names))
    about = (
        words[kind].format(phrase=f"{determiner} {phrase}".replace("' ", "'").replace("’ ", "’"), words=phrase)
        for ((determiner, phrase), _), kind in zip(_ranked(phrases), _alternating(("about", "why")), strict=False)
    )
    chosen: list[str] = []
    tried = 0
    for question in _interleaved(who, about):
        tried += 1
        if len(chosen) == count or tried > 6 * count:
            break
        if answers(question):
            chosen.append(question)
    return chosen


def _phrases(text: str) -> Iterator[tuple[str, str]]:
    stops = {fold(word) for word in STOP_WORDS["fr"]}
    for determiner, noun, adjective in _PHRASE.findall(text):
        if fold(noun) not in stops and fold(adjective) not in stops:
            yield determiner, f"{noun} {adjective}"


def _ranked(counts: Counter[Key]) -> list[tuple[Key, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))


def _alternating(kinds: tuple[str, str]) -> Iterator[str]:
    while True:
        yield from kinds


def _interleaved(first: Iterable[str], second: Iterable[str]) -> Iterator[str]:
    one, other = iter(first), iter(second)
    while True:
        found = [question for question in (next(other, None), next(one, None)) if question]
        if not found:
            return
        yield from found
