from dataclasses import dataclass, replace

import pytest

from index.article import Article
from qa.answer import Answer, Hit, cite, compose
from tests.ui.hostile import HOSTILE, Elements
from ui import render
from ui.render import Turn, excerpt, web_address

TEXT = "Le pont a rouvert lundi. La mairie s’en félicite.\n\nLes travaux ont duré deux ans."
ARTICLE = Article(
    id="0123456789ab", text=TEXT, path="pont.txt", digest="0", title="Le pont rouvre", url="https://exemple.fr/pont?a=1&b=2",
    source="Le Courrier", published="2024-03-04", language="fr",
)  # fmt: skip
BARE = replace(ARTICLE, id="ffffffffffff", title=None, url=None, source=None, published=None)


def answered(*articles: Article, language: str = "fr", question: str = "Quand le pont a-t-il rouvert ?") -> Turn:
    """A turn that cites the first sentence of each article."""
    citations = tuple(cite(number, article, 0, 24) for number, article in enumerate(articles, start=1))
    answer = Answer(
        question=question, language=language, text=compose(citations, language), answered=True, citations=citations, seconds=0.012
    )
    return Turn(question=question, answer=answer, articles={article.id: article for article in articles})


def refused(article: Article, language: str = "fr", text: str = "Pas de réponse. On n’y trouve nulle part : « prix ».") -> Turn:
    """A turn that finds no answer, with one passage near it."""
    hit = Hit(
        article_id=article.id, path=article.path, title=article.title, source=article.source, published=article.published,
        start=0, end=49, text=article.text[:49], score=1.0,
    )  # fmt: skip
    answer = Answer(question="Quel prix ?", language=language, text=text, answered=False, passages=(hit,), missing=("prix",))
    return Turn(question="Quel prix ?", answer=answer, articles={article.id: article})


def test_an_answer_is_its_quotes_each_ended_by_its_marker() -> None:
    html = render.conversation([answered(ARTICLE, BARE)], "fr")
    assert (
        '<p class="quote" data-turn="1" data-number="2" lang="fr">«\u202fLe pont a rouvert lundi.\u202f»&nbsp;'
        '<a class="marker" href="#panel-1-2" data-turn="1" data-number="2" title="Source 2" aria-label="Source 2">'
        "<span>[</span>2<span>]</span></a></p>"
    ) in html
    assert '<p class="quiet took">2 citations de 2 articles · 12 ms</p>' in html
    assert "note" not in html


def test_quotes_of_one_article_are_not_counted_as_several_sources() -> None:
    assert "2 citations d’un même article · 12 ms" in render.conversation([answered(ARTICLE, ARTICLE)], "fr")
    assert "1 citation · 12 ms" in render.conversation([answered(ARTICLE)], "fr")


def test_a_card_says_what_is_quoted_from_where_and_when() -> None:
    html = render.panel([answered(ARTICLE)], "fr")
    assert html == (
        '<h2>Sources</h2><section class="sources" data-turn="1"><ol class="cards">'
        '<li class="card" id="panel-1-1" data-turn="1" data-number="1" tabindex="-1">'
        '<h3><span class="number">1</span><span>Le pont rouvre</span></h3><p class="about">Le Courrier · 4 mars 2024</p>'
        '<blockquote lang="fr"><mark>Le pont a rouvert lundi.</mark> La mairie s’en félicite.</blockquote>'
        '<p class="links"><a href="/article/0123456789ab?start=0&amp;end=24#quote" target="_blank" rel="noopener noreferrer">'
        "lire dans l’article</a> · "
        '<a href="https://exemple.fr/pont?a=1&amp;b=2#:~:text=Le%20pont%20a%20rouvert%20lundi." target="_blank" rel="noopener noreferrer">'
        "original</a></p></li></ol></section>"
    )


def test_what_is_not_known_is_said_or_left_out() -> None:
    html = render.panel([answered(BARE)], "fr")
    assert "<i>Le pont a rouvert lundi. La mairie s’en félicite. Les…</i>" in html
    assert '<p class="about">non daté</p>' in html
    assert "original" not in html


def test_only_the_sources_of_the_last_answer_are_shown() -> None:
    html = render.panel([answered(ARTICLE), answered(BARE)], "en")
    assert '<section class="sources" data-turn="1" hidden>' in html
    assert '<section class="sources" data-turn="2">' in html


def test_a_quote_whose_article_has_changed_stands_alone() -> None:
    turn = replace(answered(ARTICLE), articles={ARTICLE.id: replace(ARTICLE, text="Tout autre chose, écrit depuis.")})
    assert '<blockquote lang="fr"><mark>Le pont a rouvert lundi.</mark></blockquote>' in render.panel([turn], "fr")


