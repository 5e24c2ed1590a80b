"""An index that is being taken in from elsewhere: put in its place whole, or after a crash by the next who writes."""

import json
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

from index.errors import DamagedIndex, StoreError
from index.manifest import MANIFEST, read_manifest
from index.serving import Seen
from index.store import Home

GENERATION: Final = "generation"
SEGMENTS: Final = "segments"
SOURCES: Final = "sources.json"
"""The label and the SHA-256 of each source by its location: so much of the ledger counts on another disk."""
BESIDE: Final = ("collection.json", "revisions.sqlite", "pages.sqlite")
"""The files of a home that belong to its index and outlive its generations."""
_PLAN: Final = "plan.json"


def draft(home: Home) -> Path:
    """An empty folder to put together in what is taken in. The write lock is held."""
    folder = _draft(home)
    folder.mkdir()
    return folder


def take_in(home: Home, folder: Path, beside: Collection[str], allowed: Callable[[], None] = lambda: None) -> str:
    """Put the generation, its segments and the files `beside` it that lie in `folder`, a `draft`, in the place of those of `home`, and
    serve it. The write lock is held; `allowed` raises where it was lost. Returns its name."""
    manifest = read_manifest(folder / GENERATION)
    name, first = str(home.next(home.generations)), home.next(home.segments)
    # Segments of the same name may be here already, or be read as part of a generation that is.
    named = {part.id: str(number) for number, part in enumerate(manifest.segments, start=first)}
    parts = [replace(part, id=named[part.id]) for part in manifest.segments]
    (folder / GENERATION / MANIFEST).write_bytes(replace(manifest, segments=parts).written())
    (folder / _PLAN).write_text(json.dumps({"generation": name, "segments": named, "beside": sorted(beside)}), encoding="ascii")
    home.disk.sync_tree(folder)
    allowed()
    # From here on it is taken in, whatever happens: see `finish`.
    home.disk.rename(folder, home.folder / "incoming")
    finish(home)
    return name


def finish(home: Home) -> None:
    """Finish what `take_in` began, if it was cut off, and delete the `draft` of an import that was cut off before. Done as often as one
    likes, it comes to the same. The write lock is held.

    Raises:
        DamagedIndex: what is there is not what `take_in` leaves.
    """
    if _draft(home).is_dir():
        home.disk.remove(_draft(home))
    incoming = home.folder / "incoming"
    if not incoming.is_dir():
        return
    if (incoming / _PLAN).exists():
        _put_in_place(home, incoming)
    home.disk.remove(incoming)


def read_sources(folder: Path) -> dict[str, Seen]:
    """What `SOURCES` in `folder` says of each source.

    Raises:
        DamagedIndex: it cannot be read.
    """
    try:
        listed = json.loads((folder / SOURCES).read_text(encoding="utf-8"))
        return {str(location): Seen(str(label), str(digest)) for location, (label, digest) in listed.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise DamagedIndex(f"{folder / SOURCES} cannot be read ({error})") from error


def _draft(home: Home) -> Path:
    return home.folder / ".incoming.draft"


def _put_in_place(home: Home, incoming: Path) -> None:
    try:
        plan = json.loads((incoming / _PLAN).read_text(encoding="ascii"))
        name, beside = str(int(plan["generation"])), set(plan["beside"])
        segments = {str(int(old)): str(int(new)) for old, new in plan["segments"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndex(f"{incoming} is damaged ({error}); delete it and import the index again") from error
    disk = home.disk
    for folder in (home.generations, home.segments):
        disk.make_folder(folder)
    moves = [(incoming / SEGMENTS / old, home.segments / new) for old, new in segments.items()]
    for old, new in (*moves, (incoming / GENERATION, home.generations / name)):
        if old.is_dir():
            disk.rename(old, new)
    for file in BESIDE:
        # What SQLite keeps beside a file would be taken for part of the new one.
        for suffix in ("-journal", "-wal", "-shm"):
            disk.remove(home.folder / f"{file}{suffix}")
        if file not in beside:
            disk.remove(home.folder / file)
        elif (incoming / file).exists():
            disk.rename(incoming / file, home.folder / file)
    try:
        home.ledger.note(read_sources(incoming), home.served(), int(name), whole=True)
    except sqlite3.OperationalError as error:
        raise StoreError(f"{home.folder} cannot be written ({error}); free some space, and the next griot index goes on") from error
    home.serve(name)
    disk.remove(incoming / _PLAN)
    disk.sync_folder(incoming)
