"""What a question is limited to, as conditions that Milvus evaluates: the columns of `index.facts` without holding any."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from index.dates import first_day
from index.milvus.engine import Engine, Row
from index.milvus.schema import Names, among, number_of
from index.vectors import RowVector


@dataclass(frozen=True)
class Choice:
    """Some articles, by a condition on their passages; "" for all."""

    condition: str = ""

    def __and__(self, other: "Choice") -> "Choice":
        parts = [part for part in (self.condition, other.condition) if part]
        return Choice(" and ".join(f"({part})" for part in parts) if len(parts) > 1 else "".join(parts))


class Limit:
    """The passages that a question may be answered from: those of `choice`, of each cluster of copies those of one article."""

    def __init__(self, engine: Engine, names: Names, choice: Choice, level: Callable[[], str], *, copies: bool) -> None:
        self._engine, self._names, self._choice, self._level = engine, names, choice, level
        self._copies = copies
        # Where nothing else is limited, what is no copy is the one of its cluster.
        self.condition = "copy == false" if copies and not choice.condition else choice.condition

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        return self._engine.count(self._names.passages, self.condition or "key >= 0", level=self._level())

    @property
    def wide(self) -> bool:
        """Whether more must be asked for than is wanted, since copies are among what is found."""
        return self._copies and bool(self._choice.condition)

    def kept(self, found: Sequence[Row]) -> list[Row]:
        """Of the passages found, with the fields "article" and "original", those of the articles that stand for their clusters: the
        original where it is let through, else the first by id."""
        if not self.wide:
            return list(found)
        clusters = {row["original"] for row in found}
        listed = sorted(clusters)
        allowed: dict[int, set[int]] = {}
        for begin in range(0, len(listed), 400):
            condition = f"({self.condition}) and ordinal == 0 and {among('original', listed[begin : begin + 400])}"
            for row in self._engine.query(self._names.passages, condition, ["article", "original"], level=self._level()):
                allowed.setdefault(row["original"], set()).add(row["article"])
        chosen = {original if original in members else min(members) for original, members in allowed.items()}
        return [row for row in found if row["article"] in chosen]


class MilvusFacts:
    """Sites and dates of an index in Milvus, and the conditions that filters make of them; what `index.facts.Facts` is on this disk."""

    def __init__(
        self, engine: Engine, names: Names, level: Callable[[], str], *, copies: int, listed: Callable[[], Sequence[tuple[str, int]]]
    ) -> None:
        self._engine, self._names, self._level = engine, names, level
        self.has_copies = copies > 0
        self._listed = listed

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """Every date of publication once, the earliest first."""
        return tuple(sorted(self._amounts("day"), key=lambda day: (first_day(day), day)))

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """Every source once, by name."""
        return tuple(sorted(self._amounts("site")))

    @property
    def months(self) -> Mapping[str, int]:
        """How many articles each month, or year where no more is known, holds, the earliest first."""
        found: dict[str, int] = {}
        for day, count in sorted(self._amounts("day").items()):
            found[day[:7]] = found.get(day[:7], 0) + count
        return found

    @cached_property
    def ids(self) -> Sequence[str]:
        """Every article's id."""
        return [article_id for article_id, _ in self._every]

    @cached_property
    def passages(self) -> RowVector:
        """How many passages each article has, in the order of `ids`."""
        return np.array([passages for _, passages in self._every], np.int64)

    @cached_property
    def _every(self) -> Sequence[tuple[str, int]]:
        return self._listed()

    def rows(self, articles: Choice) -> Limit:
        """The passages of the articles chosen, of each cluster of copies one."""
        return Limit(self._engine, self._names, articles, self._level, copies=self.has_copies)

    @property
    def without_copies(self) -> Limit | None:
        """The passages of all articles that are no copies; None where none is."""
        return self.rows(Choice()) if self.has_copies else None

    def from_source(self, wanted: Callable[[str], bool]) -> Choice:
        """The articles of a source that is `wanted`."""
        sites = [site for site in self.sites if wanted(site)]
        return Choice(among("source", sites) if sites else "key < 0")

    def within(self, begin: date | None, end: date | None) -> Choice:
        """The articles that may lie in a period, to the precision of their dates; one without a date never does."""
        parts = ["since > 0", *([f"until >= {begin.toordinal()}"] if begin else []), *([f"since <= {end.toordinal()}"] if end else [])]
        return Choice(" and ".join(parts))

    def without(self, ids: Collection[str]) -> Choice:
        """The articles that have none of the given ids."""
        return Choice(f"not ({among('article', sorted(map(number_of, ids)))})" if ids else "")

    def _amounts(self, kind: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in self._engine.each(self._names.notes, f'kind == "{kind}"', ["name", "amount"]):
            found[row["name"]] = found.get(row["name"], 0) + int(row["amount"])
        return found
