"""Answers, citations and passages as HTML. Pure functions; every word that is not ours is escaped."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final, Protocol

from index.article import Article, opening_words
from qa.answer import Answer, Citation, Hit, quoted, reading_link
from ui.texts import TEXTS, Language, Texts, count_in_words, date_in_words, duration_in_words, period_in_words, spoken

_NEIGHBOURS: Final = 110  # characters shown on each side of a quote: about two lines of a card
_NEAREST: Final = 230  # characters of a nearest passage: enough to tell whether it is worth opening
_SITES: Final = 3
_LONG: Final = 240  # characters of a question that is set as text, not as a heading
_THIN: Final = "\u202f"
_ASTERISKS: Final = re.compile(r"\*\*(.+?)\*\*")
_BLANK: Final = 'target="_blank" rel="noopener noreferrer"'


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A question and what came of it: an answer, the reason why there is none, or nothing yet.

    `articles` holds, by id, the articles that the answer cites or comes near to.
    """

    question: str
    answer: Answer | None = None
    articles: Mapping[str, Article] = field(default_factory=dict)
    failure: str | None = None

    @property
    def waiting(self) -> bool:
        """Whether the reply is still to come."""
        return self.answer is None and self.failure is None


class Holdings(Protocol):
    """What a collection holds, as `Assistant.overview` tells it."""

    @property
    def articles(self) -> int: ...
    @property
    def earliest(self) -> str | None: ...
    @property
    def latest(self) -> str | None: ...
    @property
    def sources(self) -> tuple[str, ...]: ...


def conversation(turns: Sequence[Turn], language: Language) -> str:
    """The questions and replies, oldest first."""
    if not turns:
        return welcome(language)
    bodies = "".join(_turn(number, turn, language) for number, turn in enumerate(turns, start=1))
    return f'<div class="turns" role="log" aria-live="polite">{bodies}</div>'


def welcome(language: Language) -> str:
    """What stands in place of the conversation before the first question."""
    texts = TEXTS[language]
    return f'<div class="welcome"><h2>{escape(texts.welcome)}</h2><p>{escape(texts.welcome_line)}</p></div>'


def examples_heading(language: Language) -> str:
    """The line above the example questions."""
    return f"<h3>{escape(TEXTS[language].examples)}</h3>"


def panel(turns: Sequence[Turn], language: Language) -> str:
    """The sources of every answer; only those of the last are shown until the marker of another is chosen."""
    texts = TEXTS[language]
    sections = []
    for number, turn in enumerate(turns, start=1):
        hidden = "" if number == len(turns) else " hidden"
        cards = _sources(number, turn, "panel", language)
        sections.append(f'<section class="sources" data-turn="{number}"{hidden}>{cards}</section>')
    body = "".join(sections) or f'<p class="quiet">{escape(texts.sources_later)}</p>'
    return f"<h2>{escape(texts.sources)}</h2>{body}"


def masthead(language: Language) -> str:
    """The name of the place and what it does."""
    return f'<h1>Griot</h1><p class="quiet">{escape(TEXTS[language].tagline)}</p>'


def holdings(overview: Holdings | None, language: Language) -> str:
    """What the collection holds: articles, dates covered, sites. Empty when the index cannot tell."""
    if overview is None:
        return ""
    texts = TEXTS[language]
    lines = [count_in_words(overview.articles, texts.articles_one, texts.articles_many, language)]
    lines.append(period_in_words(overview.earliest, overview.latest, language))
    # Never "and 1 other": one name takes no more room than its count.
    shown = overview.sources if len(overview.sources) <= _SITES + 1 else overview.sources[:_SITES]
    sites = ", ".join(shown)
    if len(shown) < len(overview.sources):
        sites += " " + texts.more_sites.format(count=len(overview.sources) - len(shown))
    lines.append(sites)
    return f"<h2>{escape(texts.collection)}</h2>" + "".join(f"<p>{escape(line)}</p>" for line in lines if line)


def asked(turns: Sequence[Turn], language: Language) -> str:
    """The questions of this conversation, each a link to its place."""
    if not turns:
        return ""
    items = "".join(
        f'<li><a href="#turn-{number}">{escape(opening_words(turn.question))}</a></li>' for number, turn in enumerate(turns, start=1)
    )
    return f"<h2>{escape(TEXTS[language].asked)}</h2><ol>{items}</ol>"


def notice(text: str) -> str:
    """A plain line to the reader."""
    return f'<p class="notice" role="status">{escape(text)}</p>'


