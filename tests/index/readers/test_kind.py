"""Telling kinds apart, and what is said of those that are not read."""

import pytest

from index.errors import ArticleError
from index.readers.kind import SUFFIXES, kind_of
from index.readers.part import of_bytes
from tests.index.readers.samples import SAMPLES, pack

KINDS = {"article.txt": "text", "article.md": "markdown", "page.html": "html", "page.mhtml": "mhtml", "review.pdf": "pdf", "plain.pdf": "pdf",
         "article.docx": "docx", "list.jsonl": "jsonl", "list.json": "json", "table.csv": "table", "table.tsv": "table", "all.zip": "zip",
         "list.jsonl.gz": "gzip", "crawl.warc": "warc", "crawl.warc.gz": "gzip"}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_samples(name: str) -> None:
    assert kind_of(of_bytes(name, SAMPLES[name]())) == KINDS[name]
    assert kind_of(of_bytes(name.upper(), SAMPLES[name]())) == KINDS[name]


@pytest.mark.parametrize("name", ["page.html", "review.pdf", "article.docx", "all.zip", "list.jsonl.gz", "crawl.warc"])
def test_what_the_bytes_show_counts_more_than_the_name(name: str) -> None:
    assert kind_of(of_bytes("article.txt", SAMPLES[name]())) == KINDS[name]
    assert kind_of(of_bytes("article", SAMPLES[name]())) == KINDS[name]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        pytest.param("a.txt", b"The <html> element is the root.", "text", id="text_about_html"),
        pytest.param("a.md", b"<body>\n# Titre", "markdown", id="markdown_with_html"),
        pytest.param("a.txt", b"\xef\xbb\xbf\r\n<!-- saved from url=(0010)http://x.y -->\n<!DOCTYPE html>\n", "html", id="saved_page"),
        pytest.param("a.txt", "\ufeff<html>".encode("utf-16-le"), "html", id="utf-16_page"),
        pytest.param("a.html", b"plain words", "html", id="page_without_marks"),
        pytest.param("a.txt", b"PK is short for Pakistan", "text", id="no_archive"),
        pytest.param("a.txt", b"%PDF- is how PDF files begin? No: a line before"[5:], "text", id="no_pdf"),
        pytest.param("a.pdf", b"\n\n%PDF-1.4", "pdf", id="pdf_after_empty_lines"),
    ],
)
def test_kinds(name: str, data: bytes, kind: str) -> None:
    assert kind_of(of_bytes(name, data)) == kind


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param(
            "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office document, or an encrypted one; open it in a word processor", id="doc"
        ),
        pytest.param("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office document, or an encrypted one", id="encrypted_docx"),
        pytest.param("a.odt", pack({"mimetype": b"application/vnd.oasis.opendocument.text"}), "an OpenDocument text; open it", id="odt"),
        pytest.param("a.txt", b"{\\rtf1 text}", "an RTF document; open it", id="rtf"),
        pytest.param("a.epub", pack({"mimetype": b"application/epub+zip"}), "an e-book; convert it", id="epub"),
        pytest.param("a.zip", pack({"xl/workbook.xml": b"<x/>"}), r"a spreadsheet; save it as \.csv", id="xlsx"),
        pytest.param("a.jpg", b"\xff\xd8\xff\xe0", "an image; it needs OCR", id="image"),
        pytest.param("a.mp4", b"\0\0\0\x18ftypmp42", "sound or film, not text", id="film"),
        pytest.param("a.tar", b"\0" * 257 + b"ustar", r"a tar archive; unpack it and name the folder, or pack it as \.zip", id="tar"),
        pytest.param("a.7z", b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", id="7z"),
        pytest.param("a.pdf", b"just words", r"named \.pdf but it is none", id="no_pdf"),
        pytest.param("a.zip", b"", r"named \.zip but it is none|the file is empty", id="empty_zip"),
        pytest.param("a.txt", b"", "the file is empty", id="empty"),
        pytest.param("Makefile", b"all:", r"files of kind \(none\) are not read; known kinds: \.txt, ", id="no_suffix"),
        pytest.param("a.xml", b"<?xml version='1.0'?><rss/>", r"files of kind \.xml are not read", id="xml"),
    ],
)
def test_reasons(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        kind_of(of_bytes(name, data))


def test_every_kind_has_a_sample() -> None:
    assert set(SUFFIXES.values()) == set(KINDS.values())
