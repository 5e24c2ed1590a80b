"""A build that is stopped at any moment loses nothing: what was published is served, whole, and the next build goes on."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import update
from index.errors import GriotError
from index.files import Disk
from index.store import Home
from tests.fakes import HashEmbedder
from tests.index.cut import ONE, THREE, TWO, check, prepare, texts

OLD, NEW = [ONE, TWO], [THREE, TWO]


@pytest.mark.parametrize(("how", "step"), [("kill", 13), ("full", 17)])
def test_stopped_at_a_write(tmp_path: Path, how: str, step: int) -> None:
    """Every write is tried by `python -m tests.index.cut FOLDER kill`."""
    command = [sys.executable, "-W", "error", "-m", "tests.index.cut", str(tmp_path / "cut"), how, str(step)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=280, check=True)
    found = json.loads(ran.stdout)
    assert found["stopped"] > 10
    assert found["wrong"] == []


class Recorded(Disk):
    """A disk whose power may be cut after any step: what was not synced by then is lost. Of files it keeps the bytes that they had when
    they were synced, of folders the names."""

    def __init__(self, after: Callable[[], None]) -> None:
        self._after = after
        self._ids: dict[tuple[int, int], int] = {}
        self._contents: dict[int, bytes] = {}
        self._names: dict[int, dict[str, tuple[int, bool]]] = {}
        self._next = 0

    def sync_file(self, path: Path) -> None:
        super().sync_file(path)
        self._contents[self._id(path)] = path.read_bytes()
        self._after()

    def sync_folder(self, folder: Path) -> None:
        super().sync_folder(folder)
        self._names[self._id(folder)] = {path.name: (self._id(path), path.is_dir()) for path in folder.iterdir()}
        self._after()

    def write(self, path: Path, data: bytes) -> None:
        super().write(path, data)
        self.sync_file(path)

    def remove(self, path: Path) -> None:
        inside = [path, *path.rglob("*")] if path.is_dir() else [path] if path.exists() else []
        gone = [self._key(each) for each in inside]
        super().remove(path)
        for key in gone:
            # Another file may be given its number.
            self._ids.pop(key, None)
        self._after()

    def left(self, folder: Path, into: Path) -> None:
        """What is in `folder` after the power was cut, written to `into`; what was written but not synced is garbage."""
        into.mkdir()
        for name, (number, is_folder) in self._names.get(self._id(folder), {}).items():
            if is_folder:
                self._rebuild(number, into / name)
            else:
                (into / name).write_bytes(self._contents.get(number, b"\x00garbage\x00"))

    def _rebuild(self, number: int, into: Path) -> None:
        into.mkdir()
        for name, (inner, is_folder) in self._names.get(number, {}).items():
            if is_folder:
                self._rebuild(inner, into / name)
            else:
                (into / name).write_bytes(self._contents.get(inner, b"\x00garbage\x00"))

    def _key(self, path: Path) -> tuple[int, int]:
        status = path.stat()
        return status.st_dev, status.st_ino

    def _id(self, path: Path) -> int:
        key = self._key(path)
        if key not in self._ids:
            self._ids[key] = self._next = self._next + 1
        return self._ids[key]


# What SQLite syncs itself, and what may be lost, as it is at the moment of the cut.
APART = ("sources.sqlite", "sources.sqlite-journal", "revisions.sqlite", "revisions.sqlite-journal", "collection.json")


def synced(disk: Recorded, folder: Path) -> None:
    """Take down a folder as one that was synced long ago."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            disk.sync_folder(path)
        else:
            disk.sync_file(path)
    disk.sync_folder(folder)


@pytest.mark.parametrize("ledger", [True, False], ids=["", "ledger_lost"])
def test_the_power_is_cut_after_any_step(tmp_path: Path, ledger: bool) -> None:
    docs, before = prepare(tmp_path)
    place = tmp_path / "home"
    shutil.copytree(before, place)
    cuts: list[Path] = []
    recording = False

    def cut() -> None:
        if not recording:
            return
        copy = tmp_path / f"cut-{len(cuts)}"
        disk.left(place, copy)
        for name in APART:
            (copy / name).unlink(missing_ok=True)
            if (place / name).exists() and (ledger or not name.startswith("sources")):
                shutil.copy(place / name, copy / name)
        cuts.append(copy)

    disk = Recorded(cut)
    synced(disk, place)
    recording = True
    update(Home(place, disk), HashEmbedder(dimension=16), [docs])
    recording = False
    assert len(cuts) > 30
    served = []
    for number, copy in enumerate(cuts):
        home = Home(copy)
        served.append(texts(home))
        assert check(home, docs, OLD, NEW) == [], f"cut {number}"
        shutil.rmtree(copy)
    # First the old ones, from some moment on the new ones.
    assert served == sorted(served, key=[OLD, NEW].index)
    assert {tuple(found) for found in served} == {tuple(OLD), tuple(NEW)}


class Full(Disk):
    """A disk on which a step of some number fails for want of space."""

    def __init__(self, at: int) -> None:
        self.steps, self._at = 0, at

    def sync_file(self, path: Path) -> None:
        self._step()
        super().sync_file(path)

    def sync_folder(self, folder: Path) -> None:
        self._step()
        super().sync_folder(folder)

    def write(self, path: Path, data: bytes) -> None:
        self._step()
        super().write(path, data)

    def _step(self) -> None:
        self.steps += 1
        if self.steps == self._at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _fits(place: Path, docs: Path, at: int) -> bool:
    try:
        update(Home(place, Full(at)), HashEmbedder(dimension=16), [docs])
    except OSError as error:
        return error.errno != errno.ENOSPC
    return True


def test_a_disk_that_is_full_at_any_step(tmp_path: Path) -> None:
    docs, before = prepare(tmp_path)
    at = 0
    while True:
        at += 1
        place = tmp_path / f"home-{at}"
        shutil.copytree(before, place)
        if _fits(place, docs, at):
            break
        assert check(Home(place), docs, OLD, NEW) == [], f"step {at}"
        shutil.rmtree(place)
    assert at > 20
    assert texts(Home(place)) == NEW


def test_a_first_build_that_is_killed_goes_on(tmp_path: Path) -> None:
    docs, _ = prepare(tmp_path)
    home = Home(tmp_path / "home", Full(5))
    with pytest.raises((OSError, GriotError)):
        update(home, HashEmbedder(dimension=16), [docs])
    assert home.current() is None
    second = HashEmbedder(dimension=16)
    update(Home(tmp_path / "home"), second)
    assert second.encoded == [], "what was embedded is not embedded again"
    assert texts(home) == NEW
