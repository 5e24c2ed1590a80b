"""Small pieces of HTML and the typography of what stands in them."""

import re
from html import escape
from typing import Final

from index.article import Article, opening_words
from ui.texts import Language, date_in_words

_NEIGHBOURS: Final = 110  # characters shown on each side of a quote: about two lines of a card
_THIN: Final = "\u202f"
_ASTERISKS: Final = re.compile(r"\*\*(.+?)\*\*")
BLANK: Final = 'target="_blank" rel="noopener noreferrer"'


def excerpt(text: str, start: int, end: int, room: int = _NEIGHBOURS) -> tuple[str, str, str]:
    """`text[start:end]` between what precedes and follows it in its paragraph, cut at words, on one line."""
    opening = text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0
    closing = text.find("\n\n", end)
    before, quote, after = text[opening:start], text[start:end], text[end : closing if closing >= 0 else len(text)]
    first, last = one_line(before), one_line(after)
    # An ellipsis is held to its word: alone on a line it would look like a mistake.
    if len(before) > room:
        first = "…\u00a0" + one_line(before[-room:].partition(" ")[2])
    if len(after) > room:
        last = one_line(after[:room].rpartition(" ")[0]) + "\u00a0…"
    return first, one_line(quote), last


def web_address(link: str | None) -> str | None:
    """`link` when it opens a web page. An article may claim any address: "javascript:" must not become a link."""
    return link if link and link.lower().startswith(("http://", "https://")) else None


def title_html(title: str | None, text: str) -> str:
    """The title, or the first words of `text` in italics."""
    return escape(title) if title else f"<i>{escape(opening_words(text))}</i>"


def about(source: str | None, published: str | None, language: Language, *more: str) -> str:
    """Site, date and what else there is to say, on one line that breaks between them."""
    held_parts = (part.replace(" ", "\u00a0") for part in more)
    return " · ".join(escape(part) for part in (source, date_in_words(published, language), *held_parts) if part)


def lang(article: Article | None) -> str:
    """The attribute that says the language of an article's words."""
    return f' lang="{escape(article.language)}"' if article and article.language else ""


def bold(text: str) -> str:
    """`text` with what stands between pairs of asterisks set in bold."""
    return _ASTERISKS.sub(r"<strong>\1</strong>", escape(text))


def held(quotation: str) -> str:
    """A quotation with its outer guillemets held to it. Its own words stay as published."""
    outer = re.fullmatch(r"«\s(.*)\s»", quotation, re.DOTALL)
    return f"«{_THIN}{outer[1]}{_THIN}»" if outer else quotation


def unbroken(text: str) -> str:
    """`text` with its guillemets and colons held to their words by the narrow spaces of French typography."""
    return text.replace("« ", f"«{_THIN}").replace(" »", f"{_THIN}»").replace(" :", f"{_THIN}:").replace(" ?", f"{_THIN}?")


def one_line(text: str) -> str:
    """`text` with every run of white space as one space."""
    return " ".join(text.split())


def button(do: str, label: str, *, kind: str = "act", data: dict[str, str] | None = None, icon: bool = False) -> str:
    """A button that the page's script acts on (`do`); as an `icon`, its label is for those who do not see it."""
    extra = "".join(f' data-{name}="{escape(value)}"' for name, value in (data or {}).items())
    said = f' aria-label="{escape(label)}" title="{escape(label)}"' if icon else ""
    return f'<button type="button" class="{kind}" data-do="{do}"{extra}{said}>{"" if icon else escape(label)}</button>'
