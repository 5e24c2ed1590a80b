"""The page around the chat: Griot's own head, the policy that keeps every request on this server, and none of Gradio that is not used."""

import json
import re
from dataclasses import asdict
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access.scope import base_of, own_path
from ui.language import cookie, language_of
from ui.place import moved
from ui.texts import TEXTS, Language

SCRIPTS: Final = ("kept.js", "list.js", "script.js")
"""In the order in which they run."""
# Of Gradio's many: what the page of a site that keeps no files, shares nothing and has no accounts of Gradio's asks for.
_USED: Final = re.compile(
    r"/(?:assets|static|svelte)/.*|/(?:theme\.css|favicon\.ico|config)|"
    r"/gradio_api/(?:startup-events|theme\.css|app_id|queue/(?:join|data)|run/predict|cancel|reset|heartbeat/\w+)/?",
    re.DOTALL,
)
_GRADIO: Final = re.compile(
    r"/(?:gradio_api|assets|static|svelte|theme\.css|favicon\.ico|config|login|logout|robots\.txt|pwa_icon|manifest\.json|monitoring|"
    r"openapi\.json)(?:/.*)?",
    re.DOTALL,
)
# Gradio builds functions from strings and styles elements in place; nothing may come from, or go to, another host.
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


class Shell:
    """Makes Gradio's page Griot's own: its language, icon and style, before the first paint; a policy that keeps every
    request on this server; and no answer from the parts of Gradio that the page does not use."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = own_path(scope)
        if _GRADIO.fullmatch(path) and not _USED.fullmatch(path):
            await Response(status_code=404)(scope, receive, send)
        elif path == "/" and scope["method"] == "GET":
            await self._page(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, base = Request(scope), base_of(scope)
        language = language_of(request)
        # The page is changed below, so it must not come compressed.
        plain = {**scope, "headers": [item for item in scope["headers"] if item[0] != b"accept-encoding"]}
        status, body = 200, b""

        async def collect(message: Message) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                body += message.get("body", b"")

        await self.app(plain, receive, collect)
        headers = {
            "Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store", "Vary": "Accept-Language, Cookie",
        }  # fmt: skip
        if request.query_params.get("lang") == language:
            headers["Set-Cookie"] = cookie(language, base)
        await HTMLResponse(dressed(body.decode("utf-8"), language, base), status_code=status, headers=headers)(scope, receive, send)


def dressed(html: str, language: Language, base: str = "") -> str:
    """Gradio's page with Griot's language, words, style and scripts, and without its advertisements, for a site below `base`."""
    html = re.sub(r'<html\s+lang="\w*"', f'<html lang="{language}" data-language="{language}"', html, count=1)
    html = re.sub(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>', "", html)
    words = json.dumps(asdict(TEXTS[language]), ensure_ascii=False).replace("<", "\\u003c")
    scripts = "".join(f'<script src="/{name}"></script>' for name in SCRIPTS)
    own = (
        '<title>Griot</title><meta name="color-scheme" content="light dark">'
        # On a phone the question box stays above the keyboard.
        '<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">'
        '<link rel="icon" type="image/svg+xml" href="/favicon.svg"><link rel="stylesheet" href="/style.css">'
        # Before Gradio's own, which calls them.
        f'<script type="application/json" id="griot-texts">{words}</script>{scripts}'
    )
    before = f'<div id="said" class="unseen" role="status" aria-live="polite"></div><noscript>{TEXTS[language].no_script}</noscript>'
    return html.replace("</head>", moved(own, base) + "</head>", 1).replace("<gradio-app", before + "<gradio-app", 1)
