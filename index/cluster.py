"""Sources read, cleaned, parted and embedded by the workers of a Dask cluster: `griot index --workers ADDRESS`.

Files of up to `SENT` bytes are sent to the workers, which need no disk in common with this machine; larger ones are read there where the
workers see the same file under the same path. The rest, and pages, is read here. What a worker that is lost had in hand is given to
others; what comes back goes into the spool and among the remembered vectors, so that a build that is cut off goes on where it stopped.
"""

import hashlib
import queue
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.article import Entry
from index.document import Unread
from index.embed import Embedder
from index.errors import GriotError, WorkersError
from index.readers.walk import Share
from index.reading import Outcome, Step, key_of, read_sources
from index.remembered import Remembered
from index.remote import Sent, Work, read_batch
from index.source import Source
from index.spool import Kept, Spool, unpacked
from index.wording import embedding_text

WHOLE: Final = Share()
SENT: Final = 8 << 20
"""Bytes up to which a file is sent; Dask advises against messages of more than ten million."""
SEEN: Final = 64 << 20
"""Bytes up to which a file that workers see is read there: what comes back of it, the vectors above all, is some four times as much."""
BATCH: Final = 1 << 20
"""Bytes of files sent at once, or `MANY` of them: a scheduler takes about a millisecond a batch."""
MANY: Final = 64
AHEAD: Final = 3
"""Batches given out for each thread of the cluster, so that none waits for the next."""
CONNECT: Final = 20.0
"""Seconds for the scheduler to answer."""
PATIENCE: Final = 60.0
"""Seconds without a single worker after which the build is given up, to go on at the next run."""


class Cluster:
    """A Dask cluster that reads for a build (an `index.reading.Reads`). `remembered` takes over the vectors where the workers can open the
    model, which they can unless it is a folder of this machine."""

    def __init__(self, address: str, embedder: Embedder, remembered: Remembered, *, patience: float = PATIENCE) -> None:
        self.embedded = 0
        """Passages that the workers embedded."""
        self._address = address
        self._embedder = embedder
        self._remembered = remembered
        self._patience = patience

    def __call__(
        self, sources: Sequence[Source], known: Mapping[str, str], columns: Mapping[str, str], version: str, path: Path
    ) -> Iterator[tuple[Source, Outcome | Step]]:
        """Steps through the sources, and of each what became of it, in any order.

        Raises:
            WorkersError: the cluster cannot be reached, was lost, has no worker left, or one cannot do the work.
        """
        client = _connect(self._address, min(CONNECT, self._patience))
        try:
            with closing(Spool(path)) as spool:
                yield from _Run(self, client, spool, columns, version).outcomes(sources, known, path)
        finally:
            client.close(timeout=10)
            self._remembered.close()

    @property
    def model(self) -> str | None:
        """The name by which a worker opens the model, None of a folder."""
        return None if Path(self._embedder.name).is_absolute() else self._embedder.name

    def keep(self, result: Mapping[str, Any], source: Source, key: str, spool: Spool) -> Outcome:
        """Take over what a worker made of a source."""
        entries = [unpacked(content) for content in result["entries"]]
        texts = [embedding_text(entry.article, *span) for entry in entries for span in entry.spans]
        if result["vectors"]:
            self._remembered.keep(texts, np.frombuffer(result["vectors"], "<f4").reshape(len(texts), self._embedder.dimension))
            self.embedded += len(texts)
        reading, _ = spool.begin(source.location, key, result["digest"], WHOLE)
        items: list[Entry | Unread] = [*entries, *(Unread(record=record, reason=reason) for record, reason in result["unread"])]
        spool.add(reading, WHOLE, [Kept(unit=1, place=place, item=item) for place, item in enumerate(items)], 1)
        if result["digest"]:
            spool.finish(reading, WHOLE)
        return Outcome(state=result["state"], reason=result["reason"])

    def work(self, columns: Mapping[str, str], version: str) -> dict[str, Any]:
        """What goes with each batch."""
        return asdict(Work(version=version, columns=dict(columns), model=self.model, fingerprint=self._embedder.fingerprint))

    def lost(self, reason: str) -> WorkersError:
        """The error that ends the build."""
        return WorkersError(f"{self._address}: {reason}; what was read is kept, and the next griot index goes on")

    @property
    def patience(self) -> float:
        return self._patience


