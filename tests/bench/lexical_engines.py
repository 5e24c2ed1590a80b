"""Lexical engines given the same passages, as the terms of Griot's own analysis (`tests.bench.engines`)."""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from index.article import Article, Entry
from index.column import mapped
from index.lexical import K1, B, Lexical, LexicalSegment, write_lexical
from index.source import make_entry
from tests.bench.scale import resident, timed

IDS: Final = "ids.npy"
"""The terms of all passages as numbers, one passage after the other."""
STARTS: Final = "starts.npy"
"""Where those of each passage begin, and their count."""
K: Final = 100
"""Passages asked for: what a half proposes."""
BEST: Final = 10
Search = Callable[[Sequence[str], Sequence[int]], Sequence[int]]
"""Rows of the best passages for terms, given as words and as numbers."""


class Lexicon(Protocol):
    """An engine: writes passages into a folder, and opens them."""

    def build(self, source: Path, folder: Path) -> None: ...
    def open(self, folder: Path) -> Search: ...


class Ours:
    """`index.lexical`."""

    def build(self, source: Path, folder: Path) -> None:
        words = json.loads((source / "vocabulary.json").read_text(encoding="utf-8"))
        write_lexical(folder, ([words[term] for term in own.tolist()] for own in passages(source)))

    def open(self, folder: Path) -> Search:
        index = Lexical([LexicalSegment.load(folder)])
        return lambda words, _: index.search(dict.fromkeys(words, 1.0), K)[1].tolist()


class Bm25s:
    """bm25s, memory-mapped."""

    def build(self, source: Path, folder: Path) -> None:
        import bm25s

        ids = [own.tolist() for own in passages(source)]
        engine = bm25s.BM25(k1=K1, b=B, method="lucene")
        size = 1 + max(max(own, default=0) for own in ids)
        engine.index((ids, {str(number): number for number in range(size)}), create_empty_token=False, show_progress=False)
        engine.save(folder, show_progress=False)

    def open(self, folder: Path) -> Search:
        import bm25s

        engine = bm25s.BM25.load(folder, mmap=True)
        return lambda _, ids: engine.retrieve([list(ids)], k=K, show_progress=False, n_threads=0)[0][0].tolist()


class Tantivy:
    """tantivy, terms parted by spaces."""

    def build(self, source: Path, folder: Path) -> None:
        import tantivy

        folder.mkdir()
        index = self._index(folder)
        writer = index.writer(heap_size=200_000_000, num_threads=1)
        for row, own in enumerate(passages(source)):
            writer.add_document(tantivy.Document(words=_tokens(own.tolist()), row=row))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> Search:
        from tantivy import Occur, Query

        index = self._index(folder)
        searcher = index.searcher()

        def search(_: Sequence[str], ids: Sequence[int]) -> Sequence[int]:
            terms = [(Occur.Should, Query.term_query(index.schema, "words", f"t{number}", "freq")) for number in ids]
            found = searcher.search(Query.boolean_query(terms), K, count=False)
            rows: list[int] = searcher.fast_field_values("row", [address for _, address in found.hits])
            return rows

        return search

    def _index(self, folder: Path) -> Any:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_text_field("words", stored=False, tokenizer_name="terms", index_option="freq")
        schema.add_integer_field("row", stored=False, fast=True)
        index = tantivy.Index(schema.build(), str(folder))
        index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        return index


class Fts5:
    """SQLite's FTS5, without the texts."""

    def build(self, source: Path, folder: Path) -> None:
        folder.mkdir()
        with sqlite3.connect(folder / "words.sqlite") as connection:
            connection.execute("CREATE VIRTUAL TABLE passages USING fts5(words, content='', tokenize='ascii')")
            rows = ((row, _tokens(own.tolist())) for row, own in enumerate(passages(source)))
            connection.executemany("INSERT INTO passages(rowid, words) VALUES (?, ?)", rows)
            connection.execute("INSERT INTO passages(passages) VALUES ('optimize')")
        connection.execute("VACUUM")
        connection.close()

    def open(self, folder: Path) -> Search:
        connection = sqlite3.connect(folder / "words.sqlite")
        query = f"SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT {K}"
        return lambda _, ids: [row for (row,) in connection.execute(query, (" OR ".join(f"t{number}" for number in ids),))]


