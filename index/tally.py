"""Adding up what terms are worth to passages, until it is settled which passages come out best."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.vectors import BoolVector, FloatVector, RowVector, top

LONG: Final = 5_000
"""Entries from which a list is worth leaving out."""
LOOKUP: Final = 12
"""Entries of a list that are gone through in the time that one passage is looked up in it: 96 ns beside 8 ns in lists of 400,000."""


class Tally:
    """Sums for `size` passages, of which the `k` greatest are wanted, among those of `mask`; None lets all through."""

    def __init__(self, size: int, k: int, mask: BoolVector | None) -> None:
        self._k, self._mask = k, mask
        self._total = np.zeros(size, np.float32)
        self._added: list[npt.NDArray[Any]] = []
        self._best = np.zeros(0, np.int64)
        self.least = 0.0
        """What the k-th greatest sum was when it was last looked for, 0 where there are fewer; the sums to come are no smaller."""

    def add(self, rows: npt.NDArray[Any], values: FloatVector) -> None:
        """Add to the sums of some passages, each of them once."""
        np.add.at(self._total, rows, values)
        self._added.append(rows)

    def best(self) -> tuple[RowVector, FloatVector]:
        """The passages of the `k` greatest sums, the first rows of those alike, ascending; and their sums."""
        # Whoever is among the best now was so before, or has been added to since, and is among the best of those added to together.
        for added in self._added:
            rows = added[self._total[added] >= self.least] if self.least else added
            rows = self._allowed(rows)
            both = np.sort(np.concatenate([self._best, rows[top(self._total[rows], self._k)]]))
            # What np.union1d does, which takes ten times as long over a hundred rows.
            self._best = both[np.concatenate([both[:1] >= 0, both[1:] != both[:-1]])]
        self._added = []
        sums = self._total[self._best]
        chosen = np.sort(top(sums, self._k))
        self._best, sums = self._best[chosen], sums[chosen]
        self.least = float(sums.min()) if len(sums) == self._k else 0.0
        return self._best, sums

    def contenders(self, cut: float, most: int) -> tuple[RowVector, FloatVector] | None:
        """The passages whose sums are at least `cut`, which is over 0, ascending, and their sums; None where they are more than `most`."""
        high = self._total >= cut
        if np.count_nonzero(high) > most:
            return None
        rows = self._allowed(np.flatnonzero(high))
        return rows, self._total[rows]

    def _allowed(self, rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return rows if self._mask is None else rows[self._mask[rows]]
