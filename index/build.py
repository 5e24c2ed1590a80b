"""Bring the index in step with its collection: plan, read and embed what is new, publish."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from index.analyse import pairs, terms
from index.article import Article, Entry, article_id
from index.chunk import VERSION as CHUNKING
from index.chunk import chunk
from index.collection import Collection, SourceFile, load_collection, save_collection, within
from index.draft import Draft
from index.embed import Embedder
from index.errors import ArticleError, BusyIndex, CollectionError, GriotError, ModelError, StoreError
from index.generation import Generation
from index.language import article_language
from index.lexical import LexicalIndex
from index.manifest import REBUILD
from index.selfcheck import check, fallen, sample
from index.sentences import sentence_spans
from index.store import Home
from index.vectors import FloatMatrix, VectorIndex

ANALYSIS: Final = "1"
"""Raised when cleaning or the analysis of words changes, so that older indexes are made again from their files."""
TITLE_COUNT: Final = 2
"""How often the title's words count in the lexical half, beside once for those of the passage and of the two next to it.
nDCG@10 on piaf-dev / afriqa-dev: 0.779 / 0.838 without the neighbours, 0.797 / 0.841 with them."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A file that could not be read, and why."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one run of the build did, as the paths of the files concerned."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    articles: int = 0
    passages: int = 0
    embedded: int = 0
    """Passages that the model had to encode; the others' vectors were kept."""
    selfcheck: Mapping[str, float] | None = None
    """How well the published index finds its own articles by their headlines (`index.selfcheck`)."""
    warning: str | None = None
    """Said when that is much worse than before."""


class Watcher(Protocol):
    """Told how far the work is."""

    def start(self, stage: str, total: int) -> None:
        """A stage ("read", "embed" or "check") of `total` steps begins."""

    def advance(self, steps: int) -> None:
        """`steps` more are done."""


class Unwatched:
    """A watcher that nobody looks at."""

    def start(self, stage: str, total: int) -> None:
        pass

    def advance(self, steps: int) -> None:
        pass


@dataclass
class _Work:
    """What a plan sorts the collection's files into."""

    entries: dict[str, Entry] = field(default_factory=dict)
    vectors: dict[str, FloatMatrix] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def update(
    home: Home, embedder: Embedder, paths: Sequence[str | Path] = (), *, full: bool = False, watcher: Watcher | None = None
) -> Report:
    """Make the index in `home` mirror its collection, enlarged by `paths`, and publish it.

    Only files whose bytes changed are read and embedded again; `full` does it for all. Nothing is published
    when nothing changed.

    Raises:
        CollectionError: a given path is missing or unreadable, or nothing in the collection can be read.
        BusyIndex: another process is updating this home.
    """
    with writing(home):
        collection = load_collection(home.collection_file).with_paths(paths)
        if not collection.roots:
            raise CollectionError("the collection is empty; name its files or folders: griot index PATH ...")
        return _mirror(home, embedder, collection, full, watcher or Unwatched())


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
        return _mirror(home, embedder, collection, False, watcher or Unwatched())


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
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BusyIndex(f"another griot is updating {home.folder}; wait until it has finished") from error
    except OSError as error:
        raise StoreError(f"cannot write in {home.folder} ({error.strerror}); give another place with --home") from error
    try:
        yield
    finally:
        lock.release()


def _mirror(home: Home, embedder: Embedder, collection: Collection, full: bool, watcher: Watcher) -> Report:
    previous = None if full else _reusable(home, embedder)
    before = {entry.location: (entry, row) for entry, row in previous.entries()} if previous else {}
    work = _plan(collection, before, previous, watcher)
    removed = [entry.article.path for location, (entry, _) in before.items() if location not in work.entries]
    if not work.entries and work.failed and not before:
        first = work.failed[0]
        raise CollectionError(f"no article could be read; the first of {len(work.failed)}: {first.path}: {first.reason}")
    if not work.entries and collection.roots and not before:
        raise CollectionError(
            f"no article in {', '.join(root.label for root in collection.roots)}; put .txt or .md files there, or name another path"
        )
    # Before the index: killed in between, the next run still knows its paths, and mirrors them.
    save_collection(collection, home.collection_file)
    embedded = 0
    last = _selfcheck(home)
    entries = [work.entries[location] for location in sorted(work.entries)]
    # The same model under another name is written down too, since questions are asked with the model of that name.
    if work.added or work.changed or removed or previous is None or previous.manifest.model != embedder.name:
        embedded = _publish(home, embedder, entries, work.vectors, collection, watcher)
    return Report(
        added=tuple(work.added), changed=tuple(work.changed), removed=tuple(removed), unchanged=tuple(work.unchanged),
        failed=tuple(work.failed), articles=len(entries), passages=sum(len(entry.spans) for entry in entries), embedded=embedded,
        selfcheck=(now := _selfcheck(home)), warning=fallen(last, now),
    )  # fmt: skip


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


