"""BM25, compared by value with an independent one in plain Python."""

import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DamagedIndex
from index.lexical import K1, B, LexicalIndex

PASSAGES = [
    ["accord", "militaire", "niger", "niger"],
    ["accord", "peche"],
    [],
    ["niger", "russie", "accord", "accord", "accord", "instructeur"],
]


def bm25(passages: list[list[str]], weights: dict[str, float]) -> list[float]:
    """The "lucene" variant (Kamphuis et al., 2020, table 1): idf = ln(1 + (N - n + 0.5) / (n + 0.5)), and the term
    frequency tf / (tf + k1 (1 - b + b length / mean length)), without Robertson's constant factor k1 + 1."""
    mean = sum(map(len, passages)) / len(passages)
    scores = []
    for passage in passages:
        counts = Counter(passage)
        score = 0.0
        for term, weight in weights.items():
            holding = sum(term in other for other in passages)
            if counts[term]:
                idf = math.log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
                score += weight * idf * counts[term] / (counts[term] + K1 * (1 - B + B * len(passage) / mean))
        scores.append(score)
    return scores


def test_a_score_worked_out_by_hand() -> None:
    # "peche" is in 1 of 4 passages: idf = ln(1 + 3.5 / 1.5) = ln(3.3333) = 1.20397. Lengths 4, 2, 0, 6, mean 3; the passage has 2 words:
    # 1 / (1 + 1.2 (0.25 + 0.75 x 2 / 3)) = 1 / 1.9 = 0.526316. Their product is 0.633669.
    assert (K1, B) == (1.2, 0.75)
    assert LexicalIndex.build(PASSAGES).scores({"peche": 1.0}) == pytest.approx([0, 0.633669, 0, 0], abs=1e-5)


@pytest.mark.parametrize(
    "weights",
    [
        pytest.param({"accord": 1.0}, id="in_most"),
        pytest.param({"accord": 1.0, "niger": 1.0, "russie": 1.0}, id="several"),
        pytest.param({"accord": 0.5, "niger": 2.0}, id="weighted"),
        pytest.param({"accord": 1.0, "inconnu": 1.0}, id="one_unknown"),
        pytest.param({"inconnu": 1.0}, id="unknown"),
        pytest.param({}, id="none"),
    ],
)
def test_scores_are_those_of_the_reference(weights: dict[str, float]) -> None:
    assert LexicalIndex.build(PASSAGES).scores(weights) == pytest.approx(bm25(PASSAGES, weights), abs=1e-5)


terms = st.sampled_from([f"t{number}" for number in range(8)])


@given(st.lists(st.lists(terms, max_size=12), min_size=1, max_size=10), st.dictionaries(terms, st.floats(0, 3), max_size=5))
def test_scores_are_those_of_the_reference_for_any_passages(passages: list[list[str]], weights: dict[str, float]) -> None:
    index = LexicalIndex.build(passages)
    assert index.scores(weights) == pytest.approx(bm25(passages, weights) if any(passages) else [0.0] * len(passages), abs=1e-4)
    assert index.size == len(passages)
    for term in weights:
        assert index.frequency(term) == sum(term in passage for passage in passages)
        assert (term in index) == any(term in passage for passage in passages)


@pytest.mark.parametrize(
    "passages", [pytest.param(PASSAGES, id="four"), pytest.param([[], []], id="no_words"), pytest.param([], id="none")]
)
def test_saved_and_loaded_it_is_the_same(tmp_path: Path, passages: list[list[str]]) -> None:
    index = LexicalIndex.build(passages)
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical")
    assert loaded.size == len(passages)
    for term in ("accord", "niger", "peche", "inconnu"):
        assert loaded.frequency(term) == index.frequency(term)
        np.testing.assert_array_equal(loaded.scores({term: 1.0}), index.scores({term: 1.0}))


def test_nothing_on_disk_is_pickled(tmp_path: Path) -> None:
    LexicalIndex.build(PASSAGES).save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.npy", "indices.npy", "indptr.npy", "vocabulary.json"]
    for path in tmp_path.glob("*.npy"):
        assert np.load(path, allow_pickle=False).ndim == 1


@pytest.mark.parametrize("name", ["data.npy", "indices.npy", "indptr.npy", "vocabulary.json"])
@pytest.mark.parametrize(
    "content", [pytest.param(None, id="missing"), pytest.param(b"", id="empty"), pytest.param(b"\x93NUMPY\x01", id="cut")]
)
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    LexicalIndex.build(PASSAGES).save(tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DamagedIndex, match="cannot be read"):
        LexicalIndex.load(tmp_path)


def test_a_vocabulary_of_another_shape_is_damage(tmp_path: Path) -> None:
    LexicalIndex.build(PASSAGES).save(tmp_path)
    (tmp_path / "vocabulary.json").write_text(json.dumps({"size": 4}))
    with pytest.raises(DamagedIndex):
        LexicalIndex.load(tmp_path)


def test_whether_a_stretch_of_passages_holds_a_term() -> None:
    index = LexicalIndex.build([["a", "b"], ["b"], ["c"], ["a"]])
    assert [index.occurs("a", first, last) for first, last in ((0, 0), (1, 2), (1, 3), (3, 3))] == [True, False, True, True]
    assert not index.occurs("d", 0, 3)
    assert not index.occurs("a", 0, -1)


def test_the_word_nearest_in_spelling() -> None:
    index = LexicalIndex.build([["faso", "burkina", "niger"], ["niger", "nigel", "a b"], ["burkina faso"]])
    assert index.nearest("fasso") == "faso"
    assert index.nearest("brukina") == "burkina", "two letters swapped are one slip"
    # Both are one slip away: the commoner.
    assert index.nearest("nigex") == "niger"
    assert index.nearest("mali") is None
    assert index.nearest("gaso") is None, "another first letter"
