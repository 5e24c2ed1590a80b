"""Pages as they were fetched, kept in the home: builds go on where they stopped, and can be made again without the web."""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from index.errors import DamagedIndex
from index.metadata import Metadata

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS pages (address TEXT PRIMARY KEY, final TEXT NOT NULL, fetched TEXT NOT NULL, etag TEXT, modified TEXT, kind TEXT,
  charset TEXT, digest TEXT NOT NULL, stated TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS lists (root TEXT NOT NULL, place INTEGER NOT NULL, address TEXT NOT NULL, PRIMARY KEY (root, place));
"""


@dataclass(frozen=True, kw_only=True)
class FetchedPage:
    """A page: the address that it was asked by, where it was in the end, when it was fetched (UTC), and what the server and the feed that
    led to it said of it. `digest` is the SHA-256 of `body`, in hex."""

    address: str
    final: str
    fetched: datetime
    etag: str | None
    modified: str | None
    kind: str | None
    charset: str | None
    body: bytes
    digest: str
    stated: Metadata


class PageStore:
    """Pages by address, and the addresses that each root led to, in a SQLite file that several processes may use.

    Every method raises DamagedIndex where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def page(self, address: str) -> FetchedPage | None:
        """The page kept of an address, or None."""
        query = "SELECT address, final, fetched, etag, modified, kind, charset, digest, stated, body FROM pages WHERE address = ?"
        with self._opened() as connection:
            row = connection.execute(query, (address,)).fetchone()
        if row is None:
            return None
        try:
            return FetchedPage(
                address=row[0], final=row[1], fetched=datetime.fromisoformat(row[2]), etag=row[3], modified=row[4], kind=row[5],
                charset=row[6], digest=row[7], stated=Metadata(**json.loads(row[8])), body=zlib.decompress(row[9]),
            )  # fmt: skip
        except (ValueError, TypeError, zlib.error) as error:
            raise self._damaged(error) from error

    def digest(self, address: str) -> str | None:
        """The digest of the page kept of an address, or None."""
        with self._opened() as connection:
            row = connection.execute("SELECT digest FROM pages WHERE address = ?", (address,)).fetchone()
        return str(row[0]) if row else None

    def keep(self, page: FetchedPage) -> None:
        """Keep a page in place of what was kept of its address."""
        values = (
            page.address, page.final, page.fetched.isoformat(), page.etag, page.modified, page.kind, page.charset, page.digest,
            json.dumps(asdict(page.stated)), zlib.compress(page.body),
        )  # fmt: skip
        with self._opened() as connection:
            connection.execute(f"INSERT OR REPLACE INTO pages VALUES ({', '.join('?' * len(values))})", values)

    def pages(self, root: str) -> tuple[str, ...]:
        """The addresses that a root led to when it was last fetched and whose pages are kept, in their order."""
        query = "SELECT address FROM lists JOIN pages USING (address) WHERE root = ? ORDER BY place"
        with self._opened() as connection:
            return tuple(row[0] for row in connection.execute(query, (root,)))

    def list(self, root: str, addresses: Sequence[str]) -> None:
        """Note what a root leads to now, each address once."""
        with self._opened() as connection:
            connection.execute("DELETE FROM lists WHERE root = ?", (root,))
            connection.executemany(
                "INSERT INTO lists VALUES (?, ?, ?)", ((root, place, address) for place, address in enumerate(addresses))
            )

    def forget(self, root: str) -> None:
        """Drop what a root led to, but for pages that another leads to."""
        with self._opened() as connection:
            connection.execute("DELETE FROM lists WHERE root = ?", (root,))
            connection.execute("DELETE FROM pages WHERE address NOT IN (SELECT address FROM lists UNION SELECT root FROM lists)")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection within one transaction."""
        try:
            with closing(sqlite3.connect(self._path, timeout=30)) as connection:
                if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'lists'").fetchone():
                    connection.executescript(_SCHEMA)
                with connection:
                    yield connection
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> DamagedIndex:
        return DamagedIndex(f"{self._path} cannot be used ({error}); move it away, and its pages are fetched again")
