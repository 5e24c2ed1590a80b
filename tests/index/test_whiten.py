"""What a collection has in common, taken down in its questions."""

import numpy as np
import pytest

from index.errors import ModelError
from index.vectors import normalise
from index.whiten import FEW, FLOOR, POWER, SAMPLE, whitening, whitening_of
from tests.halves import vectors_of


def test_what_all_passages_share_counts_less() -> None:
    generator = np.random.default_rng(3)
    # Every passage leans to the first axis, more or less; the third tells them apart.
    matrix = generator.standard_normal((4_000, 8)).astype(np.float32)
    matrix[:, 0] *= 10
    turned = whitening(matrix)
    lengths = np.linalg.norm(turned, axis=0)
    assert lengths[0] < lengths[1:].min() / 2
    np.testing.assert_allclose(turned, turned.T, atol=1e-5)


def test_worked_out_by_hand() -> None:
    # Variances 4 and 1 on the axes: the scales are (1 + floor) and (0.25 + floor) to the power, believed as far as 300 vectors are.
    matrix = np.tile(np.array([[2, 1], [-2, 1], [2, -1], [-2, -1]], np.float32), (75, 1))
    expected = np.array([1 + FLOOR, 0.25 + FLOOR]) ** (-POWER * 300**2 / (300**2 + FEW**2))
    np.testing.assert_allclose(whitening(matrix), np.diag(expected), atol=1e-5)


@pytest.mark.parametrize("rows", [0, 1, 5], ids=["none", "one", "all_alike"])
def test_too_little_to_learn_from_changes_nothing(rows: int) -> None:
    assert whitening(np.ones((rows, 3), np.float32)).tolist() == np.eye(3).tolist()


def test_questions_are_whitened_and_normalised() -> None:
    generator = np.random.default_rng(1)
    matrix = normalise(generator.standard_normal((500, 6)).astype(np.float32) + np.array([3, 0, 0, 0, 0, 0], np.float32))
    index = vectors_of(matrix)
    query = normalise(np.ones((1, 6), np.float32))[0]
    found = index.question(query)
    expected = query @ whitening(matrix)
    np.testing.assert_allclose(found, expected / np.linalg.norm(expected), atol=1e-6)
    assert index.question(np.zeros(6, np.float32)).tolist() == [0] * 6
    with pytest.raises(ModelError, match="6 numbers"):
        index.question(np.ones(5, np.float32))


def test_some_of_many_passages_are_believed_as_all_are() -> None:
    generator = np.random.default_rng(2)
    matrix = generator.standard_normal((600, 5)).astype(np.float32) * np.arange(1, 6, dtype=np.float32)
    np.testing.assert_array_equal(whitening(matrix, 600), whitening(matrix))
    # Scales of half as many are between those of few and those of all.
    assert whitening(matrix[:100], 600)[4, 4] > whitening(matrix[:100])[4, 4]


def test_passages_that_are_gone_are_not_learned_from() -> None:
    generator = np.random.default_rng(4)
    matrix = generator.standard_normal((SAMPLE // 50, 4)).astype(np.float32)
    live = np.arange(len(matrix)) % 3 > 0
    assert whitening_of(vectors_of(matrix[:90], matrix[90:], live=live)).tolist() == whitening(matrix[live]).tolist()
