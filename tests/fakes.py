"""Stand-ins for what is slow or outside: injected, never patched in."""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from index.analyse import terms
from index.vectors import FloatMatrix, FloatVector, normalise


class HashEmbedder:
    """Each stem adds one at a place given by its hash: the cosine is then that of shared words, with no model."""

    def __init__(self, name: str = "hash", dimension: int = 256) -> None:
        self.name = name
        self.dimension = dimension
        self.encoded: list[str] = []

    @property
    def fingerprint(self) -> str:
        return f"{self.name}-{self.dimension}"

    def encode_documents(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> FloatMatrix:
        self.encoded.extend(texts)
        matrix = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for term in terms(text, "fr"):
                matrix[row, int(hashlib.sha256(term.encode()).hexdigest(), 16) % self.dimension] += 1
            if progress:
                progress(1)
        return normalise(matrix)

    def encode_query(self, text: str) -> FloatVector:
        matrix = self.encode_documents([text])
        self.encoded.pop()
        vector: FloatVector = matrix[0]
        return vector


class Steps:
    """A watcher that keeps the stages that it was told of, and counts the steps done."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int]] = []
        self.done = 0
        self.found = 0

    def start(self, stage: str, total: int) -> None:
        self.stages.append((stage, total))

    def advance(self, steps: int, found: int = 0) -> None:
        self.done += steps
        self.found += found
