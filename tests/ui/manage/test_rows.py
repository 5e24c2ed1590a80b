"""The table of articles: search, filters, order, pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.manage.rows import SHOWN, Choice, Row, choose

ROWS = [
    Row(id="1", title="Été à Niamey", path="a.txt", source="Le Courrier", published="2023-06-26", language="fr", passages=3),
    Row(id="2", title="Accord signé", path="b.txt", source="Agence", published="2023", language="fr", passages=1),
    Row(id="3", title=None, path="notes/zinder.txt", source=None, published=None, language=None, passages=2),
    Row(id="4", title="A bridge", path="d.txt", source="The Post", published="2024-01", language="en", passages=9),
]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({}, "4213", id="by_title"),
        pytest.param({"order": "published"}, "2143", id="by_date_the_undated_last"),
        pytest.param({"order": "published", "descending": "1"}, "4123", id="newest_first_the_undated_last"),
        pytest.param({"order": "passages", "descending": "1"}, "4132", id="by_passages"),
        pytest.param({"order": "source"}, "2143", id="by_site"),
        pytest.param({"text": "ete NIAMEY"}, "1", id="words_without_accents"),
        pytest.param({"text": "zinder"}, "3", id="words_of_the_path"),
        pytest.param({"source": "Agence"}, "2", id="site"),
        pytest.param({"language": "en"}, "4", id="language"),
        pytest.param({"year": "2023"}, "21", id="year"),
        pytest.param({"year": "x", "order": "evil", "page": "-1"}, "", id="nonsense"),
        pytest.param({"page": "99"}, "4213", id="beyond_the_last_page"),
    ],
)
def test_choose(asked: dict[str, str], expected: str) -> None:
    assert "".join(row.id for row in choose(ROWS, Choice.of(asked)).rows) == expected


def test_pages() -> None:
    many = [
        Row(id=str(place), title=f"{place:04d}", path="", source=None, published=None, language=None, passages=1) for place in range(250)
    ]
    last = choose(many, Choice.of({"page": "3"}))
    assert (last.found, last.pages, len(last.rows), last.rows[0].id) == (250, 3, 50, str(2 * SHOWN))


@given(st.dictionaries(st.sampled_from(["text", "source", "language", "year", "order", "descending", "page"]), st.text(max_size=20)))
def test_no_address_breaks_the_table(asked: dict[str, str]) -> None:
    page = choose(ROWS, Choice.of(asked))
    assert len(page.rows) == page.found <= 4
