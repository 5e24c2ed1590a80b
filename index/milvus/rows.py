"""An article with its passages as rows of Milvus, and back."""

import base64
import hashlib
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from index.article import Article, Entry, Span
from index.dates import first_day, last_day
from index.errors import StoreError
from index.milvus.engine import Row
from index.milvus.schema import LONGEST, PART, PASSAGES, first_row, id_of, number_of
from index.milvus.weights import NOWHERE, passage_weights, sample_weights, to_bytes
from index.serving import Known
from index.shingles import Signature, signature
from index.tables import SPANS, spans_of
from index.vectors import FloatMatrix

_ABOUT: Final = ("title", "url", "source", "published", "language", "author")
PARTS: Final = (
    "article",
    "original",
    "version",
    "part",
    "parts",
    "text",
    "about",
    "location",
    "path",
    "read_from",
    "digest",
    "spans",
    "sentences",
)
"""What is asked of the parts of an article to put it together."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An article as Milvus holds it."""

    article: Article
    location: str
    version: str
    original: str
    spans: Sequence[Span]
    sentences: Sequence[Span]

    @property
    def entry(self) -> Entry:
        """As a build reads it, but for where from."""
        return Entry(article=self.article, location=self.location, source="", spans=self.spans, sentences=self.sentences)


def version_of(entry: Entry) -> str:
    """What changes whenever anything that is kept of an article does."""
    content = [
        entry.location,
        entry.source,
        entry.article.path,
        entry.article.digest,
        entry.article.text,
        _about(entry.article),
        [*entry.spans],
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def article_rows(entry: Entry, original: str, writer: str, *, words: bool) -> list[dict[str, Any]]:
    """The parts of an article; the sentences and passages of each are those that begin in it."""
    item, version = entry.article, version_of(entry)
    starts = range(0, max(len(item.text), 1), PART)
    spans, sentences = _by_part(entry.spans, starts), _by_part(entry.sentences, starts)
    kept = base64.b64encode(entry.signature).decode()
    rows = []
    for part, start in enumerate(starts):
        head = part == 0
        rows.append({
            "key": f"{item.id}/{version}/{part:06d}", "article": number_of(item.id), "original": number_of(original), "version": version,
            "part": part, "parts": len(starts), "passages": len(entry.spans), "writer": writer, "text": item.text[start : start + PART],
            "about": json.dumps(_about(item), ensure_ascii=False) if head else "", "location": entry.location if head else "",
            "path": item.path if head else "", "read_from": entry.source if head else "", "digest": item.digest if head else "",
            "spans": _packed(spans[part]), "sentences": _packed(sentences[part]),
            # Longer ones, of whole books, are worked out again from the text.
            "signature": kept if head and len(kept) <= LONGEST else "",
            **({"sample": sample_weights(Signature.from_bytes(entry.signature).sample) if head and entry.signature else NOWHERE} if words
               else {"nothing": [1.0, 0.0]}),
        })  # fmt: skip
    return rows


def passage_rows(
    entry: Entry, vectors: FloatMatrix, terms: Sequence[Sequence[str]], average: float, original: str, writer: str, *, words: bool
) -> list[dict[str, Any]]:
    """The passages of an article, `vectors` of shape (passages, dimension) and `terms` as the lexical half counts them.

    Raises:
        StoreError: there are more than a row has numbers for.
    """
    item, version, first = entry.article, version_of(entry), first_row(entry.article.id)
    if len(entry.spans) > PASSAGES:
        raise StoreError(f"{item.path} has {len(entry.spans)} passages, and an article in Milvus at most {PASSAGES}; split it into parts")
    rows = []
    for ordinal, ((start, end), vector, counted) in enumerate(zip(entry.spans, vectors, terms, strict=True)):
        weights = passage_weights(counted, average)
        rows.append({
            "key": first + ordinal, "article": number_of(item.id), "original": number_of(original), "copy": original != item.id,
            "ordinal": ordinal, "count": len(entry.spans), "begin": start, "finish": end,
            "since": first_day(item.published).toordinal() if item.published else 0,
            "until": last_day(item.published).toordinal() if item.published else 0,
            "text": item.text[start:end], "title": item.title or "", "source": item.source or "", "writer": writer, "version": version,
            "dense": vector, "words": dict(weights) if words else base64.b64encode(to_bytes(weights)).decode(),
        })  # fmt: skip
    return rows


def kept_articles(rows: Iterable[Row], versions: Mapping[int, str] = MappingProxyType({})) -> Iterator[Kept]:
    """The articles of which all parts are among `rows`; of one in two versions, while it is being changed, the one that is whole; where
    both are, the one that `versions` has for the article's number."""
    groups: dict[tuple[int, str], dict[int, Row]] = defaultdict(dict)
    for row in rows:
        groups[row["article"], row["version"]][row["part"]] = row
    found: dict[int, Kept] = {}
    for (number, version), parts in groups.items():
        wanted = number in found and found[number].version == versions.get(number)
        if len(parts) == parts[min(parts)]["parts"] and not wanted:
            found[number] = _kept(number, version, [parts[part] for part in sorted(parts)])
    yield from found.values()


def assembled(rows: Iterable[Row]) -> Iterator[Kept]:
    """The articles whose parts are among `rows`, each as soon as its last part came."""
    waiting: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in rows:
        key = row["article"], row["version"]
        waiting[key].append(row)
        if len(waiting[key]) == row["parts"]:
            yield from kept_articles(waiting.pop(key))


def known_of(row: Row) -> Known:
    """What a plan sees of an article, from its first part."""
    return Known(id=id_of(row["article"]), location=row["location"], source=row["read_from"], path=row["path"], digest=row["digest"])


def signature_of(row: Row, text: str | None = None) -> Signature:
    """The signature of an article, from its first part, or from its text where that is too long to be kept."""
    return Signature.from_bytes(base64.b64decode(row["signature"])) if row["signature"] else signature(text or "")


def article_of(number: int, about: Mapping[str, Any], text: str, path: str, digest: str) -> Article:
    """An article from what is kept of it."""
    return Article(
        id=id_of(number), text=text, path=path, digest=digest, origins=about["origins"], **{name: about[name] for name in _ABOUT}
    )  # fmt: skip


def _kept(number: int, version: str, parts: Sequence[Row]) -> Kept:
    head = parts[0]
    text = "".join(part["text"] for part in parts)
    return Kept(
        article=article_of(number, json.loads(head["about"]), text, head["path"], head["digest"]), location=head["location"],
        version=version, original=id_of(head["original"]), spans=[span for part in parts for span in _unpacked(part["spans"])],
        sentences=[span for part in parts for span in _unpacked(part["sentences"])],
    )  # fmt: skip


def _about(item: Article) -> dict[str, Any]:
    return {**{name: getattr(item, name) for name in _ABOUT}, "origins": dict(item.origins)}


def _by_part(spans: Sequence[Span], starts: Sequence[int]) -> list[list[Span]]:
    found: list[list[Span]] = [[] for _ in starts]
    for span in spans:
        found[bisect_right(starts, span[0]) - 1].append(span)
    return found


def _packed(spans: Sequence[Span]) -> str:
    return base64.b64encode(np.array(spans, SPANS).tobytes()).decode()


def _unpacked(kept: str) -> list[Span]:
    return spans_of(base64.b64decode(kept))
