"""PDF files: running text in reading order, and what the file says about itself.

Weighed on generated press reviews of one and two justified columns (`tests/index/readers/samples.py`): pypdfium2 (the library of
Chrome), 450 pages a second, words and lines right; pypdf, 78, the same text but without places on the page; pdfminer.six, 12, and
words of justified lines out of order. None of them rebuilds paragraphs; `index.readers.layout` does from the places of the lines,
which leaves 29 pages a second.
PDFium may be used by one thread at a time.
"""

import ctypes
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median, median_low
from typing import Any, Final

from index.dates import parse_date
from index.document import Document
from index.errors import ArticleError
from index.metadata import Metadata
from index.readers.layout import Line, PageLines, Paragraph, paragraphs
from index.readers.limits import Budget, Limits
from index.readers.part import Context, Found, Part

INFORMATION: Final = "PDF information"
"""The origin of fields read from the file's own data. Its date is when the file was made: for a press review the day, for a scan of an
old article years later. So it is the weakest of all dates."""
_NOT_A_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint)|untitled|sans titre|document\d*$|\(?(?:anonymous|unspecified)\)?$)|\.\w{2,5}$", re.IGNORECASE
)
_LETTERS: Final = 20
"""Fewer letters than this in a whole file are a stamp or a page number on a scan."""
_CHARACTERS: Final = 200_000
"""Characters of a page: a newspaper's has 30,000."""
_FARTHEST: Final = 1e6
"""Points from the corner of the page: a page has at most 14,400 (ISO 32000-1, Annex C)."""
_NO_TEXT: Final = "no text: the pages are images; it needs OCR (for example ocrmypdf)"


def read_pdf(path: Path, limits: Limits | None = None) -> Document:
    """The text of a PDF file as one article.

    Raises:
        ArticleError: encrypted, damaged, without text, too large.
        OSError: it cannot be opened.
    """
    limits = limits or Limits()
    part = Part(name=path.name, open=lambda: path.open("rb"), size=path.stat().st_size)
    (document,) = read_pdf_part(part, Context(limits=limits, budget=Budget(limits)))
    assert isinstance(document, Document)
    return document


def read_pdf_part(part: Part, context: Context) -> Found:
    """The one article of a PDF file."""
    import pypdfium2

    data = part.read(context.limits.whole)
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            if len(pdf) > context.limits.pages:
                raise ArticleError(f"a PDF of {len(pdf):,} pages, the limit is {context.limits.pages:,}; split it")
            found = paragraphs(list(_pages(pdf, context.limits)))
            information = pdf.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        reason = str(error).lower()
        if "password" in reason or "security" in reason:
            raise ArticleError("an encrypted PDF; save a copy without its password") from error
        raise ArticleError("a damaged PDF; open it in a viewer and save it again") from error
    text = "\n\n".join(paragraph.text for paragraph in found)
    if sum(char.isalnum() for char in text) < _LETTERS:
        raise ArticleError(_NO_TEXT)
    if sum(char.isalnum() or char.isspace() for char in text) < 0.6 * len(text):
        raise ArticleError("its fonts do not tell which letters they show; it needs OCR (for example ocrmypdf --force-ocr)")
    yield Document(text=text, digest=hashlib.sha256(data).hexdigest(), metadata=_metadata(information, found))


def _pages(pdf: Any, limits: Limits) -> Iterator[PageLines]:
    left = limits.article
    for number in range(len(pdf)):
        page = pdf[number]
        width, height = page.get_size()
        text = page.get_textpage()
        lines = list(_lines(text))
        text.close()
        page.close()
        left -= sum(len(line.text) for line in lines)
        if left < 0:
            raise ArticleError(f"a PDF of more than {limits.article:,} characters; split it")
        yield PageLines(width=width, height=height, lines=lines)


@dataclass(frozen=True, kw_only=True)
class _Letter:
    char: str
    spaced: bool
    left: float
    right: float
    bottom: float
    size: float


