"""Dense search, compared by value with NumPy."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import index.vectors
from index.errors import DamagedIndex, ModelError, StoreError
from index.vectors import FloatMatrix, FloatVector, RowVector, Vectors, VectorSegment, normalise, shortened, top, write_vectors
from index.whiten import whitening
from tests.halves import vectors_of


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
    scores, rows = vectors_of(matrix).search(query, k)
    expected, where = brute_force(matrix, query, k, np.arange(40))
    assert rows.tolist() == where
    np.testing.assert_allclose(scores, expected, atol=1e-6)


@pytest.mark.parametrize("allowed", [[], [7], [3, 9, 21, 22, 39]])
def test_search_keeps_to_the_allowed_rows(allowed: list[int]) -> None:
    matrix, query = vectors(40), vectors(1, seed=2)[0]
    scores, rows = vectors_of(matrix).search(query, 4, np.array(allowed, np.int64))
    expected, where = brute_force(matrix, query, 4, np.array(allowed, np.int64))
    assert rows.tolist() == where
    np.testing.assert_allclose(scores, expected, atol=1e-6)


@given(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=40), st.integers(1, 12))
def test_rows_alike_come_in_their_order(kinds: list[int], k: int) -> None:
    matrix = np.eye(3, dtype=np.float32)[kinds]
    query = normalise(np.array([[3, 2, 1]], np.float32))[0]
    _, rows = vectors_of(matrix).search(query, k)
    assert rows.tolist() == sorted(range(len(kinds)), key=lambda row: (kinds[row], row))[:k]


def test_scores_are_inner_products_in_the_order_asked() -> None:
    matrix, query = vectors(10), vectors(1, seed=2)[0]
    rows = np.array([7, 0, 7], np.int64)
    np.testing.assert_allclose(vectors_of(matrix).scores(query, rows), matrix[rows] @ query, atol=1e-6)


def test_rows_are_what_was_added() -> None:
    matrix = vectors(10)
    found = vectors_of(matrix)
    np.testing.assert_allclose(found.rows(np.array([4, 2])), matrix[[4, 2]], atol=1e-6)
    assert found.rows(np.zeros(0, np.int64)).shape == (0, 8)
    assert (found.size, found.dimension) == (10, 8)


def test_a_vector_of_another_dimension_is_refused() -> None:
    found = vectors_of(vectors(3))
    with pytest.raises(ModelError, match=r"shape \(7,\) but the index holds vectors of 8 numbers"):
        found.search(np.ones(7, np.float32), 1)
    with pytest.raises(ModelError, match="griot index --full"):
        found.scores(np.ones(9, np.float32), np.array([0]))


@pytest.mark.parametrize("live", [None, [row % 3 > 0 for row in range(40)], [False] * 40], ids=["all", "some_gone", "all_gone"])
@pytest.mark.parametrize("bounds", [[], [13], [0, 5, 5, 39, 40]], ids=["one_segment", "two", "six"])
def test_segments_are_searched_as_one(bounds: list[int], live: list[bool] | None) -> None:
    matrix, query = vectors(40), vectors(1, seed=2)[0]
    there = None if live is None else np.array(live, np.bool_)
    found = vectors_of(*np.split(matrix, bounds), live=there)
    present = np.arange(40) if there is None else np.flatnonzero(there)
    assert found.present().tolist() == present.tolist()
    for allowed in (None, np.arange(5, 40, 2)):
        scores, rows = found.search(query, 6, allowed)
        expected, where = brute_force(matrix, query, 6, present if allowed is None else np.intersect1d(present, allowed))
        assert rows.tolist() == where
        np.testing.assert_allclose(scores, expected, atol=1e-6)
    some = np.array([39, 0, 13, 12, 5])
    np.testing.assert_array_equal(found.rows(some), matrix[some])


def test_segments_of_other_dimensions_are_not_one_index() -> None:
    segments = [VectorSegment(vectors(3)), VectorSegment(vectors(3, dimension=6))]
    with pytest.raises(StoreError, match="vectors of 6 and of 8 numbers"):
        Vectors(segments, np.eye(8, dtype=np.float32))


@pytest.mark.parametrize("rows", [0, 5])
def test_written_and_loaded_it_is_the_same(tmp_path: Path, rows: int) -> None:
    matrix, query = vectors(rows), vectors(1, seed=2)[0]
    assert write_vectors(tmp_path, [matrix[:2], matrix[2:]], 8) == rows
    loaded = VectorSegment.load(tmp_path)
    assert (loaded.size, loaded.dimension) == (rows, 8)
    found = Vectors([loaded], np.eye(8, dtype=np.float32))
    assert found.search(query, 3)[1].tolist() == brute_force(matrix, query, 3, np.arange(rows))[1]
    np.testing.assert_array_equal(found.rows(np.arange(rows)), matrix)


def test_a_cut_or_missing_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndex, match="cannot be read"):
        VectorSegment.load(tmp_path)
    write_vectors(tmp_path, [vectors(5)], 8)
    path = tmp_path / "vectors.npy"
    whole = path.read_bytes()
    for size in (0, 3, 20, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(DamagedIndex, match="cannot be read"):
            VectorSegment.load(tmp_path)
    path.write_bytes(b"not an index at all" * 20)
    with pytest.raises(DamagedIndex, match="cannot be read"):
        VectorSegment.load(tmp_path)
    np.save(path, np.zeros(7, np.float32))
    with pytest.raises(DamagedIndex, match="1-dimensional float32"):
        VectorSegment.load(tmp_path)


@pytest.mark.parametrize(
    ("scores", "k", "expected"),
    [
        pytest.param([0.1, 0.9, 0.5], 2, [1, 2], id="best_first"),
        pytest.param([0.1, 0.9], 5, [1, 0], id="fewer_than_asked"),
        pytest.param([], 3, [], id="none"),
        pytest.param([1.0], 0, [], id="none_asked"),
        pytest.param([1, 1, 1, 1], 4, [0, 1, 2, 3], id="all_alike"),
        pytest.param([0, 1, 1, 1, 1, 1, 0, 1, 2], 3, [8, 1, 2], id="alike_at_the_cut"),
    ],
)
def test_top(scores: list[float], k: int, expected: list[int]) -> None:
    assert top(np.array(scores, np.float32), k).tolist() == expected


@given(st.lists(st.integers(0, 3), max_size=60), st.integers(0, 70))
def test_top_is_a_stable_sort(scores: list[int], k: int) -> None:
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:k]
    assert top(np.array(scores, np.float32), k).tolist() == expected


@pytest.fixture
def coded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VectorSegment:
    """A segment that counts as large."""
    monkeypatch.setattr(index.vectors, "MANY", 3_000)
    monkeypatch.setattr(index.vectors, "FETCHED", 600)
    assert write_vectors(tmp_path, [scattered(1_000, seed) for seed in range(3)], 64) == 3_000
    return VectorSegment.load(tmp_path)


def scattered(rows: int, seed: int) -> FloatMatrix:
    """Vectors that lean one way, as those of one collection do."""
    lean = np.linspace(2, 0, 64, dtype=np.float32)
    return normalise(np.random.default_rng(seed).normal(size=(rows, 64)).astype(np.float32) + lean)


def test_many_vectors_are_found_by_their_codes_and_looked_at_closely(coded: VectorSegment) -> None:
    matrix = np.concatenate([scattered(1_000, seed) for seed in range(3)])
    assert coded.codes is not None
    found = Vectors([coded], whitening(matrix))
    kept = found.rows(np.arange(3_000))
    assert (np.abs(kept - matrix) <= np.abs(matrix).max(axis=1, keepdims=True) / 127 * 0.5001).all()
    hits = kept_hits = 0
    for asked in scattered(50, 9):
        query = found.question(asked)
        scores, rows = found.search(query, 10)
        np.testing.assert_allclose(scores, kept[rows] @ query, atol=1e-6)
        np.testing.assert_allclose(scores, matrix[rows] @ query, atol=0.01)
        assert (np.diff(scores) <= 0).all()
        hits += len(set(rows.tolist()) & set(np.argsort(-(matrix @ query))[:10].tolist()))
        kept_hits += len(set(rows.tolist()) & set(np.argsort(-(kept @ query))[:10].tolist()))
    # Of 64 numbers each: the fewer, the more their rounding changes.
    assert hits / 500 >= 0.95
    assert kept_hits / 500 >= 0.97


@pytest.mark.parametrize("share", [0.05, 0.7], ids=["few_are_all_looked_at", "many_by_their_codes"])
def test_codes_keep_to_the_allowed_rows_and_the_live_ones(coded: VectorSegment, share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.vectors, "FEW", 200)
    matrix = np.concatenate([scattered(1_000, seed) for seed in range(3)])
    generator = np.random.default_rng(1)
    live, allowed = generator.random(3_000) > 0.1, np.flatnonzero(generator.random(3_000) < share)
    found = Vectors([coded, VectorSegment(scattered(5, 7))], np.eye(64, dtype=np.float32), np.append(live, [True] * 5))
    within = allowed[live[allowed]]
    hits = 0
    for query in scattered(20, 9):
        _, rows = found.search(query, 10, allowed)
        assert np.isin(rows, within).all()
        hits += len(set(rows.tolist()) & set(within[np.argsort(-(matrix[within] @ query))[:10]].tolist()))
    assert hits / 200 >= 0.98


@given(arrays(np.float32, (5, 8), elements=st.floats(-1, 1, width=32)))
def test_shortened_vectors_are_off_by_half_a_step_and_stay_what_they_are(matrix: FloatMatrix) -> None:
    numbers, steps = shortened(matrix)
    again = numbers * steps[:, None]
    assert (np.abs(again - matrix) <= steps[:, None] * 0.5001).all()
    assert np.array_equal(shortened(again.astype(np.float32))[0], numbers)


def test_a_vector_of_zeros_is_kept() -> None:
    numbers, steps = shortened(np.array([[0, 0], [0.5, -1]], np.float32))
    assert numbers.tolist() == [[0, 0], [64, -127]]
    assert steps.tolist() == pytest.approx([1, 1 / 127])


@pytest.mark.parametrize("name", ["codes.faiss", "turn.npy", "vectors.npy", "steps.npy"])
def test_a_damaged_file_of_a_large_segment_is_named(coded: VectorSegment, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DamagedIndex, match=f"{name} cannot be read"):
        VectorSegment.load(tmp_path)


def test_codes_of_other_vectors_are_damage(coded: VectorSegment, tmp_path: Path) -> None:
    (tmp_path / "codes.faiss").rename(tmp_path / "gone")
    with pytest.raises(DamagedIndex, match=r"codes\.faiss cannot be read"):
        VectorSegment.load(tmp_path)
    (tmp_path / "gone").rename(tmp_path / "codes.faiss")
    np.save(tmp_path / "vectors.npy", np.zeros((2_999, 64), np.int8))
    with pytest.raises(DamagedIndex, match="not of the same vectors"):
        VectorSegment.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        pytest.param("steps.npy", np.ones(3_000, np.float64), id="steps_of_another_kind"),
        pytest.param("steps.npy", np.ones(2_999, np.float32), id="too_few_steps"),
        pytest.param("turn.npy", np.eye(63, dtype=np.float32), id="a_turn_of_another_width"),
    ],
)
def test_files_that_do_not_belong_together_are_damage(coded: VectorSegment, tmp_path: Path, name: str, other: FloatMatrix) -> None:
    np.save(tmp_path / name, other)
    with pytest.raises(DamagedIndex, match="not of the same vectors"):
        VectorSegment.load(tmp_path)


def test_vectors_that_cannot_be_coded_are_gone_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.vectors, "MANY", 10)
    write_vectors(tmp_path, [vectors(20, dimension=12)], 12)
    assert VectorSegment.load(tmp_path).codes is None
