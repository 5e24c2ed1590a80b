"""Bring an index in Milvus in step with a home's collection: the same plan and the same reading as for one on this disk."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.build import refuse_nothing
from index.collection import Collection, save_collection
from index.embed import Embedder
from index.milvus.elsewhere import connect
from index.milvus.engine import PATIENCE, Engine
from index.milvus.measure import measure
from index.milvus.schema import Names
from index.milvus.store import MilvusStore
from index.milvus.tally import read_state
from index.pages import fetch_pages
from index.plan import plan
from index.remembered import Remembered
from index.report import Report, Watcher
from index.revisions import Revisions
from index.selfcheck import fallen
from index.spool import discard_spool
from index.store import Home
from index.vectors import FloatMatrix

if TYPE_CHECKING:
    from index.web.gather import Fetches


def mirror(
    home: Home, embedder: Embedder, collection: Collection, watcher: Watcher, *, full: bool = False, prune: bool = False,
    again: bool = False, fetcher: "Fetches | None" = None, offline: bool = False,
) -> Report:  # fmt: skip
    """Make this home's part of the index what its collection holds. Other writers' articles stay as they are.

    Raises:
        StaleIndex: the index is of another model.
        CollectionError: nothing of the collection can be read.
    """
    engine = connect(collection.store, PATIENCE)
    # What a build that was cut off had embedded is taken up.
    remembered = Remembered(home.vectors_file, embedder)
    try:
        return _mirror(home, collection, watcher, engine, remembered, full, prune, again, fetcher, offline)
    finally:
        remembered.close()
        engine.close()


def _mirror(
    home: Home, collection: Collection, watcher: Watcher, engine: Engine, remembered: Remembered, full: bool, prune: bool,
    again: bool, fetcher: "Fetches | None", offline: bool,
) -> Report:  # fmt: skip
    def embed(texts: Sequence[str]) -> FloatMatrix:
        return remembered.embed(texts, remembered.keys(texts), watcher.advance)

    store = MilvusStore(engine, remembered.embedder, collection.writer, embed, full=full)
    names = Names.of(engine.place.collection)
    held = store.held()
    last = read_state(engine, names).selfcheck
    if full:
        discard_spool(home.spool_file)
    pages, unfetched = fetch_pages(collection, home.pages_file, watcher, fetcher, offline=offline)
    work = plan(collection, held, home.spool_file, watcher, pages, unfetched, prune=prune, again=again)
    refuse_nothing(work, collection, read_state(engine, names).articles)
    save_collection(collection, home.collection_file)
    if work.fresh or work.gone or full:
        if work.replaced:
            Revisions(home.revisions_file).keep(work.revised(held), datetime.now(UTC))
        watcher.start("embed", sum(len(entry.spans) for entry in work.entries()))
        store.publish(work.changes)
        measure(engine, names, remembered.embedder, work.changes.count + len(work.changes.removed), watcher)
        remembered.discard()
    elif work.sources:
        store.note(work.sources)
    discard_spool(home.spool_file)
    now = read_state(engine, names)
    return Report(
        added=tuple(work.added), changed=tuple(work.changed), removed=tuple(known.path for known in work.gone),
        unchanged=tuple(work.unchanged), failed=tuple(work.failed), duplicates=store.copies, articles=now.articles,
        passages=now.passages, embedded=remembered.embedded, selfcheck=now.selfcheck, warning=fallen(last, now.selfcheck),
    )  # fmt: skip
