"""The gate before the whole site: who asks, whether they may, how often, and the headers that every answer carries.

An ASGI layer of its own, so that what Gradio serves is behind it like everything else. Starlette's AuthenticationMiddleware was weighed:
it tells who asks, but guards nothing, and knows no sessions that end.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import GriotError
from ui.access.accounts import Accounts, Role
from ui.access.limits import Limit
from ui.access.login import logged_out, login_page
from ui.access.scope import base_of, client_of, header, is_secure, own_path
from ui.access.sessions import Sessions

COOKIE: Final = "griot_session"
OPEN: Final = frozenset({"/style.css", "/favicon.svg", "/healthz", "/robots.txt"})
"""What everybody may have: it tells nothing of the collection."""
ASKING: Final = ("/gradio_api/queue/join", "/gradio_api/run/", "/gradio_api/call/", "/api/ask", "/api/search", "/export/")
"""Where questions and conversations come in, which cost time."""
_HARMLESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, kw_only=True)
class Who:
    """Who asks: `name` is None for whoever sits at a site without accounts, and for a program with a key its key's name."""

    name: str | None
    role: Role


class Noting(Protocol):
    """Told of what somebody did, for the log."""

    def __call__(self, event: str, **told: Any) -> None: ...


def unnoted(event: str, **told: Any) -> None:
    """Keeps no log."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a site lets in. `keys` tells who a program's key is of; `hosts` are the names that it answers to, all where None; `questions`
    limits each client; `logins` limits the attempts of each client, `names` those on each name: more, so that no single client can keep
    somebody else out; `note` is told of every attempt."""

    accounts: Accounts | None = None
    keys: Callable[[str], Who | None] = lambda _: None
    sessions: Sessions = field(default_factory=Sessions)
    read_only: bool = False
    hosts: frozenset[str] | None = None
    questions: Limit | None = field(default_factory=lambda: Limit(per_minute=120, burst=60))
    logins: Limit = field(default_factory=lambda: Limit(per_minute=6, burst=10))
    names: Limit = field(default_factory=lambda: Limit(per_minute=30, burst=50))
    note: Noting = unnoted

    def who(self, scope: Scope) -> Who | None:
        """Who asks, or None where they must come in first."""
        found = self._known(scope)
        return Who(name=found.name, role="reader") if found and self.read_only else found

    def _known(self, scope: Scope) -> Who | None:
        if key := _bearer(scope):
            return self.keys(key)
        if self.accounts is None:
            # Who comes through a proxy does not sit at this machine, though the proxy does.
            return Who(name=None, role="reader" if scope.get("state", {}).get("proxied") else "editor")
        session = self.sessions.find(token(scope))
        account = self.accounts.all().get(session.name) if session else None
        if session is None or account is None or account.hash != session.proof:
            return None
        return Who(name=account.name, role=account.role)


