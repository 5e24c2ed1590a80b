"""Writing files so that a crash leaves the old content or the new, never a part."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


class Disk:
    """What changes files for good. Everything that a build publishes goes through it, so that a test can stop it at any step."""

    def sync_file(self, path: Path) -> None:
        """Make sure that a file's content is on the disk."""
        with path.open("rb") as file:
            os.fsync(file.fileno())

    def sync_folder(self, folder: Path) -> None:
        """Make sure that a folder's entries are on the disk."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def write(self, path: Path, data: bytes) -> None:
        """Write a new file, synced."""
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def make_folder(self, folder: Path) -> None:
        """Make a folder, where it is not there yet, that outlasts a power cut."""
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            self.sync_folder(folder.parent)

    def rename(self, old: Path, new: Path) -> None:
        """Put a file or a folder in its place, instead of the file that may be there."""
        os.replace(old, new)
        self.sync_folder(new.parent)

    def remove(self, path: Path) -> None:
        """Delete a file or a folder, as far as that can be done."""
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    def replace(self, path: Path, data: bytes) -> None:
        """Replace the content of `path`, through a synced temporary file in the same folder."""
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        try:
            self.write(Path(temporary), data)
            self.rename(Path(temporary), path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def sync_tree(self, folder: Path) -> None:
        """Make sure that all that is in a folder is on the disk."""
        for path in files_in(folder):
            self.sync_file(path)
        for place, _, _ in os.walk(folder, topdown=False):
            self.sync_folder(Path(place))


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the content of `path` with `data`, through a synced temporary file in the same folder."""
    Disk().replace(path, data)


def files_in(folder: Path) -> Iterator[Path]:
    """Every file in a folder and the folders in it, in order."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
