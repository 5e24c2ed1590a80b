"""One writer: told who it is and since when, with real processes, one of them killed."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock, SoftFileLease

from index.errors import BusyIndex, StoreError
from index.lock import Owner, is_busy, owner_of, writing
from index.store import Home
from tests.paths import ROOT

HOLDER = """
import subprocess, sys
from pathlib import Path
from index.lock import writing
from index.store import Home
with writing(Home(Path(sys.argv[1]))):
    # As a build starts processes that read, which outlive it when it is killed.
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=sys.stdin)
    print(child.pid, flush=True)
    child.wait()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@contextmanager
def another(home: Home) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock of `home`, until its standard input ends."""
    command = [sys.executable, "-c", HOLDER, str(home.folder), "a b"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield process
        finally:
            if process.stdin:
                process.stdin.close()


def test_a_second_writer_is_told_who_writes(home: Home) -> None:
    with another(home) as process:
        who = (
            rf"another griot is updating .*home: -c .*home 'a b' \(process {process.pid} on {socket.gethostname()}, for \d+ seconds?, since"
        )
        with pytest.raises(BusyIndex, match=who), writing(home):
            pass
        owner = owner_of(home)
        assert owner
        assert (owner.pid, owner.host) == (process.pid, socket.gethostname())
        assert is_busy(home)
        process.communicate()
    assert not is_busy(home)
    assert owner_of(home) is None
    assert not (home.folder / "lock.json").exists()


def test_what_a_killed_owner_left_is_ignored_and_replaced(home: Home) -> None:
    with another(home) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (home.folder / "lock.json").exists()
        assert owner_of(home) is None
        assert not is_busy(home)
        with writing(home) as hold:
            hold.check()
            owner = owner_of(home)
            assert owner
            assert owner.pid == os.getpid()
    assert not (home.folder / "lock.json").exists()


def test_a_second_writer_of_the_same_process_is_told(home: Home) -> None:
    with writing(home), pytest.raises(BusyIndex, match="another griot is updating"), writing(home):
        pass
    with writing(home):
        pass


def test_looking_holds_nothing(home: Home) -> None:
    assert not is_busy(home), "nothing there yet"
    with writing(home):
        assert is_busy(home)
        assert is_busy(home)
    assert not is_busy(home)


@pytest.mark.parametrize("note", ["", "{", "[]", "{}", '{"pid": 1, "host": "a", "command": "b", "since": "never"}', '{"pid": 1}', "\ud800"])
def test_a_damaged_note_names_nobody(home: Home, note: str) -> None:
    with writing(home):
        (home.folder / "lock.json").write_bytes(note.encode("utf-8", "surrogatepass"))
        assert owner_of(home) is None
        with pytest.raises(BusyIndex, match="another process; wait"), writing(home):
            pass


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=119), "119 seconds"),
        (timedelta(seconds=120), "2 minutes"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=3, hours=5), "3 days"),
    ],
)
def test_the_age_in_words(age: timedelta, words: str) -> None:
    since = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
    owner = Owner(pid=7, host="atlas", command="griot index press", since=since.isoformat())
    assert owner.describe(since + age) == f"griot index press (process 7 on atlas, for {words}, since 2026-11-02 08:30:00 UTC)"


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        pytest.param(["/opt/bin/griot", "index", "ma presse"], "griot index 'ma presse'", id="installed"),
        pytest.param(["/src/ui/__main__.py", "chat"], "griot chat", id="module"),
        pytest.param(["nightly.py"], "nightly.py", id="script"),
        pytest.param([""], "python", id="shell"),
        pytest.param(["griot", "a\nb"], "\"griot 'a\\nb'\"", id="line_break"),
        pytest.param(["griot", "x" * 300], "griot " + "x" * 193 + "…", id="long"),
    ],
)
def test_the_command_as_it_was_typed(home: Home, monkeypatch: pytest.MonkeyPatch, arguments: list[str], command: str) -> None:
    monkeypatch.setattr(sys, "argv", arguments)
    with writing(home):
        owner = owner_of(home)
    assert owner
    assert owner.command == command


class Lockless(FileLock):
    """The lock of a disk that knows none."""

    number = errno.ENOLCK

    def _acquire(self) -> None:
        raise OSError(self.number, os.strerror(self.number))


class Unsupported(Lockless):
    number = errno.EOPNOTSUPP


class Broken(Lockless):
    number = errno.EIO


@pytest.mark.parametrize("native", [Lockless, Unsupported])
def test_a_disk_without_locks_is_written_under_a_lease(home: Home, native: Callable[[Path], FileLock]) -> None:
    home.folder.mkdir()
    (home.folder / "lock").touch()
    assert not is_busy(home, native)
    with writing(home, native) as hold:
        hold.check()
        assert (home.folder / "lock.lease").exists()
        assert is_busy(home, native)
    assert not is_busy(home, native)
    assert not (home.folder / "lock.lease").exists()


def test_a_lease_that_shows_signs_of_life_is_busy(home: Home) -> None:
    home.folder.mkdir()
    (home.folder / "lock").touch()
    living = SoftFileLease(home.folder / "lock.lease", lease_duration=30.0, heartbeat_interval=0.2)
    with living, pytest.raises(BusyIndex), writing(home, Lockless):
        pass


def test_the_lease_of_a_killed_owner_on_this_machine_is_taken_at_once(home: Home) -> None:
    home.folder.mkdir()
    script = (
        "import sys; from filelock import SoftFileLease\n"
        "lease = SoftFileLease(sys.argv[1], lease_duration=30.0); lease.acquire(); print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(home.folder / "lock.lease")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.kill()
        process.wait()
    with writing(home, Lockless):
        pass


def test_a_lost_lease_publishes_nothing(home: Home) -> None:
    class Short(SoftFileLease):
        def __init__(self, path: Path) -> None:
            super().__init__(path, lease_duration=0.4)

    with writing(home, Short) as hold:
        (home.folder / "lock").unlink()
        lost = told(hold.check)
        assert "the write lock of" in lost
        assert "marker-missing" in lost


def told(check: Callable[[], None]) -> str:
    """What `check` says once it fails."""
    while True:
        try:
            check()
        except StoreError as error:
            return str(error)
        time.sleep(0.05)


def test_a_disk_in_trouble_is_no_busy_index(home: Home) -> None:
    with pytest.raises(StoreError, match="Input/output error") as raised, writing(home, Broken):
        pass
    assert not isinstance(raised.value, BusyIndex)
    (home.folder / "lock").touch()
    assert not is_busy(home, Broken)


def test_the_note_is_plain_json(home: Home) -> None:
    with writing(home):
        content = json.loads((home.folder / "lock.json").read_text(encoding="utf-8"))
    assert set(content) == {"pid", "host", "command", "since"}
    assert content["pid"] == os.getpid()
