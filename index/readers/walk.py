"""The way of a reader through a file, unit by unit: records, members, pages. Which of them it reads, and how far it is.

A large file is read by several processes at once. Each walks through all of it, which costs little (lines are parted, archives
unpacked), and reads the units of its share, which costs most: so all meet the same units under the same numbers, whatever the kind of
file. A share that was cut off goes on behind its last unit, and passes over one that cannot be got over.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

RUN: Final = 16
"""Units in a row that fall to one share. One by one, pages and notes on them (a.html, a.json, b.html ...) would be parted by kind."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """One of the `of` equal parts of a file."""

    number: int = 0
    of: int = 1
    run: int = RUN

    def holds(self, unit: int) -> bool:
        """Whether a unit, counted from 1, falls to it."""
        return (unit - 1) // self.run % self.of == self.number


class Walk:
    """A walk through one file. Units up to `after`, and those in `without`, are passed over; `begun` is called before a unit is read with
    its number and what it is called, `passed` at every one and in between: reading is not stuck."""

    def __init__(
        self, share: Share | None = None, *, after: int = 0, without: Collection[int] = (),
        begun: Callable[[int, str], None] = lambda _unit, _name: None, passed: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self.share = share or Share()
        self.unit = 0
        """Units met so far."""
        self.took = False
        """Whether the last of them was to be read."""
        self.passed = passed
        self.position: Callable[[], float] = lambda: 0.0
        """Where in the file the reader is, from 0 to 1."""
        self._after, self._without, self._begun = after, frozenset(without), begun
        self._within = False
        self._farthest = 0.0

    def takes(self, name: str) -> bool:
        """Whether the next unit is to be read."""
        if self._within:
            return True
        self.unit += 1
        self.passed()
        self.took = self.unit > self._after and self.unit not in self._without and self.share.holds(self.unit)
        if self.took:
            self._begun(self.unit, name)
        return self.took

    @contextmanager
    def within(self) -> Iterator[None]:
        """All that is met meanwhile belongs to the unit that was taken last."""
        before, self._within = self._within, True
        try:
            yield
        finally:
            self._within = before

    def at(self, position: float) -> None:
        """The reader is at a place, from 0 to 1, until it says another."""
        self.position = lambda: position

    def farthest(self) -> float:
        """How far the reader has come, from 0 to 1."""
        # Of a stream that is closed by now.
        with suppress(ValueError):
            self._farthest = min(1.0, max(self._farthest, self.position()))
        return self._farthest
