"""Facts that were changed between two versions of a text: a toll, a day, a name put in the place of another.

An agency sends a dispatch again with new figures, and serials (weather, markets, results) keep their sentences and change the rest.
Such texts are nearly one, and tell different things.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.analyse import fold
from index.dates import MONTHS

if TYPE_CHECKING:
    from index.copies import BoolVector, Text

FLANK: Final = 1
"""Words, the same in both texts, before and after what was replaced, unless the text begins or ends there."""
INTRO: Final = 8
"""Words that one text has more than the other before what they share, from which those are an intro."""
SHORT: Final = 4
"""Words up to which a replacement is one of a fact by a fact; in longer ones a figure counts if the other text has it nowhere."""
LONG: Final = 30
"""Words beyond which the texts do not run in parallel, and nothing was put in the place of anything."""
NAMESAKE: Final = 70.0
"""Likeness, out of 100, of two spellings of one name: Poutine, Putin."""
_UNITS: Final = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty",
)
_TENS: Final = {
    "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "octante": 80, "nonante": 90, "vingts": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
# "un", "une" and "one" are mostly no figure.
_VALUES: Final = {word: value for names in _UNITS for value, word in enumerate(names.split()) if value > 1 and "-" not in word} | _TENS
_TIMES: Final = {
    "cent": 100, "cents": 100, "hundred": 100, "mille": 1000, "thousand": 1000, "million": 10**6, "millions": 10**6,
    "milliard": 10**9, "milliards": 10**9, "billion": 10**9, "billions": 10**9,
}  # fmt: skip
# Round figures that an update makes exact.
_VAGUE: Final = frozenset("plusieurs dizaine dizaines vingtaine trentaine centaine centaines several dozen dozens scores hundreds".split())
_DAYS: Final = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday".split()
)
_HOURS: Final = frozenset("h gmt am pm heures heure".split())
_MONTHS: Final = {name: number for name, number in MONTHS.items() if name not in ("mar", "may")}


def changed_facts(one: "Text", other: "Text", starts: tuple[int, int]) -> list[tuple[str, str]]:
    """What stands in the one text where the other has another figure, day, month or name, as (there, here) pairs.

    `starts` are the places where the text that both share begins; what a site put before it must bring no figure that
    the other text has not, dates and years aside.
    """
    found = [pair for pair in _replaced(one, other, starts) if _differ(*pair)]
    shown = [(" ".join(there.words), " ".join(here.words)) for there, here in found]
    for text, start, against, against_start in ((one, starts[0], other, starts[1]), (other, starts[1], one, starts[0])):
        if start - against_start > INTRO and (news := {figure.value for figure in _amounts(text.words[:start])} - figures(against.words)):
            shown.append((" ".join(sorted(news)), ""))
    return shown


def missing_figures(one: "Text", other: "Text", shared: "BoolVector") -> set[str]:
    """The figures among the words of `one` that are not `shared`, dates, hours and years aside, that `other` has nowhere."""
    found = (figure.value for figure in _amounts(one.words) if not shared[figure.start : figure.end].any())
    return set(found) - figures(other.words)


class _Piece:
    """A run of words of a text."""

    def __init__(self, text: "Text", start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.words = text.words[start:end]

    @property
    def names(self) -> list[str]:
        """The words that are names by their capital, and not by their place."""
        places = (place for place in range(self.start, self.end) if place not in self.text.openers)
        return [fold(word) for word in map(self.text.words.__getitem__, places) if word[0].isupper() and len(word) > 2]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number, a day or a month, and the places of its first word and of the word after it."""

    value: str
    start: int
    end: int


def figures(words: Sequence[str]) -> set[str]:
    """Numbers, in digits or words, days and months among `words`; "vague" for dozens and the like."""
    return {figure.value for figure in read_figures([fold(word) for word in words])}


def read_figures(folded: Sequence[str]) -> Iterator[Figure]:
    """The figures among folded words, in order: "quatre vingt dix sept" is 97, "2 millions" 2000000."""
    total = run = 0
    start: int | None = None
    for place, (word, after) in enumerate(zip([*folded, ""], [*folded[1:], "", ""], strict=True)):
        if word in _VALUES or (word.isdecimal() and after in _TIMES):
            value = _VALUES.get(word) or int(word)
            run = run * 20 if word in ("vingt", "vingts") and run == 4 else run + value
        elif word in _TIMES and (run or word in ("cent", "mille")):
            total, run = (total, max(run, 1) * 100) if _TIMES[word] == 100 else (total + max(run, 1) * _TIMES[word], 0)
        else:
            if start is not None:
                yield Figure(value=str(total + run), start=start, end=place)
            total, run, start = 0, 0, None
            if value_ := _alone(word):
                yield Figure(value=value_, start=place, end=place + 1)
            continue
        start = place if start is None else start


def _alone(word: str) -> str | None:
    """What a word that is no part of a longer number stands for."""
    if word.isdecimal():
        return str(int(word))
    if word in _VAGUE or word in _TIMES:
        return "vague"
    if word in _MONTHS:
        return f"month {_MONTHS[word]}"
    return word if word in _DAYS else None


def _replaced(one: "Text", other: "Text", starts: tuple[int, int]) -> Iterator[tuple[_Piece, _Piece]]:
    """The runs of words that stand in the place of each other, within the text that both share."""
    from rapidfuzz.distance import Levenshtein

    begins = starts[0] - min(starts), starts[1] - min(starts)
    blocks = [block for block in Levenshtein.opcodes(one.folded[begins[0] :], other.folded[begins[1] :]).as_matching_blocks() if block.size]
    ends = [(0, 0), *((block.a + block.size, block.b + block.size) for block in blocks)]
    for place, (block, (first, second)) in enumerate(zip(blocks, ends, strict=False)):
        # Without words before them, datelines differ; a figure that opens the text does not.
        held = blocks[place - 1].size >= FLANK or place == 1 if place else max(block.a, block.b) <= FLANK
        if held and (block.size >= FLANK or place == len(blocks) - 1) and block.a > first and block.b > second:
            yield (
                _Piece(one, begins[0] + first, begins[0] + block.a),
                _Piece(other, begins[1] + second, begins[1] + block.b),
            )


def _differ(one: _Piece, other: _Piece) -> bool:
    longer = max(len(one.words), len(other.words))
    if longer > LONG:
        return False
    first, second = figures(one.words), figures(other.words)
    if longer > SHORT:
        return bool(first - figures(other.text.words)) and bool(second - figures(one.text.words))
    if first and second:
        return not (first <= second or second <= first)
    return _other_names(one.names, other.names)


def _other_names(one: Sequence[str], other: Sequence[str]) -> bool:
    from rapidfuzz.fuzz import ratio

    first, second = " ".join(one), " ".join(other)
    short = first.startswith(second) or second.startswith(first)
    return bool(one) and len(one) == len(other) and not short and ratio(first, second) < NAMESAKE


def _amounts(words: Sequence[str]) -> Iterator[Figure]:
    """The numbers among `words` that are no part of a date or an hour."""
    folded = [fold(word) for word in words]
    for figure in read_figures(folded):
        beside = {*folded[max(figure.start - 1, 0) : figure.start], *folded[figure.end : figure.end + 1]}
        year = len(figure.value) == 4 and figure.value[:2] in ("19", "20")
        # A letter that scanning misread often leaves a 0 or a 1.
        if figure.value.isdecimal() and int(figure.value) > 1 and not year and not beside & (_HOURS | _MONTHS.keys()):
            yield figure
