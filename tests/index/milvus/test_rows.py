"""Articles as rows, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.errors import StoreError
from index.milvus.engine import Row
from index.milvus.rows import article_rows, assembled, known_of, signature_of, version_of
from index.milvus.schema import PART, among, first_row, id_of, note_key, number_of, quoted
from index.source import make_entry
from tests.index.milvus.library import entry

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40).filter(lambda text: any(map(str.isalpha, text)))


@given(TEXT, st.integers(1, 900), st.none() | st.text(max_size=20), st.booleans())
def test_an_article_comes_back_as_it_went(words: str, times: int, title: str | None, sparse: bool) -> None:
    text = " ".join(f"Phrase {number} : {words}." for number in range(times))
    item = Article(id="0123456789ab", text=text, path="a.txt", digest="d", title=title, language="fr", origins={"title": "byline"})
    made = make_entry(item, "/press/a.txt", "/press")
    rows: list[Row] = list(article_rows(made, item.id, "first", words=sparse))
    (kept,) = assembled(reversed(rows))
    assert (kept.article, kept.article.origins) == (item, item.origins)
    assert (list(kept.spans), list(kept.sentences)) == (list(made.spans), list(made.sentences))
    assert (kept.location, kept.original, kept.version) == ("/press/a.txt", item.id, version_of(made))
    assert all(len(row["text"]) <= PART for row in rows)
    assert known_of(rows[0]) == (item.id, "/press/a.txt", "/press", "a.txt", "d")
    assert signature_of(rows[0]).to_bytes() == made.signature


def test_an_article_of_which_a_part_is_missing_is_none() -> None:
    made = entry(1, "Une phrase entière. " * 1_000)
    rows: list[Row] = list(article_rows(made, made.article.id, "first", words=True))
    assert len(rows) == 3
    assert not list(assembled(rows[1:]))


def test_rows_of_an_article_follow_each_other_and_meet_no_others() -> None:
    assert first_row("000000000001") - first_row("000000000000") == 32_768
    assert first_row("ffffffffffff") + 32_767 == 2**63 - 1
    assert id_of(number_of("00e1b2c3d4f5")) == "00e1b2c3d4f5"


@pytest.mark.parametrize("name", ["", "q1", "0123456789abc", "gggggggggggg"])
def test_ids_of_another_kind_are_refused(name: str) -> None:
    with pytest.raises(StoreError, match="is not of 12 hex digits"):
        number_of(name)


def test_conditions_are_quoted() -> None:
    assert quoted('l\'"écho"\\') == '"l\'\\"écho\\"\\\\"'
    assert among("source", ["a", "b"]) == 'source in ["a", "b"]'
    assert among("key", [1, 2]) == "key in [1, 2]"


def test_long_names_are_keyed_by_their_hash() -> None:
    assert note_key("term", "w", "mil") == "term/w/mil"
    assert note_key("term", "w", "9" * 2_000).startswith("term/w/#")
    assert len(note_key("term", "w", "9" * 2_000)) == 72
