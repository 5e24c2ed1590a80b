"""Which segments a build takes over into the one that it writes, so that there are never many, and none is written often."""

import math
from collections.abc import Sequence
from typing import Final

SMALL: Final = 1_000
"""Passages under which a segment is taken over at once: a small collection is always one segment, in the order of its articles."""
FACTOR: Final = 8
"""Segments of about one size that are made one: a passage is written again once each time that the collection grows by so much,
as in a log-structured merge (O'Neil et al., 1996)."""
HOLES: Final = 0.5
"""Share of a segment's passages taken out from which it is written anew."""


def taken_over(live: Sequence[int], sizes: Sequence[int], *, fresh: bool) -> list[int]:
    """Which segments to take over, by their places. `live` are the passages of each that are still there, of its `sizes`; `fresh` says that
    there are new articles to write anyway."""
    emptied = {place for place, count in enumerate(live) if not count}
    holed = {place for place, count in enumerate(live) if count < (1 - HOLES) * sizes[place]}
    small = {place for place, count in enumerate(live) if count < SMALL}
    # One small segment alone, as it was, is left alone.
    chosen = holed | (small if fresh or len(small) > 1 or any(live[place] < sizes[place] for place in small) else set())
    levels = [_level(count) for count in live]
    for level in range(max(levels, default=0) + 1):
        alike = {place for place, found in enumerate(levels) if found <= level} | chosen
        if sum(levels[place] == level for place in alike) >= FACTOR:
            chosen |= alike
    return sorted(chosen | emptied)


def _level(count: int) -> int:
    return int(math.log(count / SMALL, FACTOR)) + 1 if count >= SMALL else 0
