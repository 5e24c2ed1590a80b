"""The ranking put as a reader wants it."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer import Hit
from qa.arrange import FIRST, MOST, arrange, distinct, prefer, select, spread

TODAY = date(2026, 11, 23)
COPY = "Le ministre de la Défense a reçu hier à Niamey une délégation venue signer un accord de coopération militaire entre les deux pays."


def hit(article: str, score: float, published: str | None = None, text: str | None = None, title: str | None = None, start: int = 0) -> Hit:
    text = text or f"texte {article} {start}"
    return Hit(
        article_id=article, path=article, title=title, source=None, published=published, start=start, end=start + len(text), text=text,
        score=score,
    )  # fmt: skip


def ids(hits: list[Hit]) -> list[str]:
    return [item.article_id for item in hits]


def test_the_period_asked_for_comes_first() -> None:
    # Scores 3, 2.5, 1: deviation 0.85. What lies in 2023 gains twice that: 2.5 + 1.7 is more than 3, 1 + 1.7 is not.
    found = prefer("un accord en 2023", [hit("a", 3, "2021-05"), hit("b", 2.5, "2023-06-01"), hit("c", 1, "2023")], TODAY)
    assert ids(found) == ["b", "a", "c"]


def test_undated_articles_stand_as_they_are() -> None:
    found = prefer("un accord en 2023", [hit("a", 3), hit("b", 2.9, "2021"), hit("c", 2.8, "2023")], TODAY)
    # Twice the deviation, 0.16, is what c gains: enough to pass b and not a, which has no date to go by.
    assert ids(found) == ["a", "c", "b"]
    assert [found[0].score, found[2].score] == [3, 2.9]


def test_the_latest_prefers_the_newest_among_equals() -> None:
    found = prefer("le dernier accord", [hit("old", 2, "2019-01-01"), hit("new", 2, "2024-01-01"), hit("other", 0, "2020-01-01")], TODAY)
    assert ids(found) == ["new", "old", "other"]


@pytest.mark.parametrize("text", ["un accord", "un accord en 2023"])
def test_nothing_moves_without_dates(text: str) -> None:
    hits = [hit("a", 1), hit("b", 3), hit("c", 2)]
    assert prefer(text, hits, TODAY) == hits


def test_near_copies_of_a_better_passage_go() -> None:
    cut = COPY.partition(" à Niamey")[2]
    found = distinct(
        [hit("agency", 3, text=COPY), hit("paper", 2, text=COPY.replace("hier", "mardi")), hit("cut", 1.5, text=cut), hit("b", 1)]
    )
    assert ids(found) == ["agency", "b"]


def test_short_passages_that_differ_in_a_number_both_stay() -> None:
    assert ids(distinct([hit("7", 2, text="Voir page 7."), hit("8", 1, text="Voir page 8."), hit("7b", 1, text="Voir page 7.")])) == [
        "7",
        "8",
    ]


def test_no_article_fills_the_first_places() -> None:
    hits = [*(hit("a", 9 - place, start=place) for place in range(6)), hit("b", 2), hit("c", 1), hit("d", 0.5)]
    found = spread("qui", hits)
    assert ids(found) == ["a", "a", "b", "c", "d", "a", "a", "a", "a"]
    assert [item.start for item in found] == [0, 1, 0, 0, 0, 2, 3, 4, 5]


def test_an_article_that_is_asked_for_by_its_title_may() -> None:
    hits = [*(hit("a", 9 - place, start=place, title="Crue du fleuve Niger") for place in range(6)), hit("b", 2)]
    assert spread("Que dit « Crue du fleuve Niger » des ponts ?", hits) == hits


def test_with_one_article_alone_nothing_moves() -> None:
    hits = [hit("a", 9 - place, start=place) for place in range(7)]
    assert spread("qui", hits) == hits


HITS = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 50)), unique=True, max_size=25)


@given(HITS)
def test_spread_only_moves(drawn: list[tuple[str, int]]) -> None:
    hits = [hit(article, 100 - place, start=start) for place, (article, start) in enumerate(drawn)]
    found = spread("qui", hits)
    assert sorted(found, key=lambda item: -item.score) == hits
    early = ids(found)[:FIRST]
    others = [item for item in hits if ids(hits).count(item.article_id) and ids(found[:FIRST]).count(item.article_id) < MOST]
    if any(early.count(article) > MOST for article in early):
        # Only when there was nobody else to take the place.
        assert all(item in found[:FIRST] for item in others)


@given(HITS)
def test_scores_never_rise_and_nothing_is_made_up(drawn: list[tuple[str, int]]) -> None:
    hits = [hit(article, 100 - place, start=start) for place, (article, start) in enumerate(drawn)]
    found = arrange("qui", select("qui", hits, TODAY))
    assert all(one.score >= two.score for one, two in pairwise(found))
    assert {(item.article_id, item.start) for item in found} <= {(item.article_id, item.start) for item in hits}
