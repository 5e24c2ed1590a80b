"""Griot as a part of another program's site."""

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from index.errors import GriotError
from qa.assistant import Assistant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI


def mount(app: Any, assistant: Assistant, path: str = "/griot", *, editable: bool = False) -> "FastAPI":
    """Serve the whole of Griot below `path` of `app`, a FastAPI application or Gradio blocks; returns the application to run.

    Who may come in is the program's business, which puts its own guard before the path; accounts and keys of the home are wanted as well
    where there are any. The collection can be changed in the browser only where `editable`.

    Raises:
        GriotError: the path is not below the root, or `app` is of another kind.
    """
    # First: it tells gradio to keep to itself before gradio is imported.
    from ui.site import Door, Site  # isort: skip

    import gradio as gr
    from fastapi import FastAPI

    from ui.access.reach import Reach

    if not path.startswith("/") or not path.strip("/") or path.endswith("/"):
        raise GriotError(f"{path!r} is no path below the root; write it as /griot")
    blocks = app if isinstance(app, gr.Blocks) else None
    outer = FastAPI() if blocks is not None else app
    if not isinstance(outer, FastAPI):
        raise GriotError(f"Griot cannot be mounted on {type(app).__name__}; give a FastAPI application or Gradio blocks")

    site = Site(assistant=assistant, door=Door(read_only=not editable))
    pages = site.pages()
    outer.mount(path, Reach(site.guarded(pages, site.door.rules_within(assistant.home.folder, site.journal))))
    before = outer.router.lifespan_context

    @asynccontextmanager
    async def lifespan(started: FastAPI) -> "AsyncIterator[Any]":
        # Starlette starts the outermost application alone.
        async with before(started) as state, pages.router.lifespan_context(pages):
            yield state
        site.stop()

    outer.router.lifespan_context = lifespan
    if blocks is not None:
        return gr.mount_gradio_app(outer, blocks, path="/")  # type: ignore[no-any-return]
    return outer
