"""Who wrote an article and when, where a scraped page says so around its title: bylines, datelines, lone dates."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final

from index.analyse import fold
from index.dates import find_date, parse_day_of_month

_UPPER: Final = "A-ZÀ-ÖØ-ÞŒ"
_WORD: Final = rf"(?:[{_UPPER}]['’][{_UPPER}]?[\w-]+|[{_UPPER}][\w'’-]+|[{_UPPER}]\.)"
_PARTICLE: Final = r"(?:de|du|des|d'|la|le|van|von|der|el|al|ben|bin|ould|ag)"
_NAME: Final = rf"{_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_WORD}){{0,3}}"
_NAMES: Final = rf"{_NAME}(?:(?:, {_NAME}){{0,2}}(?: et | and | & ){_NAME})?"
_BY = re.compile(
    rf"(?:^|[\s|,•–-])(?i:par|by|texte(?: de| par| :)|propos recueillis par|written by|words by|story by|posted by|(?:publi[ée]|post[ée]|r[ée]dig[ée]|[ée]crit) par|auteurs?\s*:|authors?\s*:)"
    rf"(?: ?: ?|(?<=:)| )({_NAMES})(?=$|[\s,.;:|(@•–-])"
)
# "Words Ada Pell", beside "Photography Tom Reed"; not "Words Matter".
_WORDS_BY = re.compile(rf"^(?i:words|text|texte|reportage):? ({_WORD} (?:{_PARTICLE} )?{_WORD}(?: {_WORD})?)$")
_NAME_THEN_DATE = re.compile(rf"^({_NAME}) ?[-–|•] ")
_NAME_ALONE = re.compile(rf"^{_NAME}$")
_OPENS_BY = re.compile(
    rf"^(?i:par|by|texte(?: de| par)?|written by|words by|story by|posted by|(?:r[ée]dig[ée]|[ée]crit) par|propos recueillis par|auteurs?\s*(?=:)|authors?\s*(?=:))\s*:? {_NAME}"
)
_ROLES = re.compile(
    rf"^{_NAME}\b.{{0,60}}\b(?i:correspondents?|reporters?|editor|journaliste|correspondante?|envoy[ée]e? sp[ée]ciale?|r[ée]dactrice|r[ée]dacteur)(?: en chef)?$"
)
# "Ella Marsh (now) and Tom Reed (earlier)" on live pages, "Ella Marsh (avec Tom Reed)", "Ella Marsh | ella@paper.example".
_SHARED = re.compile(
    rf"^({_NAME})(?: \((?:now|earlier|then|à présent|auparavant|(?:avec|with) {_NAMES})\)| ?[|,–-] ?[\w.+-]{{1,64}}@[\w.-]{{1,63}}$)"
)
# Offices, not people.
_OFFICE = re.compile(
    r"^(?:la|le|les|notre|our)\b|\b(?:staff|redaction|editors?|editorial|newsroom|reporters?|correspondents?|correspondants?|desk|afp|reuters|radio|tv|journal|presse|press|times|daily|info|ap|apa|pana|xinhua|news|media|agence|agency|admin|webmaster|monday|tuesday|wednesday|thursday|friday|saturday|sunday|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
)
_OFFICE_HELD = re.compile(
    r"\b(?:reporters?|correspondents?|editor|journalist|journaliste|correspondante?|redact(?:eur|rice)|envoyee? speciale?|grand reporter)\b"
)
_MONTH = re.compile(r"^(?:jan|feb|fev|mar|apr|avr|mai|may|jun|juin|jul|juil|aou|aug|sep|oct|nov|dec)")
_ROLE = re.compile(
    r" (?:Senior|Staff|Chief|Reporter|Correspondent|Political|Business|Health|Sports?|Environment|Editor|Twitter|Publié|Posted|Suivre)\b.*$"
)
_DAY = re.compile(
    r" (?:le |on )?(?i:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b.*$"
)
_AHEAD: Final = (
    r"[^\d]{0,25}?(?=\d|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|mon|tue|wed|thu|fri|sat|sun|jan|feb|fev|mar|apr|avr|may|mai|jun|jui|jul|aug"
    r"|aou|sep|oct|nov|dec)(.{4,40})"
)
_PUBLISHED = re.compile(rf"\b(?:publiee?|publication|mise? en ligne|poste (?=par|le|dans|a|:)|posted|published|parue? le)\b{_AHEAD}")
_UPDATED = re.compile(rf"\b(?:mise?s? a jour|maj|modifiee?|actualisee?|updated|last modified|derniere modification)\b{_AHEAD}")
_OPENS_DATE = re.compile(
    r"^(?:publiee?|mise? (?:en ligne|a jour)|postee?|modifiee?|posted|published|updated|last (?:updated|modified)|derniere)\b"
)
_DATELINE = re.compile(
    rf"^(?:[{_UPPER}][\w'’.-]*[ ,/]+){{1,5}}(?:le )?(?P<date>(?:\d{{1,2}}(?:er)?[ ./-](?:[^\W\d_]+\.?|\d{{1,2}})(?:[ ./-]\d{{4}})?|[{_UPPER}][a-z]{{2,8}}\.? \d{{1,2}}(?:, \d{{4}})?))"
    r"(?:,? ?(?:\([^()]{2,40}\)))? ?[-–—]{1,2} "
)
_HAS_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d")
_LINE: Final = 130
"""Characters beyond which no line is there to tell a date."""
_OFFICE_LINE: Final = 60
"""Characters beyond which a line does not tell an author's office."""
_LONE: Final = 8
"""Words besides a date up to which a line tells the date and does not merely mention one."""
_NOT_WORDS = re.compile(r"[\d\W_]+")
_TIME_WORDS: Final = frozenset(
    (
        "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri "
        "sat sun le the a at on h min gmt utc bst cet cest est edt am pm er st nd rd th mis jour maj updated modifie publie published"
    ).split()
)


