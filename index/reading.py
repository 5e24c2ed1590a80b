"""Many sources read on all cores, each article in bounded time and memory; a large file by several processes, each a share of it.

Processes of our own instead of multiprocessing, pebble or loky: those start by importing the caller's main module again, which a
script that only wants to index a folder is not written for, and none of them ends one task that hangs but lets its container go on.
"""

import hashlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from index.errors import GriotError
from index.readers.walk import Share
from index.source import Source
from index.spool import CHANGED, Spool
from index.worker import Task, read_source

SECONDS: Final = 60.0
"""For one article, or one page that is none. The slowest that are read, PDFs of hundreds of pages, take half of it."""
FEW: Final = 24
"""Plain texts up to which processes cost more than they save."""
COMMAND: Final = (sys.executable, "-m", "index.worker")
PLAIN: Final = (".txt", ".text", ".md", ".markdown")
"""What neither hangs nor takes much memory, and needs no process of its own."""
CONTAINERS: Final = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".zip", ".warc", ".gz")
"""What holds many articles: read on behind one that cannot be read, and in shares."""
LARGE: Final = 2_000_000
"""Bytes of a container from which it is read in shares: some 700 articles, or two seconds, which a process takes to begin."""
PACKED: Final = 4
"""Times that what is packed is counted: text packs three times and more."""
PARTS: Final = 4
"""A container is read in shares where it is more than a fourth of what each process would have to read."""
IN_MEMORY: Final = 4
"""Shares at most of what each of them holds in memory as a whole."""
ENDED: Final = 10
"""Articles of a container, or a share of it, that may end the process that reads them before it is given up."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a source: "read", "unchanged", or, with the reason, "failed", "unopened" or "unkept": what was read cannot be
    written down."""

    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """So much more of a source, between 0 and 1, was gone through, and so many more articles found."""

    part: float
    found: int


class Reads(Protocol):
    """Reads sources into a spool, as `read_sources` does."""

    def __call__(
        self, sources: Sequence[Source], known: Mapping[str, str], columns: Mapping[str, str], version: str, path: Path
    ) -> Iterator[tuple[Source, Outcome | Step]]:
        """Steps through the sources, and of each at last what became of it."""


