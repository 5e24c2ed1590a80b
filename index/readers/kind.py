"""What kind of file it is: by its first bytes, else by its name."""

import re
from typing import Final

from index.errors import ArticleError
from index.readers.decode import marked_encoding
from index.readers.part import Part

TEXTS: Final = (".txt", ".text")
MARKDOWN: Final = (".md", ".markdown")
SUFFIXES: Final = {
    **dict.fromkeys(TEXTS, "text"), **dict.fromkeys(MARKDOWN, "markdown"), ".html": "html", ".htm": "html", ".xhtml": "html",
    ".mht": "mhtml", ".mhtml": "mhtml", ".pdf": "pdf", ".docx": "docx", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".csv": "table", ".tsv": "table", ".zip": "zip", ".warc": "warc", ".gz": "gzip",
}  # fmt: skip
"""The kinds that are read, by the suffixes that they go by."""
_WORD: Final = "open it in a word processor and save it as .docx or PDF"
_UNPACK: Final = "unpack it and name the folder, or pack it as .zip"
_OCR: Final = "an image; it needs OCR (for example ocrmypdf), or the article as text"
_MEDIA: Final = "sound or film, not text; give a transcript"
_REFUSED: Final = (
    (b"{\\rtf", f"an RTF document; {_WORD}"), (b"\xd0\xcf\x11\xe0", f"an old Office document, or an encrypted one; {_WORD}"),
    (b"\x89PNG", _OCR), (b"\xff\xd8\xff", _OCR), (b"GIF8", _OCR), (b"II*\0", _OCR), (b"MM\0*", _OCR), (b"RIFF", f"{_OCR}; or sound"),
    (b"7z\xbc\xaf", f"a 7-Zip archive; {_UNPACK}"), (b"Rar!", f"a RAR archive; {_UNPACK}"), (b"BZh", f"packed by bzip2; {_UNPACK}"),
    (b"\xfd7zXZ", f"packed by xz; {_UNPACK}"), (b"\x28\xb5\x2f\xfd", f"packed by Zstandard; {_UNPACK}"),
    (b"SQLite format 3", "a database; export its articles as CSV"), (b"ID3", _MEDIA), (b"OggS", _MEDIA), (b"\x7fELF", "a program"),
    (b"bplist00", "a web archive of Safari; save the page as HTML or PDF"),
)  # fmt: skip
_BY_NAME: Final = {
    ".doc": f"an old Word document; {_WORD}", ".odt": f"an OpenDocument text; {_WORD}", ".rtf": f"an RTF document; {_WORD}",
    ".pages": f"a Pages document; {_WORD}", ".epub": "an e-book; convert it to .html or .txt (for example with Calibre)",
    ".xlsx": "a spreadsheet; save it as .csv", ".xls": "a spreadsheet; save it as .csv", ".ods": "a spreadsheet; save it as .csv",
    ".pptx": "a presentation; save it as PDF", ".ppt": "a presentation; save it as PDF", ".tar": f"a tar archive; {_UNPACK}",
    ".webarchive": "a web archive of Safari; save the page as HTML or PDF",
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".webp", ".heic"), _OCR),
    **dict.fromkeys((".mp3", ".mp4", ".m4a", ".wav", ".ogg", ".webm", ".mov", ".avi"), _MEDIA),
}  # fmt: skip
_WITHIN_ZIP: Final = (
    (b"word/document.xml", "docx"), (b"xl/workbook.xml", ".xlsx"), (b"ppt/presentation.xml", ".pptx"), (b"application/epub+zip", ".epub"),
    (b"application/vnd.oasis.opendocument.text", ".odt"), (b"application/vnd.oasis.opendocument.spreadsheet", ".ods"),
)  # fmt: skip
# Comments, as that of a saved page, and an XML declaration may come before.
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,1000}?-->\s*){0,5}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_MHTML = re.compile(rb"(?:[\w-]+:.{0,300}\n(?:[ \t].{0,300}\n)*)*content-type:\s*multipart/related", re.IGNORECASE)


def kind_of(part: Part) -> str:
    """One of the values of `SUFFIXES`. What the bytes show counts more than the name; plain text shows nothing.

    Raises:
        ArticleError: a kind that is not read; the message says what to do instead.
    """
    head = part.head()
    if head and (found := _by_content(part, head)):
        return found
    if part.suffix in _BY_NAME:
        raise ArticleError(_BY_NAME[part.suffix])
    kind = SUFFIXES.get(part.suffix)
    if kind is None:
        raise ArticleError(f"files of kind {part.suffix or '(none)'} are not read; known kinds: {', '.join(SUFFIXES)}")
    if not head.strip():
        raise ArticleError("the file is empty")
    if kind in ("pdf", "docx", "zip", "warc", "gzip"):
        raise ArticleError(f"named {part.suffix} but it is none; get the file again, or name it by what it is")
    return kind


def _by_content(part: Part, head: bytes) -> str | None:
    for mark, reason in _REFUSED:
        if head.startswith(mark):
            raise ArticleError(reason)
    if head[257:262] == b"ustar":
        raise ArticleError(_BY_NAME[".tar"])
    if head[4:8] == b"ftyp":
        raise ArticleError(_MEDIA)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_zip(part, head)
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"WARC/"):
        return "warc"
    # Some servers put a line or a byte order mark before it (ISO 32000-1, Annex H, allows 1,024 bytes).
    if re.match(rb"[^a-z]{0,64}%PDF-", head) or (part.suffix == ".pdf" and b"%PDF-" in head[:1024]):
        return "pdf"
    if encoding := marked_encoding(head):
        head = head.decode(encoding, "ignore").encode("utf-8", "ignore")
    if _HTML.match(head) and part.suffix not in (".md", ".markdown", ".json", ".jsonl", ".csv"):
        return "html"
    return "mhtml" if part.suffix in (".html", ".htm", ".txt") and _MHTML.match(head) else None


def _kind_of_zip(part: Part, head: bytes) -> str:
    for mark, kind in _WITHIN_ZIP:
        if mark in head:
            if kind in _BY_NAME:
                raise ArticleError(_BY_NAME[kind])
            return kind
    if part.suffix in _BY_NAME:
        raise ArticleError(_BY_NAME[part.suffix])
    # Where the document itself comes late in a Word file, its name still says so.
    return "docx" if part.suffix == ".docx" else "zip"
