"""Whether a sentence holds the kind of thing that a question asks for: a date, a number, a person, a place, a reason."""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Final

from index.analyse import fold, stems
from index.dates import MONTHS
from index.lexicon import rarity
from qa.kinds import Kind
from qa.question import Question

_MONTHS: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
DATE = re.compile(
    rf"\b\d{{1,2}}(?:er|st|nd|rd|th)?\s+(?:{_MONTHS})\b|\b(?:{_MONTHS})\.?\s+\d{{1,4}}\b|\b(?:en|depuis|in|since|fin|debut|mi|courant|apres|avant|jusqu'en|annee|annees|year)[ -](?:{_MONTHS}|(?:1[0-9]|20)\d\d)\b"
    rf"|\b(?:1[0-9]|20)\d\d\b|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    rf"|\b(?:{_MONTHS}) (?:dernier|prochain)\b|\b(?:last|next) (?:{_MONTHS}|week|month|year)\b|\b(?:hier|aujourd'hui|demain|yesterday|today|tomorrow)\b"
    r"|\b(?:la semaine|le mois|l'annee|l'an) (?:derniere?|passee?|prochaine?)\b|\b(?:xx?i?|xi?x|xviii|xvii|xvi|xv)e siecle\b|\b\d+(?:st|nd|rd|th) century\b|\bil y a \d+|\b\d+ (?:days|weeks|months|years) ago\b"
)
NUMBER_WORDS: Final = (
    "zero deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante "
    "cinquante soixante cent cents mille million millions milliard milliards dizaine dizaines douzaine quinzaine "
    "vingtaine trentaine centaine centaines millier milliers moitie tiers quart double triple two three four five six "
    "seven eight nine ten eleven twelve twenty thirty forty fifty hundred hundreds thousand thousands billion billions dozen "
    "dozens half"
).split()
_NUMBER = re.compile(rf"(?<!\w)(?:\d[\d.,]*|{'|'.join(NUMBER_WORDS)})(?!\w)")
_PLACE = re.compile(
    r"(?<!\w)(?:[Àà]|[Ee]n|[Aa]u|[Aa]ux|[Dd]ans|[Vv]ers|[Ss]ur|[Dd]epuis|[Pp]rès|[Ii]n|[Aa]t|[Ff]rom|[Tt]o)\s+(?:(?:l[ae]s?|de|du|d[’']|the|une?|ses?|leurs?|région|capitale|ville)\s+|l[’']){0,2}([A-ZÀ-ÖØ-Þ][\w’'-]+)"
)
_REASON = re.compile(
    r"\bparce qu|\bcar\b|\bafin d|\bafin qu|\bpour (?:que\b|mieux\b|ne pas\b|l?['’]?[a-z]+(?:er|ir|re)\b)|\ben raison\b|\ba cause\b|\bgrace a\b|\bpuisqu|\bc'est pourquoi\b|\bvis(?:e|ent|ant|ait)\b|\bface (?:a|aux?)\b"
    r"|\bdans l'espoir\b|\bdans le but\b|\bobjectif|\bpermet|\bdu fait\b|\bsuite a\b|\bmotiv|\bcherche|\bsouhait|\bespere|\bdans un contexte\b|\bcontribu|\bvu\b|\bcompte tenu"
    r"|\bbecause\b|\bsince\b|\bdue to\b|\bin order to\b|\bso that\b|\bto (?:help|protect|fight|strengthen)\b|\btherefore\b|\bas a result\b"
)
_CAPITALISED = re.compile(
    r"(?<![\w’'])(?:[A-ZÀ-ÖØ-Þ][\w-]*|M\.|Mme)(?:(?:[ ’']|\s(?:de|du|ag|ould|ben|el|al|von|van|da|dos)\s)[A-ZÀ-ÖØ-Þ][\w-]*)*"
)
_TITLE_OF_COURTESY = re.compile(r"\b(?:M\.|Mme|Mlle|Mr|Mrs|Ms|Dr|Pr)\s?[A-ZÀ-ÖØ-Þ]")
_ROLE = re.compile(
    r"\b(?:ministre|president|colonel|general|capitaine|commandant|porte-parole|ambassadeur|directeur|directrice|chef|depute|senateur|maire|roi|reine|prince|"
    r"gouvernement|autorites|delegation|juge|procureur|avocat|professeur|docteur|minister|spokesman|spokesperson|ambassador|director|chief|mayor|king|queen|government|authorities)\b"
)
_COUNTED = re.compile(
    r"\bcombien\s+(?:de\s+|d['’])([^\W\d_]+)|\bhow\s+many\s+([^\W\d_]+)|\bnombre\s+(?:de\s+|d['’]|des\s+)([^\W\d_]+)|\bnumber\s+of\s+([^\W\d_]+)"
)
_TIME_ASKED: Final = frozenset({"temps", "time"})
_DURATION_ASKED = re.compile(r"\bhow long\b|\bduree\b|\bduration\b")
_AGE_ASKED = re.compile(r"\bage\b|\bhow old\b")
# What is measured, and the words that may follow its number; a sum of money may also be led or followed by its sign.
_MEASURES: Final = (
    (
        re.compile(r"\bcout(?:e|ent|ait|er|era)?\b|\bprix\b|\bsalaire|\bpaye(?:r|s)?\b|\bhow much (?:does|did|do|will|is|was)\b[^?]*\b(?:cost|paid|pay|worth)|\bprice\b|\bsalary\b"),
        re.compile(r"[^.;]{0,24}?(?:\b(?:euro|dollar|franc|livre|yen|yuan|rouble|dinar|dirham|naira|roupie|pound|ruble|rupee|f?cfa|usd|eur)s?\b|[€$£])"),
    ),
    (re.compile(r"\bmesure(?:nt|ait)?\b|\blongueur\b|\bhauteur\b|\blargeur\b|\bprofondeur\b|\bhow (?:tall|high|wide|deep)\b|\b(?:length|height|width|depth) of\b"),
     re.compile(r"\s?(?:m|cm|km|mm|pieds?|feet|foot|inch(?:es)?|miles?|[a-z]*metres?|[a-z]*meters?)\b")),
    (re.compile(r"\bpese(?:nt|r|ait)?\b|\bpoids\b|\bweighs?\b|\bhow heavy\b"), re.compile(r"\s?(?:kg|g|t|kilos?|[a-z]*grammes?|tonnes?|[a-z]*grams?|tons?|pounds?|livres?)\b")),
)  # fmt: skip
_YEARS_OLD = re.compile(r"\s*(?:ans?\b|mois\b|semaines?\b|jours?\b|year|month|week|day)")
# "depuis neuf ans" is no age.
_LASTING = re.compile(
    r"\b(?:depuis|pendant|durant|apres|avant|dans|pour|il y a|en|for|since|after|before|in|over|during)\W+(?:[a-z]+\W+)?$"
)
_TIME_UNIT = re.compile(
    r"\s*(?:seconde|minute|heure|jour|semaine|mois|trimestre|semestre|an\b|ans\b|annee|decennie|siecle|second|hour|day|week|month|year|decade)"
)
_LAND_ASKED = re.compile(r"\b(?:pays|ville|region|capitale|continent|country|city|town|region|capital)\b")
# In news a name is seldom a word that one article in 250 holds.
_COMMON: Final = 0.45


def sign(question: Question, text: str) -> bool:
    """Whether `text` holds the kind of thing asked for. A question of no special kind is content with any text."""
    return _SIGNS[question.kind](question, text)


def measured(question: Question) -> bool:
    """Whether a number of a certain kind is asked for: an age, a duration, a price, a length, a weight."""
    return question.kind == "number" and _measured(question.folded)


@lru_cache(maxsize=1_000)
def _measured(question: str) -> bool:
    return bool(_AGE_ASKED.search(question) or _DURATION_ASKED.search(question) or _unit_asked(question))


def unit_asked(question: Question) -> re.Pattern[str] | None:
    """What must follow a number that is a price, a length or a weight, where one is asked for."""
    return _unit_asked(question.folded)


@lru_cache(maxsize=1_000)
def _unit_asked(question: str) -> re.Pattern[str] | None:
    return next((unit for asked, unit in _MEASURES if asked.search(question)), None)


def counted(question: Question) -> str | None:
    """The noun of what is counted, folded ("combien de soldats"), where a question asks for its number."""
    match = _COUNTED.search(question.folded) if question.kind == "number" else None
    return next((group for group in match.groups() if group), None) if match else None


def age_asked(question: Question) -> bool:
    """Whether an age is asked for."""
    return bool(_AGE_ASKED.search(question.folded))


def is_age(text: str, start: int, end: int) -> bool:
    """Whether the number `text[start:end]` may be someone's age; `text` is levelled or folded."""
    return bool(_YEARS_OLD.match(text, end)) and not _LASTING.search(text[max(0, start - 30) : start])


def in_unit(unit: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether the number `text[start:end]` is in that unit; `text` is levelled or folded."""
    return bool(unit.match(text, end)) or text[:start].rstrip().endswith(("$", "€", "£"))


def has_date(text: str) -> bool:
    """Whether `text` names a time: a date, a year, a day of the week, "mars dernier", "hier"."""
    return bool(DATE.search(fold(text)))


def _when(question: Question, text: str) -> bool:
    asked = _dates(question.folded)
    return any(match.group() not in asked for match in DATE.finditer(fold(text)))


@lru_cache(maxsize=1_000)
def _dates(question: str) -> frozenset[str]:
    return frozenset(match.group() for match in DATE.finditer(question))


def _number(question: Question, text: str) -> bool:
    folded = fold(text)
    asked = {match.group() for match in _NUMBER.finditer(question.folded)}
    dates = [match.span() for match in DATE.finditer(folded)]
    found = [
        match for match in _NUMBER.finditer(folded)
        if match.group() not in asked and not any(begin <= match.start() < end for begin, end in dates)
    ]  # fmt: skip
    noun = counted(question)
    if noun in _TIME_ASKED or _DURATION_ASKED.search(question.folded):
        return any(_TIME_UNIT.match(folded, match.end()) for match in found)
    if age_asked(question):
        return any(is_age(folded, match.start(), match.end()) for match in found)
    if (unit := unit_asked(question)) is not None:
        return any(in_unit(unit, folded, match.start(), match.end()) for match in found)
    known = next((concept.stems for concept in question.concepts if noun and fold(concept.word) == noun), {})
    if not known or not found:
        return bool(found)
    # "combien de soldats": the number must stand just before one of the words that mean soldiers.
    return any(set(stems(re.findall(r"[^\W\d_]+", folded[match.end() : match.end() + 60])[:4], "fr")) & known.keys() for match in found)


def people(text: str) -> list[str]:
    """Runs of at least two capitalised words that are rare in the language: mostly people, named in full."""
    return [
        match.group() for match in _CAPITALISED.finditer(text)
        if len(parts := [part for part in re.split(r"[\s’']", match.group()) if part[:1].isupper()]) >= 2
        and not any(is_common(part) for part in parts)
    ]  # fmt: skip


def _who(question: Question, text: str) -> bool:
    return _person(question, text) or bool(_ROLE.search(fold(text))) or bool(_new_names(question, text))


def _person(question: Question, text: str) -> bool:
    if _TITLE_OF_COURTESY.search(text):
        return True
    for match in _CAPITALISED.finditer(text):
        parts = [part for part in re.split(r"[\s’']", match.group()) if part[:1].isupper()]
        rare = [part for part in parts if not is_common(part) and fold(part) not in question.words]
        if len(rare) >= 2:
            return True
    return False


def _new_names(question: Question, text: str) -> list[str]:
    """Names in `text` that the question does not hold; a capital that only opens the sentence does not count."""
    asked = question.words
    return [
        match.group() for match in _CAPITALISED.finditer(text)
        if (match.start() > 1 or " " in match.group()) and not all(fold(part) in asked for part in re.split(r"[\s’']", match.group()))
    ]  # fmt: skip


def _where(question: Question, text: str) -> bool:
    asked = question.words
    if _LAND_ASKED.search(question.folded) and _new_names(question, text):
        return True
    return any(fold(match[1]) not in asked and fold(match[1]) not in MONTHS for match in _PLACE.finditer(text))


def _why(_: Question, text: str) -> bool:
    return bool(_REASON.search(fold(text)))


def _any(_: Question, __: str) -> bool:
    return True


@cache
def is_common(word: str) -> bool:
    """Whether `word` is one that the language knows well: seldom a name of its own."""
    return rarity(stems([word.lower()], "fr")[0]) < _COMMON


_SIGNS: Final[Mapping[Kind, Callable[[Question, str], bool]]] = {
    "when": _when, "number": _number, "who": _who, "person": _person, "where": _where, "why": _why, "list": _any, "what": _any,
}  # fmt: skip