def excerpt(text: str, start: int, end: int, room: int = _NEIGHBOURS) -> tuple[str, str, str]:
    """`text[start:end]` between what precedes and follows it in its paragraph, cut at words, on one line."""
    opening = text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0
    closing = text.find("\n\n", end)
    before, quote, after = text[opening:start], text[start:end], text[end : closing if closing >= 0 else len(text)]
    first, last = _one_line(before), _one_line(after)
    # An ellipsis is held to its word: alone on a line it would look like a mistake.
    if len(before) > room:
        first = "…\u00a0" + _one_line(before[-room:].partition(" ")[2])
    if len(after) > room:
        last = _one_line(after[:room].rpartition(" ")[0]) + "\u00a0…"
    return first, _one_line(quote), last


def web_address(link: str | None) -> str | None:
    """`link` when it opens a web page. An article may claim any address: "javascript:" must not become a link."""
    return link if link and link.lower().startswith(("http://", "https://")) else None


def title_html(title: str | None, text: str) -> str:
    """The title, or the first words of `text` in italics."""
    return escape(title) if title else f"<i>{escape(opening_words(text))}</i>"


def about(source: str | None, published: str | None, language: Language) -> str:
    """Site and date on one line."""
    return " · ".join(escape(part) for part in (source, date_in_words(published, language)) if part)


def _turn(number: int, turn: Turn, language: Language) -> str:
    if turn.failure is not None:
        reply = notice(turn.failure)
    elif turn.answer is None:
        reply = f'<p class="waiting" role="status"><span>{escape(TEXTS[language].waiting)}</span></p>'
    elif turn.answer.answered:
        reply = _quotes(number, turn, turn.answer, language)
    else:
        reply = _refusal(turn.answer, turn.articles)
    state = " waiting-turn" if turn.waiting else ""
    length = " long" if len(turn.question) > _LONG else ""
    return (
        f'<article class="turn{state}" id="turn-{number}" data-turn="{number}"><h2 class="question{length}">{escape(turn.question)}</h2>'
        f'<div class="reply">{reply}</div></article>'
    )


def _quotes(number: int, turn: Turn, answer: Answer, language: Language) -> str:
    # The words around the quotes are in the language of the question, like the quotation marks.
    tongue, texts = spoken(answer.language), TEXTS[language]
    leads = [*answer.leads, *[""] * (len(answer.citations) - len(answer.leads))]
    told = [
        f'<div class="told">{_lead(lead)}'
        f'<p class="quote" data-turn="{number}" data-number="{citation.number}"{_lang(turn.articles.get(citation.article_id))}>'
        f"{escape(_held(quoted(citation.quote, tongue)))}&nbsp;{_marker(number, citation, texts)}</p></div>"
        for lead, citation in zip(leads, answer.citations, strict=True)
    ]
    shown = len(told) - answer.further
    rest = "".join(told[shown:])
    more = f'<details class="more"><summary>{escape(TEXTS[tongue].more)}</summary>{rest}</details>' if rest else ""
    note = "".join(f'<p class="quiet note">{_bold(_unbroken(line) if tongue == "fr" else line)}</p>' for line in answer.notes)
    took = f"{_tally(answer, tongue)} · {duration_in_words(answer.seconds, tongue)}"
    return (
        f'{_understood(answer, tongue)}<div class="quotes {escape(answer.shape)}">{"".join(told[:shown])}</div>{note}{more}'
        f'<p class="quiet took">{escape(took)}</p>'
        f'<details class="fold"><summary>{escape(texts.sources)}</summary>{_sources(number, turn, "fold", language)}</details>'
    )


def _lead(lead: str) -> str:
    """What stands before a quote, on a line of its own."""
    return f'<p class="lead">{_bold(lead)}</p>' if lead else ""


def _bold(text: str) -> str:
    """`text` with what stands between pairs of asterisks set in bold."""
    return _ASTERISKS.sub(r"<strong>\1</strong>", escape(text))


def _understood(answer: Answer, language: Language) -> str:
    """How a question that leaned on earlier ones was read; pressed, it goes back into the box to be changed."""
    if not answer.understood:
        return ""
    texts = TEXTS[language]
    return (
        f'<p class="quiet understood">{escape(texts.understood)} '
        f'<button type="button" class="edit" title="{escape(texts.edit)}">{escape(answer.understood)}</button></p>'
    )


def _marker(turn: int, citation: Citation, texts: Texts) -> str:
    label = escape(texts.marker.format(number=citation.number))
    return (
        f'<a class="marker" href="#panel-{turn}-{citation.number}" data-turn="{turn}" data-number="{citation.number}" title="{label}" '
        f'aria-label="{label}"><span>[</span>{citation.number}<span>]</span></a>'
    )


