"""The SQLite tables of a generation: its articles, their passages, and the sources that they were read from."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.article import Article, Entry, Span

SCHEMA: Final = """
CREATE TABLE articles (position INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, location TEXT UNIQUE NOT NULL, path TEXT NOT NULL,
  digest TEXT NOT NULL, title TEXT, url TEXT, source TEXT, published TEXT, language TEXT, author TEXT, origins TEXT NOT NULL,
  original INTEGER NOT NULL, read_from TEXT NOT NULL, first INTEGER NOT NULL, passages INTEGER NOT NULL, sentences BLOB NOT NULL,
  signature BLOB NOT NULL, text TEXT NOT NULL);
CREATE INDEX copies ON articles (original) WHERE original != position;
CREATE TABLE passages (row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL);
CREATE TABLE sources (location TEXT PRIMARY KEY, label TEXT NOT NULL, digest TEXT NOT NULL);
"""
ARTICLE: Final = "id, text, path, digest, title, url, source, published, language, author, origins"
"""The columns that make an article."""
ENTRY: Final = f"{ARTICLE}, location, read_from, sentences, signature"
"""The columns that make an entry, but for its passages."""
SPANS: Final = np.dtype("<i4")
"""How the places of sentences are kept: start, end, start, end, ..."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a generation holds: its entries, by location; for each the place of the article that it is a copy of, itself where it is
    none; and for each source that was read in full, by its location, its label and the SHA-256 of its bytes."""

    entries: Sequence[Entry]
    originals: Sequence[int]
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def write_tables(path: Path, contents: Contents) -> tuple[int, int]:
    """Write the tables; returns how many articles and passages there are."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript(SCHEMA)
        passages = 0
        for position, (entry, original) in enumerate(zip(contents.entries, contents.originals, strict=True)):
            values = _values(entry, position, int(original), passages)
            connection.execute(
                f"INSERT INTO articles ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", tuple(values.values())
            )
            rows = [(passages + number, position, start, end) for number, (start, end) in enumerate(entry.spans)]
            connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", rows)
            passages += len(rows)
        connection.executemany("INSERT INTO sources VALUES (?, ?, ?)", ((location, *about) for location, about in contents.sources.items()))
        connection.commit()
    finally:
        connection.close()
    return len(contents.entries), passages


def _values(entry: Entry, position: int, original: int, first: int) -> dict[str, Any]:
    item = entry.article
    return {
        "position": position, "id": item.id, "location": entry.location, "path": item.path, "digest": item.digest, "title": item.title,
        "url": item.url, "source": item.source, "published": item.published, "language": item.language, "author": item.author,
        "origins": json.dumps(dict(item.origins)), "original": original, "read_from": entry.source, "first": first,
        "passages": len(entry.spans), "sentences": np.array(entry.sentences, SPANS).tobytes(), "signature": entry.signature,
        "text": item.text,
    }  # fmt: skip


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
