import re
from dataclasses import replace

import pytest

from index.article import Article
from qa.answer import Copy, Fact
from qa.phrases import republished
from qa.trace import Trace
from tests.ui.hostile import Elements
from tests.ui.render.turns import ARTICLE, BARE, ENGLISH, FRENCH, answered, changed, hit, refused
from ui.failures import Failure
from ui.render import Turn, conversation

COPY = Copy(article_id="a" * 12, title="Le pont", source="L’Écho", path="echo.txt", published="2024-03-05", link="/article/x")


def test_an_answer_is_its_quotes_each_ended_by_its_marker() -> None:
    html = conversation([answered(ARTICLE, BARE)], FRENCH)
    assert (
        '<p class="quote" data-turn="1" data-number="2" lang="fr">«\u202fLe pont a rouvert lundi.\u202f»&nbsp;'
        '<a class="marker" href="#panel-1-2" data-turn="1" data-number="2" title="Source 2" aria-label="Source 2">'
        "<span>[</span>2<span>]</span></a></p>"
    ) in html
    assert '<details class="steps"><summary>2 citations de 2 articles · 12 ms</summary>' in html
    assert "quiet note" not in html


def test_quotes_of_one_article_are_not_counted_as_several_sources() -> None:
    assert "<summary>2 citations d’un même article · 12 ms</summary>" in conversation([answered(ARTICLE, ARTICLE)], FRENCH)
    assert "<summary>1 citation · 12 ms</summary>" in conversation([answered(ARTICLE)], FRENCH)


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        pytest.param((ARTICLE, ARTICLE), '1 source <span class="quiet">Le Courrier · 4 mars 2024</span>', id="one"),
        pytest.param((ARTICLE, BARE), '2 sources <span class="quiet">Le Courrier</span>', id="of_two_one_is_named"),
        pytest.param(
            (ARTICLE, replace(ARTICLE, id="a" * 12, source="<b>")), '2 sources <span class="quiet">Le Courrier, &lt;b&gt;</span>', id="two"
        ),
        pytest.param((BARE,), '1 source <span class="quiet">non daté</span>', id="nothing_known"),
        pytest.param((BARE, replace(BARE, id="a" * 12)), "2 sources", id="two_unnamed"),
    ],
)
def test_the_fold_of_a_phone_says_who_published_what_is_quoted(articles: tuple[Article, ...], said: str) -> None:
    html = conversation([answered(*articles)], FRENCH)
    assert f'<details class="fold"><summary>{said}</summary>' in html
    assert html.index('class="fold"') < html.index('class="under"'), "before what can be done with the answer"


def test_the_steps_say_what_was_searched_read_and_kept() -> None:
    turn = answered(ARTICLE, searched=("pont", "rouvert"), understood="Quand le pont ?", passages=(hit(ARTICLE), hit(BARE), hit(BARE)))
    steps = conversation([turn], FRENCH).partition('<details class="steps">')[2].partition("</details>")[0]
    assert re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", steps) == [
        ("Question cherchée", "Quand le pont ?"),
        ("Mots cherchés", "pont, rouvert"),
        ("Passages lus", "3, de 2 articles"),
        ("Retenu", "1 citation"),
        ("Durée", "12 ms"),
    ]
    beyond = conversation([answered(ARTICLE, BARE, passages=(hit(ARTICLE),))], FRENCH)
    assert "<dt>Passages lus</dt><dd>2, de 2 articles</dd>" in beyond, "what is quoted was read"
    refusal = conversation([refused(ARTICLE)], ENGLISH)
    assert "<dt>Kept</dt><dd>no sentence answers</dd>" in refusal
    assert "<dt>Passages read</dt><dd>1</dd>" in refusal


def test_a_refusal_has_no_marker_and_shows_the_nearest_passages() -> None:
    html = conversation([refused(BARE)], FRENCH)
    assert '<p class="refusal">Pas de réponse. On n’y trouve nulle part\u202f: «\u202fprix\u202f».</p>' in html
    assert "<h3>Au plus proche</h3>" in html
    assert '<a href="/article/ffffffffffff?start=0&amp;end=49#quote"' in html
    assert "marker" not in html
    assert "<h3>Nearest</h3>" in conversation([refused(BARE, language="en")], FRENCH), "the language of the question"


def test_the_fact_stands_before_its_quote_and_notes_after() -> None:
    notes = ("Les sources divergent : **3** [1], **5** [2].",)
    html = conversation([changed(answered(ARTICLE), leads=("**26 <juin> 2023**",), notes=notes)], FRENCH)
    assert '<p class="lead"><strong>26 &lt;juin&gt; 2023</strong></p><p class="quote"' in html
    assert '<p class="quiet note">Les sources divergent\u202f: <strong>3</strong> [1], <strong>5</strong> [2].</p>' in html
    assert html.index('"lead"') < html.index('"quote"') < html.index("quiet note")


def test_what_only_adds_is_folded_after_the_notes() -> None:
    turn = answered(ARTICLE)
    assert turn.answer is not None
    assert "Voir aussi" not in conversation([turn], FRENCH)
    first = turn.answer.citations[0]
    two = changed(turn, citations=(first, replace(first, number=2)), notes=("Note.",), further=1)
    told, folded = conversation([two], FRENCH).split('<details class="more"><summary>Voir aussi</summary>')
    assert told.count('class="quote"') == 1
    assert told.endswith('<p class="quiet note">Note.</p>')
    assert folded.partition("</details>")[0].count('class="quote"') == 1


