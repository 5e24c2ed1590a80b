"""Server-sent events (WHATWG HTML, 9.2): an answer told in steps, for those who ask for `text/event-stream`."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool

from index.errors import GriotError
from qa.answer import Answer
from ui.api.problems import status_of
from ui.documents import answer_document, hit_document


async def events(ask: Callable[[], Answer]) -> AsyncIterator[str]:
    """`asked` at once; then `passages`, `answer` (the document of `griot ask --json`) and `done`; or `problem`."""
    yield event("asked", {})
    try:
        answer = await run_in_threadpool(ask)
    except GriotError as error:
        yield event("problem", {"status": status_of(error), "detail": str(error)})
        return
    yield event("passages", [hit_document(hit, named=True) for hit in answer.passages])
    yield event("answer", answer_document(answer))
    yield event("done", {"seconds": answer.seconds})


def event(name: str, data: Any) -> str:
    """One event; JSON holds no line break, so its data is one line."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=True)}\n\n"
