"""Many sources read on all cores, each article in bounded time and memory.

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
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from index.errors import GriotError
from index.source import Source
from index.spool import Spool
from index.worker import read_source

SECONDS: Final = 60.0
"""For one article, or one page that is none. The slowest that are read, PDFs of hundreds of pages, take half of it."""
FEW: Final = 24
"""Plain texts up to which processes cost more than they save."""
COMMAND: Final = (sys.executable, "-m", "index.worker")
_PLAIN: Final = (".txt", ".text", ".md", ".markdown")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a source: "read", "unchanged", or, with the reason, "failed", "unopened" or "unkept": what was read cannot be
    written down."""

    state: str
    reason: str = ""


def environment() -> dict[str, str]:
    """What a process of ours is started with: a clone that is not installed is found from where this module lies."""
    path = os.pathsep.join([str(Path(__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}


def key_of(source: Source, columns: Mapping[str, str], version: str) -> str:
    """What a source's entries depend on besides its bytes."""
    return hashlib.sha256(json.dumps([source.label, source.address, sorted(columns.items()), version]).encode()).hexdigest()


def read_sources(
    sources: Sequence[Source],
    known: Mapping[str, str],
    columns: Mapping[str, str],
    version: str,
    path: Path,
    *,
    seconds: float = SECONDS,
    command: Sequence[str] = COMMAND,
) -> Iterator[tuple[Source, Outcome]]:
    """Read each source into the spool at `path`, and say what became of it, in any order. `known` maps the location of a source to the
    SHA-256 that its bytes had when it was last read in full. An article that takes more than `seconds` is given up; `command` starts a
    process that reads."""
    if len(sources) <= FEW and all(source.path.suffix.lower() in _PLAIN for source in sources):
        spool = Spool(path)
        for source in sources:
            yield (
                source,
                Outcome(**read_source(source, known.get(source.location), columns, key_of(source, columns, version), spool, _idle)),
            )
        spool.close()
        return
    count = max(1, min(os.cpu_count() or 1, len(sources)))
    idle: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
    readers = [_Reader(path, seconds, command) for _ in range(count)]
    for reader in readers:
        idle.put(reader)

    def read(source: Source) -> Outcome:
        reader = idle.get()
        try:
            return reader.read(source, known.get(source.location), columns, key_of(source, columns, version))
        finally:
            idle.put(reader)

    pool = ThreadPoolExecutor(count)
    try:
        waiting = {pool.submit(read, source): source for source in sources}
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    finally:
        for reader in readers:
            reader.stop()
        pool.shutdown(cancel_futures=True)


def _idle() -> None:
    """Nobody watches over what is read in this process."""


class _Reader:
    """A process that reads sources one after another, started when it is first needed and again after it was stopped."""

    def __init__(self, spool: Path, seconds: float, command: Sequence[str]) -> None:
        self._command = command
        self._spool = spool
        self._seconds = seconds
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._busy = threading.Lock()

    def read(self, source: Source, digest: str | None, columns: Mapping[str, str], key: str) -> Outcome:
        """What became of a source."""
        if self._stopped:
            return Outcome(state="unopened", reason="interrupted")
        process = self._process or self._start()
        task = {"source": {**asdict(source), "path": str(source.path)}, "digest": digest, "columns": dict(columns), "key": key}
        with self._busy:
            try:
                return self._follow(process, json.dumps(task))
            except (OSError, ValueError):
                return self._ended(process)

    def _follow(self, process: subprocess.Popen[str], task: str) -> Outcome:
        if process.stdin is None or process.stdout is None:
            raise GriotError("a reading process has no pipes; report this")
        print(task, file=process.stdin, flush=True)
        late = threading.Event()
        while True:
            timer = threading.Timer(self._seconds, _cut_off, (process, late))
            timer.start()
            line = process.stdout.readline()
            timer.cancel()
            if not line:
                return self._ended(process, late=late.is_set())
            answer: dict[str, Any] = json.loads(line)
            if "end" in answer:
                return Outcome(**answer["end"])

    def _ended(self, process: subprocess.Popen[str], *, late: bool = False) -> Outcome:
        self._process = None
        _end(process)
        reason = (
            f"one article took more than {self._seconds:.0f} seconds to read; split it, or save it as text"
            if late
            else "reading it ended the process that read it, mostly for want of memory; split it"
        )
        return Outcome(state="failed", reason="interrupted" if self._stopped else reason)

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [*self._command, str(self._spool)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=environment(),
        )  # fmt: skip
        return self._process

    def stop(self) -> None:
        """End the process; what it kept stays in the spool."""
        self._stopped = True
        if process := self._process:
            process.kill()
            if not self._busy.locked():
                _end(process)


def _cut_off(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    process.kill()


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):
                pipe.close()
    process.wait()
