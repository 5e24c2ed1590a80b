"""Which language a text or a question is written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import article_language, question_language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Qui a signé l'accord ?", "fr"),
        ("Quand ?", "fr"),
        ("Où se trouve Niamey ?", "fr"),
        ("QUI EST LE MINISTRE", "fr"),
        ("coopération", "fr"),
        ("Who signed the deal?", "en"),
        ("When?", "en"),
        ("Where is Niamey?", "en"),
        ("how many soldiers", "en"),
        ("What about Hungary?", "en"),
        ("Niger", "fr"),
        ("Budapest 2023", "fr"),
        ("", "fr"),
        ("?!", "fr"),
    ],
)
def test_question_language(question: str, language: str) -> None:
    assert question_language(question) == language


def test_the_default_is_for_what_does_not_show() -> None:
    assert question_language("Budapest 2023", default="en") == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("Le ministre de la Défense a signé un accord avec la Hongrie.", "fr", id="french"),
        pytest.param("The minister of defence has signed an agreement with Hungary.", "en", id="english"),
        pytest.param("Der Minister hat am Montag in Budapest ein Abkommen mit Ungarn unterzeichnet.", "de", id="german"),
        pytest.param("El ministro de Defensa firmó un acuerdo de cooperación con Hungría el lunes pasado en Budapest.", "es", id="spanish"),
        pytest.param(
            "Il ministro della Difesa ha firmato lunedì a Budapest un accordo di cooperazione con l'Ungheria.", "it", id="italian"
        ),
        pytest.param("Un deux trois", None, id="too_short"),
        pytest.param("", None, id="empty"),
        pytest.param("12 34 56 78 90 12", None, id="no_words"),
    ],
)
def test_article_language(text: str, language: str | None) -> None:
    assert article_language(text) == language


@given(st.text(max_size=200))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert question_language(text) in ("fr", "en")
    found = article_language(text)
    assert found is None or (len(found) == 2 and found.isalpha())
