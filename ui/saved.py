"""Answers that were saved by `griot ask --json`, read back to be verified."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from index.errors import QuestionError
from qa.answer import Citation

_KINDS: Final = {"number": int, "article_id": str, "path": str, "quote": str, "start": int, "end": int, "link": str}


def saved_citations(path: Path) -> Iterator[Citation]:
    """The citations of the answer in a file.

    Raises:
        QuestionError: it is not what `griot ask --json` prints.
        OSError: it cannot be opened.
    """
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
        found = [_citation(item) for item in answer["citations"]]
    except (ValueError, KeyError, TypeError) as error:
        raise QuestionError(f"{path} is not an answer as griot ask --json prints it ({type(error).__name__}: {error})") from error
    yield from found


def _citation(item: dict[str, Any]) -> Citation:
    for name, kind in _KINDS.items():
        if not isinstance(item[name], kind):
            raise TypeError(f"{name} is {item[name]!r}")
    return Citation(
        number=item["number"], article_id=item["article_id"], path=item["path"], quote=item["quote"], start=item["start"], end=item["end"],
        link=item["link"], title=item.get("title"), source=item.get("source"), url=item.get("url"), published=item.get("published"),
    )  # fmt: skip
