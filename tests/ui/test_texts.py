import re
from dataclasses import fields
from datetime import date

import pytest

from ui.texts import TEXTS, Texts, age_in_words, count_in_words, date_in_words, duration_in_words, period_in_words, preferred, spoken

NAMES = [field.name for field in fields(Texts)]


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_everything_with_the_same_blanks(name: str) -> None:
    french, english = getattr(TEXTS["fr"], name), getattr(TEXTS["en"], name)
    assert french.strip()
    assert english.strip()
    assert re.findall(r"\{\w*\}", french) == re.findall(r"\{\w*\}", english)


@pytest.mark.parametrize("name", NAMES)
def test_french_typography(name: str) -> None:
    text = getattr(TEXTS["fr"], name)
    assert not re.search(r"[^\u202f][;:!?»]", text), "a narrow no-break space goes before ; : ! ? »"
    assert "'" not in text
    assert '"' not in text


@pytest.mark.parametrize("name", NAMES)
def test_english_typography(name: str) -> None:
    text = getattr(TEXTS["en"], name)
    assert not re.search(r"\s[;:!?]", text)
    assert "'" not in text


@pytest.mark.parametrize(
    ("published", "french", "english"),
    [
        pytest.param("2023-06-26", "26 juin 2023", "26 June 2023", id="day"),
        pytest.param("2023-07-01", "1er juillet 2023", "1 July 2023", id="first"),
        pytest.param("2023-07", "juillet 2023", "July 2023", id="month"),
        pytest.param("2023", "2023", "2023", id="year"),
        pytest.param(None, "non daté", "undated", id="unknown"),
        pytest.param("", "non daté", "undated", id="empty"),
        pytest.param("2023-13", "2023-13", "2023-13", id="no_such_month"),
        pytest.param("hier", "hier", "hier", id="not_a_date"),
    ],
)
def test_dates_keep_their_precision(published: str | None, french: str, english: str) -> None:
    assert date_in_words(published, "fr") == french
    assert date_in_words(published, "en") == english


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        pytest.param("2023-07", "2024-01-19", "juillet 2023 – 19 janvier 2024", id="period"),
        pytest.param("2023-07", "2023-07", "juillet 2023", id="one_date"),
        pytest.param(None, None, "", id="undated"),
    ],
)
def test_period(earliest: str | None, latest: str | None, words: str) -> None:
    assert period_in_words(earliest, latest, "fr") == words


@pytest.mark.parametrize(
    ("header", "language"),
    [
        pytest.param(None, "fr", id="absent"),
        pytest.param("", "fr", id="empty"),
        pytest.param("fr-FR,fr;q=0.9,en;q=0.8", "fr", id="french_first"),
        pytest.param("en-US,en;q=0.9", "en", id="english"),
        pytest.param("en;q=0.5, fr;q=0.9", "fr", id="weights_not_order"),
        pytest.param("fr;q=0.5, en-GB;q=0.9", "en", id="english_preferred"),
        pytest.param("de-DE,de;q=0.9,en;q=0.6", "en", id="english_is_the_only_one_we_speak"),
        pytest.param("de-DE", "fr", id="neither"),
        pytest.param("*", "fr", id="any"),
        pytest.param("en;q=0", "fr", id="english_refused"),
        pytest.param("en;q=plenty", "fr", id="not_a_number"),
        pytest.param("EN", "en", id="upper_case"),
        pytest.param("enm", "fr", id="middle_english_is_not_english"),
    ],
)
def test_the_browser_chooses_the_language(header: str | None, language: str) -> None:
    assert preferred(header) == language


def test_counts_and_durations() -> None:
    assert count_in_words(1, "1 article", "{count} articles", "fr") == "1 article"
    assert count_in_words(0, "1 article", "{count} articles", "en") == "0 articles"
    assert count_in_words(12345, "1 article", "{count} articles", "fr") == "12\u202f345 articles"
    assert count_in_words(12345, "1 article", "{count} articles", "en") == "12,345 articles"
    assert duration_in_words(0.0001, "fr") == "1 ms"
    assert duration_in_words(0.0123, "fr") == "12 ms"
    assert duration_in_words(1.234, "fr") == "1,2 s"
    assert duration_in_words(1.234, "en") == "1.2 s"


def test_languages_we_do_not_speak_get_french() -> None:
    assert [spoken(language) for language in ("en", "fr", "de", None)] == ["en", "fr", "fr", "fr"]


@pytest.mark.parametrize(
    ("published", "french", "english"),
    [
        pytest.param("2026-11-23", "aujourd’hui", "today", id="today"),
        pytest.param("2026-11-22", "hier", "yesterday", id="yesterday"),
        pytest.param("2026-10-24", "il y a 30 jours", "30 days ago", id="days"),
        pytest.param("2026-10-20", "il y a 1 mois", "1 month ago", id="month"),
        pytest.param("2025-11-24", "il y a 11 mois", "11 months ago", id="not_yet_a_year"),
        pytest.param("2025-11-23", "il y a 1 an", "1 year ago", id="year"),
        pytest.param("2023-07", "il y a 3 ans", "3 years ago", id="years"),
        pytest.param("2024", "il y a 2 ans", "2 years ago", id="year_alone"),
        pytest.param("2026-11", "", "", id="this_month"),
        pytest.param("2026", "", "", id="this_year"),
        pytest.param("2027-01-01", "", "", id="to_come"),
        pytest.param("2025-02-30", "", "", id="no_such_day"),
        pytest.param("hier", "", "", id="not_a_date"),
        pytest.param(None, "", "", id="unknown"),
    ],
)
def test_ages(published: str | None, french: str, english: str) -> None:
    today = date(2026, 11, 23)
    assert (age_in_words(published, today, "fr"), age_in_words(published, today, "en")) == (french, english)
