"""What a worker of a cluster does for `index.cluster`: it reads the sources sent to it, cleans and parts them, and embeds the passages.

As on one machine, what may hang or take much memory is read in a process of its own (`index.worker`), which is kept from one batch to
the next. What is sent and sent back is plain: bytes, text and numbers.
"""

import atexit
import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import Embedder, open_model
from index.errors import GriotError, WorkersError
from index.reading import COMMAND, PLAIN, SECONDS, Outcome, Reader, key_of
from index.source import Source
from index.spool import Spool, packed
from index.wording import embedding_text
from index.worker import Task, read_source


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A source as it is sent: its place and label, its file's name, and its bytes; or, of a larger one, its path, size and time of change,
    by which a worker knows that it sees the same file."""

    location: str
    label: str
    name: str
    body: bytes | None = None
    path: str = ""
    stamp: tuple[int, int] = (0, 0)


@dataclass(frozen=True, kw_only=True)
class Work:
    """How sources are to be read: by which version, with which columns, and which model embeds them, if any, by its fingerprint."""

    version: str
    columns: Mapping[str, str]
    model: str | None
    fingerprint: str


def read_batch(batch: Sequence[Mapping[str, Any]], work: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What became of each source of a batch, with its `entries` packed and the `vectors` of their passages as bytes of float32.

    Raises:
        WorkersError: this worker runs another Griot, or lacks the model.
    """
    from index.plan import READ_BY

    how = Work(**work)
    if how.version != READ_BY:
        raise WorkersError(f"another version of Griot runs on {os.uname().nodename}; install the same one there")
    embedder = _model(how.model, how.fingerprint) if how.model else None
    return [_read(Sent(**sent), how, embedder) for sent in batch]


def _read(sent: Sent, how: Work, embedder: Embedder | None) -> dict[str, Any]:
    bench = _bench()
    if sent.body is None:
        path = Path(sent.path)
        if not _same(path, sent.stamp):
            return {"state": "unseen"}
    else:
        path = bench.inbox / sent.name
        path.write_bytes(sent.body)
    source = Source(location=sent.location, label=sent.label, path=path)
    key = key_of(source, how.columns, how.version)
    try:
        outcome = bench.read(source, how.columns, key)
        if outcome.state == "unkept":
            # This worker's disk is full; that of the build may have room.
            return {"state": "unseen"}
        digest, unread = bench.spool.whole(source.location, key) or ("", [])
        entries = list(bench.spool.entries(source.location))
    finally:
        bench.spool.forget(source.location)
        if sent.body is not None:
            path.unlink(missing_ok=True)
    texts = [embedding_text(entry.article, *span) for entry in entries for span in entry.spans] if embedder else []
    vectors = embedder.encode_documents(texts) if embedder and texts else np.zeros((0, 0), np.float32)
    return {
        "state": outcome.state, "reason": outcome.reason, "digest": digest, "unread": [(item.record, item.reason) for item in unread],
        "entries": [packed(entry) for entry in entries], "vectors": np.ascontiguousarray(vectors, "<f4").tobytes(),
    }  # fmt: skip


class _Bench:
    """Where one thread of a worker reads: a folder, a spool, and a process that reads for it, begun when it is first needed."""

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="griot-worker-")
        folder = Path(self._temporary.name)
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.spool = Spool(folder / "spool")
        self._reader = Reader(folder / "spool", SECONDS, COMMAND)
        atexit.register(self.close)

    def read(self, source: Source, columns: Mapping[str, str], key: str) -> Outcome:
        task = Task(source=source, digest=None, columns=columns, key=key)
        if source.path.suffix.lower() in PLAIN:
            return Outcome(**read_source(task, self.spool))
        return self._reader.read(task)

    def close(self) -> None:
        self._reader.stop()
        self.spool.close()
        self._temporary.cleanup()


_local = threading.local()


def _bench() -> _Bench:
    if not hasattr(_local, "bench"):
        _local.bench = _Bench()
    bench: _Bench = _local.bench
    return bench


@lru_cache(maxsize=1)
def _model(name: str, fingerprint: str) -> Embedder:
    where = os.uname().nodename
    try:
        embedder = open_model(name)
    except GriotError as error:
        raise WorkersError(f"the model {name} is not on {where} ({error}); fetch it there") from error
    if embedder.fingerprint != fingerprint:
        raise WorkersError(f"the model {name} on {where} is another one than here; install the same there")
    return embedder


def _same(path: Path, stamp: tuple[int, int]) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == tuple(stamp)
