"""Questions to a whole index on disk: `python -m tests.bench.asking HOME [--anew]`; `tests.bench.grow --home DIR` leaves one in DIR/home.

Opens it in a process of its own, on one thread, and asks 300 questions made of words of its own passages: each half, both with their
fusion, the ranking with its second look, and the whole answer. Prints the time to open and percentiles 50 and 95 of each in milliseconds,
of the clock and of the processor, the first tenth warming up; the memory in MB; the bytes a passage on disk; and the recall of the dense
half against going through all vectors as they are kept, and with `--anew` against those that the model makes of all passages again.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import Embedder, bundled_model
from index.generation import Generation
from index.store import Home
from index.vectors import FloatMatrix, RowVector
from index.wording import embedding_text
from qa.assistant import Assistant
from qa.question import understand
from qa.retrieve import POOL, fusion, rank
from tests.bench.grow import folder_size
from tests.bench.scale import BLOCK, ONE_THREAD, QUESTIONS, exact, question_of, recall, resident, timed


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--anew", action="store_true", help="embed all passages again for the recall")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps(_ask(options.home, options.questions, anew=options.anew), indent=1))
        return
    command = [sys.executable, "-m", "tests.bench.asking", str(options.home), "--questions", str(options.questions), "--here"]
    command += ["--anew"] * options.anew
    subprocess.run(command, check=True, env=os.environ | ONE_THREAD)


def _ask(home: Path, count: int, *, anew: bool) -> dict[str, Any]:
    model = bundled_model()
    model.encode_query("Une question.")
    before = resident()
    began = time.perf_counter()
    assistant = Assistant(Home(home), model)
    generation = assistant.generation()
    opened = time.perf_counter() - began
    size = generation.manifest.passages
    vectors, lexical = generation.vectors, generation.lexical
    rows = np.random.default_rng(2).choice(vectors.size, min(count, vectors.size), replace=False)
    texts = [question_of(found.title or "", found.text) for found in generation.candidates(rows)]
    asked = [understand(text, lexical.frequency, size) for text in texts]
    queries = [vectors.question(model.encode_query(question.text)) for question in asked]
    figures = {
        "dense": timed([lambda query=query: vectors.search(query, POOL) for query in queries]),
        "lexical": timed([lambda question=question: lexical.search(question.lexical, POOL) for question in asked]),
        "both, fused": timed([lambda question=question: fusion(generation, model, question, POOL) for question in asked]),
        "ranked": timed([lambda text=text: rank(generation, model, understand(text, lexical.frequency, size), 10) for text in texts]),
        "answered": timed([lambda text=text: assistant.ask(text) for text in texts]),
    }
    held = {name: value - before.get(name, 0) for name, value in resident().items()}
    found = [vectors.search(query, 10)[1] for query in queries]
    again = {"recall@10 anew": round(recall(found, _embedded_again(generation, model, np.stack(queries))), 4)} if anew else {}
    return {
        "articles": generation.manifest.articles, "passages": size, "segments": len(generation.segments),
        "bytes a passage": round(folder_size(home) / size), "open ms": round(1_000 * opened, 1), "p50 / p95 ms": figures,
        "memory MB": held, "recall@10": round(recall(found, exact(vectors, np.stack(queries))), 4), **again,
    }  # fmt: skip


def _embedded_again(generation: Generation, model: Embedder, queries: FloatMatrix) -> list[RowVector]:
    """The rows of the ten passages nearest to each question by vectors that nothing was rounded of. All passages are taken as live."""
    scores, rows = np.zeros((len(queries), 0), np.float32), np.zeros((len(queries), 0), np.int64)
    for segment, offset in zip(generation.segments, generation.offsets, strict=False):
        texts = (
            embedding_text(entry.article, *span)
            for _, entry in segment.entries(np.ones(segment.articles, np.bool_)) for span in entry.spans
        )  # fmt: skip
        first = int(offset)
        while block := list(islice(texts, BLOCK)):
            scores = np.hstack([scores, queries @ model.encode_documents(block).T])
            rows = np.hstack([rows, np.tile(np.arange(first, first + len(block)), (len(queries), 1))])
            best = np.argsort(-scores, axis=1, kind="stable")[:, :10]
            scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
            first += len(block)
    return list(rows)


if __name__ == "__main__":
    main()
