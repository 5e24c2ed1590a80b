"""`griot index --watch`: follow the collection's files as they change, and its addresses at an interval."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final

from index.collection import is_address, load_collection, within
from index.errors import GriotError
from index.report import Failure, Report
from qa.assistant import Assistant

EVERY: Final = 60.0
"""Minutes between two times that addresses are fetched again and all files looked at, whether or not the system told of a change."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds: a change is taken up once nothing more changed for `settle`, at the latest after `longest`; roots that appear and
    vanish are seen within `look`; everything is looked at again after `every`; after an error, `retry` and then twice as long each
    time, up to `patience`."""

    settle: float = 1.0
    longest: float = 30.0
    look: float = 2.0
    every: float = EVERY * 60
    retry: float = 2.0
    patience: float = 300.0


def follow(
    assistant: Assistant,
    report: Callable[[Report], None],
    stop: Event | None = None,
    *,
    pace: Pace | None = None,
    last: Report | None = None,
) -> None:
    """Until `stop` is set: update the index when a file of its collection changes, and go on after an error. `report` is told of each
    update that did something, or failed at other files than the one before (`last`: the one before this began)."""
    _Follower(assistant, report, stop or Event(), pace or Pace(), last or Report()).run()


@dataclass(frozen=True)
class _Place:
    """A root of the collection, and which file or folder is there now, if any."""

    location: str
    found: tuple[int, ...] | None


class _Follower:
    def __init__(self, assistant: Assistant, report: Callable[[Report], None], stop: Event, pace: Pace, last: Report) -> None:
        self._assistant = assistant
        self._report = report
        self._stop = stop
        self._pace = pace
        self._failed: tuple[Failure, ...] = last.failed
        self._polling = False
        self._changed = False
        self._first = 0.0
        self._wait = pace.retry
        self._not_before = 0.0
        self._due = time.monotonic() + pace.every

    def run(self) -> None:
        """Watch, and again whenever the roots are others than those watched."""
        while not self._stop.is_set():
            places = self._places()
            # What changed while nobody watched is seen by looking at everything once the watch stands.
            self._note_change()
            try:
                for told in self._looks(places):
                    if told:
                        self._note_change()
                    now = self._places()
                    if now == places or time.monotonic() > self._first + self._pace.longest:
                        self._act()
                    if now != places:
                        break
            except (OSError, RuntimeError) as error:
                self._cannot_watch(error)

    def _note_change(self) -> None:
        if not self._changed:
            self._changed, self._first = True, time.monotonic()

    def _looks(self, places: Sequence[_Place]) -> Iterator[bool]:
        """At every `look`, and at a change as soon as it has settled: whether there was one."""
        from watchfiles import Change, watch

        roots = [place.location for place in places if place.found]
        home = os.path.abspath(self._assistant.home.folder)

        def counts(_: Change, path: str) -> bool:
            return not within(path, home) and any(_visible(path, root) for root in roots)

        looks = watch(
            *roots, watch_filter=counts, stop_event=self._stop, step=_milliseconds(self._pace.settle),
            debounce=_milliseconds(self._pace.longest), rust_timeout=_milliseconds(self._pace.look), yield_on_timeout=True,
            force_polling=self._polling or None, poll_delay_ms=_milliseconds(self._pace.look), ignore_permission_denied=True,
        )  # fmt: skip
        for changes in looks:
            yield bool(changes)
            # The system follows a file, not its name: one that an editor put in its place is another.
            if any(change == Change.deleted and path in roots for change, path in changes):
                return

    def _act(self) -> None:
        now = time.monotonic()
        due = now >= self._due
        if not (self._changed or due) or now < self._not_before:
            return
        try:
            # Pages are asked for at the interval alone, whatever happens to files in between.
            done = self._assistant.update(offline=not due)
        except Exception as error:  # Nothing that a build meets may end the watch: it may be gone at the next try.
            _say(str(error) if isinstance(error, GriotError) else f"{type(error).__name__}: {error}")
            self._not_before = time.monotonic() + self._wait
            self._wait = min(2 * self._wait, self._pace.patience)
            return
        self._changed, self._wait, self._not_before = False, self._pace.retry, 0.0
        if due:
            self._due = time.monotonic() + self._pace.every
        if done.added or done.changed or done.removed or done.failed != self._failed:
            self._report(done)
        self._failed = done.failed

    def _places(self) -> list[_Place]:
        try:
            roots = load_collection(self._assistant.home.collection_file).roots
        except GriotError as error:
            _say(str(error))
            return []
        return [_Place(root.location, _identity(Path(root.location))) for root in roots if not is_address(root.location)]

    def _cannot_watch(self, error: OSError | RuntimeError) -> None:
        if not self._polling:
            _say(f"the system does not tell of changes ({error}); the files are looked at every {self._pace.look:g} seconds instead")
            self._polling = True
        self._stop.wait(self._pace.retry)


def _visible(path: str, root: str) -> bool:
    """Whether a path is one that the collection reads: neither it nor a folder between it and the root is hidden."""
    if not within(path, root):
        return False
    return path == root or not any(part.startswith(".") for part in Path(path).relative_to(root).parts)


def _identity(path: Path) -> tuple[int, ...] | None:
    """What tells a file or folder from another of its name, and for a file whether it was written; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    same = (found.st_dev, found.st_ino)
    return same if path.is_dir() else (*same, found.st_mtime_ns, found.st_size)


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))


def _say(text: str) -> None:
    print(f"griot: {text}", file=sys.stderr, flush=True)
