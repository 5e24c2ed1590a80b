"""What was read of each source and is not published yet, so that an interrupted build goes on where it stopped."""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from index.article import Article, Entry
from index.document import TWICE, Unread
from index.errors import ArticleError, ChangedSource
from index.readers.walk import Share
from index.serving import Known

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS sources (number INTEGER PRIMARY KEY AUTOINCREMENT, location TEXT NOT NULL UNIQUE, key TEXT NOT NULL,
  digest TEXT NOT NULL, shares INTEGER NOT NULL, whole INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS shares (source INTEGER NOT NULL, share INTEGER NOT NULL, reached INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (source, share)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (source INTEGER NOT NULL, unit INTEGER NOT NULL, place INTEGER NOT NULL, location TEXT NOT NULL,
  id TEXT NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (source, unit, place));
CREATE INDEX IF NOT EXISTS entries_at ON entries (location);
CREATE TABLE IF NOT EXISTS unread (source INTEGER NOT NULL, unit INTEGER NOT NULL, record TEXT NOT NULL, reason TEXT NOT NULL,
  named INTEGER NOT NULL, PRIMARY KEY (source, unit, record, reason));
"""
_FORMAT: Final = 3
_OF: Final = "(SELECT number FROM sources WHERE location = ?)"
_DROPPED: Final = tuple(f"DELETE FROM {table} WHERE source = {_OF}" for table in ("entries", "unread", "shares"))


CHANGED: Final = "it changed while it was read; the next griot index reads it again"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something found in a unit of a source, the `place`th there."""

    unit: int
    place: int
    item: Entry | Unread


class Spool:
    """Entries by their source, in a SQLite file that several processes write, also of one source, each a share of it.

    A source is whole once all its shares are at their end; of one that was cut off there is what was kept until then.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        # Lost at worst in a power cut, and then made again.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        made = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchone()
        if version != _FORMAT and made:
            self._connection.close()
            raise sqlite3.DatabaseError(f"format {version}")
        self._connection.executescript(f"{_SCHEMA} PRAGMA user_version = {_FORMAT};")

    def begin(self, source: str, key: str, digest: str, share: Share) -> tuple[int, int]:
        """Begin a share of a source whose bytes have this digest, or go on with it where the same was begun before; whatever else was
        kept of the source is forgotten. Returns the number of this reading, and the unit up to which the share was read."""
        with self._writing():
            wanted = (key, digest, share.of)
            row = self._one("SELECT number, key, digest, shares FROM sources WHERE location = ?", source)
            if row is None or row[1:] != wanted:
                self._drop(source)
                insert = "INSERT INTO sources (location, key, digest, shares) VALUES (?, ?, ?, ?)"
                row = (self._connection.execute(insert, (source, *wanted)).lastrowid,)
            found = self._one("SELECT reached FROM shares WHERE source = ? AND share = ?", row[0], share.number)
            return row[0], found[0] if found else 0

    def add(self, reading: int, share: Share, kept: Sequence[Kept], reached: int) -> None:
        """Keep what a share found, which was read up to the unit `reached`.

        Raises:
            ChangedSource: the source was begun anew meanwhile, with other bytes.
        """
        entries = [
            (reading, found.unit, found.place, item.location, item.article.id, item.article.path, item.article.digest, packed(item))
            for found in kept if isinstance(item := found.item, Entry)
        ]  # fmt: skip
        unread = [
            (reading, found.unit, item.record, item.reason, item.named) for found in kept if isinstance(item := found.item, Unread)
        ]  # fmt: skip
        with self._writing():
            if self._one("SELECT 1 FROM sources WHERE number = ?", reading) is None:
                raise ChangedSource(CHANGED)
            self._connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entries)
            # What no unit holds, such as a cut at the end, every share tells.
            self._connection.executemany("INSERT OR IGNORE INTO unread VALUES (?, ?, ?, ?, ?)", unread)
            self._connection.execute("INSERT OR REPLACE INTO shares VALUES (?, ?, ?, 0)", (reading, share.number, reached))

    def finish(self, reading: int, share: Share) -> None:
        """A share is at its end, and with the last of them the source is whole.

        Raises:
            ArticleError: nothing in the source is an article, and one thing says why.
        """
        with self._writing():
            self._connection.execute("UPDATE shares SET done = 1 WHERE source = ? AND share = ?", (reading, share.number))
            if self._one("SELECT count(*) FROM shares WHERE source = ? AND done", reading) != (share.of,):
                return
            self._settle(reading)
            reasons = self._connection.execute("SELECT reason FROM unread WHERE source = ? LIMIT 2", (reading,)).fetchall()
            alone = len(reasons) == 1 and self._one("SELECT 1 FROM entries WHERE source = ?", reading) is None
            if not alone:
                self._connection.execute("UPDATE sources SET whole = 1 WHERE number = ?", (reading,))
        if alone:
            raise ArticleError(reasons[0][0])

    def settle(self, source: str) -> None:
        """Of records with the same name, keep the first, also where the source was not read to its end."""
        with self._writing():
            if row := self._one("SELECT number FROM sources WHERE location = ?", source):
                self._settle(row[0])

    def forget(self, source: str) -> None:
        """Drop all that was kept of a source."""
        with self._writing():
            self._drop(source)

    def whole(self, source: str, key: str) -> tuple[str, list[Unread]] | None:
        """The digest of a source that was read to its end under `key`, with what was not read in it; else None."""
        row = self._one("SELECT digest FROM sources WHERE location = ? AND key = ? AND whole", source, key)
        if row is None:
            return None
        query = f"SELECT record, reason FROM unread WHERE source = {_OF} ORDER BY unit, record = '', rowid"
        rows = self._connection.execute(query, (source,))
        return row[0], [Unread(record=record, reason=reason) for record, reason in rows]

    def articles(self, source: str) -> Iterator[Known]:
        """What was kept of a source, without the texts."""
        query = f"SELECT id, location, ?, path, digest FROM entries WHERE source = {_OF} ORDER BY unit, place"
        return map(Known._make, self._connection.execute(query, (source, source)))

    def entries(self, source: str) -> Iterator[Entry]:
        """What was kept of a source."""
        query = f"SELECT content FROM entries WHERE source = {_OF} ORDER BY unit, place"
        return (unpacked(content) for (content,) in self._connection.execute(query, (source,)))

    def entry(self, location: str) -> Entry:
        """The entry of a place, which must have been kept."""
        return unpacked(self._connection.execute("SELECT content FROM entries WHERE location = ?", (location,)).fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _one(self, query: str, *values: Any) -> Any:
        return self._connection.execute(query, values).fetchone()

    def _drop(self, source: str) -> None:
        for query in (*_DROPPED, "DELETE FROM sources WHERE location = ?"):
            self._connection.execute(query, (source,))

    def _settle(self, reading: int) -> None:
        """Within a share names are told apart where they are read; shares know nothing of each other."""
        prefix = len(self._one("SELECT location FROM sources WHERE number = ?", reading)[0]) + 1
        claims = (
            f"SELECT substr(location, {prefix + 1}) AS name, unit, place FROM entries WHERE source = ? "
            "UNION ALL SELECT record, unit, -1 FROM unread WHERE source = ? AND named"
        )
        query = (
            f"SELECT name, unit, place FROM ({claims}) WHERE name IN (SELECT name FROM ({claims}) GROUP BY name HAVING count(*) > 1) "
            "ORDER BY name, unit"
        )
        rows = self._connection.execute(query, (reading,) * 4).fetchall()
        for name, claiming in groupby(rows, key=lambda row: str(row[0])):
            for _, unit, place in list(claiming)[1:]:
                if place < 0:
                    self._connection.execute(
                        "DELETE FROM unread WHERE source = ? AND unit = ? AND record = ? AND named", (reading, unit, name)
                    )
                else:
                    self._connection.execute("DELETE FROM entries WHERE source = ? AND unit = ? AND place = ?", (reading, unit, place))
                again = (reading, unit, name, TWICE.format(name), False)
                self._connection.execute("INSERT OR IGNORE INTO unread VALUES (?, ?, ?, ?, ?)", again)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def open_spool(path: Path) -> Spool:
    """The spool at `path`; a damaged one is begun anew, which only costs the time to read its sources again."""
    try:
        return Spool(path)
    except sqlite3.DatabaseError:
        discard_spool(path)
        return Spool(path)


def discard_spool(path: Path) -> None:
    """Delete the spool: what it held is in a published generation now."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def packed(entry: Entry) -> bytes:
    """An entry as bytes, to be kept or sent."""
    content: dict[str, Any] = {
        "article": vars(entry.article), "location": entry.location, "source": entry.source, "spans": entry.spans,
        "sentences": entry.sentences, "signature": entry.signature.hex(),
    }  # fmt: skip
    return zlib.compress(json.dumps(content).encode(), 1)


def unpacked(content: bytes) -> Entry:
    """The entry that was `packed`."""
    kept = json.loads(zlib.decompress(content))
    return Entry(
        article=Article(**kept["article"]), location=kept["location"], source=kept["source"],
        spans=[(start, end) for start, end in kept["spans"]], sentences=[(start, end) for start, end in kept["sentences"]],
        signature=bytes.fromhex(kept["signature"]),
    )  # fmt: skip
