"""Where the generations of an index are kept, and how a new one takes the place of the last."""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.article import Entry
from index.errors import DamagedIndex, MissingIndex, StoreError
from index.files import sha256, sync_file, sync_folder, write_atomically
from index.generation import Generation
from index.lexical import LexicalSegment
from index.manifest import FORMAT, REBUILD, Manifest, read_manifest
from index.tables import Contents, write_tables
from index.vectors import VectorSegment


class Home:
    """The folder that holds the generations and names the one being served."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if self.folder.exists() and not self.folder.is_dir():
            raise StoreError(f"{self.folder} is a file, not a folder; give another place with --home")

    @property
    def collection_file(self) -> Path:
        return self.folder / "collection.json"

    @property
    def revisions_file(self) -> Path:
        return self.folder / "revisions.sqlite"

    @property
    def pages_file(self) -> Path:
        return self.folder / "pages.sqlite"

    @property
    def generations(self) -> Path:
        return self.folder / "generations"

    def current(self) -> str | None:
        """Name of the generation being served, or None when nothing was published yet."""
        try:
            name = (self.folder / "current").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise DamagedIndex(f"{self.folder / 'current'} cannot be read ({error}); {REBUILD}") from error
        if not name.isdigit():
            raise DamagedIndex(f"{self.folder / 'current'} names no generation ({name[:40]!r}); {REBUILD}")
        return name

    def open(self) -> "Generation":
        """Open the generation being served.

        Raises:
            MissingIndex: nothing has been built here.
            StaleIndex: it is of another format.
            DamagedIndex: a file of it is missing or altered.
        """
        return Generation(self._served())

    def manifest(self) -> Manifest:
        """What the generation being served says of itself, without opening the rest of it.

        Raises:
            MissingIndex, StaleIndex, DamagedIndex: as `open`.
        """
        return read_manifest(self._served())

    def _served(self) -> Path:
        name = self.current()
        if name is None:
            raise MissingIndex(f"no index in {self.folder}; build it with: griot index PATH ...")
        return self.generations / name

    def publish(self, contents: Contents, halves: Path, about: dict[str, Any]) -> str:
        """Write a new generation beside the others, sync it, and only then name it in `current`. Returns its name.

        The folder `halves` holds `vectors/`, `lexical/` and `whitening.npy`, and is taken over.
        """
        self.generations.mkdir(parents=True, exist_ok=True)
        taken = [int(path.name) for path in self.generations.iterdir() if path.name.isdigit()]
        name = str(max(taken, default=0) + 1)
        draft = self.generations / f".{name}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        try:
            counts = write_tables(draft / "articles.sqlite", contents)
            for path in list(halves.iterdir()):
                os.rename(path, draft / path.name)
            vectors, lexical = VectorSegment.load(draft / "vectors"), LexicalSegment.load(draft / "lexical")
            if not counts[1] == vectors.size == lexical.size:
                raise StoreError(f"passages, vectors and lexical rows differ: {counts[1]}, {vectors.size}, {lexical.size}; {REBUILD}")
            files = sorted(path for path in draft.rglob("*") if path.is_file())
            for path in files:
                sync_file(path)
            checksums = {path.relative_to(draft).as_posix(): (sha256(path), path.stat().st_size) for path in files}
            manifest = Manifest(
                digest=collection_digest(contents.entries),
                format=FORMAT,
                articles=counts[0],
                passages=counts[1],
                dimension=vectors.dimension,
                checksums=checksums,
                **about,
            )
            write_atomically(draft / "manifest.json", json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode())
            os.rename(draft, self.generations / name)
            sync_folder(self.generations)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        try:
            before = self.current()
        except DamagedIndex:
            before = None
        write_atomically(self.folder / "current", name.encode("ascii"))
        self._discard(keep={name, before})
        return name

    def _discard(self, keep: Collection[str | None]) -> None:
        """Delete older generations; the one served until now stays for readers that still hold it."""
        for path in self.generations.iterdir():
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)


def collection_digest(entries: Iterable[Entry]) -> str:
    """One digest for a whole collection: it changes when an article is added, changed, removed or moved."""
    digest = hashlib.sha256()
    for entry in sorted(entries, key=lambda entry: entry.location):
        digest.update(f"{entry.location}\0{entry.article.digest}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
