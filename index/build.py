"""Bring the index in step with its collection: plan, read and embed what is new, publish."""

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.article import Article
from index.chunk import VERSION as CHUNKING
from index.collection import Collection, is_address, load_collection, save_collection
from index.embed import Embedder
from index.errors import CollectionError, NewerIndex, StoreError
from index.generation import Generation
from index.held import HeldHere, NothingHeld
from index.lock import Hold, writing
from index.pages import fetch_pages, forget_pages
from index.plan import ANALYSIS, Plan, plan
from index.publish import Published, publish
from index.reading import read_sources
from index.remembered import Remembered
from index.report import Report, Unwatched, Watcher
from index.revisions import Revisions
from index.selfcheck import fallen
from index.serving import Changes, Held
from index.source import make_entry
from index.spool import discard_spool
from index.store import Home
from index.wording import TITLE_COUNT, embedding_text, passage_terms

if TYPE_CHECKING:
    from index.cluster import Cluster
    from index.web.gather import Fetches

__all__ = ["TITLE_COUNT", "embedding_text", "passage_terms", "publish_articles", "remove", "restore", "update"]


def update(
    home: Home, embedder: Embedder, paths: Sequence[str | Path] = (), *, full: bool = False, prune: bool = False,
    columns: Mapping[str, str] | None = None, fetcher: "Fetches | None" = None, watcher: Watcher | None = None, offline: bool = False,
    workers: str | None = None,
) -> Report:  # fmt: skip
    """Make the index in `home` mirror its collection, enlarged by `paths`, and publish it.

    Only files that were written to are read again, and only articles that changed embedded; `full` reads and writes everything anew, and
    embeds what no sound file of the home holds the vector of. Nothing is published when nothing changed. Articles of a root that is gone
    stay, unless `prune` is given. `columns` names those of tables and JSON; `fetcher` fetches addresses, with the limits of
    `index.web.policy.Policy` where none is given. `offline`, no address is fetched, and the pages are those kept before.
    `workers` is the address of a Dask cluster that reads and embeds (`index.cluster`).

    Raises:
        CollectionError: a given path is missing or unreadable, or nothing in the collection can be read.
        BusyIndex: another process is updating this home.
        NewerIndex: a newer Griot made the index, and `full` is not given.
        WorkersError: the cluster cannot be reached, was lost, or cannot do the work.
    """
    with writing(home) as hold:
        known = load_collection(home.collection_file)
        collection = known.with_paths(paths).with_columns(columns or {})
        if not collection.roots and not collection.store:
            raise CollectionError("the collection is empty; name its files or folders: griot index PATH ...")
        return _run(
            home, embedder, watcher, collection, hold, full=full, prune=prune, again=collection.columns != known.columns, fetcher=fetcher,
            offline=offline, workers=workers,
        )  # fmt: skip


def remove(home: Home, embedder: Embedder, names: Sequence[str], watcher: Watcher | None = None) -> Report:
    """Take articles (by id or path) or whole roots out of the collection, and publish the index without them.

    Raises:
        CollectionError: a name is of nothing in the collection.
    """
    with writing(home) as hold:
        collection = load_collection(home.collection_file)
        generation = home.open()
        roots = {name: root.location for root in collection.roots for name in (root.label, root.location)}
        for name in names:
            spellings = (name, name.rstrip("/"), os.path.abspath(name))
            found = (roots.get(spelling) or generation.location(spelling) for spelling in spellings)
            location = next((place for place in found if place), None)
            if location is None:
                raise CollectionError(f"{name}: no article or path of the collection has this name; list them with: griot status")
            collection = collection.without(location)
            if is_address(location):
                forget_pages(location, home.pages_file)
        return _run(home, embedder, watcher, collection, hold, offline=True)


def restore(home: Home, embedder: Embedder, locations: Sequence[str], watcher: Watcher | None = None) -> Report:
    """Bring back articles that were taken out by hand, by their places, and publish the index with them.

    Raises:
        CollectionError: one was not taken out.
    """
    with writing(home) as hold:
        collection = load_collection(home.collection_file)
        if missing := [location for location in locations if location not in collection.removed]:
            raise CollectionError(f"{missing[0]}: nothing of this place was removed by hand; add it with: griot index PATH")
        collection = replace(collection, removed=collection.removed - set(locations))
        return _run(home, embedder, watcher, collection, hold, offline=True)


def _run(
    home: Home, embedder: Embedder, watcher: Watcher | None, collection: Collection, hold: Hold, *, full: bool = False, prune: bool = False,
    again: bool = False, fetcher: "Fetches | None" = None, offline: bool = False, workers: str | None = None,
) -> Report:  # fmt: skip
    """One run of the build, of the index here or of the one in a database."""
    watcher = watcher or Unwatched()
    if not collection.store:
        return _Mirroring(home, embedder, watcher, hold).run(
            collection, full=full, prune=prune, again=again, fetcher=fetcher, offline=offline, workers=workers
        )
    if workers:
        raise CollectionError(f"--workers serves an index on this disk, and this one is in {collection.store}; leave it out")
    from index.milvus.mirror import mirror

    return mirror(home, embedder, collection, watcher, full=full, prune=prune, again=again, fetcher=fetcher, offline=offline)


