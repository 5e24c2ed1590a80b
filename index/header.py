"""The "key: value" lines that scrapers write above an article."""

import re
from collections.abc import Sequence
from typing import Final

from index.analyse import fold
from index.dates import find_date

FIELDS: Final = {
    "date": "published", "publie le": "published", "published": "published", "pubdate": "published", "publication": "published",
    "date de publication": "published", "titre": "title", "title": "title", "headline": "title", "url": "url", "lien": "url",
    "link": "url", "adresse": "url", "permalink": "url", "canonical": "url", "source": "source", "site": "source", "publisher": "source",
    "journal": "source", "auteur": "author", "auteurs": "author", "author": "author", "authors": "author", "byline": "author",
    "langue": "language", "lang": "language", "language": "language",
}  # fmt: skip
"""Names of fields as sources write them (folded), and the field of `Metadata` that each is."""
ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+")
NOT_A_PAGE: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|mp[34]|pdf)(?:$|[?#])", re.IGNORECASE)
_KEYS: Final = "|".join(sorted((name.replace("publie", "publi[ée]") for name in FIELDS), key=len, reverse=True))
_HEADER = re.compile(rf"^({_KEYS})\s*[:=]\s*(\S.*)$", re.IGNORECASE)
_BARE_DATE = re.compile(r"^date\s+((?:19|20)\d\d(?:-\d\d){0,2})(?=\s|$)\s*", re.IGNORECASE)


def is_header(line: str) -> bool:
    """Whether a line is a "key: value" of the header that scrapers write on top."""
    return bool(_HEADER.match(line))


def read_header(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The fields of the "key: value" lines and of the bare "date 2023-07 [address]" on top, and the other lines."""
    fields: dict[str, str] = {}
    rest = list(lines)
    if rest and (match := _BARE_DATE.match(rest[0])):
        if found := find_date(match[1]):
            fields["published"] = found
        rest[0] = rest[0][match.end() :]
        if (address := ADDRESS.match(rest[0])) and not NOT_A_PAGE.search(address[0]):
            fields["url"] = address[0]
            rest[0] = rest[0][address.end() :].strip()
        rest = [line for line in rest if line]
    while rest and (match := _HEADER.match(rest[0])):
        name, value = FIELDS.get(fold(match[1])), match[2].strip()
        if name == "source" and ADDRESS.match(value):
            name = "url"
        if name is None or (name == "url") != bool(ADDRESS.match(value)):
            break
        found = find_date(value) if name == "published" else language_code(value) if name == "language" else value
        if found:
            fields.setdefault(name, found)
        rest.pop(0)
    return fields, rest


def language_code(language: str) -> str | None:
    """The two letters of "fr", "fr-FR" or "fr_NE", or of the names of French and English; None for others."""
    named = {"francais": "fr", "french": "fr", "anglais": "en", "english": "en"}.get(fold(language))
    match = re.match(r"^([A-Za-z]{2})(?:[-_]\w+)*$", language)
    return named or (match[1].lower() if match else None)
