"""A build's changes written to Milvus, so that whatever happens the next build goes on from there.

The order of writing: the texts of a new version beside the old ones, its passages in the places of the old ones, then what is left of
the old version goes. Every write replaces the row of its key, so a write that is done twice, after a broken connection, does no harm.
The writer's note says "writing" all the while. Found so at the next build, its articles are looked through, those that are not whole are
taken out to come in again, and its counts are made anew.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Final

import numpy as np

from index.article import Article, Entry
from index.chunk import VERSION as CHUNKING
from index.embed import Embedder
from index.errors import StaleIndex
from index.manifest import REBUILD
from index.milvus.engine import BLOCK, Engine, Row
from index.milvus.likeness import likeness
from index.milvus.rows import PARTS, Kept, article_rows, assembled, kept_articles, known_of, passage_rows, version_of
from index.milvus.schema import FORMAT, Names, among, id_of, note, note_key, number_of, prepare, quoted
from index.milvus.spread import refresh_whitening
from index.milvus.tally import DRIFT, WHOLE, WRITING, State, Tally, Writer, read_state, write_writer
from index.plan import ANALYSIS
from index.report import Copy
from index.serving import Changes, Known, Seen, Stamp
from index.vectors import FloatMatrix, FloatVector
from index.wording import embedding_text, passage_terms

Embed = Callable[[Sequence[str]], FloatMatrix]
AT_ONCE: Final = 64
"""Articles read, embedded and written at once: some 500 passages of news."""
MANY: Final = 1_000
"""Passages written at once from which a server is told to index them now."""
MEASURED: Final = 5_000
"""Articles of which the average length is taken before the first weights are made; that of all of them where there are no more."""


class MilvusStore:
    """The rows of one writer in an index in Milvus, as `index.serving.Store`. `embed` makes vectors of passages' texts; `full` leaves
    nothing of what the writer had."""

    def __init__(self, engine: Engine, embedder: Embedder, writer: str, embed: Embed, *, full: bool = False) -> None:
        self._engine, self._embedder, self._writer, self._embed, self._full = engine, embedder, writer, embed, full
        self._names = Names.of(engine.place.collection)
        prepare(engine, self._names, embedder.dimension)
        self._agree()
        self.copies: tuple[Copy, ...] = ()
        """Of the articles published last, those that are copies of others."""
        self._mine = Tally(engine, self._names, writer)
        if not full and self._state().state == WRITING:
            self._recover()

    def held(self) -> "MilvusHeld":
        """What this writer has in Milvus; nothing where all is to be made again."""
        return MilvusHeld(self._engine, self._names, self._writer, empty=self._full)

    def publish(self, changes: Changes) -> int:
        """Write what changed. Readers see each article as it was or as it is; all of them, once this is done."""
        before = self._state()
        if self._full:
            changes = replace(changes, removed=list(MilvusHeld(self._engine, self._names, self._writer).articles()))
        self._say(replace(before, state=WRITING))
        self._mine = Tally(self._engine, self._names, self._writer)
        average = self._index.average or _average(changes.entries())
        start = Writer(version=before.version) if self._full else before
        if self._full:
            self._mine.forget()
        gone = {known.id: known for known in changes.removed}
        found = likeness(self._engine, self._names, changes.entries, frozenset(gone), known=self._index.articles > 0)
        embedded, entries, paths = 0, changes.entries(), dict[str, str]()
        while block := list(islice(entries, AT_ONCE)):
            paths |= {entry.article.id: entry.article.path for entry in block}
            embedded += self._write(block, gone, found.originals, average)
            for entry in block:
                gone.pop(entry.article.id, None)
        self.copies = self._told(found.originals, paths)
        self._take_out(list(gone.values()))
        self._move(found.moved)
        self.note(changes.sources)
        self._mine.write()
        # Rows that were there may have been weighed by another average, or nobody knows by which.
        used = average if start.average == average or not start.articles else 0.0
        about = replace(self._mine.after(start), version=before.version + 1, average=used, state=WRITING)
        self._say(about)
        about = self._weigh_again(about)
        refresh_whitening(self._engine, self._names, read_state(self._engine, self._names), self._embedder.dimension)
        # A server goes through few new rows one by one, and indexes them with others later, which it does better unbidden.
        if self._engine.place.path or embedded > MANY:
            self._engine.settle((self._names.passages, self._names.articles, self._names.notes))
        self._say(replace(about, state=WHOLE))
        return embedded

    def note(self, sources: Mapping[str, Seen | None]) -> None:
        """Write down sources as they were read, None for one that is gone; what is served stays as it is."""
        kept = [
            note("source", self._writer, location, value=json.dumps([seen.label, seen.digest, seen.stamp], ensure_ascii=False))
            for location, seen in sources.items() if seen
        ]  # fmt: skip
        self._engine.upsert(self._names.notes, kept)
        gone = [note_key("source", self._writer, location) for location, seen in sources.items() if not seen]
        for begin in range(0, len(gone), AT_ONCE):
            self._engine.delete(self._names.notes, among("key", gone[begin : begin + AT_ONCE]))

    @property
    def _index(self) -> State:
        return read_state(self._engine, self._names)

    def _state(self) -> Writer:
        return self._index.writers.get(self._writer, Writer())

    def _say(self, about: Writer) -> None:
        write_writer(self._engine, self._names, self._writer, about)

    def _agree(self) -> None:
        """Make sure that all writers use one model and one way of cutting texts.

        Raises:
            StaleIndex: the index was made otherwise.
        """
        wanted = {
            "format": FORMAT, "model": self._embedder.name, "fingerprint": self._embedder.fingerprint,
            "dimension": self._embedder.dimension,
            "chunking": CHUNKING, "analysis": ANALYSIS,
        }  # fmt: skip
        state = self._index
        others = [writer for writer in state.writers if writer != self._writer]
        differs = state.about and [name for name, value in wanted.items() if name != "model" and state.about.get(name) != value]
        if differs and self._full and not others:
            for name in (self._names.passages, self._names.articles, self._names.notes):
                self._engine.drop(name)
            prepare(self._engine, self._names, self._embedder.dimension)
        elif differs:
            remedy = f"use another collection, or the same model: --model {state.about['model']}" if others and state.about else REBUILD
            raise StaleIndex(f"{self._engine.place.text} was made with another {' and '.join(differs)}; {remedy}")
        if not state.about or differs:
            self._engine.upsert(self._names.notes, [note("index", "", "", value=json.dumps(wanted))])

    def _write(self, block: Sequence[Entry], gone: Mapping[str, Known], originals: Mapping[str, str], average: float) -> int:
        names, words = self._names, self._engine.sparse
        texts = [embedding_text(entry.article, *span) for entry in block for span in entry.spans]
        vectors = np.split(self._embed(texts), np.cumsum([len(entry.spans) for entry in block])[:-1])
        terms = [passage_terms(entry.article, entry.spans) for entry in block]
        for kept in self._kept([entry.article.id for entry in block if entry.article.id in gone]):
            self._count_out(kept)
        articles: list[Row] = []
        passages: list[Row] = []
        for entry, own, counted in zip(block, vectors, terms, strict=True):
            original = originals[entry.article.id]
            self._mine.add(entry.article, counted, copy=original != entry.article.id)
            articles += article_rows(entry, original, self._writer, words=words)
            passages += passage_rows(entry, own, counted, average, original, self._writer, words=words)
        self._engine.upsert(names.articles, articles)
        self._engine.upsert(names.passages, passages)
        for entry in block:
            if entry.article.id in gone or self._full:
                number, version = number_of(entry.article.id), quoted(version_of(entry))
                self._engine.delete(names.passages, f"article == {number} and version != {version}")
                self._engine.delete(names.articles, f"article == {number} and version != {version}")
        return len(texts)

    def _take_out(self, gone: Sequence[Known]) -> None:
        for begin in range(0, len(gone), AT_ONCE):
            ids = [known.id for known in gone[begin : begin + AT_ONCE]]
            for kept in self._kept(ids):
                self._count_out(kept)
            condition = among("article", map(number_of, ids))
            self._engine.delete(self._names.passages, condition)
            self._engine.delete(self._names.articles, condition)

    def _count_out(self, kept: Kept) -> None:
        if not self._full:
            self._mine.take_out(kept.article, kept.spans, copy=kept.original != kept.article.id)

    def _kept(self, ids: Sequence[str]) -> Iterator[Kept]:
        if ids:
            yield from kept_articles(self._engine.query(self._names.articles, among("article", map(number_of, ids)), PARTS))

    def _told(self, originals: Mapping[str, str], paths: Mapping[str, str]) -> tuple[Copy, ...]:
        pairs = [(name, original) for name, original in originals.items() if name != original]
        condition = among("article", sorted({number_of(original) for _, original in pairs if original not in paths}))
        rows = self._engine.query(self._names.articles, f"part == 0 and {condition}", ["article", "path"]) if pairs else []
        named = {id_of(row["article"]): str(row["path"]) for row in rows} | dict(paths)
        return tuple(Copy(path=paths[name], original=named.get(original, original)) for name, original in pairs)

    def _move(self, moved: Mapping[str, str]) -> None:
        """Write down another original of articles that are there, their own or other writers'."""
        for article_id, original in moved.items():
            number = number_of(article_id)
            for name in (self._names.articles, self._names.passages):
                rows = [dict(row) for row in self._engine.query(name, f"article == {number}", ["*"])]
                own = [row for row in rows if row["writer"] == self._writer]
                copy = original != article_id
                if name == self._names.articles and own:
                    self._mine.copies(int(copy) - int(own[0]["original"] != number))
                for row in rows:
                    row["original"] = number_of(original)
                    if "copy" in row:
                        row["copy"] = copy
                self._engine.upsert(name, rows)

    def _weigh_again(self, about: Writer) -> Writer:
        """Move the average that weights are made with, where the true one went away from it, and weigh this writer's passages by it."""
        state = self._index
        average = state.average or about.average or state.true_average
        if not average or not state.passages:
            return about
        if not state.average or abs(state.true_average / average - 1) > DRIFT:
            average = average if abs(state.true_average / average - 1) <= DRIFT else state.true_average
            self._engine.upsert(self._names.notes, [note("pointer", "", "average", value=repr(average))])
        if about.average and abs(about.average / average - 1) <= _SAME:
            return about
        for block in _blocks(self._all_kept()):
            numbers = among("article", [number_of(kept.article.id) for kept in block])
            vectors: dict[int, dict[int, FloatVector]] = defaultdict(dict)
            for row in self._engine.query(self._names.passages, numbers, ["article", "ordinal", "dense"]):
                vectors[row["article"]][row["ordinal"]] = row["dense"]
            made: list[Row] = []
            for kept in block:
                own = vectors[number_of(kept.article.id)]
                matrix = np.array([own[place] for place in range(len(kept.spans))], np.float32)
                terms = passage_terms(kept.article, kept.spans)
                rows = passage_rows(kept.entry, matrix, terms, average, kept.original, self._writer, words=self._engine.sparse)
                made += [{**row, "version": kept.version} for row in rows]
            self._engine.upsert(self._names.passages, made)
        return replace(about, average=average)

    def _all_kept(self) -> Iterator[Kept]:
        """Every article of this writer, a few in memory at a time."""
        yield from assembled(self._engine.each(self._names.articles, f"writer == {quoted(self._writer)}", PARTS))

    def _recover(self) -> None:
        """After a build that was stopped: take out what is not whole, and count again."""
        own = f"writer == {quoted(self._writer)}"
        passages: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in self._engine.each(self._names.passages, own, ["article", "version"]):
            passages[row["article"]][row["version"]] += 1
        parts: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in self._engine.each(self._names.articles, own, ["article", "version", "parts", "passages"]):
            parts[row["article"]][row["version"]] += [row["parts"], row["passages"]]
        broken = [number for number in passages.keys() | parts.keys() if not _whole(passages.get(number, {}), parts.get(number, {}))]
        for begin in range(0, len(broken), AT_ONCE):
            condition = among("article", broken[begin : begin + AT_ONCE])
            self._engine.delete(self._names.passages, condition)
            self._engine.delete(self._names.articles, condition)
        if broken:
            # What they were read from is to be read again, and where that was may be lost with them.
            self._engine.delete(self._names.notes, f'kind == "source" and {own}')
        self._mine.forget()
        before = self._state()
        for kept in self._all_kept():
            self._mine.add(kept.article, passage_terms(kept.article, kept.spans), copy=kept.original != kept.article.id)
        self._mine.write()
        about = self._mine.after(Writer(state=WRITING, version=before.version + 1))
        self._say(about)
        self._say(replace(self._weigh_again(about), state=WHOLE))


