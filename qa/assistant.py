"""The public door: open a collection, ask it, search it, keep it up to date."""

import os
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from index.analyse import fold
from index.article import Article
from index.build import embedding_text, remove, update
from index.dates import last_day
from index.embed import DEFAULT_MODEL, Embedder, open_model
from index.errors import ChangedIndex, StaleIndex
from index.generation import Generation
from index.lock import is_busy
from index.manifest import REBUILD
from index.report import Report, Watcher
from index.revisions import Revision, Revisions
from index.store import Home
from index.vectors import FloatVector, RowVector
from qa.answer import Answer, Citation, Hit, invitation, nothing_left, refusal
from qa.arrange import FIRST, arrange, select
from qa.broad import READ, by_article, digest, relevant, timeline
from qa.conversation import Standalone, printable, standalone
from qa.decide import judge
from qa.examples import propose
from qa.filters import Filters
from qa.followups import follow_ups
from qa.intent import Intent, intent_of
from qa.kinds import kind_of
from qa.question import Question, read_question, understand
from qa.reader import Reading, read
from qa.recall import Recall
from qa.republished import with_copies
from qa.rerank import RERANKED, Reranker
from qa.rescore import RESCORED
from qa.respond import answer_articles, answer_digest, answer_fact, answer_timeline
from qa.retrieve import Ranking, rank, reorder
from qa.trace import Trace, trace
from qa.when import period

if TYPE_CHECKING:
    from index.web.gather import Fetches

