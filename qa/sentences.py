"""The sentences of a passage as evidence is sought in them: their words with stems and places, and what they lean on."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from index.analyse import level, located
from index.article import Article
from index.sentences import sentence_spans

LONGEST_LEAD: Final = 350
"""Characters of a sentence that is quoted only because the one that answers leans on it."""
_LEANS = re.compile(
    r"(?:(?:[^,.;:]{1,40}, )?(?:il|elle|ils|elles|celui-ci|celle-ci|ceux-ci|celles-ci|ce dernier|cette derniere|ces derniers|cela|c'est|ce sont"
    r"|he|she|it|they|this|that)\b(?! (?:s'agit|faut|convient|y a)\b)"
    r"|(?:cet|cette|ces|son|sa|ses|leurs?|celui|celle|ceux|celles|his|her|its|their|these|those)\b|ce (?!qu|n'))"
)
# Words in quotation marks alone: who says them stands before.
_BARE = re.compile(r"[«“\"].*[»”\"]\W*$", re.DOTALL)
_SAID = re.compile(
    r"[»”\"],? (?:a|ont|avait|dit|selon|d'apres|said|says|told)\b|-t-(?:il|elle)\b|\b(?:dit|ajoute|explique|affirme|precise|declare)-(?:il|elle)\b"
)
_DIGITS = re.compile(r"\d+")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence: `article.text[start:end]`. `words` are its words with stems and places in it, "" for function words."""

    article: Article
    start: int
    end: int
    words: tuple[tuple[str, int, int], ...]
    stems: frozenset[str]
    beside: frozenset[str]
    """Stems of the sentences before and after it."""
    plain: str
    """Its words without accents and case, each led and followed by a space."""
    lead: int | None = None
    """Where the sentence before begins, when this one leans on it ("Il a ajouté que...", or words in quotation marks alone) and they share
    a paragraph."""

    @cached_property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @cached_property
    def content(self) -> tuple[str, ...]:
        """The stems of its content words, in order."""
        return tuple(stem for stem, _, _ in self.words if stem)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The runs of digits in it."""
        return frozenset(_DIGITS.findall(self.text))

    @cached_property
    def capitals(self) -> int:
        """How many of its letters are capitals."""
        return sum(map(str.isupper, self.text))


@lru_cache(maxsize=4_000)
def sentences_in(article: Article, start: int, end: int) -> tuple[Sentence, ...]:
    """The sentences of the passage `start` to `end`, which see those before them in the same paragraph."""
    text = article.text
    begin = text.rfind("\n", 0, start) + 1
    spans = [(begin + first, begin + last) for first, last in sentence_spans(text[begin:end], article.language)]
    words = [tuple(located(text[first:last], article.language)) for first, last in spans]
    bags = [frozenset(stem for stem, _, _ in part if stem) for part in words]
    around = [frozenset[str](), *bags, frozenset[str]()]
    return tuple(
        Sentence(
            article=article, start=first, end=last, words=words[place], stems=bags[place], beside=around[place] | around[place + 2],
            plain=f" {_NOT_PLAIN.sub(' ', level(text[first:last])).strip()} ",
            lead=_lead(text, spans[place - 1], first, last) if place else None,
        )
        for place, (first, last) in enumerate(spans)
        if first >= start
    )  # fmt: skip


def _lead(text: str, before: tuple[int, int], start: int, end: int) -> int | None:
    if "\n" in text[before[1] : start] or before[1] - before[0] > LONGEST_LEAD:
        return None
    sentence = level(text[start:end])
    spoken = _BARE.match(sentence) and not _SAID.search(sentence)
    return before[0] if spoken or _LEANS.match(sentence[:90]) else None
