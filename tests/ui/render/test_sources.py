import re
from dataclasses import replace
from datetime import UTC, datetime

from qa.trace import Trace
from tests.ui.hostile import Elements
from tests.ui.render.turns import ARTICLE, BARE, ENGLISH, FRENCH, answered, refused
from ui.render import panel


def test_a_card_says_what_is_quoted_from_where_and_when() -> None:
    assert panel([answered(ARTICLE)], FRENCH) == (
        '<h2>Sources</h2><section class="sources" data-turn="1"><ol class="cards">'
        '<li class="card" id="panel-1-1" data-turn="1" data-number="1" tabindex="0">'
        '<h3><span class="number">1</span><span>Le pont rouvre</span></h3>'
        '<p class="about">Le Courrier · 4 mars 2024 · il\u00a0y\u00a0a\u00a02\u00a0ans</p>'
        '<blockquote lang="fr"><mark>Le pont a rouvert lundi.</mark> La mairie s’en félicite.</blockquote>'
        '<div class="links"><a href="/article/0123456789ab?start=0&amp;end=24&amp;digest=f6f0ffae94e33c8c#quote" target="_blank" '
        'rel="noopener noreferrer">lire dans l’article</a>'
        '<a href="https://exemple.fr/pont?a=1&amp;b=2#:~:text=Le%20pont%20a%20rouvert%20lundi." target="_blank" rel="noopener noreferrer">'
        "original</a></div></li></ol></section>"
    )


def test_what_is_not_known_is_said_or_left_out() -> None:
    html = panel([answered(BARE)], FRENCH)
    assert "<i>Le pont a rouvert lundi. La mairie s’en félicite. Les…</i>" in html
    assert '<p class="about">non daté</p>' in html
    assert "original" not in html


def test_quotes_of_one_article_in_a_row_tell_of_it_once() -> None:
    html = panel([answered(ARTICLE, ARTICLE, BARE, ARTICLE)], FRENCH)
    assert re.findall(r'<span class="number">(\d)</span><span>(.*?)</span>', html) == [
        ("1", "Le pont rouvre"), ("2", '<span class="same">Même article que 1'),
        ("3", "<i>Le pont a rouvert lundi. La mairie s’en félicite. Les…</i>"), ("4", "Le pont rouvre"),
    ]  # fmt: skip
    assert html.count("Le Courrier · 4 mars 2024") == 2
    assert html.count("<blockquote") == 4


def test_the_language_is_said_where_it_is_not_that_of_the_page() -> None:
    assert '<p class="about">Le Courrier · 4 March 2024 · 2\u00a0years\u00a0ago · in\u00a0French</p>' in panel([answered(ARTICLE)], ENGLISH)
    hausa = replace(ARTICLE, language="ha")
    assert "2\u00a0years\u00a0ago · ha</p>" in panel([answered(hausa)], ENGLISH)


def test_only_the_sources_of_the_last_answer_are_shown() -> None:
    html = panel([answered(ARTICLE), answered(BARE)], ENGLISH)
    assert '<section class="sources" data-turn="1" hidden>' in html
    assert '<section class="sources" data-turn="2">' in html


def test_a_refusal_has_no_sources() -> None:
    assert "Cette réponse ne cite aucune source." in panel([refused(BARE)], FRENCH)
    assert "Les phrases citées apparaîtront ici" in panel([], FRENCH)


def test_a_quote_whose_article_has_changed_stands_alone() -> None:
    other = replace(ARTICLE, text="Tout autre chose, écrit depuis.")
    turn = replace(answered(ARTICLE), articles={ARTICLE.id: other}, traces={1: Trace(held=True, changed=datetime(2026, 1, 2, tzinfo=UTC))})
    html = panel([turn], FRENCH)
    assert '<blockquote lang="fr"><mark>Le pont a rouvert lundi.</mark></blockquote>' in html
    assert '<p class="quiet since">Article modifié depuis</p>' in html
    gone = replace(answered(ARTICLE), articles={}, traces={1: Trace(held=True, gone=True)})
    assert '<p class="quiet since">Article retiré depuis de la collection</p>' in panel([gone], FRENCH)


def test_a_quote_that_nothing_vouches_for_is_not_shown() -> None:
    html = panel([replace(answered(ARTICLE), traces={1: Trace(held=False)})], FRENCH)
    assert "<blockquote" not in html
    assert "ne se retrouve plus dans les articles" in html


def test_citations_can_be_copied_in_the_formats_there_are() -> None:
    assert "cite" not in re.findall('class="menu ([a-z]+)"', panel([answered(ARTICLE)], FRENCH))
    formats = {"plain": lambda citation, article, _: f"{article.title}, « {citation.quote} »", "bibtex": lambda *_: "@misc{}"}
    seen = Elements(panel([answered(ARTICLE)], replace(FRENCH, formats=formats)))
    assert seen.values("data-copy") == ["Le pont rouvre, « Le pont a rouvert lundi. »", "@misc{}"]
    assert "citerTexteBibTeX" in seen.text
