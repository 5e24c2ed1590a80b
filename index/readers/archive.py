"""Archives: each member is read as a file of its own. Nothing is unpacked to the disk, so its name leads nowhere."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from index.document import Document, Unread
from index.errors import ArticleError
from index.readers.limits import Limits
from index.readers.part import Context, Found, Part, of_bytes

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BROKEN: Final = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, IndexError, KeyError)
"""What zipfile, gzip and zlib raise on damaged, encrypted or strangely packed data."""


def read_zip(part: Part, context: Context, read: Callable[[Part, Context], Found]) -> Found:
    """The articles in each member of a .zip file, named by the member; `read` reads one."""
    _enter(part, context)
    if part.depth:
        # A packed stream would be unpacked again from its start for each member.
        part = replace(of_bytes(part.name, part.read(context.limits.whole, "an archive too large within an archive")), depth=part.depth)
    with part.open() as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except BROKEN as error:
            raise ArticleError("a damaged or cut archive; get it again") from error
        with archive:
            # By name, so that packing again in another order changes nothing.
            members = sorted(archive.infolist(), key=lambda member: member.filename)
            way = _Way(sum(member.compress_size for member in members))
            if not part.depth:
                context.walk.position = way.position
            for member in members:
                if member.filename.endswith("/") or _hidden(member.filename):
                    continue
                context.budget.enter()
                yield from _read_member(archive, member, part, context, read, way)
                way.pass_by(member)


class _Way:
    """How far the packed bytes of an archive's members have been gone through, in the order in which they are read."""

    def __init__(self, size: int) -> None:
        self._size = max(size, 1)
        self._before = 0
        self._member: tuple[zipfile.ZipInfo, BinaryIO] | None = None

    def open(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
        """A member as it is unpacked."""
        stream = io.BufferedReader(_Unpacked(cast(zipfile.ZipExtFile, archive.open(member))))
        self._member = member, stream
        return stream

    def pass_by(self, member: zipfile.ZipInfo) -> None:
        """A member is done with."""
        self._before += member.compress_size
        self._member = None

    def position(self) -> float:
        """From 0 to 1."""
        done = float(self._before)
        if self._member and not self._member[1].closed:
            member, stream = self._member
            done += member.compress_size * stream.tell() / max(member.file_size, 1)
        return done / self._size


def _hidden(name: str) -> bool:
    pieces = name.replace("\\", "/").split("/")
    return "__MACOSX" in pieces or any(piece.startswith(".") and piece not in (".", "..") for piece in pieces)


def _read_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, part: Part, context: Context, read: Callable[[Part, Context], Found], way: _Way
) -> Found:
    name = member.filename.encode("utf-8", "replace").decode() or "?"
    if member.flag_bits & 1:
        yield Unread(record=name, reason="encrypted; unpack the archive with its password and name the folder")
        return
    if member.file_size > context.limits.free + context.limits.ratio * member.compress_size:
        yield Unread(record=name, reason=f"packed {member.file_size // max(member.compress_size, 1):,} times, as no text is; left out")
        return
    inner = Part(name=name, open=lambda: way.open(archive, member), size=member.file_size, depth=part.depth + 1)
    yield from _named(name, inner, context, read)


def _named(name: str, inner: Part, context: Context, read: Callable[[Part, Context], Found]) -> Found:
    """What `inner` holds, each record named within `name`."""
    try:
        for found in read(inner, context):
            if isinstance(found, Document) and not found.record:
                context.budget.spend(len(found.text))
            yield replace(found, record=f"{name}/{found.record}" if found.record else name)
    except ArticleError as error:
        yield Unread(record=name, reason=str(error))
    except BROKEN:
        yield Unread(record=name, reason="damaged in the archive; get it again")


class _Unpacked(io.RawIOBase):
    """A stream as it is unpacked. Where its packing breaks off it ends, so that what came before is not lost with it;
    reading on from there raises OSError."""

    def __init__(self, stream: gzip.GzipFile | zipfile.ZipExtFile) -> None:
        self._stream = stream
        self._broken = False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._broken = False
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: "WriteableBuffer") -> int:
        from lzma import LZMAError

        if self._broken:
            raise OSError("cut or damaged")
        view = memoryview(buffer)
        try:
            data = self._stream.read1(len(view))
        except (*BROKEN, LZMAError):
            self._broken = True
            return 0
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def read_gzip(part: Part, context: Context, read: Callable[[Part, Context], Found]) -> Found:
    """The articles of a file packed by gzip, read as what it is without ".gz". What was read before damage is kept."""
    _enter(part, context)
    name = part.name[:-3] if part.suffix == ".gz" else part.name
    inner = Part(
        name=name, open=lambda: _gunzip(part.open(), context.limits), size=0, depth=part.depth + 1,
        address=part.address, charset=part.charset,
    )  # fmt: skip
    try:
        yield from read(inner, context)
    except BROKEN:
        yield Unread(record="", reason="cut or damaged towards the end; what came before is kept; get the file again")


def _enter(part: Part, context: Context) -> None:
    if part.depth >= context.limits.depth:
        raise ArticleError(f"an archive {part.depth} deep within archives; unpack the outer ones")


def _gunzip(packed: BinaryIO, limits: Limits) -> BinaryIO:
    return io.BufferedReader(_Gunzipped(packed, limits))


class _Gunzipped(_Unpacked):
    """A gzip stream that refuses to become many times larger than it was."""

    def __init__(self, packed: BinaryIO, limits: Limits) -> None:
        super().__init__(gzip.GzipFile(fileobj=packed))
        self._packed = packed
        self._limits = limits

    def readinto(self, buffer: "WriteableBuffer") -> int:
        count = super().readinto(buffer)
        if self.tell() > self._limits.free + self._limits.ratio * self._packed.tell():
            raise ArticleError(f"packed more than {self._limits.ratio} times, as no text is")
        return count

    def close(self) -> None:
        super().close()
        self._packed.close()
