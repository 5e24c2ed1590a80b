"""What a generation of the index and each of its segments say of themselves, and whether their files are still those."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from index.errors import DamagedIndex, NewerIndex, StaleIndex
from index.files import sha256

FORMAT: Final = 8
REBUILD: Final = "rebuild with: griot index --full"
MANIFEST: Final = "manifest.json"

Checksums = dict[str, tuple[str, int]]
"""The name of each file, its SHA-256 and its size in bytes."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A segment as the manifest of a generation names it: `digest` is the SHA-256 of its own manifest."""

    id: str
    articles: int
    passages: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class SegmentManifest:
    """What a segment says of itself; it is written once and never changed."""

    format: int
    articles: int
    passages: int
    dimension: int
    checksums: Checksums


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a generation says of itself.

    `articles` and `passages` are those that can be found; the `segments` hold those taken out since as well. `digest` changes when an
    article is added, changed, removed or moved (`index.store.collection_digest`). `selfcheck` is what `index.selfcheck` found, None
    where there were too few headlines, and `unmeasured` how many articles came or went since; `checksums` are of the generation's
    own files.
    """

    format: int
    model: str
    fingerprint: str
    dimension: int
    chunking: str
    analysis: str
    articles: int
    passages: int
    paths: list[str]
    digest: str
    segments: list[Part]
    unmeasured: int
    selfcheck: dict[str, float] | None = None
    checksums: Checksums

    def written(self) -> bytes:
        """As a file."""
        return written(self)


def written(manifest: Manifest | SegmentManifest) -> bytes:
    """A manifest as a file."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the generation in `folder`, checked for its format and types.

    Raises:
        StaleIndex: it is of another format.
        DamagedIndex: it is missing or cannot be read.
    """
    found: Manifest = _read(folder / MANIFEST, Manifest)
    return found


def read_segment(folder: Path) -> SegmentManifest:
    """The manifest of the segment in `folder`; raises as `read_manifest`."""
    found: SegmentManifest = _read(folder / MANIFEST, SegmentManifest)
    return found


def check_file(path: Path, digest: str | None, size: int) -> None:
    """Check a file's size in bytes and, where `digest` is given, its SHA-256.

    Raises:
        DamagedIndex: it is missing or another.
    """
    try:
        found = path.stat().st_size
        if found != size:
            raise DamagedIndex(f"{path} has {found} bytes, the manifest says {size}; {REBUILD}")
        if digest is not None and sha256(path) != digest:
            raise DamagedIndex(f"{path} is not the file that the manifest describes (SHA-256 differs); {REBUILD}")
    except OSError as error:
        raise DamagedIndex(f"{path} cannot be read ({error.strerror}); {REBUILD}") from error


def wrong_files(folder: Path, checksums: Mapping[str, tuple[str, int]]) -> list[str]:
    """What is wrong with the files of a folder, each read whole."""
    found = []
    for name, (digest, size) in checksums.items():
        try:
            check_file(folder / name, digest, size)
        except DamagedIndex as error:
            found.append(str(error))
    return found


def _read(path: Path, kind: type[Any]) -> Any:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        made = content["format"]
        if made != FORMAT:
            said = f"{path} is of format {made}, this version reads format {FORMAT}"
            if isinstance(made, int) and made > FORMAT:
                raise NewerIndex(f"{said}: a newer Griot made it; update Griot, or {REBUILD}")
            raise StaleIndex(f"{said}; {REBUILD}")
        content["checksums"] = {name: (str(digest), int(size)) for name, (digest, size) in content["checksums"].items()}
        if kind is Manifest:
            content["segments"] = [Part(**part) for part in content["segments"]]
        manifest = kind(**content)
        listed = [manifest, *(manifest.segments if kind is Manifest else ())]
        if not all(
            isinstance(getattr(item, field.name), field.type) for item in listed for field in fields(item) if field.type in (int, str)
        ):
            raise TypeError("a value of another type")
        if any(not part.id.isdigit() for part in listed[1:]):
            raise ValueError("a segment of another name")
        return manifest
    except FileNotFoundError as error:
        raise DamagedIndex(f"{path} is missing; {REBUILD}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise DamagedIndex(f"{path} is damaged ({type(error).__name__}: {error}); {REBUILD}") from error
