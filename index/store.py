"""One generation of the index on disk: articles, vectors, lexical half, and the manifest that holds them together."""

import hashlib
import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from index.article import Article, Passage
from index.errors import DamagedIndex, MissingIndex, StaleIndex, StoreError
from index.files import sha256, sync_file, sync_folder, write_atomically
from index.lexical import LexicalIndex
from index.vectors import RowVector, VectorIndex

FORMAT: Final = 2
SURROUNDINGS: Final = 16
"""Passages on each side that make the surroundings of one: most news articles whole, and of a book a chapter."""
REBUILD: Final = "rebuild with: griot index --full"
# Small files are checked against their SHA-256 at every opening, which costs under 50 ms in all;
# larger ones by size, and by `griot verify`.
_CHECKED_AT_OPEN: Final = 32_000_000
_SCHEMA: Final = """
CREATE TABLE articles (position INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, location TEXT UNIQUE NOT NULL, path TEXT NOT NULL,
  digest TEXT NOT NULL, title TEXT, url TEXT, source TEXT, published TEXT, language TEXT, text TEXT NOT NULL);
CREATE TABLE passages (row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL);
CREATE INDEX passages_by_article ON passages (article);
"""
_ARTICLE_COLUMNS: Final = "id, text, path, digest, title, url, source, published, language"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a generation says of itself.

    `digest` is the SHA-256 over the places and digests of all its articles, which are one by one in the articles' table;
    `selfcheck` is what `index.selfcheck` found, None where there were too few headlines;
    `checksums` maps each file's name to its SHA-256 and size in bytes.
    """

    format: int
    model: str
    fingerprint: str
    dimension: int
    chunking: str
    analysis: str
    articles: int
    passages: int
    paths: list[str]
    digest: str
    selfcheck: dict[str, float] | None = None
    checksums: dict[str, tuple[str, int]]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An article with its place on disk and the spans of its passages, as the build writes it."""

    article: Article
    location: str
    spans: Sequence[tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A passage as the ranking looks at it: its text, its article's title, and the rows of its surroundings there."""

    row: int
    text: str
    title: str | None
    first: int
    last: int


class Home:
    """The folder that holds the generations and names the one being served."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if self.folder.exists() and not self.folder.is_dir():
            raise StoreError(f"{self.folder} is a file, not a folder; give another place with --home")

    @property
    def collection_file(self) -> Path:
        return self.folder / "collection.json"

    @property
    def generations(self) -> Path:
        return self.folder / "generations"

    def current(self) -> str | None:
        """Name of the generation being served, or None when nothing was published yet."""
        try:
            name = (self.folder / "current").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise DamagedIndex(f"{self.folder / 'current'} cannot be read ({error}); {REBUILD}") from error
        if not name.isdigit():
            raise DamagedIndex(f"{self.folder / 'current'} names no generation ({name[:40]!r}); {REBUILD}")
        return name

    def open(self) -> "Generation":
        """Open the generation being served.

        Raises:
            MissingIndex: nothing has been built here.
            StaleIndex: it is of another format.
            DamagedIndex: a file of it is missing or altered.
        """
        return Generation(self._served())

    def manifest(self) -> Manifest:
        """What the generation being served says of itself, without opening the rest of it.

        Raises:
            MissingIndex, StaleIndex, DamagedIndex: as `open`.
        """
        return read_manifest(self._served())

    def _served(self) -> Path:
        name = self.current()
        if name is None:
            raise MissingIndex(f"no index in {self.folder}; build it with: griot index PATH ...")
        return self.generations / name

    def publish(self, entries: Sequence[Entry], vectors: VectorIndex, lexical: LexicalIndex, about: dict[str, Any]) -> str:
        """Write a new generation beside the others, sync it, and only then name it in `current`. Returns its name."""
        self.generations.mkdir(parents=True, exist_ok=True)
        taken = [int(path.name) for path in self.generations.iterdir() if path.name.isdigit()]
        name = str(max(taken, default=0) + 1)
        draft = self.generations / f".{name}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        try:
            counts = _write_articles(draft / "articles.sqlite", entries)
            vectors.save(draft / "vectors.faiss")
            lexical.save(draft / "lexical")
            if not counts[1] == vectors.size == lexical.size:
                raise StoreError(f"passages, vectors and lexical rows differ: {counts[1]}, {vectors.size}, {lexical.size}; {REBUILD}")
            files = sorted(path for path in draft.rglob("*") if path.is_file())
            for path in files:
                sync_file(path)
            checksums = {path.relative_to(draft).as_posix(): (sha256(path), path.stat().st_size) for path in files}
            manifest = Manifest(
                digest=collection_digest(entries),
                format=FORMAT,
                articles=counts[0],
                passages=counts[1],
                dimension=vectors.dimension,
                checksums=checksums,
                **about,
            )
            write_atomically(draft / "manifest.json", json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode())
            os.rename(draft, self.generations / name)
            sync_folder(self.generations)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        try:
            before = self.current()
        except DamagedIndex:
            before = None
        write_atomically(self.folder / "current", name.encode("ascii"))
        self._discard(keep={name, before})
        return name

    def _discard(self, keep: Collection[str | None]) -> None:
        """Delete older generations; the one served until now stays for readers that still hold it."""
        for path in self.generations.iterdir():
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)


class Generation:
    """An opened generation, read-only. Safe to share between threads: each has its own connection."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        for name, (digest, size) in self.manifest.checksums.items():
            _check(folder / name, digest if size <= _CHECKED_AT_OPEN else None, size)
        self.vectors = VectorIndex.load(folder / "vectors.faiss")
        self.lexical = LexicalIndex.load(folder / "lexical")
        self._local = threading.local()
        counts = {"passages": self._count("passages"), "vectors": self.vectors.size, "lexical rows": self.lexical.size}
        if set(counts.values()) != {self.manifest.passages}:
            raise DamagedIndex(f"{folder}: the manifest says {self.manifest.passages} passages but there are {counts}; {REBUILD}")

    def verify(self) -> list[str]:
        """Check every file against its SHA-256 and every passage against its article. Returns what is wrong."""
        wrong = []
        for name, (digest, size) in self.manifest.checksums.items():
            try:
                _check(self.folder / name, digest, size)
            except DamagedIndex as error:
                wrong.append(str(error))
        if wrong:
            return wrong
        if (found := self._count("articles")) != self.manifest.articles:
            wrong.append(f"the manifest says {self.manifest.articles} articles but there are {found}; {REBUILD}")
        query = (
            "SELECT a.id FROM passages p JOIN articles a ON a.position = p.article "
            'WHERE p.start < 0 OR p."end" <= p.start OR p."end" > length(a.text)'
        )
        wrong += [f"article {row[0]}: a passage lies outside its text; {REBUILD}" for row in self._query(query)]
        return wrong

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        rows = self._query(f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,))
        return next((_article(row) for row in rows), None)

    def articles(self) -> Iterator[Article]:
        """Every article, by location."""
        return (_article(row) for row in self._query(f"SELECT {_ARTICLE_COLUMNS} FROM articles ORDER BY position"))

    def entries(self) -> Iterator[tuple[Entry, int]]:
        """Every article as it was built, with the row of its first passage."""
        cursor = self._query(f"SELECT {_ARTICLE_COLUMNS}, location, position FROM articles ORDER BY position")
        for row in cursor:
            found = list(self._query('SELECT row, start, "end" FROM passages WHERE article = ? ORDER BY row', (row[-1],)))
            entry = Entry(article=_article(row[:-2]), location=row[-2], spans=tuple((start, end) for _, start, end in found))
            yield entry, found[0][0] if found else 0

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the given rows, in their order."""
        found: dict[int, Passage] = {}
        for begin in range(0, len(rows), 500):
            block = [int(row) for row in rows[begin : begin + 500]]
            query = (
                'SELECT p.row, a.id, p.start, p."end", substr(a.text, p.start + 1, p."end" - p.start) FROM passages p '
                f"JOIN articles a ON a.position = p.article WHERE p.row IN ({','.join('?' * len(block))})"
            )
            found |= {row[0]: Passage(article_id=row[1], start=row[2], end=row[3], text=row[4]) for row in self._query(query, block)}
        return [found[int(row)] for row in rows]

    def candidates(self, rows: Sequence[int] | RowVector) -> list[Candidate]:
        """The passages of the given rows, at most some hundreds, each with the first and last row of its `SURROUNDINGS`."""
        wanted = [int(row) for row in rows]
        query = (
            'SELECT p.row, substr(a.text, p.start + 1, p."end" - p.start), a.title, min(q.row), max(q.row) FROM passages p '
            "JOIN articles a ON a.position = p.article JOIN passages q ON q.article = p.article "
            f"WHERE p.row IN ({','.join('?' * len(wanted))}) AND abs(q.row - p.row) <= {SURROUNDINGS} GROUP BY p.row"
        )
        names = ("row", "text", "title", "first", "last")
        found = {row[0]: Candidate(**dict(zip(names, row, strict=True))) for row in self._query(query, wanted)}
        return [found[row] for row in wanted]

    def facts(self) -> list[tuple[str, str | None, str | None, int]]:
        """(id, source, published, passages) of every article, by location."""
        query = (
            "SELECT a.id, a.source, a.published, count(p.row) FROM articles a LEFT JOIN passages p ON p.article = a.position "
            "GROUP BY a.position ORDER BY a.position"
        )
        return list(self._query(query))

    def rows_of(self, article_ids: Iterable[str]) -> list[int]:
        """Rows of the passages of the given articles, ascending."""
        wanted = set(article_ids)
        query = "SELECT p.row, a.id FROM passages p JOIN articles a ON a.position = p.article ORDER BY p.row"
        return [row for row, article in self._query(query) if article in wanted]

    def _count(self, table: str) -> int:
        return int(next(iter(self._query(f"SELECT count(*) FROM {table}")))[0])

    def _query(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        try:
            if connection is None:
                uri = f"{(self.folder / 'articles.sqlite').absolute().as_uri()}?mode=ro&immutable=1"
                connection = self._local.connection = sqlite3.connect(uri, uri=True)
            return connection.execute(query, values)
        except sqlite3.Error as error:
            raise DamagedIndex(f"{self.folder / 'articles.sqlite'} cannot be read ({error}); {REBUILD}") from error


def collection_digest(entries: Iterable[Entry]) -> str:
    """One digest for a whole collection: it changes when an article is added, changed, removed or moved."""
    digest = hashlib.sha256()
    for entry in sorted(entries, key=lambda entry: entry.location):
        digest.update(f"{entry.location}\0{entry.article.digest}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _write_articles(path: Path, entries: Iterable[Entry]) -> tuple[int, int]:
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCHEMA)
        articles = passages = 0
        for position, entry in enumerate(entries):
            item = entry.article
            values = (
                position,
                item.id,
                entry.location,
                item.path,
                item.digest,
                item.title,
                item.url,
                item.source,
                item.published,
                item.language,
                item.text,
            )
            connection.execute(f"INSERT INTO articles VALUES ({','.join('?' * len(values))})", values)
            rows = [(passages + number, position, start, end) for number, (start, end) in enumerate(entry.spans)]
            connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", rows)
            articles, passages = position + 1, passages + len(rows)
        connection.commit()
    finally:
        connection.close()
    return articles, passages


def _article(row: Sequence[Any]) -> Article:
    names = ("id", "text", "path", "digest", "title", "url", "source", "published", "language")
    return Article(**dict(zip(names, row, strict=True)))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the generation in `folder`, checked for its format and types."""
    path = folder / "manifest.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise StaleIndex(f"{path} is of format {content['format']}, this version reads format {FORMAT}; {REBUILD}")
        content["checksums"] = {name: (str(digest), int(size)) for name, (digest, size) in content["checksums"].items()}
        manifest = Manifest(**content)
        if not all(isinstance(getattr(manifest, field.name), field.type) for field in fields(manifest) if field.type in (int, str)):
            raise TypeError("a value of another type")
        return manifest
    except FileNotFoundError as error:
        raise DamagedIndex(f"{path} is missing; {REBUILD}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise DamagedIndex(f"{path} is damaged ({type(error).__name__}: {error}); {REBUILD}") from error


def _check(path: Path, digest: str | None, size: int) -> None:
    try:
        found = path.stat().st_size
        if found != size:
            raise DamagedIndex(f"{path} has {found} bytes, the manifest says {size}; {REBUILD}")
        if digest is not None and sha256(path) != digest:
            raise DamagedIndex(f"{path} is not the file that the manifest describes (SHA-256 differs); {REBUILD}")
    except OSError as error:
        raise DamagedIndex(f"{path} cannot be read ({error.strerror}); {REBUILD}") from error
