"""Who still reads a generation: readers hold a shared lock on its manifest, in whatever process, and nothing held is deleted.

The system frees the lock of a process that ends in any way. Where there are no such locks, files that are open cannot be deleted.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def hold(path: Path) -> Callable[[], None]:
    """Keep a generation, by its manifest, from being deleted. Returns what lets go of it.

    Raises:
        FileNotFoundError: it is gone, perhaps since a moment ago.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        _lock(handle, exclusive=False)
        # Deleted between the opening and the lock.
        if os.fstat(handle).st_nlink == 0 or not os.path.samestat(os.fstat(handle), os.stat(path)):
            raise FileNotFoundError(f"{path} was deleted")
    except BaseException:
        os.close(handle)
        raise
    return lambda: os.close(handle)


@contextmanager
def unheld(path: Path) -> Iterator[bool]:
    """Whether nobody holds a generation, nor can while this lasts."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        # Without a manifest nobody can open it.
        yield True
        return
    try:
        yield _lock(handle, exclusive=True)
    finally:
        os.close(handle)


def _lock(handle: int, *, exclusive: bool) -> bool:
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB if exclusive else fcntl.LOCK_SH)
    except BlockingIOError:
        return False
    except OSError:
        # A file system without locks: what was the rule before there were any, the last two generations are kept.
        return not exclusive
    return True
