"""Word files (.docx): paragraphs and tables in their order, and the document's properties."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from index.dates import parse_date
from index.document import Document
from index.errors import ArticleError
from index.metadata import Metadata
from index.readers.limits import Limits
from index.readers.part import Context, Found, Part
from index.readers.runs import TABLE, blocks, words

PROPERTIES: Final = "Word properties"
"""The origin of fields from the document's properties. The date is when the file was made, not when the article was published."""
_TITLES: Final = ("Title", "Titre")
_TITLE_WITHIN: Final = 5
"""Blocks at the start of a document among which its title is looked for."""
_DAMAGED: Final = "a damaged Word file; open it in a word processor and save it again"


def read_word_part(part: Part, context: Context) -> Found:
    """The one article of a .docx file."""
    data = part.read(context.limits.whole)
    _check(data, context.limits)
    try:
        document = _open(data)
        blocks = [(text, style) for text, style in _blocks(document) if text]
        metadata = _metadata(document.core_properties, blocks)
    except ArticleError:
        raise
    except Exception as error:
        # python-docx takes the parts for granted, and meets a missing or odd one with whatever error comes of it.
        raise ArticleError(_DAMAGED) from error
    text = "\n\n".join(text for text, style in blocks if not (style in _TITLES and text == metadata.title))
    if not any(char.isalnum() for char in text):
        raise ArticleError("the Word file holds no text; if it holds images of text, it needs OCR")
    yield Document(text=text, digest=hashlib.sha256(data).hexdigest(), metadata=metadata)


def _check(data: bytes, limits: Limits) -> None:
    """Refuse what would unpack to more than a document ever does; python-docx unpacks every part at once."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, UnicodeDecodeError) as error:
        raise ArticleError(_DAMAGED) from error
    if any(member.flag_bits & 1 for member in members):
        raise ArticleError("an encrypted Word file; save a copy without its password")
    for member in members:
        # Pictures are packed already; markup packs well, 30 times and more.
        if member.file_size > limits.free + limits.ratio * member.compress_size or (
            member.filename.endswith((".xml", ".rels")) and member.file_size > limits.article
        ):
            raise ArticleError(
                f"a Word file whose part {member.filename[:80]!r} unpacks to {member.file_size:,} bytes; save its text alone"
            )
    if len(members) > 10_000 or sum(member.file_size for member in members) > limits.whole:
        raise ArticleError(f"a Word file that unpacks to more than {limits.whole:,} bytes; save its text alone")


def _open(data: bytes) -> Any:
    import docx

    return docx.Document(io.BytesIO(data))


def _blocks(document: Any) -> Iterator[tuple[str, str]]:
    """The text and style of each paragraph, and each row of a table as a line."""
    from docx.text.paragraph import Paragraph

    body = document.element.body
    for number, element in enumerate(blocks(body)):
        if element.tag == TABLE:
            yield from ((text, "") for text in _rows(element, body))
        else:
            # Only a title's style matters, and each look-up goes through all styles.
            style = Paragraph(element, document).style if number < _TITLE_WITHIN else None
            yield words(element), str(style.name if style is not None else "")


def _rows(table: Any, body: Any) -> Iterator[str]:
    from docx.table import Table

    for row in Table(table, body).rows:
        # A merged cell is given once for each column that it spans.
        cells = {id(cell._tc): " ".join(_cell(cell._tc, body)) for cell in row.cells}
        yield " | ".join(text for text in cells.values() if text)


def _cell(cell: Any, body: Any) -> Iterator[str]:
    for element in blocks(cell):
        yield from _rows(element, body) if element.tag == TABLE else filter(None, (words(element),))


def _metadata(properties: Any, blocks: list[tuple[str, str]]) -> Metadata:
    fields: dict[str, str] = {}
    origins: dict[str, str] = {}

    def take(name: str, value: str | None, origin: str) -> None:
        if value and name not in fields:
            fields[name], origins[name] = value, origin

    # The title that is read on the page is kept up to date more often than the property.
    take("title", next((text for text, style in blocks if style in _TITLES and len(text) <= 300), None), "text")
    take(
        "title", next((text for text, style in blocks[:1] if style.startswith(("Heading 1", "Titre 1")) and len(text) <= 300), None), "text"
    )
    title = " ".join((properties.title or "").split())
    take("title", title if not re.search(r"^(?:word document|document\d*)$|\.docx?$", title, re.IGNORECASE) else None, PROPERTIES)
    author = " ".join((properties.author or "").split())
    take("author", author if author.lower() != "python-docx" else None, PROPERTIES)
    take("published", parse_date(properties.created.date().isoformat()) if properties.created else None, PROPERTIES)
    language = re.match(r"([A-Za-z]{2,3})(?:[-_]|$)", properties.language or "")
    take("language", language[1].lower() if language else None, PROPERTIES)
    return Metadata(**fields, origins=origins)
