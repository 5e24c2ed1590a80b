"""The fixed words around quotes."""

from datetime import date

import pytest

from qa.phrases import age, agreement, difference, foreign, verdict, written

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        ("2023", "2023", "2023"),
        ("2023-08", "août 2023", "August 2023"),
        ("2023-06-26", "26 juin 2023", "26 June 2023"),
        ("2023-05-01", "1er mai 2023", "1 May 2023"),
    ],
)
def test_dates_are_written_as_readers_do(day: str, french: str, english: str) -> None:
    assert (written(day, "fr"), written(day, "en")) == (french, english)


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (["2023-06-26", "2021"], "L’article cité le plus récent date du 26 juin 2023 (il y a 3 ans)."),
        (["2025-01"], "L’article cité le plus récent date de janvier 2025 (il y a un an)."),
        (["2026-05-01", "2019"], None),
        (["2025-11-24"], None),
        (["2019", None], None),
        ([None], None),
        ([], None),
    ],
)
def test_old_sources_are_said_to_be(published: list[str | None], said: str | None) -> None:
    assert age(published, TODAY, "fr") == said


def test_sources_that_agree_or_differ() -> None:
    assert agreement([1, 3], "fr") == "2 sources indépendantes concordent : [1] [3]."
    assert difference([("3 ponts", 1), ("5 ponts", 2)], "fr") == "Les sources divergent : **3 ponts** [1], **5 ponts** [2]."
    assert difference([("3", 1), ("5", 2)], "en") == "The sources differ: **3** [1], **5** [2]."


@pytest.mark.parametrize(
    ("languages", "question", "said"),
    [
        (["fr", None], "en", "Source in French, quoted as published."),
        (["en"], "fr", "Source en anglais, citée telle que publiée."),
        (["de"], "fr", "Source dans une autre langue que la question, citée telle que publiée."),
        (["de", "en"], "fr", "Source dans une autre langue que la question, citée telle que publiée."),
        (["fr"], "fr", None),
        ([None], "en", None),
    ],
)
def test_a_source_in_another_language_is_said(languages: list[str | None], question: str, said: str | None) -> None:
    assert foreign(languages, question) == said


def test_yes_and_no() -> None:
    assert [verdict(yes, tongue) for tongue in ("fr", "en") for yes in (True, False)] == ["Oui", "Non", "Yes", "No"]
