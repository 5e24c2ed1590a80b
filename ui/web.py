"""The web chat: wiring between the assistant, Gradio's page and the reading pages. Only `griot chat` imports this module."""

import errno
import logging
import os
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

# Read by gradio and huggingface_hub when they are imported: no analytics, no version check, no hub.
os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_OFFLINE="1", GRADIO_RUN_HISTORY="False")

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import GriotError
from qa.answer import Answer
from ui import render
from ui.render import Holdings, Turn
from ui.routes import Library, pages
from ui.texts import TEXTS, Language, preferred

_HERE: Final = Path(__file__).parent
_EXAMPLES: Final = 4
_AT_ONCE: Final = 8  # questions answered at the same time: each is short and holds a processor
_UNUSED: Final = ("/gradio_api/upload", "/gradio_api/file", "/gradio_api/proxy", "/gradio_api/info", "/openapi.json", "/monitoring")
# Gradio builds functions from strings and styles elements in place; nothing may come from, or go to, another host.
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_log = logging.getLogger(__name__)


class Answering(Library, Protocol):
    """What the page needs of `qa.Assistant`."""

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer: ...
    def overview(self) -> Holdings: ...
    def examples(self, language: str, count: int = 4) -> list[str]: ...


def build_app(assistant: Answering) -> FastAPI:
    """The whole site: the chat at "/", and the plain pages of `ui.routes`."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Shell)
    for name, kind in (("style.css", "text/css"), ("script.js", "text/javascript"), ("favicon.svg", "image/svg+xml")):
        app.get(f"/{name}")(_file(_HERE / name, kind))
    app.include_router(pages(assistant))
    fonts = [gr.themes.Font("system-ui"), gr.themes.Font("sans-serif")]
    return gr.mount_gradio_app(  # type: ignore[no-any-return]
        app, _blocks(Desk(assistant)), path="/", theme=gr.themes.Base(font=fonts, font_mono=[gr.themes.Font("monospace")]),
        favicon_path=str(_HERE / "favicon.svg"), footer_links=[], run_history=False, enable_monitoring=False, mcp_server=False,
        ssr_mode=False, pwa=False, show_error=False,
    )  # fmt: skip


class Desk:
    """What the page shows next for each thing that a reader does. Holds no conversation: those live in the page's state."""

    def __init__(self, assistant: Answering) -> None:
        self.assistant = assistant

    def open(self, request: gr.Request) -> list[Any]:
        """The page in the reader's language, with no question asked yet."""
        language = _language(request)
        texts = TEXTS[language]
        failure = ""
        overview: Holdings | None = None
        examples: list[str] = []
        try:
            overview = self.assistant.overview()
            examples = self.assistant.examples(language, _EXAMPLES)
        except Exception as error:
            failure = render.notice(_reason(error, language))
        return [
            render.masthead(language), gr.Button(texts.new_conversation), render.holdings(overview, language),
            gr.HTML(render.examples_heading(language), visible=bool(examples)), *_buttons(examples),
            gr.Textbox(label=texts.question, placeholder=texts.placeholder), gr.Button(texts.send),
            render.conversation((), language), render.panel((), language), failure,
        ]  # fmt: skip

    def ask(self, question: str | None, turns: tuple[Turn, ...], request: gr.Request) -> Iterator[list[Any]]:
        """First the question alone, at once; then its reply."""
        language = _language(request)
        if not (question or "").strip():
            yield [turns, *_shown(turns, language), "", gr.skip(), render.notice(TEXTS[language].empty)]
            return
        asked = Turn(question=str(question).strip())
        yield [(*turns, asked), *_shown((*turns, asked), language), "", gr.Button(interactive=False), ""]
        after = (*turns, self._reply(asked.question, turns, language))
        yield [after, *_shown(after, language), gr.skip(), gr.Button(interactive=True), ""]

    def restart(self, request: gr.Request) -> list[Any]:
        """A conversation with nothing in it."""
        return [(), *_shown((), _language(request)), "", gr.Button(interactive=True), ""]

    def _reply(self, question: str, turns: Sequence[Turn], language: Language) -> Turn:
        try:
            answer = self.assistant.ask(question, history=[turn.question for turn in turns if turn.answer])
            used = dict.fromkeys(part.article_id for part in (answer.citations or answer.passages))
            articles = {key: article for key in used if (article := self.assistant.article(key))}
        except Exception as error:
            return Turn(question=question, failure=_reason(error, language))
        return Turn(question=question, answer=answer, articles=articles)


