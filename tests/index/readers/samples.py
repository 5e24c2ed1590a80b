"""A valid file of each kind, made by the libraries that write them."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from tests.index.readers.pages import PAGES, PARAGRAPHS, document

TITLE = "Le Niger et la Hongrie signent un accord"
ADDRESS = "https://www.courrier-fleuve.example/2024/07/03/accord"
RECORDS = (
    {"id": "a1", "title": TITLE, "text": "\n\n".join(PARAGRAPHS), "date": "2024-07-03", "url": ADDRESS, "source": "Le Courrier du Fleuve"},
    {"id": "a2", "title": "Le mil à Zinder", "text": "Le prix du mil « s'envole », dit un vendeur ;\nil a doublé.", "date": "2024-07-04"},
    {"id": "a3", "title": "La route rouverte", "text": "<p>La route est rouverte.</p><p>Le trafic reprend.</p>", "date": "5 juillet 2024"},
)
HEAD = (
    f"<link rel='canonical' href='{ADDRESS}'><meta property='og:site_name' content='Le Courrier du Fleuve'>"
    f"<meta property='og:title' content='{TITLE}'><meta property='article:published_time' content='2024-07-03T10:12:00+01:00'>"
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "' + TITLE + '", '
    '"datePublished": "2024-07-03T10:12:00+01:00", "author": {"@type": "Person", "name": "Awa Issoufou"}}</script>'
)


@cache
def html() -> bytes:
    """A page with structured data, in UTF-8."""
    return document("<article>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</article>", HEAD).encode()


@cache
def pdf(texts: Sequence[str] = PARAGRAPHS, columns: int = 2, repeats: int = 3, title: str = TITLE, packed: bool = True) -> bytes:
    """A press review of `columns` columns with a running title, page numbers and a heading before each round of `texts`."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    width, height = A4
    margin, gap = 57, 24
    column = (width - 2 * margin - (columns - 1) * gap) / columns

    def decorate(canvas: object, page: object) -> None:
        canvas.setFont("Helvetica", 8)  # type: ignore[attr-defined]
        canvas.drawString(margin, height - 34, "Revue de presse")  # type: ignore[attr-defined]
        canvas.drawCentredString(width / 2, 28, f"Page {page.page} sur 9")  # type: ignore[attr-defined]

    file = io.BytesIO()
    paper = BaseDocTemplate(file, pagesize=A4, title=title, author="Service de documentation", invariant=1, pageCompression=int(packed))
    frames = [Frame(margin + number * (column + gap), margin, column, height - 2 * margin) for number in range(columns)]
    paper.addPageTemplates([PageTemplate(frames=frames, onPage=decorate)])
    styles = getSampleStyleSheet()
    styles["BodyText"].alignment = 4  # justified
    story = []
    for number in range(repeats):
        story.append(Paragraph(f"Chapitre {number + 1}", styles["Heading2"]))
        story += [Paragraph(f"{text} Point {number + 1}.{place}.", styles["BodyText"]) for place, text in enumerate(texts)]
    paper.build(story)
    return file.getvalue()


@cache
def docx(texts: Sequence[str] = PARAGRAPHS) -> bytes:
    """A Word file with a title, paragraphs and a table."""
    import datetime

    from docx import Document

    document = Document()
    document.core_properties.author = "Awa Issoufou"
    document.core_properties.created = datetime.datetime(2024, 7, 3, 10, 12)
    document.add_heading(TITLE, 0)
    for text in texts:
        document.add_paragraph(text)
    table = document.add_table(2, 2)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ("Année", "Soldats", "2023", "140"), strict=True):
        cell.text = text
    document.add_paragraph("Fin.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def json_lines(records: Sequence[Mapping[str, object]] = RECORDS) -> bytes:
    """One object a line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def json_list(records: Sequence[Mapping[str, object]] = RECORDS) -> bytes:
    """An object that holds the list of articles."""
    return json.dumps({"status": "ok", "articles": list(records)}, ensure_ascii=False, indent=1).encode()


def table(records: Sequence[Mapping[str, str]] = RECORDS, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """A table as spreadsheets write it."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, ["id", "title", "text", "date", "url", "source"], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return file.getvalue().encode(encoding)


def pack(members: Mapping[str, bytes]) -> bytes:
    """A .zip file of `members`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            # A fixed time, so that the same members make the same file.
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def warc_record(kind: str, address: str, content_type: str, block: bytes) -> bytes:
    """A record as ISO 28500 has it. Written here because warcio's writer leaves a temporary file open for each."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{len(block):012}>\r\n"
        f"WARC-Date: 2026-01-02T03:04:05Z\r\nWARC-Target-URI: {address}\r\nContent-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def warc(pages: Sequence[tuple[str, str, str, bytes]], packed: bool = True) -> bytes:
    """A crawl of `pages`: address, status, content type and body of each."""
    records = [
        warc_record("response", address, "application/http; msgtype=response",
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        for address, status, kind, body in pages
    ]  # fmt: skip
    return b"".join(gzip.compress(record, mtime=0) if packed else record for record in records)


def _crawl(packed: bool) -> bytes:
    pages = [(f"{ADDRESS}/{page.name}", "200 OK", "text/html; charset=utf-8", page.html.encode()) for page in PAGES[:3]]
    return warc([*pages, (f"{ADDRESS}/gone", "404 Not Found", "text/html", b"<p>gone</p>")], packed)


def _mhtml() -> bytes:
    return (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {ADDRESS}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="--b"\r\n\r\n----b\r\nContent-Type: text/html; charset=utf-8\r\n'
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    ).encode() + html() + b"\r\n----b--\r\n"  # fmt: skip


@cache
def archive() -> bytes:
    """An archive of several kinds, one of them another archive."""
    inner = pack({"mil.txt": PARAGRAPHS[0].encode(), "route.jsonl": json_lines()})
    return pack({"a.txt": PARAGRAPHS[1].encode("cp1252"), "pages/b.html": html(), "c.csv": table(), "d.zip": inner})


SAMPLES: Mapping[str, Callable[[], bytes]] = {
    "article.txt": lambda: "\n\n".join(PARAGRAPHS).encode("cp1252"),
    "article.md": f"# {TITLE}\n\n*{PARAGRAPHS[0]}*\n".encode,
    "page.html": html,
    "page.mhtml": _mhtml,
    "review.pdf": lambda: pdf(columns=2, repeats=1),
    "plain.pdf": lambda: pdf(repeats=1, packed=False),
    "article.docx": docx,
    "list.jsonl": json_lines,
    "list.json": json_list,
    "table.csv": table,
    "table.tsv": lambda: table(delimiter="\t", encoding="utf-16"),
    "all.zip": archive,
    "list.jsonl.gz": lambda: gzip.compress(json_lines(), mtime=0),
    "crawl.warc": lambda: _crawl(packed=False),
    "crawl.warc.gz": lambda: _crawl(packed=True),
}
