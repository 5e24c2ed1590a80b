"""Articles that come in through the browser: kept as files in a folder of the home, which is a root of the collection like any other."""

import hashlib
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from index.dates import find_date
from index.errors import CollectionError
from index.files import Disk
from index.readers.kind import SUFFIXES

FOLDER: Final = "articles"
FIELDS: Final = ("text", "title", "url", "source", "published", "author")
"""What is known of a pasted article."""
LARGEST: Final = 200_000_000
"""Bytes of one file: an export from a press database. What is larger is added from a folder of the server."""
LONGEST: Final = 1_000_000
"""Characters of a pasted text: a long book chapter has 100,000."""
_BLOCK: Final = 1 << 20
_NAME_BYTES: Final = 120
"""Bytes of a file name that are kept: file systems take 255."""
_UNSAFE = re.compile(r"[^\w .,'()\[\]-]+")


class Shelf:
    """The folder of one home."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def keep_file(self, name: str, stream: IO[bytes]) -> Path:
        """Keep an uploaded file under a name made of its own, never over another; where one has the same bytes, that is it.

        Raises:
            CollectionError: of no kind that is read, empty, too large, or it cannot be written.
        """
        safe = safe_name(name)
        if Path(safe).suffix.lower() not in SUFFIXES:
            raise CollectionError(f"{name[:200]}: files of this kind are not read; known kinds: {', '.join(sorted(SUFFIXES))}")
        with self._written() as (file, place):
            digest, size = hashlib.sha256(), 0
            while block := stream.read(_BLOCK):
                size += len(block)
                if size > LARGEST:
                    raise CollectionError(f"{name[:200]}: more than {LARGEST:,} bytes; put it in a folder of the server and index that")
                digest.update(block)
                file.write(block)
            if not size:
                raise CollectionError(f"{name[:200]}: the file is empty; choose another")
            return self._settle(place, safe, digest.hexdigest())

    def keep_text(self, fields: Mapping[str, str]) -> Path:
        """Keep a pasted article: "text", and where known "title", "url", "source", "published" and "author".

        Raises:
            CollectionError: no text, too long a text, a date or address that is none, or it cannot be written.
        """
        given = {name: value.strip() for name, value in fields.items() if value.strip()}
        if not given.get("text"):
            raise CollectionError("the text is empty; paste the article's own words")
        if len(given["text"]) > LONGEST:
            raise CollectionError(f"the text has {len(given['text']):,} characters, the limit is {LONGEST:,}; add it as a file")
        if "url" in given and not given["url"].startswith(("http://", "https://")):
            raise CollectionError(f"{given['url'][:200]!r} is no address of the web; write it as https://site/page, or leave it out")
        if "published" in given and find_date(given["published"]) is None:
            raise CollectionError(f"{given['published'][:100]!r} is no date; write it as 2023-06-26 or 26 juin 2023, or leave it out")
        # JSON rather than Markdown: nothing of what was pasted is taken for a mark.
        data = json.dumps(given, ensure_ascii=False, indent=1).encode("utf-8", "replace")
        with self._written() as (file, place):
            file.write(data)
            return self._settle(place, safe_name(f"{given.get('title') or given['text'][:60]}.json"), hashlib.sha256(data).hexdigest())

    @contextmanager
    def _written(self) -> Iterator[tuple[IO[bytes], Path]]:
        """A file that is not yet seen: the build leaves out names that begin with a dot."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".upload.")
        except OSError as error:
            raise CollectionError(f"{self.folder} cannot be written ({error.strerror}); check its rights and the disk's space") from error
        try:
            with os.fdopen(handle, "wb") as file:
                yield file, Path(temporary)
        except OSError as error:
            raise CollectionError(f"{self.folder} cannot be written ({error.strerror}); check its rights and the disk's space") from error
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary)

    def _settle(self, place: Path, name: str, digest: str) -> Path:
        with place.open("rb+") as file:
            os.fsync(file.fileno())
        stem, suffix = os.path.splitext(name)
        number = 1
        while True:
            target = self.folder / (name if number == 1 else f"{stem}-{number}{suffix}")
            try:
                # Fails where the name is taken, unlike a rename.
                os.link(place, target)
            except FileExistsError:
                if _digest(target) == digest:
                    return target
                number += 1
                continue
            Disk().sync_folder(self.folder)
            return target


def safe_name(name: str) -> str:
    """A file name that is no path, is not hidden, and that any file system takes; its ending is kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem, suffix = os.path.splitext(" ".join(_UNSAFE.sub(" ", last).split()).strip(". "))
    stem = stem.strip(". ").encode("utf-8", "ignore")[: _NAME_BYTES - len(suffix)].decode("utf-8", "ignore").strip(". ")
    return (stem or "article") + suffix[:20].lower()


def _digest(path: Path) -> Any:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
