"""How often one client may do a thing: a bucket of tokens each, which fills up again with time (RFC 2697's idea)."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

CLIENTS: Final = 50_000
"""Clients remembered; of more, the one seen longest ago is forgotten, which only favours it."""


class Limit:
    """At most `burst` at once, and `per_minute` in the long run, for each client. Safe to share between threads."""

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """0.0 if the client may go on, else the seconds after which it may."""
        now = self._clock()
        with self._lock:
            left, seen = self._left.pop(client, (float(self._burst), now))
            left = min(float(self._burst), left + (now - seen) * self._rate)
            allowed = left >= 1
            self._left[client] = (left - 1 if allowed else left, now)
            if len(self._left) > CLIENTS:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate
