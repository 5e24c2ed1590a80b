"""The dates that a text speaks of, those told from the day it was written ("ce dimanche", "en mars dernier") included.

Weighed: dateparser, which reads far more languages but takes milliseconds a sentence and does not know "dimanche" in an article
of a Tuesday for the Sunday before.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from index.analyse import level
from index.dates import MONTHS, first_day

_NAMES: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAYS: Final = {
    name: number
    for number, names in enumerate(
        [
            "lundi monday", "mardi tuesday", "mercredi wednesday", "jeudi thursday", "vendredi friday", "samedi saturday",
            "dimanche sunday",
        ]
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY: Final = "|".join(_DAYS)
_SMALL: Final = {
    word: number
    for number, words in enumerate(["un une a one", "deux two", "trois three", "quatre four", "cinq five", "six", "sept seven", "huit eight", "neuf nine", "dix ten"], start=1)
    for word in words.split()
}  # fmt: skip
_UNITS: Final = {"jour": 1, "day": 1, "semaine": 7, "week": 7, "mois": 30, "month": 30, "an": 365, "annee": 365, "year": 365}
_YEAR: Final = r"(?:1[0-9]|20)\d\d"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A date in a text: `text[start:end]` names it, `date` is "YYYY", "YYYY-MM" or "YYYY-MM-DD".

    `stated` is false where the text leaves a part to the day it was written.
    """

    start: int
    end: int
    date: str
    stated: bool


def moments(text: str, published: str | None = None) -> tuple[Moment, ...]:
    """The dates in `text`, by place. Those told from the day of writing only where `published` says it precisely enough."""
    return _moments(text, published)


@lru_cache(maxsize=4096)
def _moments(text: str, published: str | None) -> tuple[Moment, ...]:
    found: list[Moment] = []
    for moment in _read(level(text), published):
        if not any(moment.start < other.end and other.start < moment.end for other in found):
            found.append(moment)
    return tuple(sorted(found, key=lambda moment: moment.start))


def _read(text: str, published: str | None) -> Iterator[Moment]:
    for pattern, resolve in _STATED:
        yield from _found(pattern, text, lambda match, resolve=resolve: resolve(match), stated=True)  # type: ignore[misc]
    if published is None:
        return
    written = first_day(published)
    for pattern, resolve_from in _TOLD if len(published) == 10 else _TOLD_ROUGHLY:
        yield from _found(pattern, text, lambda match, resolve_from=resolve_from: resolve_from(match, written), stated=False)  # type: ignore[misc]


def _found(pattern: re.Pattern[str], text: str, resolve: Callable[[re.Match[str]], str | None], *, stated: bool) -> Iterator[Moment]:
    for match in pattern.finditer(text):
        day = resolve(match)
        if day:
            yield Moment(start=match.start("date"), end=match.end("date"), date=day, stated=stated)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _month(year: int, month: int) -> str:
    return f"{year:04}-{month:02}"


def _full(match: re.Match[str]) -> str | None:
    return _day(int(match["year"]), MONTHS[match["month"]], int(match["day"]))


def _numeric(match: re.Match[str]) -> str | None:
    return _day(int(match["year"]), int(match["month"]), int(match["day"]))


def _of_month(match: re.Match[str]) -> str | None:
    return _month(int(match["year"]), MONTHS[match["month"]])


def _of_year(match: re.Match[str]) -> str | None:
    return match["year"] if int(match["year"]) <= 2100 else None


def _without_year(match: re.Match[str], written: date) -> str | None:
    """A day and month: of the year that brings it nearest to the day of writing."""
    days = [_day(written.year + shift, MONTHS[match["month"]], int(match["day"])) for shift in (-1, 0, 1)]
    return min((day for day in days if day), key=lambda day: abs((date.fromisoformat(day) - written).days), default=None)


def _month_told(match: re.Match[str], written: date) -> str:
    """A month without its year: the last that there was, or the next where it is said so; of a bare one, up to two months ahead."""
    month = MONTHS[match["month"]]
    turn = match["turn"] or ""
    if turn in ("prochain", "next"):
        return _month(written.year + (month <= written.month), month)
    ahead = (month - written.month) % 12
    if turn in ("dernier", "last"):
        return _month(written.year - (month >= written.month), month)
    return (
        _month(written.year + (written.month + ahead > 12), month) if ahead <= 2 else _month(written.year - (month > written.month), month)
    )


def _weekday(match: re.Match[str], written: date) -> str:
    turn = match["turn"] or ""
    back = (written.weekday() - _DAYS[match["weekday"]]) % 7
    if turn in ("prochain", "next"):
        return (written + timedelta(days=(7 - back) % 7 or 7)).isoformat()
    if turn in ("dernier", "last"):
        return (written - timedelta(days=back or 7)).isoformat()
    return (written - timedelta(days=back)).isoformat()


