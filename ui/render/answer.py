"""A reply: quotes with their markers, or a refusal with what comes nearest; how it was come by, and what can be done with it."""

from collections.abc import Mapping
from html import escape
from typing import Final

from index.article import Article, opening_words
from qa.answer import Answer, Citation, Hit, quoted, reading_link
from qa.phrases import republished
from ui.render.footnotes import with_footnotes
from ui.render.sources import copies, sources
from ui.render.view import Turn, View
from ui.render.words import BLANK, about, bold, button, held, lang, title_html, unbroken
from ui.texts import TEXTS, Language, Texts, count_in_words, duration_in_words, spoken

_NEAREST: Final = 230  # characters of a nearest passage: enough to tell whether it is worth opening


def quotes(number: int, turn: Turn, answer: Answer, last: bool, view: View) -> str:
    """An answer. The words around the quotes are in the language of the question, like the quotation marks."""
    tongue = spoken(answer.language)
    leads = [*answer.leads, *[""] * (len(answer.citations) - len(answer.leads))]
    tag, item = ("ol", "li") if answer.shape == "timeline" else ("div", "div")
    told = [
        f'<{item} class="told">{_lead(lead)}{_quote(number, turn, citation, tongue, view.texts)}</{item}>'
        for lead, citation in zip(leads, answer.citations, strict=False)
    ]
    shown = len(told) - answer.further
    rest = "".join(told[shown:])
    more = f'<details class="more"><summary>{escape(TEXTS[tongue].more)}</summary>{rest}</details>' if rest else ""
    return (
        f'{_understood(answer, tongue)}<{tag} class="quotes {escape(answer.shape)}">{"".join(told[:shown])}</{tag}>'
        f"{_notes(answer, tongue)}{more}"
        f'<details class="fold"><summary>{_publishers(answer, view)}</summary>{sources(number, turn, "fold", view)}</details>'
        f"{_under(turn, answer, last, view)}"
    )


def refusal(turn: Turn, answer: Answer, last: bool, view: View) -> str:
    """What is said when the articles hold no answer, and the passages that come nearest."""
    tongue = spoken(answer.language)
    items = "".join(_near(hit, turn.articles.get(hit.article_id), view) for hit in answer.passages)
    nearest = f'<div class="nearest"><h3>{escape(TEXTS[tongue].nearest)}</h3><ul>{items}</ul></div>' if items else ""
    return f'{_understood(answer, tongue)}<p class="refusal">{escape(unbroken(answer.text))}</p>{nearest}{_under(turn, answer, last, view)}'


def _quote(number: int, turn: Turn, citation: Citation, tongue: Language, texts: Texts) -> str:
    if turn.lost(citation.number):
        return f'<p class="quiet lost">{escape(texts.lost)}</p>'
    return (
        f'<p class="quote" data-turn="{number}" data-number="{citation.number}"{lang(turn.articles.get(citation.article_id))}>'
        f"{escape(held(quoted(citation.quote, tongue)))}&nbsp;{_marker(number, citation, texts)}</p>{copies(citation, tongue)}"
    )


def _lead(lead: str) -> str:
    """What stands before a quote, on a line of its own."""
    return f'<p class="lead">{bold(lead)}</p>' if lead else ""


def _notes(answer: Answer, tongue: Language) -> str:
    """What is said of the sources' agreement, age and language. Who republished what is folded under its quote instead."""
    folded = {
        republished(citation.number, list(dict.fromkeys(copy.source or copy.path for copy in citation.copies)), tongue)
        for citation in answer.citations
        if citation.copies
    }
    notes = [note for note in answer.notes if note not in folded]
    return "".join(f'<p class="quiet note">{bold(unbroken(line) if tongue == "fr" else line)}</p>' for line in notes)


def _publishers(answer: Answer, view: View) -> str:
    """How many articles are quoted, and who published them; when, too, where there is one."""
    cited = {citation.article_id: citation for citation in answer.citations}
    count = count_in_words(len(cited), view.texts.sources_one, view.texts.sources_many, view.language)
    one = next(iter(cited.values()))
    names = dict.fromkeys(citation.source for citation in cited.values() if citation.source)
    who = about(one.source, one.published, view.language) if len(cited) == 1 else escape(", ".join(names))
    return f'{escape(count)} <span class="quiet">{who}</span>' if who else escape(count)


def _understood(answer: Answer, tongue: Language) -> str:
    """How a question that leaned on earlier ones was read; pressed, it goes back into the box to be changed."""
    if not answer.understood:
        return ""
    texts = TEXTS[tongue]
    said = button("edit", answer.understood, kind="edit").replace("<button ", f'<button title="{escape(texts.edit)}" ', 1)
    return f'<p class="quiet understood">{escape(texts.understood)} {said}</p>'


