"""Dates in texts, with those told from the day of writing."""

from itertools import pairwise

import pytest
from hypothesis import given

from qa.moments import moments
from tests.strategies import any_text

TUESDAY = "2025-01-14"


@pytest.mark.parametrize(
    ("text", "words", "date", "stated"),
    [
        ("Signé le 26 juin 2023 à Budapest.", "26 juin 2023", "2023-06-26", True),
        ("ce lundi 26 juin 2023", "lundi 26 juin 2023", "2023-06-26", True),
        ("On January 5, 2024, they met.", "January 5, 2024", "2024-01-05", True),
        ("le 14/07/2023", "14/07/2023", "2023-07-14", True),
        ("en juin 2023", "juin 2023", "2023-06", True),
        ("depuis 2021", "2021", "2021", True),
        ("(2019)", "2019", "2019", True),
        ("Dimanche dernier à Niamey", "Dimanche dernier", "2025-01-12", False),
        ("ce dimanche", "ce dimanche", "2025-01-12", False),
        ("mardi, il a dit", "mardi", "2025-01-14", False),
        ("mardi dernier", "mardi dernier", "2025-01-07", False),
        ("jeudi prochain", "jeudi prochain", "2025-01-16", False),
        ("on Sunday", "on Sunday", "2025-01-12", False),
        ("hier soir", "hier", "2025-01-13", False),
        ("aujourd’hui", "aujourd’hui", "2025-01-14", False),
        ("demain", "demain", "2025-01-15", False),
        ("en mars dernier", "en mars dernier", "2024-03", False),
        ("en décembre", "en décembre", "2024-12", False),
        ("en février", "en février", "2025-02", False),
        ("le 30 décembre", "30 décembre", "2024-12-30", False),
        ("le 3 mars", "3 mars", "2025-03-03", False),
        ("il y a trois ans", "il y a trois ans", "2022", False),
        ("two weeks ago", "two weeks ago", "2024-12-31", False),
        ("le mois dernier", "le mois dernier", "2024-12", False),
        ("l’année dernière", "l’année dernière", "2024", False),
        ("next year", "next year", "2026", False),
    ],
)
def test_a_date(text: str, words: str, date: str, stated: bool) -> None:
    (found,) = moments(text, TUESDAY)
    assert (text[found.start : found.end], found.date, found.stated) == (words, date, stated)


@pytest.mark.parametrize(
    "text",
    [
        "en 2000 soldats",
        "2023 soldats",
        "le 31 février 2023",
        "à 20 heures",
        "le 45 mars 2024",
        "il y a longtemps",
        "la maison",
        "mi-temps",
        "article 2019-12",
    ],
)
def test_no_date(text: str) -> None:
    assert moments(text, TUESDAY) == ()


def test_the_day_of_writing_must_be_known_to_its_day() -> None:
    assert moments("ce dimanche", "2025-01") == ()
    assert moments("ce dimanche") == ()
    # A day and a month only need the year to be about known.
    assert [moment.date for moment in moments("dimanche 3 mars", "2024")] == ["2024-03-03"]


def test_several_dates_stand_in_order_and_apart() -> None:
    text = "Né le 3 mars 1960, élu en 2011, il est parti dimanche."
    assert [(text[moment.start : moment.end], moment.date) for moment in moments(text, TUESDAY)] == [
        ("3 mars 1960", "1960-03-03"),
        ("2011", "2011"),
        ("dimanche", "2025-01-12"),
    ]


@given(any_text)
def test_any_text_is_read(text: str) -> None:
    found = moments(text, TUESDAY)
    assert all(0 <= moment.start < moment.end <= len(text) for moment in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
