"""`python -m index.analysing FOLDER NAME`: the words of the new articles of a segment in the writing, in a process of its own.

The tables in FOLDER are whole, `new.npy` says which of its articles are new, and the lexical half of those goes to FOLDER/NAME. The
process ends when its standard input does: with the one that started it.
"""

import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np

from index.article import Article, Span
from index.lexical import write_sections
from index.sections import Hashing
from index.tables import ARTICLE, NAME, article_of
from index.vectors import BoolVector
from index.wording import article_sections


def main() -> None:
    """Write and end."""
    folder, name = Path(sys.argv[1]), sys.argv[2]
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    new = np.load(folder / "new.npy", allow_pickle=False)
    with closing(sqlite3.connect(folder / NAME)) as connection:
        write_words(folder / name, connection, new)


def read_articles(connection: sqlite3.Connection) -> Iterator[tuple[Article, list[Span]]]:
    """Every article of a segment's tables with the spans of its passages, in order."""
    spans = iter(connection.execute('SELECT start, "end" FROM passages ORDER BY row'))
    for count, *row in connection.execute(f"SELECT passages, {ARTICLE} FROM articles ORDER BY position"):
        yield article_of(row), list(islice(spans, count))


def write_words(folder: Path, connection: sqlite3.Connection, wanted: BoolVector) -> int:
    """Write the lexical half of the articles `wanted`, shape (articles,), of a segment's tables into the new folder `folder`; returns how
    many passages they have."""
    hashing = Hashing()
    chosen = (found for found, some in zip(read_articles(connection), wanted, strict=True) if some)
    return write_sections(folder, (article_sections(article, spans, hashing) for article, spans in chosen), hashing.letters)


def _end_with_the_other() -> None:
    # Not through the stream, which the interpreter would want to close at its end.
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    main()
