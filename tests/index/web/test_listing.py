"""Feeds and sitemaps, and the addresses by which pages are known."""

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ArticleError
from index.web.address import LONGEST, as_sent, canonical
from index.web.listing import Listing, read_listing

HOME = "https://courrier.example/feed"
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Le Courrier</title><link>https://courrier.example/</link><image><url>https://courrier.example/logo.png</url><title>x</title></image>
<item><title>Le pont rouvre</title><link>/2025/pont?utm_source=rss#haut</link><pubDate>Mon, 03 Feb 2025 08:00:00 +0000</pubDate>
<dc:creator>Awa Diallo</dc:creator></item>
<item><title>La crue</title><link>https://courrier.example/crue</link><pubDate>Wed, 05 Feb 2025 08:00:00 +0000</pubDate>
<content:encoded><![CDATA[<p>BODY</p>]]></content:encoded></item>
<item><title>La crue</title><link>https://courrier.example/crue#suite</link></item>
<item><title>Un message</title><link>mailto:a@b.example</link></item>
</channel></rss>""".replace("BODY", "La crue a duré. " * 80)
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Le Courrier</title>
<entry><title>Le pont</title><link rel="self" href="/x"/><link href="pont"/><published>2025-02-03T08:00:00Z</published>
<author><name>Awa Diallo</name></author><source><title>Agence</title></source></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://courrier.example/a</loc><lastmod>2025-02-01</lastmod></url>
<url><loc>https://courrier.example/b</loc><lastmod>2025-02-09</lastmod><news:news>
<news:publication><news:name>Le Courrier</news:name></news:publication>
<news:publication_date>2025-02-08T10:00:00+01:00</news:publication_date><news:title>La crue</news:title></news:news></url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://courrier.example/s1.xml</loc></sitemap>
<sitemap><loc>https://courrier.example/s2.xml.gz</loc></sitemap></sitemapindex>"""


def read(text: str, limit: int = 100) -> Listing:
    found = read_listing(text.encode(), HOME, limit)
    assert found is not None
    return found


def test_a_feed_lists_its_pages_newest_first() -> None:
    found = read(RSS)
    assert (found.kind, found.title) == ("feed", "Le Courrier")
    assert [item.address for item in found.entries] == ["https://courrier.example/crue", "https://courrier.example/2025/pont"]
    crue, pont = found.entries
    assert (crue.stated.title, crue.stated.published, crue.stated.source) == ("La crue", "2025-02-05", "Le Courrier")
    assert (pont.stated.author, pont.stated.origins["author"]) == ("Awa Diallo", "feed")
    assert crue.body is not None
    assert crue.body.startswith("<p>La crue a duré.")
    assert pont.body is None


def test_only_so_many_of_the_newest_are_taken() -> None:
    assert [item.address for item in read(RSS, limit=1).entries] == ["https://courrier.example/crue"]


def test_an_atom_feed() -> None:
    (entry,) = read(ATOM).entries
    assert (entry.address, entry.stated.title, entry.stated.author) == ("https://courrier.example/pont", "Le pont", "Awa Diallo")
    assert entry.stated.published == "2025-02-03"


@pytest.mark.parametrize("packed", [False, True])
def test_a_sitemap(packed: bool) -> None:
    data = gzip.compress(SITEMAP.encode()) if packed else SITEMAP.encode()
    found = read_listing(data, HOME, 10)
    assert found is not None
    assert found.kind == "sitemap"
    second, first = found.entries
    assert (second.address, second.stated.title, second.stated.published) == ("https://courrier.example/b", "La crue", "2025-02-08")
    # When a page was changed is not when it was published.
    assert (first.address, first.stated.published) == ("https://courrier.example/a", None)


def test_an_index_of_sitemaps() -> None:
    found = read(INDEX)
    assert (found.kind, [item.address[-9:] for item in found.entries]) == ("index", ["le/s1.xml", "s2.xml.gz"])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<!doctype html><html><body><p>rss</p></body></html>", id="page"), pytest.param(b"", id="nothing"),
        pytest.param(b"%PDF-1.4 <rss>", id="pdf"), pytest.param(b"\x00\xff\x1f", id="bytes"),
        pytest.param(b"<html><rss-box/></html>", id="tag"),
    ],
)  # fmt: skip
def test_what_is_no_listing(data: bytes) -> None:
    assert read_listing(data, HOME, 10) is None


def test_entities_are_not_followed() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    found = read_listing((bomb + RSS.partition("?>")[2].replace("Le pont rouvre", "Le pont &b; &x;")).encode(), HOME, 10)
    assert found is not None
    assert [item.stated.title for item in found.entries][1] == "Le pont"


def test_a_long_feed_is_cut() -> None:
    items = "".join(f"<item><title>{number}</title><link>https://a.example/{number}</link></item>" for number in range(100_000))
    found = read_listing(f"<rss><channel>{items}</channel></rss>".encode(), HOME, 5)
    assert found is not None
    assert [item.stated.title for item in found.entries] == ["0", "1", "2", "3", "4"]


