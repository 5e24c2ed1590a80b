import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.hostile import CORPUS, Elements
from ui.marks import MOST, Mark, marks, paragraphs, span

TEXT = "Premier & dernier.\n\nDeuxième ligne\nsuite.\n\n\nTroisième."


def marked(start: str | None = None, end: str | None = None, also: str | None = None, text: str = TEXT) -> list[str]:
    return list(paragraphs(text, marks(text, start, end, also)))


FIRST, SECOND, THIRD = "Premier &amp; dernier.", "Deuxième ligne\nsuite.", "Troisième."


@pytest.mark.parametrize(
    ("start", "end", "html"),
    [
        pytest.param(
            "0", "7",
            ['<span id="quote-1"><mark id="quote" class="chosen" data-quote="1">Premier</mark></span> &amp; dernier.', SECOND, THIRD],
            id="word",
        ),
        pytest.param(
            "8", "28",
            [
                'Premier <span id="quote-1"><mark id="quote" class="chosen" data-quote="1">&amp; dernier.</mark></span>',
                '<mark class="chosen" data-quote="1">Deuxième</mark> ligne\nsuite.', THIRD,
            ],
            id="across_paragraphs",
        ),
        pytest.param(
            "44", "54",
            [FIRST, SECOND, '<span id="quote-1"><mark id="quote" class="chosen" data-quote="1">Troisième.</mark></span>'],
            id="to_the_end",
        ),
    ],
)  # fmt: skip
def test_the_quote_is_marked_where_it_stands(start: str, end: str, html: list[str]) -> None:
    assert marked(start, end) == html


def test_the_other_quotes_are_numbered_in_the_order_of_the_text() -> None:
    assert marked("20", "28", "44-54,0-7") == [
        '<mark id="quote-1" data-quote="1">Premier</mark> &amp; dernier.',
        '<span id="quote-2"><mark id="quote" class="chosen" data-quote="2">Deuxième</mark></span> ligne\nsuite.',
        '<mark id="quote-3" data-quote="3">Troisième.</mark>',
    ]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (None, None), ("0", None), (None, "5"), ("", ""), ("-1", "5"), ("5", "5"), ("9", "3"), ("0", "999"), ("a", "b"), ("1.0", "5"),
        ("²", "5"), ("٣", "9"), ("0", "9" * 5000), ("<script>", "5"), (" 1", "5"), ("1\n", "5"), ("1_0", "20"),
    ],
)  # fmt: skip
def test_numbers_that_do_not_fit_show_the_article_without_a_mark(start: str | None, end: str | None) -> None:
    assert span(TEXT, start, end) == (0, 0)
    assert marked(start, end) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    ("start", "end", "also", "found"),
    [
        pytest.param("0", "7", "0-7", [(0, 7, True)], id="the_same"),
        pytest.param("4", "9", "0-6", [(0, 9, True)], id="overlapping"),
        pytest.param("0", "9", "10-12,11-15", [(0, 9, True), (10, 15, False)], id="two_overlap"),
        pytest.param("0", "7", "7-9", [(0, 7, True), (7, 9, False)], id="touching"),
        pytest.param(None, None, "7-9,0-3", [(0, 3, True), (7, 9, False)], id="none_chosen"),
        pytest.param("0", "7", "18-20,42-44", [(0, 7, True)], id="between_paragraphs"),
        pytest.param("0", "999", "7-9", [(7, 9, True)], id="chosen_does_not_fit"),
        pytest.param("0", "7", "8-,x,-9,9-8,8-9-10,,10-12", [(0, 7, True), (10, 12, False)], id="some_are_wrong"),
    ],
)
def test_quotes_stand_apart(start: str | None, end: str | None, also: str, found: list[tuple[int, int, bool]]) -> None:
    assert marks(TEXT, start, end, also) == tuple(Mark(start=first, end=last, chosen=chosen) for first, last, chosen in found)


def test_an_address_marks_no_more_than_it_may() -> None:
    text = "a b " * 1000
    many = ",".join(f"{4 * number}-{4 * number + 1}" for number in range(1000))
    assert len(marks(text, None, None, many)) == MOST
    assert marks(text, None, None, "," * 1_000_000) == ()


@given(text=st.text(max_size=60), places=st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=8))
def test_marking_changes_no_word(text: str, places: list[tuple[int, int]]) -> None:
    also = ",".join(f"{start}-{end}" for start, end in places)
    found = marks(text, None, None, also)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert sum(mark.chosen for mark in found) == bool(found)
    seen = [re.sub(r"</?(?:mark|span)[^>]*>", "", html) for html in paragraphs(text, found)]
    assert seen == list(paragraphs(text, ()))
    html = "".join(paragraphs(text, found))
    assert [html.count(f' id="quote-{number}"') for number in range(1, len(found) + 1)] == [1] * len(found)


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS.keys())
def test_nothing_an_article_says_becomes_markup(text: str) -> None:
    html = "".join(marked("0", str(len(text)), f"2-{len(text)}", text))
    assert Elements(html).dangers == []
    assert set(Elements(html).tags) <= {"mark", "span"}
