"""`python -m index.worker SPOOL`: reads sources for `index.reading`, which tells it which, and stops it when one takes too long.

One JSON document a line on standard input (a source and what is known of it) and several on standard output: one at each
article read, and the outcome. A process of its own, so that no article can hang or exhaust the program that reads it.
"""

import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TextIO

from index.article import Entry
from index.document import Unread
from index.errors import ArticleError, GriotError
from index.source import Source, read_entries
from index.spool import Spool

MEMORY: Final = 4 << 30
"""Bytes of address space: a PDF of 200 MB takes under one GB, libraries another."""
_SECONDS: Final = 1.0
"""Between two savings: what is lost of a container when reading it is cut off."""


def main() -> None:
    """Serve until standard input ends."""
    answers = _own_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    try:
        spool = Spool(Path(sys.argv[1]))
    except sqlite3.Error as error:
        for _ in sys.stdin:
            answers.write(json.dumps({"end": {"state": "unkept", "reason": str(error)}}) + "\n")
            answers.flush()
        return

    def say(document: Mapping[str, Any]) -> None:
        answers.write(json.dumps(document) + "\n")
        answers.flush()

    for line in sys.stdin:
        task = json.loads(line)
        source = Source(**task["source"] | {"path": Path(task["source"]["path"])})
        say({"end": read_source(source, task["digest"], task["columns"], task["key"], spool, lambda: say({}))})


def read_source(
    source: Source, known: str | None, columns: Mapping[str, str], key: str, spool: Spool, alive: Callable[[], None]
) -> dict[str, str]:
    """Read a source into the spool unless its bytes are those `known`; the outcome's `state` is "read", "unchanged", or, with a
    `reason`, "failed", "unopened" or "unkept": the spool cannot be written. `alive` is called at each article."""
    try:
        kept = spool.whole(source.location, key)
        digest = source.digest() if known or kept else None
        if known and digest == known:
            return {"state": "unchanged"}
        if not kept or digest != kept[0]:
            _fill(source, columns, key, spool, alive, digest)
        return {"state": "read"}
    except GriotError as error:
        return {"state": "failed", "reason": str(error)}
    except OSError as error:
        return {"state": "unopened", "reason": f"cannot be opened: {error.strerror or error}"}
    except sqlite3.Error as error:
        return {"state": "unkept", "reason": str(error)}
    except MemoryError:
        return {"state": "failed", "reason": f"needs more than {MEMORY >> 30} GB of memory; split it"}
    except Exception as error:  # One bad article, and a fault of ours or of a library, must not stop the others.
        return {"state": "failed", "reason": f"cannot be read ({type(error).__name__}: {error}); report this with the file"}


def _fill(source: Source, columns: Mapping[str, str], key: str, spool: Spool, alive: Callable[[], None], digest: str | None) -> None:
    # Before it is read: what is written to it meanwhile is then found at the next run.
    digest = digest or source.digest()
    spool.begin(source.location, key)
    unread: list[Unread] = []
    waiting: list[Entry] = []
    saved = time.monotonic()
    for item in read_entries(source, columns):
        if isinstance(item, Unread):
            unread.append(item)
        else:
            waiting.append(item)
        alive()
        if time.monotonic() - saved > _SECONDS:
            spool.add(waiting)
            waiting, saved = [], time.monotonic()
    if unread and not waiting and next(spool.entries(source.location), None) is None and len(unread) == 1:
        raise ArticleError(unread[0].reason)
    spool.add(waiting)
    spool.finish(source.location, digest, unread)


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
