"""Dense search, compared by value with NumPy."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DamagedIndex, ModelError
from index.vectors import FloatMatrix, FloatVector, RowVector, VectorIndex, normalise


def brute_force(matrix: FloatMatrix, query: FloatVector, k: int, allowed: RowVector) -> tuple[list[float], list[int]]:
    scores = [(float(normalise(matrix)[row] @ query), int(row)) for row in allowed]
    ordered = sorted(scores, key=lambda item: (-item[0], item[1]))[:k]
    return [score for score, _ in ordered], [row for _, row in ordered]


def vectors(rows: int, dimension: int = 8, seed: int = 1) -> FloatMatrix:
    return normalise(np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32))


def test_normalise() -> None:
    matrix = normalise(np.array([[3, 4], [0, 0], [0, -2]], np.float32))
    np.testing.assert_allclose(matrix, np.array([[0.6, 0.8], [0, 0], [0, -1]]), rtol=1e-6)
    assert matrix.dtype == np.float32


@pytest.mark.parametrize("k", [1, 5, 40, 100])
def test_search_is_brute_force(k: int) -> None:
    matrix, query = vectors(40), vectors(1, seed=2)[0]
    scores, rows = VectorIndex.build(matrix).search(query, k)
    expected, where = brute_force(matrix, query, k, np.arange(40))
    assert rows.tolist() == where
    np.testing.assert_allclose(scores, expected, atol=1e-6)


@pytest.mark.parametrize("allowed", [[], [7], [3, 9, 21, 22, 39]])
def test_search_keeps_to_the_allowed_rows(allowed: list[int]) -> None:
    matrix, query = vectors(40), vectors(1, seed=2)[0]
    scores, rows = VectorIndex.build(matrix).search(query, 4, np.array(allowed, np.int64))
    expected, where = brute_force(matrix, query, 4, np.array(allowed, np.int64))
    assert rows.tolist() == where
    np.testing.assert_allclose(scores, expected, atol=1e-6)


@given(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=40), st.integers(1, 12))
def test_rows_alike_come_in_their_order(kinds: list[int], k: int) -> None:
    matrix = np.eye(3, dtype=np.float32)[kinds]
    query = normalise(np.array([[3, 2, 1]], np.float32))[0]
    _, rows = VectorIndex.build(matrix).search(query, k)
    assert rows.tolist() == sorted(range(len(kinds)), key=lambda row: (kinds[row], row))[:k]


def test_scores_are_inner_products_in_the_order_asked() -> None:
    matrix, query = vectors(10), vectors(1, seed=2)[0]
    rows = np.array([7, 0, 7], np.int64)
    np.testing.assert_allclose(VectorIndex.build(matrix).scores(query, rows), matrix[rows] @ query, atol=1e-6)


def test_rows_are_what_was_added() -> None:
    matrix = vectors(10)
    index = VectorIndex.build(matrix)
    np.testing.assert_allclose(index.rows(np.array([4, 2])), matrix[[4, 2]], atol=1e-6)
    assert index.rows(np.zeros(0, np.int64)).shape == (0, 8)
    assert (index.size, index.dimension) == (10, 8)


def test_a_vector_of_another_dimension_is_refused() -> None:
    index = VectorIndex.build(vectors(3))
    with pytest.raises(ModelError, match=r"shape \(7,\) but the index holds vectors of 8 numbers"):
        index.search(np.ones(7, np.float32), 1)
    with pytest.raises(ModelError, match="griot index --full"):
        index.scores(np.ones(9, np.float32), np.array([0]))


@pytest.mark.parametrize("rows", [0, 5])
def test_saved_and_loaded_it_is_the_same(tmp_path: Path, rows: int) -> None:
    matrix, query = vectors(rows), vectors(1, seed=2)[0]
    VectorIndex.build(matrix).save(tmp_path / "vectors.faiss")
    loaded = VectorIndex.load(tmp_path / "vectors.faiss")
    assert (loaded.size, loaded.dimension) == (rows, 8)
    assert loaded.search(query, 3)[1].tolist() == brute_force(matrix, query, 3, np.arange(rows))[1]


def test_a_cut_or_missing_file_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    with pytest.raises(DamagedIndex, match="cannot be read"):
        VectorIndex.load(path)
    VectorIndex.build(vectors(5)).save(path)
    whole = path.read_bytes()
    for size in (0, 3, 20, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(DamagedIndex, match="cannot be read"):
            VectorIndex.load(path)
    path.write_bytes(b"not an index at all" * 20)
    with pytest.raises(DamagedIndex, match="cannot be read"):
        VectorIndex.load(path)
