"""Where an index in Milvus is: `milvus://host:port/collection`, or `milvus-lite:path` for a file that needs no server."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.errors import StoreError

TOKEN: Final = "GRIOT_MILVUS_TOKEN"
"""The environment variable with "user:password" or an API key: a secret is not written into a home."""
DENSE: Final = "?dense"
PORT: Final = 19530
_SERVER = re.compile(r"milvus(?P<tls>\+tls)?://(?P<host>[^/:?#@\s]+)(?::(?P<port>\d{1,5}))?/(?P<collection>[^/?#]+)")
_LITE: Final = "milvus-lite:"
_NAME = re.compile(r"[A-Za-z_]\w{0,127}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A collection of a Milvus server, or a file of Milvus Lite."""

    text: str
    """As it was given, paths made absolute; what a home keeps."""
    collection: str
    address: str | None = None
    """Of the server, None for Milvus Lite."""
    path: Path | None = None
    dense: bool = False
    """Whether vectors alone may find passages, as on servers before 2.4."""


def parse_place(text: str) -> Place:
    """The place that `text` names.

    Raises:
        StoreError: it names none.
    """
    plain = text.removesuffix(DENSE)
    dense = plain != text
    if plain.startswith(_LITE) and (name := plain.removeprefix(_LITE)):
        path = Path(name).expanduser().absolute()
        # The ending by which pymilvus knows a file.
        path = path if path.suffix == ".db" else path.with_name(f"{path.name}.db")
        return Place(text=f"{_LITE}{path}{DENSE if dense else ''}", collection="griot", path=path, dense=dense)
    found = _SERVER.fullmatch(plain)
    if found is None or not _NAME.fullmatch(found["collection"]) or int(found["port"] or PORT) > 65535:
        raise StoreError(
            f"{text!r} is no store; write milvus://HOST:PORT/COLLECTION (letters, digits and _ in the collection's name), "
            "milvus+tls://HOST:PORT/COLLECTION, or milvus-lite:PATH"
        )
    address = f"{'https' if found['tls'] else 'http'}://{found['host']}:{found['port'] or PORT}"
    return Place(text=text, collection=found["collection"], address=address, dense=dense)