def _blocks(desk: Desk) -> Any:
    # gr.HTML rather than gr.Chatbot: quotes, markers and cards need their own markup, and none of the bubbles and toolbars.
    # Words are put in by `Desk.open`, once the reader's language is known.
    with gr.Blocks(title="Griot", analytics_enabled=False, fill_width=True) as blocks:
        turns = gr.State(())
        with gr.Row(elem_id="room"):
            with gr.Column(elem_id="rail"):
                masthead = _html("masthead")
                restart = gr.Button("", elem_id="restart")
                asked = _html("asked")
                holdings = _html("holdings")
            with gr.Column(elem_id="talk"):
                with gr.Column(elem_id="scroll"):
                    conversation = _html("conversation")
                    with gr.Column(elem_id="examples"):
                        heading = _html("examples-heading")
                        examples = [gr.Button("", visible=False, elem_classes="example") for _ in range(_EXAMPLES)]
                with gr.Column(elem_id="ask"):
                    notice = _html("notice")
                    with gr.Row(elem_id="box"):
                        box = gr.Textbox(elem_id="question", lines=1, max_lines=5, container=False, max_length=4000)
                        send = gr.Button("", elem_id="send")
            with gr.Column(elem_id="panel"):
                panel = _html("sources")
        shown = [turns, conversation, panel, asked, box, send, notice]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        opened = [masthead, restart, holdings, heading, *examples, box, send, conversation, panel, notice]
        # Outside the queue: a question sent while the stream of another event closes would be lost (gradio 6.31).
        blocks.load(desk.open, None, opened, queue=False, **quiet)
        gr.on([box.submit, send.click], desk.ask, [box, turns], shown, concurrency_limit=_AT_ONCE, trigger_mode="once", **quiet)
        for example in examples:
            example.click(desk.ask, [example, turns], shown, concurrency_limit=_AT_ONCE, trigger_mode="once", **quiet)
        restart.click(desk.restart, None, shown, queue=False, **quiet)
    return blocks


def _html(name: str) -> Any:
    return gr.HTML(elem_id=name, apply_default_css=False, js_on_load=None)


def _buttons(examples: Sequence[str]) -> list[Any]:
    return [gr.Button(examples[place], visible=True) if place < len(examples) else gr.Button(visible=False) for place in range(_EXAMPLES)]


def _shown(turns: Sequence[Turn], language: Language) -> list[str]:
    return [render.conversation(turns, language), render.panel(turns, language), render.asked(turns, language)]


def _language(request: gr.Request) -> Language:
    return preferred(request.headers.get("accept-language"))


def _reason(error: Exception, language: Language) -> str:
    """One line for the reader. What we did not foresee goes to the log, not to the page."""
    if isinstance(error, GriotError):
        return str(error)
    _log.error("a question failed", exc_info=error)
    return TEXTS[language].unexpected


def _file(path: Path, kind: str) -> Callable[[], Response]:
    def send() -> Response:
        return FileResponse(path, media_type=kind, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})

    return send


class Shell:
    """Makes Gradio's page Griot's own: its language, icon and style, before the first paint; a policy that keeps every
    request on this server; and no answer from the parts of Gradio that the page does not use."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"].startswith(_UNUSED):
            await Response(status_code=404)(scope, receive, send)
        elif scope["path"] == "/" and scope["method"] == "GET":
            await self._page(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
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
        html = dressed(body.decode("utf-8"), preferred(sent.get("accept-language")))
        headers = {
            "Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store", "Vary": "Accept-Language",
        }  # fmt: skip
        await HTMLResponse(html, status_code=status, headers=headers)(scope, receive, send)


def dressed(html: str, language: Language) -> str:
    """Gradio's page with Griot's language, style and script, and without its advertisements."""
    html = re.sub(r'<html\s+lang="\w*"', f'<html lang="{language}" data-language="{language}"', html, count=1)
    html = re.sub(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>', "", html)
    own = (
        '<title>Griot</title><meta name="color-scheme" content="light dark">'
        # On a phone the question box stays above the keyboard.
        '<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">'
        '<link rel="icon" type="image/svg+xml" href="/favicon.svg">'
        '<link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script>'
    )
    without = f"<noscript>{TEXTS[language].no_script}</noscript>"
    return html.replace("</head>", own + "</head>", 1).replace("<gradio-app", without + "<gradio-app", 1)


class Server(uvicorn.Server):
    """The site on an address that is already taken for it; `address` is what to open in a browser."""

    def __init__(self, assistant: Answering, host: str, port: int, ready: Callable[[str], None]) -> None:
        self.socket = _listen(host, port)
        name = f"[{host}]" if ":" in host else host
        self.address = f"http://{name}:{self.socket.getsockname()[1]}"
        self._ready = ready
        # A browser keeps a line open for as long as its page is: do not wait for it when stopping.
        super().__init__(uvicorn.Config(build_app(assistant), log_level="warning", access_log=False, timeout_graceful_shutdown=1))

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to stop."""
        super().run(sockets or [self.socket])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready(self.address)


def serve(assistant: Answering, host: str = "127.0.0.1", port: int = 7860, ready: Callable[[str], None] = print) -> None:
    """Serve the chat until interrupted; `ready` is given its address once it answers. Port 0 takes any free one.

    Raises:
        GriotError: the address cannot be used; the message says what to do.
    """
    with suppress(KeyboardInterrupt):
        Server(assistant, host, port, ready).run()


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
