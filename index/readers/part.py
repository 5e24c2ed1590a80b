"""A file or a member of an archive, as readers are given it."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from index.document import Document, Unread
from index.errors import ArticleError
from index.readers.limits import Budget, Limits

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
            return stream.read(count)

    def read(self, limit: int) -> bytes:
        """All bytes.

        Raises:
            ArticleError: there are more than `limit`, told by the size before anything is read where it is known.
        """
        if self.size > limit:
            raise too_large(self.size, limit)
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise too_large(len(data), limit)
        return data


@dataclass(frozen=True, kw_only=True)
class Context:
    """What holds for a file and all in it: limits, what is left of them, and the user's names of columns."""

    limits: Limits
    budget: Budget
    columns: Mapping[str, str] = field(default_factory=dict)


Reader = Callable[[Part, Context], Found]


def too_large(size: int, limit: int) -> ArticleError:
    """The error for a file that is one article and larger than any article is."""
    return ArticleError(f"too large for an article: {size:,} bytes, the limit is {limit:,}; split it")


def of_bytes(name: str, data: bytes, depth: int = 0) -> Part:
    """A part that is in memory."""
    return Part(name=name, open=lambda: io.BytesIO(data), size=len(data), depth=depth)
