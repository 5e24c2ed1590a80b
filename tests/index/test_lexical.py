"""BM25, compared by value with an independent one in plain Python."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

import index.lexical
from index.errors import DamagedIndex
from index.lexical import K1, B, Lexical, LexicalSegment, write_lexical
from index.vectors import BoolVector, top
from tests.halves import lexical_of

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
    assert lexical_of(PASSAGES).scores({"peche": 1.0}) == pytest.approx([0, 0.633669, 0, 0], abs=1e-5)


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
    assert lexical_of(PASSAGES).scores(weights) == pytest.approx(bm25(PASSAGES, weights), abs=1e-5)


terms = st.sampled_from([f"t{number}" for number in range(8)])
collections = st.lists(st.lists(terms, max_size=12), min_size=1, max_size=10)
questions = st.dictionaries(terms, st.floats(0, 3), max_size=5)


@given(collections, questions)
def test_scores_are_those_of_the_reference_for_any_passages(passages: list[list[str]], weights: dict[str, float]) -> None:
    index = lexical_of(passages)
    assert index.scores(weights) == pytest.approx(bm25(passages, weights) if any(passages) else [0.0] * len(passages), abs=1e-4)
    assert index.size == len(passages)
    for term in weights:
        assert index.frequency(term) == sum(term in passage for passage in passages)
        assert (term in index) == any(term in passage for passage in passages)


@given(st.data(), collections, questions)
def test_scores_do_not_depend_on_how_passages_are_divided_or_on_those_that_are_gone(
    data: st.DataObject, passages: list[list[str]], weights: dict[str, float]
) -> None:
    live = np.array(data.draw(st.lists(st.booleans(), min_size=len(passages), max_size=len(passages))), np.bool_)
    whole = lexical_of([passage for passage, there in zip(passages, live, strict=True) if there])
    expected = np.zeros(len(passages), np.float32)
    expected[live] = whole.scores(weights)
    rows = np.arange(len(passages))
    for parts in (1, 2, 7):
        bounds = sorted(data.draw(st.lists(st.integers(0, len(passages)), min_size=parts - 1, max_size=parts - 1)))
        index = lexical_of(*divided(passages, bounds), live=live)
        # To the last bit, so that ties fall alike.
        np.testing.assert_array_equal(index.scores(weights), expected)
        np.testing.assert_array_equal(index.at(weights, rows[::-1]), expected[::-1])
        assert (index.size, index.passages, index.average) == (len(passages), whole.passages, whole.average)
        for term in weights:
            assert index.frequency(term) == whole.frequency(term)
            held = [there and term in passage for passage, there in zip(passages, live, strict=True)]
            assert index.holds(term, rows).tolist() == held
            assert all(index.occurs(term, first, last) == any(held[first : last + 1]) for first in rows for last in rows)


def divided(passages: Sequence[Sequence[str]], bounds: Sequence[int]) -> list[Sequence[Sequence[str]]]:
    return [passages[begin:end] for begin, end in zip([0, *bounds], [*bounds, len(passages)], strict=True)]


@pytest.fixture(params=["as_it_is", "looked_up_where_it_can_be", "little_is_kept"])
def eager(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The measures from which work is spared, and the same so low that it always is."""
    if request.param == "looked_up_where_it_can_be":
        for name, value in (("FEW", 0), ("LONG", 1), ("LOOKUP", 0.001)):
            monkeypatch.setattr(index.lexical, name, value)
    if request.param == "little_is_kept":
        for name, value in (("FEW", 0), ("LONG", 1), ("KEPT", 900)):
            monkeypatch.setattr(index.lexical, name, value)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("parts", [1, 7])
def test_a_search_finds_what_going_through_all_scores_finds(parts: int) -> None:
    generator = np.random.default_rng(7)
    ranks = [np.minimum(generator.zipf(1.3, size=generator.integers(0, 40)), 60) for _ in range(2_000)]
    passages = [[f"t{rank}" for rank in ranked] for ranked in ranks]
    live: BoolVector = generator.random(len(passages)) > 0.2
    found = lexical_of(*divided(passages, sorted(generator.integers(0, 2_000, parts - 1).tolist())), live=live)
    few, most = np.arange(0, 2_000, 97), np.flatnonzero(generator.random(2_000) > 0.1)
    for _ in range(60):
        weights = {f"t{rank}": float(generator.choice([0.2, 1, 1, 2])) for rank in generator.integers(1, 63, generator.integers(1, 9))}
        scores = found.scores(weights)
        for k in (1, 10, 100, 3_000):
            for allowed in (None, few, most):
                within = np.arange(2_000) if allowed is None else allowed
                expected = within[top(scores[within], k)]
                expected = expected[scores[expected] > 0]
                values, rows = found.search(weights, k, allowed)
                np.testing.assert_array_equal(rows, expected)
                np.testing.assert_array_equal(values, scores[expected])


