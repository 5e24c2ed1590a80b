"""The sentences of a passage as evidence is sought in them: their words with stems and places, and what they lean on."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from index.analyse import level, plain, word_places, word_stems
from index.article import Article, Span

LONGEST_LEAD: Final = 350
"""Characters of a sentence that is quoted only because the one that answers leans on it."""
_LEANS = re.compile(
    r"(?:(?:[^,.;:]{1,40}, )?(?:il|elle|ils|elles|celui-ci|celle-ci|ceux-ci|celles-ci|ce dernier|cette derniere|ces derniers|cela|c'est|ce sont"
    r"|he|she|it|they|this|that)\b(?! (?:s'agit|faut|convient|y a)\b)"
    r"|(?:cet|cette|ces|son|sa|ses|leurs?|celui|celle|ceux|celles|his|her|its|their|these|those)\b|ce (?!qu|n'))"
)
# Words in quotation marks alone: who says them stands before.
_BARE = re.compile(r"[«“\"].*[»”\"]\W*$", re.DOTALL)
_SAID = re.compile(r"[»”\"],? (?:a|ont|avait|dit|selon|d'apres|said|says|told)\b")
# "a-t-il déclaré", "dit-elle", "he said": who that is stands before.
_PRONOUN_SAID = re.compile(
    r"[»”\"],? (?:a-t-(?:il|elle)|ont-(?:ils|elles)|(?:dit|ajoute|explique|affirme|precise|declare|estime|assure)(?:-t)?-(?:il|elle)|(?:he|she|they) (?:said|added|told|says))\b"
)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence: `article.text[start:end]`. `ordered` holds the stems of its words in order, "" for function words, `content` those of its
    content words."""

    article: Article
    start: int
    end: int
    ordered: tuple[str, ...]
    content: tuple[str, ...]
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
    def words(self) -> tuple[tuple[str, int, int], ...]:
        """Its words with their stems, "" for function words, and their places in it."""
        return tuple((stem, *span) for stem, span in zip(self.ordered, word_places(self.text), strict=True))


@lru_cache(maxsize=4_000)
def sentences_in(article: Article, own: tuple[Span, ...], start: int, end: int) -> tuple[Sentence, ...]:
    """The sentences of the passage `start` to `end`, which see the one before it.

    `own` are the spans of the article's sentences that begin in the passage, and of the one before them.
    """
    text = article.text
    # A sentence longer than a passage goes on in the next.
    spans = [(first, min(last, end)) for first, last in own]
    ordered = [tuple(word_stems(text[first:last], article.language)) for first, last in spans]
    content = [tuple(filter(None, stems)) for stems in ordered]
    begin = spans[0][0] if spans else 0
    whole = level(text[begin:end])
    leveled = [whole[first - begin : last - begin] for first, last in spans]
    bags = [frozenset(stems) for stems in content]
    around = [frozenset[str](), *bags, frozenset[str]()]
    return tuple(
        Sentence(
            article=article, start=first, end=last, ordered=ordered[place], content=content[place], stems=bags[place], beside=around[place] | around[place + 2],
            plain=plain(text[first:last]),
            lead=_lead(text, spans[place - 1], first, leveled[place]) if place else None,
        )
        for place, (first, last) in enumerate(spans)
        if first >= start
    )  # fmt: skip


def _lead(text: str, before: tuple[int, int], start: int, sentence: str) -> int | None:
    if "\n" in text[before[1] : start] or before[1] - before[0] > LONGEST_LEAD:
        return None
    spoken = _BARE.match(sentence) and not _SAID.search(sentence)
    return before[0] if spoken or _PRONOUN_SAID.search(sentence) or _LEANS.match(sentence[:90]) else None
