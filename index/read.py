"""Files to raw text: which files a path holds, and what is written in one."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.errors import ArticleError

KINDS: Final = (".txt", ".text", ".md", ".markdown")
MAX_BYTES: Final = 20_000_000
"""A text of 20 MB is some 3,000 pages: a dump or a log, not an article."""
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
                (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip
_LEGACY: Final = ("cp1252", "mac_roman", "cp850")
_LETTERS: Final = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛŒÆñáíóúãõ")
_TYPOGRAPHY: Final = frozenset("«»’‘“”–—…°€£§·\xa0")


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


def decode(data: bytes) -> str:
    """Text of a file in UTF-8, UTF-16, UTF-32 or one of the old encodings of French (cp1252, Mac Roman, cp850).

    Raises:
        ArticleError: empty, binary, or in none of them.
    """
    if not data.strip():
        raise ArticleError("the file is empty")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise ArticleError(f"marked as {encoding} but damaged at byte {error.start}") from error
    if b"\x00" in data or sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1b" for byte in data[:4096]) > len(data[:4096]) / 100:
        raise ArticleError("binary data, not text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(data, error)


def _decode_legacy(data: bytes, error: UnicodeDecodeError) -> str:
    kept = sum(ord(char) > 127 and char != "\ufffd" for char in data.decode("utf-8", "replace"))
    if kept > data.decode("utf-8", "replace").count("\ufffd"):
        raise ArticleError(f"damaged UTF-8 at byte {error.start}; save the file again as UTF-8")
    scores = {encoding: _plausibility(data, encoding) for encoding in _LEGACY}
    best = max(scores, key=lambda encoding: (scores[encoding], -_LEGACY.index(encoding)))
    if scores[best] < 0.5:
        raise ArticleError("in no known encoding (tried UTF-8, cp1252, Mac Roman, cp850); save the file as UTF-8")
    return data.decode(best)


def _plausibility(data: bytes, encoding: str) -> float:
    """Share of the non-ASCII characters that French and English text really uses, were `data` in `encoding`."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    foreign = [char for char in text if ord(char) > 127]
    letters = sum(char in _LETTERS for char in foreign)
    return (letters + 0.9 * sum(char in _TYPOGRAPHY for char in foreign)) / max(len(foreign), 1)
