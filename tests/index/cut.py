"""`python -m tests.index.cut FOLDER HOW`: builds of an index stopped at one write after the other, each in a process of its own.

HOW is "kill": the process is killed (SIGKILL) before the write; or "full": the write fails as on a disk without space. Writes are
those that any code makes from Python: of bytes to a file, of a line to a SQLite file, and all that syncs, renames, makes and deletes.
After each, what is served is opened, verified and compared, and the next build goes on. Prints the number of the writes, and what was
wrong.
"""

import errno
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from types import BuiltinFunctionType
from typing import Any

from index.build import update
from index.errors import GriotError
from index.store import Home
from tests.fakes import HashEmbedder

WRITES = frozenset(
    "write writelines flush fsync replace rename unlink remove rmdir mkdir truncate execute executemany executescript commit tofile".split()
)
ONE = "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo.\n"
TWO = "Le parlement du Kenya a voté jeudi à Nairobi une loi sur l'eau et les puits.\n"
THREE = "Les pluies ont détruit trois ponts dans la région de Zinder au Niger.\n"


class Stop:
    """Stops at the write of a number, and counts them."""

    def __init__(self, at: int, how: str) -> None:
        self.count, self._at, self._how = 0, at, how

    def __call__(self, _frame: Any, event: str, called: Any) -> None:
        if event != "c_call" or called.__name__ not in WRITES or isinstance(getattr(called, "__self__", None), (list, dict, set, str)):
            return
        self.count += 1
        if self.count != self._at:
            return
        if self._how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        owner = getattr(called, "__self__", None)
        if isinstance(called, BuiltinFunctionType) and isinstance(owner, (sqlite3.Connection, sqlite3.Cursor)):
            raise sqlite3.OperationalError("database or disk is full")
        raise OSError(errno.ENOSPC, "No space left on device")


def texts(home: Home) -> list[str]:
    """What is served."""
    return [article.text + "\n" for article in home.open().articles()]


def in_a_process(work: Callable[[], int]) -> int:
    """Run in a process of its own; how it ended, as `os.waitstatus_to_exitcode` says."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = work()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def build(home: Home, docs: Path, at: int, how: str) -> int:
    """A build stopped at a write; 0 where there were fewer, 3 where it failed with an error that is told."""
    stop = Stop(at, how)
    sys.setprofile(stop)
    try:
        update(home, HashEmbedder(dimension=16), [docs])
    except (GriotError, OSError):
        return 3
    finally:
        sys.setprofile(None)
    return 0 if stop.count < at else 4


def prepare(folder: Path) -> tuple[Path, Path]:
    """A home with two articles, and the folder of a collection in which since then one was changed, one deleted and one added."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (docs / "one.txt").write_text(ONE)
    (docs / "two.txt").write_text(TWO)
    before = folder / "before"
    update(Home(before), HashEmbedder(dimension=16), [docs])
    (docs / "one.txt").write_text(THREE)
    (docs / "two.txt").unlink()
    (docs / "three.txt").write_text(TWO)
    return docs, before


def check(home: Home, docs: Path, old: list[str], new: list[str]) -> list[str]:
    """What is wrong after a build was stopped, and after the next one."""
    wrong = []
    served = texts(home)
    if served not in (old, new):
        wrong.append(f"serves {served}")
    wrong += home.open().verify()
    update(home, HashEmbedder(dimension=16), [docs])
    if texts(home) != new:
        wrong.append(f"the next build gives {texts(home)}")
    wrong += home.open().verify()
    left = [path.name for folder in (home.generations, home.segments) for path in folder.iterdir() if path.name.startswith(".")]
    return wrong + [f"left behind: {name}" for name in left if served == old]


def run(folder: Path, how: str, step: int = 1) -> dict[str, Any]:
    """Stop builds at every `step`th write."""
    docs, before = prepare(folder)
    old, new = [ONE, TWO], [THREE, TWO][::1]
    new = [text for _, text in sorted([("one", THREE), ("three", TWO)])]
    wrong: list[str] = []
    at, done = 1, 0
    while True:
        place = folder / "home"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(before, place)
        home = Home(place)
        ended = in_a_process(lambda home=home, at=at: build(home, docs, at, how))  # type: ignore[misc]
        if ended == 0:
            break
        if ended not in ((-signal.SIGKILL,) if how == "kill" else (3, 4)):
            wrong.append(f"{at}: the build ended with {ended}")
        report = folder / "report.json"
        if in_a_process(lambda home=home, report=report: report.write_text(json.dumps(check(home, docs, old, new))) * 0):  # type: ignore[misc]
            wrong.append(f"{at}: what was left cannot be used")
        else:
            wrong += [f"{at}: {line}" for line in json.loads(report.read_text())]
        done += 1
        at += step
    return {"how": how, "writes": at - 1, "stopped": done, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1), ensure_ascii=False, indent=1))
