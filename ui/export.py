"""A conversation to keep: Markdown, a page of its own, a page ready to print. Pure functions of a review."""

from html import escape
from typing import Final

from index.analyse import fold
from qa.trace import Trace
from ui import cite
from ui.render import title_html, web_address
from ui.review import Note, Quoted, Review, Told, runs
from ui.sheet import leaf, sheet
from ui.texts import TEXTS, Language, count_in_words, date_in_words, spoken
from ui.typeset import french, one_line, quotation

_NAME: Final = 40  # characters of the question in a file name


def as_markdown(review: Review, language: Language) -> str:
    """Headings for the questions, block quotes with footnotes, and the sources as these footnotes."""
    blocks = [f"# {TEXTS[language].review}", " · ".join(_counts(review, language))]
    for told in review.told:
        blocks += [f"## {cite.escape_markdown(one_line(told.question))}", *_markdown(told)]
    if review.notes:
        blocks += [f"## {TEXTS[language].sources}", *(_footnote(note, language) for note in review.notes)]
    return "\n\n".join(blocks) + "\n"


def as_html(review: Review, language: Language) -> str:
    """One page that needs nothing beside itself."""
    return leaf(TEXTS[language].review, _main(review, language), language)


def as_print(review: Review, language: Language) -> str:
    """A page of this server, ready to print."""
    button = f'<button type="button" class="print" hidden>{escape(TEXTS[language].print_it)}</button>'
    return sheet(TEXTS[language].review, _main(review, language, button), language, kind="paper")


def file_name(review: Review, ending: str) -> str:
    """A name that is safe everywhere: plain letters, digits and hyphens of the first question, and the day."""
    asked = fold(review.told[0].question) if review.told else ""
    words = "-".join("".join(char if char.isascii() and char.isalnum() else " " for char in asked).split())
    short = words if len(words) <= _NAME else words[: _NAME + 1].rpartition("-")[0] or words[:_NAME]
    return "-".join(part for part in ("griot", short, review.on.isoformat()) if part) + ending


def _counts(review: Review, language: Language) -> list[str]:
    texts = TEXTS[language]
    return [
        texts.compiled.format(date=date_in_words(review.on.isoformat(), language)),
        count_in_words(len(review.told), texts.questions_one, texts.questions_many, language),
        count_in_words(review.articles, texts.articles_one, texts.articles_many, language),
    ]


def _state(trace: Trace, language: Language) -> str:
    """What a reader must know of a quote that does not stand in its article as it is."""
    texts = TEXTS[language]
    said = []
    if not trace.held:
        said.append(texts.note_lost)
    if trace.changed and not trace.gone:
        said.append(texts.note_changed.format(date=date_in_words(trace.changed.date().isoformat(), language)))
    if trace.gone:
        said.append(texts.note_gone)
    return " ".join(said)


def _typeset(line: str, language: str) -> str:
    return french(one_line(line)) if spoken(language) == "fr" else one_line(line)


# Markdown


def _markdown(told: Told) -> list[str]:
    if told.text:
        return [cite.escape_markdown(_typeset(told.text, told.language))]
    blocks = []
    for item in told.quotes:
        blocks += [_markdown_line(item.lead, told.language)] if item.lead else []
        quote = cite.escape_markdown(quotation(item.note.checked.citation.quote, spoken(told.language)))
        blocks.append(f"> {quote} [^{item.note.number}]")
    return blocks + [_markdown_line(line, told.language) for line in told.remarks]


def _markdown_line(line: str, language: str) -> str:
    forms = {"text": "{}", "bold": "**{}**", "note": "[^{}]"}
    return "".join(forms[kind].format(cite.escape_markdown(piece)) for kind, piece in runs(_typeset(line, language)))


def _footnote(note: Note, language: Language) -> str:
    checked = note.checked
    told = f"{cite.markdown_source(checked.citation, checked.article, language)}."
    told = TEXTS[language].note_same.format(number=note.same) if note.same else told
    return " ".join(part for part in (f"[^{note.number}]: {told}", _state(checked.trace, language)) if part)


# HTML


def _main(review: Review, language: Language, after: str = "") -> str:
    texts = TEXTS[language]
    about = " · ".join(map(escape, _counts(review, language)))
    sections = "".join(f"<section><h2>{_isolated(told.question)}</h2>{_html(told, language)}</section>" for told in review.told)
    listed = "".join(_source(note, language) for note in review.notes)
    sources = f'<section class="sources"><h2>{escape(texts.sources)}</h2><ol>{listed}</ol></section>' if listed else ""
    head = f'<header><h1>{escape(texts.review)}</h1><p class="about">{about}</p>{after}</header>'
    return f'<div class="review">{head}{sections}{sources}</div>'


def _html(told: Told, language: Language) -> str:
    lang = f' lang="{spoken(told.language)}"'
    if told.text:
        return f'<p class="refusal"{lang}>{escape(_typeset(told.text, told.language))}</p>'
    quotes = "".join(_html_quote(item, told.language, language) for item in told.quotes)
    return quotes + "".join(f'<p class="remark"{lang}>{_html_line(line, told.language, language)}</p>' for line in told.remarks)


def _html_quote(item: Quoted, spoken_in: str, language: Language) -> str:
    article, citation = item.note.checked.article, item.note.checked.citation
    lang = f' lang="{escape(article.language)}"' if article and article.language else ""
    lead = f'<p class="lead">{_html_line(item.lead, spoken_in, language)}</p>' if item.lead else ""
    quote = escape(quotation(citation.quote, spoken(spoken_in)))
    return f"{lead}<blockquote{lang}>{quote}{_reference(str(item.note.number), language)}</blockquote>"


def _html_line(line: str, spoken_in: str, language: Language) -> str:
    def form(kind: str, piece: str) -> str:
        return _reference(piece, language) if kind == "note" else f"<strong>{escape(piece)}</strong>" if kind == "bold" else escape(piece)

    return "".join(form(kind, piece) for kind, piece in runs(_typeset(line, spoken_in)))


def _reference(number: str, language: Language) -> str:
    label = escape(TEXTS[language].note.format(number=number))
    return f'<sup><a href="#note-{number}" aria-label="{label}">{number}</a></sup>'


def _source(note: Note, language: Language) -> str:
    texts, checked = TEXTS[language], note.checked
    state = _state(checked.trace, language)
    after = f'<span class="state">{escape(state)}</span>' if state else ""
    told = escape(texts.note_same.format(number=note.same)) if note.same else _reference_to(note, language)
    return f'<li id="note-{note.number}"><span class="number">{note.number}</span><span>{told}{after}</span></li>'


def _reference_to(note: Note, language: Language) -> str:
    article, citation = note.checked.article, note.checked.citation
    title = one_line(citation.title or "") or None
    named = f"<strong>{title_html(title, one_line(article.text if article else citation.quote))}</strong>"
    parts = [_isolated(article.author) if article and article.author else "", f"<bdi>{named}</bdi>"]
    parts += [
        f"<cite>{_isolated(citation.source)}</cite>" if citation.source else "",
        _isolated(date_in_words(citation.published, language)),
    ]
    link = cite.address(citation)
    opened = web_address(citation.link) or link
    shown = f'<a href="{escape(opened or "")}" rel="noopener noreferrer">{escape(link)}</a>' if link else escape(TEXTS[language].no_address)
    return f'{", ".join(part for part in parts if part)}<span class="address">{shown}</span>'


def _isolated(text: str) -> str:
    return f"<bdi>{escape(one_line(text))}</bdi>"
