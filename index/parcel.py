"""A whole index as one file, to be carried to another machine: a tar archive whose first member lists the others with their SHA-256.

Read by our own hand and not by tarfile, which follows what an archive says of itself: links, names that lead elsewhere, sizes without
bounds. Here nothing is taken that the list does not name, and of every file not a byte more than the list says. The checksums
guard against damage and not against forgery: who can alter an archive can alter its list.
"""

import hashlib
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from index.errors import DamagedArchive, DamagedIndex, NewerIndex, StoreError
from index.files import Disk
from index.report import Watcher

VERSION: Final = 1
STEP: Final = 1 << 20
"""Bytes of one step of the progress, read and written at a time."""
_LIST: Final = "griot.json"
_LONGEST: Final = 64 << 20
"""Bytes of the list: that of a thousand segments takes two million."""
_BLOCK: Final = tarfile.BLOCKSIZE
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,4}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Item:
    """A file of a parcel: its name there ("generation/manifest.json"), its SHA-256 in hex, its size in bytes."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a parcel says of itself: the format of the index in it, the model that made it, what it holds, when it was made (ISO 8601)."""

    format: int
    model: str
    articles: int
    passages: int
    made: str
    items: tuple[Item, ...]

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(item.size for item in self.items)

    @property
    def steps(self) -> int:
        """Steps of the progress."""
        return sum(-(-item.size // STEP) for item in self.items)


def write_parcel(path: Path, contents: Contents, place: Callable[[Item], Path], watcher: Watcher) -> tuple[str, int]:
    """Write the files of `contents`, each from its `place`, into the archive `path`, which appears once it is whole. Returns its SHA-256
    and its size.

    Raises:
        DamagedIndex: a file is not as `contents` says.
        StoreError: `path` is there and is no such archive.
        OSError: the disk is full, or a file cannot be read or written.
    """
    if path.exists() and not _is_parcel(path):
        raise StoreError(f"{path} exists and is no index that griot exported; give another name")
    handle, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            stream = _Hashed(file)
            listed = json.dumps({"parcel": VERSION, **asdict(contents)}, ensure_ascii=False, indent=1).encode()
            stream.write(_header(_LIST, len(listed)) + listed + _padding(len(listed)))
            watcher.start("export", contents.steps)
            for item in contents.items:
                stream.write(_header(item.name, item.size))
                with place(item).open("rb") as source:
                    found = _copy(source, stream.write, item.size, watcher)
                if found != item.digest or place(item).stat().st_size != item.size:
                    raise DamagedIndex(f"{place(item)} is not the file that the index describes; check it with: griot verify")
                stream.write(_padding(item.size))
            # Two blocks of zeros end an archive.
            stream.write(bytes(2 * _BLOCK))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    Disk().sync_folder(path.absolute().parent)
    return stream.digest.hexdigest(), stream.size


@contextmanager
def opened(path: Path) -> Iterator["Parcel"]:
    """The parcel at `path`, its list read and checked.

    Raises:
        DamagedArchive: it is no parcel, cut short or altered.
        NewerIndex: a newer Griot wrote it.
        OSError: it cannot be opened.
    """
    with path.open("rb") as stream:
        yield Parcel(path, stream)


class Parcel:
    """A parcel being read, front to back."""

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._path = path
        self._stream = stream
        self.contents = self._contents()

    def unpack(self, folder: Path, watcher: Watcher) -> None:
        """Write every file into `folder`, each checked against its size and SHA-256.

        Raises:
            DamagedArchive: the parcel is cut short or altered.
            OSError: the disk is full, or the parcel cannot be read.
        """
        watcher.start("import", self.contents.steps)
        for item in self.contents.items:
            self._expect(item.name, item.size)
            target = folder / item.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                found = _copy(self._stream, file.write, item.size, watcher)
            if found is None:
                raise self._damaged("it is cut short")
            if found != item.digest:
                raise self._damaged(f"{item.name} in it was altered")
            self._skip_padding(item.size)
        while rest := self._stream.read(STEP):
            if rest.strip(b"\0"):
                raise self._damaged("it holds more than it lists")

    def _contents(self) -> Contents:
        header = self._read_header()
        if header is None or header.name != _LIST or header.size > _LONGEST:
            raise self._damaged("it is no index that griot exported")
        listed = self._stream.read(header.size)
        self._skip_padding(header.size)
        if len(listed) != header.size:
            raise self._damaged("it is cut short")
        try:
            document = json.loads(listed)
            if (version := int(document.pop("parcel"))) > VERSION:
                raise NewerIndex(f"{self._path} was exported by a newer Griot (form {version}, this one reads {VERSION}); update Griot")
            contents = Contents(**document | {"items": tuple(Item(**item) for item in document["items"])})
            if wrong := next((item for item in contents.items if not _sound(item)), None):
                raise ValueError(f"a file {wrong.name!r}")
            numbers = (contents.format, contents.articles, contents.passages)
            if not all(type(number) is int and number >= 0 for number in numbers) or not isinstance(contents.model, str):
                raise TypeError("a value of another type")
            if len({item.name for item in contents.items}) != len(contents.items):
                raise ValueError("a file twice")
            return contents
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise self._damaged(f"its list cannot be read ({error})") from error

    def _expect(self, name: str, size: int) -> None:
        header = self._read_header()
        if header is None:
            raise self._damaged("it is cut short")
        if (header.name, header.size) != (name, size):
            raise self._damaged(f"after its list comes {header.name!r} of {header.size} bytes instead of {name!r} of {size}")

    def _read_header(self) -> tarfile.TarInfo | None:
        """The head of the next file, None at the end of the archive."""
        block = self._stream.read(_BLOCK)
        if len(block) < _BLOCK or not block.strip(b"\0"):
            return None
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.TarError, ValueError):
            raise self._damaged("it is no tar archive, or was altered") from None
        if header.type != tarfile.REGTYPE or header.size < 0:
            raise self._damaged("it holds something other than plain files")
        return header

    def _skip_padding(self, size: int) -> None:
        if len(self._stream.read(len(padding := _padding(size)))) != len(padding):
            raise self._damaged("it is cut short")

    def _damaged(self, what: str) -> DamagedArchive:
        return DamagedArchive(f"{self._path} cannot be imported: {what}; copy or export it again; the index here is as it was")


def sha256_and_size(path: Path, name: str) -> Item:
    """A file as an item, under `name`."""
    with path.open("rb") as file:
        return Item(name=name, digest=hashlib.file_digest(file, "sha256").hexdigest(), size=file.tell())


class _Hashed:
    """A file written with its SHA-256 and size kept."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)


def _copy(source: IO[bytes], write: Callable[[bytes], object], size: int, watcher: Watcher) -> str | None:
    """Copy `size` bytes; returns their SHA-256, None where there are fewer."""
    digest = hashlib.sha256()
    while size:
        block = source.read(min(size, STEP))
        if not block:
            return None
        digest.update(block)
        write(block)
        size -= len(block)
        watcher.advance(1)
    return digest.hexdigest()


def _sound(item: Item) -> bool:
    """Whether an item names a file below a folder, on every system, and a size and a digest that can be."""
    return bool(
        isinstance(item.name, str) and _NAME.fullmatch(item.name) and len(item.name) < 100 and ".." not in item.name
        and isinstance(item.digest, str) and _DIGEST.fullmatch(item.digest) and type(item.size) is int and item.size >= 0
    )  # fmt: skip


def _is_parcel(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_LIST) + 1) == _LIST.encode() + b"\0"


def _header(name: str, size: int) -> bytes:
    header = tarfile.TarInfo(name)
    header.size = size
    header.mode = 0o644
    # GNU's form is the one for files over 8 GB that takes no more than one block.
    return header.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)
