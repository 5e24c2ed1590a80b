"""How much may be sent: counted before anything reads it, and while it comes."""

from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access.gate import header, own_path, problem

SMALL: Final = 1_000_000
"""Bytes of a request: questions have a thousand, exported conversations some hundred thousand."""


class Bounds:
    """Refuses requests whose body is larger than what its path may send: `larger` gives beginnings of paths with their bytes."""

    def __init__(self, app: ASGIApp, larger: Sequence[tuple[str, int]] = (), base: str = "") -> None:
        self.app = app
        self._larger = larger
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = own_path(scope, self._base)
        most = next((size for start, size in self._larger if path.startswith(start)), SMALL)
        refused = problem(413, "Too much was sent", f"more than {most:,} bytes; send less at once")
        told = header(scope, "content-length")
        if told and not (told.isascii() and told.isdecimal() and int(told[:20]) <= most):
            await refused(scope, receive, send)
            return
        come = 0
        begun = over = False

        async def counted() -> Message:
            nonlocal come, over
            message = await receive()
            if message["type"] == "http.request":
                come += len(message.get("body", b""))
                if come > most:
                    over = True
                    # As if the client had gone: whoever reads stops, and keeps nothing.
                    return {"type": "http.disconnect"}
            return message

        async def sending(message: Message) -> None:
            nonlocal begun
            if over and not begun:
                return
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, counted, sending)
        except Exception:
            if not over or begun:
                raise
        if over and not begun:
            await refused(scope, receive, send)
