import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from index.article import Article
from index.revisions import Revision
from tests.paths import ROOT
from tests.ui.hostile import CORPUS, Elements
from ui.edition import Edition, edition
from ui.links import quotes_link, text_digest
from ui.marks import marks
from ui.page import failure_page, missing_page, reading_page
from ui.sheet import headers, leaf
from ui.texts import Language

TEXT = "Premier & dernier.\n\nDeuxième ligne\nsuite.\n\n\nTroisième."
ARTICLE = Article(
    id="0123456789ab", text=TEXT, path="a.txt", digest="0", title="Le titre", url="https://exemple.fr/a?b=1&c=2", source="Le Courrier",
    published="2024-03", language="fr", author="Awa Diop",
)  # fmt: skip
CHANGED = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
BEFORE = Revision(digest="x", text="Premier, autrefois.\n\nTroisième.", title="Le titre d’alors", published="2024-03", seen_until=CHANGED)


def page(article: Article = ARTICLE, start: str = "0", end: str = "7", language: Language = "fr", **about: object) -> str:
    return reading_page(Edition(article=article), marks(article.text, start, end), language, **about)  # type: ignore[arg-type]


def test_the_page_says_where_the_text_comes_from() -> None:
    html = page(language="en")
    assert html.startswith('<!doctype html><html lang="en" class="reading">')
    assert "<title>Le titre · Griot</title>" in html
    assert '<h1 lang="fr"><bdi>Le titre</bdi></h1>' in html
    assert (
        '<p class="about"><bdi>Awa Diop</bdi> · <bdi>Le Courrier</bdi> · <bdi>March 2024</bdi> · '
        '<a class="original" href="https://exemple.fr/a?b=1&amp;c=2" rel="noopener noreferrer">original</a></p>'
    ) in html


def test_an_article_without_title_is_named_by_its_first_words() -> None:
    html = page(replace(ARTICLE, title=None, url=None, source=None, published=None, author=None))
    assert "<title>Premier &amp; dernier. Deuxième ligne suite. Troisième. · Griot</title>" in html
    assert '<h1 class="unseen">Premier &amp; dernier. Deuxième ligne suite. Troisième.</h1>' in html
    assert '<p class="about"><bdi>non daté</bdi></p>' in html


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("file name", "<bdi>mars 2024</bdi> (d’après le nom du fichier)"), ("feed", "<bdi>mars 2024</bdi> (d’après le flux)"),
        ("text", "<bdi>mars 2024</bdi> (d’après le texte)"), ("JSON-LD", "<bdi>mars 2024</bdi> ·"), ("header", "<bdi>mars 2024</bdi> ·"),
        ("", "<bdi>mars 2024</bdi> ·"),
    ],
)  # fmt: skip
def test_a_date_that_the_page_does_not_say_itself_says_where_it_is_from(origin: str, said: str) -> None:
    assert said in page(replace(ARTICLE, origins={"published": origin}))
    assert "<bdi>non daté</bdi> ·" in page(replace(ARTICLE, published=None, origins={"published": origin}))


def test_a_rail_leads_to_each_quote_without_a_script() -> None:
    html = reading_page(Edition(article=ARTICLE), marks(TEXT, "20", "28", "0-7"), "fr")
    rail = html.partition('<nav class="rail" aria-label="Citations">')[2]
    assert '<a href="#quote-1" aria-label="Citation 1 sur 2">1</a>' in rail
    assert '<a href="#quote-2" aria-label="Citation 2 sur 2">2</a>' in rail
    ids = Elements(html).values("id")
    assert ids.count("quote") == 1
    assert {"quote-1", "quote-2"} <= set(ids)
    assert '<nav class="rail"' not in page(start="9", end="3")


def test_copies_and_earlier_texts_are_told_under_the_article() -> None:
    copies = [
        replace(ARTICLE, id="b" * 12, source="Agence <A>", published="2024-03-05"),
        replace(ARTICLE, id="c" * 12, source=None, title=None, path="/home/secret/c.txt"),
    ]
    html = page(copies=copies, earlier=[BEFORE])
    assert (
        '<h2>Aussi publié par</h2><ul><li><a href="/article/bbbbbbbbbbbb"><bdi>Agence &lt;A&gt;</bdi></a> · <bdi>5 mars 2024</bdi></li>'
        '<li><a href="/article/cccccccccccc"><bdi><i>Premier &amp; dernier. Deuxième ligne suite. Troisième.</i></bdi></a> · '
    ) in html
    assert "secret" not in html
    assert f'<li><a href="/article/0123456789ab?digest={text_digest(BEFORE.text)}">jusqu’au 6 mai 2024</a></li>' in html
    assert "<footer" not in page()


