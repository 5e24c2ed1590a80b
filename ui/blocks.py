"""Gradio's part of the page: where each panel stands, and which event asks the desk for what."""

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

# Read by gradio and huggingface_hub when they are imported: no analytics, no version check, no hub.
os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_OFFLINE="1", GRADIO_RUN_HISTORY="False")

import gradio as gr

from ui.access.scope import base_of
from ui.desk import Desk, Shown
from ui.language import language_of
from ui.place import moved
from ui.texts import TEXTS, Language, spoken

_AT_ONCE: Final = 8  # questions answered at the same time: each is short and holds a processor


def chat(desk: Desk) -> Any:
    """The page as Gradio blocks. Words are put in once the reader's language is known; every event brings the conversation along."""
    events = _Events(desk)
    # gr.HTML rather than gr.Chatbot: quotes, markers and cards need their own markup, and none of the bubbles and toolbars.
    with gr.Blocks(title="Griot", analytics_enabled=False, fill_width=True) as blocks:
        with gr.Row(elem_id="room"):
            with gr.Column(elem_id="rail"):
                masthead, holdings = _html("masthead"), _html("holdings")
            with gr.Column(elem_id="talk"):
                bar = _html("bar")
                with gr.Column(elem_id="scroll"):
                    conversation, suggestions = _html("conversation"), _html("suggestions")
                with gr.Column(elem_id="ask"):
                    hint, notice = _html("hint"), _html("notice")
                    with gr.Row(elem_id="box"):
                        box = gr.Textbox(elem_id="question", lines=1, max_lines=5, container=False, max_length=4000)
                        send, stop = gr.Button("", elem_id="send"), gr.Button("", elem_id="stop")
            with gr.Column(elem_id="panel"):
                panel = _html("sources")
        with gr.Column(elem_id="wires"):
            # Pressed by the page's script.
            asking, showing, following, rating = (gr.Button("", elem_id=f"do-{name}") for name in ("ask", "show", "follow", "rate"))
        document, language, verdict, reason = (gr.Textbox(visible=False) for _ in range(4))

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        opened, shown = [document, language], [conversation, panel, suggestions, notice]
        frame = [masthead, bar, holdings, hint, box, send, stop]
        # Outside the queue: a question sent while the stream of another event closes would be lost (gradio 6.31).
        blocks.load(events.open, opened, [*frame, *shown], js="() => griot.opening()", queue=False, **quiet)
        asked = gr.on(
            [box.submit, send.click, asking.click], events.ask, [box, document, language], shown, js="(text) => griot.asking(text)",
            concurrency_limit=_AT_ONCE, trigger_mode="multiple", **quiet,
        )  # fmt: skip
        showing.click(events.show, opened, shown, js="() => griot.opening()", cancels=[asked], queue=False, **quiet)
        stop.click(events.show, opened, shown, js="() => griot.stopping()", cancels=[asked], queue=False, **quiet)
        following.click(events.follow, opened, suggestions, js="() => griot.opening()", queue=False, **quiet)
        rating.click(events.rate, [document, verdict, reason, language], notice, js="() => griot.rating()", queue=False, **quiet)
    return blocks


class _Events:
    """What Gradio calls: each gives the desk what the browser sent, and lays out what it says."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.readers = ThreadPoolExecutor(_AT_ONCE, "griot-answer")

    def open(self, document: str | None, language: str | None, request: gr.Request) -> list[Any]:
        """The whole page."""
        spoken_here = _language(language, request)
        texts = TEXTS[spoken_here]
        frame = [moved(piece, _base(request)) for piece in self.desk.frame(spoken_here)]
        return [
            *frame, gr.Textbox(label=texts.question, placeholder=texts.placeholder), gr.Button(texts.send),
            gr.Button(texts.stop), *self.show(document, language, request),
        ]  # fmt: skip

    def show(self, document: str | None, language: str | None, request: gr.Request) -> list[Any]:
        """A conversation, or the start of one."""
        return _laid_out(self.desk.show(document, _language(language, request)), _base(request))

    async def ask(self, question: str | None, document: str | None, language: str | None, request: gr.Request) -> AsyncIterator[list[Any]]:
        """A question, then its reply. Awaited, so that who stops it may ask again at once: gradio waits for the step that a plain generator
        is at, and takes no other question until then. The thread ends its work for nobody."""
        replies = self.desk.ask(question, document, _language(language, request))
        loop = asyncio.get_running_loop()
        while (shown := await loop.run_in_executor(self.readers, next, replies, None)) is not None:
            yield _laid_out(shown, _base(request))

    def follow(self, document: str | None, language: str | None, request: gr.Request) -> str:
        """What may be asked next."""
        return self.desk.follow(document, _language(language, request))

    def rate(self, document: str | None, verdict: str | None, reason: str | None, language: str | None, request: gr.Request) -> str:
        """What a reader thinks of an answer."""
        return self.desk.rate(document, verdict, reason, _language(language, request))


def _laid_out(shown: Shown | str, base: str) -> list[Any]:
    """A page, or a notice alone that leaves the rest as it is."""
    if isinstance(shown, str):
        return [gr.skip(), gr.skip(), gr.skip(), shown]
    return [moved(shown.conversation, base), moved(shown.panel, base), shown.suggestions, shown.notice]


def _base(request: gr.Request) -> str:
    """Where the site stands, as the browser's request came in."""
    return base_of(request.request.scope) if request.request else ""


def _html(name: str) -> Any:
    return gr.HTML(elem_id=name, apply_default_css=False, js_on_load=None)


def _language(sent: str | None, request: gr.Request) -> Language:
    return spoken(sent) if sent in ("fr", "en") else language_of(request)
