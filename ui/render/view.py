"""What the page draws: the turns of a conversation, and for whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from index.article import Article
from qa.answer import Answer, Citation
from qa.trace import Trace
from ui.failures import Failure
from ui.texts import TEXTS, Language, Texts

Verdict = Literal["up", "down"]
Format = Callable[[Citation, Article | None, Language], str]
"""A citation as text to paste elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A question and what came of it: an answer, the reason why there is none, or nothing yet.

    `articles` holds, by id, the articles that the answer cites or comes near to. `traces` says, by number, what became of the quotes of
    an answer that was kept and that no longer stand where they stood. `left` is a question that was kept without its answer.
    """

    question: str
    answer: Answer | None = None
    articles: Mapping[str, Article] = field(default_factory=dict)
    traces: Mapping[int, Trace] = field(default_factory=dict)
    verdict: Verdict | None = None
    failure: Failure | None = None
    left: bool = False

    @property
    def waiting(self) -> bool:
        """Whether the reply is still to come."""
        return self.answer is None and self.failure is None and not self.left

    def lost(self, number: int) -> bool:
        """Whether the quote of this number stands in no article, as it is or as it was."""
        return number in self.traces and not self.traces[number].held


@dataclass(frozen=True, kw_only=True)
class View:
    """Who the page is drawn for: the language, the day, whether answers can be rated, the formats that a citation can be copied in, and
    those that a conversation can be exported in ("markdown", "html", "print")."""

    language: Language
    today: date
    rated: bool = False
    formats: Mapping[str, Format] = field(default_factory=dict)
    exports: tuple[str, ...] = ()

    @property
    def texts(self) -> Texts:
        """The words of the interface."""
        return TEXTS[self.language]


class Holdings(Protocol):
    """What a collection holds, as `Assistant.overview` tells it."""

    @property
    def articles(self) -> int: ...
    @property
    def earliest(self) -> str | None: ...
    @property
    def latest(self) -> str | None: ...
    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def months(self) -> Mapping[str, int]: ...
