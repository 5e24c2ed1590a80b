"""What a collection holds now against what its index holds: read what is new or changed, keep the rest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from index.article import Article, Entry
from index.chunk import VERSION as CHUNKING
from index.collection import Collection, within
from index.document import Unread
from index.reading import Outcome, key_of, read_sources
from index.report import Failure, Watcher
from index.shingles import VERSION as SIGNATURES
from index.source import Source
from index.spool import Spool, open_spool

ANALYSIS: Final = "2"
"""Raised when reading, cleaning or the analysis of words changes, so that older indexes are made again from their files."""
READ_BY: Final = f"{ANALYSIS} {CHUNKING} {SIGNATURES}"
"""What the entries of a source are made by; others, of an interrupted build, are made again."""


@dataclass(frozen=True, kw_only=True)
class Before:
    """The published generation as the plan sees it: its entries with the row of their first passage, by location, and its sources."""

    entries: Mapping[str, tuple[Entry, int]] = field(default_factory=dict)
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Plan:
    """The entries of the next generation, by location, and how each compares with the last; `rows` are the first rows, in the last one, of
    those kept, `revised` the articles as they were before they changed."""

    entries: dict[str, Entry] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    sources: dict[str, tuple[str, str]] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    revised: list[Article] = field(default_factory=list)


def plan(
    collection: Collection, before: Before, spool: Path, watcher: Watcher, pages: Sequence[Source] = (), unfetched: Sequence[Failure] = ()
) -> Plan:
    """Read every source of the collection whose bytes are not those read before: its files, and the `pages` fetched for it."""
    made = _Planning(collection, before)
    made.fail(unfetched)
    sources = [source for source in (*collection.files(made.refused), *pages) if made.nameable(source)]
    known = {
        source.location: before.sources[source.location][1]
        for source in sources
        if before.sources.get(source.location, ("",))[0] == source.label
    }
    watcher.start("read", len(sources))
    open_spool(spool).close()
    kept = Spool(spool)
    try:
        for source, outcome in read_sources(sources, known, collection.columns, READ_BY, spool):
            made.take(source, outcome, kept)
            watcher.advance(1)
    finally:
        kept.close()
    return made.finished()


class _Planning:
    def __init__(self, collection: Collection, before: Before) -> None:
        self._collection = collection
        self._before = before
        self._plan = Plan()
        self._of: dict[str, list[str]] = defaultdict(list)
        for location, (entry, _) in before.entries.items():
            self._of[entry.source].append(location)

    def refused(self, location: str, reason: str) -> None:
        """A folder that cannot be listed: what was read from it stays."""
        self._fail(location, reason)
        for known, (entry, _) in self._before.entries.items():
            if within(entry.source, location):
                self._keep(known)
                if about := self._before.sources.get(entry.source):
                    self._plan.sources[entry.source] = about

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

    def take(self, source: Source, outcome: Outcome, spool: Spool) -> None:
        """What became of a source."""
        if outcome.state == "unchanged":
            self._plan.sources[source.location] = self._before.sources[source.location]
            for location in self._of[source.location]:
                if not self._collection.leaves_out(location):
                    self._keep(location)
                    self._plan.unchanged.append(self._before.entries[location][0].article.path)
            return
        if outcome.state == "unopened":
            for location in self._of[source.location]:
                self._keep(location)
        if outcome.state != "read":
            self._fail(source.label, outcome.reason)
        key = key_of(source, self._collection.columns, READ_BY)
        whole = spool.whole(source.location, key)
        if outcome.state != "unopened":
            for entry in spool.entries(source.location):
                self._add(entry)
        digest, unread = whole or ("", list[Unread]())
        for item in unread:
            self._fail(f"{source.label}/{item.record}" if item.record else source.label, item.reason)
        # One that was not read in full is tried again at the next run.
        if digest and not unread and outcome.state == "read":
            self._plan.sources[source.location] = (source.label, digest)

    def finished(self) -> Plan:
        """The plan, its lists in the order of the articles."""
        for listed in (self._plan.added, self._plan.changed, self._plan.unchanged):
            listed.sort()
        self._plan.failed.sort(key=lambda failure: failure.path)
        return self._plan

    def _add(self, entry: Entry) -> None:
        if self._collection.leaves_out(entry.location):
            return
        known = self._before.entries.get(entry.location)
        if known and (known[0].article.digest, known[0].article.path) == (entry.article.digest, entry.article.path):
            self._keep(entry.location)
            self._plan.unchanged.append(entry.article.path)
            return
        self._plan.entries[entry.location] = entry
        (self._plan.changed if known else self._plan.added).append(entry.article.path)
        if known and known[0].article.text != entry.article.text:
            self._plan.revised.append(known[0].article)

    def _keep(self, location: str) -> None:
        self._plan.entries[location], self._plan.rows[location] = self._before.entries[location]

    def _fail(self, path: str, reason: str) -> None:
        # A name that is not valid UTF-8, or holds a line break, would spoil the report.
        name = path if path.isprintable() else ascii(path)
        self._plan.failed.append(Failure(path=name, reason=reason))
