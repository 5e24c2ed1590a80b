"""The interface as an application of its own, mounted at /api: its errors and its reference are for programs."""

import time
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Final, Protocol

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from index.article import Article
from index.errors import GriotError
from index.generation import Generation
from qa.answer import Answer, Hit
from ui.access.scope import base_of
from ui.api.figures import KIND, Figures
from ui.api.models import Ask, Search
from ui.api.problems import add_handlers, problem
from ui.api.reference import reference_page
from ui.api.stream import events
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


def api_app(assistant: Answering, journal: Noting) -> FastAPI:
    """The application behind /api."""
    app = FastAPI(title="Griot", description=DESCRIPTION, version="1", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    add_handlers(app)

    def asked(body: Ask) -> Answer:
        began = time.perf_counter()
        try:
            answer = assistant.ask(**body.model_dump())
        except Exception as error:
            journal.failed(body.question, error)
            raise
        journal.asked(answer, time.perf_counter() - began)
        return answer

    @app.post("/ask", summary="Answer a question with quotes", responses=_responses("An answer as `griot ask --json` prints it."))
    async def ask(request: Request, body: Ask) -> Response:
        """The answer, as JSON; or as server-sent events (asked, passages, answer, done) where Accept is text/event-stream."""
        if "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(events(partial(asked, body)), media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        return JSONResponse(answer_document(await run_in_threadpool(asked, body)))

    @app.post("/search", summary="The passages nearest to a query", responses=_responses("As `griot search --json` prints them."))
    def search(body: Search) -> Response:
        hits = assistant.search(body.query, body.k, since=body.since, until=body.until, source=body.source)
        return JSONResponse({"query": body.query, "passages": [hit_document(hit, named=True) for hit in hits]})

    @app.get("/articles", summary="The articles of the collection, a hundred a page", responses=_responses("A page of articles."))
    def articles(
        text: Annotated[str, Query(max_length=200, description="words of the title, path or site")] = "",
        source: Annotated[str, Query(max_length=200)] = "", language: Annotated[str, Query(max_length=10)] = "",
        year: Annotated[str, Query(max_length=4)] = "",
        order: Annotated[str, Query(pattern="^(title|published|source|language|passages)$")] = "title",
        descending: bool = False, page: Annotated[int, Query(ge=1, le=999_999)] = 1,
    ) -> Response:  # fmt: skip
        asked_for = {
            "text": text, "source": source, "language": language, "year": year, "order": order, "page": str(page),
            "descending": str(int(descending)),
        }  # fmt: skip
        found = choose(rows_of(assistant.generation().listing()), Choice.of(asked_for))
        listed = [
            {"id": row.id, "title": row.title, "path": row.path, "source": row.source, "published": row.published,
             "language": row.language, "passages": row.passages, "copy": row.copy}
            for row in found.rows
        ]  # fmt: skip
        return JSONResponse({"articles": listed, "found": found.found, "page": min(page, found.pages), "pages": found.pages})

    @app.get("/articles/{article_id}", summary="One article, with its text", responses=_responses("The article."))
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
        try:
            manifest = assistant.generation().manifest
        except GriotError as error:
            return problem(503, str(error))
        return JSONResponse({"status": "ok", "articles": manifest.articles, "passages": manifest.passages})

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        try:
            manifest = assistant.generation().manifest
            figures.index(manifest.articles, manifest.passages, up=True)
        except GriotError:
            figures.index(0, 0, up=False)
        return Response(figures.text(), headers={"Content-Type": KIND})


def _responses(told: str) -> dict[int | str, dict[str, Any]]:
    said = {422: "The request is not as it should be", 503: "The index cannot be used now", 404: "Not found", 400: "No JSON"}
    content = {"application/problem+json": {"schema": {"type": "object"}}}
    return {200: {"description": told}, **{status: {"description": text, "content": content} for status, text in said.items()}}