def _marker(turn: int, citation: Citation, texts: Texts) -> str:
    label = escape(texts.marker.format(number=citation.number))
    return (
        f'<a class="marker" href="#panel-{turn}-{citation.number}" data-turn="{turn}" data-number="{citation.number}" title="{label}" '
        f'aria-label="{label}"><span>[</span>{citation.number}<span>]</span></a>'
    )


def _near(hit: Hit, article: Article | None, view: View) -> str:
    text = opening_words(hit.text, _NEAREST)
    title = title_html(hit.title, article.text if article else hit.text)
    link = escape(reading_link(hit.article_id, hit.start, hit.end) + "#quote")
    return (
        f'<li><p class="passage"{lang(article)}>{escape(text)}</p>'
        f'<p class="about"><a href="{link}" {BLANK}>{title}</a> · {about(hit.source, hit.published, view.language)}</p></li>'
    )


def _under(turn: Turn, answer: Answer, last: bool, view: View) -> str:
    """Below a reply: how it was come by, folded, and what can be done with it."""
    return f'<div class="under">{_steps(answer, view)}{_acts(turn, answer, last, view)}</div>{_reason(view)}'


def _steps(answer: Answer, view: View) -> str:
    texts, language = view.texts, view.language
    took = duration_in_words(answer.seconds, language)
    # The nearest passages are told one by one; of the others, at least those were read that are quoted.
    near = {hit.article_id for hit in answer.passages}
    quoted_too = {citation.article_id for citation in answer.citations} - near
    passages = len(answer.passages) + len(quoted_too)
    read = count_in_words(passages, "1", "{count}", language)
    of = count_in_words(len(near | quoted_too), texts.from_one, texts.from_many, language)
    rows = {
        texts.steps_question: answer.understood or "",
        texts.steps_words: ", ".join(answer.searched),
        texts.steps_passages: f"{read}, {of}" if passages > 1 else read if passages else "",
        texts.steps_kept: _tally(answer, view) if answer.citations else texts.steps_kept_none,
        texts.steps_time: took,
    }
    listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(said)}</dd></div>" for name, said in rows.items() if said)
    summary = f"{_tally(answer, view)} · {took}" if answer.citations else took
    return f'<details class="steps"><summary>{escape(summary)}</summary><dl>{listed}</dl></details>'


def _tally(answer: Answer, view: View) -> str:
    """How many quotes, from how many articles: quotes of one article do not confirm each other."""
    texts = view.texts
    said = count_in_words(len(answer.citations), texts.quotes_one, texts.quotes_many, view.language)
    articles = len({citation.article_id for citation in answer.citations})
    if len(answer.citations) < 2:
        return said
    return f"{said} {count_in_words(articles, texts.from_one, texts.from_many, view.language)}"


def _acts(turn: Turn, answer: Answer, last: bool, view: View) -> str:
    texts = view.texts
    copied = button("copy", texts.copy, data={"copy": with_footnotes(turn.question, answer, turn.articles, view), "said": texts.copied})
    chosen = {"retry": texts.retry, "change": texts.change, "remove": texts.remove} if last else {}
    items = "".join(button(do, label, kind="item") for do, label in chosen.items())
    link = button("link", texts.link, kind="item", data={"question": answer.understood or turn.question, "said": texts.linked})
    label = escape(texts.more_actions)
    menu = (
        f'<details class="menu"><summary class="act icon dots" aria-label="{label}" title="{label}"></summary>'
        f'<div class="items">{items}{link}</div></details>'
    )
    return f'<div class="acts">{copied}{menu}{_thumbs(turn, view)}</div>'


def _thumbs(turn: Turn, view: View) -> str:
    if not view.rated:
        return ""
    labels: Mapping[str, str] = {"up": view.texts.useful, "down": view.texts.useless}
    thumbs = "".join(
        button("rate", label, kind=f"act icon {verdict}", data={"verdict": verdict}, icon=True).replace(
            "<button ", f'<button aria-pressed="{str(turn.verdict == verdict).lower()}" ', 1
        )
        for verdict, label in labels.items()
    )
    return f'<span class="thumbs">{thumbs}</span>'


def _reason(view: View) -> str:
    """Asked of who found an answer useless."""
    if not view.rated:
        return ""
    label = escape(view.texts.reason)
    return (
        f'<form class="reason" hidden><input type="text" maxlength="500" aria-label="{label}" placeholder="{label}">'
        f'<button type="submit" class="act plain">{escape(view.texts.reason_send)}</button></form>'
    )
