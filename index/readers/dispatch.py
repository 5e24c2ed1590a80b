"""A file of any kind -> its articles, by the reader of its kind."""

import hashlib
from typing import Final

from index.document import Document
from index.errors import ArticleError
from index.metadata import settle, told
from index.readers.kind import kind_of
from index.readers.part import Context, Found, Part

SMALL: Final = 200_000
"""Bytes of a member of an archive up to which it is one unit of the walk, whatever is in it."""
_CONTAINERS: Final = ("jsonl", "json", "table", "zip", "gzip", "warc")


def read_part(part: Part, context: Context) -> Found:
    """The articles in `part`, and what in it could not be read; nothing where it falls to another share.

    Raises:
        ArticleError: nothing in it can be read, or nothing from some point on.
        OSError: it cannot be opened.
    """
    walk, name = context.walk, part.address or part.name
    if part.depth and 0 < part.size <= SMALL:
        if walk.takes(name):
            with walk.within():
                yield from _read_kind(part, context, kind_of(part))
        else:
            context.budget.spend(part.size)
        return
    kind = kind_of(part)
    if kind in _CONTAINERS or walk.takes(name):
        yield from _read_kind(part, context, kind)
    elif part.depth:
        context.budget.spend(part.size)


def _read_kind(part: Part, context: Context, kind: str) -> Found:
    if kind in ("text", "markdown"):
        yield _read_text(part, context, markdown=kind == "markdown")
    elif kind in ("html", "mhtml"):
        from index.readers.html import read_archive_page, read_html_part

        yield from (read_html_part if kind == "html" else read_archive_page)(part, context)
    elif kind == "pdf":
        from index.readers.pdf import read_pdf_part

        yield from read_pdf_part(part, context)
    elif kind == "docx":
        from index.readers.word import read_word_part

        yield from read_word_part(part, context)
    elif kind in ("jsonl", "json", "table"):
        from index.readers.records import read_json, read_json_lines, read_table

        yield from {"jsonl": read_json_lines, "json": read_json, "table": read_table}[kind](part, context)
    else:
        from index.readers.archive import read_gzip, read_zip
        from index.readers.warc import read_warc

        yield from {"zip": read_zip, "gzip": read_gzip, "warc": read_warc}[kind](part, context, read_part)


def _read_text(part: Part, context: Context, markdown: bool) -> Document:
    from index.markdown import read_markdown
    from index.readers.decode import decode

    data = part.read(context.limits.article)
    text = None
    if part.charset:
        try:
            text = data.decode(part.charset)
        except (LookupError, ValueError):
            text = None
    text = decode(data) if text is None else text
    fetched = told("address", url=part.address)
    digest = hashlib.sha256(data).hexdigest()
    if markdown:
        body, stated = read_markdown(text)
        if not body.strip():
            raise ArticleError("it holds a title and no text")
        return Document(text=body, digest=digest, metadata=settle([stated, fetched]))
    return Document(text=text, digest=digest, scraped=True, metadata=fetched)