def test_a_timeline_is_a_list_of_dates() -> None:
    facts = (Fact(number=1, start=0, end=2, text="Le"),)
    html = conversation([changed(answered(ARTICLE, BARE), shape="timeline", facts=facts, leads=("**2023**", "**2024**"))], FRENCH)
    assert '<ol class="quotes timeline"><li class="told"><p class="lead"><strong>2023</strong></p>' in html
    assert html.count('<li class="told">') == 2
    assert '<div class="quotes fact">' in conversation([answered(ARTICLE)], FRENCH)


@pytest.mark.parametrize(
    ("copies", "said"),
    [pytest.param((COPY,), "repris par une autre source", id="one"), pytest.param((COPY,) * 3, "repris par 3 autres sources", id="three")],
)
def test_near_duplicates_are_folded_and_not_said_twice(copies: tuple[Copy, ...], said: str) -> None:
    turn = answered(ARTICLE)
    assert turn.answer is not None
    note = republished(1, ["L’Écho"], "fr")
    cited = replace(turn.answer.citations[0], copies=copies)
    html = conversation([changed(turn, citations=(cited,), notes=("L’article est vieux.", note))], FRENCH)
    assert f'<details class="copies"><summary>{said}</summary><ul><li><a href="/article/aaaaaaaaaaaa?start=0&amp;end=0"' in html
    assert ">L’Écho</a> · 5 mars 2024</li>" in html
    assert re.findall('<p class="quiet note">(.*?)</p>', html) == ["L’article est vieux."]


def test_what_was_understood_can_be_taken_up_again() -> None:
    html = conversation([changed(answered(ARTICLE), understood="Quand <l'accord> ?")], FRENCH)
    assert 'Compris\u202f: <button title="Reprendre cette question pour la modifier" type="button" class="edit" data-do="edit">' in html
    assert ">Quand &lt;l&#x27;accord&gt; ?</button>" in html
    assert 'class="edit"' not in conversation([answered(ARTICLE)], FRENCH)


def test_only_the_last_turn_can_be_asked_again_changed_or_removed() -> None:
    html = conversation([answered(ARTICLE), answered(BARE)], FRENCH)
    first, last = html.split('id="turn-2"')
    for do in ("retry", "change", "remove"):
        assert f'data-do="{do}"' not in first
        assert f'data-do="{do}"' in last
    assert 'data-do="link" data-question="Quand le pont a-t-il rouvert ?"' in first


def test_the_text_to_copy_has_footnotes() -> None:
    seen = Elements(conversation([changed(answered(ARTICLE, BARE), text="**Lundi** — « Le pont a rouvert lundi. » [1]")], FRENCH))
    assert seen.values("data-copy") == [
        "Quand le pont a-t-il rouvert ?\n\nLundi — «\u202fLe pont a rouvert lundi.\u202f» [1]\n\n"
        "[1] Le pont rouvre, Le Courrier, 4 mars 2024, https://exemple.fr/pont?a=1&b=2\n"
        "[2] Le pont a rouvert lundi. La mairie s’en félicite. Les…, non daté"
    ]


def test_thumbs_only_where_they_are_noted() -> None:
    assert "data-verdict" not in conversation([answered(ARTICLE)], FRENCH)
    rated = replace(FRENCH, rated=True)
    html = conversation([replace(answered(ARTICLE), verdict="down")], rated)
    assert re.findall(r'aria-pressed="(\w+)"[^>]*data-verdict="(\w+)" aria-label="([^"]*)"', html) == [
        ("false", "up", "Réponse utile"),
        ("true", "down", "Réponse inutile"),
    ]
    assert '<form class="reason" hidden><input type="text" maxlength="500" aria-label="Qu’est-ce qui ne va pas' in html


def test_a_quote_that_stands_nowhere_any_more_is_not_shown() -> None:
    turn = replace(answered(ARTICLE, BARE), traces={2: Trace(held=False)})
    html = conversation([turn], FRENCH).partition('<details class="fold">')[0]
    assert html.count('class="quote"') == 1
    assert "ne se retrouve plus dans les articles" in html


def test_waiting_and_failures_are_plain_lines() -> None:
    waiting = conversation([Turn(question="Quand ?")], FRENCH)
    assert '<p class="waiting" role="status"><span>Lecture des articles…</span></p>' in waiting
    failure = Failure(sentence="L’index est abîmé.", detail="<griot index --full>")
    failed = conversation([Turn(question="Quand ?", failure=failure)], FRENCH)
    assert (
        '<p class="notice" role="status">L’index est abîmé.<span class="detail" lang="en">&lt;griot index --full&gt;</span></p>'
        '<p class="again"><button type="button" class="act plain" data-do="retry">Poser de nouveau</button></p>'
    ) in failed
    left = conversation([Turn(question="Quand ?", left=True), answered(ARTICLE)], FRENCH)
    assert '<p class="notice" role="status">Cette question est restée sans réponse.</p></div>' in left
