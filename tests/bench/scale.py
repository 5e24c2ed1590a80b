"""Both halves of an index of any size: `python -m tests.bench.scale --passages N [--folder DIR] [--no-baseline]`.

Makes up a collection (`tests.bench.collection`), writes both halves as one segment, and asks 300 questions in a process of its own, on one
thread: the dense and the lexical half, fused, and the second look at the best with their texts from SQLite. Prints the rates of
writing (by the time of the processor, so that a busy machine tells nearly the same), the size on disk, the time to open, the time of a
question, the memory, and the recall of the dense half against going through all vectors; beside it a plain FAISS flat index and bm25s over
the same, asked in the same run. With `--folder` what is written stays there, and is taken from there the next time.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from index.build import embedding_text, passage_terms
from index.embed import bundled_model
from index.generation import SURROUNDINGS, Candidate
from index.lexical import Lexical, LexicalSegment, write_lexical
from index.source import make_entry
from index.vectors import FloatMatrix, RowVector, Vectors, VectorSegment, write_vectors
from index.whiten import whitening_of
from qa.question import understand
from qa.retrieve import rank
from tests.bench.collection import EACH, articles

QUESTIONS = 300
BLOCK = 4_096
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--no-baseline", action="store_true", help="neither FAISS flat nor bm25s, which keep everything in memory")
    parser.add_argument("--ask", choices=["halves", "baseline"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        print(json.dumps((_ask_halves if options.ask == "halves" else _ask_baseline)(options.folder)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "questions.json").exists():
            print(json.dumps(_write(folder, options.passages)), flush=True)
        for which in ["halves"] + ["baseline"] * (not options.no_baseline):
            command = [sys.executable, "-m", "tests.bench.scale", "--ask", which, "--folder", str(folder)]
            print(
                which,
                subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | ONE_THREAD).stdout.strip(),
                flush=True,
            )


def _write(folder: Path, passages: int) -> dict[str, Any]:
    """Write the texts, and from them both halves."""
    took: dict[str, float] = {}
    began = time.process_time()
    size = _write_texts(folder, passages)
    took["texts"] = time.process_time() - began
    model = bundled_model()
    embedding, analysing = Clock(), Clock()
    blocks = embedding.through(model.encode_documents([text for text, _ in block]) for block in _blocks(folder, "embedded, ''"))
    began = time.process_time()
    write_vectors(folder / "vectors", blocks, model.dimension)
    took["embedding"] = embedding.seconds
    took["vectors"] = time.process_time() - began - embedding.seconds
    terms = analysing.through(json.loads(text) for block in _blocks(folder, "terms, ''") for text, _ in block)
    began = time.process_time()
    write_lexical(folder / "lexical", terms)
    took["lexical"] = time.process_time() - began - analysing.seconds
    connection = sqlite3.connect(folder / "texts.sqlite")
    asked = np.random.default_rng(2).choice(size, min(QUESTIONS, size), replace=False)
    questions = [
        question_of(*connection.execute("SELECT title, text FROM passages WHERE row = ?", (int(row),)).fetchone()) for row in asked
    ]
    (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
    files = {name: sum(path.stat().st_size for path in (folder / name).iterdir()) for name in ("vectors", "lexical")}
    return {
        "passages": size, "a second of the processor": {name: round(size / seconds) for name, seconds in took.items() if seconds},
        "bytes a passage": {name: round(total / size) for name, total in files.items()},
    }  # fmt: skip


class Clock:
    """Tells the time that an iterator takes from that of who asks it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def through(self, things: Iterator[Any]) -> Iterator[Any]:
        while True:
            began = time.process_time()
            thing = next(things, None)
            self.seconds += time.process_time() - began
            if thing is None:
                return
            yield thing


def _write_texts(folder: Path, passages: int) -> int:
    from index.article import Article

    connection = sqlite3.connect(folder / "texts.sqlite")
    connection.execute("CREATE TABLE passages (row INTEGER PRIMARY KEY, text, title, first, last, embedded, terms)")
    row = 0
    for made in articles(passages // EACH):
        article = Article(id=made["id"], text=made["text"], path=made["id"], digest="", title=made["title"], language="fr")
        entry = make_entry(article, article.id)
        terms = passage_terms(article, entry.spans)
        last = row + len(terms) - 1
        connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", [
            (row + place, article.text[start:end], article.title, row, last, embedding_text(article, start, end), json.dumps(own))
            for place, ((start, end), own) in enumerate(zip(entry.spans, terms, strict=True))
        ])  # fmt: skip
        row += len(terms)
    connection.commit()
    return row


def _blocks(folder: Path, columns: str) -> Iterator[list[tuple[str, str]]]:
    rows = sqlite3.connect(folder / "texts.sqlite").execute(f"SELECT {columns} FROM passages ORDER BY row")
    while block := list(islice(rows, BLOCK)):
        yield block


def question_of(title: str, text: str) -> str:
    """Some words of a passage and of its article's title."""
    words = text.split()
    return f"Que dit-on de {' '.join(words[3:9])} ({title.split(maxsplit=1)[0]}) ?"


