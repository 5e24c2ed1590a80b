"""An index that is being taken in from elsewhere: put in its place whole, or after a crash by the next who writes."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from index.errors import DamagedIndex
from index.files import sync_file, sync_folder
from index.store import Home

GENERATION: Final = "generation"
BESIDE: Final = ("collection.json", "revisions.sqlite", "pages.sqlite")
"""The files of a home that belong to its index and outlive its generations."""
_PLAN: Final = "plan.json"


def draft(home: Home) -> Path:
    """An empty folder to put together in what is taken in. The write lock is held."""
    folder = _draft(home)
    folder.mkdir()
    return folder


def take_in(home: Home, folder: Path, beside: Sequence[str]) -> str:
    """Put the generation and the files `beside` it that lie in `folder`, a `draft`, in the place of those of `home`, and serve it. The
    write lock is held. Returns its name."""
    name = str(home.next(home.generations))
    (folder / _PLAN).write_text(json.dumps({"generation": name, "beside": list(beside)}), encoding="ascii")
    sync_file(folder / _PLAN)
    sync_folder(folder)
    # From here on it is taken in, whatever happens: see `finish`.
    os.rename(folder, home.folder / "incoming")
    sync_folder(home.folder)
    finish(home)
    return name


def finish(home: Home) -> None:
    """Finish what `take_in` began, if it was cut off, and delete the `draft` of an import that was cut off before. Done as often as one
    likes, it comes to the same. The write lock is held.

    Raises:
        DamagedIndex: what is there is not what `take_in` leaves.
    """
    shutil.rmtree(_draft(home), ignore_errors=True)
    incoming = home.folder / "incoming"
    if not incoming.is_dir():
        return
    if (incoming / _PLAN).exists():
        _put_in_place(home, incoming)
    shutil.rmtree(incoming)


def _draft(home: Home) -> Path:
    return home.folder / ".incoming.draft"


def _put_in_place(home: Home, incoming: Path) -> None:
    try:
        plan = json.loads((incoming / _PLAN).read_text(encoding="ascii"))
        name, beside = str(int(plan["generation"])), set(plan["beside"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(f"{incoming} is damaged ({error}); delete it and import the index again") from error
    home.generations.mkdir(exist_ok=True)
    if (incoming / GENERATION).is_dir():
        os.rename(incoming / GENERATION, home.generations / name)
        sync_folder(home.generations)
    for file in BESIDE:
        # What SQLite keeps beside a file would be taken for part of the new one.
        for suffix in ("-journal", "-wal", "-shm"):
            (home.folder / f"{file}{suffix}").unlink(missing_ok=True)
        if file not in beside:
            (home.folder / file).unlink(missing_ok=True)
        elif (incoming / file).exists():
            os.replace(incoming / file, home.folder / file)
    sync_folder(home.folder)
    home.serve(name)
    (incoming / _PLAN).unlink()
    sync_folder(incoming)
