"""What a scraped page says about itself: title, date, address, site. What it does not say stays None."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

from index.analyse import fold
from index.dates import parse_date
from index.furniture import is_furniture, is_prose


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """`published` is "YYYY", "YYYY-MM" or "YYYY-MM-DD"; `source` is the site's name; `language` a code such as "fr".

    `origins` says where each field that is known was read, by the field's name: "JSON-LD", "meta tag", "front matter",
    "column", "header", "byline", "dateline", "file name", "address", "text".
    """

    title: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    author: str | None = None
    language: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)


_HEADER = re.compile(r"^(date|publi[ée] le|published|titre|title|url|lien|link|adresse|source|site)\s*[:=]\s*(\S.*)$", re.IGNORECASE)
_BARE_DATE = re.compile(r"^date\s+((?:19|20)\d\d(?:-\d\d){0,2})(?=\s|$)\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_NOT_A_PAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|mp[34]|pdf)(?:$|[?#])", re.IGNORECASE)
_STAMP = re.compile(r"^(\d{4}-\d\d-\d\d)T\d\d:\d\d\S*$")
_PATH_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d)(?:[/-]?(\d\d))?/")
_BYLINE = re.compile(r"^(?:publie|mis en ligne|posted|published)\b[^\d]{0,20}(.{4,40})", re.IGNORECASE)
_DATED_SITE = re.compile(r"(?:^|\s)(\d{1,2}[./]\d{1,2}[./]\d{4})(?:\s+\d\d[:h]\d\d)?,\s*([^.!?\n,]{2,40})$")
# WordPress (Yoast) names a list page "Subject Archives - Site"; its Jetpack box says "En savoir plus sur Site".
_LIST_PAGE = re.compile(r"^.{1,80}\bArchives?\s+[-–|]\s+(.{2,40})$")
_SITE_BOX = re.compile(r"^(?:en savoir plus sur|discover more from)\s+(.{2,40})$", re.IGNORECASE)
_HEAD_LINES: Final = 12
_TITLE_LIMIT: Final = 200


def is_header(line: str) -> bool:
    """Whether a line is a "key: value" of the header that scrapers write on top."""
    return bool(_HEADER.match(line))


def read_metadata(lines: Sequence[str]) -> tuple[Metadata, list[str]]:
    """What `lines` (stripped, none empty) say of the page, and the lines left without its header.

    Dates that disagree: a machine's time stamp wins over a header, a header over a byline, a byline over the address.
    A less trusted one that only adds precision (2024-01-19 to 2024-01) is taken.
    """
    fields, rest = _header(lines)
    url = fields.get("url") or _own_address(rest)
    stamps = [found for line in rest if (match := _STAMP.match(line)) and (found := parse_date(match[1]))]
    bylines = [found for line in rest[:_HEAD_LINES] if (match := _BYLINE.match(fold(line))) and (found := parse_date(match[1]))]
    sited = [match for line in rest if (match := _DATED_SITE.search(line))]
    dates = [*stamps[:1], fields.get("date"), *bylines[:1], *[parse_date(match[1]) for match in sited[:1]], _date_in(url)]
    title = fields.get("title") or _title(rest)
    source = fields.get("source") or _site(rest, [match[2].strip() for match in sited], url)
    return Metadata(title=title, published=_agreed(dates), url=url, source=source), rest


def _header(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The "key: value" lines and the bare "date 2023-07 [address]" that scrapers write on top, and the other lines."""
    names = {"date": "date", "publie le": "date", "published": "date", "titre": "title", "title": "title", "url": "url",
             "lien": "url", "link": "url", "adresse": "url", "source": "source", "site": "source"}  # fmt: skip
    fields: dict[str, str] = {}
    rest = list(lines)
    if rest and (match := _BARE_DATE.match(rest[0])):
        if found := parse_date(match[1]):
            fields["date"] = found
        rest[0] = rest[0][match.end() :]
        if (address := _ADDRESS.match(rest[0])) and not _NOT_A_PAGE.search(address[0]):
            fields["url"] = address[0]
            rest[0] = rest[0][address.end() :].strip()
        rest = [line for line in rest if line]
    while rest and (match := _HEADER.match(rest[0])):
        key, value = names.get(fold(match[1])), match[2].strip()
        if key == "source" and _ADDRESS.match(value):
            key = "url"
        if key is None or (key == "url") != bool(_ADDRESS.match(value)):
            break
        found = parse_date(value) if key == "date" else value
        if found:
            fields.setdefault(key, found)
        rest.pop(0)
    return fields, rest


def _own_address(lines: Sequence[str]) -> str | None:
    """An address alone on one of the first lines that is not of an image or other part of a page."""
    for line in lines[:_HEAD_LINES]:
        match = _ADDRESS.fullmatch(line)
        if match and not _NOT_A_PAGE.search(line) and (parts := _split(line)) and parts.path.strip("/"):
            return line
    return None


def _date_in(url: str | None) -> str | None:
    match = _PATH_DATE.search(url) if url else None
    return parse_date("-".join(part for part in match.groups() if part)) if match else None


def _agreed(dates: Sequence[str | None]) -> str | None:
    chosen: str | None = None
    for found in dates:
        if found and (chosen is None or found.startswith(chosen)):
            chosen = found
    return chosen


def _title(lines: Sequence[str]) -> str | None:
    """The heading above the first paragraph: the one said twice if any, else the one with most words."""
    heads: list[str] = []
    for number, line in enumerate(lines):
        if _could_be_title(line) and (not is_prose(line) or (number == 0 and _asks(line) and _longer_follows(lines))):
            heads.append(line)
        elif is_prose(line) and not is_furniture(line):
            break
    heads = [line for line in heads if not is_furniture(line) and not _LIST_PAGE.match(line) and len(line.split()) >= 3]
    if not heads or not any(is_prose(line) for line in lines):
        return None
    counts = Counter(heads)
    return max(counts, key=lambda line: (counts[line], len(line.split()), -heads.index(line)))


def _could_be_title(line: str) -> bool:
    return len(line) <= _TITLE_LIMIT and not line.endswith((".", ",", ";"))


def _asks(line: str) -> bool:
    return line.rstrip(' »”"').endswith(("?", "!")) and len(line) <= 150


def _longer_follows(lines: Sequence[str]) -> bool:
    return any(len(line) > 150 for line in lines[1:])


def _site(lines: Sequence[str], dated: Sequence[str], url: str | None) -> str | None:
    """The site's name where the page writes it; else the host of the page's own address."""
    for line in lines:
        if match := _LIST_PAGE.match(line) or _SITE_BOX.match(line):
            return match[1].strip()
    if dated:
        return dated[0]
    parts = _split(url) if url else None
    host = parts.hostname if parts else None
    return host.removeprefix("www.") if host else None


def _split(url: str) -> SplitResult | None:
    """The parts of an address, or None when it is malformed."""
    try:
        return urlsplit(url)
    except ValueError:
        return None
