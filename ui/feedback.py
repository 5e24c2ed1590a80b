"""What readers think of answers, kept in the home and nowhere else: one line of JSON each."""

import json
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from index.errors import QuestionError, StoreError

FILE: Final = "feedback.jsonl"
VERDICTS: Final = ("up", "down")
BOUND: Final = 50_000_000
"""Bytes of the file, beyond which nothing is noted: some ten thousand answers, thousands of times what one reader gives."""
QUESTION: Final = 4_000
REASON: Final = 2_000
ANSWER: Final = 200_000
"""Characters kept of a question and of a reason; those of the longest answer that is taken, as JSON."""
_WAIT: Final = 10.0  # seconds for others that write a line


class Feedback:
    """The verdicts of a home. Threads and processes may note at once."""

    def __init__(self, folder: str | Path, *, bound: int = BOUND, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.path = Path(folder) / FILE
        self._bound = bound
        self._now = now

    def note(self, question: str, answer: Mapping[str, Any], verdict: str, reason: str = "") -> None:
        """Add a line: what was asked, the answer as a document of `griot ask --json`, "up" or "down", and why.

        Raises:
            QuestionError: the verdict is another, or the answer is no document or longer than any.
            StoreError: it cannot be written, or the file is full; the message says what to do.
        """
        if verdict not in VERDICTS:
            raise QuestionError(f"{verdict!r:.40} is no verdict; give up or down")
        try:
            document = json.dumps(dict(answer), allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise QuestionError(f"the answer is no JSON document ({error})") from error
        if len(document) > ANSWER:
            raise QuestionError(f"the answer is {len(document):,} characters long, and at most {ANSWER:,} are kept")
        told = {
            "noted": self._now().astimezone(UTC).isoformat(),
            "question": question[:QUESTION],
            "verdict": verdict,
            "reason": reason[:REASON],
        }
        # In ASCII: no reader of lines can take a character of a text for the end of one.
        self._append(f'{json.dumps(told)[:-1]}, "answer": {document}}}\n'.encode("ascii"))

    def count(self) -> int:
        """How many verdicts there are.

        Raises:
            StoreError: the file cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise StoreError(f"{self.path} cannot be read ({error.strerror}); check its rights") from error

    def _append(self, line: bytes) -> None:
        from filelock import FileLock, Timeout

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Of its own for each call: threads keep each other out as processes do.
            with FileLock(self.path.with_suffix(".lock"), timeout=_WAIT), self.path.open("ab", buffering=0) as file:
                self._write(file.fileno(), line)
        except Timeout as error:
            raise StoreError(f"{self.path} is being written by another griot for {_WAIT:.0f} seconds; try again") from error
        except OSError as error:
            raise StoreError(f"{self.path} cannot be written ({error.strerror}); check the place, its room and its rights") from error

    def _write(self, file: int, line: bytes) -> None:
        size = os.fstat(file).st_size
        if size + len(line) > self._bound:
            raise StoreError(f"{self.path} holds {size:,} bytes, and {self._bound:,} are the most; move it away to note more")
        written = os.write(file, line)
        if written < len(line):
            # The disk is full: rather no line than half of one.
            os.ftruncate(file, size)
            raise OSError(28, "No space left on device")
