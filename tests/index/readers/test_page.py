"""What a page says about itself, and which of its statements is trusted."""

import pytest

from index.readers.html import read_html
from tests.index.readers.pages import LEAD, document

ADDRESS = "https://www.courrier.example/2021/05/06/accord"


def linked(**fields: str) -> str:
    pairs = ", ".join(f'"{name}": {value}' for name, value in fields.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {pairs}}}</script>'


def meta(name: str, value: str) -> str:
    return f"<meta property='{name}' content='{value}'>"


LINKED_DATE = linked(datePublished='"2024-07-03T23:30:00-05:00"')
TAG_DATE = meta("article:published_time", "2023-01-02T08:00:00Z")
BODY = f"<article><h1>Un accord</h1><p>{LEAD}</p></article>"


def page(head: str = "", body: str = BODY) -> bytes:
    return document(body, head).encode()


@pytest.mark.parametrize(
    ("data", "address", "published", "origin"),
    [
        pytest.param(page(LINKED_DATE + TAG_DATE), None, "2024-07-03", "JSON-LD", id="structured_data_first"),
        pytest.param(page(TAG_DATE), ADDRESS, "2023-01-02", "meta tag", id="tag_before_address"),
        pytest.param(page(meta("date", "20220304")), None, "2022-03-04", "meta tag", id="compact"),
        pytest.param(page(body=f"<time datetime='2022-02-03'>3 février</time>{BODY}"), ADDRESS, "2022-02-03", "time tag", id="time_before_address"),
        pytest.param(page(), ADDRESS, "2021-05-06", "address", id="address"),
        pytest.param(page(body=f"<span class='entry-date'>Publié le 3 juillet 2024 à 10 h</span>{BODY}"), None, "2024-07-03", "byline", id="byline"),
        pytest.param(page(meta("article:modified_time", "2024-05-05")), None, None, None, id="a_change_is_no_publication"),
        pytest.param(page(linked(dateModified='"2024-05-05"')), None, None, None, id="a_change_in_structured_data"),
        pytest.param(page(meta("og:image", "https://a.example/uploads/2019/03/02/a.jpg")), None, None, None, id="the_date_of_an_image"),
        pytest.param(page(body=f"{BODY}<aside><time datetime='2020-01-02'>x</time></aside>"), None, None, None, id="of_another_article"),
        pytest.param(page(body=BODY.replace("lundi", "le 14 juillet 2021")), None, None, None, id="told_in_the_text"),
        pytest.param(page(body=f"{BODY}<footer>© 2024</footer>"), None, None, None, id="copyright"),
        pytest.param(page(meta("date", "1970-01-01T00:00:00Z")), None, None, None, id="date_not_set"),
        pytest.param(page(meta("date", "hier")), None, None, None, id="no_date"),
        pytest.param(page(linked(datePublished="[[]]")), None, None, None, id="odd_structured_data"),
    ],
)  # fmt: skip
def test_dates(data: bytes, address: str | None, published: str | None, origin: str | None) -> None:
    found = read_html(data, address=address).metadata
    assert (found.published, found.origins.get("published")) == (published, origin)


@pytest.mark.parametrize(
    ("data", "title", "origin"),
    [
        pytest.param(page(linked(headline='"L&#39;accord signé"')), "L'accord signé", "JSON-LD", id="structured_data"),
        pytest.param(page(linked(headline='"L accord sig…"') + meta("og:title", "L accord signé")), "L accord signé", "meta tag", id="cut_short"),
        pytest.param(page(meta("og:title", "L accord - Courrier") + meta("og:site_name", "Courrier")), "L accord", "meta tag", id="site_after_it"),
        pytest.param(page(), "Un accord", "h1", id="heading"),
        pytest.param(page(body=f"<h1>Courrier</h1>{BODY}"), "Le Niger et la Hongrie signent un accord - Le Courrier du Fleuve", "title tag", id="two_headings"),
    ],
)  # fmt: skip
def test_titles(data: bytes, title: str, origin: str) -> None:
    found = read_html(data).metadata
    assert (found.title, found.origins["title"]) == (title, origin)


@pytest.mark.parametrize(
    ("head", "source", "origin"),
    [
        pytest.param(meta("og:site_name", "Le Courrier") + linked(publisher='{"name": "Fleuve SA"}'), "Le Courrier", "meta tag", id="site_before_owner"),
        pytest.param(linked(publisher='{"@type": "Organization", "name": "Le Courrier"}'), "Le Courrier", "JSON-LD", id="publisher"),
        pytest.param("", "courrier.example", "address", id="host"),
    ],
)  # fmt: skip
def test_sites(head: str, source: str, origin: str) -> None:
    found = read_html(page(head), address=ADDRESS).metadata
    assert (found.source, found.origins["source"]) == (source, origin)


@pytest.mark.parametrize(
    ("head", "url", "origin"),
    [
        pytest.param("<link rel='canonical' href='/b'>" + meta("og:url", "https://c.example/d"), "https://www.courrier.example/b", "canonical link", id="relative"),
        pytest.param("<link rel='canonical' href='https://www.courrier.example/'>", ADDRESS, "address", id="a_link_to_the_front_page"),
        pytest.param("<link rel='canonical' href='javascript:alert(1)'>", ADDRESS, "address", id="no_address"),
        pytest.param("<link rel='canonical' href='http://[x'>", ADDRESS, "address", id="malformed"),
    ],
)  # fmt: skip
def test_addresses(head: str, url: str, origin: str) -> None:
    found = read_html(page(head), address=ADDRESS).metadata
    assert (found.url, found.origins["url"]) == (url, origin)


def test_the_note_that_browsers_leave_in_a_saved_page() -> None:
    data = b"<!-- saved from url=(0046)https://www.courrier.example/2021/05/06/accord -->" + page()
    assert read_html(data).metadata.url == ADDRESS


@pytest.mark.parametrize(
    ("head", "author"),
    [
        pytest.param(linked(author='[{"name": "Awa Issoufou"}, "Ali Maïga"]'), "Awa Issoufou, Ali Maïga", id="two"),
        pytest.param("<meta name='author' content='Awa Issoufou'>", "Awa Issoufou", id="tag"),
        pytest.param(meta("article:author", "https://facebook.example/awa"), None, id="a_profile"),
        pytest.param("<meta name='author' content='admin'>", None, id="the_machine"),
    ],
)
def test_authors(head: str, author: str | None) -> None:
    assert read_html(page(head)).metadata.author == author


def test_language() -> None:
    found = read_html(document(BODY, language="fr-FR").encode()).metadata
    assert (found.language, found.origins["language"]) == ("fr", "html lang")


def test_the_article_among_others_is_told_by_its_title() -> None:
    others = linked(headline='"Un autre"', datePublished='"2020-01-01"') + linked(headline='"Un accord"', datePublished='"2024-07-03"')
    assert read_html(page(others)).metadata.published == "2024-07-03"
    assert read_html(page(others), address=None).metadata.title == "Un accord"
    unclear = linked(headline='"Un autre"', datePublished='"2020-01-01"') + linked(headline='"Un tiers"', datePublished='"2024-07-03"')
    assert read_html(page(unclear)).metadata.published is None


def test_a_graph_as_wordpress_writes_it() -> None:
    graph = (
        '<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "datePublished": "2024-07-03T08:00:00+00:00", "inLanguage": "fr-FR"},'
        '{"@type": "Organization", "name": "Le Courrier"}]}</script>'
    )
    found = read_html(page(graph)).metadata
    assert (found.published, found.source) == ("2024-07-03", "Le Courrier")
