"""What was read of each source and is not published yet, so that an interrupted build goes on where it stopped."""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from index.article import Article, Entry
from index.document import Unread
from index.serving import Known

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS sources (location TEXT PRIMARY KEY, key TEXT NOT NULL, digest TEXT, unread TEXT);
CREATE TABLE IF NOT EXISTS entries (location TEXT PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL,
  digest TEXT NOT NULL, content BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS entries_of ON entries (source);
"""
_FORMAT: Final = 2


class Spool:
    """Entries by their source, in a SQLite file that several processes write.

    A source is whole once it has a digest; one that was cut off has none, and what was kept of it until then.
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

    def begin(self, source: str, key: str) -> None:
        """Forget what was kept of `source`; what comes belongs to `key`."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("DELETE FROM entries WHERE source = ?", (source,))
        self._connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?, NULL, NULL)", (source, key))
        self._connection.execute("COMMIT")

    def add(self, entries: Sequence[Entry]) -> None:
        """Keep some entries."""
        rows = [
            (entry.location, entry.source, entry.article.id, entry.article.path, entry.article.digest, packed(entry)) for entry in entries
        ]
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._connection.execute("COMMIT")

    def finish(self, source: str, digest: str, unread: Sequence[Unread]) -> None:
        """Note that `source` was read to its end, and what in it was not."""
        listed = json.dumps([asdict(item) for item in unread])
        self._connection.execute("UPDATE sources SET digest = ?, unread = ? WHERE location = ?", (digest, listed, source))

    def whole(self, source: str, key: str) -> tuple[str, list[Unread]] | None:
        """The digest of a source that was read to its end under `key`, with what was not read in it; else None."""
        query = "SELECT digest, unread FROM sources WHERE location = ? AND key = ? AND digest IS NOT NULL"
        row = self._connection.execute(query, (source, key)).fetchone()
        return None if row is None else (row[0], [Unread(**item) for item in json.loads(row[1])])

    def articles(self, source: str) -> Iterator[Known]:
        """What was kept of a source, without the texts."""
        query = "SELECT id, location, source, path, digest FROM entries WHERE source = ? ORDER BY rowid"
        return map(Known._make, self._connection.execute(query, (source,)))

    def entries(self, source: str) -> Iterator[Entry]:
        """What was kept of a source."""
        query = "SELECT content FROM entries WHERE source = ? ORDER BY rowid"
        return (unpacked(content) for (content,) in self._connection.execute(query, (source,)))

    def entry(self, location: str) -> Entry:
        """The entry of a place, which must have been kept."""
        return unpacked(self._connection.execute("SELECT content FROM entries WHERE location = ?", (location,)).fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


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