def _plan(collection: Collection, before: dict[str, tuple[Entry, int]], previous: Generation | None, watcher: Watcher) -> _Work:
    work = _Work()

    def keep(location: str) -> None:
        entry, row = before[location]
        work.entries[location] = entry
        if previous:
            work.vectors[location] = previous.vectors.rows(np.arange(row, row + len(entry.spans)))

    def refused(location: str, reason: str) -> None:
        work.failed.append(Failure(path=location, reason=reason))
        for known in before:
            if within(known, location):
                keep(known)

    files = list(collection.files(refused))
    watcher.start("read", len(files))
    for file in files:
        known = before.get(file.location)
        try:
            entry = _read(file, known[0] if known else None)
        except GriotError as error:
            work.failed.append(Failure(path=file.label, reason=str(error)))
        except UnicodeEncodeError:
            work.failed.append(Failure(path=ascii(file.label), reason="its name is not valid UTF-8; rename it"))
        except OSError as error:
            work.failed.append(Failure(path=file.label, reason=f"cannot be opened: {error.strerror}"))
            if known:
                keep(file.location)
        else:
            if entry is None:
                keep(file.location)
                work.unchanged.append(file.label)
            else:
                work.entries[file.location] = entry
                (work.changed if known else work.added).append(file.label)
        watcher.advance(1)
    return work


def _read(file: SourceFile, known: Entry | None) -> Entry | None:
    """The file as an entry, or None when it is still what `known` was made of."""
    # A question needs none of what reading articles does.
    from index.clean import clean
    from index.markdown import strip_markdown
    from index.read import read_file

    file.label.encode()
    raw = read_file(file.path)
    if known and known.article.digest == raw.digest and known.article.path == file.label:
        return None
    text = strip_markdown(raw.text) if file.path.suffix.lower() in (".md", ".markdown") else raw.text
    document = clean(text)
    metadata = document.metadata
    article = Article(
        id=article_id(file.location), text=document.text, path=file.label, digest=raw.digest, title=metadata.title, url=metadata.url,
        source=metadata.source, published=metadata.published, language=article_language(document.text),
    )  # fmt: skip
    return make_entry(article, file.location)


def make_entry(article: Article, location: str) -> Entry:
    """An article with the spans of its passages, each checked to lie in the text."""
    sentences = sentence_spans(article.text, article.language)
    spans = chunk(article.text, sentences)
    if not spans:
        raise ArticleError("no sentence to index")
    for (start, end), after in zip(spans, [*(span[0] for span in spans[1:]), len(article.text)], strict=True):
        if not 0 <= start < end <= after:
            raise GriotError(f"passage {start}-{end} of {article.path} is out of order; report this with the article")
    return Entry(article=article, location=location, spans=spans, sentences=sentences)


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
    home: Home, embedder: Embedder, entries: Sequence[Entry], known: dict[str, FloatMatrix], collection: Collection, watcher: Watcher
) -> int:
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
    vectors = VectorIndex.build(np.vstack([empty, *(blocks[entry.location] for entry in entries)]))
    counted = [terms for entry in entries for terms in passage_terms(entry.article, entry.spans)]
    lexical = LexicalIndex.build(counted)
    asked = sample(entries)
    if asked:
        watcher.start("check", len(asked))
    found = check(entries, asked, vectors, lexical, counted, TITLE_COUNT, embedder, watcher.advance)
    home.publish(entries, vectors, lexical, {
        "model": embedder.name, "fingerprint": embedder.fingerprint, "chunking": CHUNKING, "analysis": ANALYSIS,
        "selfcheck": found.document() if found else None,
        "paths": [root.location for root in collection.roots],
    })  # fmt: skip
    draft.discard()
    return len(texts)


def publish_articles(home: Home, embedder: Embedder, articles: Iterable[Article], watcher: Watcher | None = None) -> None:
    """Index articles that are in memory and in no file, as an evaluation does."""
    entries = sorted((make_entry(article, article.id) for article in articles), key=lambda entry: entry.location)
    with writing(home):
        _publish(home, embedder, entries, {}, Collection(), watcher or Unwatched())
