"""Where the generations of an index are kept, which one is served, and which are no longer needed."""

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from index.errors import DamagedIndex, MissingIndex, StaleIndex, StoreError
from index.files import Disk
from index.generation import Generation
from index.holding import hold, unheld
from index.ledger import Ledger
from index.manifest import MANIFEST, REBUILD, Manifest, read_manifest
from index.merging import Merging
from index.segment import Segment

if TYPE_CHECKING:
    from index.milvus.elsewhere import Elsewhere

_TRIES: Final = 20
"""Generations published, one after the other, between reading the name of one and opening it, until that is taken for damage."""
_DIGEST: Final = 2**256


class Home:
    """The folder that holds the generations and their segments, and names the one being served."""

    def __init__(self, folder: str | Path, disk: Disk | None = None, merging: Merging | None = None) -> None:
        self.folder = Path(folder)
        self.disk = disk or Disk()
        self._elsewhere: Elsewhere | None = None
        self.merging = merging or Merging()
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
    def vectors_file(self) -> Path:
        """The vectors of a build that was cut off."""
        return self.folder / "embedding.draft"

    @property
    def spool_file(self) -> Path:
        """What was read by a build that was cut off."""
        return self.folder / "reading.draft"

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.folder / "sources.sqlite")

    @property
    def generations(self) -> Path:
        return self.folder / "generations"

    @property
    def segments(self) -> Path:
        return self.folder / "segments"

    def current(self) -> str | None:
        """Name of the generation being served, or None when nothing was published yet."""
        if elsewhere := self.elsewhere():
            return elsewhere.current()
        try:
            name = (self.folder / "current").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise DamagedIndex(f"{self.folder / 'current'} cannot be read ({error}); {REBUILD}") from error
        if not name.isdigit():
            raise DamagedIndex(f"{self.folder / 'current'} names no generation ({name[:40]!r}); {REBUILD}")
        return name

    def open(self) -> Generation:
        """Open the generation being served, which is not deleted as long as the object lives.

        Raises:
            MissingIndex: nothing has been built here.
            StaleIndex: it is of another format.
            DamagedIndex: a file of it is missing or altered.
        """
        if elsewhere := self.elsewhere():
            # Questions read of it what `index.serving.Served` names, which both have.
            return cast(Generation, elsewhere.open())
        for _ in range(_TRIES):
            folder = self._served()
            try:
                return Generation(folder, self.segments, hold(folder / MANIFEST))
            except OSError as error:
                if self._served() == folder:
                    reason = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
                    raise DamagedIndex(f"{folder / MANIFEST} {reason}; {REBUILD}") from error
            except DamagedIndex:
                # Deleted while it was being opened, on a system where it cannot be held.
                if self._served() == folder:
                    raise
        raise DamagedIndex(f"{self.folder / 'current'} names generations that are not there; {REBUILD}")

    def manifest(self) -> Manifest:
        """What the generation being served says of itself, without opening the rest of it.

        Raises:
            MissingIndex, StaleIndex, DamagedIndex: as `open`.
        """
        if elsewhere := self.elsewhere():
            return cast(Manifest, elsewhere.open().manifest)
        return read_manifest(self._served())

    def elsewhere(self) -> "Elsewhere | None":
        """The index in a database, where the collection names one; None for one on this disk."""
        from index.milvus.elsewhere import elsewhere

        self._elsewhere = elsewhere(self.collection_file, self._elsewhere)
        return self._elsewhere

    def sound_segments(self) -> list[Segment]:
        """Every segment that can be opened, of whatever generation."""
        found = []
        for folder in sorted(self.segments.glob("[0-9]*")):
            try:
                found.append(Segment(folder))
            except StoreError:
                continue
        return found

    def served(self) -> int:
        """The number of the generation being served, 0 where there is none that can be told."""
        try:
            return int(self.current() or 0)
        except DamagedIndex:
            return 0

    def next(self, folder: Path) -> int:
        """A number that nothing in `folder` has, nor `current`."""
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        return max([self.served(), *(int(name) for name in names if name.isdigit())]) + 1

    def serve(self, name: str) -> None:
        """Name the generation that is served from now on, and delete what is no longer needed."""
        before = str(self.served())
        self.disk.replace(self.folder / "current", name.encode("ascii"))
        self.discard({name, before})

    def discard(self, keep: Collection[str]) -> None:
        """Delete the generations that nobody reads, but those to `keep`, then the segments that none names, and what was left half done."""
        needed: set[str] = set()
        for folder in list(self.generations.iterdir()) if self.generations.is_dir() else []:
            with unheld(folder / MANIFEST) as free:
                try:
                    parts = read_manifest(folder).segments
                except StaleIndex:
                    parts = []
                except DamagedIndex:
                    if not free:
                        # Somebody reads it, and which segments cannot be told.
                        return
                    parts = []
                if free and folder.name not in keep:
                    self.disk.remove(folder)
                else:
                    needed |= {part.id for part in parts}
        for folder in list(self.segments.iterdir()) if self.segments.is_dir() else []:
            if folder.name not in needed:
                self.disk.remove(folder)

    def _served(self) -> Path:
        name = self.current()
        if name is None:
            raise MissingIndex(f"no index in {self.folder}; build it with: griot index PATH ...")
        return self.generations / name


def collection_digest(articles: Iterable[tuple[str, str]], before: str = "0", *, without: Iterable[tuple[str, str]] = ()) -> str:
    """One digest for a whole collection, from the place and the digest of each article: the sum of their SHA-256, so that those that came
    and went are added to and taken from the one `before`."""
    total = int(before, 16)
    for sign, listed in ((1, articles), (-1, without)):
        for location, digest in listed:
            total += sign * int.from_bytes(hashlib.sha256(f"{location}\0{digest}".encode("utf-8", "surrogatepass")).digest())
    return f"{total % _DIGEST:064x}"
