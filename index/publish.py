"""A new generation made of the last one and of what changed: written beside it, synced, and only then served."""

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.chunk import VERSION as CHUNKING
from index.clusters import all_pairs, pairs_around
from index.compose import Old, compose
from index.embed import Embedder
from index.files import sha256
from index.generation import COPIES, REMOVED, WHITENING, Generation
from index.manifest import FORMAT, MANIFEST, Manifest, Part
from index.plan import ANALYSIS
from index.remembered import Remembered
from index.report import Copy, Watcher
from index.selfcheck import Headline, check, sample
from index.serving import Changes
from index.store import Home, collection_digest
from index.vectors import RowVector
from index.whiten import whitening_of

OFTEN: Final = 1_000
"""Articles up to which an index is measured, and what whitens questions told, at every build."""
RARELY: Final = 20
"""A larger one is once a twentieth of its articles came or went."""
ALL: Final = 4
"""Copies are sought among all articles once a quarter of them is new."""
_CHECKED: Final = 64_000_000
"""Bytes of vectors that are read to check them before those of some new articles are taken from there: to make them is mostly faster."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """What was published, how many passages the model had to encode for it, and which of the new articles are copies."""

    manifest: Manifest
    embedded: int
    copies: tuple[Copy, ...]


def publish(
    home: Home, embedder: Embedder, before: Generation | None, changes: Changes, paths: Sequence[str], watcher: Watcher, *,
    compared: bool = True,
) -> Published:  # fmt: skip
    """Publish what `before` holds, nothing where it is None, with these `changes`. Copies are only sought where they are to be `compared`.

    A build that is cut off leaves the one before as it is; what it embedded is taken up by the next.
    """
    return _Publication(home, embedder, before, changes, paths, watcher, compared).run()


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """The segments of a generation, the numbers of the articles taken out of them, and how many passages these had."""

    parts: Sequence[Part]
    removed: RowVector
    lost: int


class _Publication:
    def __init__(
        self, home: Home, embedder: Embedder, before: Generation | None, changes: Changes, paths: Sequence[str], watcher: Watcher,
        compared: bool,
    ) -> None:  # fmt: skip
        self._home, self._embedder, self._before = home, embedder, before
        self._changes, self._paths, self._watcher, self._compared = changes, paths, watcher, compared
        self._size = int(before.starts[-1]) if before else 0
        """Articles of the generation before, those taken out included."""
        self._moved = np.full(self._size, -1, np.int64)
        """The number that each of them has now, -1 for one that is gone."""
        self._fresh = np.zeros(0, np.int64)
        """The numbers of the new ones."""
        self._written: tuple[Path, ...] = ()

    def run(self) -> Published:
        home, before = self._home, self._before
        disk = home.disk
        for folder in (home.folder, home.generations, home.segments):
            disk.make_folder(folder)
        name = str(home.next(home.generations))
        draft = home.generations / f".{name}.draft"
        known = home.sound_segments() if before is None else [
            segment for segment in before.segments if 4 * segment.passages * self._embedder.dimension < _CHECKED
        ]  # fmt: skip
        remembered = Remembered(home.vectors_file, self._embedder, known)
        try:
            layout = self._segments(remembered)
            disk.remove(draft)
            disk.make_folder(draft)
            generation = self._draft(draft, layout)
            published = replace(self._settled(draft, generation), embedded=remembered.embedded)
            disk.sync_tree(draft)
            disk.rename(draft, home.generations / name)
            home.ledger.note(self._changes.sources, home.served(), int(name), whole=before is None)
            home.serve(name)
        except BaseException:
            remembered.close()
            self._undo(name)
            raise
        remembered.discard()
        return published

    def _undo(self, name: str) -> None:
        """Delete what was written, unless it is served already. A build that is killed leaves it to the next."""
        home = self._home
        if home.served() != int(name):
            for folder in (home.generations / name, home.generations / f".{name}.draft", *self._written):
                home.disk.remove(folder)

    def _segments(self, remembered: Remembered) -> "_Layout":
        """Write the new segment, where there is something for it, and tell what stays of the others."""
        home, before, changes = self._home, self._before, self._changes
        present = before.present.copy() if before else np.zeros(0, np.bool_)
        parts: list[Part] = []
        holes = [np.zeros(0, np.int64)]
        old: list[Old] = []
        lost = 0
        number = 0
        if before:
            for known in changes.removed:
                if where := before.place("location", known.location):
                    present[before.number(where)] = False
            spans = list(zip(before.starts[:-1].tolist(), before.starts[1:].tolist(), strict=True))
            kept = [present[begin:end] for begin, end in spans]
            live = [int(segment.columns[some, 1].sum()) for segment, some in zip(before.segments, kept, strict=True)]
            taken = home.merging.taken_over(live, [segment.passages for segment in before.segments], fresh=changes.count > 0)
            for place, (segment, (begin, end), some) in enumerate(zip(before.segments, spans, kept, strict=True)):
                if place in taken:
                    old += [Old(segment=segment, wanted=some, start=begin)] if live[place] else []
                    continue
                parts.append(before.manifest.segments[place])
                self._moved[begin:end] = np.where(some, np.arange(number, number + end - begin), -1)
                holes.append(number + np.flatnonzero(~some))
                lost += segment.passages - live[place]
                number += end - begin
        if changes.count or old:
            self._moved, self._fresh, part = self._composed(remembered, old, number)
            parts.append(part)
        return _Layout(parts=parts, removed=np.concatenate(holes), lost=lost)

    def _composed(self, remembered: Remembered, old: Sequence[Old], first: int) -> tuple[RowVector, RowVector, Part]:
        """Write the new segment, whose first article has the number `first`."""
        home = self._home
        name = str(home.next(home.segments))
        draft = home.segments / f".{name}.draft"
        self._written = (draft, home.segments / name)
        home.disk.remove(draft)
        made = compose(
            draft, self._changes.entries(), old, remembered, home.disk, lambda count: self._watcher.start("embed", count),
            self._watcher.advance,
        )  # fmt: skip
        home.disk.rename(draft, home.segments / name)
        numbers = np.arange(first, first + made.articles)
        moved = self._moved.copy()
        moved[made.origins[made.origins >= 0]] = numbers[made.origins >= 0]
        digest = sha256(home.segments / name / MANIFEST)
        return moved, numbers[made.origins < 0], Part(id=name, articles=made.articles, passages=made.passages, digest=digest)

    def _draft(self, folder: Path, layout: "_Layout") -> Generation:
        """The new generation in the writing, opened; of its copies, and of what whitens questions, nothing is told yet."""
        dimension = self._embedder.dimension
        _save(folder / REMOVED, layout.removed)
        _save(folder / COPIES, np.zeros((0, 2), np.int64))
        _save(folder / WHITENING, np.eye(dimension, dtype=np.float32))
        before = self._before.manifest if self._before else None
        gone = [(known.location, known.digest) for known in self._changes.removed] if before else []
        manifest = Manifest(
            format=FORMAT, model=self._embedder.name, fingerprint=self._embedder.fingerprint, dimension=dimension, chunking=CHUNKING,
            analysis=ANALYSIS, articles=sum(part.articles for part in layout.parts) - len(layout.removed),
            passages=sum(part.passages for part in layout.parts) - layout.lost, paths=list(self._paths), digest="0",
            segments=list(layout.parts), selfcheck=before.selfcheck if before else None,
            unmeasured=(before.unmeasured if before else 0) + self._changes.count + len(gone), checksums={},
        )  # fmt: skip
        _write(folder, manifest)
        generation = Generation(folder, self._home.segments)
        fresh = (_about(generation, number)[:2] for number in self._fresh.tolist())
        digest = collection_digest(fresh, before.digest if before else "0", without=gone)
        generation.manifest = replace(manifest, digest=digest)
        return generation

    def _settled(self, folder: Path, generation: Generation) -> Published:
        """Tell the copies, what whitens questions, and how well the new generation finds its own articles, and write it down."""
        manifest = generation.manifest
        pairs = self._pairs(generation)
        anew = self._before is None or manifest.articles <= OFTEN or manifest.unmeasured > manifest.articles // RARELY
        whitening = whitening_of(generation.vectors) if anew or self._before is None else self._before.whitening
        _save(folder / COPIES, pairs)
        _save(folder / WHITENING, whitening)
        manifest = _write(folder, manifest)
        generation = Generation(folder, self._home.segments)
        if anew:
            asked = sample([Headline._make(row) for row in generation.headlines()])
            if asked:
                self._watcher.start("check", len(asked))
            found = check(generation, asked, self._embedder, self._watcher.advance)
            manifest = _write(folder, replace(manifest, selfcheck=dict(found.document()) if found else None, unmeasured=0))
        return Published(manifest=manifest, embedded=0, copies=self._copies(generation, pairs))

    def _pairs(self, generation: Generation) -> RowVector:
        none = np.zeros((0, 2), np.int64)
        if not self._compared:
            return none
        self._watcher.start("compare", len(self._fresh))
        known = self._moved[self._before.copy_pairs] if self._before and len(self._before.copy_pairs) else none
        orphans = known[(known[:, 0] >= 0) & (known[:, 1] < 0), 0]
        known = known[(known >= 0).all(axis=1)]
        if len(self._fresh) * ALL > generation.manifest.articles:
            pairs = all_pairs(generation)
        else:
            pairs = pairs_around(generation, known[np.argsort(known[:, 0])], self._fresh.tolist(), orphans.tolist())
        self._watcher.advance(len(self._fresh))
        return pairs

    def _copies(self, generation: Generation, pairs: RowVector) -> tuple[Copy, ...]:
        new = pairs[np.isin(pairs[:, 0], self._fresh)].tolist()
        found = [(_about(generation, copy), _about(generation, original)) for copy, original in new]
        return tuple(Copy(path=copy[2], original=original[2]) for copy, original in sorted(found))


def _about(generation: Generation, number: int) -> tuple[str, str, str]:
    """The place, the digest and the path of an article."""
    place = generation.place_of(number)
    location, digest, path = generation.segments[place.segment].one(
        "SELECT location, digest, path FROM articles WHERE position = ?", (place.position,)
    )
    return location, digest, path


def _save(path: Path, array: npt.NDArray[Any]) -> None:
    """Write an array in the place of the one that may be there, and mapped."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    _put(path, buffer.getvalue())


def _write(folder: Path, manifest: Manifest) -> Manifest:
    """Write a generation's manifest, with the checksums of its other files; returned as it was written."""
    files = (folder / name for name in (REMOVED, COPIES, WHITENING))
    made = replace(manifest, checksums={path.name: (sha256(path), path.stat().st_size) for path in files})
    _put(folder / MANIFEST, made.written())
    return made


def _put(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name}")
    beside.write_bytes(data)
    os.replace(beside, path)
