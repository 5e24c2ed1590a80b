"""The collection's page as HTML that works without script; with it, progress is live and files can be dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final
from urllib.parse import urlencode

from index.report import Failure
from ui.manage.job import State
from ui.manage.rows import Choice, Page, Row
from ui.manage.words import WORDS, Words
from ui.texts import Language, count_in_words, date_in_words

FAILURES: Final = 50
"""Failures that are listed; the report of `griot index --json` has all."""
_ORDERS: Final = ("title", "published", "source", "language", "passages")


@dataclass(frozen=True, kw_only=True)
class View:
    """All that the page shows. `values` are the sites, languages and years to choose from; `out` the places removed by hand."""

    page: Page
    choice: Choice
    values: Mapping[str, Sequence[str]]
    state: State
    out: Sequence[str] = ()
    failed: Sequence[Failure] = ()
    notice: str = ""
    removed: Row | None = None
    """The article just removed, which can be brought back."""
    asked: Row | None = None
    """The article whose removal is to be confirmed."""
    edits: bool = False
    name: str | None = None
    """Who came in, where there are accounts."""


def collection_page(view: View, language: Language, base: str = "") -> str:
    """The whole page, for a site whose paths begin with `base`."""
    words = WORDS[language]
    parts = [
        f"<h1>{escape(words.title)}</h1>", _notice(view, words, base),
        f'<div id="job">{progress(view.state, language, base, view.edits)}</div>',
        _confirmation(view, words, base), _filters(view, words), _table(view, words, language, base), _pages(view, words),
        _failures(view.failed, words), _adding(words, base, view.state) if view.edits else "", _out(view, words, base),
    ]  # fmt: skip
    # Without script the page asks again by itself while the index is being made.
    refresh = '<noscript><meta http-equiv="refresh" content="3"></noscript>' if view.state.running else ""
    leave = f" · {escape(view.name)} {_button(f'{base}/logout', words.leave, {}, 'quiet')}" if view.name else ""
    return (
        f'<!doctype html><html lang="{language}" class="plain collection"><head><meta charset="utf-8">'
        f"<title>{escape(words.title)} · Griot</title>{refresh}"
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" type="image/svg+xml" href="{escape(base)}/favicon.svg">'
        f'<link rel="stylesheet" href="{escape(base)}/style.css"><script src="{escape(base)}/collection.js" defer></script></head>'
        f'<body><nav><a href="{escape(base)}/" class="home">Griot</a><span><a href="{escape(base)}/">{escape(words.back)}</a>{leave}</span>'
        "</nav>"
        f"<main>{''.join(parts)}</main></body></html>"
    )


def progress(state: State, language: Language, base: str, edits: bool) -> str:
    """How far the index is, or how it ended."""
    words = WORDS[language]
    if not state.running:
        told = _ended(state, words)
        return f'<p class="notice" role="status">{escape(told)}</p>' if told else ""
    bar = f'<progress max="{state.total}" value="{state.done}"></progress>' if state.total else "<progress></progress>"
    said = f"{words.running} · {words.stages.get(state.stage, state.stage)}"
    if state.stage == "read":
        said += f" {state.found:,}".replace(",", "\u202f" if language == "fr" else ",")
    elif state.total:
        said += f" {state.done:,} / {state.total:,}".replace(",", "\u202f" if language == "fr" else ",")
    said = words.cancelling if state.cancelling else said
    stop = _button(f"{base}/collection/cancel", words.cancel, {}, "quiet") if edits and not state.cancelling else ""
    return f'<div class="progress" role="status" aria-live="polite"><p>{escape(said)}</p>{bar}{stop}</div>'


def _ended(state: State, words: Words) -> str:
    if state.cancelled:
        return words.cancelled
    if state.failure is not None:
        return f"{words.failed_build} {state.failure or words.unforeseen}"
    if state.report is None:
        return ""
    counts = {name: len(getattr(state.report, name)) for name in ("added", "changed", "removed", "unchanged", "failed")}
    return words.done.format(**counts)


def _notice(view: View, words: Words, base: str) -> str:
    told = f'<p class="notice" role="alert">{escape(view.notice)}</p>' if view.notice else ""
    if view.removed is None:
        return told
    undo = _button(f"{base}/collection/restore", words.undo, {"path": view.removed.path}, "quiet") if view.edits else ""
    return f'{told}<div class="notice" role="status">{escape(words.removed.format(label=view.removed.label))} {undo}</div>'


def _confirmation(view: View, words: Words, base: str) -> str:
    if view.asked is None or not view.edits:
        return ""
    yes = _button(f"{base}/collection/remove", words.yes, {"id": view.asked.id})
    keep = f'<a href="?{escape(_address(view.choice))}">{escape(words.keep)}</a>'
    return f'<div class="confirm" role="alertdialog"><p>{escape(words.sure.format(label=view.asked.label))}</p>{yes} {keep}</div>'


def _filters(view: View, words: Words) -> str:
    choice = view.choice
    menus = "".join(
        f'<select name="{name}" aria-label="{escape(every)}"><option value="">{escape(every)}</option>'
        + "".join(
            f"<option{' selected' if value == getattr(choice, name) else ''}>{escape(value)}</option>"
            for value in view.values.get(name, ())
        )
        + "</select>"
        for name, every in (("source", words.all_sites), ("language", words.all_languages), ("year", words.all_years))
    )
    kept = f'<input type="hidden" name="order" value="{choice.order}">' + (
        '<input type="hidden" name="descending" value="1">' if choice.descending else ""
    )
    return (
        f'<form class="filters" method="get" role="search"><input type="search" name="text" value="{escape(choice.text)}" '
        f'placeholder="{escape(words.search)}" aria-label="{escape(words.search)}">{menus}{kept}'
        f'<button type="submit">{escape(words.show)}</button></form>'
    )


def _table(view: View, words: Words, language: Language, base: str) -> str:
    count = count_in_words(view.page.found, words.found_one, words.found_many, language)
    if not view.page.rows:
        return f'<p class="quiet">{escape(words.none)}</p>'
    heads = "".join(_head(name, order, view.choice) for name, order in zip(words.columns, _ORDERS, strict=True))
    if view.edits:
        heads += f'<th scope="col"><span class="unseen">{escape(words.remove)}</span></th>'
    rows = "".join(_row(row, view, words, language, base) for row in view.page.rows)
    return (
        f'<p class="quiet">{escape(count)}</p><div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _head(name: str, order: str, choice: Choice) -> str:
    chosen = choice.order == order
    turned = replace(choice, order=order, descending=chosen and not choice.descending, page=1)  # type: ignore[arg-type]
    state = f' aria-sort="{"descending" if choice.descending else "ascending"}"' if chosen else ""
    arrow = (" ↓" if choice.descending else " ↑") if chosen else ""
    return f'<th scope="col"{state}><a href="?{escape(_address(turned))}">{escape(name)}{arrow}</a></th>'


def _row(row: Row, view: View, words: Words, language: Language, base: str) -> str:
    title = escape(row.title) if row.title else f"<i>{escape(row.label)}</i>"
    copy = f' <span class="quiet">({escape(words.copy)})</span>' if row.copy else ""
    asked = urlencode({"ask": row.id}) + "&" + _address(view.choice)
    remove = f'<td><a href="?{escape(asked)}" class="quiet">{escape(words.remove)}</a></td>' if view.edits else ""
    return (
        f'<tr><td><a href="{escape(base)}/article/{escape(row.id)}">{title}</a>{copy}</td>'
        f"<td>{escape(date_in_words(row.published, language))}</td><td>{escape(row.source or '')}</td><td>{escape(row.language or '')}</td>"
        f'<td class="number">{row.passages}</td>{remove}</tr>'
    )


def _pages(view: View, words: Words) -> str:
    if view.page.pages < 2:
        return ""
    now = min(view.choice.page, view.page.pages)
    before = f'<a href="?{escape(_address(view.choice, now - 1))}" rel="prev">{escape(words.previous)}</a>' if now > 1 else ""
    after = f'<a href="?{escape(_address(view.choice, now + 1))}" rel="next">{escape(words.next)}</a>' if now < view.page.pages else ""
    return f'<p class="pages">{before} <span class="quiet">{now} / {view.page.pages}</span> {after}</p>'


def _failures(failed: Sequence[Failure], words: Words) -> str:
    if not failed:
        return ""
    items = "".join(f"<li><b>{escape(item.path)}</b> {escape(item.reason)}</li>" for item in failed[:FAILURES])
    more = f"<li>… {len(failed) - FAILURES:,}</li>" if len(failed) > FAILURES else ""
    heading = f'<h2>{escape(words.failures)}</h2><p class="quiet">{escape(words.failures_line)}</p>'
    return f'<section class="failures">{heading}<ul>{items}{more}</ul></section>'


def _adding(words: Words, base: str, state: State) -> str:
    off = " disabled" if state.running else ""
    text, *fields = words.paste_fields
    inputs = "".join(
        f'<p><label>{escape(label)} <input name="{name}"></label></p>'
        for label, name in zip(fields, ("title", "source", "published", "url", "author"), strict=True)
    )
    send = f'<p><button type="submit"{off}>{escape(words.send)}</button></p>'
    return (
        f'<section class="adding"><h2>{escape(words.add)}</h2>'
        f'<form method="post" action="{escape(base)}/collection/files" enctype="multipart/form-data" class="drop">'
        f"<p><label>{escape(words.files)} "
        f'<input type="file" name="file" multiple required></label></p><p class="quiet">{escape(words.files_line)}</p>{send}</form>'
        f'<form method="post" action="{escape(base)}/collection/address"><p><label>{escape(words.address)} '
        f'<input type="url" name="address" required></label></p><p class="quiet">{escape(words.address_line)}</p>{send}</form>'
        f"<details><summary>{escape(words.paste)}</summary>"
        f'<form method="post" action="{escape(base)}/collection/text" enctype="multipart/form-data"><p><label>{escape(text)} '
        f'<textarea name="text" rows="10" required></textarea></label></p>{inputs}{send}</form></details>'
        f"<h2>{escape(words.rebuild)}</h2><p class='quiet'>{escape(words.rebuild_line)}</p>"
        f'<form method="post" action="{escape(base)}/collection/rebuild"><p><label><input type="checkbox" name="full" value="1"> '
        f'{escape(words.full)}</label></p><p><button type="submit"{off}>{escape(words.rebuild)}</button></p></form></section>'
    )


def _out(view: View, words: Words, base: str) -> str:
    if not view.out:
        return ""
    items = "".join(
        f"<li>{escape(path)} {_button(f'{base}/collection/restore', words.undo, {'path': path}, 'quiet') if view.edits else ''}</li>"
        for path in view.out[:FAILURES]
    )
    return f'<details class="out"><summary>{escape(words.out)} ({len(view.out):,})</summary><ul>{items}</ul></details>'


def _button(action: str, label: str, fields: Mapping[str, str], kind: str = "") -> str:
    hidden = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items())
    button = f'<button type="submit" class="{kind}">{escape(label)}</button>'
    return f'<form method="post" action="{escape(action)}" class="inline">{hidden}{button}</form>'


def _address(choice: Choice, page: int | None = None) -> str:
    """The query that makes this choice."""
    said = {"text": choice.text, "source": choice.source, "language": choice.language, "year": choice.year}
    if choice.order != "title":
        said["order"] = choice.order
    if choice.descending:
        said["descending"] = "1"
    if (page or choice.page) > 1:
        said["page"] = str(page or choice.page)
    return urlencode({name: value for name, value in said.items() if value})
