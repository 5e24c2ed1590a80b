import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from qa.answer import Copy
from tests.ui.hostile import HOSTILE, Elements
from tests.ui.render.turns import ARTICLE, ENGLISH, FRENCH, TEXT, answered, changed, refused
from ui.failures import Failure
from ui.render import Turn, bar, conversation, excerpt, hint, holdings, masthead, notice, panel, suggestions, trouble, web_address


def test_before_the_first_question() -> None:
    assert conversation([], ENGLISH) == (
        '<div class="welcome"><h2>What would you like to know?</h2>'
        "<p>Every answer is made of sentences quoted word for word, with their source.</p></div>"
    )


def test_a_long_question_is_set_as_text() -> None:
    assert '<h2 class="question">Court' in conversation([Turn(question="Court")], FRENCH)
    assert '<h2 class="question long">Long' in conversation([Turn(question="Long" * 100)], FRENCH)


def test_each_turn_carries_what_the_browser_keeps() -> None:
    seen = Elements(conversation([answered(ARTICLE), Turn(question="Et <b> ?")], FRENCH, '"c1'))
    first, second = (json.loads(text) for text in seen.values("data-kept"))
    assert first["answer"]["citations"][0]["quote"] == "Le pont a rouvert lundi."
    assert second == {"question": "Et <b> ?"}
    assert seen.values("data-conversation") == ['"c1']


def test_suggestions_to_begin_with_and_to_go_on() -> None:
    assert suggestions([], FRENCH) == ""
    assert suggestions(["Qui <est> ?"], FRENCH) == (
        '<section class="examples"><h3>Par exemple</h3><ul><li>'
        '<button type="button" class="example" data-do="suggest" data-question="Qui &lt;est&gt; ?">Qui &lt;est&gt;\u202f?</button>'
        "</li></ul></section>"
    )
    assert '<section class="followups" data-after="Où ?"><h3>To go on</h3>' in suggestions(["Who?"], ENGLISH, "Où ?")


def test_a_page_of_its_own_when_nothing_can_be_asked() -> None:
    assert trouble("Pas d’index", "Il faut le construire.", "griot index …") == (
        '<div class="welcome trouble" role="status"><h2>Pas d’index</h2><p>Il faut le construire.</p>'
        '<p class="detail"><code>griot index …</code></p></div>'
    )
    assert "<p" not in trouble("Pas d’index", "")
    assert '<p><a href="/collection">Ajouter &lt;</a></p></div>' in trouble("Vide", "", way=("/collection", "Ajouter <"))


@dataclass(frozen=True)
class Overview:
    articles: int = 5
    earliest: str | None = "2023-07"
    latest: str | None = "2024-01-19"
    sources: tuple[str, ...] = ("Le Courrier",)
    months: Mapping[str, int] = field(default_factory=dict)


SWITCH = '<p class="switch"><a href="/?lang=en" hreflang="en" lang="en">English</a></p>'


@pytest.mark.parametrize(
    ("overview", "html"),
    [
        pytest.param(
            Overview(), "<p>5 articles</p><p>Le Courrier</p><p>juillet\u00a02023\u00a0– 19\u00a0janvier\u00a02024</p>", id="plain"
        ),
        pytest.param(Overview(1, None, None, ()), "<p>1 article</p>", id="nothing_known"),
        pytest.param(Overview(4, None, None, tuple("abcd")), "<p>4 articles</p><p>a, b, c, d</p>", id="four_sites"),
        pytest.param(Overview(5, None, None, tuple("abcde")), "<p>5 articles</p><p>a, b, c et 2 autres sites</p>", id="many_sites"),
    ],
)
def test_holdings(overview: Overview, html: str) -> None:
    assert holdings(overview, FRENCH) == f"<h2>Collection</h2>{html}{SWITCH}"


def test_without_holdings_the_language_can_still_be_chosen() -> None:
    assert holdings(None, FRENCH) == SWITCH
    assert '<a href="/?lang=fr" hreflang="fr" lang="fr">Français</a>' in holdings(None, ENGLISH)


