"""Bring the index in step with its collection: plan, read and embed what is new, publish."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from index.analyse import pairs, terms
from index.article import Article, Entry
from index.chunk import VERSION as CHUNKING
from index.collection import Collection, is_address, load_collection, save_collection
from index.draft import Draft
from index.duplicates import Item, Signature, clusters, held
from index.embed import Embedder
from index.errors import BusyIndex, CollectionError, ModelError, StoreError
from index.generation import Generation
from index.lexical import Lexical, LexicalSegment, write_lexical
from index.manifest import REBUILD
from index.pages import fetch_pages, forget_pages
from index.plan import ANALYSIS, Before, Plan, plan
from index.report import Copy, Report, Unwatched, Watcher
from index.revisions import Revisions
from index.selfcheck import check, fallen, sample
from index.source import make_entry
from index.spool import discard_spool
from index.store import Home
from index.tables import Contents
from index.vectors import FloatMatrix, Vectors, VectorSegment, write_vectors
from index.whiten import whitening_of

if TYPE_CHECKING:
    from index.web.gather import Fetches

TITLE_COUNT: Final = 2
"""How often the title's words count in the lexical half, beside once for those of the passage and of the two next to it.
nDCG@10 on piaf-dev / afriqa-dev: 0.779 / 0.838 without the neighbours, 0.797 / 0.841 with them."""
_GLANCE: Final = 0.1  # seconds


def update(
    home: Home, embedder: Embedder, paths: Sequence[str | Path] = (), *, full: bool = False, columns: Mapping[str, str] | None = None,
    fetcher: "Fetches | None" = None, watcher: Watcher | None = None,
) -> Report:  # fmt: skip
    """Make the index in `home` mirror its collection, enlarged by `paths`, and publish it.

    Only files whose bytes changed are read and embedded again; `full` does it for all. Nothing is published
    when nothing changed. `columns` names those of tables and JSON; `fetcher` fetches addresses, with the limits of
    `index.web.policy.Policy` where none is given.

    Raises:
        CollectionError: a given path is missing or unreadable, or nothing in the collection can be read.
        BusyIndex: another process is updating this home.
    """
    with writing(home):
        collection = load_collection(home.collection_file).with_paths(paths).with_columns(columns or {})
        if not collection.roots:
            raise CollectionError("the collection is empty; name its files or folders: griot index PATH ...")
        return _mirror(home, embedder, collection, full, watcher or Unwatched(), fetcher)


def remove(home: Home, embedder: Embedder, names: Sequence[str], watcher: Watcher | None = None) -> Report:
    """Take articles (by id or path) or whole roots out of the collection, and publish the index without them.

    Raises:
        CollectionError: a name is of nothing in the collection.
    """
    with writing(home):
        collection = load_collection(home.collection_file)
        known = {
            alias: entry.location for entry, _ in home.open().entries() for alias in (entry.article.id, entry.article.path, entry.location)
        }
        for root in collection.roots:
            known |= {root.label: root.location, root.location: root.location}
        for name in names:
            location = known.get(name) or known.get(name.rstrip("/")) or known.get(os.path.abspath(name))
            if location is None:
                raise CollectionError(f"{name}: no article or path of the collection has this name; list them with: griot status")
            collection = collection.without(location)
            if is_address(location):
                forget_pages(location, home.pages_file)
        return _mirror(home, embedder, collection, False, watcher or Unwatched(), offline=True)


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
        return _mirror(home, embedder, collection, False, watcher or Unwatched(), offline=True)


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


def _mirror(
    home: Home, embedder: Embedder, collection: Collection, full: bool, watcher: Watcher, fetcher: "Fetches | None" = None, *,
    offline: bool = False,
) -> Report:  # fmt: skip
    previous = None if full else _reusable(home, embedder)
    before = _before(previous)
    spool = home.folder / "reading.draft"
    if full:
        discard_spool(spool)
    pages, unfetched = fetch_pages(collection, home.pages_file, watcher, fetcher, offline=offline)
    work = plan(collection, before, spool, watcher, pages, unfetched)
    removed = [entry.article.path for location, (entry, _) in before.entries.items() if location not in work.entries]
    _refuse_nothing(work, collection, before)
    # Before the index: killed in between, the next run still knows its paths, and mirrors them.
    save_collection(collection, home.collection_file)
    last = _selfcheck(home)
    entries = [work.entries[location] for location in sorted(work.entries)]
    embedded = 0
    duplicates: tuple[Copy, ...] = ()
    # The same model under another name is written down too, since questions are asked with the model of that name.
    same = previous is not None and previous.manifest.model == embedder.name and work.sources == before.sources
    if work.added or work.changed or removed or not same:
        if work.revised:
            Revisions(home.revisions_file).keep(work.revised, datetime.now(UTC))
        originals = _originals(entries, watcher)
        duplicates = _copies(entries, originals, {*work.added, *work.changed})
        contents = Contents(entries=entries, originals=originals, sources=work.sources)
        embedded = _publish(home, embedder, contents, _kept(previous, work), collection, watcher)
    discard_spool(spool)
    return Report(
        added=tuple(work.added), changed=tuple(work.changed), removed=tuple(removed), unchanged=tuple(work.unchanged),
        failed=tuple(work.failed), duplicates=duplicates, articles=len(entries), passages=sum(len(entry.spans) for entry in entries),
        embedded=embedded, selfcheck=(now := _selfcheck(home)), warning=fallen(last, now),
    )  # fmt: skip


def _before(previous: Generation | None) -> Before:
    if previous is None:
        return Before()
    return Before(entries={entry.location: (entry, row) for entry, row in previous.entries()}, sources=previous.sources())


def _refuse_nothing(work: Plan, collection: Collection, before: Before) -> None:
    if work.entries or before.entries:
        return
    if work.failed:
        first = work.failed[0]
        raise CollectionError(f"no article could be read; the first of {len(work.failed)}: {first.path}: {first.reason}")
    if collection.roots:
        raise CollectionError(
            f"no article in {', '.join(root.label for root in collection.roots)}; put articles there, or name another path"
        )


def _kept(previous: Generation | None, work: Plan) -> dict[str, FloatMatrix]:
    if previous is None:
        return {}
    return {location: previous.vectors.rows(np.arange(row, row + len(work.entries[location].spans))) for location, row in work.rows.items()}


def _originals(entries: Sequence[Entry], watcher: Watcher) -> list[int]:
    """For each entry the place of the one that it is a copy of, its own where it is none."""
    watcher.start("compare", len(entries))
    items = [
        Item(id=entry.article.id, signature=Signature.from_bytes(entry.signature), published=entry.article.published) for entry in entries
    ]
    found = clusters(items, lambda place: entries[place].article.text)
    for place, original in enumerate(found):
        # A longer version of a dispatch is found by what it adds.
        if original != place and not held(entries[place].article.text, entries[original].article.text):
            found[place] = place
    watcher.advance(len(entries))
    return found


def _copies(entries: Sequence[Entry], originals: Sequence[int], new: set[str]) -> tuple[Copy, ...]:
    return tuple(
        Copy(path=entry.article.path, original=entries[original].article.path)
        for place, (entry, original) in enumerate(zip(entries, originals, strict=True))
        if original != place and entry.article.path in new
    )


def _selfcheck(home: Home) -> Mapping[str, float] | None:
    try:
        return home.manifest().selfcheck
    except StoreError:
        return None


def _reusable(home: Home, embedder: Embedder) -> Generation | None:
    """The published generation, if its articles and vectors are still what this program would make."""
    try:
        generation = home.open()
    except StoreError:
        # Missing, of another format or damaged: made again from the files, which are the truth.
        return None
    manifest = generation.manifest
    same = (manifest.fingerprint, manifest.chunking, manifest.analysis) == (embedder.fingerprint, CHUNKING, ANALYSIS)
    return generation if same else None


def passage_terms(article: Article, spans: Sequence[tuple[int, int]]) -> list[list[str]]:
    """What the lexical half counts for each passage of an article: its own terms, those of the passages beside it,
    and the title's `TITLE_COUNT` times; with the pairs of neighbouring terms in each."""
    title = _with_pairs(article.title or "", article.language)
    own = [_with_pairs(article.text[start:end], article.language) for start, end in spans]
    around: list[list[str]] = [[], *own, []]
    return [title * TITLE_COUNT + before + body + after for before, body, after in zip(around, own, around[2:], strict=False)]


