"""The period that a question names: "en décembre 2023", "depuis 2022", "last year"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from index.analyse import fold
from index.dates import MONTHS, first_day, last_day, parse_date

GRACE: Final = 10
"""Days after an event in which most of what is written of it appears."""
RECENT: Final = timedelta(days=92)
""""Recently", "ces derniers mois": a season."""
_NAMES: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
# A date with its month, or a year; a bare year only counts after a word that makes it one ("Agenda 2063" and "loi 2023-123" do not).
_MONTH: Final = rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)?\s+)?(?:{_NAMES})\.?(?:\s+\d{{1,2}}(?:st|nd|rd|th)?,)?\s+(?:19|20)\d\d(?!\d)"
_DATE: Final = rf"(?:{_MONTH}|(?:19|20)\d\d(?![\d-]))"
_BETWEEN = re.compile(rf"\b(?:entre|between|de|from)\s+({_DATE})\s+(?:et|and|a|to|until)\s+({_DATE})")
_SINCE = re.compile(rf"\b(depuis|apres|des|a partir de|since|after|from)\s+(?:le\s+|la fin de\s+|the end of\s+)?({_DATE})")
_UNTIL = re.compile(rf"\b(avant|jusqu'en|jusqu'a|jusqu'au|before|until|by)\s+(?:le\s+)?({_DATE})")
_DECADE = re.compile(r"\bannees\s+((?:19|20)\d0)\b|\b(?:the\s+)?((?:19|20)\d0)s\b")
_IN = re.compile(
    rf"\b(?:en|in|de|durant|pendant|during|pour|l'annee|annee|year|debut|fin|mi|early|late|of)[\s-]+((?:19|20)\d\d)(?![\d-])|({_MONTH})"
)
_AGO = re.compile(r"\bil y a\s+(\w+)\s+(jour|semaine|mois|an|annee)s?\b|\b(\w+)\s+(day|week|month|year)s?\s+ago\b")
_NUMBERS: Final = {
    word: number
    for number, words in enumerate(
        ["un une a one an", "deux two", "trois three", "quatre four", "cinq five", "six", "sept seven", "huit eight", "neuf nine", "dix ten"],
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_DAYS: Final = {"jour": 1, "day": 1, "semaine": 7, "week": 7, "mois": 30, "month": 30, "an": 365, "annee": 365, "year": 365}
_LATEST = re.compile(
    r"\b(?:dernier|derniere|derniers|dernieres|recents?|recentes?|actuels?|actuelles?|actuellement|aujourd'hui|latest|newest|most recent|current|currently|now)\b"
)


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from `begin` to `end`, both included; None leaves a side open."""

    begin: date | None = None
    end: date | None = None

    def holds(self, published: str) -> float:
        """How far a date of any precision lies in the period: 1 for certainly, 0.5 for possibly or soon after it, 0 for not."""
        first, last = first_day(published), last_day(published)
        begin, end = self.begin or date.min, self.end or date.max
        if begin <= first and last <= end:
            return 1.0
        # News of an event appears in the days that follow it.
        return 0.5 if begin <= last and (first - end).days <= GRACE else 0.0


def period(text: str, today: date) -> Period | None:
    """The period that `text` names, or None.

    "Last year" and its like are reckoned from `today`, as the reader means them, however old the articles are.
    """
    folded = fold(text)
    if match := _BETWEEN.search(folded):
        return Period(begin=_first(match[1]), end=_last(match[2]))
    since, until = _SINCE.search(folded), _UNTIL.search(folded)
    if since or until:
        return Period(begin=_start(*since.groups()) if since else None, end=_stop(*until.groups()) if until else None)
    if match := _DECADE.search(folded):
        year = int(match[1] or match[2])
        return Period(begin=date(year, 1, 1), end=date(year + 9, 12, 31))
    if match := _IN.search(folded):
        named = match[1] or match[2]
        return Period(begin=_first(named), end=_last(named))
    return _relative(folded, today)


def latest(text: str) -> bool:
    """Whether the newest of several answers is wanted: "le dernier accord", "the current minister"."""
    return bool(_LATEST.search(fold(text)))


def _relative(folded: str, today: date) -> Period | None:
    for pattern, make in _RELATIVE:
        if pattern.search(folded):
            return make(today)
    match = _AGO.search(folded)
    if match is None:
        return None
    word, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
    count = int(word) if word.isdigit() else _NUMBERS.get(word, 0)
    if not 0 < count < 200:
        return None
    length = _DAYS[unit]
    middle = today - timedelta(days=count * length)
    # "Three years ago" is meant to the half of its unit.
    return Period(begin=middle - timedelta(days=length // 2), end=middle + timedelta(days=length // 2))


def _first(text: str) -> date | None:
    found = parse_date(text)
    return first_day(found) if found else None


def _last(text: str) -> date | None:
    found = parse_date(text)
    return last_day(found) if found else None


def _start(word: str, text: str) -> date | None:
    """The first day "since" or strictly "after" a date."""
    found = parse_date(text)
    if found is None:
        return None
    return last_day(found) + timedelta(days=1) if word in ("apres", "after") else first_day(found)


def _stop(word: str, text: str) -> date | None:
    """The last day "until" or strictly "before" a date."""
    found = parse_date(text)
    if found is None:
        return None
    return first_day(found) - timedelta(days=1) if word in ("avant", "before") else last_day(found)


def _month(today: date, back: int) -> Period:
    months = today.year * 12 + today.month - 1 - back
    named = f"{months // 12}-{months % 12 + 1:02}"
    return Period(begin=first_day(named), end=last_day(named))


def _week(today: date, back: int) -> Period:
    monday = today - timedelta(days=today.weekday() + 7 * back)
    return Period(begin=monday, end=monday + timedelta(days=6))


def _year(today: date, back: int) -> Period:
    return Period(begin=date(today.year - back, 1, 1), end=date(today.year - back, 12, 31))


def _day(today: date, back: int) -> Period:
    return Period(begin=today - timedelta(days=back), end=today - timedelta(days=back))


_RELATIVE: Final[tuple[tuple[re.Pattern[str], Callable[[date], Period]], ...]] = (
    (re.compile(r"\bl'an(?:nee)? (?:dernier|derniere|passe|passee)\b|\blast year\b"), lambda today: _year(today, 1)),
    (re.compile(r"\bcette annee\b|\bthis year\b"), lambda today: _year(today, 0)),
    (re.compile(r"\ble mois (?:dernier|passe)\b|\blast month\b"), lambda today: _month(today, 1)),
    (re.compile(r"\bce mois(?:-ci)?\b|\bthis month\b"), lambda today: _month(today, 0)),
    (re.compile(r"\bla semaine (?:derniere|passee)\b|\blast week\b"), lambda today: _week(today, 1)),
    (re.compile(r"\bcette semaine\b|\bthis week\b"), lambda today: _week(today, 0)),
    (re.compile(r"\bhier\b|\byesterday\b"), lambda today: _day(today, 1)),
    (re.compile(r"\baujourd'hui\b|\btoday\b"), lambda today: _day(today, 0)),
    (
        re.compile(r"\brecemment\b|\brecently\b|\bces derni(?:ers|eres) (?:mois|semaines|jours|temps)\b|\b(?:in )?recent (?:months|weeks|days)\b"),
        lambda today: Period(begin=today - RECENT, end=today),
    ),
)  # fmt: skip