def _near(match: re.Match[str], written: date) -> str:
    shift = {"avant-hier": -2, "hier": -1, "yesterday": -1, "aujourd'hui": 0, "ce jour": 0, "today": 0, "demain": 1, "tomorrow": 1}
    return (written + timedelta(days=shift[match["date"].replace("’", "'")])).isoformat()


def _ago(match: re.Match[str], written: date) -> str | None:
    count = match["count"] or match["how_many"]
    unit = _UNITS[match["unit"] or match["ago"]]
    number = int(count) if count.isdigit() else _SMALL.get(count)
    if not number or number * unit > 365 * 200:
        return None
    then = written - timedelta(days=number * unit)
    if unit == 365:
        return str(written.year - number)
    return _month(then.year, then.month) if unit == 30 else then.isoformat()


def _last_month(_: re.Match[str], written: date) -> str:
    before = written.replace(day=1) - timedelta(days=1)
    return _month(before.year, before.month)


def _turned_year(match: re.Match[str], written: date) -> str:
    plain = match["date"]
    return str(written.year + (-1 if re.search("derni|pass|last", plain) else 1 if re.search("prochain|next", plain) else 0))


_ORDINAL: Final = r"(?:er|st|nd|rd|th)?"
_STATED: Final = (
    (re.compile(rf"(?P<date>(?:\b(?:{_WEEKDAY}),? )?\b(?P<day>\d{{1,2}}){_ORDINAL} (?:of )?(?P<month>{_NAMES})\.?,? (?P<year>{_YEAR}))(?!\d)"), _full),
    (re.compile(rf"(?P<date>\b(?P<month>{_NAMES})\.? (?P<day>\d{{1,2}}){_ORDINAL},? (?P<year>{_YEAR}))(?!\d)"), _full),
    (re.compile(r"(?<![\d./-])(?P<date>(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d))(?![\d-])"), _numeric),
    (re.compile(r"(?<![\d./])(?P<date>(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>(?:19|20)\d\d))(?!\d)"), _numeric),
    (re.compile(rf"(?<!\d )(?<!\der )(?P<date>\b(?P<month>{_NAMES})\.? (?:de )?(?P<year>{_YEAR}))(?!\d)"), _of_month),
    (re.compile(rf"\b(?:en|depuis|des|in|since|by|annees?|l'an|year|vers|apres|avant|before|after|until|jusqu'en|fin|debut|mi|ete|hiver|printemps|automne|et|de|entre|from|to)[ -](?P<date>(?P<year>{_YEAR}))(?![\d.,]?\d| ?(?:%|euros?|dollars?|francs?|hommes|soldats|personnes|habitants|km|metres|tonnes|people|men))"), _of_year),
    (re.compile(r"[(,] ?(?P<date>(?P<year>(?:1[5-9]|20)\d\d))(?=[),])"), _of_year),
)  # fmt: skip
_TOLD_ROUGHLY: Final = (
    (re.compile(rf"(?P<date>(?:\b(?:{_WEEKDAY}),? )?\b(?P<day>\d{{1,2}}){_ORDINAL} (?:of )?(?P<month>{_NAMES})\b)"), _without_year),
    (re.compile(r"(?P<date>\b(?:l['’]an(?:nee)? (?:derniere?|passee?|prochaine?)|cette annee|(?:last|this|next) year))\b"), _turned_year),
)
_TOLD: Final = (
    *_TOLD_ROUGHLY,
    (re.compile(rf"(?P<date>\b(?P<month>{_NAMES}) (?P<day>\d{{1,2}}){_ORDINAL})\b(?! ?(?:\d|%))"), _without_year),
    (re.compile(rf"(?P<date>(?:\b(?:en|debut|fin|mi-|courant|in|since|depuis)[ -]?(?:ce mois de )?)(?P<month>{_NAMES})(?: (?P<turn>dernier|prochain))?)\b"), _month_told),
    (re.compile(rf"(?P<date>\b(?P<turn>last|next) (?P<month>{_NAMES}))\b"), _month_told),
    (re.compile(rf"(?P<date>\b(?:ce |on |this )?(?P<weekday>{_WEEKDAY})(?: (?P<turn>dernier|prochain))?)\b"), _weekday),
    (re.compile(rf"(?P<date>\b(?P<turn>last|next) (?P<weekday>{_WEEKDAY}))\b"), _weekday),
    (re.compile(r"(?P<date>\b(?:avant-hier|hier|aujourd['’]hui|demain|ce jour|yesterday|today|tomorrow))\b"), _near),
    (re.compile(r"(?P<date>\bil y a (?P<count>\w+) (?P<unit>jour|semaine|mois|an|annee)s?\b|\b(?P<how_many>\w+) (?P<ago>day|week|month|year)s? ago\b)"), _ago),
    (re.compile(r"(?P<date>\b(?:le mois (?:dernier|passe)|last month))\b"), _last_month),
)  # fmt: skip
