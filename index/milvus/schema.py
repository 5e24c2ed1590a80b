"""How an index lies in Milvus: three collections, and what names their rows.

NAME            one row a passage: its vector, the weights of its terms, its text and place, and what filters go by
NAME_articles   the texts of articles, in parts (a field of Milvus holds 65,535 bytes), with what is known of each beside the first
NAME_notes      what is said of all: the model, the writers, in how many passages each term stands, sites, dates, sources read

Every row says which writer put it there. A writer changes its own rows alone, so that no two need a lock; what concerns all is summed
over the writers when it is read.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from index.errors import StoreError
from index.milvus.engine import Engine
from index.milvus.place import DENSE

FORMAT: Final = 2
LONGEST: Final = 65_535
"""Bytes of UTF-8 in one field."""
ARTICLE_BITS: Final = 48
ORDINAL_BITS: Final = 15
"""A passage's row is its article's number, then its place there: 48 + 15 bits, and rows of one article follow each other."""
PASSAGES: Final = 1 << ORDINAL_BITS
"""Passages that an article may have: 32,768, some 15 million characters."""
PART: Final = 8_000
"""Characters of a text in one part: 32 kB at four bytes each, and the places of its sentences in 43 kB."""
GRAPH: Final = {"M": 16, "efConstruction": 200}
"""HNSW: recall@10 of 1.0 at 100,000 vectors with these and a search width of 128 (FAISS, 512 numbers)."""
_WORD: Final = 1_024


@dataclass(frozen=True, kw_only=True)
class Names:
    """The three collections of an index."""

    passages: str
    articles: str
    notes: str

    @classmethod
    def of(cls, collection: str) -> "Names":
        return cls(passages=collection, articles=f"{collection}_articles", notes=f"{collection}_notes")


def number_of(article_id: str) -> int:
    """An article's number: its id, which is 12 hex digits (`index.article.article_id`).

    Raises:
        StoreError: it is another kind of id.
    """
    try:
        if len(article_id) != 12:
            raise ValueError
        return int(article_id, 16)
    except ValueError as error:
        raise StoreError(
            f"the article id {article_id!r} is not of 12 hex digits; only collections of files and addresses go to Milvus"
        ) from error


def id_of(number: int) -> str:
    """The id of an article by its number."""
    return f"{number:012x}"


def first_row(article_id: str) -> int:
    """The row of an article's first passage."""
    return number_of(article_id) << ORDINAL_BITS


def quoted(text: str) -> str:
    """A string as conditions hold it."""
    return json.dumps(text, ensure_ascii=False)


def among(field: str, values: Iterable[int | str]) -> str:
    """The condition that a field has one of some values."""
    return f"{field} in [{', '.join(quoted(value) if isinstance(value, str) else str(value) for value in values)}]"


def prepare(engine: Engine, names: Names, dimension: int) -> None:
    """Make the collections that are not there.

    Raises:
        StoreError: the server has no sparse vectors and nothing says that it may do without.
    """
    if not engine.sparse and not engine.place.dense:
        raise StoreError(
            f"{engine.place.text}: Milvus {engine.version} has no sparse vectors, by which words are found; use 2.4 or later, or find "
            f"passages by vectors alone: --store '{engine.place.text}{DENSE}'"
        )
    words = engine.sparse
    graph = {"index_type": "FLAT"} if engine.place.path else {"index_type": "HNSW", "params": GRAPH}
    inverted = {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "IP"}
    plain = {"field_name": "nothing", "index_type": "FLAT", "metric_type": "IP"}
    scalar = [{"field_name": name, "index_type": "INVERTED"} for name in ("article", "writer")] if words else []
    kinds = [{"field_name": "kind", "index_type": "INVERTED"}] if words else []
    engine.create(
        names.passages,
        [
            ("key", "INT64", {"is_primary": True}), ("article", "INT64", {}), ("original", "INT64", {}), ("copy", "BOOL", {}),
            ("ordinal", "INT32", {}), ("count", "INT32", {}), ("begin", "INT32", {}), ("finish", "INT32", {}),
            ("since", "INT32", {}), ("until", "INT32", {}), *_texts("text", "title", "source"), ("writer", "VARCHAR", {"max_length": 64}),
            ("version", "VARCHAR", {"max_length": 64}), ("dense", "FLOAT_VECTOR", {"dim": dimension}),
            ("words", "SPARSE_FLOAT_VECTOR", {}) if words else ("words", "VARCHAR", {"max_length": LONGEST}),
        ],
        [{"field_name": "dense", "metric_type": "IP", **graph}, *([{"field_name": "words", **inverted}] if words else []), *scalar],
    )  # fmt: skip
    engine.create(
        names.articles,
        [
            ("key", "VARCHAR", {"is_primary": True, "max_length": 128}), ("article", "INT64", {}), ("original", "INT64", {}),
            ("version", "VARCHAR", {"max_length": 64}), ("part", "INT32", {}), ("parts", "INT32", {}), ("passages", "INT32", {}),
            ("writer", "VARCHAR", {"max_length": 64}),
            *_texts("text", "about", "location", "path", "read_from", "digest", "spans", "sentences", "signature"),
            ("sample", "SPARSE_FLOAT_VECTOR", {}) if words else ("nothing", "FLOAT_VECTOR", {"dim": 2}),
        ],
        [{"field_name": "sample", **inverted} if words else plain, *scalar],
    )  # fmt: skip
    engine.create(
        names.notes,
        [
            ("key", "VARCHAR", {"is_primary": True, "max_length": 2 * _WORD}), ("kind", "VARCHAR", {"max_length": 16}),
            ("writer", "VARCHAR", {"max_length": 64}), ("amount", "INT64", {}), *_texts("name", "value"),
            ("nothing", "FLOAT_VECTOR", {"dim": 2}),
        ],
        [plain, *kinds],
    )  # fmt: skip


def note(kind: str, writer: str, name: str, *, amount: int = 0, value: str = "") -> dict[str, Any]:
    """A row of the notes."""
    return {
        "key": note_key(kind, writer, name), "kind": kind, "writer": writer, "amount": amount, "name": name[: LONGEST // 4], "value": value,
        "nothing": [1.0, 0.0],
    }  # fmt: skip


def note_key(kind: str, writer: str, name: str) -> str:
    """The key of a note. A name that is longer than a key may be is told by its hash."""
    if len(name.encode()) > _WORD:
        import hashlib

        name = f"#{hashlib.sha256(name.encode()).hexdigest()}"
    return f"{kind}/{writer}/{name}"


def _texts(*names: str) -> Sequence[tuple[str, str, Mapping[str, Any]]]:
    return [(name, "VARCHAR", {"max_length": LONGEST}) for name in names]
