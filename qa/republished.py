"""Who else published what an answer quotes: the near copies of its articles, told beside it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.article import Article
from qa.answer import Answer, Citation, Copy, compose, reading_link
from qa.phrases import republished


def with_copies(answer: Answer, copies: Callable[[str], Sequence[Article]]) -> Answer:
    """`answer` with the copies of each article that it cites, and a line on those of the articles it tells first."""
    if not answer.citations:
        return answer
    found = {article_id: tuple(map(_copy, copies(article_id))) for article_id in {citation.article_id for citation in answer.citations}}
    if not any(found.values()):
        return answer
    citations = tuple(replace(citation, copies=found[citation.article_id]) for citation in answer.citations)
    shown = citations[: len(citations) - answer.further]
    notes = (*answer.notes, *(_note(citation, answer.language) for citation in _first_of_each(shown) if citation.copies))
    text = compose(citations, answer.language, answer.leads, notes, answer.further)
    return replace(answer, citations=citations, notes=notes, text=text)


def _copy(article: Article) -> Copy:
    return Copy(
        article_id=article.id, title=article.title, source=article.source, path=article.path, published=article.published,
        link=article.url or reading_link(article.id, 0, 0),
    )  # fmt: skip


def _first_of_each(citations: Sequence[Citation]) -> list[Citation]:
    return list({citation.article_id: citation for citation in reversed(citations)}.values())[::-1]


def _note(citation: Citation, language: str) -> str:
    named = list(dict.fromkeys(copy.source or copy.path for copy in citation.copies))
    return republished(citation.number, named, language)
