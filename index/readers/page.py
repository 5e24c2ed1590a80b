"""What a web page says about itself in its code.

Order of trust, highest first; what none of them says stays None.
- date: JSON-LD `datePublished`, meta tags of publication, an element marked as the publication's time, the first `<time>` of the
  article, the address, a short dated line above the text marked as one by its class. Dates of change and of images are never taken.
- title: JSON-LD `headline` (unless cut short), `og:title`, the only `<h1>`, `<title>` without the site's name.
- site: `og:site_name`, JSON-LD publisher, `application-name`, else the host of the address.
- address: canonical link, `og:url`, JSON-LD, where it was fetched from, the note that browsers leave in saved pages.
- author: JSON-LD, meta tags, an element marked as the author. Language: `<html lang>`, `og:locale`, JSON-LD.
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from index.analyse import fold
from index.dates import parse_date
from index.metadata import Metadata, host_of
from index.readers.linked import article_data, publisher_of, text_of

_DATE_TAGS: Final = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "date.published", "dc.date.issued",
    "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "citation_publication_date", "citation_date",
    "parsely-pub-date", "sailthru.date", "publication_date", "publish-date", "publishdate", "publish_date", "pubdate", "date",
)  # fmt: skip
_AUTHOR_TAGS: Final = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "citation_author")
_TITLE_TAGS: Final = ("og:title", "twitter:title", "dc.title", "citation_title")
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)", re.IGNORECASE)
_PATH_DATE = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)(?:[/-](\d\d))?(?=[/-])")
_DATED_CLASS = re.compile(r"(?:^|[\s_-])(?:date|dates|dated|published|publication|pubdate|posted|timestamp|byline|meta|time)(?:$|[\s_-])")
_SITE_TAIL = re.compile(r"(?<!\s)\s+[-–—|·»]\s+([^-–—|·»]{2,50})$")
_EPOCH: Final = "1970-01-01"
"""What programs write for a date that is not set: the first day of Unix time."""
_LONGEST: Final = 2000
"""Characters kept of a statement: the longest titles have 300."""
_DATED_LINE: Final = 100
"""Characters of a byline such as "Par Awa Issoufou, publié le 3 juillet 2024 à 10 h 12"; a sentence that names a date is longer."""
_DATED_LINES: Final = 50
"""Elements with such a class that are looked at: a page has one or two before its text."""
_ASIDE: Final = "ancestor-or-self::*[self::aside or self::footer or self::nav or contains(@class,'related') or contains(@class,'comment')]"


def page_metadata(tree: Any, data: bytes, address: str | None) -> Metadata:
    """The metadata of the page `tree` (lxml), whose bytes are `data` and which was fetched from `address`, if it was."""
    tags = _tags(tree)
    linked = article_data(tree, {fold(text) for text in (*_headings(tree), tags.get("og:title", ""), _title_tag(tree) or "") if text})
    saved = _SAVED_FROM.search(data[:4096])
    fetched = address or (saved[1].decode("ascii", "replace") if saved else None)
    found: dict[str, tuple[str, str]] = {}

    def settle(name: str, candidates: Iterable[tuple[str | None, str]]) -> str | None:
        for value, origin in candidates:
            if value and (value := _tidy(value)):
                found[name] = (value, origin)
                return value
        return None

    url = settle("url", _addresses(tree, tags, linked, fetched))
    site = settle("source", [
        (tags.get("og:site_name"), "meta tag"), (publisher_of(linked), "JSON-LD"), (tags.get("application-name"), "meta tag"),
        (host_of(url), "address"),
    ])  # fmt: skip
    settle("title", _titles(tree, tags, linked, site))
    settle("published", _dates(tree, tags, linked, url))
    settle("author", _authors(tree, tags, linked, site))
    settle("language", [
        (_language(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")), "html lang"),
        (_language(tags.get("og:locale")), "meta tag"), (_language(text_of(linked.get("inLanguage"))), "JSON-LD"),
    ])  # fmt: skip
    return Metadata(**{name: value for name, (value, _) in found.items()}, origins={name: origin for name, (_, origin) in found.items()})


def _tags(tree: Any) -> dict[str, str]:
    """Meta tags by their lower-cased name; the first of a name counts."""
    tags: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = meta.get("content")
        if name and content and content.strip():
            tags.setdefault(name.strip().lower()[:100], " ".join(content.split())[:_LONGEST])
    return tags


def _dates(tree: Any, tags: dict[str, str], linked: dict[str, Any], url: str | None) -> Iterator[tuple[str | None, str]]:
    yield machine_date(text_of(linked.get("datePublished"))), "JSON-LD"
    for name in _DATE_TAGS:
        yield machine_date(tags.get(name)), "meta tag"
    for element in tree.xpath("//*[contains(@itemprop,'datePublished') or (self::time and @pubdate)]"):
        yield machine_date(element.get("datetime") or element.get("content") or _line(element)), "time tag"
    for element in tree.xpath(
        f"//time[@datetime][not({_ASIDE})][not(contains(@itemprop,'dateModified'))][not(contains(@class,'updated'))]"
    ):
        yield machine_date(element.get("datetime")), "time tag"
        break
    if match := _PATH_DATE.search(url or ""):
        yield parse_date("-".join(part for part in match.groups() if part)), "address"
    for line in _dated_lines(tree):
        found = parse_date(line)
        yield (found if found and len(found) == 10 else None), "byline"


def _dated_lines(tree: Any) -> Iterator[str]:
    """The first short lines whose class says that they hold a date, outside of what is beside the article."""
    from lxml import etree

    walk = etree.iterwalk(tree, events=("start",))
    tried = 0
    for _, element in walk:
        names = f"{element.get('class', '')} {element.get('id', '')}".lower()
        if element.tag in ("aside", "footer", "nav", "head") or "related" in names or "comment" in names:
            walk.skip_subtree()
        elif len(names) < _LONGEST and _DATED_CLASS.search(names):
            if line := _line(element):
                yield line
            if (tried := tried + 1) >= _DATED_LINES:
                return


def machine_date(value: str | None) -> str | None:
    """The day of a time stamp such as "2024-07-03T10:12:00+01:00", as written there: no time zone is converted."""
    if not value:
        return None
    value = value.strip()
    if re.fullmatch(r"(?:19|20)\d{6}(?:\d{6})?(?:T.*)?", value):
        value = f"{value[:4]}-{value[4:6]}-{value[6:8]}"
    found = parse_date(value[:60])
    return None if found == _EPOCH else found


def _titles(tree: Any, tags: dict[str, str], linked: dict[str, Any], site: str | None) -> Iterator[tuple[str | None, str]]:
    headline = text_of(linked.get("headline"))
    # Search engines used to want at most 110 characters, so some sites cut their headlines there.
    if headline and not headline.rstrip().endswith(("…", "...")):
        yield headline, "JSON-LD"
    for name in _TITLE_TAGS:
        yield _without_site(tags.get(name), site), "meta tag"
    headings = _headings(tree)
    yield (headings[0] if len(headings) == 1 else None), "h1"
    yield headline, "JSON-LD"
    yield _without_site(_title_tag(tree), site), "title tag"


def _without_site(title: str | None, site: str | None) -> str | None:
    """A title without " - Name of the site"; any such tail goes where the site's name is known only by its address."""
    match = _SITE_TAIL.search(title) if title else None
    if not title or not match:
        return title
    known, tail = fold(site or "").replace(" ", ""), fold(match[1]).replace(" ", "")
    return title[: match.start()] if known and (tail in known or known in tail or known.partition(".")[0] in tail) else title


