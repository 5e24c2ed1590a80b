"""How many segments there are, and when they are written again."""

import pytest

from index.merging import Merging

RULE = Merging(small=10, factor=3)


@pytest.mark.parametrize(
    ("live", "sizes", "fresh", "taken"),
    [
        pytest.param([], [], True, [], id="the_first"),
        pytest.param([9], [9], True, [0], id="a_small_one_with_new_articles"),
        pytest.param([9], [9], False, [], id="a_small_one_alone_stays"),
        pytest.param([8], [9], False, [0], id="a_small_one_of_which_something_went"),
        pytest.param([9, 9], [9, 9], False, [0, 1], id="two_small_ones"),
        pytest.param([10, 10], [10, 10], True, [], id="two_of_a_size"),
        pytest.param([10, 29, 10], [10, 29, 10], False, [0, 1, 2], id="three_of_a_size"),
        pytest.param([10, 10, 30], [10, 10, 30], True, [], id="two_of_a_size_and_a_larger_one"),
        pytest.param([10, 10, 5], [10, 10, 5], True, [2], id="two_of_a_size_and_a_small_one"),
        pytest.param([10, 10, 8, 9], [10, 10, 8, 9], True, [0, 1, 2, 3], id="two_small_ones_that_become_the_third_of_a_size"),
        # The three small levels make one of the next, of which there are two already: 10 + 10 + 10 = 30.
        pytest.param([30, 30, 10, 10, 10], [30, 30, 10, 10, 10], False, [0, 1, 2, 3, 4], id="one_level_after_the_other"),
        pytest.param([100, 49], [100, 100], False, [1], id="more_holes_than_passages"),
        pytest.param([100, 50], [100, 100], False, [], id="half_holes"),
        pytest.param([100, 0], [100, 100], False, [1], id="nothing_left"),
    ],
)
def test_what_is_taken_over(live: list[int], sizes: list[int], fresh: bool, taken: list[int]) -> None:
    assert RULE.taken_over(live, sizes, fresh=fresh) == taken


def test_a_growing_index_has_few_segments_and_writes_none_often() -> None:
    segments: list[int] = []
    written = most = 0
    for _ in range(3_000):
        taken = RULE.taken_over(segments, segments, fresh=True)
        merged = 1 + sum(segments[place] for place in taken)
        segments = [size for place, size in enumerate(segments) if place not in taken] + [merged]
        written += merged
        most = max(most, len(segments))
    assert sum(segments) == 3_000
    # Two of each of the six levels up to 3,000 = 10 * 3^5.2, and the small one.
    assert most <= 13
    # The small one is written on average 5 times a passage, each level once: 5 + 6.
    assert written <= 11 * 3_000