def _lines(textpage: Any) -> Iterator[Line]:
    """The lines of a page, broken where PDFium ends one and where the next letter stands far off, as in another column."""
    line: list[_Letter] = []
    for letter in _letters(textpage):
        last = line[-1] if line else None
        if letter is None or (
            last and (letter.left < last.left - 2 * letter.size or abs(letter.bottom - last.bottom) > 0.7 * max(letter.size, last.size))
        ):
            yield from _segments(line)
            line = []
        if letter:
            line.append(letter)
    yield from _segments(line)


def _letters(textpage: Any) -> Iterator[_Letter | None]:
    """The characters of a page that can be seen, and None for each end of a line."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    high, spaced = 0, False
    for place in range(min(textpage.count_chars(), _CHARACTERS)):
        code = raw.FPDFText_GetUnicode(textpage.raw, place)
        if code in (10, 13):
            yield None
            spaced = False
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        # PDFium writes U+0002 for a hyphen that parts a word at the end of a line.
        char = "-" if code == 2 else chr(code) if 32 < code < 0x110000 else " "
        if char.isspace() or not raw.FPDFText_GetLooseCharBox(textpage.raw, place, ctypes.byref(box)):
            spaced = True
            continue
        # A damaged matrix puts letters nowhere, or miles away; the comparison is false for a NaN.
        if not all(abs(edge) < _FARTHEST for edge in (box.left, box.right, box.bottom, box.top)):
            continue
        if "\ufb00" <= char <= "\ufb06":
            char = unicodedata.normalize("NFKC", char)
        yield _Letter(char=char, spaced=spaced, left=box.left, right=box.right, bottom=box.bottom, size=abs(box.top - box.bottom))
        spaced = False


def _segments(letters: Sequence[_Letter]) -> Iterator[Line]:
    """The parts of a line that stand so far apart that they belong to different columns: far beside the other spaces of the
    line too, which may be wide where it is justified."""
    gaps = [after.left - before.right for before, after in pairwise(letters)]
    spaces = [gap for gap, letter in zip(gaps, letters[1:], strict=True) if letter.spaced]
    usual = median(spaces) if len(spaces) > 1 else 0.0
    begin = 0
    for place, gap in enumerate(gaps):
        if gap > max((1.5 if usual else 3.0) * letters[place].size, 2.5 * usual):
            yield from _line(letters[begin : place + 1])
            begin = place + 1
    yield from _line(letters[begin:])


def _line(letters: Sequence[_Letter]) -> Iterator[Line]:
    if not letters:
        return
    text = "".join(f" {letter.char}" if letter.spaced else letter.char for letter in letters).strip()
    yield Line(
        text=text, left=min(letter.left for letter in letters), right=max(letter.right for letter in letters),
        bottom=median_low(letter.bottom for letter in letters), size=median_low(letter.size for letter in letters),
    )  # fmt: skip


def _metadata(information: dict[str, str], found: Sequence[Paragraph]) -> Metadata:
    fields: dict[str, str] = {}
    origins: dict[str, str] = {}
    title, author = (" ".join(information.get(name, "").split()) for name in ("Title", "Author"))
    if title and not _NOT_A_TITLE.search(title):
        fields["title"], origins["title"] = title, INFORMATION
    elif heading := _heading(found):
        fields["title"], origins["title"] = heading, "text"
    if author and not _NOT_A_TITLE.search(author):
        fields["author"], origins["author"] = author, INFORMATION
    # "D:20240703101200+01'00'" (ISO 32000-1, 7.9.4).
    stamp = re.match(r"(?:D:)?((?:19|20)\d\d)(\d\d)(\d\d)", information.get("CreationDate", ""))
    if stamp and (day := parse_date("-".join(stamp.groups()))):
        fields["published"], origins["published"] = day, INFORMATION
    return Metadata(**fields, origins=origins)


def _heading(found: Sequence[Paragraph]) -> str | None:
    """The first paragraph in the largest type, if it is near the start and much larger than the text."""
    largest = max(found[:10], key=lambda paragraph: paragraph.size, default=None)
    body = sorted(found, key=lambda paragraph: len(paragraph.text))[-1:]
    if largest is None or largest.size < 1.2 * body[0].size or not 3 <= len(largest.text.split()) <= 40:
        return None
    return largest.text