def _authors(tree: Any, tags: dict[str, str], linked: dict[str, Any], site: str | None) -> Iterator[tuple[str | None, str]]:
    yield _names(linked.get("author")), "JSON-LD"
    for name in _AUTHOR_TAGS:
        value = tags.get(name)
        # Facebook wants the address of a profile in article:author; some systems put the site's name or "admin" there.
        yield (value if value and "/" not in value and fold(value) not in ("admin", fold(site or "")) else None), "meta tag"
    for element in tree.xpath(f"//*[@itemprop='author' or @rel='author'][not({_ASIDE})]"):
        yield _line(element), "byline"


def _names(author: Any) -> str | None:
    values = author if isinstance(author, list) else [author]
    names = [name for value in values[:10] if (name := text_of(value)) and "://" not in name]
    return ", ".join(dict.fromkeys(names)) or None


def _addresses(tree: Any, tags: dict[str, str], linked: dict[str, Any], fetched: str | None) -> Iterator[tuple[str | None, str]]:
    links = [link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    stated = [(links[0] if links else None, "canonical link"), (tags.get("og:url"), "meta tag")]
    stated += [(text_of(linked.get(name)), "JSON-LD") for name in ("url", "mainEntityOfPage")]
    whole = [(_absolute(value, fetched), origin) for value, origin in [*stated, (fetched, "address")]]
    # A canonical link to the front page is a mistake of the template, not the article's address.
    yield from ((value, origin) for value, origin in whole if value and urlsplit(value).path.strip("/"))
    yield _absolute(fetched, None), "address"


def _absolute(value: str | None, base: str | None) -> str | None:
    if not value:
        return None
    try:
        joined = urljoin(base, value.strip()) if base else value.strip()
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.hostname and not re.search(r"[\s<>\"]", joined) else None


def _headings(tree: Any) -> list[str]:
    return [line for heading in tree.iter("h1") if (line := " ".join(heading.text_content().split())) and len(line) <= 300]


def _title_tag(tree: Any) -> str | None:
    return next((text for title in tree.iter("title") if (text := " ".join(title.text_content().split())[:_LONGEST])), None)


def _line(element: Any) -> str | None:
    """The text of an element that holds no more than a short line."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece)
        if (length := length + len(piece.strip())) > _DATED_LINE:
            return None
    return " ".join(" ".join(pieces).split()) or None


def _language(value: str | None) -> str | None:
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", value or "")
    return match[1].lower() if match else None


def _tidy(value: str) -> str:
    return " ".join(html.unescape(value).split())
