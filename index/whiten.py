"""What a collection has in common, taken down in its questions.

In a collection about one country every passage points that country's way, and a question that names it is near to all of
them. Multiplying vectors by a power of their inverse covariance evens that out (whitening: Su et al., 2021, "Whitening
Sentence Representations for Better Semantics and Faster Retrieval"). Done to the question alone it gives the same inner
products as half of it done to both sides, and no stored vector has to change when articles are added.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from index.vectors import FloatMatrix, Vectors

T = TypeVar("T", bound=np.generic)
POWER: Final = 0.4
"""Of the inverse covariance. nDCG@10 of the dense half on piaf-dev / afriqa-dev / news-dev / orange-dev / paraphrase-dev:
without 0.611 / 0.753 / 0.854 / 0.564 / 0.490; 0.3 0.615 / 0.774 / 0.856 / 0.561 / 0.522; 0.4 0.613 / 0.782 / 0.854 / 0.556 / 0.522."""
FLOOR: Final = 0.02
"""Added to each share of the variance, so that a direction which hardly varies is not blown up."""
SAMPLE: Final = 20_000
"""Vectors, evenly spaced, that the covariance is taken of."""
FEW: Final = 200
"""Vectors from which a covariance is half believed: a handful of passages says little about what is common."""


def whitening_of(vectors: Vectors) -> FloatMatrix:
    """What questions to the passages of `vectors` are to be multiplied with, told from the live ones."""
    rows = vectors.present()
    return whitening(vectors.rows(_spread(rows)), len(rows))


def whitening(matrix: FloatMatrix, size: int | None = None) -> FloatMatrix:
    """What to multiply a question's vector with, shape (dimension, dimension), for passages of vectors `matrix`, or for `size` passages
    of which these are some."""
    dimension, size = matrix.shape[1], len(matrix) if size is None else size
    sample = _spread(matrix)
    if len(sample) < 2:
        return np.eye(dimension, dtype=np.float32)
    centred = sample - sample.mean(axis=0)
    with one_thread():
        shares, axes = np.linalg.eigh(centred.T @ centred)
    if shares[-1] <= 0:
        return np.eye(dimension, dtype=np.float32)
    # Hardly any for the five articles of a first trial, nearly all from a thousand passages.
    power = POWER * size**2 / (size**2 + FEW**2)
    scales = (np.clip(shares / shares[-1], 0, None) + FLOOR) ** -power
    return np.asarray((axes * scales) @ axes.T, dtype=np.float32)


@contextmanager
def one_thread() -> Iterator[None]:
    """NumPy's BLAS on one thread meanwhile. To find axes is thousands of small products, between which its threads wait for each other:
    thirty times as long as the products take where other work keeps the cores busy. Nor does the outcome depend on how many there are."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        yield


def _spread(rows: npt.NDArray[T]) -> npt.NDArray[T]:
    """At most `SAMPLE` of the rows, evenly spaced."""
    return rows[:: max(1, -(-len(rows) // SAMPLE))]
