"""One writer at a time: who holds a home's write lock, since when, and what a killed owner leaves behind."""

import errno
import json
import os
import shlex
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.errors import BusyIndex, StoreError
from index.files import write_atomically
from index.incoming import finish
from index.store import Home

if TYPE_CHECKING:
    from filelock import BaseFileLock

LEASE: Final = 30.0
"""Seconds without a sign of life after which an owner on another machine counts as gone, where the disk knows no locks. A third of it
lies between two signs."""
_GLANCE: Final = 0.1  # seconds
_COMMAND: Final = 200  # characters
_NO_LOCKS: Final = {errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What a network disk answers that knows no locks, or whose service for them is down."""


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A process that writes an index: its id, its machine, its command, and since when it writes (ISO 8601, UTC)."""

    pid: int
    host: str
    command: str
    since: str

    def describe(self, now: datetime | None = None) -> str:
        """In words, with how long it has been writing."""
        began = datetime.fromisoformat(self.since)
        age = _age(((now or datetime.now(UTC)) - began).total_seconds())
        return f"{self.command} (process {self.pid} on {self.host}, for {age}, since {began:%Y-%m-%d %H:%M:%S} UTC)"


class Hold:
    """The write lock while it is held."""

    def __init__(self, home: Home, lock: "BaseFileLock") -> None:
        self._home = home
        self._lock = lock

    def check(self) -> None:
        """Before what is written is published: whether the lock is still ours. Only a lease can be lost, by a machine that slept or
        a disk that was away for `LEASE` seconds.

        Raises:
            StoreError: another may be writing by now.
        """
        if lost := getattr(self._lock, "compromise", None):
            raise StoreError(
                f"the write lock of {self._home.folder} was lost ({lost.reason}); nothing was published: run griot index again"
            )


@contextmanager
def writing(home: Home, native: "Callable[[Path], BaseFileLock] | None" = None) -> Iterator[Hold]:
    """Hold the home's write lock, which the system frees even if the process is killed, and say in `lock.json` who holds it.
    An import that was cut off is finished first.

    The lock is the system's (filelock's `FileLock`, or what `native` makes), also across machines on network disks that know locks.
    On one that knows none it is a lease of `LEASE` seconds (filelock's `SoftFileLease`): an owner killed on this machine is known to be
    gone at once, one on another machine after that time.

    Raises:
        BusyIndex: another process holds it; the message says which, and since when.
        StoreError: the home cannot be made or written.
    """
    from filelock import Timeout

    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        # Long enough for one who only looks whether it is held (`is_busy`).
        lock = _acquire(home, native, _GLANCE)
    except Timeout as error:
        owner = _noted(home)
        who = owner.describe() if owner else "another process"
        raise BusyIndex(
            f"another griot is updating {home.folder}: {who}; wait until it has finished, or end it: nothing of the index is lost"
        ) from error
    except OSError as error:
        raise StoreError(f"cannot write in {home.folder} ({error.strerror or error}); give another place with --home") from error
    try:
        _note(home)
        finish(home)
        yield Hold(home, lock)
    finally:
        with suppress(OSError):
            _note_file(home).unlink(missing_ok=True)
        lock.release()


def is_busy(home: Home, native: "Callable[[Path], BaseFileLock] | None" = None) -> bool:
    """Whether an index is being written in `home`, by this process or another."""
    from filelock import Timeout

    if not (home.folder / "lock").exists():
        return False
    try:
        # Longer than another's look takes, shorter than a writer waits for one.
        _acquire(home, native, _GLANCE / 2).release()
    except Timeout:
        return True
    except OSError:
        return False
    return False


def owner_of(home: Home) -> Owner | None:
    """Who is writing in `home`; None where nobody is, whatever a killed owner left, and in the moment before one has said so."""
    return _noted(home) if is_busy(home) else None


def _acquire(home: Home, native: "Callable[[Path], BaseFileLock] | None", seconds: float) -> "BaseFileLock":
    from filelock import FileLock

    path = home.folder / "lock"
    # Not filelock's own way out, which would take an owner on another machine for alive for ever.
    lock: BaseFileLock = native(path) if native else FileLock(path, fallback_to_soft=False)
    try:
        lock.acquire(timeout=seconds, poll_interval=seconds / 10)
        return lock
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return _lease(home.folder / "lock.lease", seconds)


def _lease(path: Path, seconds: float) -> "BaseFileLock":
    from filelock import SoftFileLease

    lease = SoftFileLease(path, lease_duration=LEASE)
    seen = _changed(path)
    if seconds < _GLANCE or seen is None:
        lease.acquire(timeout=seconds, poll_interval=seconds / 10)
    else:
        # A writer waits for as long as the owner shows no sign of life, and no longer than that shows it gone.
        lease.acquire(timeout=LEASE * 1.5, poll_interval=_GLANCE, cancel_check=lambda: _changed(path) not in (seen, None))
    return lease


def _changed(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


def _note_file(home: Home) -> Path:
    # Not the lock's own file, which others may not read while it is locked (Windows) and may empty by opening it.
    return home.folder / "lock.json"


def _note(home: Home) -> None:
    """Say who writes now, in place of what a killed owner left. The lock alone counts: one that cannot say it writes all the same."""
    owner = Owner(
        pid=os.getpid(), host=socket.gethostname(), command=_command(sys.argv), since=datetime.now(UTC).isoformat(timespec="seconds")
    )
    with suppress(OSError):
        _note_file(home).unlink(missing_ok=True)
        write_atomically(_note_file(home), json.dumps(asdict(owner)).encode())


def _noted(home: Home) -> Owner | None:
    try:
        owner = Owner(**json.loads(_note_file(home).read_text(encoding="utf-8")))
        owner.describe()
        return owner
    except (OSError, ValueError, TypeError):
        return None


def _command(arguments: list[str]) -> str:
    """The command line as it was typed, for people: without the folder of the program."""
    program = Path(arguments[0] if arguments else "").name
    words = ["griot" if program == "__main__.py" else program or "python", *arguments[1:]]
    joined = shlex.join(words)
    text = joined if joined.isprintable() else ascii(joined)
    return text if len(text) <= _COMMAND else text[: _COMMAND - 1] + "…"


def _age(seconds: float) -> str:
    """The largest unit that gives 2 or more, else seconds: "3 minutes", "90 seconds"."""
    whole = max(0, int(seconds))
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if whole >= 2 * size:
            return f"{whole // size} {unit}"
    return f"{whole} second" + ("" if whole == 1 else "s")