class Gate:
    """Lets a request through to `app`, with `scope["state"]["who"]`, or answers it."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        path = own_path(scope)
        send = _with_headers(send, scope)
        try:
            refused = self._refusal(scope, path)
        except GriotError as error:
            refused = problem(503, "Accounts cannot be read", str(error))
        if refused is None and path == "/login":
            await login_page(scope, receive, send, self.rules, _cookie(scope), token(scope))
        elif refused is None and path == "/logout":
            await logged_out(scope, receive, send, self.rules, _cookie(scope), token(scope))
        elif refused is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not allowed"})
        else:
            await refused(scope, receive, send)

    def _refusal(self, scope: Scope, path: str) -> Response | None:
        """The answer to a request that may not go on; None where it may."""
        rules = self.rules
        host = header(scope, "host")
        if rules.hosts is not None and _bare(host) not in rules.hosts:
            # A foreign name that resolves to this machine (DNS rebinding) would make a stranger's page one of ours.
            return problem(
                421, "Misdirected request", f"this site does not go by the name {_bare(host)[:80]!r}; start it with --allow-host"
            )
        if not path.isprintable():
            return problem(404, "Not found", "no address of this site holds control characters")
        if not _same_site(scope, host):
            return problem(403, "Another site asks", "only pages of this site may send this request")
        if path in OPEN or path in ("/login", "/logout"):
            return None
        who = rules.who(scope)
        if who is None:
            if scope["type"] == "http" and scope["method"] == "GET" and "text/html" in header(scope, "accept"):
                wanted = quote(path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""))
                return RedirectResponse(f"{base_of(scope)}/login?next={wanted}", status_code=303)
            headers = {"WWW-Authenticate": "Bearer"}
            return problem(401, "Come in first", "sign in at /login, or send a key as: Authorization: Bearer KEY", headers)
        scope.setdefault("state", {})["who"] = who
        if rules.questions and scope["type"] == "http" and scope["method"] == "POST" and path.startswith(ASKING):
            wait = rules.questions.take(who.name or client_of(scope))
            if wait:
                again = {"Retry-After": str(int(wait) + 1)}
                return problem(429, "Too many questions", f"ask again in {int(wait) + 1} seconds", again)
        return None


def _with_headers(send: Send, scope: Scope) -> Send:
    """Adds what every answer carries, where it does not say otherwise itself."""
    added = [
        (b"x-content-type-options", b"nosniff"), (b"x-frame-options", b"DENY"),
        # Not no-referrer: with it, browsers hide from our own forms where they come from (Fetch, "append a request Origin header").
        (b"referrer-policy", b"same-origin"),
        (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        (b"cross-origin-opener-policy", b"same-origin"), (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    ]  # fmt: skip
    if own_path(scope).startswith("/api/"):
        added.append((b"cache-control", b"no-store"))
    if is_secure(scope):
        added.append((b"strict-transport-security", b"max-age=31536000"))

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            told = {name.lower() for name, _ in message["headers"]}
            message = {**message, "headers": [*message["headers"], *(item for item in added if item[0] not in told)]}
        await send(message)

    return sending


def _cookie(scope: Scope) -> str:
    """The session cookie's name. By https it has the prefix that keeps other sites of the domain from setting it (RFC 6265bis, 4.1.3)."""
    return COOKIE if not is_secure(scope) else f"__Secure-{COOKIE}" if base_of(scope) else f"__Host-{COOKIE}"


def token(scope: Scope) -> str:
    """The session token that the browser sent, or ""."""
    return HTTPConnection(scope).cookies.get(_cookie(scope), "")


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    """A problem document (RFC 9457)."""
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(json.dumps(document, ensure_ascii=False), status_code=status, media_type="application/problem+json", headers=headers)


def local_hosts(extra: Iterable[str] = ()) -> frozenset[str]:
    """The names of this machine to itself, and `extra` ones."""
    return frozenset({"localhost", "127.0.0.1", "[::1]", *(name.lower() for name in extra)})


def _same_site(scope: Scope, host: str) -> bool:
    """Whether a request that may change something comes from a page of this site, or from no page at all. By what the browser says of
    it (Sec-Fetch-Site), and where it says nothing by Origin, as OWASP's cheat sheet on CSRF has it; a browser sends no key by itself."""
    changes = scope["type"] == "websocket" or scope["method"] not in _HARMLESS
    if not changes or _bearer(scope):
        return True
    if told := header(scope, "sec-fetch-site"):
        return told in ("same-origin", "none")
    origin = header(scope, "origin")
    return not origin or origin.lower().partition("://")[2] == host.lower()


def _bearer(scope: Scope) -> str:
    """The key that a program sends, or ""."""
    scheme, _, key = header(scope, "authorization").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _bare(host: str) -> str:
    """A Host header without its port."""
    name = host.lower()
    return name[: name.index("]") + 1] if name.startswith("[") and "]" in name else name.partition(":")[0]
