"""Citations, their links, and what is said."""

from urllib.parse import unquote

import pytest

from index.article import Article
from qa.answer import cite, compose, invitation, quoted, refusal, source_link

TEXT = "Avant. Le porte-parole a dit : « Oui, 50 % & plus »\n\nencore. Après."


def article(text: str = TEXT, url: str | None = "https://exemple.bj/a?b=c") -> Article:
    return Article(
        id="0123456789ab", text=text, path="docs/a.txt", digest="d", title="Titre", url=url, source="Le Matin", published="2025-01"
    )


def test_a_citation_holds_its_quote_and_what_the_article_says_of_itself() -> None:
    citation = cite(2, article(), 7, 59)
    assert citation.quote == TEXT[7:59] == "Le porte-parole a dit : « Oui, 50 % & plus »\n\nencore"
    assert (citation.number, citation.article_id, citation.start, citation.end) == (2, "0123456789ab", 7, 59)
    assert (citation.title, citation.source, citation.path, citation.published) == ("Titre", "Le Matin", "docs/a.txt", "2025-01")


def test_the_link_escapes_what_a_text_directive_reads() -> None:
    # By hand, after RFC 3986: the space is %20, "-" %2D, ":" %3A, "«" %C2%AB, "," %2C, "%" %25, "&" %26, "»" %C2%BB.
    assert (
        source_link(article(), TEXT.index("porte"), TEXT.index(" & plus"))
        == "https://exemple.bj/a?b=c#:~:text=porte%2Dparole%20a%20dit%20%3A%20%C2%AB%20Oui%2C%2050%20%25"
    )


def test_a_long_quote_is_found_by_its_first_and_last_words() -> None:
    words = [f"mot{number}" for number in range(13)]
    link = source_link(article(" ".join(words)), 0, 10**6)
    assert link == "https://exemple.bj/a?b=c#:~:text=mot0%20mot1%20mot2%20mot3%20mot4%20mot5,mot7%20mot8%20mot9%20mot10%20mot11%20mot12"
    assert "," not in source_link(article(" ".join(words[:12])), 0, 10**6)


def test_the_fragment_of_the_address_gives_way() -> None:
    assert source_link(article(url="https://exemple.bj/a#top"), 0, 6) == "https://exemple.bj/a#:~:text=Avant."


def test_white_space_in_the_quote_is_one_space() -> None:
    fragment = source_link(article(), TEXT.index("& plus"), 59).partition("text=")[2]
    assert unquote(fragment) == "& plus » encore"


def test_an_article_without_an_address_opens_on_the_reading_page() -> None:
    assert source_link(article(url=None), 7, 59) == "/article/0123456789ab?start=7&end=59"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        pytest.param("Il est parti.", "fr", "« Il est parti. »", id="french"),
        pytest.param("He left.", "en", "“He left.”", id="english"),
        pytest.param("« Oui », dit-il.", "fr", "“« Oui », dit-il.”", id="guillemets_inside"),
        pytest.param("Il dit\n\n oui.", "fr", "« Il dit oui. »", id="white_space"),
        pytest.param("Il dit “oui”.", "fr", "« Il dit “oui”. »", id="curly_inside_french"),
    ],
)
def test_quoted(text: str, language: str, expected: str) -> None:
    assert quoted(text, language) == expected


@pytest.mark.parametrize("text", ["He said “yes”.", "Il dit « oui » et “non”."])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_marks_around_a_quote_are_not_those_inside_it(text: str, language: str) -> None:
    around = quoted(text, language)
    assert text in around
    outside = around.replace(text, "")
    assert outside.strip()
    assert not {char for char in outside if not char.isspace()} & {char for char in text if not char.isalnum()}


def test_compose_puts_each_marker_after_its_quote() -> None:
    citations = [cite(1, article("Un fait. Deux faits."), 0, 8), cite(2, article("Un fait. Deux faits."), 9, 20)]
    assert compose(citations, "fr") == "« Un fait. » [1]\n\n« Deux faits. » [2]"
    assert compose(citations, "en") == "“Un fait.” [1]\n\n“Deux faits.” [2]"


@pytest.mark.parametrize(
    ("missing", "language", "expected"),
    [
        ((), "fr", "Les articles ne répondent pas à cette question."),
        ((), "en", "The articles do not answer this question."),
        (("lune", "mars"), "fr", "Les articles ne répondent pas à cette question. On n’y trouve nulle part : « lune », « mars »."),
        (("moon",), "en", "The articles do not answer this question. Found nowhere in them: “moon”."),
    ],
)
def test_refusal(missing: tuple[str, ...], language: str, expected: str) -> None:
    assert refusal(missing, language) == expected


def test_invitation() -> None:
    assert invitation("fr").startswith("Posez une question")
    assert invitation("en").startswith("Ask a question")


def test_half_a_character_is_no_obstacle_to_a_link() -> None:
    article = Article(id="0", text="Un \ud83d mot.", path="a", digest="0", url="https://exemple.fr/")
    assert source_link(article, 0, 9) == "https://exemple.fr/#:~:text=Un%20%3F%20mot."
