"""Vectors in four bits for every four numbers, gone through whole: what proposes the nearest of many, to be looked at closely.

Product quantisation with tables in registers (André et al., 2015, "Cache locality is not enough"; `IndexIVFPQFastScan` of FAISS), in the
space where questions are whitened as much as passages are, so that the same inner product is split evenly between both sides, and along the
axes of the passages, dealt out so that all codes have as much to tell (Ge et al., 2013, "Optimized Product Quantization"). Cells (inverted
files) are no use: whitened questions lie elsewhere than passages do, and what is nearest to them is spread over half of the cells. See
`tests/bench/README.md`.
"""

import heapq
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.column import mapped
from index.errors import DamagedIndex
from index.vectors import BoolVector, FloatMatrix, FloatVector, RowVector
from index.whiten import one_thread, whitening

CODES: Final = "codes.faiss"
TURN: Final = "turn.npy"
EACH: Final = 4
"""Numbers of a vector to a code. At 8, a recall@10 of 0.978 with 2,000 looked at and 0.993 with twice as many, where 4 have 1.000: of
105,584 made-up passages (`python -m tests.bench.engines --passages 100000 --only codes`)."""
LEARNED: Final = 20_000
"""Vectors, evenly spaced, that the codes are learned from."""
ROUNDS: Final = 10
"""Of k-means; 25 change the recall@10 by less than 0.001 (the same run)."""
BLOCK: Final = 20_000
"""Vectors coded at once."""
_LEAST: Final = 1e-9
"""What a number varies at the least, for its logarithm: of the greatest variance, where that is over 1."""


def write_codes(folder: Path, matrix: FloatMatrix) -> None:
    """Code the vectors of `matrix`, shape (rows, dimension), which may be memory-mapped, in `folder`."""
    import faiss

    dimension = matrix.shape[1]
    sample = sample_of(matrix)
    halfway, back = turns(sample, len(matrix))
    codes: Any = faiss.index_factory(dimension, f"IVF1,PQ{dimension // EACH}x4fs", faiss.METRIC_INNER_PRODUCT)
    codes.pq.cp.niter = ROUNDS
    # One thread: k-means is 1,280 rounds of under a millisecond, and where other work keeps the cores busy its threads wait for each other
    # twenty times as long as the rounds take.
    faiss.omp_set_num_threads(1)
    codes.train(sample @ halfway)
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    for begin in range(0, len(matrix), BLOCK):
        codes.add(np.asarray(matrix[begin : begin + BLOCK], np.float32) @ halfway)
    faiss.write_index(codes, str(folder / CODES))
    np.save(folder / TURN, np.ascontiguousarray(back.T))


def sample_of(matrix: FloatMatrix) -> FloatMatrix:
    """The vectors that codes are learned from."""
    return np.asarray(matrix[:: max(1, -(-len(matrix) // LEARNED))], np.float32)


def turns(sample: FloatMatrix, size: int) -> tuple[FloatMatrix, FloatMatrix]:
    """What `size` passages, of which `sample` are some, are multiplied with to be whitened as much as questions are, and what whitened
    questions are then: their inner products stay what they were."""
    with one_thread():
        shares, axes = np.linalg.eigh(whitening(sample, size).astype(np.float64))
        halfway, back = ((axes * scales).astype(np.float32) for scales in (np.sqrt(shares), 1 / np.sqrt(shares)))
        order = dealt((sample @ halfway).var(axis=0))
    return halfway[:, order], back[:, order]


def dealt(variances: FloatVector) -> RowVector:
    """The order of numbers in which every `EACH` that follow each other vary about as much together (the product of their variances):
    the one that varies most goes to those that have the least so far."""
    varying = np.log(np.maximum(variances, max(float(variances.max()), 1.0) * _LEAST))
    groups: list[list[int]] = [[] for _ in range(len(variances) // EACH)]
    sums = [(0.0, place) for place in range(len(groups))]
    for number in np.argsort(-variances, kind="stable").tolist():
        so_far, place = heapq.heappop(sums)
        groups[place].append(number)
        if len(groups[place]) < EACH:
            heapq.heappush(sums, (so_far + float(varying[number] - varying.min()), place))
    return np.array(groups, np.int64).reshape(-1)


def codable(dimension: int) -> bool:
    """Whether vectors of so many numbers can be coded."""
    return dimension % (2 * EACH) == 0


@dataclass(frozen=True)
class Codes:
    """What `write_codes` wrote, opened."""

    index: Any
    turn: FloatMatrix
    """What a question is multiplied with to be where the codes are."""

    @classmethod
    def load(cls, folder: Path) -> "Codes":
        """Open the codes in `folder`.

        Raises:
            DamagedIndex: a file is missing or cannot be read.
        """
        import faiss

        try:
            index = faiss.read_index(str(folder / CODES))
        except RuntimeError as error:
            raise DamagedIndex(f"{folder / CODES} cannot be read ({str(error).splitlines()[0][:200]})") from error
        return cls(index, mapped(folder / TURN))

    @property
    def size(self) -> int:
        return int(self.index.ntotal)

    def nearest(self, query: FloatVector, k: int, chosen: BoolVector | None) -> RowVector:
        """About the `k` nearest rows, of those `chosen`, in no order that can be relied on."""
        import faiss

        bits = None if chosen is None else np.packbits(chosen, bitorder="little")
        chooser: Any = None if bits is None else faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        limits = None if bits is None else faiss.SearchParametersIVF(sel=chooser, nprobe=1)  # type: ignore[call-arg]
        faiss.omp_set_num_threads(1)
        _, rows = self.index.search(np.vecdot(self.turn, query)[None], k, params=limits)
        found: RowVector = rows[0][rows[0] >= 0]
        return found
