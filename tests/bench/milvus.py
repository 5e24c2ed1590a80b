"""Milvus beside the index on this disk, over the same passages: `python -m tests.bench.milvus [PASSAGES] [--server]`.

Milvus Lite gets vectors and words, as `griot index --store` writes them; with --server, vectors alone go to the real server (2.3.5, of the
environment that GRIOT_MILVUS_SERVER names). Prints one JSON line each: rows written a second, bytes on disk a passage, milliseconds a
search (p50, p95, and p50 as a multiple of that of FAISS's exact search in the same run), recall@10 against exact search. Everything is
asked on one processor, the server too.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from index.article import Article, Entry, article_id
from index.embed import bundled_model
from index.milvus.engine import BLOCK, BOUNDED, Engine
from index.milvus.halves import EF
from index.milvus.place import parse_place
from index.milvus.rows import passage_rows
from index.milvus.schema import Names, prepare
from index.milvus.serve import Connection, MilvusGeneration
from index.milvus.store import MilvusStore
from index.serving import Changes
from index.source import make_entry
from index.vectors import FloatMatrix, RowVector, Vectors, VectorSegment, write_vectors
from index.wording import embedding_text, passage_terms
from tests.bench.collection import EACH, articles
from tests.halves import lexical_of
from tests.index.milvus.server import VARIABLE, Real

QUESTIONS = 200
Search = Callable[[int], RowVector]


def main(passages: int, server: bool) -> None:
    """Write the same passages to each, and ask each the same questions."""
    entries = [_entry(number, record) for number, record in enumerate(articles(passages // EACH))]
    ordered = sorted(entries, key=lambda entry: entry.article.id)
    model = bundled_model()
    texts = [embedding_text(entry.article, *span) for entry in ordered for span in entry.spans]
    matrix = model.encode_documents(texts)
    rows = np.array([(int(entry.article.id, 16) << 15) + place for entry in ordered for place in range(len(entry.spans))])
    asked = [" ".join(str(entry.article.title).split()[:3]) for entry in ordered[:: max(1, len(ordered) // QUESTIONS)]][:QUESTIONS]
    queries = np.stack([model.encode_query(text) for text in asked])

    import faiss

    faiss.omp_set_num_threads(1)
    flat = faiss.IndexFlatIP(matrix.shape[1])
    flat.add(matrix)
    exact = [rows[flat.search(query[None], 10)[1][0]] for query in queries]
    with one_processor():
        base = _timed(lambda place: flat.search(queries[place][None], 10)[1][0])
    _say("FAISS, exact", passages=len(matrix), p50_ms=base[0], p95_ms=base[1], recall=1.0)
    with tempfile.TemporaryDirectory() as folder:
        write_vectors(Path(folder), [matrix], matrix.shape[1])
        here = Vectors([VectorSegment.load(Path(folder))], np.eye(matrix.shape[1], dtype=np.float32))
        with one_processor():
            _measure("on this disk, vectors", lambda place: rows[here.search(queries[place], 10)[1]], exact, base[0])
    if server:
        _server(entries, matrix, ordered, queries, exact, base[0])
    else:
        _lite(entries, ordered, asked, queries, exact, base[0])


def _lite(entries: list[Entry], ordered: list[Entry], asked: list[str], queries: FloatMatrix, exact: list[RowVector], base: float) -> None:
    model = bundled_model()
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(parse_place(f"milvus-lite:{folder}/index.db"), patience=300)
        store = MilvusStore(engine, model, "bench", model.encode_documents)
        began = time.perf_counter()
        store.publish(Changes(entries=lambda: iter(sorted(entries, key=lambda entry: entry.location)), count=len(entries)))
        seconds = time.perf_counter() - began
        generation = Connection(engine).open()
        size = generation.manifest.passages
        used = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        _say("Milvus Lite, written", passages=size, passages_a_second=size / seconds, bytes_a_passage=used / size)
        with one_processor():
            _measure("Milvus Lite, vectors", lambda place: generation.vectors.search(queries[place], 10)[1], exact, base)
        terms = [counted for entry in ordered for counted in passage_terms(entry.article, entry.spans)]
        here = lexical_of(terms)
        numbers = np.array([(int(entry.article.id, 16) << 15) + place for entry in ordered for place in range(len(entry.spans))])
        weights = [dict.fromkeys(passage_terms(_bare(text), [(0, len(text))])[0], 1.0) for text in asked]
        for words in weights:
            generation.lexical.frequencies(words)
        best = [numbers[here.search(words, 10)[1]] for words in weights]
        with one_processor():
            _measure("Milvus Lite, words", lambda place: generation.lexical.search(weights[place], 10)[1], best, base)
            _measure("on this disk, words", lambda place: numbers[here.search(weights[place], 10)[1]], best, base)
            _measure("Milvus Lite, both", lambda place: _both(generation, queries[place], weights[place]), exact, base, recalled=False)
        engine.close()


def _server(
    entries: list[Entry], matrix: FloatMatrix, ordered: list[Entry], queries: FloatMatrix, exact: list[RowVector], base: float
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        real = Real(Path(folder) / "milvus")
        real.start()
        try:
            engine = Engine(parse_place(real.place), patience=300)
            names = Names.of(engine.place.collection)
            prepare(engine, names, matrix.shape[1])
            began, written = time.perf_counter(), 0
            for entry in ordered:
                vectors = matrix[written : written + len(entry.spans)]
                # Words only weigh on the network here: the server has no search for them.
                made = passage_rows(entry, vectors, [["mot"]] * len(vectors), 1.0, entry.article.id, "bench", words=False)
                _collect(engine, names.passages, made)
                written += len(vectors)
            _collect(engine, names.passages, [], last=True)
            seconds = time.perf_counter() - began
            _say("Milvus 2.3.5, written", passages=written, passages_a_second=written / seconds)
            client = engine._connected()
            client.flush(names.passages, timeout=300)
            while client.describe_index(names.passages, "dense").get("indexed_rows") != written:
                time.sleep(1)
            # Only some seconds later do searches go through the index that is told of.
            time.sleep(15)

            def search(place: int) -> RowVector:
                hits = engine.search(names.passages, "dense", [queries[place]], 10, ["key"], level=BOUNDED, wide=EF)[0]
                return np.array([row["key"] for _, row in hits])

            with one_processor(os.getpid(), real.server):
                _measure("Milvus 2.3.5, vectors", search, exact, base)
            engine.close()
        finally:
            real.kill()


@contextmanager
def one_processor(*processes: int) -> Iterator[None]:
    """All threads of some processes, of this one where none is named, on one processor."""
    every = os.sched_getaffinity(0)
    _run_on({min(every)}, processes or (os.getpid(),))
    yield
    _run_on(every, processes or (os.getpid(),))


def _run_on(processors: set[int], processes: Iterable[int]) -> None:
    for thread in (thread for process in processes for thread in Path(f"/proc/{process}/task").iterdir()):
        with suppress(ProcessLookupError):
            os.sched_setaffinity(int(thread.name), processors)


_waiting: list[dict[str, Any]] = []


def _collect(engine: Engine, name: str, rows: list[dict[str, Any]], last: bool = False) -> None:
    _waiting.extend(rows)
    if len(_waiting) >= BLOCK or last:
        engine.upsert(name, list(_waiting))
        _waiting.clear()


def _both(generation: MilvusGeneration, query: Any, weights: dict[str, float]) -> RowVector:
    """What a question asks of the index: the candidates of both halves, and each half's score of all of them."""
    rows = np.union1d(generation.lexical.search(weights, 100)[1], generation.vectors.search(query, 100)[1])
    generation.vectors.scores(query, rows)
    generation.lexical.at(weights, rows)
    return rows


