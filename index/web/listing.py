"""Feeds and sitemaps: the pages that they list, and what they say of each.

Read by lxml's recovering parser, element by element, without entities and without the network. feedparser was weighed: it reads more kinds
of broken feed, but holds all entries of one at once, and sitemaps it does not know; trafilatura's readers give links alone.
"""

import email.utils
import gzip
import html
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from index.dates import find_date
from index.errors import ArticleError
from index.metadata import Metadata, told
from index.web.address import canonical

MOST: Final = 50_000_000
"""Bytes of a listing once unpacked: sitemaps.org allows as many."""
ENTRIES: Final = 50_000
"""Entries looked at, of which the newest are taken: sitemaps.org allows as many."""
FULL: Final = 1_000
"""Characters of text from which a feed is taken to give an article whole."""
_DATES: Final = ("pubDate", "published", "publication_date", "date", "updated", "lastmod")
_ENTRY: Final = {"item": "feed", "entry": "feed", "url": "sitemap", "sitemap": "index"}
_ROOTS: Final = {"rss": "feed", "RDF": "feed", "feed": "feed", "urlset": "sitemap", "sitemapindex": "index"}
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ENTITY = re.compile(r"&[A-Za-z_][\w.-]{0,99};")
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A page that a feed or sitemap lists, what that says of it, and its text as HTML where the feed gives it whole."""

    address: str
    stated: Metadata
    body: str | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a feed, a sitemap, or an index of sitemaps lists, the newest first where it gives dates."""

    kind: Literal["feed", "sitemap", "index"]
    title: str | None
    entries: tuple[Listed, ...]


def read_listing(data: bytes, address: str, limit: int) -> Listing | None:
    """The first `limit` entries of a feed or sitemap that was fetched from `address`; None where it is neither.

    Raises:
        ArticleError: it begins as one but cannot be read.
    """
    data = _unpacked(data)
    head = data[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"<") or not re.search(rb"<(?:\w+:)?(?:rss|RDF|feed|urlset|sitemapindex)[\s>]", head):
        return None
    from lxml import etree

    kind: str | None = None
    title: str | None = None
    found: dict[str, tuple[str, Listed]] = {}
    try:
        options = {"recover": True, "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
        for event, element in etree.iterparse(io.BytesIO(data), events=("start", "end"), **options):
            name = _name(element)
            if event == "start":
                kind = kind or _ROOTS.get(name)
                continue
            if _ENTRY.get(name) == kind:
                _take(element, address, title, found)
                # What was read is let go, so that a feed of any length takes little memory.
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            elif name == "title" and title is None and _name(element.getparent()) in ("channel", "feed"):
                title = _text(element)
            if len(found) >= ENTRIES:
                break
    except etree.XMLSyntaxError as error:
        if not found:
            raise ArticleError(f"the feed or sitemap is damaged ({error.msg}); try again later") from error
    if kind is None:
        return None
    dated = sorted(found.values(), key=lambda item: item[0], reverse=True)
    chosen = tuple(item for _, item in dated[:limit])
    return Listing(kind={"feed": "feed", "sitemap": "sitemap", "index": "index"}[kind], title=title, entries=chosen)  # type: ignore[arg-type]


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            return stream.read(MOST)
    except (OSError, EOFError, zlib.error) as error:
        raise ArticleError(f"the packed sitemap is damaged ({error}); try again later") from error


def _take(element: Any, address: str, site: str | None, found: dict[str, tuple[str, Listed]]) -> None:
    """Add the page of an entry to those `found`, with the date that they are sorted by."""
    fields: dict[str, str] = {}
    for child in element.iter():
        for name, value in _fields(child):
            fields.setdefault(name, value)
    link = fields.get("link") or fields.get("loc") or fields.get("guid") or fields.get("id")
    try:
        place = canonical(link or "", _base(element, address))
    except ArticleError:
        return
    day = next((fields[name] for name in _DATES if name in fields), "")
    when = _stamp(day)
    # A sitemap's "lastmod" is when the page changed, which may be years later.
    changed = day == fields.get("lastmod") or (day == fields.get("updated"))
    published = find_date(when[:10]) if when and not changed else None
    title, author, source = (_plain(fields.get(name)) for name in ("title", "author", "name"))
    stated = told("feed", title=title, published=published, author=author, source=source or _plain(site))
    body = max((fields.get(name, "") for name in ("encoded", "content")), key=len)
    whole = len(_TAG.sub("", body)) >= FULL
    if link and place not in found:
        found[place] = (_moment(day), Listed(address=place, stated=stated, body=body if whole else None))


def _fields(child: Any) -> Iterator[tuple[str, str]]:
    """What an element of an entry says."""
    name, parent = _name(child), _name(child.getparent())
    if not name:
        # A comment, or an entity that is not followed.
        return
    if name == "link" and child.get("href"):
        if child.get("rel", "alternate") == "alternate":
            yield "link", child.get("href")
        return
    text = _text(child)
    if not text:
        return
    if name == "creator" or (name == "name" and parent == "author"):
        yield "author", text
    elif name == "name" and parent == "publication":
        yield "name", text
    elif name == "guid" and (child.get("isPermaLink") == "false" or not text.startswith("http")):
        return
    elif name != "name":
        yield name, text


def _base(element: Any, address: str) -> str:
    """What the links of an element are relative to: `address`, or an xml:base around it."""
    for one in (*reversed(list(element.iterancestors())), element):
        if stated := one.get(_BASE):
            with suppress(ArticleError):
                address = canonical(stated, address)
    return address


def _plain(text: str | None) -> str | None:
    """A title or name without the tags and entities that feeds leave in it, and without those that stand for what is not read."""
    return " ".join(_ENTITY.sub("", html.unescape(_TAG.sub("", html.unescape(text)))).split()) or None if text else None


def _moment(text: str) -> str:
    """When a date is, in UTC, as text that sorts by time; "" where it is none."""
    for read in (datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            moment = read(text.strip())
            return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return _stamp(text)


def _stamp(text: str) -> str:
    """A date as feeds write it, in the zone that it is stated in, year first."""
    text = text.strip()
    if re.match(r"\d{4}-\d\d", text):
        return text[:19]
    when = email.utils.parsedate_tz(text)
    return f"{when[0]:04d}-{when[1]:02d}-{when[2]:02d}T{when[3]:02d}:{when[4]:02d}:{when[5]:02d}" if when else ""


def _name(element: Any) -> str:
    tag = getattr(element, "tag", "")
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()
