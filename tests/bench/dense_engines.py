"""Dense engines over the same vectors (`tests.bench.engines`): FAISS in its forms, and ours."""

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.codes import ROUNDS, sample_of, turns
from index.column import mapped
from index.vectors import FETCHED, MANY, FloatMatrix, FloatVector, RowVector, VectorSegment, shortened, write_vectors
from tests.bench.scale import recall, resident, timed

K: Final = 100
"""Passages asked for: what a half proposes."""
ENOUGH: Final = 0.98
"""recall@10 to be reached; the cheapest search that does is measured, else the dearest that is tried."""
BLOCK: Final = 20_000
WIDE: Final = (100, 128, 256, 512, 1_024)
PROBED: Final = (4, 16, 64, 128, 256, 512)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """An index of FAISS by its factory's name, `{cells}` being four times the root of the number of vectors; the settings of its searches
    to be tried; how many it proposes to be looked at exactly, 0 where it has the last word; whether passages are whitened as much as
    questions are, and their axes dealt out; whether these are mixed again by a turn drawn by chance; in how many rounds its codes are
    learned, 0 for those of `index.codes`."""

    factory: str
    setting: str = ""
    values: Sequence[int] = (0,)
    proposed: int = 0
    whitened: bool = False
    mixed: bool = False
    rounds: int = 0


ENGINES: Final[Mapping[str, Trial | None]] = {
    "Griot": None,
    "flat": Trial(factory="Flat"),
    "IVF, SQ8": Trial(factory="IVF{cells},SQ8", setting="nprobe", values=PROBED),
    "IVF, PQ of 8 bits for every 8 numbers": Trial(factory="IVF{cells},PQ64", setting="nprobe", values=PROBED),
    "IVF, PQ of 8 bits for every 8 numbers, 2,000 looked at exactly": Trial(
        factory="IVF{cells},PQ64", setting="nprobe", values=PROBED, proposed=2_000
    ),
    "HNSW, M 32, SQ8": Trial(factory="HNSW32,SQ8", setting="efSearch", values=WIDE),
    "HNSW, M 32": Trial(factory="HNSW32,Flat", setting="efSearch", values=WIDE),
}
CODES: Final[Mapping[str, Trial | None]] = {
    f"{name}{f', {value} probed' if value else ''}, {trial.proposed or 'none'} looked at exactly": Trial(
        factory=trial.factory,
        setting=trial.setting,
        values=(value,),
        proposed=trial.proposed,
        whitened=trial.whitened,
        mixed=trial.mixed,
        rounds=trial.rounds,
    )
    for name, trial in (
        ("IVF1024,SQ8", Trial(factory="IVF1024,SQ8", setting="nprobe", values=(16, 128), proposed=200)),
        ("IVF1024,SQ8 whitened alike", Trial(factory="IVF1024,SQ8", setting="nprobe", values=(16, 128), proposed=200, whitened=True)),
        ("IVF1024,PQ128x4fs", Trial(factory="IVF1024,PQ{fours}x4fs", setting="nprobe", values=(512,), proposed=1_000, whitened=True)),
        ("PQ64x4fs", Trial(factory="IVF1,PQ{eights}x4fs", proposed=2_000, whitened=True)),
        ("PQ64x4fs", Trial(factory="IVF1,PQ{eights}x4fs", proposed=4_000, whitened=True)),
        ("PQ128x4fs", Trial(factory="IVF1,PQ{fours}x4fs", proposed=1_000, whitened=True)),
        ("PQ128x4fs", Trial(factory="IVF1,PQ{fours}x4fs", proposed=1_500, whitened=True)),
        ("PQ128x4fs", Trial(factory="IVF1,PQ{fours}x4fs", proposed=2_000, whitened=True)),
        ("PQ128x4fs, axes mixed", Trial(factory="IVF1,PQ{fours}x4fs", proposed=1_000, whitened=True, mixed=True)),
        ("PQ128x4fs, axes mixed", Trial(factory="IVF1,PQ{fours}x4fs", proposed=2_000, whitened=True, mixed=True)),
        ("PQ128x4fs, 25 rounds", Trial(factory="IVF1,PQ{fours}x4fs", proposed=2_000, whitened=True, rounds=25)),
        ("PQ128x4fs as they are", Trial(factory="IVF1,PQ{fours}x4fs", proposed=2_000)),
        ("RaBitQfs", Trial(factory="IVF1,RaBitQfs", proposed=1_000, whitened=True)),
        ("RaBitQfs, axes mixed", Trial(factory="IVF1,RaBitQfs", proposed=1_000, whitened=True, mixed=True)),
        ("SQ4", Trial(factory="SQ4", proposed=200, whitened=True)),
    )
    for value in trial.values
}


