"""Bring the index in step with its collection: plan, read and embed what is new, publish."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.article import Article
from index.chunk import VERSION as CHUNKING
from index.collection import Collection, is_address, load_collection, save_collection
from index.embed import Embedder
from index.errors import BusyIndex, CollectionError, NewerIndex, StoreError
from index.generation import Generation
from index.held import HeldHere, NothingHeld
from index.pages import fetch_pages, forget_pages
from index.plan import ANALYSIS, Plan, plan
from index.publish import Published, publish
from index.report import Report, Unwatched, Watcher
from index.revisions import Revisions
from index.selfcheck import fallen
from index.serving import Changes, Held
from index.source import make_entry
from index.spool import discard_spool
from index.store import Home
from index.wording import TITLE_COUNT, embedding_text, passage_terms

if TYPE_CHECKING:
    from index.web.gather import Fetches

__all__ = ["TITLE_COUNT", "embedding_text", "is_busy", "passage_terms", "publish_articles", "remove", "restore", "update", "writing"]

_GLANCE: Final = 0.1  # seconds


def update(
    home: Home, embedder: Embedder, paths: Sequence[str | Path] = (), *, full: bool = False, prune: bool = False,
    columns: Mapping[str, str] | None = None, fetcher: "Fetches | None" = None, watcher: Watcher | None = None,
) -> Report:  # fmt: skip
    """Make the index in `home` mirror its collection, enlarged by `paths`, and publish it.

    Only files that were written to are read again, and only articles that changed embedded; `full` reads and writes everything anew, and
    embeds what no sound file of the home holds the vector of. Nothing is published when nothing changed. Articles of a root that is gone
    stay, unless `prune` is given. `columns` names those of tables and JSON; `fetcher` fetches addresses, with the limits of
    `index.web.policy.Policy` where none is given.

    Raises:
        CollectionError: a given path is missing or unreadable, or nothing in the collection can be read.
        BusyIndex: another process is updating this home.
        NewerIndex: a newer Griot made the index, and `full` is not given.
    """
    with writing(home):
        collection = load_collection(home.collection_file).with_paths(paths).with_columns(columns or {})
        if not collection.roots and not collection.store:
            raise CollectionError("the collection is empty; name its files or folders: griot index PATH ...")
        return _run(home, embedder, watcher, collection, full=full, prune=prune, fetcher=fetcher)


def remove(home: Home, embedder: Embedder, names: Sequence[str], watcher: Watcher | None = None) -> Report:
    """Take articles (by id or path) or whole roots out of the collection, and publish the index without them.

    Raises:
        CollectionError: a name is of nothing in the collection.
    """
    with writing(home):
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
        return _run(home, embedder, watcher, collection, offline=True)


def restore(home: Home, embedder: Embedder, locations: Sequence[str], watcher: Watcher | None = None) -> Report:
    """Bring back articles that were taken out by hand, by their places, and publish the index with them.

    Raises:
        CollectionError: one was not taken out.
    """
    with writing(home):
        collection = load_collection(home.collection_file)
        if missing := [location for location in locations if location not in collection.removed]:
            raise CollectionError(f"{missing[0]}: nothing of this place was removed by hand; add it with: griot index PATH")
        collection = replace(collection, removed=collection.removed - set(locations))
        return _run(home, embedder, watcher, collection, offline=True)


@contextmanager
def writing(home: Home) -> Iterator[None]:
    """Hold the home's write lock (filelock), which the system frees even if the process is killed.

    Raises:
        BusyIndex: another process holds it.
        StoreError: the home cannot be made or written.
    """
    from filelock import FileLock, Timeout

    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home.folder / "lock")
        # Long enough for one who only looks whether it is held (`is_busy`).
        lock.acquire(timeout=_GLANCE, poll_interval=_GLANCE / 10)
    except Timeout as error:
        raise BusyIndex(f"another griot is updating {home.folder}; wait until it has finished") from error
    except OSError as error:
        raise StoreError(f"cannot write in {home.folder} ({error.strerror}); give another place with --home") from error
    try:
        yield
    finally:
        lock.release()


def is_busy(home: Home) -> bool:
    """Whether an index is being written in `home`, by this process or another."""
    from filelock import FileLock, Timeout

    path = home.folder / "lock"
    if not path.exists():
        return False
    try:
        # Longer than another's look takes, shorter than a writer waits for one.
        with FileLock(path, timeout=_GLANCE / 2, poll_interval=_GLANCE / 20):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def _run(
    home: Home, embedder: Embedder, watcher: Watcher | None, collection: Collection, *, full: bool = False, prune: bool = False,
    fetcher: "Fetches | None" = None, offline: bool = False,
) -> Report:  # fmt: skip
    """One run of the build, of the index here or of the one in a database."""
    if not collection.store:
        return _Mirroring(home, embedder, watcher or Unwatched()).run(collection, full=full, prune=prune, fetcher=fetcher, offline=offline)
    from index.milvus.mirror import mirror

    return mirror(home, embedder, collection, watcher or Unwatched(), full=full, prune=prune, fetcher=fetcher, offline=offline)


class _Mirroring:
    """One run of the build."""

    def __init__(self, home: Home, embedder: Embedder, watcher: Watcher) -> None:
        self._home, self._embedder, self._watcher = home, embedder, watcher

    def run(
        self, collection: Collection, *, full: bool = False, prune: bool = False, fetcher: "Fetches | None" = None, offline: bool = False
    ) -> Report:
        """Bring the index in step with `collection`; `offline`, nothing is fetched.

        Raises:
            StoreError: the home cannot be written.
        """
        try:
            return self._run(collection, full, prune, fetcher, offline)
        except sqlite3.Error as error:
            place = self._home.folder
            raise StoreError(f"{place} cannot be written ({error}); free some space, or give another place with --home") from error

    def _run(self, collection: Collection, full: bool, prune: bool, fetcher: "Fetches | None", offline: bool) -> Report:
        home = self._home
        before = None if full else self._reusable()
        held: Held = HeldHere(before, home.ledger.sources(home.served())) if before else NothingHeld()
        if full:
            discard_spool(home.spool_file)
        pages, unfetched = fetch_pages(collection, home.pages_file, self._watcher, fetcher, offline=offline)
        work = plan(collection, held, home.spool_file, self._watcher, pages, unfetched, prune=prune)
        refuse_nothing(work, collection, before.manifest.articles if before else 0)
        # Before the index: killed in between, the next run still knows its paths, and mirrors them.
        save_collection(collection, home.collection_file)
        last = self._selfcheck()
        published = self._publish(before, held, work, collection)
        discard_spool(home.spool_file)
        now = published.manifest if published else home.manifest()
        return Report(
            added=tuple(work.added), changed=tuple(work.changed), removed=tuple(known.path for known in work.gone),
            unchanged=tuple(work.unchanged), failed=tuple(work.failed), duplicates=published.copies if published else (),
            articles=now.articles, passages=now.passages, embedded=published.embedded if published else 0, selfcheck=now.selfcheck,
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
        return publish(home, embedder, before, work.changes, paths, self._watcher)

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
    with writing(home):
        publish(home, embedder, None, changes, (), watcher or Unwatched(), compared=False)
