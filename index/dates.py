"""Dates as sources write them, kept to the precision that they state."""

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
_NAMES: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?(?![\d-])")
_NUMERIC = re.compile(r"(?<![\d./])(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)(?![\d])")
_DAY_FIRST = re.compile(rf"(?<!\w)(\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:of\s+)?({_NAMES})\b\.?,?\s+((?:19|20)\d\d)(?!\d)")
_MONTH_FIRST = re.compile(rf"(?<!\w)({_NAMES})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)(?!\d)")
_MONTH_YEAR = re.compile(rf"(?<!\w)({_NAMES})\b\.?\s+((?:19|20)\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def parse_date(text: str) -> str | None:
    """The first date written in `text` as "YYYY", "YYYY-MM" or "YYYY-MM-DD", or None.

    Read: 2023-07-14, 14/07/2023 and 14.07.2023 (day first, as in French), 14 juillet 2023, July 14, 2023,
    juillet 2023, 2023.
    """
    folded = fold(text)
    readings = (
        (_ISO, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_NUMERIC, (3, 2, 1)),
        (_MONTH_YEAR, (2, 1, None)), (_YEAR, (1, None, None)),
    )  # fmt: skip
    for pattern, (year, month, day) in readings:
        for match in pattern.finditer(folded):
            found = _joined(match[year], match[month] if month else None, match[day] if day else None)
            if found:
                return found
    return None


def _joined(year: str, month: str | None, day: str | None) -> str | None:
    if month is None:
        return year
    number = MONTHS.get(month) or (int(month) if month.isdigit() else 0)
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
