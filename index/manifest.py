"""What a generation of the index says of itself, and whether its files are still those."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from index.errors import DamagedIndex, StaleIndex
from index.files import sha256

FORMAT: Final = 6
REBUILD: Final = "rebuild with: griot index --full"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a generation says of itself.

    `digest` is the SHA-256 over the places and digests of all its articles, which are one by one in the articles' table;
    `selfcheck` is what `index.selfcheck` found, None where there were too few headlines;
    `checksums` maps each file's name to its SHA-256 and size in bytes.
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
    selfcheck: dict[str, float] | None = None
    checksums: dict[str, tuple[str, int]]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the generation in `folder`, checked for its format and types."""
    path = folder / "manifest.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise StaleIndex(f"{path} is of format {content['format']}, this version reads format {FORMAT}; {REBUILD}")
        content["checksums"] = {name: (str(digest), int(size)) for name, (digest, size) in content["checksums"].items()}
        manifest = Manifest(**content)
        if not all(isinstance(getattr(manifest, field.name), field.type) for field in fields(manifest) if field.type in (int, str)):
            raise TypeError("a value of another type")
        return manifest
    except FileNotFoundError as error:
        raise DamagedIndex(f"{path} is missing; {REBUILD}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise DamagedIndex(f"{path} is damaged ({type(error).__name__}: {error}); {REBUILD}") from error


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
