"""Following the files of a collection: real files, and a watch that the test ends."""

import os
import queue
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from index.errors import BusyIndex
from index.lock import writing
from index.report import Report
from index.store import Home
from index.web.fetch import Fetched
from index.web.policy import Policy
from qa import Assistant
from tests.fakes import HashEmbedder
from ui.watch import Pace, follow

TEXT = "Le maire de Dosso a ouvert une école lundi dernier. "
OTHER = "Les pluies ont détruit trois ponts près de Zinder. "
QUICK = Pace(settle=0.1, longest=2.0, look=0.1, every=3600.0, retry=0.05, patience=0.2)


class Failing(Assistant):
    """An assistant whose next updates fail as told, and that counts those that fetch."""

    failures: list[Exception]
    updates = 0
    fetched = 0

    def update(self, *arguments: object, offline: bool = False, **named: object) -> Report:
        self.updates += 1
        self.fetched += not offline
        if self.failures:
            raise self.failures.pop(0)
        return super().update(offline=offline, fetcher=Silent())


class Silent:
    """Fetches nothing."""

    policy = Policy()

    def get(self, address: str, **named: object) -> Fetched:
        raise AssertionError(address)


class Watched:
    """A followed collection of one folder, its files, and what was reported."""

    def __init__(self, folder: Path) -> None:
        self.docs = folder / "docs"
        self.docs.mkdir()
        self.write("a.txt")
        self.home = Home(folder / "home")
        Assistant.from_paths([self.docs], home=self.home.folder, embedder=HashEmbedder())
        self.assistant = Failing(self.home, HashEmbedder())
        self.assistant.failures = []
        self._reports: queue.Queue[Report] = queue.Queue()

    def write(self, name: str, text: str = TEXT) -> Path:
        path = self.docs / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    @contextmanager
    def followed(self, pace: Pace = QUICK, last: Report | None = None) -> Iterator[None]:
        stop = Event()
        thread = Thread(target=lambda: follow(self.assistant, self._reports.put, stop, pace=pace, last=last))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def next(self) -> Report:
        return self._reports.get(timeout=120)

    def told(self) -> list[tuple[list[str], list[str], list[str]]]:
        """What else was reported: the names of what was added, changed and removed."""
        return [named(self._reports.get()) for _ in range(self._reports.qsize())]


def named(report: Report) -> tuple[list[str], list[str], list[str]]:
    added, changed, removed = ([Path(path).name for path in paths] for paths in (report.added, report.changed, report.removed))
    return added, changed, removed


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_added_changed_and_removed_files_are_followed(watched: Watched) -> None:
    with watched.followed():
        watched.write("b.txt", OTHER)
        assert named(watched.next()) == (["b.txt"], [], [])
        watched.write("b.txt", OTHER + TEXT)
        assert named(watched.next()) == ([], ["b.txt"], [])
        (watched.docs / "a.txt").unlink()
        assert named(watched.next()) == ([], [], ["a.txt"])
        watched.write("deep/c.txt", OTHER)
        assert named(watched.next()) == (["c.txt"], [], [])
    assert watched.told() == []


def test_what_changed_before_the_watch_stood_is_taken_up(watched: Watched) -> None:
    watched.write("b.txt", OTHER)
    with watched.followed():
        assert named(watched.next()) == (["b.txt"], [], [])


def test_many_changes_are_one_update(watched: Watched) -> None:
    with watched.followed(Pace(settle=2.0, longest=60.0, look=0.1)):
        for number in range(50):
            watched.write(f"{number}.txt", OTHER * (number + 1))
        report = watched.next()
    assert len(report.added) == 50
    assert watched.told() == []


def test_a_file_that_never_rests_is_taken_up_all_the_same(watched: Watched) -> None:
    ended = Event()

    def keep_writing() -> None:
        number = 0
        while not ended.wait(0.02):
            watched.write("log.txt", OTHER + str(number := number + 1))

    writer = Thread(target=keep_writing)
    with watched.followed(Pace(settle=0.5, longest=1.0, look=0.1)):
        writer.start()
        # A look at the moment between emptying the file and filling it finds no article in it, and the next one does.
        assert any(named(watched.next())[0] == ["log.txt"] for _ in range(5))
        ended.set()
        writer.join()


def test_hidden_files_and_the_index_itself_are_not_followed(watched: Watched) -> None:
    inside = watched.docs / ".griot"
    Assistant.from_paths([watched.docs], home=inside, embedder=HashEmbedder())
    watched.assistant.home = Home(inside)
    updates = watched.assistant
    with watched.followed():
        while updates.updates < 1:
            time.sleep(0.01)
        (watched.docs / ".a.txt.swp").write_text(TEXT)
        (inside / "something").write_text(TEXT)
        time.sleep(0.5)
        assert updates.updates == 1
        watched.write("a.txt", OTHER)
        assert named(watched.next()) == ([], ["a.txt"], [])
    assert watched.told() == []