def find_author(lines: Iterable[str]) -> str | None:
    """The names after "Par", "By", "Propos recueillis par", before a date, or above the author's office, in the first line that has them."""
    for line, below in pairwise([*lines, ""]):
        if len(line) > _LINE:
            continue
        match = _BY.search(line)
        # "Un rapport publié par Amnesty" names no author, "Posted on January 22, 2019 by Ruth" does.
        if match and (match.start() == 0 or lone_date(line)) and (name := _person(match[1])):
            return name
        if (match := _NAME_THEN_DATE.search(line)) and " " in match[1] and lone_date(line) and (name := _person(match[1])):
            return name
        if (match := _WORDS_BY.match(line)) and (name := _person(match[1])):
            return name
        if (match := _SHARED.match(line)) and " " in match[1] and (name := _person(match[1])):
            return name
        if is_name(line) and _tells_office(below) and (name := _person(line)):
            return name
    return None


def _tells_office(line: str) -> bool:
    """Whether a line is what stands below an author's name: "Highlands reporter", "Journaliste au service Politique"."""
    return len(line) <= _OFFICE_LINE and bool(_OFFICE_HELD.search(fold(line))) and not line.endswith((".", ":", "?", "!"))


def is_byline(line: str) -> bool:
    """Whether a line is there to name who wrote the article."""
    return (
        len(line) <= 110
        and bool(_OPENS_BY.match(line) or _ROLES.match(line) or _SHARED.match(line))
        and not line.endswith((".", "!", "?", ":"))
    )


def _person(name: str) -> str | None:
    name = _ROLE.sub("", f"{name} ").strip(" .,-") if _ROLE.search(f"{name} ") else name.strip(" .,-")
    name = _DAY.sub("", name)
    folded = fold(name)
    if not name or _OFFICE.search(folded) or _MONTH.fullmatch(folded) or any(char.isdigit() for char in name):
        return None
    # "By DANA WHITLOCK"
    return name.title() if name.isupper() else name


def published_on(line: str) -> str | None:
    """The date behind "Publié le", "Posted on" and their like; not that of an update."""
    if len(line) > _LINE or not _HAS_YEAR.search(line):
        return None
    match = _PUBLISHED.search(_before_update(fold(line)))
    return find_date(match[1]) if match else None


def updated_on(line: str) -> str | None:
    """The date behind "Mis à jour le", "Updated" and their like."""
    if len(line) > _LINE or not _HAS_YEAR.search(line):
        return None
    match = _UPDATED.search(fold(line))
    return find_date(match[1]) if match else None


def lone_date(line: str, besides: int = _LONE) -> str | None:
    """The day that a short line is there to tell ("12 mai 2023", "Claire Petit - 25 janv. 2024 à 17:55"), before any
    update; `besides` it there are that many other words at most."""
    if len(line) > _LINE or line.endswith((".", ",")) or not _HAS_YEAR.search(line):
        return None
    first = _before_update(fold(line))
    found = find_date(first)
    if not found or len(found) < 10:
        return None
    words = [word for word in _NOT_WORDS.split(first) if word and word not in _TIME_WORDS]
    return found if len(words) <= besides else None


def dateline(line: str) -> str | None:
    """The date of "NIAMEY, 26 juin 2023 (Agence) -" as "YYYY-MM-DD", or "--MM-DD" (ISO 8601:2000) where it has no year."""
    match = _DATELINE.match(line[:120])
    if not match:
        return None
    found = find_date(match["date"])
    return found if found and len(found) == 10 else parse_day_of_month(match["date"])


def _before_update(folded: str) -> str:
    match = _UPDATED.search(folded)
    return folded[: match.start()] if match else folded


def tells_date(line: str) -> bool:
    """Whether a line is there to tell a date, of publication or update, and nothing else."""
    if lone_date(line):
        return True
    found = published_on(line) or updated_on(line)
    return bool(found) and len(found or "") > 4 and (not line.endswith(".") or bool(_OPENS_DATE.match(fold(line))))


def is_name(line: str) -> bool:
    """Whether a line is a first name and a name, and nothing else."""
    return " " in line and len(line) <= 60 and bool(_NAME_ALONE.match(line))


@lru_cache(maxsize=4096)
def is_credit_line(line: str) -> bool:
    """Whether a line tells who wrote an article or when, and is no sentence of it."""
    return is_byline(line) or tells_date(line)
