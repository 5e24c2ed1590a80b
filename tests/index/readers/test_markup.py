"""Pieces of HTML and plain fields to paragraphs."""

import pytest

from index.readers.markup import field_text, fragment_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>Un été.</p><p>Deux <b>mots</b></p>", "Un été.\n\nDeux mots", id="paragraphs"),
        pytest.param("Un<br/>deux<script>x()</script>", "Un\n\ndeux", id="line_break_and_script"),
        pytest.param("a &lt;b&gt; &amp; c", "a <b> & c", id="entities"),
        pytest.param("<noscript><p>x</p></noscript><p>y</p>z", "y\n\nz", id="hidden"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_fragments(markup: str, text: str) -> None:
    assert fragment_text(markup) == text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        pytest.param("Un.\nDeux.", "Un.\n\nDeux.", id="a_paragraph_a_line"),
        pytest.param("Un.\r\n\r\nDeux\r\nsuite.", "Un.\n\nDeux\nsuite.", id="empty_lines_part"),
        pytest.param("Un &eacute;t&eacute; &#8211; deux", "Un été – deux", id="entities_alone"),
        pytest.param("si a < b et c > d", "si a < b et c > d", id="signs_are_no_tags"),
        pytest.param("<p>Un</p>", "Un", id="markup"),
    ],
)
def test_fields(field: str, text: str) -> None:
    assert field_text(field) == text