@pytest.mark.parametrize(
    ("months", "label", "bars"),
    [
        pytest.param({"2023-11": 2, "2024-01": 1}, "Articles datés, par mois\u202f: novembre 2023 (2), janvier 2024 (1)", 2, id="months"),
        pytest.param({"2023": 1, "2024-01": 3, "2024-05": 1}, "Articles datés, par année\u202f: 2023 (1), 2024 (4)", 2, id="a_year_alone"),
        pytest.param({"2010-01": 1, "2024-01": 3}, "Articles datés, par année\u202f: 2010 (1), 2024 (3)", 2, id="too_many_months"),
    ],
)
def test_the_dates_covered_are_a_small_plot(months: dict[str, int], label: str, bars: int) -> None:
    seen = Elements(holdings(Overview(months=months), FRENCH))
    assert label in seen.values("aria-label")
    assert seen.tags.count("rect") == bars


@pytest.mark.parametrize("months", [{}, {"2024-01": 4}, {"hier": 2, "": 1}], ids=["none", "one_month", "no_dates"])
def test_no_plot_of_fewer_than_two_dates(months: dict[str, int]) -> None:
    assert "<svg" not in holdings(Overview(months=months), FRENCH)


def test_bars_are_as_high_as_their_counts() -> None:
    seen = Elements(holdings(Overview(months={"2024-01": 1, "2024-02": 0, "2024-03": 2}), FRENCH))
    low, high = (float(height) for height in seen.values("height"))
    assert high == 29.0
    assert low == 14.5
    assert seen.values("x") == ["0.0", "178.0"], "the last ends where the line of 186 does"


@pytest.mark.parametrize(
    ("start", "end", "room", "parts"),
    [
        pytest.param(0, 24, 100, ("", "Le pont a rouvert lundi.", "La mairie s’en félicite."), id="start_of_paragraph"),
        pytest.param(25, 49, 100, ("Le pont a rouvert lundi.", "La mairie s’en félicite.", ""), id="end_of_paragraph"),
        pytest.param(51, 81, 100, ("", "Les travaux ont duré deux ans.", ""), id="whole_paragraph"),
        pytest.param(10, 17, 8, ("…\u00a0pont a", "rouvert", "lundi.\u00a0…"), id="cut_at_words"),
        pytest.param(40, 63, 100, ("Le pont a rouvert lundi. La mairie s’en", "félicite. Les travaux", "ont duré deux ans."), id="across"),
    ],
)  # fmt: skip
def test_excerpt(start: int, end: int, room: int, parts: tuple[str, str, str]) -> None:
    assert excerpt(TEXT, start, end, room) == parts


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://exemple.fr/", True), ("HTTP://exemple.fr/", True), ("javascript:alert(1)", False), ("java\nscript:alert(1)", False),
        ("data:text/html,x", False), ("//exemple.fr", False), ("/article/0", False), ("", False), (None, False),
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(link: str | None, kept: bool) -> None:
    assert web_address(link) == (link if kept else None)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_an_article_says_becomes_markup(text: str) -> None:
    article = replace(
        ARTICLE, text=f"{text} avant. {text} après.", path=text, title=text, source=text, published=text, url=f"javascript:{text}",
        language=text,
    )  # fmt: skip
    copy = Copy(article_id=text, title=text, source=text, path=text, published=text, link=text)
    told = answered(article, question=text)
    assert told.answer is not None
    cited = replace(told.answer.citations[0], copies=(copy,))
    told = changed(told, citations=(cited,), leads=(text,), notes=(text,), understood=text, searched=(text,), shape=text)
    failure = Failure(sentence=text, detail=text)
    turns = [told, refused(article, text=text), Turn(question=text, failure=failure), Turn(question=text)]
    view = replace(FRENCH, rated=True, formats={"plain": lambda citation, *_: citation.quote, text: lambda *_: text})
    seen = Elements(conversation(turns, view, text) + panel(turns, view) + suggestions([text], view, text))
    assert seen.dangers == []
    assert seen.text.count(" ".join(text.split())) >= 10
    around = masthead(view) + bar(view) + hint(view) + holdings(Overview(1, text, text, (text,), {text: 3, "2024": 1}), view)
    assert Elements(notice(text, text) + trouble(text, text, text) + around).dangers == []
