"""Pages moved below a base path."""

import pytest

from tests.ui.hostile import CORPUS
from ui.page import missing_page, notice_page
from ui.place import moved


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param('<a href="/article/7?start=3">', '<a href="/griot/article/7?start=3">', id="link"),
        pytest.param('<script src="/kept.js"></script>', '<script src="/griot/kept.js"></script>', id="script"),
        pytest.param('<form action="/export/print">', '<form action="/griot/export/print">', id="form"),
        pytest.param('<a href="//elsewhere.example/">', '<a href="//elsewhere.example/">', id="another_host"),
        pytest.param('<a href="https://a.example/b">', '<a href="https://a.example/b">', id="address"),
        pytest.param('<a href="#quote">', '<a href="#quote">', id="place_in_the_page"),
        pytest.param("href=&quot;/a", "href=&quot;/a", id="words"),
    ],
)
def test_own_links_alone_are_moved(html: str, expected: str) -> None:
    assert moved(html, "/griot") == expected
    assert moved(html, "") == html


def test_a_page_keeps_no_link_to_the_root() -> None:
    assert 'href="/' in missing_page("fr")
    assert 'href="/' not in moved(missing_page("fr"), "/griot").replace('href="/griot/', "")


@pytest.mark.parametrize("text", [*CORPUS.values(), 'href="/a', "src=\"/a' href='/a"], ids=[*CORPUS, "a_link_in_words", "quotes"])
def test_words_are_left_alone(text: str) -> None:
    page = notice_page(text, text, "fr")
    assert moved(page, "/griot").replace('="/griot/', '="/') == page
    assert moved(page, "/griot").count("/griot/") == missing_page("fr").count('="/')
