"""The public door: open a collection, ask it, search it, keep it up to date."""

import os
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from index.article import Article
from index.build import Report, Watcher, embedding_text, remove, update
from index.dates import last_day
from index.embed import DEFAULT_MODEL, Embedder, open_model
from index.errors import ModelError, StaleIndex
from index.generation import Generation
from index.manifest import REBUILD
from index.store import Home
from index.vectors import RowVector
from qa.answer import Answer, Citation, Hit, cite, compose, invitation, nothing_left, refusal
from qa.arrange import FIRST, arrange, select
from qa.decide import choose, quotes, supported
from qa.evidence import Evidence, Sentence, order, sentences_of, weigh
from qa.examples import propose
from qa.filters import Filters
from qa.question import Question, understand
from qa.rerank import RERANKED, Reranker
from qa.rescore import RESCORED
from qa.retrieve import Ranking, rank, reorder

DEFAULT_HOME = ".griot"
PASSAGES = 10
"""Passages whose sentences are weighed."""
WHOLE_ARTICLES = 2
"""Articles, the first found, of which every sentence is weighed."""
NEAREST = 3
SPARE = 10
"""Passages ranked beyond those asked for, to take the places of near copies."""


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What a collection holds, for a line on the page: counts, the dates it covers, its sites."""

    articles: int
    passages: int
    earliest: str | None
    latest: str | None
    sources: tuple[str, ...]


class Assistant:
    """Answers questions from the articles of one home. Safe to share between threads.

    A generation published meanwhile, by this process or another, is picked up at the next question.
    """

    def __init__(self, home: Home, embedder: Embedder, reranker: Reranker | None = None, *, today: Callable[[], date] = date.today) -> None:
        self.home = home
        self.embedder = embedder
        self.reranker = reranker
        self._today = today
        self._lock = threading.Lock()
        self._name: str | None = None
        self._generation: Generation | None = None
        self._sentences = lru_cache(maxsize=2_000)(sentences_of)
        self._examples = lru_cache(maxsize=8)(self._propose)

    @classmethod
    def open(cls, home: str | Path = DEFAULT_HOME, *, embedder: Embedder | None = None, reranker: Reranker | None = None) -> "Assistant":
        """Open the index in the folder `home`.

        Raises:
            MissingIndex, StaleIndex, DamagedIndex: there is none, or it cannot be used; the message says what to do.
            ModelError: its embedding model cannot be found.
        """
        place = Home(home)
        manifest = place.open().manifest
        assistant = cls(place, embedder or open_model(manifest.model), reranker)
        assistant.generation()
        return assistant

    @classmethod
    def from_paths(
        cls, paths: Sequence[str | Path], *, home: str | Path = DEFAULT_HOME, model: str = DEFAULT_MODEL,
        embedder: Embedder | None = None, reranker: Reranker | None = None,
    ) -> "Assistant":  # fmt: skip
        """Index `paths` (files and folders) in `home`, beside what is there already, and open it."""
        assistant = cls(Home(home), embedder or open_model(model), reranker)
        assistant.update(paths)
        return assistant

    def generation(self) -> Generation:
        """The generation being served, opened again when another was published."""
        name = self.home.current()
        with self._lock:
            if self._generation is None or name != self._name:
                generation = self.home.open()
                if generation.manifest.fingerprint != self.embedder.fingerprint:
                    raise StaleIndex(
                        f"{self.home.folder} was built with the model {generation.manifest.model}, not with this {self.embedder.name}; "
                        f"{REBUILD} --model {self.embedder.name}"
                    )
                self._generation, self._name = generation, name
            return self._generation

    def ask(
        self, question: str, *, history: Sequence[str] = (), since: str | None = None, until: str | None = None, source: str | None = None
    ) -> Answer:
        """Answer `question` with quotes, or say that the articles hold no answer.

        `history` holds the earlier questions of the conversation, oldest first. `since`, `until` (dates of any precision) and
        `source` (part of a site's name) keep to matching articles.

        Raises:
            QuestionError: a filter cannot be used. Odd questions are answered politely, never refused.
        """
        generation = self.generation()
        filters = Filters(since=since, until=until, source=source)
        return self._reply(generation, question, history, filters.rows(generation), filters)

    def ask_without(self, question: str, article_ids: Collection[str]) -> Answer:
        """`ask` as if the given articles were not in the collection: what an evaluation of refusals asks."""
        generation = self.generation()
        return self._reply(generation, question, (), _rows_without(generation, article_ids))

    def weighed(self, question: str, without: Collection[str] = ()) -> tuple[Question, list[Evidence]]:
        """The question as understood and every sentence considered, best first: what fitting and explaining look at."""
        generation = self.generation()
        asked = understand(question, generation.lexical.frequency, generation.manifest.passages)
        if asked.empty:
            return asked, []
        hits = self._find(generation, asked, PASSAGES, _rows_without(generation, without) if without else None)
        return asked, [item for item, _ in order(asked, self._weighed(generation, asked, hits))]

    async def aask(
        self, question: str, *, history: Sequence[str] = (), since: str | None = None, until: str | None = None, source: str | None = None
    ) -> Answer:
        """`ask` for asynchronous callers, in a worker thread."""
        import asyncio

        return await asyncio.to_thread(self.ask, question, history=history, since=since, until=until, source=source)

    def search(
        self, query: str, k: int = 10, *, since: str | None = None, until: str | None = None, source: str | None = None
    ) -> list[Hit]:
        """The `k` passages nearest to `query`, best first."""
        generation = self.generation()
        asked = understand(query, generation.lexical.frequency, generation.manifest.passages)
        if not any(char.isalnum() for char in query) or k < 1:
            return []
        allowed = Filters(since=since, until=until, source=source).rows(generation)
        return arrange(asked.text, self._find(generation, asked, max(k, FIRST + SPARE), allowed))[:k]

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None when it is not, or no longer, in the collection."""
        return self.generation().article(article_id)

    def verify(self, citation: Citation) -> bool:
        """Whether the stored article still holds the quote at its offsets."""
        article = self.article(citation.article_id)
        return article is not None and article.text[citation.start : citation.end] == citation.quote

    def overview(self) -> Overview:
        """Counts, dates and sites of the collection."""
        generation = self.generation()
        facts = generation.facts
        return Overview(
            articles=generation.manifest.articles, passages=generation.manifest.passages, earliest=facts.dates[0] if facts.dates else None,
            latest=max(facts.dates, key=last_day, default=None), sources=facts.sites,
        )  # fmt: skip

    def examples(self, language: str = "fr", count: int = 4) -> list[str]:
        """Questions to start from, drawn from the collection, each of which it answers."""
        return list(self._examples(self.generation(), language, count))

    def _propose(self, generation: Generation, language: str, count: int) -> list[str]:
        return propose(generation.articles(), language, lambda question: self.ask(question).answered, count)

    def update(self, paths: Sequence[str | Path] = (), *, full: bool = False, watcher: Watcher | None = None) -> Report:
        """Bring the index in step with its collection and `paths`: the same plan, build and publish as `griot index`."""
        return update(self.home, self.embedder, paths, full=full, watcher=watcher)

    def remove(self, names: Sequence[str], watcher: Watcher | None = None) -> Report:
        """Take articles, by id or path, out of the collection."""
        return remove(self.home, self.embedder, names, watcher)

    def _reply(
        self, generation: Generation, question: str, history: Sequence[str], allowed: RowVector | None, filters: Filters | None = None
    ) -> Answer:
        began = time.perf_counter()
        asked = understand(question, generation.lexical.frequency, generation.manifest.passages, history)
        if asked.empty:
            answer = Answer(question=question, language=asked.language, text=invitation(asked.language), answered=False)
        elif filters and allowed is not None and not len(allowed):
            text = nothing_left(filters.named, generation.facts.sites, generation.facts.dates, asked.language)
            answer = Answer(question=question, language=asked.language, text=text, answered=False)
        else:
            answer = self._answer(generation, question, asked, self._find(generation, asked, PASSAGES, allowed))
        return replace(answer, seconds=round(time.perf_counter() - began, 6))

    def ranking(self, generation: Generation, question: Question, k: int, allowed: RowVector | None = None) -> Ranking:
        """The `k` best passages, by the reranker too where there is one. Answers, searches and evaluations all rank by this."""
        if self.reranker is None:
            return rank(generation, self.embedder, question, k, allowed)
        found = rank(generation, self.embedder, question, max(k, RERANKED), allowed)
        passages = generation.passages([int(row) for row in found.rows[:RERANKED]])
        texts = [embedding_text(_present(generation, passage.article_id), passage.start, passage.end) for passage in passages]
        again = reorder(found, self.reranker.scores(question.text, texts))
        return Ranking(rows=again.rows[:k], scores=again.scores[:k])

    def _find(self, generation: Generation, question: Question, k: int, allowed: RowVector | None) -> list[Hit]:
        """The `k` first passages to look for an answer in."""
        ranking = self.ranking(generation, question, max(k + SPARE, RESCORED), allowed)
        passages = generation.passages([int(row) for row in ranking.rows])
        articles = {passage.article_id: _present(generation, passage.article_id) for passage in passages}
        hits = [
            Hit(
                article_id=passage.article_id, path=article.path, title=article.title, source=article.source, published=article.published,
                start=passage.start, end=passage.end, text=passage.text, score=round(float(score), 4),
            )
            for passage, score in zip(passages, ranking.scores, strict=True)
            for article in [articles[passage.article_id]]
        ]  # fmt: skip
        return select(question.text, hits, self._today())[:k]

    def _answer(self, generation: Generation, text: str, question: Question, hits: Sequence[Hit]) -> Answer:
        kept = choose(question, supported(question, order(question, self._weighed(generation, question, hits[:PASSAGES]))))
        if not kept:
            missing = missing_words(question)
            return Answer(
                question=text, language=question.language, text=refusal(missing, question.language), answered=False,
                passages=tuple(arrange(question.text, hits)[:NEAREST]), missing=missing,
            )  # fmt: skip
        citations = tuple(cite(number, *quote) for number, quote in enumerate(quotes(kept), start=1))
        return Answer(
            question=text, language=question.language, text=compose(citations, question.language), answered=True,
            citations=citations, passages=tuple(arrange(question.text, hits)[:PASSAGES]),
        )  # fmt: skip

    def _weighed(self, generation: Generation, question: Question, hits: Sequence[Hit]) -> list[Evidence]:
        """Every sentence of the passages found, and of the first articles whole: news answers one question in several places."""
        whole = list(dict.fromkeys(hit.article_id for hit in hits))[:WHOLE_ARTICLES]
        found: dict[tuple[str, int], Evidence] = {}
        for place, hit in enumerate(hits):
            sentences: list[Sentence] = self._sentences(_present(generation, hit.article_id))
            for item in weigh(question, sentences, 1 - place / len(hits)):
                if hit.start <= item.sentence.start < hit.end:
                    found.setdefault((hit.article_id, item.sentence.start), item)
        for article_id in whole:
            for item in weigh(question, self._sentences(_present(generation, article_id)), 0.0):
                found.setdefault((article_id, item.sentence.start), item)
        return list(found.values())


def missing_words(question: Question) -> tuple[str, ...]:
    """The words of the question that no article holds, in any form or kin, in the order asked."""
    return tuple(concept.word for concept in question.concepts if concept.missing and not concept.framing)


def _present(generation: Generation, article_id: str) -> Article:
    article = generation.article(article_id)
    if article is None:
        raise ModelError(f"article {article_id} is gone from its own generation; {REBUILD}")
    return article


def _rows_without(generation: Generation, article_ids: Collection[str]) -> RowVector:
    return generation.facts.rows(generation.facts.without(frozenset(article_ids)))


def default_home() -> Path:
    """`$GRIOT_HOME`, else `.griot` in the current folder."""
    return Path(os.environ.get("GRIOT_HOME") or DEFAULT_HOME)