ENGINES: Final[Mapping[str, Lexicon]] = {"Griot": Ours(), "bm25s": Bm25s(), "tantivy": Tantivy(), "FTS5": Fts5()}


def build(source: Path, engine: str) -> dict[str, Any]:
    """Write the passages; how long that took of the processor, and how large it is."""
    folder = source / f"lexical-{engine}"
    shutil.rmtree(folder, ignore_errors=True)
    began = time.process_time()
    ENGINES[engine].build(source, folder)
    seconds = time.process_time() - began
    size = len(mapped(source / STARTS)) - 1
    return {"build s": round(seconds, 1), "bytes a passage": round(sum(path.stat().st_size for path in folder.rglob("*")) / size)}


def ask(source: Path, engine: str) -> dict[str, Any]:
    """Ask the questions."""
    questions = json.loads((source / "questions.json").read_text(encoding="utf-8"))
    before = resident()
    began = time.perf_counter()
    search = ENGINES[engine].open(source / f"lexical-{engine}")
    opened = time.perf_counter() - began
    taken = timed([partial(search, question["terms"], question["ids"]) for question in questions])
    memory = resident()["own"] - before["own"]
    found = [list(search(question["terms"], question["ids"]))[:BEST] for question in questions]
    return {"open ms": round(1_000 * opened, 1), "p50 / p95 ms": taken, "own memory MB": memory, "found": found}


def judged(source: Path) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Tells of what was found how much is among the best by BM25 worked out in full: as good as the tenth of them, since many tie."""
    wanted = [question["ids"] for question in json.loads((source / "questions.json").read_text(encoding="utf-8"))]
    ids, starts = mapped(source / IDS), mapped(source / STARTS)
    lengths = np.diff(starts).astype(np.float64)
    places = np.flatnonzero(np.isin(ids, np.unique(np.concatenate([np.array(own) for own in wanted]))))
    rows = np.searchsorted(starts, places, side="right") - 1
    pairs, counts = np.unique(np.stack([ids[places], rows]), axis=1, return_counts=True)
    room = K1 * (1 - B + B * lengths / lengths.mean())

    def scores(own: Sequence[int]) -> Any:
        total = np.zeros(len(lengths))
        for term in own:
            begin, end = np.searchsorted(pairs[0], [term, term + 1])
            held, often = pairs[1, begin:end], counts[begin:end]
            total[held] += np.log(1 + (len(lengths) - len(held) + 0.5) / (len(held) + 0.5)) * often / (often + room[held])
        return total

    exact = [scores(own) for own in wanted]

    def judge(answers: Mapping[str, Any]) -> dict[str, Any]:
        shares = []
        for total, found in zip(exact, answers["found"], strict=True):
            least = max(np.partition(total, -BEST)[-BEST], 1e-9)
            shares.append(float((total[found] >= least * (1 - 1e-5)).sum()) / min(BEST, int((total > 0).sum())))
        return {name: value for name, value in answers.items() if name != "found"} | {"overlap@10": round(float(np.mean(shares)), 4)}

    return judge


def passages(source: Path) -> Iterator[Any]:
    """The terms of each passage, as numbers."""
    ids, starts = mapped(source / IDS), mapped(source / STARTS).tolist()
    return (ids[begin:end] for begin, end in pairwise(starts))


def entry_of(made: Mapping[str, str]) -> Entry:
    """An article of `tests.bench.collection` as a build reads it."""
    article = Article(id=made["id"], text=made["text"], path=made["id"], digest="", title=made["title"], language="fr")
    return make_entry(article, article.id)


def _tokens(own: Sequence[int]) -> str:
    return " ".join(f"t{number}" for number in own)