_SAME: Final = 1e-9


class MilvusHeld:
    """What a writer has in Milvus, as `index.serving.Held`."""

    def __init__(self, engine: Engine, names: Names, writer: str, *, empty: bool = False) -> None:
        self._engine, self._names, self._own, self._empty = engine, names, f"writer == {quoted(writer)}", empty

    def sources(self) -> Mapping[str, Seen]:
        """Every source as it was read last, by its location."""
        if self._empty:
            return {}
        rows = self._engine.each(self._names.notes, f'kind == "source" and {self._own}', ["name", "value"])
        found = {}
        for row in rows:
            label, digest, stamp = json.loads(row["value"])
            found[row["name"]] = Seen(label=label, digest=digest, stamp=Stamp(*stamp) if stamp else None)
        return found

    def articles(self) -> Iterator[Known]:
        """Every article."""
        if not self._empty:
            fields = ["article", "location", "read_from", "path", "digest"]
            yield from map(known_of, self._engine.each(self._names.articles, f"part == 0 and {self._own}", fields))

    def of(self, source: str) -> Sequence[Known]:
        """The articles read from a source."""
        return self._by_source.get(source, [])

    def article(self, location: str) -> Article | None:
        """An article in full."""
        known = next((known for listed in self._by_source.values() for known in listed if known.location == location), None)
        if known is None:
            return None
        rows = self._engine.query(self._names.articles, f"article == {number_of(known.id)}", PARTS)
        return next((kept.article for kept in kept_articles(rows)), None)

    @cached_property
    def _by_source(self) -> Mapping[str, list[Known]]:
        found: dict[str, list[Known]] = defaultdict(list)
        for known in self.articles():
            found[known.source].append(known)
        return found


def _blocks(every: Iterable[Kept]) -> Iterator[list[Kept]]:
    """Articles some at a time, so that each has some `BLOCK` passages: no more than one request can fetch or write."""
    block: list[Kept] = []
    for kept in every:
        if block and sum(len(one.spans) for one in (*block, kept)) > BLOCK:
            yield block
            block = []
        block.append(kept)
    if block:
        yield block


def _average(entries: Iterator[Entry]) -> float:
    """The mean number of terms of a passage in the first articles that come in."""
    sizes = [len(terms) for entry in islice(entries, MEASURED) for terms in passage_terms(entry.article, entry.spans)]
    return sum(sizes) / len(sizes) if sizes else 0.0


def _whole(passages: Mapping[str, int], parts: Mapping[str, Sequence[int]]) -> bool:
    """Whether one version of an article is there, with all its passages and the parts of its text."""
    if len(passages) != 1 or passages.keys() != parts.keys():
        return False
    ((version, count),) = passages.items()
    told = parts[version]
    return len(told) == 2 * told[0] and count == told[1]