def _with_pairs(text: str, language: str | None) -> list[str]:
    found = terms(text, language)
    return found + pairs(found)


def embedding_text(article: Article, start: int, end: int) -> str:
    """What the model reads of a passage: its article's title gives the context that the passage alone may lack."""
    return f"{article.title}\n{article.text[start:end]}" if article.title else article.text[start:end]


def _publish(
    home: Home, embedder: Embedder, contents: Contents, known: dict[str, FloatMatrix], collection: Collection, watcher: Watcher
) -> int:
    entries = contents.entries
    new = [entry for entry in entries if entry.location not in known]
    texts = [embedding_text(entry.article, *span) for entry in new for span in entry.spans]
    watcher.start("embed", len(texts))
    draft = Draft(home.folder / "embedding.draft", embedder)
    matrix = draft.embed(texts, watcher.advance) if texts else np.zeros((0, embedder.dimension), np.float32)
    blocks = dict(known)
    row = 0
    for entry in new:
        blocks[entry.location] = matrix[row : row + len(entry.spans)]
        row += len(entry.spans)
    empty = np.zeros((0, embedder.dimension), np.float32)
    if other := next((block.shape[1] for block in blocks.values() if block.shape[1] != empty.shape[1]), None):
        raise ModelError(
            f"the model {embedder.name} gives vectors of {empty.shape[1]} numbers but the index holds some of {other}; "
            f"{REBUILD} --model {embedder.name}"
        )
    counted = [terms for entry in entries for terms in passage_terms(entry.article, entry.spans)]
    with tempfile.TemporaryDirectory(dir=home.folder, prefix="halves-") as temporary:
        halves = Path(temporary)
        write_vectors(halves / "vectors", (blocks[entry.location] for entry in entries), empty.shape[1])
        write_lexical(halves / "lexical", counted)
        segment = VectorSegment.load(halves / "vectors")
        whitening = whitening_of(Vectors([segment], np.eye(empty.shape[1], dtype=np.float32)))
        np.save(halves / "whitening.npy", whitening)
        vectors, lexical = Vectors([segment], whitening), Lexical([LexicalSegment.load(halves / "lexical")])
        asked = sample(entries)
        if asked:
            watcher.start("check", len(asked))
        found = check(entries, asked, vectors, lexical, counted, TITLE_COUNT, embedder, watcher.advance)
        home.publish(contents, halves, {
            "model": embedder.name, "fingerprint": embedder.fingerprint, "chunking": CHUNKING, "analysis": ANALYSIS,
            "selfcheck": found.document() if found else None,
            "paths": [root.location for root in collection.roots],
        })  # fmt: skip
    draft.discard()
    return len(texts)


def publish_articles(home: Home, embedder: Embedder, articles: Iterable[Article], watcher: Watcher | None = None) -> None:
    """Index articles that are in memory and in no file, as an evaluation does; copies are not sought among them."""
    entries = sorted((make_entry(article, article.id) for article in articles), key=lambda entry: entry.location)
    with writing(home):
        contents = Contents(entries=entries, originals=range(len(entries)))
        _publish(home, embedder, contents, {}, Collection(), watcher or Unwatched())
