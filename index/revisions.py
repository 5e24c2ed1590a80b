"""What articles said before they changed: kept, so that a quotation taken from an older text can still be shown in it."""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from index.article import Article
from index.errors import DamagedIndex

KEPT: Final = 20
"""Revisions kept of one article, the newest: a live page rewritten all day stays within some 40 kB compressed."""
_FORMAT: Final = 1
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS revisions (number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, digest TEXT NOT NULL,
  title TEXT, published TEXT, seen_until TEXT NOT NULL, text BLOB NOT NULL, UNIQUE (article, digest))
"""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A text that an article had, until it was found changed at `seen_until`."""

    digest: str
    text: str
    title: str | None
    published: str | None
    seen_until: datetime


class Revisions:
    """The earlier texts of a collection's articles, in a SQLite file of the home that outlives its generations.

    The file is made when the first text is kept. Several processes may read and write it at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, articles: Iterable[Article], when: datetime) -> None:
        """Keep the texts of `articles`, as they were before they were found changed at `when`: all of them, or after a crash none.

        A text kept already becomes the newest again. Beyond `KEPT` of an article, the oldest are dropped.

        Raises:
            DamagedIndex: the file cannot be read or written.
            ValueError: `when` has no time zone.
        """
        if when.tzinfo is None:
            raise ValueError(f"{when.isoformat()} has no time zone; give one, such as datetime.now(UTC)")
        seen = when.astimezone(UTC).isoformat()
        with self._opened(write=True) as connection:
            for article in articles:
                text = zlib.compress(article.text.encode("utf-8", "surrogatepass"), 6)
                # A new row and not the old one updated: the newest has the highest number.
                connection.execute(
                    "INSERT OR REPLACE INTO revisions (article, digest, title, published, seen_until, text) VALUES (?, ?, ?, ?, ?, ?)",
                    (article.id, article.digest, article.title, article.published, seen, text),
                )
                connection.execute(
                    "DELETE FROM revisions WHERE article = ? AND number NOT IN "
                    "(SELECT number FROM revisions WHERE article = ? ORDER BY number DESC LIMIT ?)",
                    (article.id, article.id, KEPT),
                )

    def of(self, article_id: str) -> list[Revision]:
        """The revisions of an article, the newest first; of one that never changed, none.

        Raises:
            DamagedIndex: the file cannot be read.
        """
        if not self._path.exists():
            return []
        query = "SELECT digest, text, title, published, seen_until FROM revisions WHERE article = ? ORDER BY number DESC"
        with self._opened() as connection:
            # Without a table: the process that was making the file was stopped.
            made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'revisions'").fetchone()
            return [self._revision(row) for row in connection.execute(query, (article_id,))] if made else []

    def find(self, article_id: str, quote: str, start: int, end: int) -> Revision | None:
        """The newest revision of an article whose `text[start:end]` is `quote`, in code points, or None.

        Raises:
            DamagedIndex: the file cannot be read.
        """
        if not 0 <= start < end or len(quote) != end - start:
            return None
        return next((revision for revision in self.of(article_id) if revision.text[start:end] == quote), None)

    def _revision(self, row: tuple[str, bytes, str | None, str | None, str]) -> Revision:
        digest, text, title, published, seen = row
        try:
            plain = zlib.decompress(text).decode("utf-8", "surrogatepass")
            return Revision(digest=digest, text=plain, title=title, published=published, seen_until=datetime.fromisoformat(seen))
        except (zlib.error, ValueError, TypeError) as error:
            raise self._damaged(error) from error

    @contextmanager
    def _opened(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection within one transaction."""
        try:
            # Waits for another process that writes.
            with closing(sqlite3.connect(self._path, timeout=30)) as connection:
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                if version > _FORMAT:
                    raise sqlite3.DatabaseError(f"format {version}, and this program knows {_FORMAT}")
                if write:
                    # A crash, or a power cut, leaves the texts of before.
                    connection.execute("PRAGMA synchronous = FULL")
                    connection.execute("BEGIN IMMEDIATE")
                    connection.execute(_SCHEMA)
                    connection.execute(f"PRAGMA user_version = {_FORMAT}")
                with connection:
                    yield connection
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> DamagedIndex:
        return DamagedIndex(
            f"{self._path} cannot be used ({error}); if it is damaged, move it away: only earlier texts of articles are lost"
        )
