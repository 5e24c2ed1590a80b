"""Which files a path holds, and the articles that are in one."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from index.document import TWICE, Document, Unread
from index.errors import ArticleError
from index.readers.decode import decode
from index.readers.kind import SUFFIXES
from index.readers.limits import Budget, Limits
from index.readers.part import Context, Found, Part, of_bytes
from index.readers.walk import Walk

__all__ = ["KINDS", "MAX_BYTES", "SUFFIXES", "Limits", "RawDocument", "decode", "list_files", "read_documents", "read_file"]

KINDS: Final = (".txt", ".text", ".md", ".markdown")
MAX_BYTES: Final = Limits().article


@dataclass(frozen=True, kw_only=True)
class RawDocument:
    """A file as read: its decoded text and the SHA-256 of its bytes."""

    path: Path
    text: str
    digest: str


def list_files(root: Path, refused: Callable[[OSError], None]) -> Iterator[Path]:
    """The files under `root` (or `root` itself), sorted, without hidden ones; links to folders are not followed,
    so a link that leads back up cannot loop. `refused` is told of each folder that cannot be listed."""
    if not root.is_dir():
        yield root
        return
    for folder, names, files in os.walk(root, onerror=refused):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(folder, name)


def read_file(path: Path) -> RawDocument:
    """Read one file.

    Raises:
        ArticleError: it is empty, binary, too large, of a kind that is not read, or in no known encoding.
        OSError: it cannot be opened.
    """
    if path.suffix.lower() not in KINDS:
        raise ArticleError(f"files of kind {path.suffix or '(none)'} are not read; known kinds: {', '.join(KINDS)}")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError("not a regular file (a pipe, socket or device)")
    size = status.st_size
    if size > MAX_BYTES:
        raise ArticleError(f"too large for an article: {size:,} bytes, the limit is {MAX_BYTES:,}; split it")
    data = path.read_bytes()
    return RawDocument(path=path, text=decode(data), digest=hashlib.sha256(data).hexdigest())


def read_documents(
    path: Path, limits: Limits | None = None, columns: Mapping[str, str] | None = None, walk: Walk | None = None
) -> Iterator[Document | Unread]:
    """Every article of a file of any of the kinds in `SUFFIXES`, told by what it holds and then by its name; and what could not be read.

    `columns` names the columns of tables and JSON where they are not the usual ones ({"text": "Corps de l'article"}); its keys are
    those of `index.readers.columns.NAMES`. Articles are read one by one: a container may be far larger than memory. A `walk` of one
    share of many gives its articles, and the parts that cannot be read of which no share could say whether they hold one.

    Raises:
        ArticleError: nothing in the file can be read; the message says why and what to do.
        OSError: it cannot be opened.
    """
    limits = limits or Limits()
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError("not a regular file (a pipe, socket or device)")
    from index.readers.dispatch import read_part

    walk = walk or Walk()

    def open_file() -> BinaryIO:
        stream = path.open("rb")
        walk.position = lambda: stream.tell() / max(status.st_size, 1)
        return stream

    context = Context(limits=limits, budget=Budget(limits), columns=columns or {}, walk=walk)
    part = Part(name=path.name, open=open_file, size=status.st_size)
    return _each_once(read_part(part, context), walk)


def read_bytes(data: bytes, name: str, *, address: str | None = None, charset: str | None = None) -> Iterator[Document | Unread]:
    """Every article of a file or page that is in memory; `name` tells its kind where its bytes do not.

    Raises:
        ArticleError: as `read_documents`.
    """
    from index.readers.dispatch import read_part

    limits = Limits()
    part = replace(of_bytes(name, data), address=address, charset=charset)
    walk = Walk()
    return _each_once(read_part(part, Context(limits=limits, budget=Budget(limits), walk=walk)), walk)


def _each_once(found: Found, walk: Walk) -> Iterator[Document | Unread]:
    """What was found, but of records with the same name only the first; and never an error once something was found, be it by another
    share: each unit gives something."""
    # Hashes: a million names of 100 letters would take 150 MB.
    seen: set[int] = set()
    anything = False
    try:
        for item in found:
            anything = True
            if isinstance(item, Document) and item.record:
                name = hash(item.record)
                if name in seen:
                    yield Unread(record=item.record, reason=TWICE.format(item.record))
                    continue
                seen.add(name)
            yield item
    except ArticleError as error:
        if not anything and (walk.took or not walk.unit):
            raise
        yield Unread(record="", reason=f"the rest: {error}")
    if not anything and (walk.took or not walk.unit):
        raise ArticleError("it holds no article")
