"""What a collection has in common, taken down in its questions.

In a collection about one country every passage points that country's way, and a question that names it is near to all of
them. Multiplying vectors by a power of their inverse covariance evens that out (whitening: Su et al., 2021, "Whitening
Sentence Representations for Better Semantics and Faster Retrieval"). Done to the question alone it gives the same inner
products as half of it done to both sides, and no stored vector has to change when articles are added.
"""

from typing import Final

import numpy as np

from index.vectors import FloatMatrix

POWER: Final = 0.4
"""Of the inverse covariance. nDCG@10 of the dense half on piaf-dev / afriqa-dev / news-dev / orange-dev / paraphrase-dev:
without 0.611 / 0.753 / 0.854 / 0.564 / 0.490; 0.3 0.615 / 0.774 / 0.856 / 0.561 / 0.522; 0.4 0.613 / 0.782 / 0.854 / 0.556 / 0.522."""
FLOOR: Final = 0.02
"""Added to each share of the variance, so that a direction which hardly varies is not blown up."""
SAMPLE: Final = 20_000
"""Vectors, evenly spaced, that the covariance is taken of."""
FEW: Final = 200
"""Vectors from which a covariance is half believed: a handful of passages says little about what is common."""


def whitening(matrix: FloatMatrix) -> FloatMatrix:
    """What to multiply a question's vector with, shape (dimension, dimension), for passages of vectors `matrix`."""
    dimension = matrix.shape[1]
    sample = matrix[:: max(1, -(-len(matrix) // SAMPLE))]
    if len(sample) < 2:
        return np.eye(dimension, dtype=np.float32)
    centred = sample - sample.mean(axis=0)
    shares, axes = np.linalg.eigh(centred.T @ centred)
    if shares[-1] <= 0:
        return np.eye(dimension, dtype=np.float32)
    # Hardly any for the five articles of a first trial, nearly all from a thousand passages.
    power = POWER * len(matrix) ** 2 / (len(matrix) ** 2 + FEW**2)
    scales = (np.clip(shares / shares[-1], 0, None) + FLOOR) ** -power
    return np.asarray((axes * scales) @ axes.T, dtype=np.float32)