def test_the_text_that_was_quoted_is_shown_as_it_was() -> None:
    shown = edition(ARTICLE.id, ARTICLE, [BEFORE], text_digest(BEFORE.text))
    assert shown is not None
    assert (shown.state, shown.until, shown.now, shown.article.text) == ("kept", CHANGED, ARTICLE, BEFORE.text)
    html = reading_page(shown, marks(BEFORE.text, "0", "7", "21-31"), "fr", earlier=[BEFORE])
    assert "<bdi>Le titre d’alors</bdi>" in html
    assert "Premier</mark></span>, autrefois." in html
    assert "Voici le texte tel qu’il a été cité, remplacé le 6 mai 2024." in html
    # Both quotes still stand in the present text, at other places.
    assert f'<a href="/article/{ARTICLE.id}?start=0&amp;end=7&amp;also=44-54#quote">Lire le texte actuel</a>' in html
    assert "Textes antérieurs" not in html, "the earlier text is the one shown"
    plain = reading_page(shown, (), "en")
    assert f'<a href="/article/{ARTICLE.id}">Read the present text</a>' in plain


def test_the_text_quoted_of_an_article_that_is_gone() -> None:
    shown = edition("0123456789ab", None, [BEFORE], text_digest(BEFORE.text))
    assert shown is not None
    html = reading_page(shown, marks(BEFORE.text, "0", "7"), "en")
    assert "This article is no longer in the collection. Here is the text as it was quoted, replaced on 6 May 2024." in html
    assert "Read the present text" not in html
    assert "Premier</mark>" in html


@pytest.mark.parametrize(
    ("article", "digest", "state"),
    [
        pytest.param(ARTICLE, None, "present", id="none_asked_for"),
        pytest.param(ARTICLE, "", "present", id="empty"),
        pytest.param(ARTICLE, text_digest(TEXT), "present", id="unchanged"),
        pytest.param(ARTICLE, "f" * 16, "lost", id="not_kept"),
        pytest.param(ARTICLE, "<script>", "lost", id="no_digest_at_all"),
        pytest.param(None, None, None, id="missing"),
        pytest.param(None, "f" * 16, None, id="missing_and_not_kept"),
    ],
)
def test_which_text_is_shown(article: Article | None, digest: str | None, state: str | None) -> None:
    shown = edition("0123456789ab", article, [BEFORE], digest)
    assert (shown.state if shown else None) == state
    if shown and state == "lost":
        assert "le texte cité n’a pas été gardé" in reading_page(shown, (), "fr")


def test_a_link_carries_the_quotes_and_the_text_they_are_from() -> None:
    link = quotes_link("a" * 12, (5, 9), [(1, 2), (5, 9), (1, 2)], "0" * 16)
    assert link == "/article/aaaaaaaaaaaa?start=5&end=9&also=1-2&digest=0000000000000000#quote"
    assert quotes_link("a" * 12, (5, 9)) == "/article/aaaaaaaaaaaa?start=5&end=9#quote"
    assert quotes_link("a" * 12, (5, 9), [(number, number + 1) for number in range(99)]).count(",") == 38


def test_a_missing_article_and_a_failure_are_said_plainly() -> None:
    assert "Cet article n’est pas, ou n’est plus, dans la collection." in missing_page("fr")
    assert "Article not found" in missing_page("en")
    html = failure_page("manifest.json <damaged>", "fr")
    assert "<h1>Les articles ne peuvent pas être lus</h1></header><p>manifest.json &lt;damaged&gt;</p>" in html


def test_the_policy_allows_the_style_and_script_of_the_page_and_nothing_else() -> None:
    html = page()
    policy = headers()["Content-Security-Policy"]
    for name in ("style", "script"):
        (inline,) = re.findall(rf"<{name}>(.*?)</{name}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert headers()["X-Content-Type-Options"] == "nosniff"
    assert headers()["Referrer-Policy"] == "no-referrer"


def test_a_page_to_keep_brings_its_own_policy_and_no_script() -> None:
    html = leaf("Titre", "<p>x</p>", "fr")
    assert '<meta http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;; style-src &#x27;sha256-' in html
    assert "<script" not in html


def test_both_styles_have_the_same_colours() -> None:
    def colours(name: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        text = (ROOT / "ui" / name).read_text(encoding="utf-8").partition("@media print")[0]
        for variable, colour in re.findall(r"--(\w[\w-]*): (#[0-9a-f]{6});", text):
            found.setdefault(variable, set()).add(colour)
        return found

    plain, chat = colours("reading.css"), colours("style.css")
    assert len(plain) >= 8
    assert {name: chat[name] for name in plain} == plain


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS.keys())
def test_nothing_an_article_says_becomes_markup(text: str) -> None:
    article = Article(
        id="0", text=f"{text}\n\n{text}", path=text, digest="0", title=text, url=f"javascript:{text}", source=text, published=text,
        language=text, author=text, origins={"published": text},
    )  # fmt: skip
    shown = Edition(article=article, state="kept", until=CHANGED, now=article)
    html = reading_page(shown, marks(article.text, "0", str(len(text) + 4)), "fr", copies=[article], earlier=[BEFORE])
    html.encode("utf-8")
    seen = Elements(html)
    assert seen.dangers == ["script"], "the page's own"
    assert "mark" in seen.tags
    ours = ("/article/0", "#quote-", "/favicon")
    assert [value for value in seen.values("href") if value != "/" and not value.startswith(ours)] == []
    assert Elements(failure_page(text, "fr")).dangers == ["script"]
