"""The body of an answer, unpacked piece by piece, so that a small answer never becomes a large one."""

import zlib
from collections.abc import Iterable
from typing import Final

from index.errors import ArticleError

_GZIP: Final = b"\x1f\x8b"


def unpacked(pieces: Iterable[bytes], encoding: str, most: int, *, cut: bool = False) -> bytes:
    """The whole body, of at most `most` bytes: beyond, it is `cut` or refused.

    Raises:
        ArticleError: too large, cut short, damaged, or of an encoding that was not asked for.
    """
    name = encoding.strip().lower()
    if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise ArticleError(f"sent in the encoding {name[:40]!r}, which was not asked for; save the page from a browser instead")
    packed = _Packed() if name not in ("", "identity") else None
    found = bytearray()
    for piece in pieces:
        found += packed.take(piece, most + 1 - len(found)) if packed else piece
        if len(found) > most:
            if cut:
                return bytes(found[:most])
            raise ArticleError(f"too large for a page: more than {most:,} bytes; save its text alone")
    if packed and not packed.whole:
        raise ArticleError("the answer broke off; try again later")
    return bytes(found)


class _Packed:
    """gzip of one or several members, or deflate."""

    def __init__(self) -> None:
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._begun = False

    @property
    def whole(self) -> bool:
        """Whether what was taken is complete: nothing at all also is."""
        return self._unpack.eof or not self._begun

    def take(self, data: bytes, most: int) -> bytes:
        """What the next piece unpacks to, of `most` bytes at most."""
        found = b""
        while data and len(found) < most:
            if self._unpack.eof:
                if not data.startswith(_GZIP[: len(data)]):
                    # Padding after the last member, which RFC 1952 leaves open.
                    break
                self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
            found += self._some(data, most - len(found))
            data = self._unpack.unused_data
        return found

    def _some(self, data: bytes, most: int) -> bytes:
        try:
            found = self._unpack.decompress(data, most)
        except zlib.error as error:
            if self._begun:
                raise ArticleError(f"the answer is damaged ({error}); try again later") from error
            # Some servers send "deflate" without the header that it should have.
            self._unpack, self._begun = zlib.decompressobj(-zlib.MAX_WBITS), True
            return self._some(data, most)
        self._begun = True
        return found
