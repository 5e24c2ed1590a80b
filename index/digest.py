"""The digests of a model's files: what tells two models apart, and an altered one from its original."""

import hashlib
from pathlib import Path
from typing import Final

from index.files import sha256, write_atomically

# Files in which a model's vectors are decided. data_config.json only lists the texts that a model was trained on.
_DECISIVE: Final = (".json", ".safetensors", ".bin", ".txt", ".model")
_IDLE: Final = "data_config.json"


def digests(folder: Path) -> dict[str, str]:
    """Hex SHA-256 of each file in `folder` that decides the model's vectors, by its path there, in order."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix in _DECISIVE and path.name != _IDLE)
    return {path.relative_to(folder).as_posix(): sha256(path) for path in sorted(files)}


def fingerprint(folder: Path, prompts: str = "") -> str:
    """SHA-256 over the names and contents of the files that decide a model's vectors, and the prompts that do, if any."""
    digest = hashlib.sha256()
    for path, content in digests(folder).items():
        digest.update(path.encode())
        digest.update(content.encode())
    digest.update(prompts.encode())
    return digest.hexdigest()


def listing(folder: Path) -> Path:
    """Where the digests of a folder's files are listed: beside it, so that the folder holds the model alone."""
    return folder.with_name(f"{folder.name}.sha256")


def write_listing(folder: Path) -> Path:
    """List the digests of a model's files in the form of `sha256sum`, which can check them too. The last step of a training."""
    lines = [f"{digest}  {folder.name}/{path}\n" for path, digest in digests(folder).items()]
    write_atomically(listing(folder), "".join(lines).encode())
    return listing(folder)


def altered(folder: Path) -> list[str]:
    """The files of `folder` that are missing, added, or not what its listing says; the listing itself when it cannot be read."""
    try:
        lines = [line.split("  ", 1) for line in listing(folder).read_text(encoding="utf-8").splitlines()]
        listed = {path.removeprefix(f"{folder.name}/"): digest for digest, path in lines}
    except (OSError, ValueError):
        return [listing(folder).name]
    found = digests(folder)
    return sorted(path for path in listed | found if listed.get(path) != found.get(path))
