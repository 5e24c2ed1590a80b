"""The SQLite tables of a segment: its articles and their passages."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.article import Article, Entry, Span

NAME: Final = "articles.sqlite"
_SCHEMA: Final = """
CREATE TABLE articles (position INTEGER PRIMARY KEY, id TEXT NOT NULL, location TEXT NOT NULL, path TEXT NOT NULL,
  digest TEXT NOT NULL, title TEXT, url TEXT, source TEXT, published TEXT, language TEXT, author TEXT, origins TEXT NOT NULL,
  read_from TEXT NOT NULL, first INTEGER NOT NULL, passages INTEGER NOT NULL, sentences BLOB NOT NULL,
  signature BLOB NOT NULL, text TEXT NOT NULL);
CREATE TABLE passages (row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL);
"""
_INDEXES: Final = """
CREATE UNIQUE INDEX ids ON articles (id);
CREATE UNIQUE INDEX locations ON articles (location);
CREATE INDEX paths ON articles (path);
CREATE INDEX readings ON articles (read_from);
"""
ARTICLE: Final = "id, text, path, digest, title, url, source, published, language, author, origins"
"""The columns that make an article."""
ENTRY: Final = f"{ARTICLE}, location, read_from, sentences, signature"
"""The columns that make an entry, but for its passages."""
SPANS: Final = np.dtype("<i4")
"""How the places of sentences are kept: start, end, start, end, ..."""
_BLOCK: Final = 500
"""Articles between two writings."""


class Tables:
    """The tables of a segment in the writing: entries are added in the order of their positions."""

    def __init__(self, path: Path) -> None:
        self.articles = self.passages = 0
        self._waiting: list[tuple[Any, ...]] = []
        self._spans: list[tuple[int, int, int, int]] = []
        self._connection = sqlite3.connect(path, isolation_level=None)
        # The file is synced when it is whole, and means nothing before.
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_SCHEMA)

    def add(self, entry: Entry) -> None:
        """Add an article."""
        item = entry.article
        self._waiting.append((
            self.articles, item.id, entry.location, item.path, item.digest, item.title, item.url, item.source, item.published,
            item.language, item.author, json.dumps(dict(item.origins)), entry.source, self.passages, len(entry.spans),
            np.array(entry.sentences, SPANS).tobytes(), entry.signature, item.text,
        ))  # fmt: skip
        self._spans += [(self.passages + number, self.articles, start, end) for number, (start, end) in enumerate(entry.spans)]
        self.articles += 1
        self.passages += len(entry.spans)
        if len(self._waiting) >= _BLOCK:
            self._write()

    def close(self) -> None:
        """Write what is left, and the indexes."""
        self._write()
        self._connection.executescript(_INDEXES)
        self._connection.close()

    def discard(self) -> None:
        """Let go of the file, which is no use."""
        self._connection.close()

    def _write(self) -> None:
        self._connection.execute("BEGIN")
        self._connection.executemany(f"INSERT INTO articles VALUES ({', '.join('?' * 18)})", self._waiting)
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", self._spans)
        self._connection.execute("COMMIT")
        self._waiting, self._spans = [], []


def article_of(row: Sequence[Any]) -> Article:
    """An article from the columns `ARTICLE`."""
    *plain, origins = row
    names = ARTICLE.split(", ")[:-1]
    return Article(**dict(zip(names, plain, strict=True)), origins=json.loads(origins))


def entry_of(row: Sequence[Any], spans: Sequence[Span]) -> Entry:
    """An entry from the columns `ENTRY` and the spans of its passages."""
    *article, location, source, sentences, signature = row
    return Entry(
        article=article_of(article), location=location, source=source, spans=spans, sentences=spans_of(sentences), signature=signature
    )


def spans_of(kept: bytes) -> list[Span]:
    """The spans of sentences from their column."""
    flat = np.frombuffer(kept, SPANS).tolist()
    return list(zip(flat[::2], flat[1::2], strict=True))
