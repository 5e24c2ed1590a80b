"""The interface as an application of its own, mounted at /api: its errors and its reference are for programs."""

import time
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Final, Protocol

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from index.article import Article
from index.errors import GriotError
from index.generation import Generation
from qa.answer import Answer, Hit
from ui.access.scope import base_of
from ui.api.figures import KIND, Figures
from ui.api.models import Ask, Listed, Search
from ui.api.problems import TYPE, add_handlers, problem
from ui.api.reference import reference_page
from ui.api.shapes import STREAMED, AnswerTold, ArticlesTold, ArticleTold, Problem, SearchTold
from ui.api.stream import events, placed
from ui.documents import answer_document, hit_document
from ui.journal import Noting
from ui.manage.rows import Choice, choose, rows_of

DESCRIPTION: Final = (
    "Answers are quoted word for word from the articles: for each citation, the article's text from start to end is the quote. "
    "Errors are problem documents (RFC 9457). A key is sent as: Authorization: Bearer KEY."
)
_POLICY: Final = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Answering(Protocol):
    """What the interface needs of `qa.Assistant`."""

    def ask(
        self, question: str, *, history: Sequence[Any] = (), since: str | None = None, until: str | None = None, source: str | None = None,
        as_of: str | None = None,
    ) -> Answer: ...  # fmt: skip
    def search(
        self, query: str, k: int = 10, *, since: str | None = None, until: str | None = None, source: str | None = None
    ) -> list[Hit]: ...
    def article(self, article_id: str) -> Article | None: ...
    def generation(self) -> Generation: ...


AT_ONCE: Final = 8
"""Questions answered at the same time, as on the page: each holds a processor, so more at once only makes all of them wait."""


def api_app(assistant: Answering, journal: Noting) -> FastAPI:
    """The application behind /api."""
    app = FastAPI(
        title="Griot", description=DESCRIPTION, version="1", docs_url=None, redoc_url=None, openapi_url="/openapi.json",
        # Told, not enforced: who may come in is the gate's business. Without a key where the site wants none.
        dependencies=[Depends(HTTPBearer(auto_error=False, description="a key, made with: griot key add NAME"))],
    )  # fmt: skip
    add_handlers(app)
    limiter = CapacityLimiter(AT_ONCE)

    def asked(body: Ask) -> Answer:
        began = time.perf_counter()
        try:
            answer = assistant.ask(**body.model_dump())
        except Exception as error:
            journal.failed(body.question, error)
            raise
        journal.asked(answer, time.perf_counter() - began)
        return answer

    @app.post("/ask", summary="Answer a question with quotes", responses=_responses(AnswerTold, streamed=True))
    async def ask(request: Request, body: Ask) -> Response:
        """The answer, as JSON; or as server-sent events (asked, passages, answer, done) where Accept is text/event-stream."""
        base = base_of(request.scope).removesuffix("/api")
        if "text/event-stream" in request.headers.get("accept", ""):
            told = events(partial(to_thread.run_sync, partial(asked, body), limiter=limiter), base)
            return StreamingResponse(told, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        return JSONResponse(placed(answer_document(await to_thread.run_sync(asked, body, limiter=limiter)), base))

    @app.post("/search", summary="The passages nearest to a query", responses=_responses(SearchTold))
    async def search(body: Search) -> Response:
        limits = body.model_dump(exclude={"query", "k"})
        hits = await to_thread.run_sync(partial(assistant.search, body.query, body.k, **limits), limiter=limiter)
        return JSONResponse({"query": body.query, "passages": [hit_document(hit, named=True) for hit in hits]})

    @app.get("/articles", summary="The articles of the collection, a hundred a page", responses=_responses(ArticlesTold))
    def articles(wanted: Annotated[Listed, Query()]) -> Response:
        asked_for = {name: str(int(value) if isinstance(value, bool) else value) for name, value in wanted.model_dump().items()}
        found = choose(rows_of(assistant.generation().listing()), Choice.of(asked_for))
        listed = [
            {"id": row.id, "title": row.title, "path": row.path, "source": row.source, "published": row.published,
             "language": row.language, "passages": row.passages, "copy": row.copy}
            for row in found.rows
        ]  # fmt: skip
        return JSONResponse({"articles": listed, "found": found.found, "page": min(wanted.page, found.pages), "pages": found.pages})

    @app.get("/articles/{article_id}", summary="One article, with its text", responses=_responses(ArticleTold, missing=True))
    def article(article_id: str) -> Response:
        found = assistant.article(article_id)
        if found is None:
            raise HTTPException(404, "no article has this id; GET /api/articles lists them")
        return JSONResponse({
            "id": found.id, "title": found.title, "text": found.text, "path": found.path, "url": found.url, "source": found.source,
            "author": found.author, "published": found.published, "language": found.language, "digest": found.digest,
            "origins": dict(found.origins),
        })  # fmt: skip

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> Response:
        base = base_of(request.scope).removesuffix("/api")
        return HTMLResponse(reference_page(app.openapi(), base), headers={"Content-Security-Policy": _POLICY})

    return app


def add_health(app: FastAPI, assistant: Answering, figures: Figures) -> None:
    """GET /healthz and GET /metrics."""

    @app.get("/healthz", include_in_schema=False)
    def health() -> Response:
        # Everybody may ask, so it tells neither what the index holds nor where it stands; /metrics does.
        try:
            assistant.generation()
        except GriotError:
            return problem(503, "the index cannot be used; griot status on the server says why")
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        try:
            manifest = assistant.generation().manifest
            figures.index(manifest.articles, manifest.passages, up=True)
        except GriotError:
            figures.index(0, 0, up=False)
        return Response(figures.text(), headers={"Content-Type": KIND})


def _responses(shape: type[BaseModel], *, streamed: bool = False, missing: bool = False) -> dict[int | str, dict[str, Any]]:
    """What a request may come to: a document of this shape, or a problem."""
    problems = {
        400: "The request cannot be read", 401: "Come in first", 403: "Another site asks", 405: "Not done this way",
        413: "Too much was sent", 422: "The request is not as it should be", 429: "Too many requests", 503: "The index cannot be used now",
    } | ({404: "No article has this id"} if missing else {})  # fmt: skip
    told: dict[int | str, dict[str, Any]] = {200: {"model": shape, "description": (shape.__doc__ or "").strip()}}
    if streamed:
        told[200]["content"] = {"text/event-stream": {"schema": STREAMED}}
    schema = Problem.model_json_schema()
    return told | {status: {"description": said, "content": {TYPE: {"schema": schema}}} for status, said in sorted(problems.items())}
