"""Conversations as the browser keeps them: JSON out, and back in as something that nobody vouches for.

What comes back is checked for its types and sizes, and is never believed: quotes are looked up in the articles again, and titles, sites,
dates and addresses are taken from there.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass, replace
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Protocol, Union, get_args, get_origin, get_type_hints

from index.article import Article
from qa.answer import Answer, Citation, cite
from qa.trace import Trace

if TYPE_CHECKING:
    from ui.render.view import Turn

TURNS: Final = 60
"""Turns of one conversation: some 200 kB for the browser to keep, and to send with each question."""
_LONGEST: Final = 2_000_000  # characters of a whole conversation
_TEXT: Final = 20_000  # characters of one text in it
_ITEMS: Final = 100  # of one list in it
_QUESTION: Final = 4000


class Library(Protocol):
    """Where quotes are looked up again."""

    def article(self, article_id: str) -> Article | None: ...
    def trace(self, citation: Citation) -> Trace: ...


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a browser sent: the name it keeps the conversation by, the turns, and whether something in them could not be read."""

    id: str = ""
    turns: "tuple[Turn, ...]" = ()
    damaged: bool = False


def document(turn: "Turn") -> dict[str, Any]:
    """What the browser keeps of a turn. The passages of an answer that quotes others are kept without their words."""
    answer = turn.answer
    if answer is None:
        return {"question": turn.question}
    passages = answer.passages if not answer.answered else tuple(replace(hit, text="") for hit in answer.passages)
    kept = {"question": turn.question, "answer": asdict(replace(answer, passages=passages))}
    return {**kept, "verdict": turn.verdict} if turn.verdict else kept


def read_kept(text: Any, library: Library) -> Kept:
    """The conversation in `text`. Turns that cannot be read are left out and said to be damaged."""
    from ui.render.view import Turn

    if not isinstance(text, str) or not text or len(text) > _LONGEST:
        return Kept(damaged=bool(text))
    try:
        # A number too long for int(), or nested too deep, is an error of its own.
        data = json.loads(text)
        name, items = rebuilt(str, data["id"])[:40], data["turns"]
        if not isinstance(items, list):
            raise TypeError("turns is no list")
    except (ValueError, KeyError, TypeError, RecursionError):
        return Kept(damaged=True)
    turns = []
    for item in items[:TURNS]:
        try:
            turns.append(_turn(Turn, item, library))
        except (ValueError, KeyError, TypeError):
            continue
    return Kept(id=name, turns=tuple(turns), damaged=len(turns) < len(items))


def with_articles(turn: "Turn", library: Library) -> "Turn":
    """`turn` with the articles that its answer cites, or comes near to where it cites none."""
    if turn.answer is None:
        return turn
    used = dict.fromkeys(part.article_id for part in (turn.answer.citations or turn.answer.passages))
    return replace(turn, articles={key: article for key in used if (article := library.article(key))})


def rebuilt(kind: Any, value: Any) -> Any:
    """`value`, read from JSON, as a `kind`: a dataclass, a tuple, a mapping, a union, or a plain type; what is missing takes its default.

    Raises:
        TypeError, ValueError: it is of another type, or too long.
    """
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise TypeError(f"{kind.__name__} is {type(value).__name__}")
        hints = get_type_hints(kind)
        known = {field.name: rebuilt(hints[field.name], value[field.name]) for field in fields(kind) if field.name in value}
        missing = [field.name for field in fields(kind) if field.name not in known and field.default is MISSING]
        if missing:
            raise TypeError(f"{kind.__name__} lacks {', '.join(missing)}")
        return kind(**known)
    if get_origin(kind) is tuple:
        return tuple(rebuilt(get_args(kind)[0], item) for item in _list(value))
    if get_origin(kind) in (Union, UnionType):
        if value is None and NoneType in get_args(kind):
            return None
        return rebuilt(next(option for option in get_args(kind) if option is not NoneType), value)
    return _plain(kind, value)


def _plain(kind: Any, value: Any) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{value!r:.40} is no {kind.__name__}")
    if isinstance(value, str) and len(value) > _TEXT:
        raise ValueError(f"{len(value)} characters are more than {_TEXT}")
    # A surrogate alone cannot be sent back to the browser; JSON also lets NaN and the infinite through.
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, int | float) and not -1e15 < value < 1e15:
        raise ValueError(f"{value} is out of range")
    return value


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list) or len(value) > _ITEMS:
        raise TypeError("not a list, or too long a one")
    return value


def _turn(turn: "Callable[..., Turn]", item: Any, library: Library) -> "Turn":
    question = rebuilt(str, item["question"])
    if not question.strip() or len(question) > _QUESTION:
        raise ValueError("no question, or too long a one")
    if item.get("answer") is None:
        return turn(question=question, left=True)
    answer: Answer = rebuilt(Answer, item["answer"])
    verdict = item.get("verdict") if item.get("verdict") in ("up", "down") else None
    numbers = [citation.number for citation in answer.citations]
    # A confident answer of no quotes, or quotes of one number, are nothing that Griot says.
    if numbers != list(range(1, len(numbers) + 1)) or answer.answered != bool(numbers) or not 0 <= answer.further <= len(numbers):
        raise ValueError("citations that are not numbered as they should be")
    whole = with_articles(turn(question=question, answer=answer, verdict=verdict), library)
    checked = [_checked(citation, whole.articles, library) for citation in answer.citations]
    traces = {citation.number: trace for citation, trace in checked if trace is not None}
    return replace(whole, answer=replace(answer, citations=tuple(citation for citation, _ in checked)), traces=traces)


def _checked(citation: Citation, articles: Mapping[str, Article], library: Library) -> tuple[Citation, Trace | None]:
    """The citation as its article says it now, and what became of its quote where that does not stand there."""
    article = articles.get(citation.article_id)
    if article is not None and 0 <= citation.start < citation.end and article.text[citation.start : citation.end] == citation.quote:
        return replace(cite(citation.number, article, citation.start, citation.end), copies=citation.copies), None
    trace = library.trace(citation)
    if article is None:
        return citation, trace
    told = replace(citation, title=article.title, source=article.source, published=article.published, url=article.url)
    # No link to a sentence that is there no more.
    return replace(told, link=article.url or ""), trace
