import base64
import hashlib
import re
from dataclasses import replace

import pytest

from index.article import Article
from tests.ui.hostile import HOSTILE, Elements
from ui.page import failure_page, headers, missing_page, reading_page, span

TEXT = "Premier & dernier.\n\nDeuxième ligne\nsuite.\n\n\nTroisième."
ARTICLE = Article(
    id="0123456789ab", text=TEXT, path="a.txt", digest="0", title="Le titre", url="https://exemple.fr/a", source="Le Courrier",
    published="2024-03", language="fr",
)  # fmt: skip


def marked(start: str | None, end: str | None) -> str:
    found = re.search(r'<div class="text" lang="fr">(.*)</div>', reading_page(ARTICLE, start, end, "fr"), re.DOTALL)
    assert found
    return found[1]


FIRST, SECOND, THIRD = "<p>Premier &amp; dernier.</p>", "<p>Deuxième ligne\nsuite.</p>", "<p>Troisième.</p>"


@pytest.mark.parametrize(
    ("start", "end", "html"),
    [
        pytest.param("0", "7", f'<p><mark id="quote">Premier</mark> &amp; dernier.</p>{SECOND}{THIRD}', id="word"),
        pytest.param(
            "8", "28",
            f'<p>Premier <mark id="quote">&amp; dernier.</mark></p><p><mark>Deuxième</mark> ligne\nsuite.</p>{THIRD}',
            id="across_paragraphs",
        ),
        pytest.param("44", "54", f'{FIRST}{SECOND}<p><mark id="quote">Troisième.</mark></p>', id="to_the_end"),
    ],
)  # fmt: skip
def test_the_quote_is_marked_where_it_stands(start: str, end: str, html: str) -> None:
    assert marked(start, end) == html


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (None, None), ("0", None), (None, "5"), ("", ""), ("-1", "5"), ("5", "5"), ("9", "3"), ("0", "999"), ("a", "b"), ("1.0", "5"),
        ("²", "5"), ("٣", "9"), ("0", "9" * 5000), ("<script>", "5"),
    ],
)  # fmt: skip
def test_numbers_that_do_not_fit_show_the_article_without_a_mark(start: str | None, end: str | None) -> None:
    assert span(TEXT, start, end) == (0, 0)
    assert marked(start, end) == FIRST + SECOND + THIRD


def test_the_page_says_where_the_text_comes_from() -> None:
    html = reading_page(ARTICLE, None, None, "en")
    assert html.startswith('<!doctype html><html lang="en" class="reading">')
    assert "<title>Le titre · Griot</title>" in html
    assert "<h1>Le titre</h1>" in html
    assert 'Le Courrier · March 2024 · <a href="https://exemple.fr/a" rel="noopener noreferrer">original</a>' in html


def test_an_article_without_title_is_named_by_its_first_words() -> None:
    html = reading_page(replace(ARTICLE, title=None, url=None, source=None, published=None), None, None, "fr")
    assert "<title>Premier &amp; dernier. Deuxième ligne suite. Troisième. · Griot</title>" in html
    assert "<h1>" not in html
    assert '<p class="about">non daté</p>' in html


def test_a_missing_article_and_a_failure_are_said_plainly() -> None:
    assert "Cet article n’est pas, ou n’est plus, dans la collection." in missing_page("fr")
    assert "Article not found" in missing_page("en")
    assert "<p>manifest.json &lt;damaged&gt;</p>" in failure_page("manifest.json <damaged>", "fr")


def test_the_policy_allows_the_style_and_script_of_the_page_and_nothing_else() -> None:
    html = reading_page(ARTICLE, "0", "7", "fr")
    policy = headers()["Content-Security-Policy"]
    for name in ("style", "script"):
        (inline,) = re.findall(rf"<{name}>(.*?)</{name}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert headers()["X-Content-Type-Options"] == "nosniff"
    assert headers()["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_an_article_says_becomes_markup(text: str) -> None:
    article = Article(
        id="0", text=f"{text}\n\n{text}", path=text, digest="0", title=text, url=f"javascript:{text}", source=text, published=text,
        language=text,
    )  # fmt: skip
    seen = Elements(reading_page(article, "0", str(len(text) + 4), "fr"))
    assert seen.dangers == ["script"], "the page's own"
    assert seen.tags.count("mark") >= 1
    assert [value for value in seen.values("href") if value != "/" and not value.startswith("/favicon")] == []
