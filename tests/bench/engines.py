"""Engines beside ours, over the same passages and questions: `python -m tests.bench.engines [--passages N] [--only PART] [--folder DIR]`.

Makes up a collection (`tests.bench.collection`), and has each engine write it and answer 300 questions, in processes of its own, on one
thread. PART is "lexical" (bm25s, tantivy and SQLite's FTS5, all given the terms of Griot's own analysis, against BM25
worked out in full), "dense" (FAISS: exact, graphs and cells) or "codes" (what `index.codes` was chosen from, and its constants). Prints one
JSON line an engine: seconds of the processor to build, bytes on disk a passage, milliseconds to open, of a question (p50, p95), own
memory, and how many of the ten best it finds. With `--folder` what is made up stays there, and is taken from there the next time.
tantivy is no dependency; where it is not installed it is left out.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.build import embedding_text, passage_terms
from index.column import Column, mapped
from index.embed import bundled_model
from index.vectors import Vectors, VectorSegment
from index.whiten import whitening_of
from qa.question import understand
from tests.bench import dense_engines, lexical_engines
from tests.bench.collection import EACH, articles
from tests.bench.lexical_engines import IDS, STARTS
from tests.bench.scale import ONE_THREAD, QUESTIONS, question_of

MATRIX, QUERIES, ASKED = "matrix.npy", "queries.npy", "questions.json"
AT_ONCE = 400
"""Articles encoded at once."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", choices=["lexical", "dense", "codes"])
    parser.add_argument("--run", nargs=3, metavar=("PART", "STEP", "ENGINE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        part, step, engine = options.run
        module: Any = lexical_engines if part == "lexical" else dense_engines
        print(json.dumps(getattr(module, step)(options.folder, engine)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if not (folder / ASKED).exists():
            prepare(folder, options.passages)
        print(json.dumps({"passages": len(mapped(folder / MATRIX)), "questions": QUESTIONS}), flush=True)
        if options.only in (None, "lexical"):
            compare(folder, "lexical", [name for name in lexical_engines.ENGINES if _installed(name)], lexical_engines.judged(folder))
        for part, trials in (("dense", dense_engines.ENGINES), ("codes", dense_engines.CODES)):
            if options.only in (None, part):
                compare(folder, part, list(trials), lambda found: found)
        if options.only in (None, "codes"):
            print(json.dumps(_process(folder, "codes", "constants", "")))


def prepare(folder: Path, passages: int) -> None:
    """Write the passages' terms, as numbers, and their vectors, the questions' terms and their vectors."""
    folder.mkdir(parents=True, exist_ok=True)
    model = bundled_model()
    vocabulary: dict[str, int] = {}
    counts: Counter[str] = Counter()
    chance = np.random.default_rng(2)
    drawn: list[str] = []
    starts = [0]
    waiting: list[str] = []
    total = passages // EACH
    with Column(folder / MATRIX, np.float32, model.dimension) as matrix, Column(folder / IDS, np.int32) as ids:
        for number, made in enumerate(articles(total)):
            entry = lexical_engines.entry_of(made)
            for own in passage_terms(entry.article, entry.spans):
                counts.update(set(own))
                ids.append(np.array([vocabulary.setdefault(term, len(vocabulary)) for term in own], np.int32))
                starts.append(starts[-1] + len(own))
            waiting += [embedding_text(entry.article, *span) for span in entry.spans]
            if chance.random() < 2 * QUESTIONS / total:
                start, end = entry.spans[len(entry.spans) // 2]
                drawn.append(question_of(made["title"], made["text"][start:end]))
            if number % AT_ONCE == AT_ONCE - 1 or number == total - 1:
                matrix.append(model.encode_documents(waiting))
                waiting.clear()
    np.save(folder / STARTS, np.array(starts))
    (folder / "vocabulary.json").write_text(json.dumps(list(vocabulary)), encoding="utf-8")
    vectors = Vectors([VectorSegment(mapped(folder / MATRIX))], np.eye(model.dimension, dtype=np.float32))
    turned = Vectors([VectorSegment(mapped(folder / MATRIX))], whitening_of(vectors))
    asked = [understand(text, lambda term: counts[term], vectors.size) for text in drawn[:QUESTIONS]]
    np.save(folder / QUERIES, np.stack([turned.question(model.encode_query(question.text)) for question in asked]))
    words = [[term for term in question.lexical if counts[term]] for question in asked]
    listed = [{"terms": own, "ids": [vocabulary[term] for term in own]} for own in words]
    (folder / ASKED).write_text(json.dumps(listed), encoding="utf-8")


def compare(folder: Path, part: str, engines: Sequence[str], judged: Any) -> None:
    """Have each engine write the passages and answer, and print its line."""
    for engine in engines:
        built = _process(folder, part, "build", engine)
        print(json.dumps({"engine": engine} | built | judged(_process(folder, part, "ask", engine))), flush=True)


def _process(folder: Path, part: str, step: str, engine: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.engines", "--folder", str(folder), "--run", part, step, engine]
    found: dict[str, Any] = json.loads(
        subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | ONE_THREAD).stdout
    )
    return found


def _installed(engine: str) -> bool:
    if engine == "tantivy" and not importlib.util.find_spec("tantivy"):
        print("tantivy is left out: it is not installed (pip install tantivy)", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    main()
