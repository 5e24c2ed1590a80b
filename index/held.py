"""What the published generation holds, as a plan sees it: columns read from its tables, never its texts."""

from collections.abc import Iterator, Mapping

from index.article import Article
from index.generation import Generation
from index.serving import Known, Seen


class NothingHeld:
    """An index of which nothing is kept."""

    def sources(self) -> Mapping[str, Seen]:
        return {}

    def articles(self) -> Iterator[Known]:
        return iter(())

    def of(self, _source: str, /) -> list[Known]:
        return []

    def article(self, _location: str, /) -> Article | None:
        return None


class HeldHere:
    """A generation on this disk, and what is known of its sources."""

    def __init__(self, generation: Generation, sources: Mapping[str, Seen]) -> None:
        self._generation = generation
        self._sources = sources

    def sources(self) -> Mapping[str, Seen]:
        return self._sources

    def articles(self) -> Iterator[Known]:
        return self._generation.known()

    def of(self, source: str) -> list[Known]:
        return list(self._generation.known(source))

    def article(self, location: str) -> Article | None:
        return self._generation.located(location)
