"""Every error as a problem document (RFC 9457): what is wrong, and what to do, never a traceback and never what was sent."""

import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from index.errors import BusyIndex, DamagedIndex, GriotError, MissingIndex, QuestionError, StaleIndex, StoreError

_log: Final = logging.getLogger(__name__)
TYPE: Final = "application/problem+json"
UNFORESEEN: Final = "an unforeseen error; the server's log says more"
_TITLES: Final[Mapping[int, str]] = {
    400: "The request cannot be read", 401: "Come in first", 403: "Not allowed", 404: "Not found", 405: "Not done this way",
    413: "Too much was sent", 415: "Of another kind", 422: "The request is not as it should be", 429: "Too many requests",
    500: "An error of the server", 503: "The index cannot be used now",
}  # fmt: skip


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """A problem document with `detail` for a person, and `more` members for a program."""
    document = {"type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status, "detail": detail, **more}
    body = json.dumps(document, ensure_ascii=True)
    return Response(body, status_code=status, media_type=TYPE, headers=dict(headers or {}))


def add_handlers(app: FastAPI) -> None:
    """Make `app` answer every error with a problem document."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(GriotError, _known)
    app.add_exception_handler(Exception, _unforeseen)


def status_of(error: GriotError) -> int:
    """The HTTP status that an error stands for."""
    if isinstance(error, QuestionError):
        return 422
    return 503 if isinstance(error, (MissingIndex, StaleIndex, DamagedIndex, BusyIndex, StoreError)) else 500


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return problem(400, "the body is no JSON; send an object as the reference at /api/docs has it")
    # Without the values: they may be secrets, or no text that JSON can hold.
    wrong = [{"place": ".".join(map(str, item["loc"])), "reason": item["msg"]} for item in error.errors()[:20]]
    return problem(422, f"{wrong[0]['place']}: {wrong[0]['reason']}", errors=wrong)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), headers=error.headers)


async def _known(_: Request, error: Exception) -> Response:
    assert isinstance(error, GriotError)
    return problem(status_of(error), str(error))


async def _unforeseen(_: Request, error: Exception) -> Response:
    _log.error("a request failed", exc_info=error)
    return problem(500, UNFORESEEN)
