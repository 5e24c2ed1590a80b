"""The fixed words that Griot puts around quotes, in French and in English. Everything else it says stands in an article."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from index.dates import last_day

MONTHS: Final = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
NAMED: Final = 6
"""Sources named on one line; all are listed with the citation."""
OLD: Final = 365
"""Days after which an answer says how old its newest article is."""
_SAID: Final = {
    "fr": {
        "agree": "{count} sources indépendantes concordent : {marks}.", "differ": "Les sources divergent : {facts}.",
        "old": "L’article cité le plus récent date {of}{date} ({age}).",
        "years": "il y a {count} ans", "year": "il y a un an", "yes": "Oui", "no": "Non", "or": ", ", "and": " et ", "by": "selon {who}",
        "copied": "[{number}] repris par {count} autres sources : {names}.",
        "copied_once": "[{number}] repris par une autre source : {names}.",
    },
    "en": {
        "agree": "{count} independent sources agree: {marks}.", "differ": "The sources differ: {facts}.",
        "old": "The newest article cited is of {date} ({age}).",
        "years": "{count} years ago", "year": "a year ago", "yes": "Yes", "no": "No",
        "or": ", ", "and": " and ", "by": "according to {who}",
        "copied": "[{number}] republished by {count} other sources: {names}.",
        "copied_once": "[{number}] republished by one other source: {names}.",
    },
}  # fmt: skip

_ROLE = re.compile(r"(?:L[ae]s?|The) [^\W\d_A-ZÀ-ÖØ-Þ]|L['’][^\W\d_A-ZÀ-ÖØ-Þ]")
_FOREIGN: Final = {
    "fr": {
        "fr": "Source en français, citée telle que publiée.",
        "en": "Source en anglais, citée telle que publiée.",
        "": "Source dans une autre langue que la question, citée telle que publiée.",
    },
    "en": {
        "fr": "Source in French, quoted as published.",
        "en": "Source in English, quoted as published.",
        "": "Source in another language than the question, quoted as published.",
    },
}


def said_by(who: str, language: str, *, first: bool) -> str:
    """Whose words a quote is, at the start of a line (`first`) or after a fact."""
    plain = " ".join(who.split())
    # "Le ministre" that opened a sentence, but not "Le Monde".
    inside = f"{plain[0].lower()}{plain[1:]}" if _ROLE.match(plain) else plain
    said = _SAID[language]["by"].format(who=inside)
    return said[0].upper() + said[1:] if first else said


def republished(number: int, names: Sequence[str], language: str) -> str:
    """Who else published the article of a citation: the first `NAMED` by name."""
    listed = ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
    return _SAID[language]["copied" if len(names) > 1 else "copied_once"].format(number=number, count=len(names), names=listed)


def written(day: str, language: str) -> str:
    """A date of any precision as a reader of `language` writes it: "12 janvier 2025", "12 January 2025"."""
    year, *rest = day.split("-")
    if not rest:
        return year
    month = MONTHS[language][int(rest[0]) - 1]
    if len(rest) == 1:
        return f"{month} {year}"
    first = "1er" if language == "fr" and int(rest[1]) == 1 else str(int(rest[1]))
    return f"{first} {month} {year}"


def agreement(numbers: Sequence[int], language: str) -> str:
    """That several sources say the same."""
    return _SAID[language]["agree"].format(count=len(numbers), marks=" ".join(f"[{number}]" for number in numbers))


def difference(facts: Sequence[tuple[str, int]], language: str) -> str:
    """That sources say different things, each beside its marker."""
    listed = _SAID[language]["or"].join(f"**{text}** [{number}]" for text, number in facts)
    return _SAID[language]["differ"].format(facts=listed)


def age(published: Sequence[str | None], today: date, language: str) -> str | None:
    """How old the newest of dated articles is, where that is more than `OLD` days; None where one has no date."""
    known = [day for day in published if day]
    if not known or len(known) < len(published):
        return None
    newest = max(known, key=last_day)
    years = (today - last_day(newest)).days / 365.25
    if (today - last_day(newest)).days <= OLD:
        return None
    said = _SAID[language]
    told = said["year"] if years < 2 else said["years"].format(count=int(years))
    return said["old"].format(of="du " if len(newest) == 10 else "de ", date=written(newest, language), age=told)


def foreign(languages: Sequence[str | None], language: str) -> str | None:
    """That quotes are not in the language of the question, and in which they are."""
    others = {tongue for tongue in languages if tongue and tongue != language}
    if not others:
        return None
    notes = _FOREIGN[language]
    return notes.get(min(others), notes[""]) if len(others) == 1 else notes[""]


def verdict(yes: bool, language: str) -> str:
    """Yes or no."""
    return _SAID[language]["yes" if yes else "no"]
