"""What an article says about itself: title, date, address, site, author. What it does not say stays None.

`settle` is the one place where readings that disagree are resolved.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from index.dates import find_date, first_day


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """`published` is "YYYY", "YYYY-MM" or "YYYY-MM-DD"; `source` is the site's name; `language` a code such as "fr".

    `origins` says where each field that is known was read, by the field's name: "JSON-LD", "meta tag", "front matter",
    "column", "header", "time stamp", "byline", "file name" and the others of `ORIGINS`.
    """

    title: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    author: str | None = None
    language: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)


NAMES: Final = tuple(item.name for item in fields(Metadata) if item.name != "origins")
ORIGINS: Final = (
    "JSON-LD", "meta tag", "canonical link", "time stamp", "time tag", "front matter", "column", "header", "feed", "byline",
    "site box", "dateline", "heading", "headline", "h1", "title tag", "html lang", "address", "file name", "Word properties",
    "PDF information", "update", "text", "host",
)  # fmt: skip
"""From the most to the least trusted. A machine's statement goes before a person's, a person's before what is inferred; an
update is later than the publication, and the day told in the text ("ce lundi 26 juin 2023") is that of the event."""
_ONLY_REFINES: Final = frozenset({"text"})
_EARLIEST: Final = 1900
_NAME_DATE = re.compile(r"^((?:19|20)\d\d)[-_. ]?(\d\d)(?:[-_. ]?(\d\d))?(?!\d)|(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")


def told(origin: str, **values: str | None) -> Metadata:
    """Metadata of the fields that are not None, all read at `origin`."""
    known = {name: value for name, value in values.items() if value}
    return Metadata(**known, origins=dict.fromkeys(known, origin))


def host_of(url: str | None) -> str | None:
    """The host of an address without its "www.", which names the site where nothing else does; None where the address is none."""
    try:
        host = urlsplit(url).hostname if url else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def settle(candidates: Sequence[Metadata], today: date | None = None) -> Metadata:
    """One value a field, from readings given in the order of their containers: what a container says, then what is
    read in the text, then the file's name.

    | field | which wins |
    |---|---|
    | any | the origin that stands first in `ORIGINS`; an origin not named there goes with its candidate; then the first given |
    | published | as above, then refined: a less trusted date that only adds precision (2024-01-19 to 2024-01) is taken |
    | published | "--MM-DD", a day whose year is not said, only refines ("2024" or "2024-08" to "2024-08-09") |
    | published | "text" only refines, and its origin is then both ("header, text"): an event is not the publication |
    | published | later than tomorrow, before 1900 or not in the calendar: as if not said |

    `today` is the clock's when None.
    """
    limit = (today or date.today()) + timedelta(days=1)
    values: dict[str, str | None] = {}
    origins: dict[str, str] = {}
    for name in NAMES:
        readings = [(value, one.origins.get(name, "")) for one in candidates if (value := getattr(one, name))]
        readings.sort(key=lambda reading: _rank(reading[1]))
        if name == "published":
            readings = _dates([reading for reading in readings if _possible(reading[0], limit)])
        if readings:
            values[name], origin = readings[0]
            if origin:
                origins[name] = origin
    return Metadata(**values, origins=origins)


def _rank(origin: str) -> int:
    first = origin.partition(", ")[0]
    return ORIGINS.index(first) if first in ORIGINS else -1


def _dates(readings: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The date that the readings, most trusted first, agree on."""
    chosen: tuple[str, str] | None = None
    for value, origin in readings:
        if chosen is None:
            if not value.startswith("--") and origin not in _ONLY_REFINES:
                chosen = (value, origin)
        elif refined := _refined(chosen[0], value):
            # Settled again, it is still what "header" said, and not the text alone.
            chosen = (refined, f"{chosen[1]}, {origin}" if origin in _ONLY_REFINES and chosen[1] else origin)
    # A day without a year may stand before the year that it needs.
    for value, origin in readings:
        if chosen and value.startswith("--") and (refined := _refined(chosen[0], value)):
            chosen = (refined, origin)
    return [chosen] if chosen else []


def _refined(known: str, value: str) -> str | None:
    if value.startswith("--"):
        value = known[:4] + value[1:]
        if not _in_calendar(value):
            return None
    return value if value.startswith(known) and len(value) > len(known) else None


def _possible(published: str, limit: date) -> bool:
    if published.startswith("--"):
        return True
    return _in_calendar(published) and first_day(published).year >= _EARLIEST and first_day(published) <= limit


def _in_calendar(published: str) -> bool:
    return re.fullmatch(r"\d{4}(-\d\d){0,2}", published) is not None and find_date(published) == published


def from_name(path: str) -> Metadata:
    """What a file's name says: the date that it begins with or that is parted by hyphens ("2023-06-26-titre.txt",
    "20230626_titre.html", "note 2023-06-26.md"). A number elsewhere in it is an identifier. Folders named by year, month and
    day ("2023/06/26/") count as an address does."""
    pure = PurePosixPath(path.replace("\\", "/"))
    if match := _NAME_DATE.search(pure.stem):
        parts = [part for part in match.groups() if part]
        if found := find_date("-".join(parts)):
            return told("file name", published=found)
    if match := re.search(r"/((?:19|20)\d\d)/(\d\d)(?:/(\d\d))?/", f"/{path}"):
        return told("file name", published=find_date("-".join(part for part in match.groups() if part)))
    return Metadata()
