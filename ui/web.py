"""The web site: the chat, the reading pages and the server that they are served by. Only `griot chat` imports this module."""

import asyncio
import errno
import secrets
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

# First: it tells gradio to keep to itself before gradio is imported.
from ui.blocks import chat  # isort: skip

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.types import ASGIApp

from index.errors import GriotError
from ui.desk import Desk
from ui.language import language_of
from ui.routes import pages
from ui.shell import SCRIPTS, Shell

_HERE: Final = Path(__file__).parent


def build_app(desk: Desk, more: Callable[[FastAPI], None] = lambda _: None) -> FastAPI:
    """The chat at "/", a reading page for each article at "/article/<id>", exports; and what `more` adds."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Shell)
    instance = secrets.token_hex(8)
    for name, kind in (("style.css", "text/css"), ("favicon.svg", "image/svg+xml"), *((name, "text/javascript") for name in SCRIPTS)):
        app.get(f"/{name}")(_file(_HERE / name, kind))

    @app.get("/state")
    def state(request: Request) -> JSONResponse:
        """Which server this is, and what is under way with its index: asked by the page from time to time."""
        content = {"instance": instance, "said": desk.state(language_of(request))}
        return JSONResponse(content, headers={"Cache-Control": "no-store"})

    app.include_router(pages(desk.assistant, language_of))
    # Before Gradio, which answers every path that nobody else does.
    more(app)
    return _within_a_loop(lambda: _with_chat(app, desk))


def _with_chat(app: FastAPI, desk: Desk) -> FastAPI:
    fonts = [gr.themes.Font("system-ui"), gr.themes.Font("sans-serif")]
    return gr.mount_gradio_app(  # type: ignore[no-any-return]
        app, chat(desk), path="/", theme=gr.themes.Base(font=fonts, font_mono=[gr.themes.Font("monospace")]),
        favicon_path=str(_HERE / "favicon.svg"), footer_links=[], run_history=False, enable_monitoring=False, mcp_server=False,
        ssr_mode=False, pwa=False, show_error=False,
    )  # fmt: skip


def _within_a_loop(make: Callable[[], FastAPI]) -> FastAPI:
    """What `make` makes, made while an event loop runs: where none does, Gradio begins loops of its own and closes none of them."""

    async def made() -> FastAPI:
        return make()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(made())
    return make()


def _file(path: Path, kind: str) -> Callable[[], Response]:
    def send() -> Response:
        return FileResponse(path, media_type=kind, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})

    return send


class Server(uvicorn.Server):
    """The site on an address that is already taken for it; `address` is what to open in a browser."""

    def __init__(self, app: ASGIApp, host: str, port: int, ready: Callable[[str], None], tls: tuple[str, str] | None = None) -> None:
        self.socket = _listen(host, port)
        name = f"[{host}]" if ":" in host else host
        self.address = f"{'https' if tls else 'http'}://{name}:{self.socket.getsockname()[1]}"
        self._ready = ready
        certificate, key = tls or (None, None)
        super().__init__(
            uvicorn.Config(
                app, log_level="warning", access_log=False, ssl_certfile=certificate, ssl_keyfile=key, server_header=False,
                # A browser keeps a line open for as long as its page is: do not wait for it when stopping.
                timeout_graceful_shutdown=1,
            )
        )  # fmt: skip

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to stop."""
        super().run(sockets or [self.socket])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready(self.address)


def serve(
    app: ASGIApp, host: str = "127.0.0.1", port: int = 7860, ready: Callable[[str], None] = print, tls: tuple[str, str] | None = None
) -> None:
    """Serve the site until interrupted; `ready` is given its address once it answers. Port 0 takes any free one; `tls` is the files of a
    certificate and its key.

    Raises:
        GriotError: the address or the certificate cannot be used; the message says what to do.
    """
    with suppress(KeyboardInterrupt):
        try:
            server = Server(app, host, port, ready, tls)
            server.config.load()
        except (OSError, ssl.SSLError) as error:
            raise GriotError(f"the certificate or its key cannot be used ({error}); check --certificate and --private-key") from error
        server.run()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise GriotError(f"{host} is not an address of this machine; choose one with --host, such as 127.0.0.1") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise GriotError(f"port {port} of {host} is already in use; choose another with --port, such as {port + 1}") from error
        if error.errno == errno.EACCES:
            raise GriotError(f"port {port} needs rights that this user lacks; choose one above 1023 with --port") from error
        raise GriotError(f"{host} cannot be listened on ({error.strerror}); choose another address with --host") from error
    return listener
