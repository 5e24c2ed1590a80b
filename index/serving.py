"""What questions read of an index and what a build gives to one, wherever it is kept: on this disk, or in a database beyond it.

`Served` is what `qa` reads: `index.generation.Generation` is the one on this disk. `Store` is what a build brings up to date, and
`Held` what its plan compares the collection with.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from index.article import Article, Entry, Passage, Span
from index.facts import Facts
from index.vectors import BoolVector, FloatMatrix, FloatVector, RowVector


class Stamp(NamedTuple):
    """What tells without reading it that a file was written again: size in bytes, time of change in nanoseconds, inode."""

    size: int
    changed: int
    inode: int


class Seen(NamedTuple):
    """A source as it was read last: its label, the SHA-256 of its bytes ("" where it was not read in full), and its stamp, None where
    that says nothing."""

    label: str
    digest: str
    stamp: Stamp | None = None


class Known(NamedTuple):
    """An article that an index holds, as a plan sees it."""

    id: str
    location: str
    source: str
    path: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Some articles ready to be kept, with a vector and the terms of each of their passages, in order."""

    entries: Sequence[Entry]
    vectors: FloatMatrix
    terms: Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What one build changes. An article that was changed is both among `removed`, as it was, and among `entries`."""

    entries: Callable[[], Iterator[Entry]]
    """Those added or changed, by location; gone through as often as is needed, never all in memory."""
    count: int
    removed: Sequence[Known] = ()
    sources: Mapping[str, Seen | None] = field(default_factory=dict)
    """Every source that was looked at, by its location; None for one that is gone."""


class Held(Protocol):
    """What an index holds, as a plan sees it."""

    def sources(self) -> Mapping[str, Seen]:
        """Every source as it was read last, by its location."""

    def articles(self) -> Iterator[Known]:
        """Every article, in any order."""

    def of(self, source: str, /) -> Sequence[Known]:
        """The articles read from a source."""

    def article(self, location: str, /) -> Article | None:
        """An article in full."""


class Store(Protocol):
    """An index that a build brings in step with its collection."""

    def held(self) -> Held:
        """What it holds now; nothing where all is to be made again."""

    def publish(self, changes: Changes) -> int:
        """Take over what changed, whole or not at all. Returns how many passages the model had to encode."""


class About(Protocol):
    """What an index says of itself: of which model, and how many articles and passages can be found."""

    @property
    def model(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def articles(self) -> int: ...
    @property
    def passages(self) -> int: ...


class Dense(Protocol):
    """The vectors of passages."""

    @property
    def dimension(self) -> int: ...

    def question(self, query: FloatVector) -> FloatVector: ...
    def search(self, query: FloatVector, k: int, allowed: RowVector | None = None) -> tuple[FloatVector, RowVector]: ...
    def scores(self, query: FloatVector, rows: RowVector) -> FloatVector: ...
    def rows(self, rows: RowVector) -> FloatMatrix: ...


class Sparse(Protocol):
    """The words of passages."""

    def __contains__(self, term: str) -> bool: ...
    def frequency(self, term: str) -> int: ...
    def nearest(self, term: str) -> str | None: ...
    def search(self, weights: Mapping[str, float], k: int, allowed: RowVector | None = None) -> tuple[FloatVector, RowVector]: ...
    def at(self, weights: Mapping[str, float], rows: RowVector) -> FloatVector: ...
    def holds(self, term: str, rows: RowVector) -> BoolVector: ...
    def occurs(self, term: str, first: int, last: int) -> bool: ...


class Served(Protocol):
    """An index as questions read it. A row names a passage as long as it is open; rows of one article follow each other."""

    @property
    def manifest(self) -> About: ...
    @property
    def vectors(self) -> Dense: ...
    @property
    def lexical(self) -> Sparse: ...
    @property
    def facts(self) -> Facts: ...

    def article(self, article_id: str) -> Article | None: ...
    def at(self, path: str) -> Article | None: ...
    def rows_of(self, article_id: str) -> tuple[int, int]: ...
    def sentences(self, article_id: str, start: int, end: int) -> tuple[Span, ...]: ...
    def articles(self) -> Iterator[Article]: ...
    def copies(self, article_id: str) -> list[Article]: ...
    def passages(self, rows: Sequence[int]) -> list[Passage]: ...
