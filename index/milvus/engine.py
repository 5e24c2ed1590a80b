"""Talking to Milvus through pymilvus: connect, ask, write, and wait while a server is away."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

from index.errors import BusyIndex, StoreError
from index.milvus.place import TOKEN, Place

Row = Mapping[str, Any]
Result = TypeVar("Result")

PATIENCE: Final = 120.0
"""Seconds that a build waits for a server that went away: a restart takes six to forty."""
READING: Final = 10.0
"""Seconds that a question waits."""
PAUSE: Final = 0.5
BLOCK: Final = 500
"""Rows in one request: under 4 MB with vectors of 512 numbers, and far under the 64 MB that Milvus takes."""
MOST: Final = 16_384
"""Rows that Milvus gives back at the most for one search or query."""
KEY: Final = "key"
"""The field that tells rows apart, in every collection."""
STRONG: Final = "Strong"
BOUNDED: Final = "Bounded"
# What a server says while it starts, loads or moves a collection; all else is an error at once.
_PASSING: Final = (
    "unavailable", "not ready", "not loaded", "not fully loaded", "channel not", "no available", "connect", "node not", "shard",
    "deadline", "timeout", "timed out", "not healthy", "recovering", "initializing", "abnormal", "not serving",
)  # fmt: skip
# What it says of a collection that another writer is just making.
_MAKING: Final = (*_PASSING, "index not found", "no vector index", "file exists", "already exist")


class Engine:
    """One connection, shared by threads. A server that went away is waited for, for `patience` seconds.

    Raises (all of it):
        StoreError: the server cannot be reached or refuses.
        BusyIndex: another process has the file of Milvus Lite open.
    """

    def __init__(self, place: Place, *, patience: float = READING, token: str = "") -> None:
        self.place = place
        self._patience = patience
        self._token = token
        self._lock = threading.Lock()
        self._client: Any = None
        _require("pymilvus", *(["milvus_lite"] if place.path else []))
        self._lite = _open_lite(place.path, patience) if place.path else None
        self.version = str(self._ask(lambda client: client.get_server_version(timeout=patience)))

    @property
    def sparse(self) -> bool:
        """Whether the server has sparse vectors: Milvus Lite has, servers from 2.4 on."""
        return self._lite is not None or _numbers(self.version) >= (2, 4)

    def close(self) -> None:
        """End the connection; other processes may then open the file of Milvus Lite."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()
        if self._lite and self.place.path:
            self._lite = None
            _close_lite(self.place.path)

    def exists(self, name: str) -> bool:
        """Whether the server has a collection."""
        return bool(self._ask(lambda client: client.has_collection(name, timeout=self._patience)))

    def create(self, name: str, fields: Sequence[tuple[str, str, Mapping[str, Any]]], indexes: Sequence[Mapping[str, Any]]) -> None:
        """Make a collection, unless another writer just did. `fields` are name, kind (as in pymilvus's `DataType`) and options."""
        from pymilvus import DataType, MilvusClient
        from pymilvus.exceptions import MilvusException

        def made(client: Any) -> None:
            if not client.has_collection(name, timeout=self._patience):
                try:
                    anew(client)
                except MilvusException:
                    # Another writer was quicker.
                    if not client.has_collection(name, timeout=self._patience):
                        raise
            client.load_collection(name, timeout=self._patience)

        def anew(client: Any) -> None:
            schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
            for field, kind, options in fields:
                schema.add_field(field, getattr(DataType, kind), **options)
            prepared = MilvusClient.prepare_index_params()
            for index in indexes:
                prepared.add_index(**index)
            client.create_collection(name, schema=schema, index_params=prepared, consistency_level=STRONG, timeout=self._patience)

        self._ask(made, passing=_MAKING)

    def load(self, name: str) -> None:
        """Make a collection ready to be asked, as after a restart it may not be."""
        self._ask(lambda client: client.load_collection(name, timeout=self._patience))

    def drop(self, name: str) -> None:
        """Take a collection away with all that is in it."""
        self._ask(lambda client: client.drop_collection(name, timeout=self._patience))

    def upsert(self, name: str, rows: Sequence[Row]) -> None:
        """Write rows, each in the place of the one with its key. Done again after a broken connection, it changes nothing."""
        for begin in range(0, len(rows), BLOCK):
            block = [dict(row) for row in rows[begin : begin + BLOCK]]
            self._ask(partial(_upsert, name, block, self._patience), name)

    def delete(self, name: str, condition: str) -> None:
        """Delete the rows that meet a condition."""
        self._ask(lambda client: client.delete(name, filter=condition, timeout=self._patience), name)

    def settle(self, names: Sequence[str]) -> None:
        """Have what was written moved into indexed segments. Milvus Lite else goes through every new row at each search; a server keeps a
        coarse index of many new rows till then, with a recall@10 of 0.58 where the final one has 0.996."""
        for name in names:
            self._ask(partial(_flush, name, self._patience), name)

    def query(self, name: str, condition: str, fields: Sequence[str], *, level: str = STRONG, limit: int | None = None) -> list[Row]:
        """The rows that meet a condition, at most `MOST`."""
        named = {} if limit is None else {"limit": limit}
        return list(self._ask(lambda client: client.query(
            name, filter=condition, output_fields=list(fields), consistency_level=level, timeout=self._patience, **named
        ), name))  # fmt: skip

    def count(self, name: str, condition: str, *, level: str = STRONG) -> int:
        """How many rows meet a condition."""
        return int(self.query(name, condition, ["count(*)"], level=level)[0]["count(*)"])

    def each(self, name: str, condition: str, fields: Sequence[str]) -> Iterator[Row]:
        """All rows that meet a condition, however many, by key, as they were when first asked."""
        iterator = self._ask(lambda client: client.query_iterator(
            name, batch_size=BLOCK, filter=condition, output_fields=list(fields), consistency_level=STRONG, timeout=self._patience
        ), name)  # fmt: skip
        try:
            while block := self._ask(lambda _: iterator.next(), name):
                yield from block
        finally:
            iterator.close()

    def search(
        self, name: str, field: str, vectors: Sequence[Any], limit: int, fields: Sequence[str], *, condition: str = "", level: str = STRONG,
        wide: int | None = None,
    ) -> list[list[tuple[float, Row]]]:  # fmt: skip
        """For each vector the rows with the greatest inner products, at most `limit`, best first, and these."""
        options = {"metric_type": "IP", "params": {} if wide is None else {"ef": wide}}
        found = self._ask(lambda client: client.search(
            name, data=list(vectors), anns_field=field, limit=min(limit, MOST), filter=condition, output_fields=list(fields),
            search_params=options, consistency_level=level, timeout=self._patience,
        ), name)  # fmt: skip
        return [[(float(hit["distance"]), {**hit["entity"], KEY: _key(hit)}) for hit in hits] for hits in found]

    def _ask(self, ask: Callable[[Any], Result], name: str = "", passing: Sequence[str] = _PASSING) -> Result:
        """What `ask` gives when it is asked of the client; asked again, while patience lasts, as the server is away or not ready."""
        from pymilvus.exceptions import MilvusException

        ends = time.monotonic() + self._patience
        while True:
            try:
                return ask(self._connected())
            except MilvusException as error:
                reason = " ".join(str(error.message).split())[:300]
                waited = time.monotonic() >= ends
                if not any(word in reason.lower() for word in (_PASSING if waited else passing)):
                    raise StoreError(f"{self.place.text}: Milvus refused ({reason})") from error
                if waited:
                    raise StoreError(
                        f"{self.place.text} cannot be reached ({reason}); start the server, or check its address and ${TOKEN}"
                    ) from error
                if name and "loaded" in reason.lower():
                    # As servers leave a collection that they were killed with.
                    with suppress(MilvusException):
                        self._connected().load_collection(name, timeout=self._patience)
            time.sleep(PAUSE)

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = _client(self._lite or self.place.address or "", self._token)
            return self._client


