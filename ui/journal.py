"""What became of each question: counted for Prometheus, and a line of JSON each where a log is wanted; and lines on who came in and
changed something."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from qa.answer import Answer

if TYPE_CHECKING:
    from ui.api.figures import Figures


class Noting(Protocol):
    """Told of every question."""

    def asked(self, answer: Answer, seconds: float) -> None:
        """It was answered or refused, after `seconds`."""

    def failed(self, question: str, error: Exception) -> None:
        """It ended in an error."""


class Journal:
    """Counts questions in `figures`, and writes a line for each to `log`; the questions themselves only `with_questions`.

    Safe to share between threads. A log that cannot be written stops no answer.
    """

    def __init__(
        self, figures: "Figures", log: TextIO | None = None, *, with_questions: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self.figures = figures
        self._log = log
        self._with_questions = with_questions
        self._now = now
        self._lock = threading.Lock()

    def asked(self, answer: Answer, seconds: float) -> None:
        self.figures.asked(seconds, answer.answered)
        self._write(
            answer.question, answered=answer.answered, shape=answer.shape, language=answer.language, citations=len(answer.citations),
            passages=len(answer.passages), confidence=answer.confidence, seconds=round(seconds, 4),
        )  # fmt: skip

    def failed(self, question: str, error: Exception) -> None:
        self.figures.failed()
        self._write(question, error=type(error).__name__)

    def noted(self, event: str, **told: Any) -> None:
        """Somebody did something else that is worth a line: signed in, changed the collection."""
        self._line({"event": event, **told})

    def _write(self, question: str, **told: Any) -> None:
        self._line({"event": "question", **told, **({"question": question} if self._with_questions else {})})

    def _line(self, told: dict[str, Any]) -> None:
        if self._log is None:
            return
        line = json.dumps({"time": self._now().isoformat(timespec="milliseconds"), **told})
        # A full disk or a closed pipe: the reader still gets the answer, and the next line is tried again.
        with self._lock, suppress(OSError, ValueError):
            self._log.write(line + "\n")
            self._log.flush()
