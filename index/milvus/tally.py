"""What is counted over a whole index: articles, passages, the length of passages, and how many passages hold each term.

Every writer keeps counts of its own rows and replaces them itself; a question sums them over the writers. So they are exact whenever
no build is running, without a lock between writers. A writer that was stopped half-way counts its rows anew.

What the passages' own weights were made with is one average length. It is moved, and the rows of a writer are weighed again when that
next publishes, as soon as the true average is `DRIFT` away from it. A weight tf / (tf + k1 (1 - b + b length / average)) changes by less
than the average does, in proportion: within 2 % at the last publication of the row's writer.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from index.article import Article, Span
from index.milvus.engine import STRONG, Engine
from index.milvus.schema import Names, among, note, note_key, quoted
from index.milvus.weights import distinct
from index.wording import passage_terms

DRIFT: Final = 0.02
"""How far the average length may go from the one that weights were made with."""
HELD: Final = 200_000
"""Terms counted in memory before they are written."""
_KEYS: Final = 400
"""Notes asked for at once."""
WRITING: Final = "writing"
WHOLE: Final = "whole"


@dataclass(frozen=True, kw_only=True)
class Writer:
    """What a writer says of its rows. `terms` is the length of all its passages together, `average` what its weights were made with."""

    state: str = WHOLE
    version: int = 0
    articles: int = 0
    passages: int = 0
    terms: int = 0
    copies: int = 0
    average: float = 0.0


@dataclass(frozen=True, kw_only=True)
class State:
    """An index as a whole: what it says of itself, and its writers."""

    about: Mapping[str, Any] | None
    writers: Mapping[str, Writer]
    average: float
    """The average length that new weights are made with; 0 where there is none yet."""
    whitening: str
    whitened: int
    """How many passages there were when that was made."""
    selfcheck: Mapping[str, float] | None = None
    """What `index.selfcheck` found last, None where it was never made or had too few headlines."""
    unmeasured: int | None = None
    """Articles that came or went since; None where it was never made."""

    @property
    def articles(self) -> int:
        return sum(writer.articles for writer in self.writers.values())

    @property
    def passages(self) -> int:
        return sum(writer.passages for writer in self.writers.values())

    @property
    def copies(self) -> int:
        return sum(writer.copies for writer in self.writers.values())

    @property
    def true_average(self) -> float:
        """The mean number of terms of a passage, as it is."""
        return sum(writer.terms for writer in self.writers.values()) / self.passages if self.passages else 0.0

    @property
    def name(self) -> str:
        """Another after every publication, by whichever writer."""
        return "-".join(f"{writer[:8]}.{about.version}" for writer, about in sorted(self.writers.items())) or "0"


def read_state(engine: Engine, names: Names, *, level: str = STRONG) -> State:
    """The index as it is now."""
    rows = engine.query(
        names.notes, among("kind", ["index", "writer", "pointer"]), ["kind", "writer", "name", "amount", "value"], level=level
    )
    pointers = {row["name"]: row for row in rows if row["kind"] == "pointer"}
    about = next((json.loads(row["value"]) for row in rows if row["kind"] == "index"), None)
    return State(
        about=about, writers={row["writer"]: Writer(**json.loads(row["value"])) for row in rows if row["kind"] == "writer"},
        average=float(pointers["average"]["value"]) if "average" in pointers else 0.0,
        whitening=pointers["whitening"]["value"] if "whitening" in pointers else "",
        whitened=int(pointers["whitening"]["amount"]) if "whitening" in pointers else 0,
        selfcheck=json.loads(pointers["selfcheck"]["value"]) if "selfcheck" in pointers else None,
        unmeasured=int(pointers["selfcheck"]["amount"]) if "selfcheck" in pointers else None,
    )  # fmt: skip


def write_writer(engine: Engine, names: Names, writer: str, about: Writer) -> None:
    """Replace what a writer says of its rows."""
    engine.upsert(names.notes, [note("writer", writer, "", value=json.dumps(asdict(about)))])


def frequencies(engine: Engine, names: Names, writers: Iterable[str], terms: Sequence[str], *, level: str = STRONG) -> dict[str, int]:
    """In how many passages each term stands, over all writers; every term asked for is there."""
    found: Counter[str] = Counter(dict.fromkeys(terms, 0))
    keys = {note_key("term", writer, term): term for writer in writers for term in terms}
    listed = list(keys)
    for begin in range(0, len(listed), _KEYS):
        for row in engine.query(names.notes, among("key", listed[begin : begin + _KEYS]), ["key", "amount"], level=level):
            found[keys[row["key"]]] += int(row["amount"])
    return dict(found)


class Tally:
    """What one publication changes of its writer's counts; written in pieces, so that memory is bounded."""

    def __init__(self, engine: Engine, names: Names, writer: str) -> None:
        self._engine, self._names, self._writer = engine, names, writer
        self._counts: dict[str, Counter[str]] = {"term": Counter(), "site": Counter(), "day": Counter()}
        self._changed = Counter[str]()

    def add(self, article: Article, passages: Sequence[Sequence[str]], *, copy: bool) -> None:
        """An article that comes in, with the terms of its passages."""
        self._count(article, passages, copy, 1)

    def take_out(self, article: Article, spans: Sequence[Span], *, copy: bool) -> None:
        """An article that goes, as it was."""
        self._count(article, passage_terms(article, spans), copy, -1)

    def copies(self, change: int) -> None:
        """More, or fewer, articles that are copies."""
        self._changed["copies"] += change

    def after(self, writer: Writer) -> Writer:
        """What the writer says of its rows with all this."""
        return replace(writer, **{name: getattr(writer, name) + change for name, change in self._changed.items()})

    def write(self) -> None:
        """Bring the counts in the notes up to date with what was counted since the last time."""
        for kind, counts in self._counts.items():
            names = [name for name, change in counts.items() if change]
            for begin in range(0, len(names), _KEYS):
                self._write(kind, names[begin : begin + _KEYS])
            counts.clear()

    def forget(self) -> None:
        """Delete all counts of this writer, to be made anew."""
        kinds = among("kind", list(self._counts))
        self._engine.delete(self._names.notes, f"{kinds} and writer == {quoted(self._writer)}")

    def _count(self, article: Article, passages: Sequence[Sequence[str]], copy: bool, sign: int) -> None:
        for term, count in distinct(passages).items():
            self._counts["term"][term] += sign * count
        for kind, name in (("site", article.source), ("day", article.published)):
            if name:
                self._counts[kind][name] += sign
        self._changed.update({
            "articles": sign, "passages": sign * len(passages), "terms": sign * sum(map(len, passages)), "copies": sign * copy,
        })  # fmt: skip
        if len(self._counts["term"]) > HELD:
            self.write()

    def _write(self, kind: str, listed: Sequence[str]) -> None:
        keys = {name: note_key(kind, self._writer, name) for name in listed}
        rows = self._engine.query(self._names.notes, among("key", keys.values()), ["key", "amount"])
        before = {row["key"]: int(row["amount"]) for row in rows}
        after = {name: before.get(key, 0) + self._counts[kind][name] for name, key in keys.items()}
        self._engine.upsert(self._names.notes, [note(kind, self._writer, name, amount=count) for name, count in after.items() if count > 0])
        if gone := [keys[name] for name, count in after.items() if count <= 0 and keys[name] in before]:
            self._engine.delete(self._names.notes, among("key", gone))
