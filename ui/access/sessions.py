"""Who has come in, by the token that their browser keeps. Held in memory: a restart asks everybody to come in again."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

IDLE: Final = 12 * 3_600.0
"""Seconds without a request after which a session ends: a working day."""
LONGEST: Final = 7 * 86_400.0
"""Seconds after which a session ends in any case."""
MOST: Final = 10_000
"""Sessions at once; beyond, the one unused for longest ends."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """One browser that came in. `proof` is the hash of the password it came in with, so that a new password ends it. Times in seconds."""

    name: str
    proof: str
    began: float
    used: float


class Sessions:
    """Sessions by token, of which only the SHA-256 is kept. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, Session] = {}

    def begin(self, name: str, proof: str) -> str:
        """A new token, whatever the browser held before: no one can prepare a session for another (session fixation)."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            if len(self._open) >= MOST:
                del self._open[min(self._open, key=lambda key: self._open[key].used)]
            self._open[_key(token)] = Session(name=name, proof=proof, began=now, used=now)
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, used now; None where there is none or it has ended."""
        key, now = _key(token), self._clock()
        with self._lock:
            session = self._open.get(key)
            if session is None:
                return None
            if now - session.used > IDLE or now - session.began > LONGEST:
                del self._open[key]
                return None
            self._open[key] = replace(session, used=now)
            return session

    def end(self, token: str) -> None:
        """End a session, if it is one."""
        with self._lock:
            self._open.pop(_key(token), None)


def _key(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
