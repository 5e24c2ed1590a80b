"""Moving house: an index written into one file, and taken in from it elsewhere, with nothing read or embedded again."""

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.collection import load_collection
from index.errors import DamagedArchive, DamagedIndex, NewerIndex, StaleIndex, StoreError
from index.generation import Generation
from index.incoming import BESIDE, GENERATION, SEGMENTS, SOURCES, draft, read_sources, take_in
from index.lock import writing
from index.manifest import FORMAT, MANIFEST
from index.parcel import Contents, Item, opened, sha256_and_size, write_parcel
from index.report import Unwatched, Watcher
from index.store import Home


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What was exported or imported: the archive with its SHA-256 and size in bytes (exported), or the generation (imported)."""

    contents: Contents
    path: Path
    digest: str = ""
    size: int = 0
    generation: str = ""


def export_index(home: Home, path: Path, watcher: Watcher | None = None) -> Moved:
    """Write the index that `home` serves into the archive `path`, with the collection's paths, pages and earlier texts. Questions and
    builds go on meanwhile. Accounts, keys and what readers thought stay: they are of the place.

    Raises:
        MissingIndex, StaleIndex, DamagedIndex: there is none, or it cannot be used.
        StoreError: `path` is there and is no such archive, or its folder is not.
    """
    if not path.absolute().parent.is_dir():
        raise StoreError(f"{path}: no folder {path.absolute().parent}; make it, or give another place")
    generation = home.open()
    with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".griot-export.") as copies:
        places = files_of(generation) | {sha256_and_size(copy, copy.name): copy for copy in _copied(home, generation, Path(copies))}
        manifest = generation.manifest
        contents = Contents(
            format=manifest.format, model=manifest.model, articles=manifest.articles, passages=manifest.passages,
            made=datetime.now(UTC).isoformat(timespec="seconds"), items=tuple(places),
        )  # fmt: skip
        digest, size = write_parcel(path, contents, places.__getitem__, watcher or Unwatched())
    return Moved(contents=contents, path=path, digest=digest, size=size)


def import_index(home: Home, path: Path, watcher: Watcher | None = None) -> Moved:
    """Take in the index of the archive `path` in place of what `home` holds, as a new generation, once all of it was checked. Questions
    go on meanwhile, and the next one is asked of it.

    Raises:
        DamagedArchive: the archive is no such one, cut short or altered; nothing of `home` was changed.
        StaleIndex: it, or the index in it, is of another form than this version reads.
        BusyIndex: another process is writing in `home`.
        StoreError: the disk has too little room.
    """
    with opened(path) as parcel:
        contents = parcel.contents
        _refuse_other_form(path, contents)
        if other := next((item.name for item in contents.items if not _belongs(item.name)), None):
            raise DamagedArchive(f"{path} cannot be imported: {other} in it belongs to no index; export it again")
        with writing(home) as hold:
            if (free := shutil.disk_usage(home.folder).free) < contents.size:
                raise StoreError(f"the disk of {home.folder} has {free:,} bytes left, the index takes {contents.size:,}; make room")
            folder = draft(home)
            try:
                parcel.unpack(folder, watcher or Unwatched())
                _check(folder, path, contents)
                beside = [item.name for item in contents.items if item.name in BESIDE]
                return Moved(contents=contents, path=path, generation=take_in(home, folder, beside, hold.check))
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise


def files_of(generation: Generation) -> dict[Item, Path]:
    """Every file that a generation and its segments are made of, under its name in an archive, and where it lies."""
    found: dict[Item, Path] = {}
    folders = [(GENERATION, generation.folder, generation.manifest.checksums)]
    folders += [(f"{SEGMENTS}/{part.folder.name}", part.folder, part.manifest.checksums) for part in generation.segments]
    for inside, folder, checksums in folders:
        found[sha256_and_size(folder / MANIFEST, f"{inside}/{MANIFEST}")] = folder / MANIFEST
        for name, (digest, size) in checksums.items():
            found[Item(name=f"{inside}/{name}", digest=digest, size=size)] = folder / name
    return found


def _copied(home: Home, generation: Generation, folder: Path) -> list[Path]:
    """The files beside the generations, as they are at one moment, copied into `folder`; those that are not there left out."""
    for name in BESIDE:
        source, copy = home.folder / name, folder / name
        if not source.exists():
            continue
        if source.suffix != ".sqlite":
            shutil.copyfile(source, copy)
            continue
        try:
            with closing(sqlite3.connect(source, timeout=60)) as live, closing(sqlite3.connect(copy)) as still:
                live.backup(still)
        except sqlite3.DatabaseError as error:
            raise DamagedIndex(f"{source} cannot be read ({error}); delete it, and what it kept is lost") from error
    known = home.ledger.sources(int(generation.folder.name))
    listed = {location: (seen.label, seen.digest) for location, seen in known.items() if seen.digest}
    (folder / SOURCES).write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
    return [folder / name for name in (*BESIDE, SOURCES) if (folder / name).exists()]


def _belongs(name: str) -> bool:
    return name in (*BESIDE, SOURCES) or name.startswith((f"{GENERATION}/", f"{SEGMENTS}/"))


def _refuse_other_form(path: Path, contents: Contents) -> None:
    said = f"the index in {path} is of format {contents.format}, this version reads format {FORMAT}"
    if contents.format > FORMAT:
        raise NewerIndex(f"{said}; update Griot here")
    if contents.format < FORMAT:
        raise StaleIndex(f"{said}; update Griot where it was exported, run griot index --full there and export it again")


def _check(folder: Path, path: Path, contents: Contents) -> None:
    """Whether what was unpacked is an index that can be opened, and of the size that its list says."""
    try:
        manifest = Generation(folder / GENERATION, folder / SEGMENTS).manifest
        load_collection(folder / "collection.json")
        read_sources(folder)
    except (StoreError, OSError) as error:
        raise DamagedArchive(f"{path} cannot be imported: the index in it cannot be opened ({error})") from error
    if (manifest.articles, manifest.passages) != (contents.articles, contents.passages):
        raise DamagedArchive(f"{path} cannot be imported: its list says {contents.articles} articles, its index {manifest.articles}")
