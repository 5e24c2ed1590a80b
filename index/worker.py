"""`python -m index.worker SPOOL`: reads sources for `index.reading`, which tells it which, and stops it when one takes too long.

One JSON document a line on standard input: a source or a share of one, and what is known of it. On standard output, a line for each
article that is begun (its unit and its name), another now and then (how far it is, and how many articles it found), and at last the
outcome. A process of its own, so that no article can hang or exhaust the program that reads it.
"""

import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from index.document import Unread
from index.errors import ChangedSource, GriotError
from index.readers.walk import Share, Walk
from index.source import Source, read_entries
from index.spool import Kept, Spool

MEMORY: Final = 4 << 30
"""Bytes of address space: a PDF of 200 MB takes under one GB, libraries another."""
_SECONDS: Final = 1.0
"""Between two savings: what is lost of a container when reading it is cut off."""
_OFTEN: Final = 0.25
"""Seconds between two words on how far it is."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be read: a source, or a `share` of it, unless its bytes have the SHA-256 `digest`. `key` is of `index.reading.key_of`;
    `without` are units that cannot be read, with what they are called and the reason."""

    source: Source
    digest: str | None
    columns: Mapping[str, str]
    key: str
    share: Share = field(default_factory=Share)
    without: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    def written(self) -> str:
        """As JSON."""
        content = {**vars(self), "source": {**vars(self.source), "path": str(self.source.path)}, "share": vars(self.share)}
        return json.dumps({**content, "columns": dict(self.columns), "without": list(self.without.items())})

    @classmethod
    def of(cls, text: str) -> "Task":
        """The task that was `written`."""
        content = json.loads(text)
        source = Source(**content["source"] | {"path": Path(content["source"]["path"])})
        without = {unit: (record, reason) for unit, (record, reason) in content["without"]}
        return cls(**content | {"source": source, "share": Share(**content["share"]), "without": without})


def main() -> None:
    """Serve until standard input ends."""
    answers = _own_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()

    def say(document: object) -> None:
        answers.write(json.dumps(document) + "\n")
        answers.flush()

    try:
        spool = Spool(Path(sys.argv[1]))
    except sqlite3.Error as error:
        for _ in sys.stdin:
            say({"end": {"state": "unkept", "reason": str(error)}})
        return

    for line in sys.stdin:
        said = _Said(say)
        say({"end": read_source(Task.of(line), spool, said.begun, said.passed)})


class _Said:
    """What is said while a source is read."""

    def __init__(self, say: Callable[[object], None]) -> None:
        self._say = say
        self._last = time.monotonic()

    def begun(self, unit: int, name: str) -> None:
        self._say([unit, name])

    def passed(self, part: float, found: int) -> None:
        now = time.monotonic()
        if now - self._last > _OFTEN:
            self._last = now
            self._say({"part": round(part, 6), "found": found})


def read_source(
    task: Task, spool: Spool, begun: Callable[[int, str], None] = lambda _unit, _name: None,
    passed: Callable[[float, int], None] = lambda _part, _found: None,
) -> dict[str, str]:  # fmt: skip
    """Read a source into the spool unless its bytes are known; the outcome's `state` is "read", "unchanged", or, with a `reason`, "failed",
    "unopened" or "unkept": the spool cannot be written. `begun` is told the number and the name of each unit that is begun, `passed`, at
    each unit, how much of the source was gone through and how many articles were found."""
    try:
        kept = spool.whole(task.source.location, task.key)
        # Before it is read: what is written to it meanwhile is then found at the next run.
        digest = task.source.digest()
        if digest == task.digest:
            return {"state": "unchanged"}
        if not kept or digest != kept[0]:
            _fill(task, spool, digest, begun, passed)
        return {"state": "read"}
    except ChangedSource as error:
        return {"state": "unopened", "reason": str(error)}
    except GriotError as error:
        return {"state": "failed", "reason": str(error)}
    except OSError as error:
        return {"state": "unopened", "reason": f"cannot be opened: {error.strerror or error}"}
    except sqlite3.OperationalError as error:
        return {"state": "unkept", "reason": str(error)}
    except MemoryError:
        return {"state": "failed", "reason": f"needs more than {MEMORY >> 30} GB of memory; split it"}
    except Exception as error:  # One bad article, and a fault of ours or of a library, must not stop the others.
        return {"state": "failed", "reason": f"cannot be read ({type(error).__name__}: {error}); report this with the file"}


def _fill(task: Task, spool: Spool, digest: str, begun: Callable[[int, str], None], passed: Callable[[float, int], None]) -> None:
    share = task.share
    reading, reached = spool.begin(task.source.location, task.key, digest, share)
    found = 0
    walk = Walk(share, after=reached, without=task.without, begun=begun, passed=lambda: passed(walk.farthest(), found))
    waiting = [Kept(unit=unit, place=0, item=Unread(record=name, reason=why)) for unit, (name, why) in task.without.items()]
    unit, place, saved = 0, 0, time.monotonic()
    for item in read_entries(task.source, task.columns, walk):
        place = place + 1 if walk.unit == unit else 0
        if walk.unit != unit and time.monotonic() - saved > _SECONDS:
            spool.add(reading, share, waiting, unit)
            waiting, saved = [], time.monotonic()
        unit = walk.unit
        waiting.append(Kept(unit=unit, place=place, item=item))
        found += not isinstance(item, Unread)
    spool.add(reading, share, waiting, walk.unit)
    spool.finish(reading, share)


def _own_output() -> TextIO:
    """Standard output kept for answers: what libraries print goes nowhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answers


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, ValueError, OSError):
        # Windows has no such limit; elsewhere a stricter one may be set already.
        return


if __name__ == "__main__":
    main()
