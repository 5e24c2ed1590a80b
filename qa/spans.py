"""The words of a sentence that could be the answer itself: its dates, numbers, people and places.

Offsets count characters of the text given. What the question says already is no answer to it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

from index.analyse import fold, level
from index.dates import MONTHS
from qa.kinds import Kind
from qa.moments import moments
from qa.question import Question
from qa.signs import DATE, NUMBER_WORDS, age_asked, in_unit, is_age, is_common, unit_asked

NEAR: Final = 8
"""Words over which what a question asks about lends a span its weight, falling off as exp(-distance / NEAR)."""
CLEARLY: Final[Mapping[Kind, float]] = {"who": 0.6, "person": 0.6, "where": 0.7, "when": 0.85, "number": 0.85}
"""Share of the best nearness under which all others must stay for the best to be clear."""
_NUMBER = re.compile(
    rf"(?<![\w/.,-])(?:\d{{1,3}}(?:[ \u00a0\u202f.]\d{{3}})+(?:,\d+)?|\d+(?:[.,]\d+)?|(?:{'|'.join(NUMBER_WORDS)})(?:[- ](?:et[- ])?(?:{'|'.join(NUMBER_WORDS)}))*)(?![\w/])"
)
_UNIT = re.compile(
    r"[ \u00a0\u202f]?(?:%|€|\$|(?:millions?|milliards?|billions?|mille|thousand|pour cent|per ?cent)\b)(?: d(?:e |['’]))?|[ \u00a0\u202f-](?:d(?:e |['’]))?(?=[^\W\d_])"
)
_NOUN = re.compile(r"[^\W\d_]+")
_RANK: Final = (
    r"(?:(?:le |la |l['’]|the )?(?:M\.|Mme|Mlle|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Pr\.?|colonel|colonel-major|général|generale?|capitaine|commandant|lieutenant|sergent|amiral|"
    r"president|président|présidente|ministre|premier ministre|roi|reine|prince|pape|imam|captain|general|minister|prime minister|king|queen)\s+)?"
)
_NAME = re.compile(
    rf"(?:\b{_RANK})(?P<name>[A-ZÀ-ÖØ-Þ][\w’'-]*(?:\s+(?:(?:de|du|des|d['’]|ag|ould|ben|bin|el|al|von|van|da|dos)\s+)?[A-ZÀ-ÖØ-Þ][\w’'-]*\.?)*)"
)
_PLACE_LEAD = re.compile(r"(?:\b(?:[Àà]|[Ee]n|[Aa]ux?|[Dd]ans|[Vv]ers|[Dd]epuis|[Pp]rès de|[Ii]n|[Aa]t|[Ff]rom|[Nn]ear)\s+(?:(?:la|le|les|the)\s+|l[’'])?"
                         r"(?:(?:ville|capitale|région|province|village|commune|base|city|town|region)\s+(?:de\s+|d['’]|of\s+)?)?)$")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Span:
    """A possible answer: `text[start:end]`. `value` is what two sources of one fact have in common: an ISO date, a number."""

    start: int
    end: int
    value: str


def spans(question: Question, text: str, published: str | None = None) -> list[Span]:
    """The possible answers in `text`, by place. Empty for kinds of question that no few words answer."""
    find = _FINDERS.get(question.kind)
    return list(find(question, text, published)) if find else []


def nearest(question: Question, found: Sequence[Span], words: Sequence[tuple[str, int, int]]) -> tuple[Span, float, bool]:
    """The one of some possible answers in a text that stands nearest to what the question asks about, with its nearness from 0 to 1, and
    whether it stands clearly nearer than any other: who of two people signed, words side by side cannot tell.

    `words` are those of the text with their stems and places (`index.analyse.located`).
    """
    met = [(place, *notion) for place, (stem, _, _) in enumerate(words) for notion in question.by_stem.get(stem, ())]
    weights = [concept.weight / question.weight for concept in question.concepts]
    rated = [(_nearness(span, words, met, weights), len(span.value), -span.start, span) for span in found]
    near, _, _, span = max(rated, key=lambda item: item[:3])
    rival = max((near for near, _, _, other in rated if other.value != span.value), default=0.0)
    return span, near, rival < CLEARLY[question.kind] * near


def _nearness(span: Span, words: Sequence[tuple[str, int, int]], met: Sequence[tuple[int, int, float]], weights: Sequence[float]) -> float:
    inside = [place for place, (_, start, end) in enumerate(words) if start < span.end and end > span.start]
    if not inside:
        return 0.0
    reached: dict[int, float] = {}
    for place, number, credit in met:
        distance = max(inside[0] - place, place - inside[-1], 0)
        reached[number] = max(reached.get(number, 0.0), credit * exp(-distance / NEAR))
    return sum(weights[number] * value for number, value in reached.items())


def _dates(question: Question, text: str, published: str | None) -> Iterator[Span]:
    asked = {moment.date for moment in moments(question.text)}
    folded_question = question.folded
    told = [moment for moment in moments(text, published) if moment.date not in asked]
    for moment in told:
        yield Span(start=moment.start, end=moment.end, value=moment.date)
    for match in DATE.finditer(level(text)):
        if match.group() not in folded_question and not any(moment.start < match.end() and match.start() < moment.end for moment in told):
            yield Span(start=match.start(), end=match.end(), value=match.group())


def _numbers(question: Question, text: str, published: str | None) -> Iterator[Span]:
    plain = level(text)
    asked = set(re.findall(r"\d+", question.text))
    dated = [(moment.start, moment.end) for moment in moments(text, published)]
    last = 0
    wanted, age = unit_asked(question), age_asked(question)
    for match in _NUMBER.finditer(plain):
        if (
            match.start() < last
            or (wanted and not in_unit(wanted, plain, match.start(), match.end()))
            or (age and not is_age(plain, match.start(), match.end()))
            or match.group() in asked
            or any(start <= match.start() < end for start, end in dated)
            or _is_year(plain, match)
        ):
            continue
        unit = _UNIT.match(text, match.end())
        end = unit.end() if unit else match.end()
        noun = _NOUN.match(text, end) if unit else None
        last = noun.end() if noun else end if unit else match.end()
        yield Span(start=match.start(), end=last, value=_number_value(match.group()))


def _is_year(plain: str, match: re.Match[str]) -> bool:
    return bool(
        re.fullmatch(r"(?:19|20)\d\d", match.group())
        and any(found.start() <= match.start() < found.end() for found in DATE.finditer(plain))
    )


def _number_value(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f.](?=\d{3})", "", text).replace(",", ".")


def _people(question: Question, text: str, _: str | None) -> Iterator[Span]:
    asked = question.words
    for match in _NAME.finditer(text):
        parts = [part for part in re.split(r"[\s’']", match["name"]) if part[:1].isupper()]
        led = match.start("name") > match.start()
        rare = [part for part in parts if not is_common(part) and fold(part) not in asked]
        if len(rare) >= 2 or (led and rare):
            name = match["name"].rstrip(".,'’ ")
            yield Span(start=match.start("name"), end=match.start("name") + len(name), value=fold(parts[-1]))


def _places(question: Question, text: str, _: str | None) -> Iterator[Span]:
    asked = question.words
    for match in _NAME.finditer(text):
        name = match["name"].rstrip(".,'’ ")
        folded = fold(name)
        if folded in asked or folded in MONTHS or all(part in asked for part in folded.split()):
            continue
        if _PLACE_LEAD.search(text[max(0, match.start("name") - 40) : match.start("name")]):
            yield Span(start=match.start("name"), end=match.start("name") + len(name), value=folded)


_FINDERS: Final[Mapping[Kind, Callable[[Question, str, str | None], Iterator[Span]]]] = {
    "when": _dates, "number": _numbers, "person": _people, "who": _people, "where": _places,
}  # fmt: skip
