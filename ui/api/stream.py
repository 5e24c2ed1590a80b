"""Server-sent events (WHATWG HTML, 9.2): an answer told in steps, for those who ask for `text/event-stream`."""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from index.errors import GriotError
from qa.answer import Answer
from ui.api.problems import UNFORESEEN, status_of
from ui.documents import answer_document, hit_document

_log: Final = logging.getLogger(__name__)


async def events(ask: Callable[[], Awaitable[Answer]], base: str = "") -> AsyncIterator[str]:
    """`asked` at once; then `passages`, `answer` (the document of `griot ask --json`) and `done`; or `problem`."""
    yield event("asked", {})
    try:
        answer = await ask()
    except GriotError as error:
        yield event("problem", {"status": status_of(error), "detail": str(error)})
        return
    except Exception as error:
        # The answer has begun, so no status can say it any more.
        _log.error("a question failed", exc_info=error)
        yield event("problem", {"status": 500, "detail": UNFORESEEN})
        return
    yield event("passages", [hit_document(hit, named=True) for hit in answer.passages])
    yield event("answer", placed(answer_document(answer), base))
    yield event("done", {"seconds": answer.seconds})


def event(name: str, data: Any) -> str:
    """One event; JSON holds no line break, so its data is one line."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=True)}\n\n"


def placed(document: dict[str, Any], base: str) -> dict[str, Any]:
    """An answer whose links to the reading pages are those of a site that stands below `base`."""
    for citation in document["citations"] if base else ():
        for linked in (citation, *citation.get("copies", ())):
            if linked["link"].startswith("/"):
                linked["link"] = base + linked["link"]
    return document