def test_a_search_for_nothing() -> None:
    found = lexical_of(PASSAGES)
    for weights, k, allowed in (
        ({}, 3, None),
        ({"accord": 1.0}, 0, None),
        ({"accord": 0.0}, 3, None),
        ({"accord": 1.0}, 3, np.zeros(0, np.int64)),
    ):
        scores, rows = found.search(weights, k, allowed)
        assert (scores.tolist(), rows.tolist()) == ([], [])
    assert lexical_of().search({"accord": 1.0}, 3)[1].tolist() == []


@pytest.mark.parametrize(
    "passages", [pytest.param(PASSAGES, id="four"), pytest.param([[], []], id="no_words"), pytest.param([], id="none")]
)
def test_nothing_on_disk_is_pickled(tmp_path: Path, passages: list[list[str]]) -> None:
    assert write_lexical(tmp_path / "lexical", passages) == len(passages)
    assert sorted(path.name for path in (tmp_path / "lexical").iterdir()) == FILES
    for path in (tmp_path / "lexical").glob("*.npy"):
        assert np.load(path, allow_pickle=False).ndim == 1
    assert Lexical([LexicalSegment.load(tmp_path / "lexical")]).size == len(passages)


FILES = ["counts.npy", "hashes.npy", "lengths.npy", "lexical.json", "rows.npy", "starts.npy"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "content", [pytest.param(None, id="missing"), pytest.param(b"", id="empty"), pytest.param(b"\x93NUMPY\x01", id="cut")]
)
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    write_lexical(tmp_path, PASSAGES)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DamagedIndex, match=f"{name} cannot be read"):
        LexicalSegment.load(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_segment_is_damage(tmp_path: Path, name: str) -> None:
    write_lexical(tmp_path / "one", PASSAGES)
    write_lexical(tmp_path / "other", [*PASSAGES, ["autre"]])
    (tmp_path / "other" / name).rename(tmp_path / "one" / name)
    with pytest.raises(DamagedIndex, match="differ in length"):
        LexicalSegment.load(tmp_path / "one")


def test_what_a_segment_says_of_itself_must_be_there(tmp_path: Path) -> None:
    write_lexical(tmp_path, PASSAGES)
    (tmp_path / "lexical.json").write_text(json.dumps({"size": 4}))
    with pytest.raises(DamagedIndex, match=r"lexical\.json cannot be read"):
        LexicalSegment.load(tmp_path)
    write_lexical(tmp_path, PASSAGES)
    np.save(tmp_path / "rows.npy", np.zeros(8, np.float32))
    with pytest.raises(DamagedIndex, match="of other kinds"):
        LexicalSegment.load(tmp_path)


def test_whether_a_stretch_of_passages_holds_a_term() -> None:
    index = lexical_of([["a", "b"], ["b"], ["c"], ["a"]])
    assert [index.occurs("a", first, last) for first, last in ((0, 0), (1, 2), (1, 3), (3, 3))] == [True, False, True, True]
    assert not index.occurs("d", 0, 3)
    assert not index.occurs("a", 0, -1)


def test_the_word_nearest_in_spelling() -> None:
    index = lexical_of([["faso", "burkina", "niger"]], [["niger", "nigel", "a b"], ["burkina faso"]])
    assert index.nearest("fasso") == "faso"
    assert index.nearest("brukina") == "burkina", "two letters swapped are one slip"
    # Both are one slip away: the commoner.
    assert index.nearest("nigex") == "niger"
    assert index.nearest("mali") is None
    assert index.nearest("gaso") is None, "another first letter"
    assert index.nearest("") is None


def test_a_word_that_is_gone_is_not_near() -> None:
    passages = [["niger"], ["nigel"], ["nigel"]]
    assert lexical_of(passages).nearest("nigex") == "nigel"
    assert lexical_of(passages, live=np.array([True, False, False])).nearest("nigex") == "niger"


word = st.text("abcé1 ", min_size=1, max_size=5)


@given(st.lists(st.lists(word, max_size=4), max_size=6), word)
def test_the_nearest_word_is_that_of_comparing_with_every_one(passages: list[list[str]], asked: str) -> None:
    counts = Counter(term for passage in passages for term in set(passage))
    near = [term for term in counts if term.isalpha() and term[0] == asked[0] and OSA.distance(term, asked) <= 1]
    assert lexical_of(passages).nearest(asked) == max(near, key=lambda term: (counts[term], term), default=None)
