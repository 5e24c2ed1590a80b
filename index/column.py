"""Arrays written to disk piece by piece, as NumPy's own files, and read memory-mapped."""

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import DamagedIndex, StoreError

Array = npt.NDArray[Any]


class Column:
    """A `.npy` file in the writing: pieces are appended, and the header says how many rows there are once it is closed.

    Rows are single values, or, with a `width`, that many values each.
    """

    def __init__(self, path: Path, kind: npt.DTypeLike, width: int | None = None) -> None:
        self._kind, self._width = np.dtype(kind), width
        self.rows = 0
        self._file = path.open("wb")
        self._header()

    def append(self, piece: Array) -> None:
        """Add rows.

        Raises:
            StoreError: they are of another width.
        """
        if piece.shape[1:] != self._shape[1:]:
            raise StoreError(f"{self._file.name} holds rows of the shape {self._shape[1:]}, not {piece.shape[1:]}")
        np.ascontiguousarray(piece, self._kind).tofile(self._file)
        self.rows += len(piece)

    @property
    def _shape(self) -> tuple[int, ...]:
        return (self.rows,) if self._width is None else (self.rows, self._width)

    def _header(self) -> None:
        # NumPy pads headers so that the number of rows can grow in place.
        described = {"descr": np.lib.format.dtype_to_descr(self._kind), "fortran_order": False, "shape": self._shape}
        self._file.seek(0)
        np.lib.format.write_array_header_1_0(self._file, described)

    def __enter__(self) -> "Column":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._file:
            self._header()


def mapped(path: Path) -> Array:
    """The array of a `.npy` file, memory-mapped.

    Raises:
        DamagedIndex: it is missing or cannot be read.
    """
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, EOFError, ValueError, SyntaxError) as error:
        # Of a header that is cut, NumPy says a whole page.
        raise DamagedIndex(f"{path} cannot be read ({str(error).splitlines()[0][:200]})") from error
    # As a plain array: each slice of a np.memmap makes another np.memmap, which takes longer than what is done with it.
    return np.asarray(array)
