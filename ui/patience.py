"""How long the server waits for a request to come: whoever sends nothing more holds no line open.

uvicorn ends idle lines between requests, and nothing else. Limits as nginx has them (client_header_timeout, client_body_timeout).
"""

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS: Final = 30.0
"""Seconds in which the headers of a request must have come."""


class Patience(H11Protocol):
    """The HTTP protocol of uvicorn on h11, with an end to waiting for headers."""

    patience: float = HEADERS
    _ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A line was opened: its first request is due."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Some bytes came."""
        super().data_received(data)
        # h11 goes on from IDLE once it has read all headers.
        if self.conn.their_state is h11.IDLE and data:
            self._wait()
        else:
            self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """The line is gone."""
        self._rest()
        super().connection_lost(exc)

    def _wait(self) -> None:
        # Set once for a request: a byte now and then buys no time.
        if self._ends is None:
            self._ends = self.loop.call_later(self.patience, self._end)

    def _rest(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None

    def _end(self) -> None:
        self._ends = None
        if not self.transport.is_closing():
            self.transport.close()