def _measure(name: str, search: Search, expected: list[RowVector], base: float, *, recalled: bool = True) -> None:
    search(0)
    p50, p95 = _timed(search)
    found = {"p50_ms": p50, "p95_ms": p95, "times_faiss": p50 / base}
    if recalled:
        pairs = [(set(search(place).tolist()), set(rows.tolist())) for place, rows in enumerate(expected)]
        found["recall"] = float(np.mean([len(got & wanted) / len(wanted) for got, wanted in pairs if wanted]))
    _say(name, **found)


def _timed(search: Search) -> tuple[float, float]:
    taken = []
    for place in range(QUESTIONS):
        began = time.perf_counter()
        search(place)
        taken.append(1_000 * (time.perf_counter() - began))
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def _entry(number: int, record: dict[str, str]) -> Entry:
    location = f"/bench/{number:08}"
    item = Article(
        id=article_id(location), text=record["text"], path=location, digest=str(number), title=record["title"], source=record["source"],
        published=record["date"], language="fr",
    )  # fmt: skip
    return make_entry(item, location)


def _bare(text: str) -> Article:
    return Article(id="0" * 12, text=text, path="", digest="", language="fr")


def _say(what: str, **figures: float) -> None:
    print(json.dumps({"what": what} | {name: round(value, 4) for name, value in figures.items()}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    if "--server" in sys.argv and VARIABLE not in os.environ:
        sys.exit(f"--server needs {VARIABLE}: the Python of an environment with the package milvus (see .ci/run)")
    main(next((int(word) for word in sys.argv[1:] if word.isdigit()), 10_000), "--server" in sys.argv)
