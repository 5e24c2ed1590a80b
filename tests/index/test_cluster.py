"""Builds whose sources are read by a real cluster of several processes, one of them killed meanwhile."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from distributed import Client, LocalCluster

from index import remote
from index.cluster import Cluster
from index.embed import open_model
from index.errors import WorkersError
from index.plan import READ_BY
from index.reading import Outcome
from index.remembered import Remembered
from index.report import Report, Unwatched
from index.source import Source
from index.spool import Spool
from index.store import Home
from qa import Assistant
from tests.fakes import HashEmbedder
from tests.paths import ROOT

TEXT = "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo, numéro {}. Il compte {} articles.\n"
PAGE = "<html><head><title>Pêche, {}</title></head><body><article><p>" + TEXT * 3 + "</p></article></body></html>"


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Three workers, each a process; one that ends is started again."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    with LocalCluster(n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=None) as made:
        yield made
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


def collection(folder: Path, texts: int = 50) -> Path:
    docs = folder / "docs"
    docs.mkdir()
    for number in range(texts):
        (docs / f"{number:03}.txt").write_text(TEXT.format(number, number + 3) * 8)
    for number in range(2):
        (docs / f"page{number}.html").write_text(PAGE.format(number, *range(6)))
    (docs / "table.csv").write_text("id;titre;texte\n" + "".join(f"n{n};Titre {n};{TEXT.format(n, n).strip()}\n" for n in range(40)))
    (docs / "empty.txt").write_text("")
    (docs / "bad.pdf").write_bytes(b"%PDF-1.4\nnothing")
    return docs


class Killer(Unwatched):
    """Kills a worker that has work in hand once `after` sources were read."""

    def __init__(self, cluster: LocalCluster, after: int) -> None:
        self.cluster, self.after = cluster, after
        self.killed: dict[str, Sequence[str]] = {}
        self.stage = ""

    def start(self, stage: str, total: int) -> None:
        self.stage = stage

    def advance(self, steps: int, found: int = 0) -> None:
        self.after -= steps if self.stage == "read" else 0
        if self.killed or self.after > 0 or self.stage != "read":
            return
        with Client(self.cluster.scheduler_address, set_as_default=False) as client:
            busy = {address: tasks for address, tasks in client.processing().items() if tasks}
            if busy:
                address, tasks = max(busy.items(), key=lambda item: len(item[1]))
                pid = client.run(os.getpid, workers=[address])[address]
                os.kill(pid, signal.SIGKILL)
                self.killed[address] = list(map(str, tasks))


def whole(home: Home) -> dict[str, object]:
    """All that an index holds, comparable by value."""
    generation = home.open()
    assert generation.verify() == []
    articles = list(generation.articles())
    return {
        "articles": articles,
        "passages": generation.passages(range(generation.manifest.passages)),
        "vectors": generation.vectors.rows(np.arange(generation.manifest.passages)).tobytes(),
        "sources": {location: (seen.label, seen.digest) for location, seen in home.ledger.sources(home.served()).items()},
        "digest": generation.manifest.digest,
    }


def told(report: Report) -> tuple[object, ...]:
    return report.added, report.changed, report.removed, report.unchanged, report.failed, report.articles, report.passages, report.embedded


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.cluster.MANY", 3)


@pytest.mark.usefixtures("small_batches")
def test_a_build_that_loses_a_worker_makes_the_index_of_a_build_without_workers(cluster: LocalCluster, tmp_path: Path) -> None:
    docs, model = collection(tmp_path), open_model()
    here = Assistant(Home(tmp_path / "here"), model).update([docs])
    killer = Killer(cluster, after=20)
    there = Assistant(Home(tmp_path / "there"), model).update([docs], workers=cluster.scheduler_address, watcher=killer)
    assert len(killer.killed) == 1, "killed with work in hand"
    assert told(there) == told(here)
    assert len(here.failed) == 2
    assert whole(Home(tmp_path / "there")) == whole(Home(tmp_path / "here"))
    assert not list((tmp_path / "there").glob("*.draft"))


@pytest.mark.usefixtures("small_batches")
def test_what_several_workers_were_lost_over_is_read_here(cluster: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    docs, model = collection(tmp_path, texts=30), HashEmbedder(str(tmp_path))
    here = Assistant(Home(tmp_path / "here"), model).update([docs])
    killer = Killer(cluster, after=1)
    there = Assistant(Home(tmp_path / "there"), model).update([docs], workers=cluster.scheduler_address, watcher=killer)
    assert len(killer.killed) == 1
    assert told(there) == told(here)
    assert whole(Home(tmp_path / "there")) == whole(Home(tmp_path / "here"))


def test_only_what_changed_is_sent(cluster: LocalCluster, tmp_path: Path) -> None:
    docs = collection(tmp_path, texts=5)
    assistant = Assistant(Home(tmp_path / "home"), open_model())
    assistant.update([docs], workers=cluster.scheduler_address)
    (docs / "000.txt").write_text(TEXT.format(1000, 1))
    (docs / "page0.html").unlink()
    report = assistant.update(workers=cluster.scheduler_address)
    assert (report.changed, report.removed, report.embedded) == ((f"{docs}/000.txt",), (f"{docs}/page0.html",), 1)


class Place:
    """Sources in a folder, read by a cluster into a spool."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spool = folder / "spool"

    def source(self, name: str, content: str, place: Path | None = None) -> Source:
        path = (place or self.folder) / name
        path.write_text(content)
        return Source(location=str(path), label=name, path=path)

    def cluster(self, address: str, embedder: HashEmbedder | None = None, patience: float = 60.0) -> Cluster:
        model = embedder or HashEmbedder(str(self.folder))
        return Cluster(address, model, Remembered(self.folder / "vectors", model), patience=patience)

    def read(self, cluster: Cluster, *sources: Source, known: dict[str, str] | None = None, version: str = READ_BY) -> dict[str, Outcome]:
        return {source.label: outcome for source, outcome in cluster(sources, known or {}, {}, version, self.spool)}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_what_is_known_is_not_sent_and_a_folder_of_a_model_not_asked_for(cluster: LocalCluster, place: Place) -> None:
    one, two = place.source("one.txt", TEXT.format(1, 1)), place.source("two.txt", TEXT.format(2, 2))
    gone = Source(location="/nowhere.txt", label="gone.txt", path=place.folder / "nowhere.txt")
    reading = place.cluster(cluster.scheduler_address)
    assert place.read(reading, one, two, gone, known={one.location: one.digest()}) == {
        "one.txt": Outcome(state="unchanged"),
        "two.txt": Outcome(state="read"),
        "gone.txt": Outcome(state="unopened", reason="cannot be opened: No such file or directory"),
    }
    assert reading.embedded == 0
    with closing(Spool(place.spool)) as spool:
        assert [entry.article.text for entry in spool.entries(two.location)] == [TEXT.format(2, 2).strip()]
    assert place.read(place.cluster(cluster.scheduler_address), two) == {"two.txt": Outcome(state="read")}


