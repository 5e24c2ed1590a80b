"""Who published which articles and when, as columns: what a filter goes through without touching a text."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from index.dates import first_day, last_day
from index.vectors import BoolVector, RowVector


@dataclass(frozen=True)
class Facts:
    """One entry an article, by location. The passages of an article are rows `first` to `first + passages` of the index."""

    ids: Sequence[str]
    sources: Sequence[str | None]
    published: Sequence[str | None]
    first: RowVector
    passages: RowVector
    originals: RowVector
    """The place of the article that each is a copy of; its own where it is none."""

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """Every date of publication once, the earliest first."""
        return tuple(sorted({day for day in self.published if day}, key=lambda day: (first_day(day), day)))

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """Every source once, by name."""
        return tuple(sorted({source for source in self.sources if source}))

    def once(self, articles: BoolVector) -> BoolVector:
        """Of the articles chosen, one of each cluster of copies: the original where it is chosen, else the first."""
        places = np.flatnonzero(articles)
        originals = self.originals[places]
        # The original comes first, then the others by place.
        order = np.lexsort((places, places != originals, originals))
        _, firsts = np.unique(originals[order], return_index=True)
        kept = np.zeros_like(articles)
        kept[places[order][firsts]] = True
        return kept

    @cached_property
    def has_copies(self) -> bool:
        """Whether any article is a copy of another."""
        return bool((self.originals != np.arange(len(self.originals))).any())

    def rows(self, articles: BoolVector) -> RowVector:
        """Rows of the passages of the articles chosen, of each cluster of copies one, ascending."""
        return np.flatnonzero(np.repeat(self.once(articles) if self.has_copies else articles, self.passages)).astype(np.int64)

    @cached_property
    def without_copies(self) -> RowVector | None:
        """Rows of the passages of all articles that are no copies; None where none is."""
        return self.rows(np.ones(len(self.ids), np.bool_)) if self.has_copies else None

    def from_source(self, wanted: Callable[[str], bool]) -> BoolVector:
        """Which articles are of a source that is `wanted`, shape (articles,)."""
        codes, names = self._coded(self.sources)
        return np.asarray(np.array([bool(name) and wanted(name) for name in names], np.bool_)[codes])

    def within(self, begin: date | None, end: date | None) -> BoolVector:
        """Which articles may lie in a period, to the precision of their dates; one without a date never does."""
        codes, names = self._coded(self.published)
        inside = [bool(name) and (begin is None or last_day(name) >= begin) and (end is None or first_day(name) <= end) for name in names]
        return np.asarray(np.array(inside, np.bool_)[codes])

    def without(self, ids: Collection[str]) -> BoolVector:
        """Which articles have none of the given ids, shape (articles,)."""
        return np.array([article not in ids for article in self.ids], np.bool_)

    @staticmethod
    def _coded(column: Sequence[str | None]) -> tuple[npt.NDArray[Any], list[str]]:
        """Each value's place in the list of distinct ones, "" standing for None: there are far fewer of these than articles."""
        places: dict[str, int] = {}
        codes = np.fromiter((places.setdefault(value or "", len(places)) for value in column), np.int64, len(column))
        return codes, list(places)
