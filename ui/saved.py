"""Answers that were saved by `griot ask --json`, read back to be verified or exported."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from index.errors import QuestionError
from qa.answer import Answer, Citation, quoted

_KINDS: Final = {"number": int, "article_id": str, "path": str, "quote": str, "start": int, "end": int, "link": str}
LONGEST: Final = 100_000
"""Characters of the longest text of an answer that is read back: its `text`, hundreds of times those of any."""
_CITATIONS: Final = 50
_SHORT: Final = 4_000  # a question, a title, a name, an address


def saved_citations(path: Path) -> Iterator[Citation]:
    """The citations of the answer in a file.

    Raises:
        QuestionError: it is not what `griot ask --json` prints.
        OSError: it cannot be opened.
    """
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
        found = [_citation(item) for item in answer["citations"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise QuestionError(f"{path} is not an answer as griot ask --json prints it ({type(error).__name__}: {error})") from error
    yield from found


def saved_answer(document: object) -> Answer:
    """An answer from its JSON. What stands around its quotes is taken from its text where it is not given apart.

    Raises:
        QuestionError: it is not what `griot ask --json` prints, or larger than any answer.
    """
    try:
        return _answer(document)
    except (ValueError, KeyError, TypeError) as error:
        raise QuestionError(f"not an answer as griot ask --json prints it ({type(error).__name__}: {error})") from error


def _answer(document: Any) -> Answer:
    if not isinstance(document, dict) or not isinstance(document["answered"], bool):
        raise TypeError("it is no object with a field answered")
    question, language = _text(document, "question", _SHORT), _text(document, "language", 20)
    text = _text(document, "text", LONGEST)
    listed = _list(document, "citations", _CITATIONS) if document["answered"] else []
    citations = tuple(_bounded(_citation(item)) for item in listed)
    if [citation.number for citation in citations] != list(range(1, len(citations) + 1)):
        raise ValueError("its citations are not numbered from 1")
    leads, notes = around(text, citations, language)
    if "leads" in document or "notes" in document:
        leads, notes = _lines(document, "leads"), _lines(document, "notes")
    return Answer(
        question=question, language=language, text=text, answered=bool(citations), citations=citations,
        leads=leads[: len(citations)], notes=notes,
    )  # fmt: skip


def around(text: str, citations: Sequence[Citation], language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands before each quote of an answer's text, and the lines that are no quote: the reverse of `qa.answer.compose`."""
    leads, notes = dict[int, str](), list[str]()
    by_number: Mapping[int, Citation] = {citation.number: citation for citation in citations}
    for paragraph in text.split("\n\n"):
        found = re.search(r" \[(\d{1,4})\]$", paragraph)
        cited = by_number.get(int(found[1])) if found else None
        told = f"{quoted(cited.quote, language)} [{cited.number}]" if cited else ""
        if cited and paragraph.endswith(told):
            leads[cited.number] = paragraph.removesuffix(told).removesuffix(" — ")
        elif paragraph and not paragraph.endswith(":"):  # "Voir aussi :" goes with the fold that it opens
            notes.append(paragraph)
    return tuple(leads.get(citation.number, "") for citation in citations), tuple(notes)


def _citation(item: dict[str, Any]) -> Citation:
    for name, kind in _KINDS.items():
        if not isinstance(item[name], kind):
            raise TypeError(f"{name} is {item[name]!r:.80}")
    for name in ("title", "source", "url", "published"):
        if not isinstance(item.get(name), str | None):
            raise TypeError(f"{name} is {item[name]!r:.80}")
    return Citation(
        number=item["number"], article_id=item["article_id"], path=item["path"], quote=item["quote"], start=item["start"], end=item["end"],
        link=item["link"], title=item.get("title"), source=item.get("source"), url=item.get("url"), published=item.get("published"),
    )  # fmt: skip


def _bounded(citation: Citation) -> Citation:
    texts = (citation.article_id, citation.path, citation.link, citation.title, citation.source, citation.url, citation.published)
    if len(citation.quote) > LONGEST or any(len(text or "") > _SHORT for text in texts):
        raise ValueError(f"citation {citation.number} is longer than any")
    if not 0 <= citation.start < citation.end:
        raise ValueError(f"citation {citation.number} goes from {citation.start} to {citation.end}")
    return citation


def _text(document: dict[str, Any], name: str, most: int) -> str:
    value = document[name]
    if not isinstance(value, str) or len(value) > most:
        raise TypeError(f"{name} is no text of at most {most:,} characters")
    return value


def _list(document: dict[str, Any], name: str, most: int) -> list[Any]:
    value = document.get(name, [])
    if not isinstance(value, list) or len(value) > most:
        raise TypeError(f"{name} is no list of at most {most}")
    return value


def _lines(document: dict[str, Any], name: str) -> tuple[str, ...]:
    lines = _list(document, name, _CITATIONS)
    if not all(isinstance(line, str) and len(line) <= _SHORT for line in lines):
        raise TypeError(f"{name} holds what is no line of at most {_SHORT:,} characters")
    return tuple(lines)
