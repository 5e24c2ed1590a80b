"""The index of a home whose collection names a database: joined, kept connected, and opened again when it was published anew."""

import os
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.collection import load_collection, save_collection
from index.milvus.engine import READING, Engine
from index.milvus.place import TOKEN, parse_place

if TYPE_CHECKING:
    from index.milvus.serve import Connection, MilvusGeneration


class Elsewhere:
    """A store as a home's collection names it, connected when it is first asked. `mark` tells whether that was written again."""

    def __init__(self, store: str, mark: tuple[int, int]) -> None:
        self.store, self.mark = store, mark
        self._connection: Connection | None = None

    def current(self) -> str:
        """Another name after every publication, by whichever writer.

        Raises:
            MissingIndex: nothing has been published there.
        """
        return self._connected().state().name

    def open(self) -> "MilvusGeneration":
        """The index as it is now.

        Raises:
            MissingIndex, StaleIndex: nothing is there, or it is of another format.
        """
        return self._connected().open()

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._connection:
            self._connection.engine.close()
            self._connection = None

    def _connected(self) -> "Connection":
        from index.milvus.serve import Connection

        if self._connection is None:
            self._connection = Connection(connect(self.store))
        return self._connection


def elsewhere(collection_file: Path, known: Elsewhere | None) -> Elsewhere | None:
    """The store that a collection names, `known` where it still does; None where it names none."""
    try:
        status = collection_file.stat()
    except OSError:
        return None
    mark = status.st_mtime_ns, status.st_ino
    if known and known.mark == mark:
        return known if known.store else None
    store = load_collection(collection_file).store
    if known and known.store == store:
        known.mark = mark
        return known
    return Elsewhere(store, mark) if store else None


def connect(store: str, patience: float = READING) -> Engine:
    """A connection to the store of this name, with the user or key of the environment."""
    return Engine(parse_place(store), patience=patience, token=os.environ.get(TOKEN, ""))


def join(collection_file: Path, store: str) -> None:
    """Name `store` in a home's collection, once it was seen that it can be reached. The index on this disk is let alone, and no longer
    served.

    Raises:
        StoreError: it is no place, or cannot be reached.
    """
    place = parse_place(store)
    collection = load_collection(collection_file)
    if collection.store == place.text:
        return
    connect(place.text).close()
    save_collection(replace(collection, store=place.text, writer=collection.writer or uuid.uuid4().hex), collection_file)