def test_a_single_file_is_followed_when_an_editor_replaces_it(watched: Watched, tmp_path: Path) -> None:
    one = tmp_path / "one.txt"
    one.write_text(TEXT)
    watched.assistant.home = Home(tmp_path / "other")
    Assistant.from_paths([one], home=tmp_path / "other", embedder=HashEmbedder())
    with watched.followed():
        for number in range(3):
            (tmp_path / "draft").write_text(OTHER * (number + 1))
            os.replace(tmp_path / "draft", one)
            assert named(watched.next()) == ([], ["one.txt"], [])


def test_a_root_that_vanishes_loses_nothing_and_is_followed_again(watched: Watched) -> None:
    with watched.followed():
        os.rename(watched.docs, watched.docs.with_name("away"))
        gone = watched.next()
        assert (named(gone), gone.articles) == (([], [], []), 1)
        assert gone.failed[0].reason.startswith("root missing; its articles are kept")
        os.rename(watched.docs.with_name("away"), watched.docs)
        assert watched.next().failed == ()
        watched.write("b.txt", OTHER)
        assert named(watched.next()) == (["b.txt"], [], [])
        os.rename(watched.docs, watched.docs.with_name("away"))
        shutil.rmtree(watched.docs.with_name("away"))
        watched.next()
        watched.write("c.txt", OTHER)
        assert named(watched.next()) == (["c.txt"], [], ["a.txt", "b.txt"])


def test_a_root_that_another_process_adds_is_followed(watched: Watched, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "m.txt").write_text(OTHER)
    with watched.followed():
        watched.write("b.txt", OTHER)
        watched.next()
        Assistant(watched.home, HashEmbedder()).update([more])
        (more / "n.txt").write_text(OTHER + TEXT)
        assert named(watched.next()) == (["n.txt"], [], [])


def test_a_file_that_cannot_be_read_is_told_once(watched: Watched) -> None:
    with watched.followed():
        watched.write("bad.pdf", "no pdf")
        assert [Path(failure.path).name for failure in watched.next().failed] == ["bad.pdf"]
        (watched.docs / "a.txt").touch()
        watched.write("b.txt", OTHER)
        assert named(watched.next()) == (["b.txt"], [], [])
    assert watched.told() == []


def test_what_had_failed_before_is_not_told_again(watched: Watched) -> None:
    watched.write("bad.pdf", "no pdf")
    last = watched.assistant.update()
    with watched.followed(last=last):
        watched.write("b.txt", OTHER)
        assert named(watched.next()) == (["b.txt"], [], [])


def test_it_goes_on_after_any_error(watched: Watched, capsys: pytest.CaptureFixture[str]) -> None:
    watched.assistant.failures = [BusyIndex("another griot is updating"), OSError(28, "No space left on device"), ValueError("a fault")]
    watched.write("b.txt", OTHER)
    with watched.followed():
        assert named(watched.next()) == (["b.txt"], [], [])
    assert capsys.readouterr().err.splitlines() == [
        "griot: another griot is updating",
        "griot: OSError: [Errno 28] No space left on device",
        "griot: ValueError: a fault",
    ]


def test_it_waits_for_another_writer(watched: Watched, capsys: pytest.CaptureFixture[str]) -> None:
    with watched.followed():
        with writing(watched.home):
            watched.write("b.txt", OTHER)
            said = ""
            while "another griot is updating" not in said:
                time.sleep(0.01)
                said += capsys.readouterr().err
        assert named(watched.next()) == (["b.txt"], [], [])


def test_a_damaged_list_of_paths_is_said(watched: Watched, capsys: pytest.CaptureFixture[str]) -> None:
    whole = watched.home.collection_file.read_bytes()
    with watched.followed():
        watched.home.collection_file.write_bytes(b"{")
        said = ""
        while "collection.json is damaged" not in said:
            time.sleep(0.01)
            said += capsys.readouterr().err
        watched.home.collection_file.write_bytes(whole)
        watched.write("b.txt", OTHER)
        assert named(watched.next()) == (["b.txt"], [], [])


def test_addresses_are_fetched_at_the_interval_alone(watched: Watched) -> None:
    with watched.followed():
        watched.write("b.txt", OTHER)
        watched.next()
    assert watched.assistant.fetched == 0
    with watched.followed(Pace(settle=0.1, look=0.1, every=0.3)):
        while watched.assistant.fetched < 3:
            time.sleep(0.01)
    assert watched.told() == []


def test_where_the_system_tells_of_no_change_files_are_looked_at(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    with watched.followed():
        watched.write("b.txt", OTHER)
        assert named(watched.next()) == (["b.txt"], [], [])
        watched.write("c.txt", OTHER)
        assert named(watched.next()) == (["c.txt"], [], [])