class _Run:
    """One reading of many sources."""

    def __init__(self, cluster: Cluster, client: Any, spool: Spool, columns: Mapping[str, str], version: str) -> None:
        self._cluster, self._client, self._spool = cluster, client, spool
        self._columns, self._version = columns, version
        self._work = cluster.work(columns, version)
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._given: dict[Any, list[Source]] = {}
        self._here: list[Source] = []
        self._settled: list[tuple[Source, Outcome]] = []

    def outcomes(self, sources: Sequence[Source], known: Mapping[str, str], path: Path) -> Iterator[tuple[Source, Outcome | Step]]:
        batches = self._batches(sources, known)
        more = True
        while more or self._given:
            while more and len(self._given) < self._room():
                batch = next(batches, None)
                yield from self._settled
                self._settled = []
                if batch is None:
                    more = False
                    break
                self._give(batch)
            if self._given:
                yield from self._taken(self._next())
        yield from read_sources(self._here, known, self._columns, self._version, path)

    def _batches(self, sources: Sequence[Source], known: Mapping[str, str]) -> Iterator[list[tuple[Source, Sent]]]:
        batch: list[tuple[Source, Sent]] = []
        size = 0
        for source in sources:
            sent = self._sent(source, known.get(source.location))
            if sent is None:
                continue
            batch.append((source, sent))
            size += len(sent.body or b"")
            if size >= BATCH or len(batch) >= MANY or sent.body is None:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _sent(self, source: Source, known: str | None) -> Sent | None:
        """A source as it is sent; None of one that is settled without, or read here."""
        try:
            status = source.path.stat()
            if source.address or not source.path.is_file() or status.st_size > SEEN:
                self._here.append(source)
                return None
            body = source.path.read_bytes()
        except OSError:
            # With the reason that it gives to one who reads it here.
            self._here.append(source)
            return None
        digest = hashlib.sha256(body).hexdigest()
        kept = self._spool.whole(source.location, key_of(source, self._columns, self._version))
        if known == digest:
            self._settled.append((source, Outcome(state="unchanged")))
            return None
        if kept and kept[0] == digest:
            self._settled.append((source, Outcome(state="read")))
            return None
        sent = Sent(location=source.location, label=source.label, name=source.path.name, body=body)
        if len(body) > SENT:
            return replace(sent, body=None, path=str(source.path), stamp=(status.st_size, status.st_mtime_ns))
        return sent

    def _room(self) -> int:
        threads: int = sum(worker["nthreads"] for worker in self._workers().values())
        return AHEAD * max(1, threads)

    def _workers(self) -> dict[str, Any]:
        try:
            workers: dict[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
            return workers
        except (OSError, TimeoutError) as error:
            raise self._cluster.lost(f"the scheduler is gone ({error})") from error

    def _give(self, batch: Sequence[tuple[Source, Sent]]) -> None:
        future = self._client.submit(read_batch, [asdict(sent) for _, sent in batch], self._work, pure=False)
        self._given[future] = [source for source, _ in batch]
        future.add_done_callback(self._done.put)

    def _next(self) -> Any:
        """The next batch that was read, however the cluster changes meanwhile."""
        alone = None
        while True:
            try:
                return self._done.get(timeout=1.0)
            except queue.Empty:
                if self._client.status not in ("running", "connecting"):
                    raise self._cluster.lost("the scheduler is gone") from None
                now = time.monotonic()
                alone = None if self._workers() else alone or now
                if alone is not None and now - alone > self._cluster.patience:
                    raise self._cluster.lost(f"no worker since {self._cluster.patience:g} seconds") from None

    def _taken(self, future: Any) -> Iterator[tuple[Source, Outcome]]:
        """What became of a batch."""
        from distributed import KilledWorker

        sources = self._given[future]
        try:
            results = future.result(timeout=self._cluster.patience)
        except TimeoutError:
            # Its worker was lost after it had done it, before it was fetched: another does it again.
            future.add_done_callback(self._done.put)
            return
        except KilledWorker:
            # Several workers were lost over it, perhaps by it. Here each article is read by a process that may end.
            results = [{"state": "unseen"}] * len(sources)
        except GriotError as error:
            raise self._cluster.lost(str(error)) from error
        except ImportError as error:
            raise self._cluster.lost(f"a worker does not find Griot ({error}); install the same version there") from error
        except Exception as error:
            raise self._cluster.lost(f"{type(error).__name__}: {error}") from error
        del self._given[future]
        future.release()
        for source, result in zip(sources, results, strict=True):
            if result["state"] == "unseen":
                self._here.append(source)
            else:
                yield source, self._cluster.keep(result, source, key_of(source, self._columns, self._version), self._spool)


def _connect(address: str, seconds: float) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise WorkersError("--workers needs Dask, which is not installed; install it with: pip install 'griot-qa[workers]'") from error
    try:
        return Client(address, timeout=seconds, set_as_default=False, name="griot")
    except (OSError, ValueError, TimeoutError) as error:
        raise WorkersError(f"no scheduler answers at {address} ({error}); start it with: dask scheduler") from error
