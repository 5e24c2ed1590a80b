import sys
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from index.recent import Recent


def test_what_was_unused_for_longest_makes_way() -> None:
    kept: Recent[str, int] = Recent(10)
    kept.keep("a", 1, 4)
    kept.keep("b", 2, 4)
    assert kept.get("a") == 1
    kept.keep("c", 3, 4)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]


def test_what_takes_more_than_there_is_room_for_is_not_kept() -> None:
    kept: Recent[str, int] = Recent(10)
    kept.keep("a", 1, 10)
    kept.keep("b", 2, 11)
    assert [kept.get(key) for key in "ab"] == [1, None]


def test_a_value_kept_twice_takes_its_room_once() -> None:
    kept: Recent[str, int] = Recent(10)
    for _ in range(3):
        kept.keep("a", 1, 6)
    kept.keep("b", 2, 4)
    assert [kept.get(key) for key in "ab"] == [1, 2]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 40)), max_size=60))
def test_never_more_than_there_is_room_for(asked: list[tuple[int, int]]) -> None:
    kept: Recent[int, int] = Recent(100)
    for key, size in asked:
        if kept.get(key) is None:
            kept.keep(key, size, size)
        assert kept.get(key) is not None
    assert sum(filter(None, map(kept.get, range(10)))) <= 100


def test_shared_by_threads() -> None:
    kept: Recent[int, int] = Recent(50)

    def use(number: int) -> bool:
        for key in range(number, number + 400):
            kept.keep(key % 97, key % 97, 7)
            if kept.get(key % 97) not in (None, key % 97):
                return False
        return True

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # else no thread is ever in the midst of it
    try:
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(use, range(8)))
    finally:
        sys.setswitchinterval(interval)
    assert sum(kept.get(key) is not None for key in range(97)) == 7