def test_a_large_file_is_read_where_it_is_seen_and_here_where_it_is_not(
    cluster: LocalCluster, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.cluster.SENT", 10)
    large = place.source("large.txt", TEXT.format(1, 1))
    assert place.read(place.cluster(cluster.scheduler_address), large) == {"large.txt": Outcome(state="read")}
    sent = {"location": "x", "label": "x", "name": "x", "body": None, "path": str(large.path), "stamp": (5, 5)}
    work = {"version": READ_BY, "columns": {}, "model": None, "fingerprint": ""}
    assert remote.read_batch([sent], work) == [{"state": "unseen"}]
    assert remote.read_batch([sent | {"path": "/nowhere"}], work) == [{"state": "unseen"}]
    monkeypatch.setattr("index.cluster.SEEN", 10)
    other = place.source("other.txt", TEXT.format(2, 2))
    assert place.read(place.cluster(cluster.scheduler_address), other) == {"other.txt": Outcome(state="read")}


def test_another_griot_or_another_model_is_named(cluster: LocalCluster, place: Place) -> None:
    one = place.source("one.txt", TEXT.format(1, 1))
    with pytest.raises(WorkersError, match="another version of Griot runs on"):
        place.read(place.cluster(cluster.scheduler_address), one, version="0")
    with pytest.raises(WorkersError, match="the model nobody/has-it is not on"):
        place.read(place.cluster(cluster.scheduler_address, HashEmbedder("nobody/has-it")), one)
    with pytest.raises(WorkersError, match=r"the model bundled on .* is another one"):
        place.read(place.cluster(cluster.scheduler_address, HashEmbedder("bundled")), one)


@contextmanager
def scheduler() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A scheduler without workers, by itself."""
    script = (
        "import asyncio, sys\nfrom distributed import Scheduler\n"
        "async def main():\n"
        "    async with Scheduler(host='127.0.0.1', port=0, dashboard=False) as made:\n"
        "        print(made.address, flush=True)\n"
        "        await asyncio.to_thread(sys.stdin.read)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_a_cluster_without_workers_is_not_waited_for_for_ever(place: Place) -> None:
    one = place.source("one.txt", TEXT.format(1, 1))
    with scheduler() as (_, address), pytest.raises(WorkersError, match="no worker since 1 seconds; what was read is kept"):
        place.read(place.cluster(address, patience=1.0), one)


def test_a_scheduler_that_is_gone_is_named(place: Place) -> None:
    one = place.source("one.txt", TEXT.format(1, 1))
    with scheduler() as (process, address):
        reading = place.cluster(address, patience=2.0)([one], {}, {}, READ_BY, place.spool)
        process.kill()
        process.wait()
        with pytest.raises(WorkersError, match=r"no scheduler answers|the scheduler is gone"):
            next(reading)
    with pytest.raises(WorkersError, match="no scheduler answers at nowhere"):
        place.read(place.cluster("nowhere", patience=2.0), one)
