"""Which sources were read, and with what content: what lets a build leave alone all that nobody wrote to.

A SQLite file of the home that outlives the generations. Each line holds from one generation on and until another takes its place,
so that a build that is cut off before it publishes, or after it, leaves nothing wrong. Lost, it only costs the time to read all
sources again: the articles themselves say where they were read.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from index.serving import Seen, Stamp

_FORMAT: Final = 1
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS sources (location TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, label TEXT NOT NULL,
  digest TEXT NOT NULL, size INTEGER, changed INTEGER, inode INTEGER, PRIMARY KEY (location, since)) WITHOUT ROWID;
"""


class Ledger:
    """The sources of a home's collection, as they were when each of its generations was published."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sources(self, generation: int) -> dict[str, Seen]:
        """What was known of each source, by its location, when `generation` was published; nothing where the file is lost."""
        if not self._path.exists():
            return {}
        query = "SELECT location, label, digest, size, changed, inode FROM sources WHERE since <= ? AND (until IS NULL OR until > ?)"
        try:
            with self._opened() as connection:
                rows = connection.execute(query, (generation, generation)).fetchall()
        except sqlite3.DatabaseError:
            return {}
        return {
            location: Seen(label, digest, None if size is None else Stamp(size, changed, inode))
            for location, label, digest, size, changed, inode in rows
        }

    def note(self, sources: Mapping[str, Seen | None], served: int, generation: int, *, whole: bool = False) -> None:
        """Write down what `generation`, which is published next, or is the one `served`, knows of some sources; None: that one is gone.
        The others stay as they were, unless these are the `whole`."""
        try:
            self._note(sources, served, generation, whole)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self.forget()
            self._note(sources, served, generation, whole)

    def forget(self) -> None:
        """Drop everything: all sources are read again at the next build."""
        for suffix in ("", "-journal"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _note(self, sources: Mapping[str, Seen | None], served: int, generation: int, whole: bool) -> None:
        rows = [
            (location, generation, seen.label, seen.digest, *(seen.stamp or (None, None, None)))
            for location, seen in sources.items() if seen
        ]  # fmt: skip
        with self._opened() as connection:
            # What a build that was cut off before it published left.
            connection.execute("DELETE FROM sources WHERE since > ?", (served,))
            connection.execute("UPDATE sources SET until = NULL WHERE until > ?", (served,))
            connection.execute("DELETE FROM sources WHERE until IS NOT NULL")
            if whole:
                connection.execute("UPDATE sources SET until = ?", (generation,))
            if generation == served:
                connection.executemany("DELETE FROM sources WHERE location = ?", ((location,) for location in sources))
            else:
                ended = ((generation, location) for location in sources)
                connection.executemany("UPDATE sources SET until = ? WHERE location = ? AND until IS NULL", ended)
            connection.executemany("INSERT INTO sources VALUES (?, ?, NULL, ?, ?, ?, ?, ?)", rows)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version not in (0, _FORMAT):
                raise sqlite3.DatabaseError(f"format {version}")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA + f"PRAGMA user_version = {_FORMAT};")
            with connection:
                yield connection
