"""Vectors of a build that has not been published yet, so that an interrupted one goes on where it stopped."""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np

from index.embed import Embedder, Progress
from index.vectors import FloatMatrix

_TABLE: Final = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)"
BLOCK: Final = 256
"""Texts embedded between two saves: at most some seconds of work are lost."""


class Draft:
    """Vectors kept by the text and the model that they were made of, in a SQLite file beside the generations."""

    def __init__(self, path: Path, embedder: Embedder) -> None:
        self._path = path
        self._embedder = embedder

    def embed(self, texts: Sequence[str], progress: Progress) -> FloatMatrix:
        """The vectors of `texts`, shape (len(texts), dimension): those kept from before, and the others made and kept."""
        with closing(self._open()) as connection:
            keys = [self._key(text) for text in texts]
            kept = {bytes(key): value for key, value in connection.execute("SELECT key, vector FROM vectors")}
            new = [number for number, key in enumerate(keys) if key not in kept]
            progress(len(texts) - len(new))
            for begin in range(0, len(new), BLOCK):
                block = new[begin : begin + BLOCK]
                made = self._embedder.encode_documents([texts[number] for number in block], progress)
                rows = [(keys[number], vector.tobytes()) for number, vector in zip(block, made, strict=True)]
                with connection:
                    connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                kept |= dict(rows)
        return np.array([np.frombuffer(kept[key], np.float32) for key in keys], np.float32)

    def discard(self) -> None:
        """Forget everything: the vectors are in a published generation now."""
        self._path.unlink(missing_ok=True)

    def _key(self, text: str) -> bytes:
        content = f"{self._embedder.fingerprint}\n{text}".encode("utf-8", "replace")
        return hashlib.sha256(content).digest()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path)
        try:
            connection.execute(_TABLE)
        except sqlite3.DatabaseError:
            # A damaged draft only costs the time to make its vectors again.
            connection.close()
            self.discard()
            connection = sqlite3.connect(self._path)
            connection.execute(_TABLE)
        return connection
