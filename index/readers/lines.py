"""Lines of a large file, one in memory at a time."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from index.errors import ArticleError
from index.readers.decode import decode, is_binary, legacy_encoding, marked_encoding
from index.readers.limits import Budget
from index.readers.part import confirm_end

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SAMPLE: Final = 1_000_000
_BLOCK: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class TextLine:
    """A line with its end. `problem` says why its text is not what was written, if it is not."""

    number: int
    text: str
    problem: str | None = None


def sniff_encoding(sample: bytes) -> str:
    """The encoding of a file that begins with `sample`.

    Raises:
        ArticleError: empty, binary or in no known encoding.
    """
    if encoding := marked_encoding(sample):
        return encoding
    if not sample.strip():
        raise ArticleError("the file is empty")
    if is_binary(sample):
        raise ArticleError("binary data, not text")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        # Damage here and there leaves the rest UTF-8; each damaged line is then reported by itself.
        text = sample.decode("utf-8", "replace")
        lost = text.count("\ufffd")
        if sum(ord(char) > 127 for char in text) - lost > lost:
            return "utf-8"
        found = legacy_encoding(sample)
        if found is None:
            raise ArticleError("in no known encoding (tried UTF-8, cp1252, Latin-9, Mac Roman, cp850); save the file as UTF-8") from None
        return found
    return "utf-8"


def text_lines(stream: BinaryIO, budget: Budget, limit: int) -> Iterator[TextLine]:
    """The lines of `stream`, in any of the encodings that `decode` knows. Of a line of more than `limit` bytes nothing is kept.

    Raises:
        ArticleError: as `sniff_encoding`; or the budget is spent.
    """
    sample = stream.read(_SAMPLE)
    encoding = sniff_encoding(sample)
    stream.seek(0)
    if encoding.startswith(("utf-16", "utf-32")):
        stream = io.BufferedReader(_Recoded(stream, encoding))
        encoding = "utf-8"
    for number, (line, size) in enumerate(_split(stream, budget, limit), start=1):
        if line is None:
            yield TextLine(number=number, text="", problem=f"a line of {size:,} bytes, the limit is {limit:,}; split it")
            continue
        whole = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        try:
            yield TextLine(number=number, text=whole.decode("utf-8" if encoding == "utf-8-sig" else encoding))
        except UnicodeDecodeError as error:
            yield _damaged(number, whole, error)


def _damaged(number: int, line: bytes, error: UnicodeDecodeError) -> TextLine:
    """A line that is not in the encoding of the file: files put together from several have lines of each."""
    try:
        return TextLine(number=number, text=decode(line))
    except ArticleError:
        text = line.decode("utf-8", "replace")
        return TextLine(number=number, text=text, problem=f"damaged at byte {error.start} of its line; save the file again as UTF-8")


def _split(stream: BinaryIO, budget: Budget, limit: int) -> Iterator[tuple[bytes | None, int]]:
    while line := stream.readline(limit + 1):
        budget.spend(len(line))
        if len(line) <= limit:
            yield line, len(line)
        else:
            yield None, len(line) + _skip_line(stream, line, budget)
    confirm_end(stream)


def _skip_line(stream: BinaryIO, line: bytes, budget: Budget) -> int:
    """Read to the end of a line that began with `line`; the number of bytes passed over."""
    size = 0
    while not line.endswith(b"\n") and (line := stream.readline(_BLOCK)):
        size += len(line)
        budget.spend(len(line))
    return size


class _Recoded(io.RawIOBase):
    """A stream in another encoding, as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        while not self._ready:
            block = self._stream.read(65_536)
            self._ready = self._decoder.decode(block, final=not block).encode("utf-8", "replace")
            if not block:
                break
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