def _flush(name: str, patience: float, client: Any) -> None:
    client.flush(name, timeout=patience)


def _upsert(name: str, rows: Sequence[Row], patience: float, client: Any) -> None:
    client.upsert(name, rows, timeout=patience)


def _client(address: str, token: str) -> Any:
    from pymilvus import MilvusClient

    # It logs each failed try with its trace; what lasts is told once, by the error.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return MilvusClient(uri=address, token=token, timeout=READING)


def _require(*packages: str) -> None:
    """Raise a StoreError where a package is not installed."""
    for name in packages:
        try:
            import_module(name)
        except ImportError as error:
            raise StoreError(f"an index in Milvus needs the package {name}; install it with: pip install 'griot-qa[milvus]'") from error


_opened: Counter[Path] = Counter()
_opening = threading.Lock()


def _open_lite(path: Path, patience: float) -> str:
    """The address of the server that Milvus Lite runs in this process for a file, which one process at a time has open."""
    from milvus_lite.server_manager import server_manager_instance

    # Its server tells of every request that it does not know, which pymilvus does without.
    for name in ("milvus_lite", "grpc._server"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be made ({error.strerror}); give another place with --store") from error
    ends = time.monotonic() + min(patience, READING)
    with _opening:
        while (address := server_manager_instance.start_and_get_uri(str(path))) is None:
            if time.monotonic() >= ends:
                raise BusyIndex(
                    f"{path} cannot be opened: Milvus Lite serves one process at a time, and another may have it; "
                    "end that one, or use a server: --store milvus://HOST:PORT/COLLECTION"
                )
            time.sleep(PAUSE)
        _opened[path] += 1
    return str(address)


def _close_lite(path: Path) -> None:
    from milvus_lite.server_manager import server_manager_instance

    with _opening:
        _opened[path] -= 1
        if _opened[path] <= 0:
            del _opened[path]
            server_manager_instance.release_server(str(path))


def _key(hit: Mapping[str, Any]) -> Any:
    # Servers before 2.4 name it "id", whatever the field is called.
    return hit[KEY] if KEY in hit else hit["id"]


def _numbers(version: str) -> tuple[int, int]:
    """Major and minor of "v2.3.5-lite"; of a version that is written otherwise, a new one is taken to have no less."""
    parts = version.removeprefix("v").split(".")
    return (int(parts[0]), int(parts[1])) if len(parts) > 1 and parts[0].isdigit() and parts[1].isdigit() else (99, 0)
