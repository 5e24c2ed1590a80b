"""Vectors that need not be made again: those of published segments, and those of a build that was cut off.

What a passage was embedded from, with the model's fingerprint, is its key. So a build after a change of the chunking, a `--full` one,
or a return to the model used before only pays for passages that are new, and nothing is kept that no generation uses.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from index.column import mapped
from index.embed import Embedder, Progress
from index.errors import DamagedIndex, ModelError, StoreError
from index.manifest import REBUILD, check_file
from index.segment import KEYED, KEYS, Segment
from index.vectors import BoolVector, FloatMatrix, RowVector, Vectors

KeyVector = npt.NDArray[np.bytes_]
"""Keys of 16 bytes each, shape (texts,)."""
BLOCK: Final = 256
"""Texts embedded between two writings: at most some seconds of work are lost."""
KEY: Final = np.dtype("S16")
_NUMBER: Final = np.dtype("<u4")


class Remembered:
    """Vectors by what they were made from: read from `segments`, then from the file at `path`, else made and kept in that file."""

    def __init__(self, path: Path, embedder: Embedder, segments: Iterable[Segment] = ()) -> None:
        self.embedder = embedder
        self.embedded = 0
        """Texts that the model had to encode."""
        self._path = path
        self._published = [known for segment in segments if (known := _Published.of(segment, embedder.dimension))]
        self._draft = _Draft(path, embedder.dimension)

    def keys(self, texts: Sequence[str]) -> KeyVector:
        """The key of each text, shape (len(texts),)."""
        head = hashlib.sha256(f"{self.embedder.fingerprint}\n".encode())
        found = []
        for text in texts:
            digest = head.copy()
            digest.update(text.encode("utf-8", "replace"))
            found.append(digest.digest()[: KEY.itemsize])
        return np.array(found, KEY)

    def embed(self, texts: Sequence[str], keys: KeyVector, progress: Progress) -> FloatMatrix:
        """The vectors of `texts`, shape (len(texts), dimension).

        Raises:
            ModelError: the model gives vectors of another width than it says.
        """
        found = np.zeros((len(texts), self.embedder.dimension), np.float32)
        missing = np.arange(len(texts))
        known: list[_Published | _Draft] = [*self._published, self._draft]
        for kept in known:
            missing = missing[~kept.read(keys, missing, found)]
        progress(len(texts) - len(missing))
        for begin in range(0, len(missing), BLOCK):
            block = missing[begin : begin + BLOCK]
            made = self.embedder.encode_documents([texts[place] for place in block], progress)
            if made.shape != (len(block), self.embedder.dimension):
                raise ModelError(
                    f"the model {self.embedder.name} gives vectors of the shape {made.shape}, not {(len(block), self.embedder.dimension)}; "
                    f"{REBUILD} --model {self.embedder.name}"
                )
            found[block] = made
            self.embedded += len(block)
            self._draft.add(keys[block], made)
        return found

    def close(self) -> None:
        """Let go of the file; what it holds is for the next build."""
        self._draft.close()

    def discard(self) -> None:
        """Forget the vectors made: they are in a published generation now."""
        self._draft.close()
        self._path.unlink(missing_ok=True)


class _Published:
    """The vectors of a segment, by their keys. Its files are checked before the first is taken over: a damaged one must not live on."""

    def __init__(self, segment: Segment, keys: KeyVector, rows: npt.NDArray[np.int32]) -> None:
        self._segment, self._keys, self._rows = segment, keys, rows
        self._vectors = Vectors([segment.vectors], np.eye(segment.vectors.dimension, dtype=np.float32))
        self._whole: bool | None = None

    @classmethod
    def of(cls, segment: Segment, dimension: int) -> "_Published | None":
        if segment.vectors.dimension != dimension or not segment.passages:
            return None
        try:
            keys, rows = mapped(segment.folder / KEYS), mapped(segment.folder / KEYED)
        except DamagedIndex:
            return None
        return cls(segment, keys, rows) if len(keys) == len(rows) == segment.passages else None

    def read(self, keys: KeyVector, wanted: RowVector, into: FloatMatrix) -> BoolVector:
        """Fill the rows `wanted` of `into` that are known, and say which."""
        places = np.minimum(self._keys.searchsorted(keys[wanted]), len(self._keys) - 1)
        hit: BoolVector = self._keys[places] == keys[wanted]
        if hit.any() and self._sound():
            into[wanted[hit]] = self._vectors.rows(np.asarray(self._rows[places[hit]], np.int64))
            return hit
        return np.zeros(len(wanted), np.bool_)

    def _sound(self) -> bool:
        if self._whole is None:
            used = {name: about for name, about in self._segment.manifest.checksums.items() if name in (KEYS, KEYED) or "vectors" in name}
            try:
                for name, (digest, size) in used.items():
                    check_file(self._segment.folder / name, digest, size)
                self._whole = True
            except DamagedIndex:
                self._whole = False
        return self._whole


class _Draft:
    """Blocks of keys and vectors, one after the other in a file, each after its length and checksum: one that was cut off, or not
    written in full before the power went, ends the file."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._path, self._dimension = path, dimension
        self._file: IO[bytes] | None = None
        self._keys, self._offsets, self._end = self._found()

    def read(self, keys: KeyVector, wanted: RowVector, into: FloatMatrix) -> BoolVector:
        if not len(self._keys):
            return np.zeros(len(wanted), np.bool_)
        places = np.minimum(self._keys.searchsorted(keys[wanted]), len(self._keys) - 1)
        hit: BoolVector = self._keys[places] == keys[wanted]
        if hit.any():
            with self._path.open("rb") as file:
                for row, offset in zip(wanted[hit], self._offsets[places[hit]], strict=True):
                    file.seek(int(offset))
                    into[row] = np.frombuffer(file.read(4 * self._dimension), "<f4")
        return hit

    def add(self, keys: KeyVector, vectors: FloatMatrix) -> None:
        if self._file is None:
            try:
                self._file = self._path.open("r+b" if self._path.exists() else "w+b")
            except OSError as error:
                raise StoreError(f"{self._path} cannot be written ({error.strerror}); free some space, or give another --home") from error
            self._file.truncate(self._end)
            self._file.seek(self._end)
        content = keys.tobytes() + np.ascontiguousarray(vectors, "<f4").tobytes()
        self._file.write(np.array([len(keys), zlib.crc32(content)], _NUMBER).tobytes() + content)
        self._file.flush()

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _found(self) -> tuple[KeyVector, RowVector, int]:
        """The keys in the file, ascending, where the vector of each lies, and where the last sound block ends."""
        keys: list[KeyVector] = []
        offsets: list[RowVector] = []
        end = 0
        width = 4 * self._dimension
        try:
            with self._path.open("rb") as file:
                while len(head := file.read(2 * _NUMBER.itemsize)) == 2 * _NUMBER.itemsize:
                    count, check = np.frombuffer(head, _NUMBER).tolist()
                    content = file.read(count * (KEY.itemsize + width)) if count <= BLOCK else b""
                    if len(content) != count * (KEY.itemsize + width) or zlib.crc32(content) != check or not count:
                        break
                    keys.append(np.frombuffer(content, KEY, count))
                    offsets.append(end + len(head) + count * KEY.itemsize + width * np.arange(count))
                    end = file.tell()
        except FileNotFoundError:
            pass
        joined = np.concatenate([np.zeros(0, KEY), *keys])
        order = np.argsort(joined, kind="stable")
        return joined[order], np.concatenate([np.zeros(0, np.int64), *offsets])[order], end
