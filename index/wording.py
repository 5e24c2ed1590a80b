"""What each half of the index reads of a passage."""

from collections.abc import Sequence
from typing import Final

from index.analyse import pairs, terms
from index.article import Article

TITLE_COUNT: Final = 2
"""How often the title's words count in the lexical half, beside once for those of the passage and of the two next to it.
nDCG@10 on piaf-dev / afriqa-dev: 0.779 / 0.838 without the neighbours, 0.797 / 0.841 with them."""


def passage_terms(article: Article, spans: Sequence[tuple[int, int]]) -> list[list[str]]:
    """What the lexical half counts for each passage of an article: its own terms, those of the passages beside it,
    and the title's `TITLE_COUNT` times; with the pairs of neighbouring terms in each."""
    title = _with_pairs(article.title or "", article.language)
    own = [_with_pairs(article.text[start:end], article.language) for start, end in spans]
    around: list[list[str]] = [[], *own, []]
    return [title * TITLE_COUNT + before + body + after for before, body, after in zip(around, own, around[2:], strict=False)]


def embedding_text(article: Article, start: int, end: int) -> str:
    """What the model reads of a passage: its article's title gives the context that the passage alone may lack."""
    return f"{article.title}\n{article.text[start:end]}" if article.title else article.text[start:end]


def _with_pairs(text: str, language: str | None) -> list[str]:
    found = terms(text, language)
    return found + pairs(found)
