"""Which of the articles that come in are near copies, of one another or of articles in Milvus.

Candidates are those that share sampled shingles: each article's sample is a sparse vector there, so that one search counts them. What
decides is `index.duplicates.clusters`, as for an index on this disk.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from index.article import Entry
from index.duplicates import LIKELY, TRIED, Item, Signature, clusters, held
from index.milvus.engine import Engine, Row
from index.milvus.rows import PARTS, kept_articles, signature_of
from index.milvus.schema import Names, among, id_of, number_of
from index.milvus.weights import sample_weights

_ASKED: Final = 32
"""Samples searched for in one request."""
_ABOUT: Final = ("article", "original", "version", "about", "signature")


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """The original of each article that comes in, itself where it is no copy; and of those in Milvus whose original is another now."""

    originals: Mapping[str, str]
    moved: Mapping[str, str] = field(default_factory=dict)


def likeness(engine: Engine, names: Names, entries: Callable[[], Iterator[Entry]], gone: frozenset[str], *, known: bool) -> Likeness:
    """Compare `entries` with each other and with what is in Milvus, but for the articles `gone`; not `known`, there is nothing yet."""
    items = [
        Item(id=entry.article.id, signature=Signature.from_bytes(entry.signature), published=entry.article.published) for entry in entries()
    ]
    there: dict[str, Row] = {}
    if known and engine.sparse:
        fresh = gone | {item.id for item in items}
        for row in [*_near(engine, names, items), *_companions(engine, names, gone)]:
            if id_of(row["article"]) not in fresh:
                there[id_of(row["article"])] = row
        for row in _clustered(engine, names, {row["original"] for row in there.values()}):
            if id_of(row["article"]) not in fresh:
                there[id_of(row["article"])] = row
    texts = _texts(entries, _suspects(items, [signature_of(row) for row in there.values() if row["signature"]]))

    @lru_cache(256)
    def fetched(article_id: str) -> str:
        rows = engine.query(names.articles, f"article == {number_of(article_id)}", PARTS)
        return next((kept.article.text for kept in kept_articles(rows)), "")

    def text_of(place: int) -> str:
        known_text = texts.get(every[place].id)
        return fetched(every[place].id) if known_text is None else known_text

    every = items + [
        Item(
            id=article_id, signature=signature_of(row, None if row["signature"] else fetched(article_id)),
            published=json.loads(row["about"])["published"],
        )
        for article_id, row in there.items()
    ]  # fmt: skip
    found = clusters(every, text_of)
    originals = {}
    for place, original in enumerate(found):
        same = original == place or not held(text_of(place), text_of(original))
        originals[every[place].id] = every[place].id if same else every[original].id
    return Likeness(
        originals={item.id: originals[item.id] for item in items},
        moved={article_id: originals[article_id] for article_id, row in there.items() if originals[article_id] != id_of(row["original"])},
    )


def _near(engine: Engine, names: Names, items: Sequence[Item]) -> Iterable[Row]:
    """The articles that share so many shingles with one of `items` that they are compared."""
    asked = [item for item in items if len(item.signature.sample)]
    for begin in range(0, len(asked), _ASKED):
        block = asked[begin : begin + _ASKED]
        vectors = [sample_weights(item.signature.sample) for item in block]
        for item, hits in zip(block, engine.search(names.articles, "sample", vectors, 2 * TRIED, _ABOUT), strict=True):
            for shared, row in hits:
                size = len(signature_of(row).sample) if row["signature"] else len(item.signature.sample)
                if shared >= LIKELY * min(len(item.signature.sample), size):
                    yield row


def _companions(engine: Engine, names: Names, gone: frozenset[str]) -> Iterable[Row]:
    """The copies of articles that go."""
    return _clustered(engine, names, {number_of(article_id) for article_id in gone})


def _clustered(engine: Engine, names: Names, originals: set[int]) -> Iterable[Row]:
    listed = sorted(originals)
    for begin in range(0, len(listed), 400):
        yield from engine.query(names.articles, f"part == 0 and {among('original', listed[begin : begin + 400])}", _ABOUT)


def _suspects(items: Sequence[Item], others: Sequence[Signature]) -> frozenset[str]:
    """Those of `items` that share sampled shingles with any other: the only ones of which the text may be asked."""
    samples = [item.signature.sample for item in items] + [other.sample for other in others]
    if not samples:
        return frozenset()
    values, counts = np.unique(np.concatenate(samples), return_counts=True)
    shared = values[counts > 1]
    return frozenset(item.id for item in items if np.isin(item.signature.sample, shared, assume_unique=True).any())


def _texts(entries: Callable[[], Iterator[Entry]], wanted: frozenset[str]) -> dict[str, str]:
    return {entry.article.id: entry.article.text for entry in entries() if entry.article.id in wanted} if wanted else {}
