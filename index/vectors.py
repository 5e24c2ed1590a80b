"""The dense half: normalised vectors in segments on disk, memory-mapped, row i for passage i."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from index.column import Column, mapped
from index.errors import DamagedIndex, ModelError, StoreError

if TYPE_CHECKING:
    from index.codes import Codes

FloatMatrix = npt.NDArray[np.float32]
"""Shape (rows, dimension), one normalised vector a row."""
FloatVector = npt.NDArray[np.float32]
"""Shape (dimension,) or (rows,)."""
RowVector = npt.NDArray[np.int64]
"""Row numbers of passages."""
BoolVector = npt.NDArray[np.bool_]
"""Shape (rows,)."""

_MATRIX: Final = "vectors.npy"
STEPS: Final = "steps.npy"
MANY: Final = 25_000
"""Vectors from which they are searched by their codes (`index.codes`): to go through so many of 512 numbers takes twice as long as
100,000 by their codes. They are then kept as whole numbers of 8 bits and the length of a step for each vector, which
changes inner products there by 0.0018 at the most and takes three quarters of the time that 16 bits do (`python -m tests.bench.engines
--passages 100000 --only codes`)."""
STEP_COUNT: Final = 127
"""Steps from zero to the greatest number of a vector."""
FETCHED: Final = 1_500
"""Vectors, at the least, that codes propose."""
FEW: Final = 4_000
"""Chosen vectors up to which all of them are looked at."""
_BLOCK: Final = 20_000
TIES: int = 16
"""Copies of one passage, at the most, between which the order by row is kept."""


def normalise(matrix: FloatMatrix) -> FloatMatrix:
    """Rows scaled to length one, as float32; a row of zeros stays as it is."""
    matrix = np.ascontiguousarray(matrix, dtype=np.float32)
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    scaled: FloatMatrix = np.divide(matrix, length, out=np.zeros_like(matrix), where=length > 0)
    return scaled


def top(scores: FloatVector, k: int) -> RowVector:
    """Positions of the `k` greatest scores, best first, ties by position."""
    k = min(k, len(scores))
    if k == 0:
        return np.zeros(0, np.int64)
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    # All that tie with the last place come in before the order by position decides between them.
    chosen = np.flatnonzero(scores >= least)
    return np.asarray(chosen[np.lexsort((chosen, -scores[chosen]))][:k], dtype=np.int64)


def write_vectors(folder: Path, blocks: Iterable[FloatMatrix], dimension: int) -> int:
    """Write vectors that come in blocks of shape (rows, dimension), normalised by the embedder, to the new folder `folder`.

    Returns how many there are. Memory stays bounded, whatever their number.

    Raises:
        StoreError: a block is of another width.
    """
    from index.codes import codable, write_codes

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _MATRIX
    with Column(path, np.float32, dimension) as column:
        for block in blocks:
            column.append(block)
    if column.rows >= MANY and codable(dimension):
        whole = mapped(path)
        write_codes(folder, whole)
        with Column(path.with_suffix(".draft"), np.int8, dimension) as shorter, Column(folder / STEPS, np.float32) as steps:
            for begin in range(0, len(whole), _BLOCK):
                numbers, own = shortened(whole[begin : begin + _BLOCK])
                shorter.append(numbers)
                steps.append(own)
        path.with_suffix(".draft").replace(path)
    return column.rows


def shortened(matrix: FloatMatrix) -> tuple[npt.NDArray[np.int8], FloatVector]:
    """Vectors, shape (rows, dimension), in steps of their own, and how long these are, shape (rows,)."""
    steps = (np.abs(matrix).max(axis=1, initial=0) / STEP_COUNT).astype(np.float32)
    steps[steps < np.finfo(np.float32).tiny] = 1
    return np.rint(matrix / steps[:, None]).astype(np.int8), steps


@dataclass(frozen=True)
class VectorSegment:
    """What `write_vectors` wrote, memory-mapped."""

    matrix: npt.NDArray[Any]
    """Shape (rows, dimension): float32, or where there are codes int8, in `steps`."""
    codes: "Codes | None" = None
    steps: FloatVector | None = None
    """Shape (rows,)."""

    @classmethod
    def load(cls, folder: Path) -> "VectorSegment":
        """Open the segment in `folder`.

        Raises:
            DamagedIndex: a file is missing or cannot be read.
        """
        from index.codes import CODES, TURN, Codes

        matrix = mapped(folder / _MATRIX)
        if matrix.ndim != 2 or matrix.dtype not in (np.float32, np.int8):
            raise DamagedIndex(f"{folder / _MATRIX} cannot be read (it holds {matrix.ndim}-dimensional {matrix.dtype})")
        if matrix.dtype == np.float32 and not (folder / CODES).exists():
            return cls(matrix)
        codes, steps = Codes.load(folder), mapped(folder / STEPS)
        rows, dimension = matrix.shape
        shapes = ((codes.size, codes.index.d), codes.turn.shape, steps.shape)
        kinds = [array.dtype.name for array in (matrix, codes.turn, steps)]
        if shapes != ((rows, dimension), (dimension, dimension), (rows,)) or kinds != ["int8", "float32", "float32"]:
            raise DamagedIndex(
                f"the vectors in {folder} cannot be read ({_MATRIX}, {CODES}, {TURN} and {STEPS} are not of the same vectors)"
            )
        return cls(matrix, codes, steps)

    @property
    def size(self) -> int:
        return len(self.matrix)

    @property
    def dimension(self) -> int:
        return int(self.matrix.shape[1])

    def nearest(self, query: FloatVector, k: int, chosen: BoolVector | None) -> tuple[FloatVector, RowVector]:
        """The `k` nearest rows and their inner products, of those `chosen`, in no order that can be relied on: exactly those where vectors
        or chosen ones are few (among vectors as they are kept), else nearly always."""
        count = self.size if chosen is None else int(np.count_nonzero(chosen))
        if not count:
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        if self.codes is None:
            return self._all(query, min(k, count), chosen)
        if chosen is not None and count <= max(FEW, k):
            rows: RowVector = np.flatnonzero(chosen)
        else:
            rows = np.sort(self.codes.nearest(query, min(count, max(FETCHED, 8 * k)), chosen))
        scores = self.scores(query, rows)
        best = top(scores, k)
        return scores[best], rows[best]

    def rows(self, rows: RowVector) -> FloatMatrix:
        """The vectors of the given rows, shape (len(rows), dimension)."""
        found: FloatMatrix = self.matrix[rows].astype(np.float32, copy=False)
        return found if self.steps is None else found * self.steps[rows, None]

    def scores(self, query: FloatVector, rows: RowVector) -> FloatVector:
        """Inner products of `query` with the given rows, in their order."""
        # Not by @: BLAS shares it among threads, which wait for each other longer than it takes.
        found: FloatVector = np.vecdot(self.matrix[rows].astype(np.float32, copy=False), query)
        return found if self.steps is None else found * self.steps[rows]

    def _all(self, query: FloatVector, k: int, chosen: BoolVector | None) -> tuple[FloatVector, RowVector]:
        """`nearest` by going through all vectors."""
        import faiss

        scores, rows = np.empty((1, k), np.float32), np.empty((1, k), np.int64)
        bits = None if chosen is None else np.packbits(chosen, bitorder="little")
        chooser: Any = None if bits is None else faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        # One thread: for a single question over fewer than a million rows more are slower.
        faiss.omp_set_num_threads(1)
        query = np.ascontiguousarray(query, np.float32)
        faiss.knn_inner_product(
            faiss.swig_ptr(query), faiss.swig_ptr(self.matrix), self.dimension, 1, self.size, k,
            faiss.swig_ptr(scores), faiss.swig_ptr(rows), chooser,
        )  # fmt: skip
        return scores[0], rows[0]


class Vectors:
    """Several segments as one index, searched by inner product: the cosine, since the vectors are normalised.

    Row i is passage i, those of the second segment after those of the first. `live` says which are still there, None all of them; the
    others are never found. `whitening` turns questions (`index.whiten`). Safe to share between threads.
    """

    def __init__(self, segments: Sequence[VectorSegment], whitening: FloatMatrix, live: BoolVector | None = None) -> None:
        self._segments = tuple(segments)
        self._turn = np.ascontiguousarray(whitening.T)
        self._offsets = np.cumsum([0, *(segment.size for segment in segments)])
        self.size = int(self._offsets[-1])
        """Rows, holes and all."""
        self._live = live if live is not None and not live.all() else None
        self.dimension = int(whitening.shape[0])
        if other := next((segment.dimension for segment in segments if segment.dimension != self.dimension), None):
            raise StoreError(f"vectors of {other} and of {self.dimension} numbers cannot be in one index; rebuild with: griot index --full")

    def question(self, query: FloatVector) -> FloatVector:
        """A question's vector as this collection is to be asked with it: whitened (`index.whiten`) and normalised."""
        self._check(query)
        turned: FloatVector = normalise(np.vecdot(self._turn, query)[None])[0]
        return turned

    def search(self, query: FloatVector, k: int, allowed: RowVector | None = None) -> tuple[FloatVector, RowVector]:
        """The `k` nearest rows and their inner products, best first, ties by row; fewer when there are fewer rows. Copies of a passage in a
        large segment and in a small one, which rounds nothing, are no ties.

        `allowed` limits the search to the given rows. A query of zeros, of a text that the model sees nothing in, is near to none.
        """
        self._check(query)
        if k < 1 or not query.any() or (allowed is not None and not len(allowed)):
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        limit = self._live
        if allowed is not None:
            limit = np.zeros(self.size, np.bool_)
            limit[allowed] = True
            limit = limit if self._live is None else limit & self._live
        found = []
        for offset, segment in zip(self._offsets, self._segments, strict=False):
            # A few more than asked, so that copies of one passage at the cut come in by row and not by chance.
            scores, rows = segment.nearest(query, k + TIES, None if limit is None else limit[offset : offset + segment.size])
            found.append((scores, rows + offset))
        scores = np.concatenate([np.zeros(0, np.float32), *(part[0] for part in found)])
        rows = np.concatenate([np.zeros(0, np.int64), *(part[1] for part in found)])
        order = np.lexsort((rows, -scores))[:k]
        return scores[order], rows[order]

    def scores(self, query: FloatVector, rows: RowVector) -> FloatVector:
        """Inner products of `query` with the given rows, in their order."""
        self._check(query)
        return self._each(rows, lambda segment, own: segment.scores(query, own), np.empty(len(rows), np.float32))

    def present(self) -> RowVector:
        """The live rows, ascending."""
        return np.arange(self.size) if self._live is None else np.flatnonzero(self._live)

    def rows(self, rows: RowVector) -> FloatMatrix:
        """The vectors of the given rows, shape (len(rows), dimension)."""
        return self._each(rows, VectorSegment.rows, np.empty((len(rows), self.dimension), np.float32))

    def _each(self, rows: RowVector, ask: Callable[[VectorSegment, RowVector], npt.NDArray[np.float32]], found: FloatMatrix) -> FloatMatrix:
        """`found` filled with what the segments say of their rows."""
        if len(self._segments) == 1:
            return ask(self._segments[0], rows)
        owners = np.searchsorted(self._offsets, rows, side="right") - 1
        for number in np.unique(owners):
            own = owners == number
            found[own] = ask(self._segments[number], rows[own] - self._offsets[number])
        return found

    def _check(self, query: FloatVector) -> None:
        if query.shape != (self.dimension,):
            raise ModelError(
                f"the question's vector has shape {query.shape} but the index holds vectors of {self.dimension} numbers; "
                "rebuild with: griot index --full"
            )
