"""The collection's page and what its forms do, as routes of the site.

Each change is a POST that answers with a redirect (303), so that reloading the page repeats nothing. That they come from a page of this
site is the gate's business (`ui.access.gate`); that an editor sends them is checked here.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from index.errors import GriotError
from ui.access.gate import Noting, unnoted
from ui.access.scope import base_of
from ui.language import language_of
from ui.manage.desk import Desk, Form, Managed
from ui.manage.job import Job
from ui.manage.page import collection_page, progress
from ui.manage.shelf import LARGEST
from ui.manage.words import WORDS

FILES: Final = 500
"""Files of one upload; a folder of more is named to `griot index` on the server."""
_SCRIPT: Final = Path(__file__).parent / "collection.js"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def collection_routes(assistant: Managed, job: Job, *, edits: bool = True, note: Noting = unnoted, largest: int = LARGEST) -> APIRouter:
    """The routes; `edits` says whether who comes without a role (no gate before the site) may change the collection; `note` is told of
    every change; `largest` is the bytes of the largest file that may be sent."""
    router = APIRouter(include_in_schema=False)
    desk = Desk(assistant, job, largest)

    def may_edit(request: Request) -> bool:
        who = request.scope.get("state", {}).get("who")
        return edits if who is None else who.role == "editor"

    def shown(request: Request, asked: dict[str, str], notice: str = "", status: int = 200) -> Response:
        language = language_of(request)
        view = desk.view(asked, may_edit(request), language)
        who = request.scope.get("state", {}).get("who")
        view = replace(view, notice=notice or view.notice, name=who.name if who else None)
        html = collection_page(view, language, base_of(request.scope))
        return HTMLResponse(html, status_code=status, headers=_headers())

    @router.get("/collection")
    def page(request: Request) -> Response:
        return shown(request, dict(request.query_params))

    @router.get("/collection/progress")
    def state(request: Request) -> Response:
        now = job.state()
        html = progress(now, language_of(request), base_of(request.scope), may_edit(request))
        return JSONResponse({"running": now.running, "number": now.number, "html": html}, headers={"Cache-Control": "no-store"})

    @router.get("/collection.js")
    def script() -> Response:
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return FileResponse(_SCRIPT, media_type="text/javascript", headers=headers)

    @router.post("/collection/{action}")
    async def change(request: Request, action: str) -> Response:
        if not may_edit(request):
            return await run_in_threadpool(partial(shown, request, {}, WORDS[language_of(request)].readers_only, 403))
        act = desk.actions.get(action)
        if act is None:
            return Response(status_code=404)
        try:
            async with request.form(max_files=FILES, max_fields=20, max_part_size=8_000_000) as form:
                fields = {name: value for name, value in form.items() if isinstance(value, str)}
                files = [item for item in form.getlist("file") if isinstance(item, UploadFile) and item.filename]
                told = await run_in_threadpool(act, Form(fields=fields, files=files))
        except GriotError as error:
            return await run_in_threadpool(partial(shown, request, {}, str(error), 400))
        except OSError as error:
            # What is sent waits in the folder for temporary files until it is read.
            said = f"what was sent cannot be kept ({error.strerror}); make room on the server's disk"
            return await run_in_threadpool(partial(shown, request, {}, said, 507))
        who = request.scope.get("state", {}).get("who")
        note("change", action=action, by=who.name if who else None, **told)
        query = f"?{urlencode(told)}" if told else ""
        return RedirectResponse(f"{base_of(request.scope)}/collection{query}", status_code=303)

    return router


def _headers() -> dict[str, Any]:
    return {
        "Content-Security-Policy": _POLICY, "Cache-Control": "no-store", "Vary": "Accept-Language, Cookie",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }  # fmt: skip
