"""The two halves of an index over things in memory."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.lexical import Lexical, LexicalSegment, write_lexical
from index.vectors import BoolVector, FloatMatrix, Vectors, VectorSegment
from index.whiten import whitening


def lexical_of(*parts: Sequence[Sequence[str]], live: BoolVector | None = None) -> Lexical:
    """An index of passages given as their terms, one segment each part."""
    with tempfile.TemporaryDirectory() as temporary:
        folders = [Path(temporary) / str(number) for number in range(len(parts))]
        for folder, part in zip(folders, parts, strict=True):
            write_lexical(folder, part)
        # The files stay mapped when they are gone.
        return Lexical([LexicalSegment.load(folder) for folder in folders], live)


def vectors_of(*parts: FloatMatrix, live: BoolVector | None = None) -> Vectors:
    """An index of vectors, one segment each part."""
    segments = [VectorSegment(np.ascontiguousarray(part, np.float32)) for part in parts]
    return Vectors(segments, whitening(np.concatenate(parts)), live)
