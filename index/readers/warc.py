"""WARC files, as web crawlers write them (ISO 28500): each page that was answered with 200 is read, named by its address."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

from index.document import Document, Unread
from index.errors import ArticleError
from index.readers.part import Context, Found, Part, confirm_end, of_bytes

_SUFFIXES: Final = {"text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "application/pdf": ".pdf"}
_KINDS: Final = ("response", "resource", "conversion")
"""Records that hold a page; "revisit" says that it had not changed, "request" and "metadata" are about it. Text that was taken
from pages, as Common Crawl gives it, comes as "conversion"."""
_HEADER: Final = 1_000_000
"""Bytes of the headers of a record, of WARC and HTTP: they have some 2,000."""
_CUT: Final = Unread(record="", reason="cut or damaged towards the end; what came before is kept; get the file again")


def read_warc(part: Part, context: Context, read: Callable[[Part, Context], Found]) -> Found:
    """The articles of the pages in a .warc file; `read` reads one. The day of the crawl is no date of publication."""
    with part.open() as stream:
        for number, record in enumerate(_records(stream), start=1):
            if isinstance(record, Unread):
                yield record
            else:
                context.budget.enter()
                context.walk.passed()
                yield from _read_record(record, number, context, read)


def _records(stream: BinaryIO) -> Iterator[Any]:
    """Each record, and at last an Unread where the file breaks off."""
    from warcio.archiveiterator import ArchiveIterator

    watched = _Watched(stream)
    iterator = ArchiveIterator(watched)
    # It tells of odd spacing on standard error, and of odd addresses in the log.
    iterator.INC_RECORD = ""
    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    record = None
    while True:
        try:
            if record is not None:
                while record.raw_stream.read(65_536):
                    pass
            watched.allowed = _HEADER
            record = next(iterator, None)
            watched.allowed = None
        except ArticleError as error:
            yield Unread(record="", reason=str(error))
            return
        except Exception:
            # warcio raises whatever a damaged header leads to; records that came before are good.
            yield _CUT
            return
        if record is None:
            break
        yield record
    try:
        confirm_end(stream)
    except OSError:
        yield _CUT
        return
    # Each record is followed by two line ends; warcio takes a header that breaks off for the end of the file.
    if watched.end.strip():
        yield _CUT


class _Watched:
    """A stream that remembers the last bytes read, and gives at most `allowed` while a header is read: warcio takes any."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.end = b""
        self.allowed: int | None = None

    def read(self, count: int = -1) -> bytes:
        data = self._stream.read(count)
        self.end = (self.end + data)[-2:]
        if self.allowed is not None:
            self.allowed -= len(data)
        if self.allowed is not None and self.allowed < 0:
            raise ArticleError(f"a record whose header is larger than {_HEADER:,} bytes; what came before is kept")
        return data

    def tell(self) -> int:
        return self._stream.tell()


def _read_record(record: Any, number: int, context: Context, read: Callable[[Part, Context], Found]) -> Found:
    if record.rec_type not in _KINDS:
        return
    address = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    name = address or record.rec_headers.get_header("WARC-Record-ID") or str(number)
    kind, charset = _content_type(record)
    suffix = _SUFFIXES.get(kind)
    if suffix is None or not _answered(record) or _path(address) == "/robots.txt":
        return
    try:
        limit = context.limits.whole if suffix == ".pdf" else context.limits.article
        data = record.content_stream().read(limit + 1)
        if len(data) > limit:
            raise ArticleError(f"too large for a page: more than {limit:,} bytes; left out")
        if getattr(record.raw_stream, "limit", 0) > 0 and not record.raw_stream.read(1):
            raise ArticleError("cut off in the middle; get the file again")
        context.budget.spend(len(data))
        page = replace(of_bytes(f"page{suffix}", data), address=address or None, charset=charset)
        for found in read(page, context):
            yield _addressed(found, name, address)
    except ArticleError as error:
        yield Unread(record=name, reason=str(error))
    except Exception:
        yield Unread(record=name, reason="damaged in the file; get it again")


def _addressed(found: Document | Unread, name: str, address: str) -> Document | Unread:
    found = replace(found, record=f"{name} {found.record}" if found.record else name)
    if isinstance(found, Document) and found.metadata.url is None and address.startswith(("http://", "https://")):
        origins = {**found.metadata.origins, "url": "address"}
        return replace(found, metadata=replace(found.metadata, url=address, origins=origins))
    return found


def _answered(record: Any) -> bool:
    return record.http_headers is None or record.http_headers.get_statuscode() == "200"


def _content_type(record: Any) -> tuple[str, str | None]:
    from email.message import Message

    headers = record.http_headers or record.rec_headers
    message = Message()
    message["Content-Type"] = " ".join((headers.get_header("Content-Type") or "").split())
    try:
        return message.get_content_type(), message.get_content_charset()
    except (ValueError, LookupError, TypeError):
        return "", None


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
