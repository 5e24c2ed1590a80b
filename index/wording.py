"""What each half of the index reads of a passage."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from index.analyse import pairs, terms
from index.article import Article
from index.sections import Hashing, Sections

TITLE_COUNT: Final = 2
"""How often the title's words count in the lexical half, beside once for those of the passage and of the two next to it.
nDCG@10 on piaf-dev / afriqa-dev: 0.779 / 0.838 without the neighbours, 0.797 / 0.841 with them."""


def passage_terms(article: Article, spans: Sequence[tuple[int, int]]) -> list[list[str]]:
    """What the lexical half counts for each passage of an article: its own terms, those of the passages beside it,
    and the title's `TITLE_COUNT` times; with the pairs of neighbouring terms in each."""
    words = [terms(text, article.language) for text in _sections(article, spans)]
    counted = [[*section, *pairs(section)] for section in words]
    return [list(chain.from_iterable(counted[number] for number in used)) for used in _uses(len(spans))]


def article_sections(article: Article, spans: Sequence[tuple[int, int]], hashing: Hashing) -> Sections:
    """`passage_terms` in sections: the title, and then the passages."""
    return Sections([hashing.hashes(text, article.language) for text in _sections(article, spans)], _uses(len(spans)))


def _sections(article: Article, spans: Sequence[tuple[int, int]]) -> list[str]:
    return [article.title or "", *(article.text[start:end] for start, end in spans)]


def _uses(passages: int) -> list[list[int]]:
    """Which sections count for each passage."""
    title = [0] * TITLE_COUNT
    return [title + list(range(max(1, number - 1), min(number + 1, passages) + 1)) for number in range(1, passages + 1)]


def embedding_text(article: Article, start: int, end: int) -> str:
    """What the model reads of a passage: its article's title gives the context that the passage alone may lack."""
    return f"{article.title}\n{article.text[start:end]}" if article.title else article.text[start:end]
