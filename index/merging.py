"""Which segments a build takes over into the one that it writes, so that there are never many, and none is written often."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Merging:
    """The rule."""

    small: int = 1_000
    """Passages under which a segment is taken over at once: a small collection is always one segment, in the order of its articles."""
    factor: int = 8
    """Segments of about one size that are made one: a passage is written again once each time that the collection grows by so much,
    as in a log-structured merge (O'Neil et al., 1996)."""
    holes: float = 0.5
    """Share of a segment's passages taken out from which it is written anew."""

    def taken_over(self, live: Sequence[int], sizes: Sequence[int], *, fresh: bool) -> list[int]:
        """Which segments to take over, by their places. `live` are the passages of each that are still there, of its `sizes`; `fresh` says
        that there are new articles to write anyway."""
        places = range(len(live))
        small = {place for place in places if live[place] < self.small}
        # One small segment alone, as it was, is left alone.
        chosen = small if fresh or len(small) > 1 or any(live[place] < sizes[place] for place in small) else set()
        chosen |= {place for place in places if live[place] < (1 - self.holes) * sizes[place] or not live[place]}
        levels = [self._level(count) for count in live]
        for level in range(1, max(levels, default=0) + 1):
            alike = {place for place in places if levels[place] == level} - chosen
            # What is written anyway counts where it is as large.
            if len(alike) + (self._level(sum(live[place] for place in chosen)) >= level) >= self.factor:
                chosen |= alike
        return sorted(chosen)

    def _level(self, count: int) -> int:
        return int(math.log(count / self.small, self.factor)) + 1 if count >= self.small else 0
