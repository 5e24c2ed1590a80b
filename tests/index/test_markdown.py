"""Markdown to the text that a reader sees."""

import pytest
from hypothesis import given

from index.clean import clean
from index.markdown import strip_markdown
from tests.strategies import any_text


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        pytest.param("Un **accord** _signé_ ***lundi***.", "Un accord signé lundi.", id="emphasis"),
        pytest.param("Voir [le traité](https://exemple.bj/a) ici.", "Voir le traité ici.", id="link"),
        pytest.param("Avant ![photo](a.jpg) après", "Avant  après", id="image"),
        pytest.param("> Une citation", "Une citation", id="quote"),
        pytest.param("- un\n- deux", "un\ndeux", id="list"),
        pytest.param("Texte\n\n## Un intertitre ##\n\nSuite", "title: Un intertitre\nTexte\nSuite", id="first_heading_is_the_title"),
        pytest.param("# Titre\n\n## Intertitre\n\nTexte", "title: Titre\nIntertitre\nTexte", id="later_headings_are_lines"),
        pytest.param("a_b_c et 2 * 3 * 4", "a_b_c et 2 * 3 * 4", id="not_emphasis"),
        pytest.param("", "", id="empty"),
    ],
)
def test_strip_markdown(marked: str, plain: str) -> None:
    assert [line for line in strip_markdown(marked).split("\n") if line] == plain.split("\n") * bool(plain)


def test_front_matter_becomes_the_header() -> None:
    page = (
        '---\ntitle: "Accord : la pêche"\ndate: 2025-01-14T08:30:00Z\nurl: https://exemple.bj/a/b\nsource: Le Matin\ntags: [a, b]\n---\n\n'
        "# Autre titre\n\nLe Bénin a signé un accord mardi.\n"
    )
    document = clean(strip_markdown(page))
    metadata = document.metadata
    assert (metadata.title, metadata.published, metadata.url, metadata.source) == (
        "Accord : la pêche",
        "2025-01-14",
        "https://exemple.bj/a/b",
        "Le Matin",
    )
    assert document.text == "Le Bénin a signé un accord mardi."


@given(any_text)
def test_any_text_is_stripped(text: str) -> None:
    stripped = strip_markdown(text)
    assert {char for char in stripped if char.isalnum()} <= {char for char in text if char.isalnum()} | set("title")
