"""What a collection holds now against what its index holds: read what is new or changed, keep the rest."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from index.article import Article, Entry
from index.chunk import VERSION as CHUNKING
from index.collection import Collection, within
from index.document import Unread
from index.errors import StoreError
from index.reading import Outcome, Reads, Step, key_of, read_sources
from index.report import Failure, Watcher
from index.serving import Changes, Held, Known, Seen, Stamp
from index.shingles import VERSION as SIGNATURES
from index.source import Source
from index.spool import Spool, open_spool

ANALYSIS: Final = "5"
"""Raised when reading, cleaning or the analysis of words changes, so that older indexes are made again from their files."""
READ_BY: Final = f"{ANALYSIS} {CHUNKING} {SIGNATURES}"
"""What the entries of a source are made by; others, of an interrupted build, are made again."""
SETTLED: Final = 2_000_000_000
"""Nanoseconds since its last change from which a file's stamp tells the next one: file systems keep times to two seconds at worst.
Until then it is read again to be sure, as git does with entries that are "racily clean"."""

_PAGE: Final = 100_000
"""Bytes that a fetched page counts for in the progress of reading; news pages have some 50,000 to 300,000."""


@dataclass
class Plan:
    """What becomes of each article. `fresh` are the places, in the spool, of those added or changed, in order; `gone` the articles that
    are no longer there, and `replaced` those that changed, as they were."""

    spool: Path
    fresh: list[str] = field(default_factory=list)
    gone: list[Known] = field(default_factory=list)
    replaced: list[Known] = field(default_factory=list)
    sources: dict[str, Seen | None] = field(default_factory=dict)
    """Those of which something is known now that was not before; None for one that is gone."""
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    kept: int = 0
    """Articles that stay as they are, those of sources that could not be looked at included."""

    @property
    def articles(self) -> int:
        """How many there will be."""
        return self.kept + len(self.fresh)

    def entries(self) -> Iterator[Entry]:
        """Those added or changed, by location."""
        with closing(Spool(self.spool)) as spool:
            for location in self.fresh:
                yield spool.entry(location)

    def revised(self, held: Held) -> Iterator[Article]:
        """The articles whose text changed, as they were."""
        with closing(Spool(self.spool)) as spool:
            for known in self.replaced:
                before = held.article(known.location)
                if before and before.text != spool.entry(known.location).article.text:
                    yield before

    @property
    def changes(self) -> Changes:
        """As a store takes them over."""
        return Changes(entries=self.entries, count=len(self.fresh), removed=(*self.gone, *self.replaced), sources=self.sources)


def plan(
    collection: Collection, held: Held, spool: Path, watcher: Watcher, pages: Sequence[Source] = (), unfetched: Sequence[Failure] = (), *,
    prune: bool = False, again: bool = False, read: Reads = read_sources,
) -> Plan:  # fmt: skip
    """Read every source of the collection that is not as it was when it was read before: its files, and the `pages` fetched for it.

    A file of the same stamp is not even opened, unless all are to be read `again`. Articles of a root that is gone stay, unless `prune` is
    given. `read` reads the others: on this machine, or on many (`index.cluster`).
    """
    made = _Planning(collection, held, spool, again)
    made.fail(unfetched)
    sources = [source for source in (*collection.files(made.refused, prune=prune), *pages) if made.nameable(source)]
    doubtful = [source for source in sources if not made.untouched(source)]
    far = _Far(doubtful, watcher)
    open_spool(spool).close()
    with closing(Spool(spool)) as kept:
        for source, told in read(doubtful, made.digests(doubtful), collection.columns, READ_BY, spool):
            if isinstance(told, Step):
                far.step(source, told)
            else:
                far.end(source, made.take(source, told, kept))
    return made.finished()


def stamp(source: Source) -> Stamp | None:
    """The stamp of a file that nobody has just written to; None of a page, and of a file that may change unseen."""
    if source.address:
        return None
    try:
        status = os.stat(source.path)
    except OSError:
        return None
    # Of the clock of this machine and that of the file system, which may be another's, neither is trusted alone.
    settled = status.st_mtime_ns + SETTLED < time.time_ns()
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ino) if settled else None


class _Far:
    """Tells a watcher how many bytes of the sources to read are behind, and how many articles were found in them."""

    def __init__(self, sources: Sequence[Source], watcher: Watcher) -> None:
        self._watcher = watcher
        self._sizes = {source.location: _size(source) for source in sources}
        self._parts: dict[str, Step] = {}
        watcher.start("read", sum(self._sizes.values()))

    def step(self, source: Source, step: Step) -> None:
        """So much more of a source was gone through."""
        before = self._parts.get(source.location, Step(part=0.0, found=0))
        self._told(source, before, Step(part=min(1.0, before.part + step.part), found=before.found + step.found))

    def end(self, source: Source, found: int) -> None:
        """A source is done with, and so many articles are in it."""
        before = self._parts.pop(source.location, Step(part=0.0, found=0))
        self._told(source, before, Step(part=1.0, found=max(found, before.found)))
        self._parts.pop(source.location)

    def _told(self, source: Source, before: Step, now: Step) -> None:
        self._parts[source.location] = now
        size = self._sizes[source.location]
        self._watcher.advance(round(size * now.part) - round(size * before.part), now.found - before.found)


def _size(source: Source) -> int:
    """Bytes, and never none; a page is counted as a usual one."""
    try:
        return _PAGE if source.address else max(1, os.stat(source.path).st_size)
    except OSError:
        return 1


class _Planning:
    def __init__(self, collection: Collection, held: Held, spool: Path, again: bool) -> None:
        self._collection = collection
        self._again = again
        self._held = held
        self._before = held.sources()
        self._plan = Plan(spool=spool)
        self._stamps: dict[str, Stamp | None] = {}
        self._current: set[str] = set()
        """Sources as they were, of which every article stays."""
        self._unseen: set[str] = set()
        """Sources that could not be looked at, of which every article stays too."""
        self._folders: list[str] = []
        """Folders that could not be listed."""
        self._same: set[str] = set()
        """Articles read again and found as they were."""

    def refused(self, location: str, reason: str) -> None:
        """A folder that cannot be listed: what was read from it stays."""
        self._fail(location, reason)
        self._folders.append(location)

    def fail(self, failures: Sequence[Failure]) -> None:
        """What failed before the plan."""
        self._plan.failed.extend(failures)

    def nameable(self, source: Source) -> bool:
        """Whether a source has a name that can be written down."""
        try:
            source.location.encode()
        except UnicodeEncodeError:
            self._fail(source.label, "its name is not valid UTF-8; rename it")
            return False
        return True

    def untouched(self, source: Source) -> bool:
        """Whether a source has the stamp that it had when it was read in full."""
        now = self._stamps[source.location] = stamp(source)
        before = self._before.get(source.location)
        if not self._again and before and now and before == Seen(source.label, before.digest, now) and before.digest:
            self._current.add(source.location)
            return True
        return False

    def digests(self, sources: Sequence[Source]) -> Mapping[str, str]:
        """The SHA-256 that each source had when it was read in full under its name; of none where all are read again."""
        found = ((source, self._before.get(source.location)) for source in sources if not self._again)
        return {source.location: seen.digest for source, seen in found if seen and seen.digest and seen.label == source.label}

    def take(self, source: Source, outcome: Outcome, spool: Spool) -> int:
        """What became of a source. Returns how many articles were found in it."""
        location = source.location
        if outcome.state == "unkept":
            # Of the disk, not of the source: whose articles would be lost if it passed for one that cannot be read.
            raise StoreError(f"{self._plan.spool} cannot be written ({outcome.reason}); free some space, or give another place with --home")
        if outcome.state == "unchanged":
            self._current.add(location)
            self._note(source, self._before[location].digest)
            return 0
        if outcome.state == "unopened":
            self._unseen.add(location)
            self._note(source, "")
            self._fail(source.label, outcome.reason)
            return 0
        if outcome.state != "read":
            self._fail(source.label, outcome.reason)
        before = {known.location: known for known in self._held.of(location)}
        found = 0
        for known in spool.articles(location):
            self._compare(known, before.get(known.location))
            found += 1
        digest, unread = spool.whole(location, key_of(source, self._collection.columns, READ_BY)) or ("", list[Unread]())
        for item in unread:
            self._fail(f"{source.label}/{item.record}" if item.record else source.label, item.reason)
        # One that was not read in full is tried again at the next run.
        self._note(source, digest if not unread and outcome.state == "read" else "")
        return found

    def finished(self) -> Plan:
        """The plan, its lists in the order of the articles."""
        made = self._plan
        fresh = set(made.fresh)
        for known in self._held.articles():
            if self._collection.leaves_out(known.location):
                made.gone.append(known)
            elif known.source in self._current or known.location in self._same:
                made.unchanged.append(known.path)
                made.kept += 1
            elif known.location in fresh:
                continue
            elif known.source in self._unseen or any(within(known.source, folder) for folder in self._folders):
                made.kept += 1
            else:
                made.gone.append(known)
        for location in self._before.keys() - self._stamps.keys():
            if not any(within(location, folder) for folder in self._folders):
                made.sources[location] = None
        for listed in (made.fresh, made.added, made.changed, made.unchanged):
            listed.sort()
        made.gone.sort(key=lambda known: known.location)
        made.failed.sort(key=lambda failure: failure.path)
        return made

    def _compare(self, known: Known, before: Known | None) -> None:
        if self._collection.leaves_out(known.location):
            return
        if before and (before.digest, before.path) == (known.digest, known.path):
            self._same.add(known.location)
            return
        self._plan.fresh.append(known.location)
        (self._plan.changed if before else self._plan.added).append(known.path)
        if before:
            self._plan.replaced.append(before)

    def _note(self, source: Source, digest: str) -> None:
        """Write down how a source was read, if that is not known yet."""
        now = Seen(source.label, digest, self._stamps[source.location] if digest else None)
        if now != self._before.get(source.location):
            self._plan.sources[source.location] = now

    def _fail(self, path: str, reason: str) -> None:
        # A name that is not valid UTF-8, or holds a line break, would spoil the report.
        name = path if path.isprintable() else ascii(path)
        self._plan.failed.append(Failure(path=name, reason=reason))
