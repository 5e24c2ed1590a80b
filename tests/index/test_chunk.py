"""Passages: whole sentences, exact offsets."""

import pytest
from hypothesis import given

from index.chunk import SIZE, chunk
from index.sentences import sentence_spans
from tests.strategies import any_text, prose

# 100 characters each, the space after it not counted: five fit in 600 with their spaces (5 x 101 - 1 = 504), six do not (605).
SENTENCES = [f"{number:02} " + "mot " * 24 + "." for number in range(20)]


def test_sentences_are_as_long_as_said() -> None:
    assert {len(sentence) for sentence in SENTENCES} == {100}
    assert SIZE == 600


def test_as_many_whole_sentences_as_fit() -> None:
    text = " ".join(SENTENCES[:12])
    assert [text[start:end] for start, end in chunk(text, sentence_spans(text, "fr"))] == [
        " ".join(SENTENCES[:5]),
        " ".join(SENTENCES[5:10]),
        " ".join(SENTENCES[10:12]),
    ]


def test_a_short_text_is_one_passage() -> None:
    assert chunk("  Une phrase. Une autre.\n", [(2, 13), (14, 24)]) == [(2, 24)]


@pytest.mark.parametrize("text", ["", " \n\n ", "\x1e", "\t"])
def test_nothing_to_hold(text: str) -> None:
    assert chunk(text, sentence_spans(text, "fr")) == []


def test_a_sentence_longer_than_a_passage_is_cut_at_spaces() -> None:
    words = ["abcdefghi"] * 100  # 10 characters each with the space: 60 words are 599 characters, 61 are 609
    text = " ".join(words) + "."
    spans = chunk(text, sentence_spans(text, "fr"))
    assert [text[start:end] for start, end in spans] == [" ".join(words[:60]), " ".join(words[60:]) + "."]


def test_a_word_longer_than_a_passage_is_cut_anywhere() -> None:
    text = "x" * 1500
    assert chunk(text, sentence_spans(text, "fr")) == [(0, 600), (600, 1200), (1200, 1500)]


def test_the_same_sentence_again_gets_its_own_place() -> None:
    text = "\n\n".join([SENTENCES[0]] * 12)
    spans = chunk(text, sentence_spans(text, "fr"))
    assert [start for start, _ in spans] == [0, 510, 1020]
    assert all(text[start:end].startswith("00 mot") for start, end in spans)


def check(text: str) -> None:
    spans = chunk(text, sentence_spans(text, "fr"))
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert text[start:end].strip()
        assert end - start <= SIZE
        last = end
    inside = {place for start, end in spans for place in range(start, end)}
    assert [place for place, char in enumerate(text) if not char.isspace() and place not in inside] == []


@given(any_text)
def test_passages_are_ordered_and_hold_every_visible_character_of_any_text(text: str) -> None:
    check(text)


@given(prose)
def test_passages_cut_no_sentence_that_fits(text: str) -> None:
    check(text)
    edges = {edge for span in chunk(text, sentence_spans(text, "fr")) for edge in span}
    for start, end in sentence_spans(text, "fr"):
        if end - start <= SIZE:
            assert not any(start < edge < end for edge in edges)
