"""An index in Milvus, opened to be asked: `index.serving.Served` without a file on this disk."""

import hashlib
import json
import os
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from index.article import Article, Entry, Passage, Span
from index.errors import ChangedIndex, MissingIndex, StaleIndex, StoreError
from index.generation import KEPT, SURROUNDINGS, Candidate, Listing
from index.manifest import REBUILD
from index.milvus.engine import BOUNDED, STRONG, Engine
from index.milvus.halves import MilvusVectors, MilvusWords, Passages, Stored
from index.milvus.limits import MilvusFacts
from index.milvus.rows import PARTS, Kept, article_of, assembled, kept_articles
from index.milvus.schema import FORMAT, ORDINAL_BITS, Names, among, first_row, id_of, number_of, quoted
from index.milvus.spread import read_whitening
from index.milvus.tally import State, read_state
from index.vectors import RowVector

SETTLED: Final = 10.0
"""Seconds after which what was there at the opening is seen by bounded reads too: Milvus lets those be 5 seconds late."""
GLANCE: Final = 1.0
"""Seconds for which what was last seen published is believed."""


@dataclass(frozen=True, kw_only=True)
class MilvusAbout:
    """What an index in Milvus says of itself."""

    format: int
    model: str
    fingerprint: str
    dimension: int
    chunking: str
    analysis: str
    articles: int
    passages: int
    selfcheck: Mapping[str, float] | None