def build(source: Path, engine: str) -> dict[str, Any]:
    """Write the vectors; how long that took of the processor, and how large it is, what is looked at exactly included."""
    matrix: FloatMatrix = mapped(source / "matrix.npy")
    folder, note = source / "dense", source / "dense.json"
    trial = _trial(engine)
    beside = matrix.shape[1] + 4 if trial and trial.proposed else 0
    key = repr(trial and (trial.factory, trial.whitened, trial.mixed, trial.rounds))
    if note.exists() and (last := json.loads(note.read_text()))["key"] == key:
        # The same index, asked otherwise.
        return {"build s": last["build s"], "bytes a passage": last["size"] + beside}
    shutil.rmtree(folder, ignore_errors=True)
    note.unlink(missing_ok=True)
    began = time.process_time()
    if trial is None:
        write_vectors(folder, (matrix[begin : begin + BLOCK] for begin in range(0, len(matrix), BLOCK)), matrix.shape[1])
    else:
        folder.mkdir()
        _write(folder, matrix, trial)
    seconds = time.process_time() - began
    size = round(sum(path.stat().st_size for path in folder.iterdir()) / len(matrix))
    note.write_text(json.dumps({"key": key, "build s": round(seconds, 1), "size": size}))
    return {"build s": round(seconds, 1), "bytes a passage": size + beside}


def ask(source: Path, engine: str) -> dict[str, Any]:
    """Ask the questions, the cheapest way that finds enough."""
    import faiss

    faiss.omp_set_num_threads(1)
    matrix: FloatMatrix = mapped(source / "matrix.npy")
    queries: FloatMatrix = np.load(source / "queries.npy")
    best = _exact(matrix, queries)
    trial = _trial(engine)
    before = resident()
    began = time.perf_counter()
    if trial is None:
        segment = VectorSegment.load(source / "dense")
        opened, setting = time.perf_counter() - began, ""
        search: Callable[[FloatVector], RowVector] = lambda query: segment.nearest(query, K, None)[1]  # noqa: E731
        reached = _reached(search, queries, best)
    else:
        index = faiss.read_index(str(source / "dense" / "index.faiss"))
        opened = time.perf_counter() - began
        segment = VectorSegment(matrix)
        for value in trial.values:
            if trial.setting:
                faiss.ParameterSpace().set_index_parameter(index, trial.setting, value)
            search = _search(index, segment, trial, source)
            setting, reached = f"{trial.setting} {value}" if trial.setting else "", _reached(search, queries, best)
            if reached["recall@10"] >= ENOUGH:
                break
    taken = timed([partial(search, query) for query in queries])
    memory = resident()["own"] - before["own"]
    found = {"open ms": round(1_000 * opened, 1), "p50 / p95 ms": taken, "own memory MB": memory} | reached
    return found | ({"setting": setting} if setting else {})


