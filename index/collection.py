"""Which paths a home's collection is made of."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import Final

from index.errors import ArticleError, CollectionError, DamagedIndex
from index.files import write_atomically
from index.read import list_files
from index.source import Source

MISSING: Final = "root missing; its articles are kept; --prune removes them"


@dataclass(frozen=True, kw_only=True)
class Root:
    """A file or folder of the collection: its absolute place, and what the user called it."""

    location: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Collection:
    """The roots that the index mirrors, and the files under them that were removed by hand."""

    roots: tuple[Root, ...] = ()
    removed: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict)
    """The user's names of the columns of tables and JSON, by the usual one ({"text": "Corps"})."""
    store: str = ""
    """The database that holds the index (`index.milvus.place`); "" for this disk."""
    writer: str = ""
    """What its rows there are told by."""

    @property
    def addresses(self) -> tuple[Root, ...]:
        """The roots on the web."""
        return tuple(root for root in self.roots if is_address(root.location))

    def leaves_out(self, location: str) -> bool:
        """Whether an article, or what it is in, was removed by hand."""
        if not self.removed:
            return False
        places = accumulate(location.split(os.sep), lambda folder, name: f"{folder}{os.sep}{name}")
        return any(place in self.removed for place in places) or os.sep in self.removed

    def with_paths(self, paths: Sequence[str | Path]) -> "Collection":
        """This collection and `paths`; naming a path again brings back what was removed from under it.

        Raises:
            CollectionError: a path does not exist, cannot be read, or an address cannot be one.
        """
        roots = {root.location: root for root in self.roots}
        removed = set(self.removed)
        for path in paths:
            root = make_root(path)
            roots.setdefault(root.location, root)
            removed = {location for location in removed if not within(location, root.location)}
        return replace(self, roots=tuple(roots.values()), removed=frozenset(removed))

    def with_columns(self, columns: Mapping[str, str]) -> "Collection":
        """This collection with more names of columns, kept for the runs to come."""
        return replace(self, columns={**self.columns, **columns})

    def without(self, location: str) -> "Collection":
        """This collection without a root, or without a file under one."""
        roots = tuple(root for root in self.roots if root.location != location)
        inside = any(within(location, root.location) for root in roots)
        return replace(self, roots=roots, removed=self.removed | {location} if inside else self.removed)

    def files(self, refused: Callable[[str, str], None], *, prune: bool = False) -> Iterator[Source]:
        """Every file once, by location, whatever the order of the roots.

        `refused` is told the location and the reason of each folder that cannot be listed, and of each root that is gone, unless these
        are to be pruned.
        """
        found: dict[str, Source] = {}
        # The outermost root names a file, so that adding a file by itself does not rename it.
        places = [root for root in self.roots if not is_address(root.location)]
        for root in sorted(places, key=lambda root: (len(root.location), root.location)):
            if not os.path.exists(root.location):
                if not prune:
                    refused(root.location, MISSING)
                continue
            for path in list_files(Path(root.location), lambda error: refused(error.filename, f"cannot be listed: {error.strerror}")):
                label = root.label if str(path) == root.location else f"{root.label}/{path.relative_to(root.location).as_posix()}"
                if not self.leaves_out(str(path)):
                    found.setdefault(str(path), Source(location=str(path), path=path, label=label))
        yield from (found[location] for location in sorted(found))


def make_root(path: str | Path) -> Root:
    """The root for a path as the user gave it."""
    text = str(path)
    if is_address(text):
        from index.web.address import canonical

        try:
            return Root(location=canonical(text), label=text)
        except ArticleError as error:
            raise CollectionError(f"{text}: {error}") from error
    location = os.path.abspath(os.path.expanduser(text))
    if not os.path.exists(location):
        raise CollectionError(f"{text}: no such file or folder; check the path")
    if not os.access(location, os.R_OK | (os.X_OK if os.path.isdir(location) else 0)):
        raise CollectionError(f"{text}: no permission to read it; change its rights or give another path")
    label = os.path.normpath(os.path.expanduser(text)).replace(os.sep, "/")
    return Root(location=location, label=os.path.basename(location) if label in (".", "..") else label)


def is_address(text: str) -> bool:
    """Whether a path is an address of the web."""
    return text.startswith(("http://", "https://"))


def load_collection(path: Path) -> Collection:
    """What `save_collection` wrote; an empty collection when there is no such file.

    Raises:
        DamagedIndex: the file is not what `save_collection` writes.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        roots = tuple(Root(location=root["location"], label=root["label"]) for root in content["roots"])
        removed = frozenset(content["removed"])
        if not all(isinstance(value, str) for value in (*removed, *(text for root in roots for text in (root.location, root.label)))):
            raise TypeError("a path that is not a string")
        columns = dict(content.get("columns", {}))
        if not all(isinstance(text, str) for pair in columns.items() for text in pair):
            raise TypeError("a column that is not a string")
        store, writer = content.get("store", ""), content.get("writer", "")
        if not isinstance(store, str) or not isinstance(writer, str) or bool(store) != bool(writer):
            raise TypeError("a store without a writer")
        return Collection(roots=roots, removed=removed, columns=columns, store=store, writer=writer)
    except FileNotFoundError:
        return Collection()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(f"{path} is damaged; delete it and name the collection again with: griot index PATH ...") from error


def save_collection(collection: Collection, path: Path) -> None:
    """Write `collection` atomically."""
    content = {
        "roots": [{"location": root.location, "label": root.label} for root in collection.roots],
        "removed": sorted(collection.removed),
        "columns": dict(collection.columns),
        **({"store": collection.store, "writer": collection.writer} if collection.store else {}),
    }
    write_atomically(path, json.dumps(content, ensure_ascii=False, indent=1).encode())


def within(location: str, root: str) -> bool:
    """Whether `location` is `root` or lies under it."""
    return location == root or location.startswith(root.rstrip(os.sep) + os.sep)
