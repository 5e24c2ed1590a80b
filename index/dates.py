"""Dates as sources write them, kept to the precision that they state.

Own rules, weighed against dateparser 1.5 (`python -m tests.bench.dates`), which fills in what is not said and takes 2 ms a date.
"""

import re
from datetime import date
from typing import Final

from index.analyse import fold

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        [
            "janvier janv january jan", "fevrier fevr fev february feb", "mars march mar", "avril avr april apr", "mai may",
            "juin june jun", "juillet juil july jul", "aout august aug", "septembre sept september sep",
            "octobre oct october", "novembre nov november", "decembre dec december",
        ],
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        ["lundi monday", "mardi tuesday", "mercredi wednesday", "jeudi thursday", "vendredi friday", "samedi saturday", "dimanche sunday"]
    )
    for name in names.split()
}
_NAMES: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_DIGIT = re.compile(r"\d")
_YEARS: Final = r"(?:19|20)\d\d"
_ISO = re.compile(rf"(?<!\d)(?P<y>{_YEARS})-(?P<m>\d\d)(?:-(?P<d>\d\d))?(?![\d-])")
_YEAR_FIRST = re.compile(rf"(?<![\d./])(?P<y>{_YEARS})[./](?P<m>\d\d)[./](?P<d>\d\d)(?![\d./])")
_COMPACT = re.compile(rf"(?<!\d)(?P<y>{_YEARS})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?=T\d{{4}}|$)", re.IGNORECASE)
_NUMERIC = re.compile(rf"(?<![\d./-])(?P<d>\d{{1,2}})(?P<by>[./-])(?P<m>\d{{1,2}})(?P=by)(?P<y>{_YEARS})(?!\d)")
_DAY_FIRST = re.compile(rf"(?<!\w)(?P<d>\d{{1,2}})(?:er|ᵉʳ|st|nd|rd|th)?[\s-]+(?:of\s+)?(?P<m>{_NAMES})\b\.?,?[\s-]+(?P<y>{_YEARS})(?!\d)")
_MONTH_FIRST = re.compile(rf"(?<!\w)(?P<m>{_NAMES})\b\.?\s+(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?,?\s+(?P<y>{_YEARS})(?!\d)")
_MONTH_YEAR = re.compile(rf"(?<!\w)(?P<m>{_NAMES})\b\.?,?\s+(?P<y>{_YEARS})(?!\d)")
_YEAR = re.compile(rf"(?<!\d)(?P<y>{_YEARS})(?!\d)")
_NO_YEAR = re.compile(
    rf"(?<!\w)(?:(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_NAMES})\b|(?P<m2>{_NAMES})\b\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))"
)
_WEEKDAY = re.compile(rf"({'|'.join(WEEKDAYS)}),?\s+(?:le\s+)?$")
_READINGS: Final = (_ISO, _DAY_FIRST, _MONTH_FIRST, _NUMERIC, _YEAR_FIRST, _COMPACT, _MONTH_YEAR, _YEAR)


def parse_date(text: str) -> str | None:
    """The first date written in `text` as "YYYY", "YYYY-MM" or "YYYY-MM-DD", or None; days before months and years.

    Read: 2023-07-14, 2023/07/14, 20230714, 14/07/2023, 14.07.2023 and 14-07-2023 (day first, as in French, unless that is no
    date: 07/14/2023), 14 juillet 2023, July 14, 2023, juillet 2023, 2023. Of a day that is not in the calendar, what is left:
    a question on 30 February 2023 means February. What a source says of itself is read by `find_date`.
    """
    return _read(text, strict=False)


def find_date(text: str) -> str | None:
    """`parse_date` for what a source states: a day that is not in the calendar is no date at all, and where the weekday written
    before the day is not that day's, only the month is believed."""
    found = _read(text, strict=True)
    if not found or len(found) < 10:
        return found
    folded = fold(text)
    day = date.fromisoformat(found)
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _NUMERIC):
        for match in pattern.finditer(folded):
            named = _WEEKDAY.search(folded[: match.start()][-25:])
            if named and _joined(match) == found:
                return found if WEEKDAYS[named[1]] == day.weekday() else found[:7]
    return found


def _read(text: str, strict: bool) -> str | None:
    if not _DIGIT.search(text):
        return None
    folded = fold(text)
    for pattern in _READINGS:
        for match in pattern.finditer(folded):
            if found := _joined(match):
                return found
        if strict:
            # What is left of 31/02/2024 is not the year 2024.
            folded = pattern.sub("x", folded)
    return None


def parse_day_of_month(text: str) -> str | None:
    """A day and month without a year ("Aug 9", "9 août") as "--MM-DD", the truncated form of ISO 8601:2000, or None."""
    match = _NO_YEAR.search(fold(text))
    if not match:
        return None
    month, day = MONTHS[match["m"] or match["m2"]], int(match["d"] or match["d2"])
    try:
        return f"--{date(2024, month, day):%m-%d}"  # a leap year, so that 29 February passes
    except ValueError:
        return None


def _joined(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    year, month, day = groups["y"], groups.get("m"), groups.get("d")
    if month is None:
        return year
    number = MONTHS.get(month) or int(month)
    if day and number > 12 and groups.get("by") == "/":
        number, day = int(day), str(number)
    try:
        checked = date(int(year), number, int(day) if day else 1)
    except ValueError:
        return None
    return checked.isoformat() if day else checked.isoformat()[:7]


def first_day(published: str) -> date:
    """The earliest day that a date of any precision can mean."""
    year, month, day = (*published.split("-"), "1", "1")[:3]
    return date(int(year), int(month), int(day))


def last_day(published: str) -> date:
    """The latest day that a date of any precision can mean."""
    parts = [int(part) for part in published.split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = (parts[0], parts[1]) if len(parts) == 2 else (parts[0], 12)
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
