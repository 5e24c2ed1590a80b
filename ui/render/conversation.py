"""The conversation: questions and replies, oldest first, and what may be asked next."""

import json
from collections.abc import Sequence
from html import escape
from typing import Final

from ui.kept import document
from ui.render.answer import quotes, refusal
from ui.render.notices import failed, notice
from ui.render.view import Turn, View
from ui.render.words import button, unbroken

_LONG: Final = 240  # characters of a question that is set as text, not as a heading


def conversation(turns: Sequence[Turn], view: View, name: str = "") -> str:
    """The questions and replies. Each turn carries what the browser keeps of it, by the `name` of the conversation."""
    if not turns:
        return welcome(view)
    bodies = "".join(_turn(number, turn, number == len(turns), view) for number, turn in enumerate(turns, start=1))
    return f'<div class="turns" data-conversation="{escape(name)}">{bodies}</div>'


def welcome(view: View) -> str:
    """What stands in place of the conversation before the first question."""
    return f'<div class="welcome"><h2>{escape(view.texts.welcome)}</h2><p>{escape(view.texts.welcome_line)}</p></div>'


def suggestions(questions: Sequence[str], view: View, after: str | None = None) -> str:
    """Questions to choose from: to begin with, or `after` the last question."""
    if not questions:
        return ""
    heading = view.texts.examples if after is None else view.texts.suggestions
    kind, place = ("example", "") if after is None else ("followup", f' data-after="{escape(after)}"')
    items = "".join(f"<li>{button('suggest', unbroken(question), kind=kind, data={'question': question})}</li>" for question in questions)
    return f'<section class="{kind}s"{place}><h3>{escape(heading)}</h3><ul>{items}</ul></section>'


def _turn(number: int, turn: Turn, last: bool, view: View) -> str:
    if turn.failure is not None:
        reply = failed(turn.failure) + _again(last, view)
    elif turn.left:
        reply = notice(view.texts.unanswered) + _again(last, view)
    elif turn.answer is None:
        reply = f'<p class="waiting" role="status"><span>{escape(view.texts.waiting)}</span></p>'
    elif turn.answer.answered:
        reply = quotes(number, turn, turn.answer, last, view)
    else:
        reply = refusal(turn, turn.answer, last, view)
    state = " waiting-turn" if turn.waiting else ""
    length = " long" if len(turn.question) > _LONG else ""
    kept = escape(json.dumps(document(turn), ensure_ascii=False, separators=(",", ":")))
    return (
        f'<article class="turn{state}" id="turn-{number}" data-turn="{number}" data-kept="{kept}">'
        f'<h2 class="question{length}">{escape(turn.question)}</h2><div class="reply">{reply}</div></article>'
    )


def _again(last: bool, view: View) -> str:
    return f'<p class="again">{button("retry", view.texts.retry, kind="act plain")}</p>' if last else ""
