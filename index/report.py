"""What a run of the build says: how far it is, and at its end what it did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A file, or a part of one, that could not be read, and why."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Copy:
    """An article that is a near copy of another: agency copy, mostly."""

    path: str
    original: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one run of the build did, as the paths of the articles concerned."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    duplicates: tuple[Copy, ...] = ()
    """Of the articles added or changed, those that are copies of others."""
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
        """A stage ("fetch", "read", "compare", "embed" or "check"; "export" or "import") of `total` steps begins. Those of reading are
        bytes: how many articles a file holds is known when it was read."""

    def advance(self, steps: int, found: int = 0) -> None:
        """`steps` more are done, and in reading `found` more articles found."""


class Unwatched:
    """A watcher that nobody looks at."""

    def start(self, stage: str, total: int) -> None:
        pass

    def advance(self, steps: int, found: int = 0) -> None:
        pass