def test_a_refusal_has_no_marker_and_shows_the_nearest_passages() -> None:
    html = render.conversation([refused(BARE)], "fr")
    assert '<p class="refusal">Pas de réponse. On n’y trouve nulle part\u202f: «\u202fprix\u202f».</p>' in html
    assert "<h3>Au plus proche</h3>" in html
    assert '<a href="/article/ffffffffffff?start=0&amp;end=49#quote"' in html
    assert "marker" not in html
    assert "Cette réponse ne cite aucune source." in render.panel([refused(BARE)], "fr")
    assert "<h3>Nearest</h3>" in render.conversation([refused(BARE, language="en")], "fr"), "the language of the question"


def test_the_fact_stands_before_its_quote_and_notes_after() -> None:
    turn = answered(ARTICLE)
    assert turn.answer is not None
    told = replace(
        turn, answer=replace(turn.answer, leads=("**26 <juin> 2023**",), notes=("Les sources divergent : **3** [1], **5** [2].",))
    )
    html = render.conversation([told], "fr")
    assert '<p class="lead"><strong>26 &lt;juin&gt; 2023</strong></p><p class="quote"' in html
    assert '<p class="quiet note">Les sources divergent\u202f: <strong>3</strong> [1], <strong>5</strong> [2].</p>' in html
    assert html.index('"lead"') < html.index('"quote"') < html.index("note")


def test_what_only_adds_is_folded_after_the_notes() -> None:
    turn = answered(ARTICLE)
    assert turn.answer is not None
    assert "more" not in render.conversation([turn], "fr")
    first = turn.answer.citations[0]
    two = replace(turn.answer, citations=(first, replace(first, number=2)), notes=("Note.",), further=1)
    html = render.conversation([replace(turn, answer=two)], "fr")
    told, folded = html.split('<details class="more"><summary>Voir aussi</summary>')
    assert told.count('class="quote"') == 1
    assert told.endswith('<p class="quiet note">Note.</p>')
    assert folded.partition("</details>")[0].count('class="quote"') == 1


def test_what_was_understood_can_be_taken_up_again() -> None:
    turn = answered(ARTICLE)
    assert turn.answer is not None
    html = render.conversation([replace(turn, answer=replace(turn.answer, understood="Quand <l'accord> ?"))], "fr")
    assert 'Compris\u202f: <button type="button" class="edit"' in html
    assert ">Quand &lt;l&#x27;accord&gt; ?</button>" in html
    assert "edit" not in render.conversation([turn], "fr")


def test_a_long_question_is_set_as_text() -> None:
    assert '<h2 class="question">Court' in render.conversation([Turn(question="Court")], "fr")
    assert '<h2 class="question long">Long' in render.conversation([Turn(question="Long" * 100)], "fr")


def test_waiting_and_failures_are_plain_lines() -> None:
    waiting = render.conversation([Turn(question="Quand ?")], "fr")
    assert '<p class="waiting" role="status"><span>Lecture des articles…</span></p>' in waiting
    failed = render.conversation([Turn(question="Quand ?", failure="l’index est abîmé ; <griot index --full>")], "fr")
    assert '<p class="notice" role="status">l’index est abîmé ; &lt;griot index --full&gt;</p>' in failed


@dataclass(frozen=True)
class Overview:
    articles: int = 5
    earliest: str | None = "2023-07"
    latest: str | None = "2024-01-19"
    sources: tuple[str, ...] = ("Le Courrier",)


@pytest.mark.parametrize(
    ("overview", "html"),
    [
        pytest.param(Overview(), "<p>5 articles</p><p>juillet 2023 – 19 janvier 2024</p><p>Le Courrier</p>", id="plain"),
        pytest.param(Overview(1, None, None, ()), "<p>1 article</p>", id="nothing_known"),
        pytest.param(Overview(4, None, None, tuple("abcd")), "<p>4 articles</p><p>a, b, c, d</p>", id="four_sites"),
        pytest.param(Overview(5, None, None, tuple("abcde")), "<p>5 articles</p><p>a, b, c et 2 autres sites</p>", id="many_sites"),
    ],
)
def test_holdings(overview: Overview, html: str) -> None:
    assert render.holdings(overview, "fr") == "<h2>Collection</h2>" + html


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
    article = Article(
        id="0123456789ab", text=f"{text} avant. {text} après.", path=text, digest="0", title=text, source=text, published=text,
        url=f"javascript:{text}", language=text,
    )  # fmt: skip
    turns = [answered(article, question=text), refused(article, text=text), Turn(question=text, failure=text), Turn(question=text)]
    seen = Elements(render.conversation(turns, "fr") + render.panel(turns, "fr") + render.asked(turns, "fr"))
    assert seen.dangers == []
    assert seen.text.count(" ".join(text.split())) >= 6
    assert Elements(render.notice(text) + render.holdings(Overview(1, text, text, (text,)), "fr")).dangers == []
