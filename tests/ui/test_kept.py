import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from qa.answer import Answer, Citation, Copy, Fact
from qa.trace import Trace
from tests.ui.render.turns import ARTICLE, BARE, answered, changed, hit, refused
from ui.kept import TURNS, document, read_kept, rebuilt
from ui.render import Turn

GONE = Trace(held=False, gone=True)


@dataclass
class Library:
    """The articles of a collection, and what it tells of quotes that stand in none of them."""

    articles: Mapping[str, Article] = field(default_factory=lambda: {ARTICLE.id: ARTICLE, BARE.id: BARE})
    told: Trace = GONE

    def article(self, article_id: str) -> Article | None:
        return self.articles.get(article_id)

    def trace(self, citation: Citation) -> Trace:
        return self.told


def sent(*turns: Turn | dict[str, Any], name: str = "c1") -> str:
    """What a browser that kept `turns` sends."""
    return json.dumps({"id": name, "turns": [turn if isinstance(turn, dict) else document(turn) for turn in turns]})


def edited(turn: Turn, **fields: Any) -> dict[str, Any]:
    """What a browser keeps of `turn`, with other things in its answer."""
    kept = document(turn)
    return {**kept, "answer": {**kept["answer"], **fields}}


def test_what_is_kept_comes_back_as_it_was() -> None:
    copy = Copy(article_id=BARE.id, title=None, source="L’Écho", path="e", published="2024", link="/x")
    turn = changed(
        answered(ARTICLE, BARE), leads=("**Lundi**", ""), notes=("Note.",), facts=(Fact(number=1, start=0, end=2, text="Le"),), further=1,
        understood="Quand ?", confidence=0.5, searched=("pont",),
    )  # fmt: skip
    assert turn.answer is not None
    first = replace(turn.answer.citations[0], copies=(copy,))
    turn = replace(changed(turn, citations=(first, turn.answer.citations[1])), verdict="down")
    kept = read_kept(sent(turn, refused(BARE)), Library())
    assert kept.turns == (turn, refused(BARE))
    assert (kept.id, kept.damaged) == ("c1", False)


def test_passages_behind_an_answer_are_kept_without_their_words() -> None:
    kept = read_kept(sent(changed(answered(ARTICLE), passages=(hit(BARE),))), Library())
    assert kept.turns[0].answer is not None
    assert kept.turns[0].answer.passages == (replace(hit(BARE), text=""),)


def test_a_question_without_its_answer_is_kept() -> None:
    assert read_kept(sent(Turn(question="Quand ?")), Library()).turns == (Turn(question="Quand ?", left=True),)


@pytest.mark.parametrize("text", [None, ""], ids=["none", "empty"])
def test_nothing_kept(text: str | None) -> None:
    assert read_kept(text, Library()).turns == ()
    assert not read_kept(text, Library()).damaged


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "null", '{"turns": []}',
     '{"id": 3, "turns": []}', '{"id": "", "turns": {}}', "[" * 100_000, "9" * 5_000, 7, "x" * 2_000_001],
    ids=["cut", "list", "null", "no_id", "number_id", "no_list", "deep", "number", "not_text", "too_long"],
)  # fmt: skip
def test_what_cannot_be_read_is_said_to_be_damaged(text: Any) -> None:
    kept = read_kept(text, Library())
    assert kept.turns == ()
    assert kept.damaged


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"question": ""}, id="no_question"),
        pytest.param({"question": "x" * 4001}, id="long_question"),
        pytest.param({"question": "half a pair \ud800"}, id="surrogate"),
        pytest.param({"question": "Quand ?", "answer": "oui"}, id="answer_is_text"),
        pytest.param({"question": "Quand ?", "answer": {"answered": True}}, id="answer_lacks_fields"),
        pytest.param(edited(answered(ARTICLE), seconds="1"), id="time_is_text"),
        pytest.param(edited(answered(ARTICLE), seconds=float("nan")), id="time_is_no_number"),
        pytest.param(edited(answered(ARTICLE), answered=1), id="number_for_truth"),
        pytest.param(edited(answered(ARTICLE), notes="abc"), id="text_for_a_list"),
        pytest.param(edited(answered(ARTICLE), notes=["n"] * 101), id="long_list"),
        pytest.param(edited(answered(ARTICLE), text="x" * 20_001), id="long_text"),
        pytest.param(edited(answered(ARTICLE), citations=[]), id="answer_of_no_quotes"),
        pytest.param(edited(refused(ARTICLE), answered=True), id="refusal_that_answers"),
        pytest.param(edited(answered(ARTICLE), further=2), id="more_folded_than_cited"),
        pytest.param(edited(answered(ARTICLE), citations=document(answered(BARE, ARTICLE))["answer"]["citations"][1:]), id="starts_at_two"),
    ],
)
def test_a_damaged_turn_is_left_out_and_the_others_stay(turn: dict[str, Any]) -> None:
    kept = read_kept(sent(answered(ARTICLE), turn, refused(BARE)), Library())
    assert kept.turns == (answered(ARTICLE), refused(BARE))
    assert kept.damaged


def test_a_conversation_has_an_end() -> None:
    kept = read_kept(sent(*[Turn(question="Quand ?")] * (TURNS + 1)), Library())
    assert len(kept.turns) == TURNS
    assert kept.damaged


def test_titles_sites_and_links_are_taken_from_the_articles() -> None:
    forged = document(answered(ARTICLE))["answer"]["citations"][0]
    lies = {**forged, "title": "Faux", "source": "Faux", "published": "1900", "url": "https://faux.fr", "link": "https://faux.fr"}
    kept = read_kept(sent(edited(answered(ARTICLE), citations=[lies])), Library())
    assert kept.turns == (answered(ARTICLE),)


def test_a_forged_quote_is_caught() -> None:
    forged = {**document(answered(ARTICLE))["answer"]["citations"][0], "quote": "Le pont est tombé lundi."}
    (turn,) = read_kept(sent(edited(answered(ARTICLE), citations=[forged])), Library(told=Trace(held=False))).turns
    assert turn.lost(1)
    assert turn.answer is not None
    assert turn.answer.citations[0].link == ARTICLE.url, "no link to a sentence that is there no more"


def test_what_became_of_changed_and_removed_articles_is_told() -> None:
    since = Trace(held=True, changed=datetime(2026, 1, 2, tzinfo=UTC))
    rewritten = Library({ARTICLE.id: replace(ARTICLE, text="Autre chose.", title="Autre titre")}, since)
    (turn,) = read_kept(sent(answered(ARTICLE)), rewritten).turns
    assert turn.traces == {1: since}
    assert not turn.lost(1)
    assert turn.answer is not None
    assert turn.answer.citations[0].title == "Autre titre"
    (turn,) = read_kept(sent(answered(ARTICLE)), Library({}, GONE)).turns
    assert turn.traces == {1: GONE}
    assert turn.lost(1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["question", "answer", "citations"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(json_values, st.sampled_from([*document(answered(ARTICLE))["answer"]]))
def test_nothing_that_a_browser_sends_raises(value: Any, name: str) -> None:
    kept = read_kept(sent({"question": "Quand ?", "answer": value}, edited(answered(ARTICLE), **{name: value})), Library())
    assert len(kept.turns) <= 2
    for turn in kept.turns:
        json.dumps(document(turn)).encode()


def test_rebuilt_takes_what_is_not_said_as_its_default() -> None:
    answer = rebuilt(Answer, {"question": "q", "language": "fr", "text": "t", "answered": False, "unheard_of": 1, "seconds": 2})
    assert answer == Answer(question="q", language="fr", text="t", answered=False, seconds=2.0)
