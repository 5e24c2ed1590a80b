"""The panel of sources: a card for each quote, with the article it stands in."""

from collections.abc import Sequence
from html import escape

from index.article import Article
from qa.answer import Citation, reading_link
from ui.links import quotes_link, text_digest
from ui.render.view import Turn, View
from ui.render.words import BLANK, about, button, excerpt, lang, one_line, title_html, web_address
from ui.texts import TEXTS, Language, Texts, age_in_words, count_in_words, date_in_words


def panel(turns: Sequence[Turn], view: View) -> str:
    """The sources of every answer; only those of the last are shown until another is chosen."""
    sections = []
    for number, turn in enumerate(turns, start=1):
        hidden = "" if number == len(turns) else " hidden"
        sections.append(f'<section class="sources" data-turn="{number}"{hidden}>{sources(number, turn, "panel", view)}</section>')
    body = "".join(sections) or f'<p class="quiet">{escape(view.texts.sources_later)}</p>'
    return f"<h2>{escape(view.texts.sources)}</h2>{body}"


def sources(number: int, turn: Turn, place: str, view: View) -> str:
    """The cards of one answer, in the panel or folded under it (`place`)."""
    if turn.answer is None:
        return ""
    if not turn.answer.citations:
        return f'<p class="quiet">{escape(view.texts.sources_none)}</p>'
    cards, first = [], None
    for citation in turn.answer.citations:
        # Quotes of one article, one after the other, say once whose they are.
        if first is None or citation.article_id != first.article_id:
            first = citation
        cards.append(_card(number, turn, citation, place, view, first.number))
    return f'<ol class="cards">{"".join(cards)}</ol>'


def copies(citation: Citation, language: Language) -> str:
    """Who else published the article, folded, each with a link to read it."""
    if not citation.copies:
        return ""
    texts = TEXTS[language]
    items = "".join(
        f'<li><a href="{escape(reading_link(copy.article_id, 0, 0))}" {BLANK}>{escape(copy.source or copy.title or copy.path)}</a>'
        f" · {escape(date_in_words(copy.published, language))}</li>"
        for copy in citation.copies
    )
    said = count_in_words(len(citation.copies), texts.copies_one, texts.copies_many, language)
    return f'<details class="copies"><summary>{escape(said)}</summary><ul>{items}</ul></details>'


def _card(number: int, turn: Turn, citation: Citation, place: str, view: View, first: int) -> str:
    """The card of one quote; `first` is the number of the card above that tells of the article, its own where it does."""
    article = turn.articles.get(citation.article_id)
    if first == citation.number:
        title = title_html(citation.title, article.text if article else citation.quote)
        more = (age_in_words(citation.published, view.today, view.language), _foreign(article, view))
        told = f'<p class="about">{about(citation.source, citation.published, view.language, *more)}</p>'
    else:
        title, told = f'<span class="same">{escape(view.texts.same_article.format(number=first))}</span>', ""
    return (
        f'<li class="card" id="{place}-{number}-{citation.number}" data-turn="{number}" data-number="{citation.number}" tabindex="0">'
        f'<h3><span class="number">{citation.number}</span><span>{title}</span></h3>{told}'
        f"{_passage(turn, citation, article, view.texts)}{_links(citation, article, view)}"
        f"{copies(citation, view.language) if told else ''}</li>"
    )


def _foreign(article: Article | None, view: View) -> str:
    """The language of an article that is not that of the page."""
    if article is None or not article.language or article.language == view.language:
        return ""
    known = {"fr": view.texts.in_french, "en": view.texts.in_english}
    return known.get(article.language, article.language)


def _passage(turn: Turn, citation: Citation, article: Article | None, texts: Texts) -> str:
    """The quote in its surroundings; alone, with the reason, where the article has changed since."""
    if turn.lost(citation.number):
        return f'<p class="quiet lost">{escape(texts.lost)}</p>'
    trace = turn.traces.get(citation.number)
    if article is not None and article.text[citation.start : citation.end] == citation.quote:
        before, quote, after = excerpt(article.text, citation.start, citation.end)
    else:
        before, quote, after = "", one_line(citation.quote), ""
    passage = f"{escape(before)} <mark>{escape(quote)}</mark> {escape(after)}".strip()
    said = f'<p class="quiet since">{escape(texts.gone if trace.gone else texts.changed)}</p>' if trace else ""
    return f"<blockquote{lang(article)}>{passage}</blockquote>{said}"


def _links(citation: Citation, article: Article | None, view: View) -> str:
    texts = view.texts
    stands = article is not None and article.text[citation.start : citation.end] == citation.quote
    digest = text_digest(article.text) if article and stands else None
    reading = escape(quotes_link(citation.article_id, (citation.start, citation.end), view.quotes.get(citation.article_id, ()), digest))
    links = [f'<a href="{reading}" {BLANK}>{escape(texts.read)}</a>']
    original = web_address(citation.link)
    if original:
        links.append(f'<a href="{escape(original)}" {BLANK}>{escape(texts.original)}</a>')
    if view.formats:
        links.append(_cite(citation, article, view))
    return f'<div class="links">{"".join(links)}</div>'


def _cite(citation: Citation, article: Article | None, view: View) -> str:
    texts = view.texts
    labels = {"plain": texts.cite_plain, "markdown": texts.cite_markdown, "bibtex": texts.cite_bibtex}
    items = "".join(
        button("copy", labels.get(name, name), kind="item", data={"copy": form(citation, article, view.language), "said": texts.copied})
        for name, form in view.formats.items()
    )
    return f'<details class="menu cite"><summary>{escape(texts.cite)}</summary><div class="items">{items}</div></details>'