def constants(source: Path, _: str) -> dict[str, Any]:
    """What the constants of `index.vectors` rest on: the time to go through `MANY` vectors, and what keeping them in fewer bits changes."""
    matrix: FloatMatrix = np.array(mapped(source / "matrix.npy")[:MANY])
    queries: FloatMatrix = np.load(source / "queries.npy")
    plain = VectorSegment(matrix)
    numbers, steps = shortened(matrix)
    one = np.ones(len(matrix), np.float32)
    chance = np.random.default_rng(3)
    drawn = [chance.choice(len(matrix), min(FETCHED, len(matrix)), replace=False) for _ in queries]

    def scored(kept: Any, scales: FloatVector) -> Callable[[int], FloatVector]:
        return lambda place: np.vecdot(kept[drawn[place]].astype(np.float32), queries[place]) * scales[drawn[place]]

    def rates(kept: Any, scales: FloatVector) -> dict[str, Any]:
        ask = scored(kept, scales)
        exact = scored(matrix, one)
        off = max(float(np.abs(ask(place) - exact(place)).max()) for place in range(len(queries)))
        taken = timed([partial(ask, place) for place in range(len(queries))])
        return {"ms": taken["processor"][0], "off by at most": float(f"{off:.1e}")}

    through = timed([partial(plain.nearest, query, K, None) for query in queries])
    kept = {
        "8 bits, steps of their own": rates(numbers, steps),
        "16 bits": rates(np.rint(matrix * 32_767).astype(np.int16), one / 32_767),
        "float16": rates(matrix.astype(np.float16), one), "float32": rates(matrix, one),
    }  # fmt: skip
    return {f"all of {len(matrix)}, ms": through["processor"][0]} | {f"{FETCHED} of {name}": figures for name, figures in kept.items()}


def _trial(engine: str) -> Trial | None:
    return ENGINES[engine] if engine in ENGINES else CODES[engine]


def _write(folder: Path, matrix: FloatMatrix, trial: Trial) -> None:
    import faiss

    size, dimension = matrix.shape
    cells = int(4 * size**0.5)
    factory = trial.factory.format(cells=cells, fours=dimension // 4, eights=dimension // 8)
    index: Any = faiss.index_factory(dimension, factory, faiss.METRIC_INNER_PRODUCT)
    turn = np.eye(dimension, dtype=np.float32)
    if trial.whitened:
        turn, back = turns(sample_of(matrix), size)
        if trial.mixed:
            mix = np.linalg.qr(np.random.default_rng(5).normal(size=(dimension, dimension)))[0].astype(np.float32)
            turn, back = turn @ mix, back @ mix
        np.save(folder / "back.npy", np.ascontiguousarray(back.T))
    if trial.setting == "efSearch":
        index.hnsw.efConstruction = 200
    if "PQ" in trial.factory:
        index.pq.cp.niter = trial.rounds or ROUNDS
    if not index.is_trained:
        # Of cells, forty vectors each.
        step = max(1, size // (40 * cells))
        index.train((np.ascontiguousarray(matrix[::step]) if "{cells}" in trial.factory else sample_of(matrix)) @ turn)
    for begin in range(0, size, BLOCK):
        index.add(np.ascontiguousarray(matrix[begin : begin + BLOCK]) @ turn)
    faiss.write_index(index, str(folder / "index.faiss"))


def _search(index: Any, exact: VectorSegment, trial: Trial, source: Path) -> Callable[[FloatVector], RowVector]:
    back = mapped(source / "dense" / "back.npy") if trial.whitened else None

    def search(query: FloatVector) -> RowVector:
        turned = query if back is None else np.vecdot(back, query)
        rows: RowVector = index.search(turned[None], trial.proposed or K)[1][0]
        if not trial.proposed:
            return rows
        rows = rows[rows >= 0]
        return rows[np.argsort(-exact.scores(query, rows), kind="stable")[:K]]

    return search


def _reached(search: Callable[[FloatVector], RowVector], queries: FloatMatrix, best: Sequence[RowVector]) -> dict[str, float]:
    found = [search(query) for query in queries]
    return {f"recall@{count}": round(recall([rows[:count] for rows in found], [rows[:count] for rows in best]), 4) for count in (10, K)}


def _exact(matrix: FloatMatrix, queries: FloatMatrix) -> list[RowVector]:
    """The nearest rows of each question, by going through all vectors."""
    scores, rows = np.zeros((len(queries), 0), np.float32), np.zeros((len(queries), 0), np.int64)
    for begin in range(0, len(matrix), BLOCK):
        block = matrix[begin : begin + BLOCK]
        scores = np.hstack([scores, queries @ block.T])
        rows = np.hstack([rows, np.tile(np.arange(begin, begin + len(block)), (len(queries), 1))])
        best = np.argsort(-scores, axis=1, kind="stable")[:, :K]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
    return list(rows)
