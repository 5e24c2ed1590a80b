"""How much may be sent: counted before anything reads it, and while it comes; and for how long more of it is waited for."""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access.gate import problem
from ui.access.scope import header, own_path

SMALL: Final = 1_000_000
"""Bytes of a request: questions have a thousand, exported conversations some hundred thousand."""
STALL: Final = 60.0
"""Seconds without a byte after which a body that is not complete is given up, as nginx does (client_body_timeout)."""

_GONE: Final[Message] = {"type": "http.disconnect"}
"""As if the client had gone: whoever reads stops, and keeps nothing."""


class Bounds:
    """Refuses requests whose body is larger than what its path may send, or stops coming: `larger` gives beginnings of paths with their
    bytes, `stall` the seconds waited for more."""

    def __init__(self, app: ASGIApp, larger: Sequence[tuple[str, int]] = (), stall: float = STALL) -> None:
        self.app = app
        self._stall = stall
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = own_path(scope)
        most = next((size for start, size in self._larger if path.startswith(start)), SMALL)
        refused = problem(413, "Too much was sent", f"more than {most:,} bytes; send less at once")
        told = header(scope, "content-length")
        if told and not (told.isascii() and told.isdecimal() and int(told[:20]) <= most):
            await refused(scope, receive, send)
            return
        late = problem(408, "It did not come", f"no more of the request came for {self._stall:.0f} seconds; send it again")
        come = 0
        begun = complete = False
        ended: Response | None = None

        async def counted() -> Message:
            nonlocal come, complete, ended
            if complete:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._stall)
            except TimeoutError:
                ended = late
                return _GONE
            if message["type"] == "http.request":
                come += len(message.get("body", b""))
                complete = not message.get("more_body", False)
                if come > most:
                    ended = refused
                    return _GONE
            return message

        async def sending(message: Message) -> None:
            nonlocal begun
            if ended and not begun:
                return
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, counted, sending)
        except Exception:
            if not ended or begun:
                raise
        if ended and not begun:
            await ended(scope, receive, send)
