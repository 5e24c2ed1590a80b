"""One long work at a time, in the background: watched, cancelled, and its end told."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from index.errors import GriotError
from index.report import Report, Watcher

_log: Final = logging.getLogger(__name__)
Work = Callable[[Watcher], Report]
WAITING: Final = 100
"""Works that wait at most; each brings in what editors added, which the next update does as well."""


class Cancelled(KeyboardInterrupt):
    """Raised in the work when it is cancelled: a build takes it as it takes Ctrl-C, and keeps what is finished."""


@dataclass(frozen=True, kw_only=True)
class State:
    """How far the work is: `done` of `total` steps, and while articles are read, those `found`. `number` counts works; `since` is when it
    began, in seconds of `time.time`; `report` is there at a good end, `failure` at a bad one: a line fit for a reader, "" for what nobody
    foresaw."""

    number: int = 0
    running: bool = False
    cancelling: bool = False
    stage: str = ""
    done: int = 0
    total: int = 0
    found: int = 0
    since: float = 0.0
    seconds: float = 0.0
    report: Report | None = None
    failure: str | None = None
    cancelled: bool = False


class Job:
    """Runs works one after the other. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._state = State()
        self._thread: threading.Thread | None = None
        self._waiting: deque[Work] = deque(maxlen=WAITING)

    def start(self, work: Work) -> bool:
        """Begin a work, unless one is running."""
        with self._lock:
            if self._state.running:
                return False
            self._state = State(number=self._state.number + 1, running=True, since=self._clock())
            # Not a daemon: stopping the server waits for it, and `cancel` makes that short.
            self._thread = threading.Thread(target=self._run, args=(work,), name="griot-build")
            self._thread.start()
            return True

    def then(self, work: Work) -> bool:
        """Begin a work at once, or after those that run and wait; whether it began at once."""
        with self._lock:
            if self._state.running:
                self._waiting.append(work)
                return False
        return self.start(work) or self.then(work)

    def cancel(self) -> None:
        """Ask the work to end at its next step; those that wait are not begun."""
        self._waiting.clear()
        self._set(lambda state: replace(state, cancelling=state.running))

    def state(self) -> State:
        """How far the work is now."""
        with self._lock:
            state = self._state
        return replace(state, seconds=self._clock() - state.since) if state.running else state

    def wait(self, timeout: float | None = None) -> None:
        """Wait until the work has ended."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _run(self, work: Work) -> None:
        after: Work | None = work
        while after is not None:
            self._once(after)
            after = self._next()

    def _next(self) -> Work | None:
        """The work that waited for longest, if any and nobody began another meanwhile: that one goes on with those that wait."""
        with self._lock:
            if self._state.running or not self._waiting:
                return None
            self._state = State(number=self._state.number + 1, running=True, since=self._clock())
            return self._waiting.popleft()

    def _once(self, work: Work) -> None:
        report, failure, cancelled = None, None, False
        try:
            report = work(_Watching(self))
        except KeyboardInterrupt:
            cancelled = True
        except GriotError as error:
            failure = str(error)
        except Exception as error:
            _log.error("a build failed", exc_info=error)
            failure = ""
        self._set(
            lambda state: replace(
                state, running=False, cancelling=False, cancelled=cancelled, report=report, failure=failure,
                seconds=self._clock() - state.since,
            )
        )  # fmt: skip

    def _set(self, change: Callable[[State], State]) -> State:
        with self._lock:
            self._state = change(self._state)
            return self._state


class _Watching:
    """Tells a job how far its work is."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def start(self, stage: str, total: int) -> None:
        self._told(self._job._set(lambda state: replace(state, stage=stage, total=total, done=0, found=0)))

    def advance(self, steps: int, found: int = 0) -> None:
        self._told(self._job._set(lambda state: replace(state, done=state.done + steps, found=state.found + found)))

    @staticmethod
    def _told(state: State) -> None:
        if state.cancelling:
            raise Cancelled
