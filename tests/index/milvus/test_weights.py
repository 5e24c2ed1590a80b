"""BM25 as an inner product, against the lexical half on disk."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.milvus.weights import (
    NOWHERE,
    from_bytes,
    passage_weights,
    place_of,
    product,
    question_weights,
    sample_weights,
    to_bytes,
)  # fmt: skip
from tests.halves import lexical_of

WORDS = st.sampled_from("accord petrol minist mil fleuv agadez accord_petrol".split())


@given(st.lists(st.lists(WORDS, max_size=30), min_size=1, max_size=12), st.dictionaries(WORDS, st.floats(0.1, 2), max_size=5))
def test_the_inner_product_is_bm25(passages: list[list[str]], boosts: dict[str, float]) -> None:
    here = lexical_of(passages)
    average = sum(map(len, passages)) / len(passages)
    asked = question_weights(boosts, {term: here.frequency(term) for term in boosts}, len(passages))
    made = [product(asked, passage_weights(terms, average)) for terms in passages]
    np.testing.assert_allclose(made, here.scores(boosts), rtol=1e-5, atol=1e-6)


def test_a_passage_by_hand() -> None:
    # k1 1.2, b 0.75, six terms where four are usual: 1.2 * (0.25 + 0.75 * 6 / 4) = 1.65; "mil" stands there three times: 3 / 4.65.
    weights = passage_weights(["mil", "mil", "mil", "fleuv", "agadez", "pluie"], 4)
    assert weights[place_of("mil")] == pytest.approx(3 / 4.65)
    assert weights[place_of("pluie")] == pytest.approx(1 / 2.65)


def test_terms_that_no_passage_holds_are_not_asked_for() -> None:
    assert question_weights({"mil": 1.0, "yeti": 1.0}, {"mil": 1, "yeti": 0}, 1).keys() == {place_of("mil")}


def test_what_holds_nothing_is_found_by_nothing() -> None:
    assert passage_weights([], 4) == sample_weights([]) == NOWHERE
    assert product(NOWHERE, passage_weights(["mil"], 1)) == 0


def test_places_fit_milvus_and_leave_one_free() -> None:
    assert max(place_of(str(number)) for number in range(10_000)) < next(iter(NOWHERE)) < 2**32 - 1


@given(st.dictionaries(st.integers(0, 2**32 - 2), st.floats(0.125, 1, width=32), max_size=20))
def test_bytes_are_read_back(weights: dict[int, float]) -> None:
    assert from_bytes(to_bytes(weights)) == weights


@given(st.sets(st.integers(0, 2**32 - 4)), st.sets(st.integers(0, 2**32 - 4)))
def test_samples_count_what_they_share(one: set[int], other: set[int]) -> None:
    assert product(sample_weights(one), sample_weights(other)) == len(one & other) + (not one and not other)