class _Mirroring:
    """One run of the build."""

    def __init__(self, home: Home, embedder: Embedder, watcher: Watcher, hold: Hold) -> None:
        self._home, self._embedder, self._watcher, self._hold = home, embedder, watcher, hold

    def run(
        self, collection: Collection, *, full: bool = False, prune: bool = False, again: bool = False, fetcher: "Fetches | None" = None,
        offline: bool = False, workers: str | None = None,
    ) -> Report:  # fmt: skip
        """Bring the index in step with `collection`: every source read `again`, nothing fetched if `offline`, by a cluster of `workers`.

        Raises:
            StoreError: the home cannot be written.
        """
        try:
            return self._run(collection, full, prune, again, fetcher, offline, workers)
        except sqlite3.Error as error:
            place = self._home.folder
            raise StoreError(f"{place} cannot be written ({error}); free some space, or give another place with --home") from error

    def _run(
        self, collection: Collection, full: bool, prune: bool, again: bool, fetcher: "Fetches | None", offline: bool, workers: str | None
    ) -> Report:
        home = self._home
        before = None if full else self._reusable()
        held: Held = HeldHere(before, home.ledger.sources(home.served())) if before else NothingHeld()
        if full:
            discard_spool(home.spool_file)
        pages, unfetched = fetch_pages(collection, home.pages_file, self._watcher, fetcher, offline=offline)
        cluster = self._cluster(workers) if workers else None
        read = cluster or read_sources
        work = plan(collection, held, home.spool_file, self._watcher, pages, unfetched, prune=prune, again=again, read=read)
        refuse_nothing(work, collection, before.manifest.articles if before else 0)
        # Before the index: killed in between, the next run still knows its paths, and mirrors them.
        save_collection(collection, home.collection_file)
        last = self._selfcheck()
        published = self._publish(before, held, work, collection)
        discard_spool(home.spool_file)
        now = published.manifest if published else home.manifest()
        embedded = (published.embedded if published else 0) + (cluster.embedded if cluster else 0)
        return Report(
            added=tuple(work.added), changed=tuple(work.changed), removed=tuple(known.path for known in work.gone),
            unchanged=tuple(work.unchanged), failed=tuple(work.failed), duplicates=published.copies if published else (),
            articles=now.articles, passages=now.passages, embedded=embedded, selfcheck=now.selfcheck,
            warning=fallen(last, now.selfcheck),
        )  # fmt: skip

    def _publish(self, before: Generation | None, held: Held, work: Plan, collection: Collection) -> Published | None:
        """Publish what changed; None where nothing did."""
        home, embedder = self._home, self._embedder
        # The same model under another name is written down too, since questions are asked with the model of that name.
        if before and before.manifest.model == embedder.name and not (work.fresh or work.gone):
            if work.sources:
                home.ledger.note(work.sources, home.served(), home.served())
            return None
        if work.replaced:
            Revisions(home.revisions_file).keep(work.revised(held), datetime.now(UTC))
        paths = [root.location for root in collection.roots]
        return publish(home, embedder, before, work.changes, paths, self._watcher, allowed=self._hold.check)

    def _cluster(self, address: str) -> "Cluster":
        from index.cluster import Cluster

        return Cluster(address, self._embedder, Remembered(self._home.vectors_file, self._embedder))

    def _selfcheck(self) -> Mapping[str, float] | None:
        try:
            return self._home.manifest().selfcheck
        except StoreError:
            return None

    def _reusable(self) -> Generation | None:
        """The published generation, if its articles and vectors are still what this program would make."""
        try:
            generation = self._home.open()
        except NewerIndex:
            raise
        except StoreError:
            # Missing, of an older format or damaged: made again from the files, which are the truth.
            return None
        manifest, embedder = generation.manifest, self._embedder
        made = (manifest.fingerprint, manifest.dimension, manifest.chunking, manifest.analysis)
        return generation if made == (embedder.fingerprint, embedder.dimension, CHUNKING, ANALYSIS) else None


def refuse_nothing(work: Plan, collection: Collection, before: int) -> None:
    """Refuse to publish nothing at all where there were no articles `before` either.

    Raises:
        CollectionError: nothing of the collection could be read.
    """
    if work.articles or before:
        return
    if work.failed:
        first = work.failed[0]
        raise CollectionError(f"no article could be read; the first of {len(work.failed)}: {first.path}: {first.reason}")
    if collection.roots:
        raise CollectionError(
            f"no article in {', '.join(root.label for root in collection.roots)}; put articles there, or name another path"
        )


def publish_articles(home: Home, embedder: Embedder, articles: Iterable[Article], watcher: Watcher | None = None) -> None:
    """Index articles that are in memory and in no file, as an evaluation does; copies are not sought among them."""
    entries = sorted((make_entry(article, article.id) for article in articles), key=lambda entry: entry.location)
    changes = Changes(entries=lambda: iter(entries), count=len(entries))
    with writing(home) as hold:
        publish(home, embedder, None, changes, (), watcher or Unwatched(), compared=False, allowed=hold.check)
