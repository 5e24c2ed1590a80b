"""The reading page: a whole article with the quotes of a conversation marked, as plain HTML that needs no script."""

from collections.abc import Sequence
from html import escape
from typing import Final

from index.article import Article, opening_words
from index.revisions import Revision
from qa.answer import reading_link
from ui.edition import Edition
from ui.links import quotes_link, text_digest
from ui.marks import Mark, paragraphs
from ui.render import title_html, web_address
from ui.sheet import sheet
from ui.texts import TEXTS, Language, Texts, date_in_words
from ui.typeset import one_line

_LISTED: Final = 12  # copies and earlier texts named under an article
# Where a date was read, when it is not said by the page or text itself (`index.metadata.ORIGINS`): the words for it.
_FROM: Final = {
    "feed": "date_from_feed", "address": "date_from_address", "file name": "date_from_name", "Word properties": "date_from_properties",
    "PDF information": "date_from_properties", "update": "date_from_update", "text": "date_from_text",
}  # fmt: skip


def reading_page(
    edition: Edition, marked: Sequence[Mark], language: Language, copies: Sequence[Article] = (), earlier: Sequence[Revision] = ()
) -> str:
    """The page of one text of an article, with its marks; `copies` and `earlier` texts are told under it."""
    article, texts = edition.article, TEXTS[language]
    lang = f' lang="{escape(article.language)}"' if article.language else ""
    # Without a title the text opens the page itself: its first words above it are for those who go from heading to heading.
    named = f"<h1{lang}>{_isolated(one_line(article.title))}</h1>" if article.title else f'<h1 class="unseen">{escape(article.label)}</h1>'
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(article.text, marked))
    main = (
        f'<header>{named}<p class="about">{_about(article, language)}</p></header>{_banner(edition, marked, language)}'
        f'<div class="text"{lang} data-ask="{escape(texts.ask_about)}">{body}</div>{_more(edition, copies, earlier, language)}'
    )
    return sheet(one_line(article.label), main, language, after=_rail(marked, texts))


def missing_page(language: Language) -> str:
    """The page shown when there is no such article."""
    return notice_page(TEXTS[language].missing_title, TEXTS[language].missing_line, language)


def failure_page(reason: str, language: Language) -> str:
    """The page shown when the index cannot be read."""
    return notice_page(TEXTS[language].unreadable, reason, language)


def notice_page(title: str, line: str, language: Language) -> str:
    """A page that says one thing."""
    main = f"<header><h1>{escape(title)}</h1></header><p>{escape(line)}</p>"
    return sheet(title, f'<div class="notice">{main}</div>', language)


def _about(article: Article, language: Language) -> str:
    """Author, site, date with where it comes from, and the original."""
    texts = TEXTS[language]
    parts = [_isolated(one_line(name)) for name in (article.author, article.source) if name and name.strip()]
    origin = _FROM.get(article.origins.get("published", "").rpartition(", ")[2])
    told = f" ({escape(getattr(texts, origin))})" if origin and article.published else ""
    parts.append(_isolated(date_in_words(article.published, language)) + told)
    original = web_address(article.url)
    if original:
        parts.append(f'<a class="original" href="{escape(original)}" rel="noopener noreferrer">{escape(texts.original)}</a>')
    return " · ".join(parts)


def _banner(edition: Edition, marked: Sequence[Mark], language: Language) -> str:
    """What is said above a text that is not, or may not be, the one that the reader expects."""
    texts = TEXTS[language]
    if edition.state == "present":
        return ""
    day = date_in_words(edition.until.date().isoformat(), language) if edition.until else ""
    said = {"kept": texts.revised, "gone": texts.revised_gone, "lost": texts.revised_lost}[edition.state].format(date=day)
    link = f' <a href="{escape(_now(edition, marked))}">{escape(texts.present_text)}</a>' if edition.now else ""
    return f'<p class="banner" role="note">{escape(said)}{link}</p>'


def _now(edition: Edition, marked: Sequence[Mark]) -> str:
    """The present text, open at the quotes that still stand in it."""
    assert edition.now is not None
    text, places = edition.now.text, []
    for mark in sorted(marked, key=lambda mark: not mark.chosen):
        words = edition.article.text[mark.start : mark.end]
        at = text.find(words)
        if at >= 0:
            places.append((at, at + len(words)))
    return quotes_link(edition.now.id, places[0], places[1:]) if places else f"/article/{edition.now.id}"


def _more(edition: Edition, copies: Sequence[Article], earlier: Sequence[Revision], language: Language) -> str:
    """Who else published the article, and the texts that it had before."""
    texts = TEXTS[language]
    listed = [
        f'<li><a href="{escape(reading_link(copy.id, 0, 0).partition("?")[0])}">{_name(copy)}</a> · '
        f"{_isolated(date_in_words(copy.published, language))}</li>"
        for copy in copies[:_LISTED]
    ]
    shown = text_digest(edition.article.text)
    texts_before = [(text_digest(revision.text), revision) for revision in earlier[:_LISTED]]
    until = [
        f'<li><a href="/article/{escape(edition.article.id)}?digest={digest}">'
        f"{escape(texts.until.format(date=date_in_words(revision.seen_until.date().isoformat(), language)))}</a></li>"
        for digest, revision in texts_before
        if digest != shown
    ]
    blocks = [(texts.reprinted, listed), (texts.earlier_texts, until)]
    told = "".join(f"<h2>{escape(title)}</h2><ul>{''.join(items)}</ul>" for title, items in blocks if items)
    return f'<footer class="more">{told}</footer>' if told else ""


def _name(copy: Article) -> str:
    """A copy by its site, else by its title, else by its first words: never by a path."""
    source = one_line(copy.source or "")
    return _isolated(source) if source else f"<bdi>{title_html(one_line(copy.title or '') or None, opening_words(copy.text))}</bdi>"


def _rail(marked: Sequence[Mark], texts: Texts) -> str:
    """Links to each quote, along the page."""
    if not marked:
        return ""
    count = len(marked)
    items = "".join(
        f'<li><a href="#quote-{number}" aria-label="{escape(texts.quote_nth.format(number=number, count=count))}">{number}</a></li>'
        for number in range(1, count + 1)
    )
    # Shown by the script, which knows which quote the reader is at.
    steps = [
        f'<button type="button" class="{name}" aria-label="{escape(label)}" title="{escape(label)} ({key})" hidden></button>'
        for name, label, key in (("previous", texts.quote_previous, "P"), ("next", texts.quote_next, "N"))
    ]
    return (
        f'<nav class="rail" aria-label="{escape(texts.quotes_here)}"><span aria-hidden="true">{escape(texts.quotes_here)}</span>'
        f"{steps[0]}<ol>{items}</ol>{steps[1]}</nav>"
    )


def _isolated(text: str) -> str:
    """`text` escaped, so that none of its characters turns around those beside it."""
    return f"<bdi>{escape(text)}</bdi>"
