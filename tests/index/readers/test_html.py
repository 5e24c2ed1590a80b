"""The article in a page."""

import pytest

from index.errors import ArticleError
from index.readers.html import decode_html, read_html
from index.readers.limits import Limits
from tests.index.readers.pages import PAGES, PARAGRAPHS, Page, document


@pytest.mark.parametrize("page", [pytest.param(page, id=page.name) for page in PAGES])
def test_the_article_is_read_without_what_is_around_it(page: Page) -> None:
    text = read_html(page.html.encode()).text
    assert [wanted for wanted in page.wanted if wanted not in text] == []
    assert [unwanted for unwanted in page.unwanted if unwanted in text] == []


@pytest.mark.parametrize("name", ["article_element", "line_breaks", "text_in_divs", "standfirst_apart"])
def test_paragraphs_are_parted_by_empty_lines(name: str) -> None:
    page = next(page for page in PAGES if page.name == name)
    blocks = read_html(page.html.encode()).text.split("\n\n")
    assert [text for text in PARAGRAPHS if text in blocks] == list(PARAGRAPHS)


def test_the_title_is_not_told_again_as_a_paragraph() -> None:
    found = read_html(PAGES[0].html.encode())
    assert found.metadata.title == "Le Niger et la Hongrie signent un accord"
    assert found.text.startswith("Le ministre de la Défense")


@pytest.mark.parametrize(
    ("lines", "author", "published", "left"),
    [
        pytest.param(["AFP, publié le lundi 8 juillet 2024 à 10h29", *PARAGRAPHS], None, "2024-07-08", PARAGRAPHS, id="agency_and_date"),
        pytest.param(["Par Awa Issoufou, le 3 juillet 2024", *PARAGRAPHS], "Awa Issoufou", "2024-07-03", PARAGRAPHS, id="name_and_date"),
        pytest.param([*PARAGRAPHS, "Par Awa Issoufou"], "Awa Issoufou", None, PARAGRAPHS, id="name_at_the_end"),
        pytest.param(
            [PARAGRAPHS[0], "Lire aussi : Zinder sans mil", *PARAGRAPHS[1:], "Publicité"], None, None, PARAGRAPHS, id="links_between"
        ),
        pytest.param(
            [PARAGRAPHS[0], "12 mai 2023", *PARAGRAPHS[1:]], None, None, [PARAGRAPHS[0], "12 mai 2023", *PARAGRAPHS[1:]],
            id="a_date_between_paragraphs_is_a_heading",
        ),
    ],
)  # fmt: skip
def test_lines_of_the_page_left_in_the_text(lines: list[str], author: str | None, published: str | None, left: list[str]) -> None:
    found = read_html(document("<article>" + "".join(f"<p>{line}</p>" for line in lines) + "</article>").encode())
    assert found.text.split("\n\n") == list(left)
    assert (found.metadata.author, found.metadata.published) == (author, published)


SENTENCE = "Le général, arrivé à Niamey, s'est déclaré « très satisfait » de l'accord signé."


def page_in(encoding: str, declared: str | None) -> bytes:
    meta = f"<meta charset='{declared}'>" if declared else ""
    return f"<html><head>{meta}</head><body><p>{SENTENCE}</p></body></html>".encode(encoding)


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        pytest.param(page_in("utf-8", "utf-8"), None, id="meta"),
        pytest.param(page_in("cp1252", "iso-8859-1"), None, id="latin-1_means_cp1252"),
        pytest.param(page_in("cp1252", "utf-8"), "windows-1252", id="the_server_before_the_page"),
        pytest.param(page_in("cp1252", "utf-8"), None, id="declared_utf-8_but_is_not"),
        pytest.param(page_in("utf-8", "iso-8859-1"), "utf-8", id="server_says_utf-8"),
        pytest.param(page_in("utf-8", None), None, id="nothing_said"),
        pytest.param(page_in("mac_roman", None), None, id="nothing_said_mac"),
        pytest.param(page_in("utf-16", "utf-8"), "iso-8859-1", id="byte_order_mark_before_all"),
        pytest.param(page_in("utf-8", "utf-16"), None, id="a_tag_that_cannot_be_true"),
        pytest.param(page_in("utf-8", "klingon"), "punycode", id="unknown_encodings"),
        pytest.param(b"<?xml version='1.0' encoding='cp1252'?>" + page_in("cp1252", None), None, id="xml_declaration"),
    ],
)
def test_encodings(data: bytes, charset: str | None) -> None:
    assert read_html(data, charset=charset).text == SENTENCE


def test_a_few_damaged_characters_do_not_lose_the_page() -> None:
    data = ("<p>" + "déjà " * 100).encode() + b"cass\xe9"
    assert decode_html(data).endswith("déjà cass\ufffd")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(
            b"<html><body><div id='root'></div><script src='app.js'></script></body></html>", "no text without JavaScript", id="script"
        ),
        pytest.param(
            b"<body><div id='root'></div><script src='app.js'></script><noscript>You need to enable JavaScript.</noscript></body>",
            "no text without JavaScript",
            id="a_notice_where_no_scripts_run",
        ),
        pytest.param(
            b"<body><p>Veuillez activer JavaScript pour lire ce site.</p><script src='app.js'></script></body>",
            "no text without JavaScript",
            id="a_notice_that_a_script_takes_away",
        ),
        pytest.param(b"<html><body><img src='a.jpg'></body></html>", "the page holds no text; save", id="picture"),
        pytest.param(b"<html><body>" + b"<i>a</i>" * 60, "more than 50 elements", id="too_many_elements"),
        pytest.param(b"<p>" + b"a" * 2000, "too large for a page: 2,003 bytes, the limit is 2,000", id="too_large"),
    ],
)
def test_pages_without_an_article(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read_html(data, limits=Limits(article=2000, elements=50))


def test_a_short_page_about_scripts_is_an_article() -> None:
    text = "La ville a refait son site, qui s'ouvre désormais sans JavaScript, a dit le maire."
    assert read_html(document(f"<article><p>{text}</p></article>").encode()).text == text


def test_a_text_that_only_the_structured_data_holds() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "' + "\\n\\n".join(PARAGRAPHS) + '"}</script>'
    page = document("<div id='root'></div><p>Chargement…</p>", head)
    assert read_html(page.encode()).text == "\n\n".join(PARAGRAPHS)


def test_nothing_outside_the_page_is_read(tmp_path: object) -> None:
    data = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>Bonjour &x; tout le monde.</p></body></html>'
    assert "root:" not in read_html(data).text


def test_deep_nesting_keeps_what_stands_before_it() -> None:
    data = b"<html><body><p>Le texte vient d'abord, avant tout le reste.</p>" + b"<div>" * 50_000 + b"trop profond"
    assert read_html(data).text == "Le texte vient d'abord, avant tout le reste."