def _refusal(answer: Answer, articles: Mapping[str, Article]) -> str:
    tongue = spoken(answer.language)
    reply = f'{_understood(answer, tongue)}<p class="refusal">{escape(_unbroken(answer.text))}</p>'
    if not answer.passages:
        return reply
    items = "".join(_nearest(hit, articles.get(hit.article_id), tongue) for hit in answer.passages)
    return f'{reply}<div class="nearest"><h3>{escape(TEXTS[tongue].nearest)}</h3><ul>{items}</ul></div>'


def _nearest(hit: Hit, article: Article | None, language: Language) -> str:
    text = opening_words(hit.text, _NEAREST)
    title = title_html(hit.title, article.text if article else hit.text)
    link = escape(reading_link(hit.article_id, hit.start, hit.end) + "#quote")
    return (
        f'<li><p class="passage"{_lang(article)}>{escape(text)}</p>'
        f'<p class="about"><a href="{link}" {_BLANK}>{title}</a> · {about(hit.source, hit.published, language)}</p></li>'
    )


def _sources(number: int, turn: Turn, place: str, language: Language) -> str:
    if turn.answer is None:
        return ""
    if not turn.answer.citations:
        return f'<p class="quiet">{escape(TEXTS[language].sources_none)}</p>'
    cards = "".join(_card(number, citation, turn.articles.get(citation.article_id), place, language) for citation in turn.answer.citations)
    return f'<ol class="cards">{cards}</ol>'


def _card(turn: int, citation: Citation, article: Article | None, place: str, language: Language) -> str:
    if article is not None and article.text[citation.start : citation.end] == citation.quote:
        before, quote, after = excerpt(article.text, citation.start, citation.end)
    else:
        # Changed since it was quoted: the words stand, their surroundings may not.
        before, quote, after = "", _one_line(citation.quote), ""
    title = title_html(citation.title, article.text if article else citation.quote)
    passage = f"{escape(before)} <mark>{escape(quote)}</mark> {escape(after)}".strip()
    return (
        f'<li class="card" id="{place}-{turn}-{citation.number}" data-turn="{turn}" data-number="{citation.number}" tabindex="-1">'
        f'<h3><span class="number">{citation.number}</span><span>{title}</span></h3>'
        f'<p class="about">{about(citation.source, citation.published, language)}</p>'
        f"<blockquote{_lang(article)}>{passage}</blockquote>{_links(citation, TEXTS[language])}{_copies(citation, language)}</li>"
    )


def _copies(citation: Citation, language: Language) -> str:
    """Who else published the article, each with a link to read it."""
    if not citation.copies:
        return ""
    listed = [
        f'<a href="{escape(reading_link(copy.article_id, 0, 0))}" {_BLANK}>{escape(copy.source or copy.title or copy.path)}</a>'
        f" ({escape(date_in_words(copy.published, language))})"
        for copy in citation.copies
    ]
    return f'<p class="quiet copies">{escape(TEXTS[language].copies)}{", ".join(listed)}</p>'


def _links(citation: Citation, texts: Texts) -> str:
    reading = escape(reading_link(citation.article_id, citation.start, citation.end) + "#quote")
    links = [f'<a href="{reading}" {_BLANK}>{escape(texts.read)}</a>']
    original = web_address(citation.link)
    if original:
        links.append(f'<a href="{escape(original)}" {_BLANK}>{escape(texts.original)}</a>')
    return f'<p class="links">{" · ".join(links)}</p>'


def _tally(answer: Answer, language: Language) -> str:
    """How many quotes, from how many articles: quotes of one article do not confirm each other."""
    texts = TEXTS[language]
    quotes = count_in_words(len(answer.citations), texts.quotes_one, texts.quotes_many, language)
    articles = len({citation.article_id for citation in answer.citations})
    if len(answer.citations) < 2:
        return quotes
    return f"{quotes} {count_in_words(articles, texts.from_one, texts.from_many, language)}"


def _lang(article: Article | None) -> str:
    return f' lang="{escape(article.language)}"' if article and article.language else ""


def _held(quotation: str) -> str:
    """A quotation with its outer guillemets held to it. Its own words stay as published."""
    outer = re.fullmatch(r"«\s(.*)\s»", quotation, re.DOTALL)
    return f"«{_THIN}{outer[1]}{_THIN}»" if outer else quotation


def _unbroken(text: str) -> str:
    """`text` with its guillemets and colons held to their words by the narrow spaces of French typography."""
    return text.replace("« ", f"«{_THIN}").replace(" »", f"{_THIN}»").replace(" :", f"{_THIN}:")


def _one_line(text: str) -> str:
    return " ".join(text.split())
