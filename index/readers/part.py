"""A file or a member of an archive, as readers are given it."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from index.document import Document, Unread
from index.errors import ArticleError
from index.readers.limits import Budget, Limits
from index.readers.walk import Walk

Found = Iterator[Document | Unread]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something to read: its name and how to open it. `size` is in bytes and may be wrong where an archive lies about it.

    `address` and `charset` are what was said of it outside its bytes, as by the server that sent it.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int
    depth: int = 0
    address: str | None = None
    charset: str | None = None

    @property
    def suffix(self) -> str:
        """ ".txt" for "a/b.TXT"; "" where there is none."""
        name = self.name.replace("\\", "/").rpartition("/")[2]
        stem, point, suffix = name.rpartition(".")
        return f".{suffix.lower()}" if point and stem else ""

    def head(self, count: int = 4096) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            data = stream.read(count)
            if not data:
                confirm_end(stream)
            return data

    def read(self, limit: int, problem: str = "too large for an article", remedy: str = "split it") -> bytes:
        """All bytes; `problem` and `remedy` are for the message where they are too many.

        Raises:
            ArticleError: there are more than `limit`, told by the size before anything is read where it is known.
        """
        if self.size > limit:
            raise ArticleError(f"{problem}: {self.size:,} bytes, the limit is {limit:,}; {remedy}")
        with self.open() as stream:
            data = stream.read(limit + 1)
            confirm_end(stream)
        if len(data) > limit:
            raise ArticleError(f"{problem}: more than {limit:,} bytes; {remedy}")
        return data


@dataclass(frozen=True, kw_only=True)
class Context:
    """What holds for a file and all in it: limits, what is left of them, the user's names of columns, and which units are read."""

    limits: Limits
    budget: Budget
    columns: Mapping[str, str] = field(default_factory=dict)
    walk: Walk = field(default_factory=Walk)


def confirm_end(stream: BinaryIO) -> None:
    """Read on where a stream has ended, which raises OSError where it is packed and ended because it is damaged."""
    stream.read(1)


def of_bytes(name: str, data: bytes, depth: int = 0) -> Part:
    """A part that is in memory."""
    return Part(name=name, open=lambda: io.BytesIO(data), size=len(data), depth=depth)
