import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.codes import EACH, dealt, turns
from index.vectors import normalise


def test_what_varies_most_is_dealt_to_those_that_have_least() -> None:
    # Logarithms over the least: 7 for the first, 4, 3, 3, 2, 2, 1, 0. The first group is given 7; the second 4, 3 and 2 then, and so on.
    logarithms = np.array([7, 4, 3, 3, 2, 2, 1, 0], np.float32)
    assert dealt(np.exp(logarithms)).tolist() == [0, 3, 6, 7, 1, 2, 4, 5]


@given(st.lists(st.floats(0, 10, width=32), min_size=8, max_size=8))
def test_every_number_is_dealt_once(variances: list[float]) -> None:
    assert sorted(dealt(np.array(variances, np.float32)).tolist()) == list(range(8))


def test_turned_questions_and_passages_have_the_inner_products_that_they_had() -> None:
    generator = np.random.default_rng(3)
    passages = normalise(generator.normal(size=(400, 4 * EACH)).astype(np.float32) * np.linspace(3, 0.1, 4 * EACH, dtype=np.float32))
    questions = normalise(generator.normal(size=(20, 4 * EACH)).astype(np.float32))
    halfway, back = turns(passages, 30_000)
    np.testing.assert_allclose((passages @ halfway) @ (questions @ back).T, passages @ questions.T, atol=1e-4)
    together = np.log((passages @ halfway).var(axis=0)).reshape(-1, EACH).sum(axis=1)
    apart = np.sort(np.log((passages @ halfway).var(axis=0))).reshape(-1, EACH).sum(axis=1)
    assert np.ptp(together) < np.ptp(apart) / 4
