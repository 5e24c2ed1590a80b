"""Crawls."""

from pathlib import Path

import pytest

from tests.index.readers.pages import LEAD, document
from tests.index.readers.reading import read, reasons, texts
from tests.index.readers.samples import pdf, warc, warc_record

HOME = "https://www.courrier.example"
PAGE = document(f"<p>{LEAD}</p>")
PAGES = [
    (f"{HOME}/a", "200 OK", "text/html; charset=windows-1252", PAGE.replace("charset='utf-8'", "").encode("cp1252")),
    (f"{HOME}/gone", "404 Not Found", "text/html", PAGE.encode()),
    (f"{HOME}/moved", "301 Moved", "text/html", PAGE.encode()),
    (f"{HOME}/robots.txt", "200 OK", "text/plain", b"User-agent: *"),
    (f"{HOME}/logo.png", "200 OK", "image/png", b"\x89PNG"),
    (f"{HOME}/app", "200 OK", "text/html", b"<html><body><script src='a.js'></script></body></html>"),
    (f"{HOME}/note", "200 OK", "text/plain; charset=mac-roman", "Un été à Niamey.".encode("mac_roman")),
    (f"{HOME}/revue", "200 OK", "application/pdf", pdf(repeats=1)),
    (f"{HOME}/a", "200 OK", "text/html", PAGE.encode()),
]


@pytest.mark.parametrize("packed", [True, False])
def test_pages_are_named_by_their_address(tmp_path: Path, packed: bool) -> None:
    found = read(tmp_path, "crawl.warc.gz" if packed else "crawl.warc", warc(PAGES, packed))
    assert list(texts(found)) == [f"{HOME}/a", f"{HOME}/note", f"{HOME}/revue"]
    assert texts(found)[f"{HOME}/a"] == LEAD
    assert texts(found)[f"{HOME}/note"] == "Un été à Niamey."
    assert reasons(found) == {
        f"{HOME}/app": "the page holds no text without JavaScript; save it from the browser as text or PDF",
        f"{HOME}/a": f"another record of this file has the id {HOME}/a; give each its own",
    }
    for item in found:
        if hasattr(item, "metadata"):
            assert item.metadata.url == item.record
            # The day of the crawl is not when the article was published.
            assert item.metadata.published in (None, "2000-01-01")


@pytest.mark.parametrize("packed", [True, False])
def test_a_crawl_that_breaks_off_keeps_what_came_before(tmp_path: Path, packed: bool, capsys: pytest.CaptureFixture[str]) -> None:
    data = warc([PAGES[0], (f"{HOME}/b", *PAGES[0][1:])], packed)
    found = read(tmp_path, "crawl.warc", data[:-150])
    assert list(texts(found)) == [f"{HOME}/a"]
    assert reasons(found)[""].startswith("cut or damaged towards the end; what came before is kept")
    assert capsys.readouterr().err == ""


def test_records_that_are_no_pages_are_passed_over(tmp_path: Path) -> None:
    data = (
        warc_record("warcinfo", "", "application/warc-fields", b"software: test\r\n")
        + warc_record("request", f"{HOME}/a", "application/http; msgtype=request", b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        + warc_record("revisit", f"{HOME}/a", "application/http; msgtype=response", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        + warc_record("conversion", f"{HOME}/t", "text/plain", b"Text of a page.")
    )
    assert texts(read(tmp_path, "crawl.warc", data)) == {f"{HOME}/t": "Text of a page."}
