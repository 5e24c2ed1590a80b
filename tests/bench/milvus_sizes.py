"""What a passage takes of an index in Milvus, and clusters on paper from it: `python -m tests.bench.milvus_sizes [CORPUS.jsonl ...]`.

The arithmetic of `index/milvus/README.md`. Counted are the terms of passages, the different ones among all, and the bytes of texts; what
Milvus makes of a vector is reckoned from its own settings. Nothing here was run on a cluster.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.article import Article, Entry, article_id
from index.errors import ArticleError
from index.milvus.schema import GRAPH
from index.source import make_entry
from index.wording import passage_terms
from tests.bench.collection import articles

NUMBERS = 512
HEAPS = 0.8
"""How the number of different terms grows with that of passages: of two French news sets of 4,223 and 14,547 passages together,
log(442,945 / 164,869) / log(14,547 / 4,223)."""
NOTE = 120
"""Bytes of the note of one term: its key, which names the writer (32 hex digits), its amount, and what Milvus keeps of any row."""
KEYS = 90
"""Bytes of a passage's numbers, title and source, near enough."""
SECTOR = 4_096
"""Bytes that DiskANN reads at once; a vector of 512 numbers and its 56 neighbours stand in one."""
PQ_SHARE = 0.125
"""Of the vectors, in memory, for DiskANN: PQCodeBudgetGBRatio of Milvus 2.3.5."""
SPARE = 1.3
"""Memory for what comes in, queries and the system."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Means over passages; `vocabulary` is the number of different terms among `passages`."""

    passages: int
    terms: float
    text: float
    vocabulary: int


def measure(entries: Iterator[Entry]) -> Measured:
    """Count what the lexical half counts."""
    passages = terms = text = 0
    vocabulary: set[str] = set()
    for entry in entries:
        counted = passage_terms(entry.article, entry.spans)
        passages += len(counted)
        terms += sum(len(set(listed)) for listed in counted)
        text += len(entry.article.text.encode())
        vocabulary.update(*counted)
    return Measured(passages=passages, terms=terms / passages, text=text / passages, vocabulary=len(vocabulary))


def main(paths: list[str]) -> None:
    """Print the table."""
    found = measure(_corpora(paths) if paths else _made())
    print(f"{found.passages} passages: {found.terms:.0f} different terms, {found.text:.0f} bytes of text; {found.vocabulary} terms in all")
    links = 2 * int(GRAPH["M"]) * 4
    fields = KEYS + found.text
    print(f"dense {4 * NUMBERS} B + links {links} B; words {8 * found.terms:.0f} B; fields {fields:.0f} B; texts {found.text:.0f} B")
    for size in (10**7, 10**8, 10**9):
        notes = NOTE * found.vocabulary * (size / found.passages) ** HEAPS
        dense = {"HNSW": 4 * NUMBERS + links, "HNSW_SQ8": NUMBERS + links, "DISKANN": PQ_SHARE * 4 * NUMBERS}
        words = size * 8 * found.terms
        parts = {"words": words, "fields": size * fields, "texts": size * found.text, "notes": notes}
        print(f"{size:.0e} passages, GB: {', '.join(f'{name} {_gb(part)}' for name, part in parts.items())}", end="")
        for kind, each in dense.items():
            both = size * each + words
            print(f"; {kind} {_gb(size * each)}, with words {_gb(both)}, times {SPARE} {_gb(SPARE * both)}", end="")
        print(f"; disk of DISKANN {_gb(size * SECTOR)}")


def _gb(size: float) -> str:
    return f"{size / 1e9:,.0f}"


def _made() -> Iterator[Entry]:
    for number, record in enumerate(articles(3_000)):
        yield _entry(str(number), record["title"], record["text"])


def _corpora(paths: list[str]) -> Iterator[Entry]:
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            try:
                yield _entry(record["_id"], record.get("title") or None, record["text"])
            except ArticleError:
                continue


def _entry(name: str, title: str | None, text: str) -> Entry:
    return make_entry(Article(id=article_id(name), text=text, path=name, digest="", title=title, language="fr"), name)


if __name__ == "__main__":
    main(sys.argv[1:])
