"""The dense half: normalised vectors in a FAISS inner-product index, row i for passage i."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.errors import DamagedIndex, ModelError

FloatMatrix = npt.NDArray[np.float32]
"""Shape (rows, dimension), one normalised vector a row."""
FloatVector = npt.NDArray[np.float32]
"""Shape (dimension,) or (rows,)."""
RowVector = npt.NDArray[np.int64]
"""Row numbers of passages."""
BoolVector = npt.NDArray[np.bool_]
"""Shape (rows,)."""


_WHITENING: Final = "whitening.npy"
TIES: int = 16
"""Copies of one passage, at the most, between which the order by row is kept."""


def normalise(matrix: FloatMatrix) -> FloatMatrix:
    """Rows scaled to length one, as float32; a row of zeros stays as it is."""
    matrix = np.ascontiguousarray(matrix, dtype=np.float32)
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    scaled: FloatMatrix = np.divide(matrix, length, out=np.zeros_like(matrix), where=length > 0)
    return scaled


class VectorIndex:
    """Exact search by inner product (`faiss.IndexFlatIP`), the cosine since the vectors are normalised."""

    def __init__(self, index: Any, whitening: FloatMatrix) -> None:
        self._index = index
        self._whitening = whitening

    @classmethod
    def build(cls, matrix: FloatMatrix) -> "VectorIndex":
        """Index the rows of `matrix`, shape (rows, dimension), which the embedder has normalised."""
        import faiss

        from index.whiten import whitening

        index = faiss.IndexFlatIP(matrix.shape[1])
        index.add(np.ascontiguousarray(matrix, dtype=np.float32))
        return cls(index, whitening(matrix))

    @classmethod
    def load(cls, path: Path) -> "VectorIndex":
        """Open what `save` wrote.

        Raises:
            DamagedIndex: the file is missing or FAISS cannot read it.
        """
        import faiss

        try:
            return cls(faiss.read_index(str(path)), np.load(path.with_name(_WHITENING), allow_pickle=False))
        except (RuntimeError, OSError, EOFError, ValueError) as error:
            reason = str(error).splitlines()[0][:200]
            raise DamagedIndex(f"the vectors in {path} cannot be read ({reason})") from error

    def save(self, path: Path) -> None:
        """Write the vectors to `path`, and beside it what whitens questions."""
        import faiss

        faiss.write_index(self._index, str(path))
        np.save(path.with_name(_WHITENING), self._whitening, allow_pickle=False)

    @property
    def size(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def question(self, query: FloatVector) -> FloatVector:
        """A question's vector as this collection is to be asked with it: whitened (`index.whiten`) and normalised."""
        self._check(query)
        turned: FloatVector = normalise((query @ self._whitening)[None])[0]
        return turned

    def search(self, query: FloatVector, k: int, allowed: RowVector | None = None) -> tuple[FloatVector, RowVector]:
        """The `k` nearest rows and their inner products, best first, ties by row; fewer when there are fewer rows.

        `allowed` limits the search to the given rows. A query of zeros, of a text that the model sees nothing in, is near to none.
        """
        import faiss

        self._check(query)
        size = self.size if allowed is None else len(allowed)
        k = min(k, size)
        if k == 0 or not query.any():
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        # One thread: for a single question over fewer than a million rows more are slower.
        faiss.omp_set_num_threads(1)
        limits = None if allowed is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
        # A few more than asked, so that copies of one passage at the cut come in by row and not by chance.
        scores, rows = self._index.search(query.reshape(1, -1), min(size, k + TIES), params=limits)
        order = np.lexsort((rows[0], -scores[0]))[:k]
        return scores[0][order], rows[0][order]

    def scores(self, query: FloatVector, rows: RowVector) -> FloatVector:
        """Inner products of `query` with the given rows, in their order."""
        self._check(query)
        return self.rows(rows) @ query

    def rows(self, rows: RowVector) -> FloatMatrix:
        """The vectors of the given rows, shape (len(rows), dimension)."""
        if not len(rows):
            return np.zeros((0, self.dimension), np.float32)
        return np.asarray(self._index.reconstruct_batch(np.asarray(rows, dtype=np.int64)), dtype=np.float32)

    def _check(self, query: FloatVector) -> None:
        if query.shape != (self.dimension,):
            raise ModelError(
                f"the question's vector has shape {query.shape} but the index holds vectors of {self.dimension} numbers; "
                "rebuild with: griot index --full"
            )
