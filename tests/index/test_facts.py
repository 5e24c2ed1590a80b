"""Sources and dates as columns."""

from datetime import date

import numpy as np
import pytest

from index.facts import Facts

FACTS = Facts(
    ids=("a", "b", "c", "d"),
    sources=("Le Matin", None, "Le Soir", "Le Matin"),
    published=("2024-03", "2023", None, "2024-03-05"),
    first=np.array([0, 2, 2, 5]),
    passages=np.array([2, 0, 3, 1]),
    originals=np.arange(4),
)
NONE = Facts(ids=(), sources=(), published=(), first=np.zeros(0, np.int64), passages=np.zeros(0, np.int64), originals=np.zeros(0, np.int64))


def test_rows_are_those_of_the_articles_chosen() -> None:
    assert FACTS.rows(np.array([True, True, False, True])).tolist() == [0, 1, 5]
    assert FACTS.rows(np.array([False, True, True, False])).tolist() == [2, 3, 4]


def test_articles_of_a_source() -> None:
    assert FACTS.from_source(lambda site: site == "Le Matin").tolist() == [True, False, False, True]
    assert FACTS.from_source(lambda site: True).tolist() == [True, False, True, True]


@pytest.mark.parametrize(
    ("begin", "end", "inside"),
    [
        pytest.param(date(2024, 3, 10), None, [True, False, False, False], id="a_month_may_be_any_of_its_days"),
        pytest.param(date(2023, 12, 31), date(2024, 3, 5), [True, True, False, True], id="both_ends_count"),
        pytest.param(None, date(2023, 1, 1), [False, True, False, False], id="open_begin"),
        pytest.param(None, None, [True, True, False, True], id="undated_never"),
    ],
)
def test_articles_of_a_period(begin: date | None, end: date | None, inside: list[bool]) -> None:
    assert FACTS.within(begin, end).tolist() == inside


def test_articles_but_some() -> None:
    assert FACTS.without({"a", "d", "none"}).tolist() == [False, True, True, False]


def test_dates_and_sites_stand_once_and_in_order() -> None:
    assert FACTS.dates == ("2023", "2024-03", "2024-03-05")
    assert FACTS.sites == ("Le Matin", "Le Soir")


def test_no_articles() -> None:
    assert NONE.rows(NONE.within(date(2024, 1, 1), None)).tolist() == []
    assert NONE.rows(NONE.from_source(lambda site: True)).tolist() == []
    assert (NONE.dates, NONE.sites) == ((), ())


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        pytest.param([True, True, True, True], [True, False, True, False], id="the_original_of_each_cluster"),
        pytest.param([True, True, False, True], [True, True, False, False], id="without_the_original_its_first_copy"),
        pytest.param([False, False, False, True], [False, False, False, True], id="the_only_one_left"),
        pytest.param([False, False, False, False], [False, False, False, False], id="none"),
    ],
)
def test_of_copies_one_is_searched(chosen: list[bool], kept: list[bool]) -> None:
    # The second and the fourth are copies of the third.
    facts = Facts(
        ids=("a", "b", "c", "d"), sources=(None,) * 4, published=(None,) * 4, first=np.arange(4), passages=np.ones(4, np.int64),
        originals=np.array([0, 2, 2, 2]),
    )  # fmt: skip
    assert facts.once(np.array(chosen)).tolist() == kept
    assert facts.has_copies
    assert facts.rows(np.array(chosen)).tolist() == np.flatnonzero(kept).tolist()


def test_without_copies_everything_is_searched() -> None:
    assert FACTS.without_copies is None
