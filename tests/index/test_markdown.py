"""Markdown to the text that a reader sees."""

import pytest
from hypothesis import given

from index.clean import clean
from index.markdown import read_markdown, strip_markdown
from index.metadata import Metadata
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


BODY = "Le Bénin a signé un accord mardi."


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        pytest.param(
            "canonical_url: https://exemple.bj/a\npublishDate: 2025-01-14",
            Metadata(url="https://exemple.bj/a", published="2025-01-14"),
            id="names_of_columns",
        ),
        pytest.param("title: Un accord\nlang: fr-FR", Metadata(title="Un accord", language="fr"), id="plain"),
        pytest.param("titre: Un accord\nauteur: Ali Moussa", Metadata(title="Un accord", author="Ali Moussa"), id="french_names"),
        pytest.param("authors:\n  - Ali Moussa\n  - Jean Sarr", Metadata(author="Ali Moussa, Jean Sarr"), id="a_list"),
        pytest.param("author: {name: Ali Moussa, email: a@exemple.ne}", Metadata(author="Ali Moussa"), id="a_mapping"),
        pytest.param("authors: [{name: Ali Moussa}, Jean Sarr]", Metadata(author="Ali Moussa, Jean Sarr"), id="a_list_of_both"),
        pytest.param("title: >\n  Un accord\n  de pêche", Metadata(title="Un accord de pêche"), id="folded_lines"),
        pytest.param("date: 2023-02-31", Metadata(), id="no_such_day"),
        pytest.param("date: 2023-06-26 10:00:00 +0100", Metadata(published="2023-06-26"), id="a_time"),
        pytest.param(
            "title: Accord : la pêche\ndate: 2023-06", Metadata(title="Accord : la pêche", published="2023-06"), id="a_stray_colon"
        ),
        pytest.param('title: "Un accord\ndate: 2023-06-26', Metadata(title="Un accord", published="2023-06-26"), id="an_open_quote"),
        pytest.param("- un\n- deux", Metadata(), id="no_mapping"),
        pytest.param("title: [", Metadata(title="["), id="an_open_list"),
        pytest.param("title: !!python/object:os.system x", Metadata(title="x"), id="an_object"),
        pytest.param("a: &a [x, x]\nb: &b [*a, *a]\ntitle: *b", Metadata(), id="aliases"),
        pytest.param("canonical: https://exemple.bj/a\nsource: https://exemple.bj/b", Metadata(url="https://exemple.bj/a"), id="addresses"),
    ],
)
def test_front_matter(matter: str, expected: Metadata) -> None:
    body, metadata = read_markdown(f"---\n{matter}\n---\n{BODY}\n")
    assert metadata == expected
    assert body.strip() == BODY


def test_a_heading_is_the_title_where_the_front_matter_gives_none() -> None:
    body, metadata = read_markdown(f"---\ndate: 2023\n---\n# Un **accord**\n\n{BODY}")
    assert (metadata.title, metadata.origins) == ("Un accord", {"title": "heading", "published": "front matter"})
    assert body.strip() == BODY


def test_a_heading_that_says_the_title_again_is_left_out() -> None:
    body, metadata = read_markdown(f"---\ntitle: Un accord\n---\n\n# Un **Accord**\n\n{BODY}")
    assert (metadata.title, body.strip()) == ("Un accord", BODY)
    body, _ = read_markdown(f"---\ntitle: Un accord\n---\n# Un vote\n\n{BODY}")
    assert body.strip() == f"Un vote\n{BODY}"
