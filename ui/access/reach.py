"""How a request reached the site: below which path, by which scheme, from which address. The outermost layer.

uvicorn's ProxyHeadersMiddleware was weighed: it believes every program on this machine unless told otherwise, and leaves in place the
X-Forwarded-Host that Gradio believes of anybody.
"""

import ipaddress
from typing import Final

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.access.scope import base_of, header, headers

_TOLD: Final = (b"forwarded", b"x-forwarded-", b"x-real-ip", b"x-original-", b"x-rewrite-", b"x-gradio-server")
"""Headers by which a proxy tells what it was asked; nobody behind this layer reads them."""
_NAMED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Reach:
    """Puts what is true into the scope. `base` is the path that the site stands below, whether or not a proxy takes it off; `proxies` are
    the addresses whose X-Forwarded-For and X-Forwarded-Proto are believed; `secure` says that every request came by https."""

    def __init__(self, app: ASGIApp, *, base: str = "", proxies: frozenset[str] = frozenset(), secure: bool = False) -> None:
        self.app = app
        self._base = base.rstrip("/")
        self._proxies = proxies
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = self._as_it_is(scope)
        base = base_of(scope)
        if scope["type"] == "http" and base and scope["path"] == base:
            # What is told relative to the page needs the slash.
            await RedirectResponse(f"{base}/", status_code=307)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _as_it_is(self, scope: Scope) -> Scope:
        state = {**scope.get("state", {}), "proxied": any(header(scope, name) for name in _NAMED)}
        found = {**scope, "state": state, "headers": [item for item in scope["headers"] if not item[0].startswith(_TOLD)]}
        if self._base:
            path, raw = str(scope["path"]), scope.get("raw_path") or b""
            below = path == self._base or path.startswith(f"{self._base}/")
            found["root_path"] = self._base
            if not below:
                found["path"], found["raw_path"] = self._base + path, self._base.encode() + raw
        believed = str((scope.get("client") or ("",))[0]) in self._proxies
        if believed and (address := _named(scope)):
            found["client"] = (address, 0)
        if self._secure or (believed and header(scope, "x-forwarded-proto").strip().lower() == "https"):
            found["scheme"] = "wss" if scope["type"] == "websocket" else "https"
        return found


def _named(scope: Scope) -> str | None:
    """The address that a proxy names last: those before it are what the client said. A proxy may write a header of its own after the
    client's, so all of them are read as one (RFC 9110, 5.3)."""
    last = ",".join(headers(scope, "x-forwarded-for")).rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(last))
    except ValueError:
        return None