class MilvusGeneration:
    """An index as it was published last, by any writer. Safe to share between threads.

    A row is an article's number and a passage's place there, and stays the passage's own for good. What is read may be newer than the
    opening: an article is always one version of itself, a passage that is gone is left out.
    """

    def __init__(self, engine: Engine, state: State, clock: Callable[[], float] = time.monotonic) -> None:
        if state.about is None:
            raise MissingIndex(f"no index in {engine.place.text}; build it with: griot index PATH ... --store {engine.place.text}")
        if state.about["format"] != FORMAT:
            raise StaleIndex(f"{engine.place.text} is of format {state.about['format']}, this version reads format {FORMAT}; {REBUILD}")
        self.engine, self.name = engine, state.name
        self.manifest = MilvusAbout(articles=state.articles, passages=state.passages, selfcheck=state.selfcheck, **state.about)
        self._names = Names.of(engine.place.collection)
        self._state, self._clock, self._opened = state, clock, clock()
        self._passages = Passages(engine, self._names, self._level, clock)
        self._articles: dict[str, Kept | None] = {}
        self._lock = threading.Lock()
        dimension = self.manifest.dimension
        self.vectors = MilvusVectors(self._passages, dimension, lambda: self._whitening)
        self.lexical = MilvusWords(self._passages, self._names, list(state.writers), state.passages, state.true_average, self._level)
        self.facts = MilvusFacts(
            engine, self._names, self._level, copies=state.copies, listed=lambda: [(item.id, item.passages) for item in self.listing()]
        )

    def verify(self) -> list[str]:
        """Check that every article is whole, that each of its passages is what its text holds there, and all counts. Returns what is
        wrong."""
        wrong: list[str] = []
        articles = passages = vectors = 0
        # What its passages should come to, and what they do, by article: both are gone through once, in any order.
        balance: Counter[int] = Counter()
        for kept in assembled(self.engine.each(self._names.articles, "part >= 0", PARTS)):
            articles += 1
            passages += len(kept.spans)
            number = number_of(kept.article.id)
            for ordinal, (start, end) in enumerate(kept.spans):
                balance[number] += _mark(ordinal, start, end, kept.article.text[start:end], kept.version)
        fields = ["article", "ordinal", "begin", "finish", "text", "version"]
        for row in self.engine.each(self._names.passages, "key >= 0", fields):
            vectors += 1
            balance[row["article"]] -= _mark(*(row[name] for name in fields[1:]))
        for number, rest in balance.items():
            if rest:
                wrong.append(f"article {id_of(number)}: its passages are not those of its text; {REBUILD}")
        for what, told, there in (
            ("articles", self.manifest.articles, articles), ("passages", self.manifest.passages, passages), ("vectors", passages, vectors),
        ):  # fmt: skip
            if told != there:
                wrong.append(f"{self.engine.place.text}: {told} {what} are told of but there are {there}; {REBUILD}")
        if running := [writer for writer, about in self._state.writers.items() if about.state != "whole"]:
            wrong.append(f"{self.engine.place.text}: {len(running)} build(s) under way or stopped half-way; finish with: griot index")
        return wrong

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        kept = self._load([article_id])[article_id]
        return kept.article if kept else None

    def at(self, path: str) -> Article | None:
        """The article with this path or place, or None."""
        condition = f"part == 0 and (path == {quoted(path)} or location == {quoted(os.path.abspath(path))})"
        rows = self.engine.query(self._names.articles, condition, ["article"], level=self._level())
        return self.article(id_of(rows[0]["article"])) if rows else None

    def location(self, name: str) -> str | None:
        """Where the article with this id, path or place is read from, or None."""
        number = [f"article == {number_of(name)}"] if _is_id(name) else []
        condition = " or ".join([f"path == {quoted(name)}", f"location == {quoted(name)}", *number])
        rows = self.engine.query(self._names.articles, f"part == 0 and ({condition})", ["location"], level=self._level())
        return str(rows[0]["location"]) if rows else None

    def rows_of(self, article_id: str) -> tuple[int, int]:
        """The first and the last row of an article's passages; of none, (0, -1)."""
        kept = self._load([article_id])[article_id]
        if kept is None:
            return (0, -1)
        return first_row(article_id), first_row(article_id) + len(kept.spans) - 1

    def sentences(self, article_id: str, start: int, end: int) -> tuple[Span, ...]:
        """The sentences of an article that begin from `start` on and before `end`, and the one before them."""
        kept = self._load([article_id])[article_id]
        known = kept.sentences if kept else ()
        return tuple(known[max(0, bisect_left(known, (start,)) - 1) : bisect_left(known, (end,))])

    def entry(self, number: int) -> Entry:
        """An article as it was built, by its number.

        Raises:
            ChangedIndex: it is not there.
        """
        kept = self._load([id_of(number)])[id_of(number)]
        if kept is None:
            raise self._changed(number << ORDINAL_BITS)
        return kept.entry

    def owners(self, rows: RowVector) -> RowVector:
        """The numbers of the articles that the passages of the given rows belong to."""
        return rows >> ORDINAL_BITS

    def articles(self) -> Iterator[Article]:
        """Every article, by id."""
        return (kept.article for kept in assembled(self.engine.each(self._names.articles, "part >= 0", PARTS)))

    def listing(self) -> Iterator[Listing]:
        """Every article without its text, by id."""
        fields = ["article", "original", "about", "location", "path", "digest", "passages"]
        for row in self.engine.each(self._names.articles, "part == 0", fields):
            item = article_of(row["article"], json.loads(row["about"]), "", row["path"], row["digest"])
            yield Listing(
                id=item.id, location=row["location"], path=item.path, title=item.title, url=item.url, source=item.source,
                published=item.published, language=item.language, passages=row["passages"], copy=row["original"] != row["article"],
            )  # fmt: skip

    def copies(self, article_id: str) -> list[Article]:
        """The articles that are near copies of this one, by location."""
        kept = self._load([article_id])[article_id] if self._state.copies else None
        if kept is None:
            return []
        condition = f"part == 0 and original == {number_of(kept.original)}"
        rows = self.engine.query(self._names.articles, condition, ["article", "location"], level=self._level())
        ids = [id_of(row["article"]) for row in sorted(rows, key=lambda row: str(row["location"]))]
        found = self._load(ids)
        return [copy.article for name in ids if name != article_id and (copy := found[name])]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the given rows, in their order, and their articles fetched with them.

        Raises:
            ChangedIndex: one is gone, or its article was replaced.
        """
        found = self._there(rows)
        articles = self._load([id_of(stored.article) for stored in found], {stored.article: stored.version for stored in found})
        for stored in found:
            kept = articles[id_of(stored.article)]
            if kept is None or kept.version != stored.version:
                raise self._changed(stored.row)
        return [Passage(article_id=id_of(stored.article), start=stored.begin, end=stored.finish, text=stored.text) for stored in found]

    def candidates(self, rows: Sequence[int] | RowVector) -> list[Candidate]:
        """The passages of the given rows, each with the first and last row of its surroundings, which are fetched with them.

        Raises:
            ChangedIndex: one is gone.
        """
        made = []
        for stored in self._there(rows):
            start = stored.article << ORDINAL_BITS
            made.append(Candidate(
                row=stored.row, text=stored.text, title=stored.title or None, first=max(start, stored.row - SURROUNDINGS),
                last=min(start + stored.count - 1, stored.row + SURROUNDINGS),
            ))  # fmt: skip
        self._passages.get(row for item in made for row in range(item.first, item.last + 1))
        return made

    @cached_property
    def _whitening(self):  # type: ignore[no-untyped-def]
        return read_whitening(self.engine, self._names, self._state.whitening, self.manifest.dimension)

    def _level(self) -> str:
        return BOUNDED if self._clock() - self._opened > SETTLED else STRONG

    def _there(self, rows: Sequence[int] | RowVector) -> list[Stored]:
        found = self._passages.get(rows)
        if missing := [int(row) for row in rows if int(row) not in found]:
            raise self._changed(missing[0])
        return [found[int(row)] for row in rows]

    def _changed(self, row: int) -> ChangedIndex:
        return ChangedIndex(f"passage {row} of {self.engine.place.text} has just been replaced or taken out; ask again")

    def _load(self, ids: Sequence[str], versions: Mapping[int, str] = MappingProxyType({})) -> dict[str, Kept | None]:
        """The articles of the given ids, None for one that is not there; of one that is there in two, the version named by its number."""
        with self._lock:
            found = {name: self._articles[name] for name in ids if name in self._articles}
        missing = [name for name in dict.fromkeys(ids) if name not in found]
        if missing:
            usable = [name for name in missing if _is_id(name)]
            rows = (
                self.engine.query(self._names.articles, among("article", map(number_of, usable)), PARTS, level=self._level())
                if usable
                else []
            )
            new: dict[str, Kept | None] = dict.fromkeys(missing)
            new |= {kept.article.id: kept for kept in kept_articles(rows, versions)}
            with self._lock:
                # The oldest go, so that the articles of a question that is being answered stay.
                for name in list(self._articles)[: max(0, len(self._articles) + len(new) - KEPT)]:
                    del self._articles[name]
                self._articles |= new
            found |= new
        return found


class Connection:
    """One place, kept connected: what was published last, looked at no more than once in `GLANCE` seconds."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self.engine = engine
        self._clock = clock
        self._looked: tuple[float, State] | None = None
        self._lock = threading.Lock()

    def state(self, *, now: bool = False) -> State:
        """What is published, at the latest `GLANCE` seconds ago, or `now`."""
        with self._lock:
            if now or self._looked is None or self._clock() - self._looked[0] > GLANCE:
                names = Names.of(self.engine.place.collection)
                if self._looked is None and not self.engine.exists(names.notes):
                    raise MissingIndex(
                        f"no index in {self.engine.place.text}; build it with: griot index PATH ... --store {self.engine.place.text}"
                    )
                if self._looked is None:
                    for name in (names.passages, names.articles, names.notes):
                        self.engine.load(name)
                self._looked = self._clock(), read_state(self.engine, names, level=STRONG if now or self._looked is None else BOUNDED)
            return self._looked[1]

    def open(self) -> MilvusGeneration:
        """The index as it is now."""
        return MilvusGeneration(self.engine, self.state(now=True), self._clock)


def _mark(*told: object) -> int:
    return int.from_bytes(hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).digest()[:16], "little")


def _is_id(name: str) -> bool:
    try:
        number_of(name)
    except StoreError:
        return False
    return True
