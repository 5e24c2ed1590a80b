"""What the page shows next for each thing that a reader does. It holds no conversation: those live in the reader's browser."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Protocol

from index.article import Span
from index.errors import GriotError
from qa.answer import Answer
from ui import render
from ui.documents import answer_document
from ui.failures import failure_of
from ui.journal import Noting as Journaling
from ui.kept import TURNS, Kept, read_kept, with_articles
from ui.render import Holdings, Turn, View
from ui.render.view import Format
from ui.routes import Library
from ui.texts import TEXTS, Language

_EXAMPLES: Final = 4
_FOLLOWUPS: Final = 3
_LONGEST: Final = 4000  # characters of a question
_REASON: Final = 500


class Answering(Library, Protocol):
    """What the page needs of `qa.Assistant`."""

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer: ...
    def overview(self) -> Holdings: ...
    def examples(self, language: str, count: int = 4) -> list[str]: ...
    def followups(self, answer: Answer, asked: Sequence[str] = (), count: int = 3) -> list[str]: ...
    def busy(self) -> bool: ...


class Noting(Protocol):
    """Where what readers think of an answer is kept."""

    def note(self, question: str, answer: dict[str, Any], verdict: str, reason: str) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page shows: pieces of HTML, each in its place."""

    conversation: str
    panel: str
    suggestions: str = ""
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One assistant behind the page; where what readers think is noted; how citations are copied, and conversations exported."""

    assistant: Answering
    feedback: Noting | None = None
    formats: Mapping[str, Format] = field(default_factory=dict)
    exports: tuple[str, ...] = ()
    journal: Journaling | None = None
    managed: bool = False

    def frame(self, language: Language) -> list[str]:
        """What stands around every conversation: the head of the side panel, the bar, what the collection holds, lines for hints."""
        view = self._view(language)
        try:
            overview = self.assistant.overview()
        except Exception:  # said in place of the conversation, by `show`
            overview = None
        return [render.masthead(view), render.bar(view), render.holdings(overview, view), render.hint(view)]

    def show(self, document: Any, language: Language) -> Shown:
        """A conversation that the browser kept, or the page to start from; a page of its own when nothing can be asked."""
        view = self._view(language)
        try:
            if not self.assistant.overview().articles:
                way = ("/collection", view.texts.add_articles) if self.managed else None
                said = render.trouble(view.texts.empty_collection, view.texts.empty_collection_line, "griot index …", way)
                return Shown(conversation=said, panel=render.panel((), view))
            kept = read_kept(document, self.assistant)
            examples = [] if kept.turns else self.assistant.examples(language, _EXAMPLES)
        except Exception as error:
            failure = failure_of(error, language)
            return Shown(conversation=render.trouble(*_halves(failure.sentence), failure.detail), panel=render.panel((), view))
        notice = render.notice(view.texts.dropped) if kept.damaged else ""
        return replace(_shown(kept, view), notice=notice, suggestions=render.suggestions(examples, view))

    def ask(self, question: Any, document: Any, language: Language) -> Iterator[Shown | str]:
        """First the question alone, at once; then its reply. A notice alone where nothing is asked: what is shown stays."""
        view = self._view(language)
        # Half of a surrogate pair cannot be sent back.
        asked = str(question or "").strip()[:_LONGEST].encode("utf-8", "replace").decode()
        try:
            kept = read_kept(document, self.assistant)
        except Exception as error:
            yield render.failed(failure_of(error, language))
            return
        if not asked or len(kept.turns) >= TURNS:
            yield render.notice(view.texts.full if asked else view.texts.empty)
            return
        yield _shown(replace(kept, turns=(*kept.turns, Turn(question=asked))), view)
        yield _shown(replace(kept, turns=(*kept.turns, self._reply(asked, kept.turns, language))), view)

    def follow(self, document: Any, language: Language) -> str:
        """What may be asked after the last answer."""
        try:
            turns = read_kept(document, self.assistant).turns
            last = turns[-1] if turns else None
            if last is None or last.answer is None or not last.answer.answered:
                return ""
            questions = self.assistant.followups(last.answer, [turn.question for turn in turns], _FOLLOWUPS)
        except Exception as error:  # suggestions are worth no notice
            failure_of(error, language)
            return ""
        return render.suggestions(questions, self._view(language), last.question)

    def rate(self, document: Any, verdict: Any, reason: Any, language: Language) -> str:
        """Note what a reader thinks of the one answer in `document`; returns what to say."""
        try:
            turns = read_kept(document, self.assistant).turns
            if self.feedback is None or verdict not in ("up", "down") or len(turns) != 1 or turns[0].answer is None:
                return ""
            said = " ".join(str(reason or "").split())[:_REASON]
            self.feedback.note(turns[0].question, answer_document(turns[0].answer), verdict, said)
        except Exception as error:
            return render.failed(failure_of(error, language))
        return render.notice(TEXTS[language].thanks)

    def state(self, language: Language) -> str:
        """A line on what is under way with the index, empty when nothing is."""
        try:
            return TEXTS[language].busy if self.assistant.busy() else ""
        except GriotError:
            return ""

    def _reply(self, question: str, turns: Sequence[Turn], language: Language) -> Turn:
        began = time.perf_counter()
        try:
            answer = self.assistant.ask(question, history=[turn.question for turn in turns if turn.answer])
            if self.journal:
                self.journal.asked(answer, time.perf_counter() - began)
            return with_articles(Turn(question=question, answer=answer), self.assistant)
        except Exception as error:
            if self.journal:
                self.journal.failed(question, error)
            return Turn(question=question, failure=failure_of(error, language))

    def _view(self, language: Language) -> View:
        return View(
            language=language,
            today=date.today(),
            rated=self.feedback is not None,
            formats=self.formats,
            exports=self.exports,
            managed=self.managed,
        )


def _shown(kept: Kept, view: View) -> Shown:
    quotes: dict[str, list[Span]] = {}
    for citation in (citation for turn in kept.turns if turn.answer for citation in turn.answer.citations):
        quotes.setdefault(citation.article_id, []).append((citation.start, citation.end))
    view = replace(view, quotes=quotes)
    return Shown(conversation=render.conversation(kept.turns, view, kept.id), panel=render.panel(kept.turns, view))


def _halves(sentence: str) -> tuple[str, str]:
    """The first sentence, for a heading, and what follows it."""
    first, _, rest = sentence.partition(". ")
    return first.removesuffix("."), rest