def environment() -> dict[str, str]:
    """What a process of ours is started with: a clone that is not installed is found from where this module lies."""
    path = os.pathsep.join([str(Path(__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}


def key_of(source: Source, columns: Mapping[str, str], version: str) -> str:
    """What a source's entries depend on besides its bytes."""
    return hashlib.sha256(json.dumps([source.label, source.address, sorted(columns.items()), version]).encode()).hexdigest()


def read_sources(
    sources: Sequence[Source], known: Mapping[str, str], columns: Mapping[str, str], version: str, path: Path, *,
    seconds: float = SECONDS, command: Sequence[str] = COMMAND, large: int = LARGE, count: int | None = None,
) -> Iterator[tuple[Source, Outcome | Step]]:  # fmt: skip
    """Read each source into the spool at `path`, and say how far it is and what became of it, in any order. `known` maps the location of a
    source to the SHA-256 that its bytes had when it was last read in full. An article that takes more than `seconds` is given up;
    `command` starts one of `count` processes that read, a container of `large` bytes several of them."""
    tasks = [
        Task(source=source, digest=known.get(source.location), columns=columns, key=key_of(source, columns, version)) for source in sources
    ]
    if len(sources) <= FEW and all(source.path.suffix.lower() in PLAIN for source in sources):
        with closing(Spool(path)) as spool:
            for task in tasks:
                yield task.source, Outcome(**read_source(task, spool))
        return
    count = count or os.cpu_count() or 1
    shares = in_shares(tasks, count, large)
    with closing(_Crew(path, seconds, command, max(1, min(count, len(shares))))) as crew, closing(Spool(path)) as spool:
        waiting = {task.source.location: _Waiting(task.share.of) for task in shares}
        for task, told in crew.read(shares):
            one = waiting[task.source.location]
            if isinstance(told, Step):
                yield task.source, replace(told, part=told.part / task.share.of)
            elif outcome := one.take(task.share, told):
                if task.share.of > 1 and outcome.state == "read" and spool.whole(task.source.location, task.key) is None:
                    outcome = Outcome(state="unopened", reason=CHANGED)
                elif task.share.of > 1 and outcome.state == "failed":
                    spool.settle(task.source.location)
                yield task.source, outcome


def in_shares(tasks: Sequence[Task], count: int, large: int = LARGE) -> list[Task]:
    """The tasks, a container that would keep one of `count` processes busy for longer than the others parted into shares."""
    sizes = [_size(task.source) for task in tasks]
    most = max(large, sum(sizes) // (count * PARTS))
    found: list[Task] = []
    for task, size in zip(tasks, sizes, strict=True):
        suffix = task.source.path.suffix.lower()
        of = count if suffix in CONTAINERS and not task.source.address and size >= most else 1
        of = min(of, IN_MEMORY) if suffix == ".json" else of
        found += [replace(task, share=Share(number=number, of=of)) for number in range(of)]
    return found


def _size(source: Source) -> int:
    try:
        return source.path.stat().st_size * (PACKED if source.path.suffix.lower() in (".zip", ".gz") else 1)
    except OSError:
        return 0


class _Waiting:
    """The outcomes of the shares of a source until all are there."""

    def __init__(self, of: int) -> None:
        self._of = of
        self._outcomes: dict[int, Outcome] = {}

    def take(self, share: Share, outcome: Outcome) -> Outcome | None:
        """What became of the source, once every share has its outcome: the worst."""
        self._outcomes[share.number] = outcome
        if len(self._outcomes) < self._of:
            return None
        told = [self._outcomes[number] for number in range(self._of)]
        return next((one for state in ("unkept", "failed", "unopened", "read") for one in told if one.state == state), told[0])


class _Crew:
    """Processes that read, and threads that listen to them."""

    def __init__(self, spool: Path, seconds: float, command: Sequence[str], count: int) -> None:
        self._readers = [Reader(spool, seconds, command) for _ in range(count)]
        self._idle: queue.SimpleQueue[Reader] = queue.SimpleQueue()
        for reader in self._readers:
            self._idle.put(reader)
        self._pool = ThreadPoolExecutor(count)
        self._told: queue.SimpleQueue[tuple[Task, Outcome | Step | BaseException]] = queue.SimpleQueue()

    def read(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Outcome | Step]]:
        """What is told of each task, at last its outcome."""
        for task in tasks:
            self._pool.submit(self._read, task)
        left = len(tasks)
        while left:
            task, told = self._told.get()
            if isinstance(told, BaseException):
                raise told
            left -= isinstance(told, Outcome)
            yield task, told

    def _read(self, task: Task) -> None:
        reader = self._idle.get()
        try:
            self._told.put((task, reader.read(task, lambda step: self._told.put((task, step)))))
        except BaseException as error:
            self._told.put((task, error))
        finally:
            self._idle.put(reader)

    def close(self) -> None:
        """End all."""
        for reader in self._readers:
            reader.stop()
        self._pool.shutdown(cancel_futures=True)


@dataclass
class _Heard:
    """What a process said last of what it reads."""

    when: float = field(default_factory=time.monotonic)
    unit: int = 0
    name: str = ""
    part: float = 0.0
    found: int = 0


class Reader:
    """A process that reads sources one after another, started when it is first needed and again after it was stopped."""

    def __init__(self, spool: Path, seconds: float, command: Sequence[str]) -> None:
        self._command = command
        self._spool = spool
        self._seconds = seconds
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._busy = threading.Lock()

    def read(self, task: Task, told: Callable[[Step], None] = lambda _step: None) -> Outcome:
        """What became of a source, or a share of it; `told` is called meanwhile. An article of a container that ends the process, or hangs,
        is left out of it, and told as what could not be read in it."""
        heard = _Heard()
        while True:
            with self._busy:
                outcome = self._once(task, heard, told)
            again = outcome.state == "ended" and not self._stopped and task.source.path.suffix.lower() in CONTAINERS
            if not again or not heard.unit or len(task.without) >= ENDED:
                return replace(outcome, state="failed") if outcome.state == "ended" else outcome
            task = replace(task, without={**task.without, heard.unit: (heard.name, outcome.reason)})
            heard = _Heard(part=heard.part)

    def _once(self, task: Task, heard: _Heard, told: Callable[[Step], None]) -> Outcome:
        if self._stopped:
            return Outcome(state="unopened", reason="interrupted")
        process = self._process or self._start()
        late, over = threading.Event(), threading.Event()
        watch = threading.Thread(target=self._watch, args=(process, heard, late, over), daemon=True)
        watch.start()
        try:
            found = self._follow(process, task, heard, told)
        except (OSError, ValueError):
            found = None
        finally:
            over.set()
            watch.join()
        if found is None:
            self._process = None
            _end(process)
            return Outcome(state="ended", reason="interrupted" if self._stopped else self._reason(late=late.is_set()))
        return found

    def _follow(self, process: subprocess.Popen[str], task: Task, heard: _Heard, told: Callable[[Step], None]) -> Outcome | None:
        if process.stdin is None or process.stdout is None:
            raise GriotError("a reading process has no pipes; report this")
        print(task.written(), file=process.stdin, flush=True)
        for line in process.stdout:
            heard.when = time.monotonic()
            answer = json.loads(line)
            if isinstance(answer, list):
                heard.unit, heard.name = answer
            elif "end" in answer:
                return Outcome(**answer["end"])
            else:
                # After an article that was left out, the process goes through all before it again.
                part = max(answer["part"], heard.part)
                told(Step(part=part - heard.part, found=answer["found"] - heard.found))
                heard.part, heard.found = part, answer["found"]
        return None

    def _watch(self, process: subprocess.Popen[str], heard: _Heard, late: threading.Event, over: threading.Event) -> None:
        """End the process once it has said nothing for too long."""
        while not over.wait(max(0.0, heard.when + self._seconds - time.monotonic())):
            if time.monotonic() - heard.when >= self._seconds:
                late.set()
                process.kill()
                return

    def _reason(self, *, late: bool) -> str:
        if late:
            return f"one article took more than {self._seconds:.0f} seconds to read; split it, or save it as text"
        return "reading it ended the process that read it, mostly for want of memory; split it"

    def _start(self) -> subprocess.Popen[str]:
        process = self._process = subprocess.Popen(
            [*self._command, str(self._spool)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=environment(),
        )  # fmt: skip
        if self._stopped:
            # Stopped between the question and the start.
            process.kill()
        return process

    def stop(self) -> None:
        """End the process; what it kept stays in the spool."""
        self._stopped = True
        if process := self._process:
            process.kill()
            if not self._busy.locked():
                _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):
                pipe.close()
    process.wait()
