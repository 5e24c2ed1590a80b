"""Dates as sources write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import find_date, first_day, last_day, parse_date, parse_day_of_month
from tests.index.date_forms import FORMS

press_dates = st.dates(date(1900, 1, 1), date(2099, 12, 31))
MONTHS_FR = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2023-07-14", "2023-07-14", id="iso"),
        pytest.param("2024-01-19T12:57+0100", "2024-01-19", id="time_stamp"),
        pytest.param("2023-07", "2023-07", id="iso_month"),
        pytest.param("14/07/2023", "2023-07-14", id="slashes"),
        pytest.param("19.01.2024", "2024-01-19", id="full_stops"),
        pytest.param("le lundi 26 juin 2023 à Budapest", "2023-06-26", id="french"),
        pytest.param("1er mars 2024", "2024-03-01", id="first_of_the_month"),
        pytest.param("3 déc. 2023", "2023-12-03", id="short_month"),
        pytest.param("15 AOÛT 2022", "2022-08-15", id="capitals"),
        pytest.param("July 14, 2023", "2023-07-14", id="english"),
        pytest.param("March 3rd, 2024", "2024-03-03", id="english_ordinal"),
        pytest.param("14 of July 2023", "2023-07-14", id="english_day_first"),
        pytest.param("Sept. 5, 2021", "2021-09-05", id="english_short"),
        pytest.param("juillet 2023", "2023-07", id="month_and_year"),
        pytest.param("en 2023", "2023", id="year"),
        pytest.param("1999", "1999", id="last_century"),
        pytest.param("2024-02-29", "2024-02-29", id="leap_day"),
        pytest.param("aucun", None, id="none"),
        pytest.param("", None, id="empty"),
        pytest.param("12023", None, id="year_inside_a_number"),
        pytest.param("1823", None, id="before_the_press_of_this_collection"),
        pytest.param("tel. 0620241234", None, id="telephone"),
        pytest.param("0000-00-00", None, id="zeros"),
    ],
)
def test_parse_date(text: str, expected: str | None) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(("text", "stated"), FORMS.items(), ids=FORMS)
def test_forms_of_dates(text: str, stated: str | None) -> None:
    assert find_date(text) == stated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ce lundi 26 juin 2023", "2023-06-26", id="the_right_weekday"),
        pytest.param("ce mardi 26 juin 2023", "2023-06", id="another_weekday"),
        pytest.param("Tuesday, June 26, 2023", "2023-06", id="another_weekday_in_english"),
        pytest.param("lundi le 26/06/2023", "2023-06-26", id="in_numbers"),
        pytest.param("juin 2023", "2023-06", id="month"),
    ],
)
def test_a_weekday_must_be_that_of_its_date(text: str, expected: str) -> None:
    assert find_date(text) == expected


def test_of_a_day_that_is_none_a_question_means_the_rest() -> None:
    assert (parse_date("30 février 2023"), find_date("30 février 2023")) == ("2023-02", None)
    assert (parse_date("31/02/2023"), find_date("31/02/2023")) == ("2023", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aug 9", "--08-09"),
        ("9 août", "--08-09"),
        ("1er mars", "--03-01"),
        ("29 février", "--02-29"),
        ("30 février", None),
        ("août", None),
        ("12 morts", None),
    ],
)
def test_a_day_without_a_year(text: str, expected: str | None) -> None:
    assert parse_day_of_month(text) == expected


@given(press_dates)
def test_an_iso_date_is_read_back(day: date) -> None:
    assert parse_date(day.isoformat()) == day.isoformat()
    assert parse_date(day.isoformat()[:7]) == day.isoformat()[:7]


@given(press_dates)
def test_a_written_date_is_read(day: date) -> None:
    assert parse_date(f"publié le {day.day} {MONTHS_FR[day.month - 1]} {day.year}") == day.isoformat()
    assert parse_date(f"{day:%d/%m/%Y}") == day.isoformat()
    assert parse_date(f"{MONTHS_FR[day.month - 1]} {day.year}") == day.isoformat()[:7]


@given(st.text())
def test_any_text_gives_a_real_date_or_none(text: str) -> None:
    found = parse_date(text)
    assert found is None or first_day(found) <= last_day(found)


@pytest.mark.parametrize(
    ("published", "first", "last"),
    [
        pytest.param("2023", date(2023, 1, 1), date(2023, 12, 31), id="year"),
        pytest.param("2023-07", date(2023, 7, 1), date(2023, 7, 31), id="month"),
        pytest.param("2023-12", date(2023, 12, 1), date(2023, 12, 31), id="december"),
        pytest.param("2024-02", date(2024, 2, 1), date(2024, 2, 29), id="leap_february"),
        pytest.param("2023-07-14", date(2023, 7, 14), date(2023, 7, 14), id="day"),
    ],
)
def test_days_that_a_date_can_mean(published: str, first: date, last: date) -> None:
    assert (first_day(published), last_day(published)) == (first, last)