DEFAULT_HOME = ".griot"
PASSAGES = 10
"""Passages given with an answer."""
NEAREST = 3
Result = TypeVar("Result")
TRIES = 8
"""Times that a question is asked anew as what it reads is changed by others meanwhile, which takes a writer a moment each time."""
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
    months: Mapping[str, int] = field(default_factory=dict)
    """How many articles each month ("2024-03") or, where no more is known, year ("2024") holds; the earliest first."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a question is limited to: rows of passages, as the filters `named` let through, and the day it is asked on."""

    today: date
    allowed: RowVector | None = None
    named: str = ""


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
        self._recall = Recall()
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
        self, question: str, *, history: Sequence[Any] = (), since: str | None = None, until: str | None = None, source: str | None = None,
        as_of: str | None = None,
    ) -> Answer:  # fmt: skip
        """Answer `question` with quotes, or say that the articles hold no answer.

        `history` holds the earlier questions of the conversation, oldest first (see `qa.conversation.turns`). `since`, `until` (dates of
        any precision) and `source` (part of a site's name) keep to matching articles; `as_of` to what was published by then, and
        "last year" is reckoned from it.

        Raises:
            QuestionError: a filter cannot be used. Odd questions are answered politely, never refused.
        """
        filters = Filters(since=since, until=until, source=source, as_of=as_of)

        def reply(generation: Generation) -> Answer:
            wanted = Wanted(today=filters.today or self._today(), allowed=filters.rows(generation), named=filters.named)
            if history or not isinstance(question, str):
                return self._reply(generation, question, history, wanted)
            began = time.perf_counter()
            asked = (question, since, until, source, as_of, wanted.today)
            answer = self._recall.answer(generation, asked, lambda: self._reply(generation, question, (), wanted))
            return replace(answer, seconds=round(time.perf_counter() - began, 6))

        return self._steadily(reply)

    def _steadily(self, read: Callable[[Generation], Result]) -> Result:
        """What `read` makes of the generation being served; made of a newer one where another writer changed what it was reading."""
        for _ in range(TRIES):
            generation = self.generation()
            try:
                return read(generation)
            except ChangedIndex:
                with self._lock:
                    if self._generation is generation:
                        self._generation = None
        return read(self.generation())

    def ask_without(self, question: str, article_ids: Collection[str]) -> Answer:
        """`ask` as if the given articles were not in the collection: what an evaluation of refusals asks."""
        generation = self.generation()
        return self._reply(generation, question, (), Wanted(today=self._today(), allowed=_rows_without(generation, article_ids)))

    def reading(
        self, question: str, *, without: Collection[str] = (), weights: FloatVector | None = None, finalists: int | None = None
    ) -> Reading:
        """What is read for `question`, the given articles left out: what fitting and explaining look at."""
        generation = self.generation()
        asked = understand(question, generation.lexical.frequency, generation.manifest.passages)
        hits = [] if asked.empty else self._find(generation, asked, PASSAGES, _rows_without(generation, without) if without else None)
        return read(generation, asked, hits, weights, finalists)

    async def aask(
        self, question: str, *, history: Sequence[Any] = (), since: str | None = None, until: str | None = None, source: str | None = None,
        as_of: str | None = None,
    ) -> Answer:  # fmt: skip
        """`ask` for asynchronous callers, in a worker thread."""
        import asyncio

        return await asyncio.to_thread(self.ask, question, history=history, since=since, until=until, source=source, as_of=as_of)

    def search(
        self, query: str, k: int = 10, *, since: str | None = None, until: str | None = None, source: str | None = None
    ) -> list[Hit]:
        """The `k` passages nearest to `query`, best first."""
        filters = Filters(since=since, until=until, source=source)

        def found(generation: Generation) -> list[Hit]:
            asked = understand(query, generation.lexical.frequency, generation.manifest.passages)
            if not any(char.isalnum() for char in query) or k < 1:
                return []
            return arrange(asked.text, self._find(generation, asked, max(k, FIRST + SPARE), filters.rows(generation)))[:k]

        return self._steadily(found)

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None when it is not, or no longer, in the collection."""
        return self.generation().article(article_id)

    def find(self, name: str) -> Article | None:
        """The article with this id or path, or None."""
        return self.article(name) or self.generation().at(name)

    def verify(self, citation: Citation) -> bool:
        """Whether the quote stands at its offsets in the stored article, or stood there before that changed (see `trace`)."""
        return self.trace(citation).held

    def trace(self, citation: Citation) -> Trace:
        """Where the quote of a citation, perhaps of a saved answer, stands: in the article as it is, or in an earlier text of it."""
        return trace(citation, self.article(citation.article_id), Revisions(self.home.revisions_file))

    def copies(self, article_id: str) -> list[Article]:
        """The articles that are near copies of this one."""
        return self.generation().copies(article_id)

    def revisions(self, article_id: str) -> list[Revision]:
        """The earlier texts of an article, the newest first."""
        return Revisions(self.home.revisions_file).of(article_id)

    def overview(self) -> Overview:
        """Counts, dates and sites of the collection."""
        generation = self.generation()
        facts = generation.facts
        return Overview(
            articles=generation.manifest.articles, passages=generation.manifest.passages, earliest=facts.dates[0] if facts.dates else None,
            latest=max(facts.dates, key=last_day, default=None), sources=facts.sites,
            months=facts.months,
        )  # fmt: skip

    def examples(self, language: str = "fr", count: int = 4) -> list[str]:
        """Questions to start from, drawn from the collection, each of which it answers."""
        return list(self._examples(self.generation(), language, count))

    def _propose(self, generation: Generation, language: str, count: int) -> list[str]:
        return propose(generation.articles(), language, lambda question: self.ask(question).answered, count)

    def followups(self, answer: Answer, asked: Sequence[str] = (), count: int = 3) -> list[str]:
        """Questions that may come after `answer`, drawn from the articles that it cites and answered by them; `asked` are those so far."""
        cited = (self.article(article_id) for article_id in dict.fromkeys(citation.article_id for citation in answer.citations))
        return follow_ups(answer, [article for article in cited if article], (*asked, answer.question), self.ask, count)

    def busy(self) -> bool:
        """Whether this home's index is being built anew at the moment; what was published before is served meanwhile."""
        return is_busy(self.home)

    def update(
        self, paths: Sequence[str | Path] = (), *, full: bool = False, prune: bool = False, columns: Mapping[str, str] | None = None,
        fetcher: "Fetches | None" = None, watcher: Watcher | None = None, offline: bool = False,
        workers: str | None = None,
    ) -> Report:  # fmt: skip
        """Bring the index in step with its collection and `paths`: the same plan, build and publish as `griot index`.

        Articles of a file or folder of the collection that is gone as a whole are only taken out where `prune` is given.
        `columns` names those of tables and JSON where they are not the usual ones ({"text": "Corps"}); `fetcher` sets limits to what is
        fetched (`index.web.fetch.Fetcher`). `offline`, no address is fetched, and the pages are those kept before. `workers`, a
        Dask cluster of this address reads and embeds.
        """
        return update(
            self.home, self.embedder, paths, full=full, prune=prune, columns=columns, fetcher=fetcher, watcher=watcher, offline=offline,
            workers=workers,
        )  # fmt: skip

    def remove(self, names: Sequence[str], watcher: Watcher | None = None) -> Report:
        """Take articles, by id or path, out of the collection."""
        return remove(self.home, self.embedder, names, watcher)

    def _reply(self, generation: Generation, question: str, history: Any, wanted: Wanted) -> Answer:
        began = time.perf_counter()
        whole = self._told(standalone(question, history), wanted)
        asked = self._understood(generation, whole, printable(question))
        if asked.empty:
            answer = Answer(question=question, language=asked.language, text=invitation(asked.language), answered=False)
        elif wanted.allowed is not None and not len(wanted.allowed):
            text = nothing_left(wanted.named, generation.facts.sites, generation.facts.dates, asked.language)
            answer = Answer(question=question, language=asked.language, text=text, answered=False)
        else:
            answer = with_copies(self._answer(generation, question, asked, wanted), generation.copies)
        return replace(answer, searched=_searched(asked), seconds=round(time.perf_counter() - began, 6))

    def _told(self, whole: Standalone, wanted: Wanted) -> Standalone:
        """A question with a pronoun, and the name that the question before it was answered with ("Qui est le ministre ?")."""
        if whole.previous is None or kind_of(whole.previous) not in ("who", "person"):
            return whole
        before = self._reply(self.generation(), whole.previous, (), wanted)
        return whole.with_subject(before.facts[0].text) if before.facts and before.facts[0].number == 1 else whole

    def ranking(self, generation: Generation, question: Question, k: int, allowed: RowVector | None = None) -> Ranking:
        """The `k` best passages, by the reranker too where there is one. Answers, searches and evaluations all rank by this."""
        if self.reranker is None:
            return rank(generation, self.embedder, question, k, allowed)
        found = rank(generation, self.embedder, question, max(k, RERANKED), allowed)
        passages = generation.passages([int(row) for row in found.rows[:RERANKED]])
        texts = [embedding_text(_present(generation, passage.article_id), passage.start, passage.end) for passage in passages]
        again = reorder(found, self.reranker.scores(question.text, texts))
        return Ranking(rows=again.rows[:k], scores=again.scores[:k])

    def _find(self, generation: Generation, question: Question, k: int, allowed: RowVector | None, today: date | None = None) -> list[Hit]:
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
        return select(question.text, hits, today or self._today())[:k]

    def _answer(self, generation: Generation, text: str, question: Question, wanted: Wanted) -> Answer:
        intent = intent_of(question.text)
        if intent.shape != "fact":
            return self._broad(generation, text, question, intent, wanted)
        hits = self._find(generation, question, PASSAGES, wanted.allowed, wanted.today)
        shown = arrange(question.text, hits)
        judged = judge(read(generation, question, hits))
        answers = judged.answers
        answer = answer_fact(text, judged, shown[:PASSAGES], wanted.today) if answers else self._refused(text, question, shown)
        return replace(answer, confidence=judged.confidence)

    def _broad(self, generation: Generation, text: str, question: Question, intent: Intent, wanted: Wanted) -> Answer:
        """A timeline, a digest or a list of articles."""
        # Not at the start of the text, where a capital tells nothing: "Gaya" is a name.
        whole = Standalone(text=f"… {intent.topic}")
        about = self._understood(generation, whole, question.text, question.language)
        subject = replace(about, understood=question.understood)
        hits = [] if subject.empty else self._find(generation, subject, READ, wanted.allowed, wanted.today)
        found = relevant(generation, subject, hits)
        shown = arrange(question.text, hits)
        within = period(intent.topic, wanted.today)
        dated = timeline(found, within) if intent.shape == "timeline" else []
        if not found or (within and intent.shape == "timeline" and not dated):
            return self._refused(text, subject, shown)
        if dated:
            return answer_timeline(text, subject, dated, shown[:PASSAGES], wanted.today)
        if intent.shape == "articles":
            return answer_articles(text, subject, by_article(found), shown[:PASSAGES], wanted.today)
        return answer_digest(text, subject, digest(found), shown[:PASSAGES], wanted.today)

    @staticmethod
    def _refused(text: str, question: Question, shown: Sequence[Hit]) -> Answer:
        missing = missing_words(question)
        return Answer(
            question=text, language=question.language, text=refusal(missing, question.language), answered=False,
            passages=tuple(shown[:NEAREST]), missing=missing, understood=question.understood,
        )  # fmt: skip

    @staticmethod
    def _understood(generation: Generation, whole: Standalone, asked: str, language: str | None = None) -> Question:
        lexical = generation.lexical
        return read_question(asked, whole, lexical.frequency, generation.manifest.passages, lexical.nearest, language)


def missing_words(question: Question) -> tuple[str, ...]:
    """The words of the question that no article holds, in any form or kin, in the order asked."""
    return tuple(concept.word for concept in question.concepts if concept.missing and not concept.framing)


def _searched(question: Question) -> tuple[str, ...]:
    """The words that articles are looked for by: those of the topic, in the order asked."""
    topic = fold(intent_of(question.text).topic)
    return tuple(dict.fromkeys(concept.word for concept in question.concepts if not concept.framing and fold(concept.word) in topic))


def _present(generation: Generation, article_id: str) -> Article:
    article = generation.article(article_id)
    if article is None:
        raise ChangedIndex(f"article {article_id} is gone, though its passages were there; ask again, or {REBUILD}")
    return article


def _rows_without(generation: Generation, article_ids: Collection[str]) -> RowVector:
    return generation.facts.rows(generation.facts.without(frozenset(article_ids)))


def default_home() -> Path:
    """`$GRIOT_HOME`, else `.griot` in the current folder."""
    return Path(os.environ.get("GRIOT_HOME") or DEFAULT_HOME)
