"""A collection of a few articles held in memory, for the pages: what they show needs no index."""

from collections.abc import Sequence

from index.article import Article
from index.errors import DamagedIndex
from index.revisions import Revision
from qa.answer import Answer, Citation
from qa.assistant import Overview
from qa.trace import Trace


class Shelf:
    """Stands in for `qa.Assistant`: the articles given, each a copy of all the others where `copied`, and the earlier texts of each."""

    def __init__(self, *articles: Article, earlier: dict[str, list[Revision]] | None = None, copied: bool = False) -> None:
        self.articles = {article.id: article for article in articles}
        self.earlier = earlier or {}
        self.copied = copied

    def article(self, article_id: str) -> Article | None:
        return self.articles.get(article_id)

    def copies(self, article_id: str) -> list[Article]:
        return [article for name, article in self.articles.items() if name != article_id] if self.copied else []

    def revisions(self, article_id: str) -> list[Revision]:
        return self.earlier.get(article_id, [])

    def trace(self, citation: Citation) -> Trace:
        article, quote = self.article(citation.article_id), citation.quote
        if article and article.text[citation.start : citation.end] == quote:
            return Trace(held=True)
        kept = [one for one in self.revisions(citation.article_id) if one.text[citation.start : citation.end] == quote]
        return Trace(held=bool(kept), changed=kept[0].seen_until if kept else None, gone=article is None)

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer:
        return Answer(question=question, language="fr", text="Rien là-dessus.", answered=False)

    def overview(self) -> Overview:
        return Overview(articles=len(self.articles), passages=1, earliest=None, latest=None, sources=())

    def examples(self, language: str, count: int = 4) -> list[str]:
        return []

    def followups(self, answer: Answer, asked: Sequence[str] = (), count: int = 3) -> list[str]:
        return []

    def busy(self) -> bool:
        return False


class Damaged(Shelf):
    """One whose index cannot be read."""

    def article(self, article_id: str) -> Article | None:
        raise DamagedIndex("articles.sqlite <is> damaged; run griot index --full")
