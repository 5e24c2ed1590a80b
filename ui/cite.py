"""A citation as people write it down: plain text, Markdown, BibTeX."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote as percent

from index.analyse import fold
from index.article import Article, opening_words
from qa.answer import Citation
from ui.render import web_address
from ui.texts import TEXTS, Language, date_in_words
from ui.typeset import one_line, quotation

_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]<>&|~$^]")
# Only at the start of a line: headings, lists, definitions, underlines.
_MARKDOWN_LINE: Final = re.compile(r"^(?=[#+\-=:])|^(\d+)(?=[.)])")
# Balanced commands: BibTeX counts even the braces that a backslash precedes.
_LATEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
}  # fmt: skip
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_PEOPLE: Final = re.compile(r"\s+(?:et|and|&)\s+|\s*;\s*", re.IGNORECASE)
_NO_DATE: Final[dict[Language, str]] = {"fr": "s. d.", "en": "n. d."}
_KEY: Final = 24  # characters of a site and of a word in the name of an entry
_HOST: Final = re.compile(r"https?://(?:www\.)?([\w-]+)[.:/]", re.IGNORECASE)
_SHORT: Final = 4  # letters from which the first word of a title is taken to tell something


def plain(citation: Citation, article: Article | None = None, language: Language = "fr") -> str:
    """The quote, then who wrote it, where and when, on one line. `article` tells the author, and the first words of what has no title."""
    parts = [_author(article), _titled(citation, article, language), one_line(citation.source or "")]
    parts += [one_line(date_in_words(citation.published, language)), address(citation) or TEXTS[language].no_address]
    return f"{quotation(citation.quote, language)} — {', '.join(part for part in parts if part)}"


def markdown(citation: Citation, article: Article | None = None, language: Language = "fr") -> str:
    """The quote as a block, its source under it."""
    return f"> {escape_markdown(quotation(citation.quote, language))}\n>\n> — {markdown_source(citation, article, language)}"


def markdown_source(citation: Citation, article: Article | None = None, language: Language = "fr") -> str:
    """Author, title linked to its address, site and date as Markdown."""
    link = address(citation)
    title = escape_markdown(_title(citation, article, language))
    parts = [escape_markdown(_author(article)), f"[{title}](<{link}>)" if link else title]
    parts += [f"*{escape_markdown(source)}*"] if (source := one_line(citation.source or "")) else []
    parts += [escape_markdown(one_line(date_in_words(citation.published, language)))]
    parts += [] if link else [TEXTS[language].no_address]
    return ", ".join(part for part in parts if part)


def bibtex(citation: Citation, article: Article | None = None, language: Language = "fr") -> str:
    """An entry of any bibliography, `@misc`; a date has the precision that is known. An unknown author or address has no field."""
    fields = {
        "author": " and ".join(_person(name) for name in _PEOPLE.split(_author(article)) if name),
        "title": f"{{{_latex(_title(citation, article, language))}}}",
        "howpublished": _latex(one_line(citation.source or "")),
        "url": address(citation) or "",
        "note": _latex(quotation(citation.quote, language)),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    lines[-1:-1] = _bibtex_date(citation.published, language)
    return f"@misc{{{key(citation, article)},\n" + ",\n".join(lines) + "\n}"


FORMATS: Final[Mapping[str, Callable[[Citation, Article | None, Language], str]]] = {
    "plain": plain, "markdown": markdown, "bibtex": bibtex,
}  # fmt: skip
"""The forms that a citation can be copied in."""


def key(citation: Citation, article: Article | None = None) -> str:
    """What a BibTeX entry is called: its site, its year and the first telling word of its title, in plain letters and digits."""
    host = _HOST.match(address(citation) or "")
    words = [word for part in _title(citation, article, "fr").split() if (word := _letters(part))]
    word = next((word for word in words if len(word) >= _SHORT), words[0] if words else "")
    year = (citation.published or "").partition("-")[0]
    site = _letters(citation.source or "") or (host and _letters(host[1])) or "article"
    return f"{site[:_KEY]}{year if year.isascii() and year.isdecimal() else 'nd'}{word[:_KEY]}"


def address(citation: Citation) -> str | None:
    """The article's own address where it has one on the web, with nothing in it that a format could take for its own sign."""
    found = web_address(citation.url)
    if not found:
        return None
    # A space or sign left as it is would end the address; "%" is already part of one.
    return percent(one_line(found), safe="%/:?#[]@!$&'()*+,;=~-._")


def escape_markdown(text: str) -> str:
    """`text`, of one line, so that every character of it is shown as it is."""
    return _MARKDOWN_LINE.sub(lambda found: f"{found[1]}\\" if found[1] else "\\", _MARKDOWN.sub(lambda found: f"\\{found[0]}", text))


def _title(citation: Citation, article: Article | None, language: Language) -> str:
    title = one_line(citation.title or "")
    if title:
        return title
    opening = opening_words(one_line(article.text)) if article else ""
    return f"{TEXTS[language].untitled} ({quotation(opening, language)})" if opening else TEXTS[language].untitled


def _titled(citation: Citation, article: Article | None, language: Language) -> str:
    title = _title(citation, article, language)
    return quotation(title, language) if one_line(citation.title or "") else title


def _author(article: Article | None) -> str:
    return one_line(article.author or "") if article else ""


def _person(name: str) -> str:
    """A name that BibTeX may take apart; in braces, what is no plain "first last"."""
    plain_name = all(char.isalpha() or char in " -.'’" for char in name) and " " in name
    return _latex(name) if plain_name else f"{{{_latex(name)}}}"


def _bibtex_date(published: str | None, language: Language) -> list[str]:
    parts = (published or "").split("-")
    if not all(part.isascii() and part.isdecimal() for part in parts) or len(parts) > 3:
        return [f"  year = {{{_NO_DATE[language]}}}"]
    lines = [f"  year = {{{parts[0]}}}"]
    if len(parts) > 1 and 1 <= int(parts[1]) <= 12:
        lines.append(f"  month = {_MONTHS[int(parts[1]) - 1]}")
        lines += [f"  day = {{{int(parts[2])}}}"] if len(parts) == 3 else []
    return lines


def _latex(text: str) -> str:
    return "".join(_LATEX.get(char, char) for char in text)


def _letters(text: str) -> str:
    # An elided article is no word of its own: "l'accord" is told by "accord".
    bare = re.sub(r"^(?:l|d|qu|s|n|j|c)['’]", "", fold(text))
    return re.sub(r"[^a-z0-9]", "", bare)