@dataclass
class Standing:
    """What `rank` reads of a generation."""

    vectors: Vectors
    lexical: Lexical
    texts: sqlite3.Connection

    def candidates(self, rows: Sequence[int] | RowVector) -> list[Candidate]:
        found = {}
        query = f"SELECT row, text, title, first, last FROM passages WHERE row IN ({','.join('?' * len(rows))})"
        for row, text, title, first, last in self.texts.execute(query, [int(row) for row in rows]):
            around = max(first, row - SURROUNDINGS), min(last, row + SURROUNDINGS)
            found[row] = Candidate(row=row, text=text, title=title, first=around[0], last=around[1])
        return [found[int(row)] for row in rows]


def _ask_halves(folder: Path) -> dict[str, Any]:
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    model = bundled_model()
    rank_first = model.encode_query("Une question.")
    before = memory()
    began = time.perf_counter()
    segment, lexical = VectorSegment.load(folder / "vectors"), Lexical([LexicalSegment.load(folder / "lexical")])
    opened = time.perf_counter() - began
    turned = whitening_of(Vectors([segment], np.eye(len(rank_first), dtype=np.float32)))
    standing: Any = Standing(Vectors([segment], turned), lexical, sqlite3.connect(folder / "texts.sqlite"))
    vectors = standing.vectors
    size = vectors.size
    asked = [understand(text, lexical.frequency, size) for text in questions]
    queries = [vectors.question(model.encode_query(question.text)) for question in asked]
    figures = {
        "dense": timed([lambda query=query: vectors.search(query, 100) for query in queries]),
        "lexical": timed([lambda question=question: lexical.search(question.lexical, 100) for question in asked]),
        "question": timed([lambda text=text: rank(standing, model, understand(text, lexical.frequency, size), 10) for text in questions]),
    }
    held = {name: value - before.get(name, 0) for name, value in memory().items()}
    found = [vectors.search(query, 10)[1] for query in queries]
    return {
        "open ms": round(1_000 * opened, 1), "p50 / p95 ms": figures, "memory MB": held,
        "recall@10": round(recall(found, exact(vectors, np.stack(queries))), 4),
    }  # fmt: skip


def exact(vectors: Vectors, queries: FloatMatrix) -> list[RowVector]:
    """The ten nearest rows of each question, by going through all vectors."""
    scores, rows = np.zeros((len(queries), 0), np.float32), np.zeros((len(queries), 0), np.int64)
    for begin in range(0, vectors.size, 20_000):
        own = np.arange(begin, min(begin + 20_000, vectors.size))
        scores = np.hstack([scores, queries @ vectors.rows(own).T])
        rows = np.hstack([rows, np.tile(own, (len(queries), 1))])
        best = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
    return list(rows)


def _ask_baseline(folder: Path) -> dict[str, Any]:
    import bm25s
    import faiss

    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    model = bundled_model()
    queries = np.stack([model.encode_query(text) for text in questions])
    before = memory()
    began = time.process_time()
    flat = faiss.IndexFlatIP(model.dimension)
    segment = VectorSegment.load(folder / "vectors")
    for begin in range(0, segment.size, 20_000):
        flat.add(segment.rows(np.arange(begin, min(begin + 20_000, segment.size))))
    dense = time.process_time() - began
    vocabulary: dict[str, int] = {}
    ids = [
        [vocabulary.setdefault(term, len(vocabulary)) for term in json.loads(text)]
        for block in _blocks(folder, "terms, ''") for text, _ in block
    ]  # fmt: skip
    began = time.process_time()
    engine = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
    engine.index((ids, vocabulary), create_empty_token=False, show_progress=False)
    lexical = time.process_time() - began
    size = len(ids)
    most = min(100, size)
    del ids
    faiss.omp_set_num_threads(1)
    asked = [
        [[vocabulary[term] for term in understand(text, lambda term: int(term in vocabulary), size).lexical if term in vocabulary]]
        for text in questions
    ]  # fmt: skip
    return {
        "a second of the processor": {"vectors": round(size / dense), "lexical": round(size / lexical)},
        "p50 / p95 ms": {
            "dense": timed([lambda query=query: flat.search(query[None], 100) for query in queries]),
            "lexical": timed([lambda one=one: engine.retrieve(one, k=most, show_progress=False, n_threads=0) for one in asked if one[0]]),
        },
        "memory MB": {name: value - before.get(name, 0) for name, value in memory().items()},
    }  # fmt: skip


def timed(calls: Sequence[Callable[[], object]]) -> dict[str, list[float]]:
    """Percentiles 50 and 95 of what each takes, in milliseconds, of the clock and of the processor; the first tenth warms up."""
    taken = []
    for call in calls:
        began = time.perf_counter(), time.process_time()
        call()
        taken.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    clock, processor = 1_000 * np.percentile(taken[len(taken) // 10 :], [50, 95], axis=0).T
    return {"clock": clock.round(2).tolist(), "processor": processor.round(2).tolist()}


def recall(found: Sequence[RowVector], expected: Sequence[RowVector]) -> float:
    return float(
        np.mean([len(set(some.tolist()) & set(all_of.tolist())) / len(all_of) for some, all_of in zip(found, expected, strict=True)])
    )


def memory() -> dict[str, int]:
    """Resident memory in MB: of its own, and of files that are mapped, which the system takes back when it needs to."""
    lines = dict(line.split(":") for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    return {name: int(lines[key].split()[0]) // 1024 for name, key in (("own", "RssAnon"), ("mapped files", "RssFile"))}


if __name__ == "__main__":
    main()