def test_a_damaged_feed_gives_what_it_can() -> None:
    found = read_listing(RSS[:-180].encode(), HOME, 10)
    assert found is not None
    assert found.entries[0].address == "https://courrier.example/crue"
    with pytest.raises(ArticleError, match="the packed sitemap is damaged"):
        read_listing(gzip.compress(SITEMAP.encode())[:60], HOME, 10)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("https://A.Example:443/b#c", "https://a.example/b", id="host_port_fragment"),
        pytest.param("http://a.example", "http://a.example/", id="no_path"),
        pytest.param("http://a.example:8080/b", "http://a.example:8080/b", id="another_port"),
        pytest.param("https://a.example/?p=12&utm_source=x&fbclid=y", "https://a.example/?p=12", id="tracking"),
        pytest.param("https://a.example/?q=a%20b&p", "https://a.example/?q=a%20b&p", id="as_it_is_where_nothing_is_dropped"),
        pytest.param("https://a.example/b?xtor=RSS-1", "https://a.example/b", id="only_tracking"),
        pytest.param("http://[::1]:80/a", "http://[::1]/a", id="ipv6"),
        pytest.param("https://a.example./b", "https://a.example/b", id="dot_after_host"),
        pytest.param("https://a.example/b/../c/./d", "https://a.example/c/d", id="dot_segments"),
        pytest.param("https://a.example/../../b/..", "https://a.example/", id="dot_segments_beyond_the_root"),
        pytest.param("https://a.example/été?q=é", "https://a.example/%C3%A9t%C3%A9?q=%C3%A9", id="accents"),
        pytest.param("https://a.example/%c3%a9", "https://a.example/%C3%A9", id="escapes_in_upper_case"),
        pytest.param("https://a.example/100%/b c", "https://a.example/100%25/b%20c", id="lone_percent_and_space"),
        pytest.param("https://bücher.example/", "https://xn--bcher-kva.example/", id="idna"),
        pytest.param(" https://a.example/b\n", "https://a.example/b", id="space_around"),
        pytest.param("http://2130706433/", "http://127.0.0.1/", id="decimal_host"),
        pytest.param("http://0x7f.1/", "http://127.0.0.1/", id="hexadecimal_host"),
    ],
)
def test_canonical(address: str, expected: str) -> None:
    assert canonical(address) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a.example/b",
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://",
        "http://a b/",
        "http://[::1",
        "http://a:x/",
        "http://a:0/",
        "https://a..example/",
        "http://[::1%25eth0]/",
        "http://1.2.3.4.5/",
        "https://a.example/" + "b" * LONGEST,
    ],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ArticleError, match="is no address"):
        canonical(address)


def test_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(ArticleError, match="holds a user name or password") as error:
        canonical("https://awa:secret@a.example/")
    assert "secret" not in str(error.value)


def test_a_redirect_keeps_its_parameters() -> None:
    assert as_sent("/a?utm_source=x#top", "https://a.example/b/c") == "https://a.example/a?utm_source=x"


@given(st.text(max_size=60), st.sampled_from(["", "https://", "http://a.example/", "http://a.example/?", "https://é"]))
def test_any_text_is_an_address_in_its_last_form_or_refused(text: str, start: str) -> None:
    with suppress(ArticleError):
        found = canonical(start + text, "https://a.example/b/c")
        assert found.isascii()
        assert canonical(found) == found


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("L&eacute;gal", "Légal", id="entity"),
        pytest.param("Gr&amp;egrave;ve &lt;b&gt;Rennes&lt;/b&gt;", "Grève Rennes", id="tags"),
        pytest.param("2 &lt; 3 &amp; 4", "2 < 3 & 4", id="signs_that_are_no_tags"),
    ],
)  # fmt: skip
def test_titles_hold_neither_entities_nor_tags(title: str, expected: str) -> None:
    entry = read(f"<rss><channel><item><title>{title}</title><link>/a</link></item></channel></rss>").entries[0]
    assert entry.stated.title == expected


def test_links_are_relative_to_their_base() -> None:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/news/"><entry xml:base="2025/"><link href="a"/></entry></feed>'
    assert read(feed).entries[0].address == "https://courrier.example/news/2025/a"


def test_the_newest_is_told_across_time_zones() -> None:
    late = "<item><link>/late</link><pubDate>Mon, 26 Jun 2023 20:00:00 -0500</pubDate></item>"
    early = "<item><link>/early</link><pubDate>Mon, 26 Jun 2023 23:00:00 +0000</pubDate></item>"
    (entry,) = read(f"<rss><channel>{early}{late}</channel></rss>", limit=1).entries
    assert (entry.address, entry.stated.published) == ("https://courrier.example/late", "2023-06-26")


@given(st.sampled_from([RSS, ATOM, SITEMAP, INDEX]), st.integers(0, 1_200), st.binary(max_size=12), st.integers(0, 40))
def test_whatever_is_damaged_is_a_listing_or_a_clear_error(text: str, place: int, piece: bytes, gone: int) -> None:
    data = text.encode()
    damaged = data[:place] + piece + data[place + gone :]
    found: Listing | None = None
    with suppress(ArticleError):
        found = read_listing(damaged, HOME, 10)
    assert found is None or all(item.address.startswith("http") for item in found.entries)
