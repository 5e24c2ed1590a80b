"""Turns to draw: an answer that quotes articles, a refusal, and for whom they are drawn."""

from dataclasses import replace
from datetime import date
from typing import Any

from index.article import Article
from qa.answer import Answer, Hit, cite, compose
from ui.render.view import Turn, View

TEXT = "Le pont a rouvert lundi. La mairie s’en félicite.\n\nLes travaux ont duré deux ans."
ARTICLE = Article(
    id="0123456789ab", text=TEXT, path="pont.txt", digest="0", title="Le pont rouvre", url="https://exemple.fr/pont?a=1&b=2",
    source="Le Courrier", published="2024-03-04", language="fr",
)  # fmt: skip
BARE = replace(ARTICLE, id="ffffffffffff", title=None, url=None, source=None, published=None)
FRENCH = View(language="fr", today=date(2026, 3, 10))
ENGLISH = replace(FRENCH, language="en")


def answered(*articles: Article, language: str = "fr", question: str = "Quand le pont a-t-il rouvert ?", **more: Any) -> Turn:
    """A turn that cites the first sentence of each article."""
    citations = tuple(cite(number, article, 0, 24) for number, article in enumerate(articles, start=1))
    answer = Answer(
        question=question, language=language, text=compose(citations, language), answered=True, citations=citations, seconds=0.012, **more
    )
    return Turn(question=question, answer=answer, articles={article.id: article for article in articles})


def hit(article: Article, end: int = 49) -> Hit:
    """The start of an article, as a passage found."""
    return Hit(
        article_id=article.id, path=article.path, title=article.title, source=article.source, published=article.published,
        start=0, end=end, text=article.text[:end], score=1.0,
    )  # fmt: skip


def refused(article: Article, language: str = "fr", text: str = "Pas de réponse. On n’y trouve nulle part : « prix ».") -> Turn:
    """A turn that finds no answer, with one passage near it."""
    answer = Answer(question="Quel prix ?", language=language, text=text, answered=False, passages=(hit(article),), missing=("prix",))
    return Turn(question="Quel prix ?", answer=answer, articles={article.id: article})


def changed(turn: Turn, **fields: Any) -> Turn:
    """`turn` with other fields in its answer."""
    assert turn.answer is not None
    return replace(turn, answer=replace(turn.answer, **fields))
