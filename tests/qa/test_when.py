"""The period that a question names."""

from datetime import date

import pytest

from qa.when import Period, latest, period

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        pytest.param("Quel accord en décembre 2023 ?", date(2023, 12, 1), date(2023, 12, 31), id="month"),
        pytest.param("Que s'est-il passé le 26 juillet 2023 ?", date(2023, 7, 26), date(2023, 7, 26), id="day"),
        pytest.param("What happened on July 26, 2023?", date(2023, 7, 26), date(2023, 7, 26), id="day_english"),
        pytest.param("le 31 février 2023", date(2023, 2, 1), date(2023, 2, 28), id="impossible_day"),
        pytest.param("Le coup d'État de 2021", date(2021, 1, 1), date(2021, 12, 31), id="year"),
        pytest.param("Qui dirige le port depuis mars 2022 ?", date(2022, 3, 1), None, id="since"),
        pytest.param("since 2022", date(2022, 1, 1), None, id="since_english"),
        pytest.param("après 2020", date(2021, 1, 1), None, id="strictly_after"),
        pytest.param("avant mai 2020", None, date(2020, 4, 30), id="strictly_before"),
        pytest.param("jusqu'en 2021", None, date(2021, 12, 31), id="until"),
        pytest.param("depuis 2019 et avant 2021", date(2019, 1, 1), date(2020, 12, 31), id="since_and_before"),
        pytest.param("entre 2019 et mars 2021", date(2019, 1, 1), date(2021, 3, 31), id="between"),
        pytest.param("from 2019 to 2021", date(2019, 1, 1), date(2021, 12, 31), id="from_to"),
        pytest.param("dans les années 1990", date(1990, 1, 1), date(1999, 12, 31), id="decade"),
        pytest.param("in the 1990s", date(1990, 1, 1), date(1999, 12, 31), id="decade_english"),
        pytest.param("l'année dernière", date(2025, 1, 1), date(2025, 12, 31), id="last_year"),
        pytest.param("this year", date(2026, 1, 1), date(2026, 12, 31), id="this_year"),
        pytest.param("le mois dernier", date(2026, 10, 1), date(2026, 10, 31), id="last_month"),
        pytest.param("la semaine dernière", date(2026, 11, 16), date(2026, 11, 22), id="last_week"),
        pytest.param("hier", date(2026, 11, 22), date(2026, 11, 22), id="yesterday"),
        pytest.param("récemment", date(2026, 8, 23), TODAY, id="recently"),
        pytest.param("il y a deux semaines", date(2026, 11, 6), date(2026, 11, 12), id="weeks_ago"),
        pytest.param("10 days ago", date(2026, 11, 13), date(2026, 11, 13), id="days_ago"),
    ],
)
def test_a_period_is_read(text: str, begin: date | None, end: date | None) -> None:
    assert period(text, TODAY) == Period(begin=begin, end=end)


@pytest.mark.parametrize(
    "text",
    [
        "Que dit l'article 2019 du code ?", "Combien des 2 000 hommes sont partis ?", "la loi 2023-123", "Qu'est-ce que l'Agenda 2063 ?",
        "Qui a gagné la Coupe du monde 2018 ?", "Qui a signé l'accord ?", "il y a mille ans", "",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_period_is_none(text: str) -> None:
    assert period(text, TODAY) is None


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        pytest.param("2023-07-14", 1.0, id="day_within"),
        pytest.param("2023-07", 1.0, id="month_within"),
        pytest.param("2023", 0.5, id="year_around"),
        pytest.param("2023-08-05", 0.5, id="soon_after"),
        pytest.param("2023-08-20", 0.0, id="long_after"),
        pytest.param("2023-06-30", 0.0, id="before"),
    ],
)
def test_how_far_a_date_lies_in_july(published: str, expected: float) -> None:
    assert Period(begin=date(2023, 7, 1), end=date(2023, 7, 31)).holds(published) == expected


def test_open_periods() -> None:
    assert Period(begin=date(2023, 1, 1)).holds("2031-01-01") == 1.0
    assert Period(end=date(2023, 1, 1)).holds("1950") == 1.0
    assert Period(begin=date(2023, 1, 1)).holds("2022-12-31") == 0.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Quel est le dernier accord ?", True), ("Who is the current minister?", True), ("Qui a signé l'accord ?", False)],
)  # fmt: skip
def test_whether_the_latest_is_wanted(text: str, expected: bool) -> None:
    assert latest(text) == expected
