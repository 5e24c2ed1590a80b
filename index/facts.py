"""Who published which articles and when, as columns: what a filter goes through without touching a text."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from index.dates import first_day, last_day
from index.vectors import BoolVector, RowVector


class Coded(Sequence[str | None]):
    """A column of names, each kept once: value i is `names[codes[i]]`."""

    def __init__(self, codes: RowVector, names: Sequence[str | None]) -> None:
        self.codes, self.names = codes, names

    @classmethod
    def joined(cls, columns: Iterable["Coded"]) -> "Coded":
        """Columns one after the other."""
        places: dict[str | None, int] = {}
        codes = [np.zeros(0, np.int64)]
        for column in columns:
            translated = np.array([places.setdefault(name, len(places)) for name in column.names], np.int64)
            codes.append(translated[column.codes])
        return cls(np.concatenate(codes), list(places))

    @property
    def present(self) -> set[str | None]:
        """Every value that occurs."""
        return {self.names[code] for code in np.unique(self.codes)}

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, place: int) -> str | None: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str | None]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str | None] | None:
        return Coded(self.codes[place], self.names) if isinstance(place, slice) else self.names[self.codes[place]]


class Lazy(Sequence[str]):
    """A column that is read when it is first looked at."""

    def __init__(self, read: Callable[[], Sequence[str]], size: int) -> None:
        self._read, self._size = read, size

    @cached_property
    def _values(self) -> Sequence[str]:
        return self._read()

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return self._values[place]


@dataclass(frozen=True)
class Facts:
    """One entry an article. The passages of an article are rows `first` to `first + passages` of the index."""

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
        return tuple(sorted((day for day in _distinct(self.published) if day), key=lambda day: (first_day(day), day)))

    @cached_property
    def months(self) -> Mapping[str, int]:
        """How many articles each month ("2024-03") or, where no more is known, year ("2024") holds; the earliest first."""
        return dict(sorted(Counter(day[:7] for day in self.published if day).items()))

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """Every source once, by name."""
        return tuple(sorted(source for source in _distinct(self.sources) if source))

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
        chosen = np.flatnonzero(self.once(articles) if self.has_copies else articles)
        counts = self.passages[chosen]
        # The place of each passage within its article, added to the row of the first.
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.asarray(np.repeat(self.first[chosen], counts) + within, np.int64)

    @cached_property
    def without_copies(self) -> RowVector | None:
        """Rows of the passages of all articles that are no copies; None where none is."""
        return self.rows(self.without(())) if self.has_copies else None

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
        return np.array([article not in ids for article in self.ids], np.bool_) if ids else np.ones(len(self.first), np.bool_)

    @staticmethod
    def _coded(column: Sequence[str | None]) -> tuple[npt.NDArray[Any], list[str]]:
        """Each value's place in the list of distinct ones, "" standing for None: there are far fewer of these than articles."""
        if isinstance(column, Coded):
            return column.codes, [name or "" for name in column.names]
        places: dict[str, int] = {}
        codes = np.fromiter((places.setdefault(value or "", len(places)) for value in column), np.int64, len(column))
        return codes, list(places)


def _distinct(column: Sequence[str | None]) -> set[str | None]:
    return column.present if isinstance(column, Coded) else set(column)
