"""The plain pages over HTTP: articles to read, conversations to keep. They change nothing, so a request forged elsewhere gains nothing."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, Protocol
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from index.article import Article
from index.errors import GriotError, QuestionError
from index.revisions import Revision
from qa.answer import Answer, Citation, cite
from qa.trace import Trace
from ui import page
from ui.access.scope import base_of
from ui.edition import edition
from ui.export import as_html, as_markdown, as_print, file_name
from ui.marks import marks
from ui.place import moved
from ui.review import Checked, Review, gather
from ui.saved import saved_answer
from ui.sheet import headers
from ui.texts import TEXTS, Language, preferred, spoken

LARGEST: Final = 8_000_000
"""Bytes of a conversation that is exported: of two hundred answers of 10 kB, which a form writes four times as long."""
TURNS: Final = 200
QUOTES: Final = 500
"""Quotes that one export verifies."""


class Library(Protocol):
    """What the plain pages need of `qa.Assistant`."""

    def article(self, article_id: str) -> Article | None: ...
    def copies(self, article_id: str) -> Sequence[Article]: ...
    def revisions(self, article_id: str) -> Sequence[Revision]: ...
    def trace(self, citation: Citation) -> Trace: ...


def by_header(request: Request) -> Language:
    """The language that the browser asks for."""
    return preferred(request.headers.get("accept-language"))


def pages(library: Library, language: Callable[[Request], Language] = by_header, today: Callable[[], date] = date.today) -> APIRouter:
    """The routes "/article/<id>" and "/export/<form>"."""
    router = APIRouter()

    @router.get("/article/{article_id}")
    def article(
        request: Request,
        article_id: str,
        start: str | None = None,
        end: str | None = None,
        also: str | None = None,
        digest: str | None = None,
    ) -> Response:
        status, html = _article(library, language(request), article_id, digest, (start, end, also))
        return HTMLResponse(moved(html, base_of(request.scope)), status_code=status, headers=headers())

    @router.post("/export/{form}")
    async def export(request: Request, form: str) -> Response:
        spoken_in, base = language(request), base_of(request.scope)
        try:
            if form not in _FORMS:
                return HTMLResponse(moved(page.missing_page(spoken_in), base), status_code=404, headers=headers())
            document = _document(await _body(request), request.headers.get("content-type", ""))
            return await run_in_threadpool(_export, library, form, document, spoken_in, today())
        except GriotError as error:
            told = page.notice_page(TEXTS[spoken_in].export_failed, str(error), spoken_in)
            return HTMLResponse(moved(told, base), status_code=400 if isinstance(error, QuestionError) else 503, headers=headers())

    return router


def _article(
    library: Library, language: Language, article_id: str, digest: str | None, places: tuple[str | None, str | None, str | None]
) -> tuple[int, str]:
    """Status and HTML of the reading page."""
    try:
        earlier = library.revisions(article_id)
        found = edition(article_id, library.article(article_id), earlier, digest)
        if found is None:
            return 404, page.missing_page(language)
        # Where the text quoted is unknown, the places in it mean nothing in another.
        marked = () if found.state == "lost" else marks(found.article.text, *places)
        copies = library.copies(article_id) if found.state != "gone" else ()
        return 200, page.reading_page(found, marked, language, copies, earlier)
    except GriotError as error:
        return 503, page.failure_page(str(error), language)


def _export(library: Library, form: str, document: Any, language: Language, today: date) -> Response:
    answers, language = _conversation(document, language)
    review = gather([(answer.question, answer) for answer in answers], today, lambda citation: _checked(library, citation))
    return _FORMS[form](review, language)


def _markdown(review: Review, language: Language) -> Response:
    text = as_markdown(review, language).encode("utf-8", "replace")
    return Response(text, media_type="text/markdown; charset=utf-8", headers=_attached(review, ".md"))


def _html(review: Review, language: Language) -> Response:
    return HTMLResponse(as_html(review, language), headers=_attached(review, ".html"))


def _print(review: Review, language: Language) -> Response:
    return HTMLResponse(as_print(review, language), headers=headers())


_FORMS: Final[dict[str, Callable[[Review, Language], Response]]] = {"markdown": _markdown, "html": _html, "print": _print}


def _attached(review: Review, ending: str) -> dict[str, str]:
    return {**headers(), "Content-Disposition": f'attachment; filename="{file_name(review, ending)}"'}


def _checked(library: Library, citation: Citation) -> Checked:
    """A citation as the stored article says it is: what the conversation claims of it may be old, or made up."""
    article, trace = library.article(citation.article_id), library.trace(citation)
    if article is not None and trace.held:
        stored = cite(citation.number, article, citation.start, citation.end)
        # The link goes to the words quoted, which an article that has changed may hold no more.
        citation = replace(stored, quote=citation.quote, link=(article.url or "") if trace.changed else stored.link)
    return Checked(citation=citation, article=article if trace.held else None, trace=trace)


def _conversation(document: Any, language: Language) -> tuple[list[Answer], Language]:
    """The answers of a conversation {"answers": [...], "language": "fr"}."""
    if not isinstance(document, dict) or not isinstance(document.get("answers"), list):
        raise QuestionError('a conversation is {"answers": [...]}, each as griot ask --json prints it')
    if not 0 < len(document["answers"]) <= TURNS:
        raise QuestionError(f"a conversation of {len(document['answers'])} answers; give 1 to {TURNS}")
    answers = [saved_answer(item) for item in document["answers"]]
    if (count := sum(len(answer.citations) for answer in answers)) > QUOTES:
        raise QuestionError(f"a conversation of {count} quotes; at most {QUOTES} are exported")
    asked = document.get("language")
    return answers, spoken(asked) if asked in ("fr", "en") else language


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise QuestionError(f"a conversation of more than {LARGEST:,} bytes; export a part of it")
    return body


def _document(body: bytes, kind: str) -> Any:
    """The JSON of a request: its body, or the field "conversation" of a form, which is how a page opens a new one."""
    try:
        text = body.decode("utf-8")
        if kind.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
            text = parse_qs(text, max_num_fields=4, errors="strict").get("conversation", [""])[0]
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"the conversation is no JSON ({type(error).__name__})") from error
