"""Assistants for the page: one that answers when it is told to, so that a test can look at what waits, and a stand-in for any."""

import threading
from collections.abc import Sequence
from typing import Any

from index.article import Article
from index.errors import GriotError
from qa.answer import Answer, Citation, cite
from qa.assistant import Overview
from qa.trace import Trace

ARTICLE = Article(
    id="0123456789ab", text="Le pont a rouvert lundi. La mairie s’en félicite.", path="pont.txt", digest="0", title="Le pont rouvre",
    source="Le Courrier", published="2024-03-04", language="fr",
)  # fmt: skip


class Slow:
    """Holds every answer back until `go` is set. `failure` is raised by whatever reads the index, `held` is what that holds."""

    def __init__(self, articles: int = 1, failure: GriotError | None = None, at_work: bool = False) -> None:
        self.go = threading.Event()
        self.asked: list[str] = []
        self.articles = articles
        self.failure = failure
        self.at_work = at_work

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer:
        self.asked.append(question)
        assert self.go.wait(30)
        cited = (cite(1, ARTICLE, 0, 24),)
        return Answer(question=question, language="fr", text="« Le pont a rouvert lundi. » [1]", answered=True, citations=cited)

    def article(self, article_id: str) -> Article | None:
        return ARTICLE if article_id == ARTICLE.id else None

    def trace(self, citation: Citation) -> Trace:
        return Trace(held=False)

    def overview(self) -> Overview:
        if self.failure:
            raise self.failure
        return Overview(articles=self.articles, passages=1, earliest=None, latest=None, sources=())

    def examples(self, language: str, count: int = 4) -> list[str]:
        return []

    def followups(self, answer: Answer, asked: Sequence[str] = (), count: int = 3) -> list[str]:
        return []

    def busy(self) -> bool:
        return self.at_work


class Stage:
    """Stands in for the assistant that a test brings, so that one server serves them all."""

    def __init__(self) -> None:
        self.assistant: Any = Slow()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.assistant, name)
