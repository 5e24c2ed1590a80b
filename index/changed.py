"""Facts that were changed between two versions of a text: a toll, a day, a name put in the place of another.

An agency sends a dispatch again with new figures, and serials (weather, markets, results) keep their sentences and change the rest.
Such texts are nearly one, and tell different things.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from index.analyse import fold
from index.dates import MONTHS

if TYPE_CHECKING:
    from index.copies import Text

FLANK: Final = 2
"""Words, the same in both texts, before and after what was replaced."""
SHORT: Final = 4
"""Words up to which a replacement is one of a fact by a fact; in longer ones a figure counts if the other text has it nowhere."""
LONG: Final = 30
"""Words from which the texts do not run in parallel, and nothing was put in the place of anything."""
NAMESAKE: Final = 60.0
"""Likeness, out of 100, of two spellings of one name: Poutine, Putin."""
_UNITS: Final = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
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
_MONTHS: Final = {name: number for name, number in MONTHS.items() if name not in ("mar", "may")}


def changed_facts(one: "Text", other: "Text", starts: tuple[int, int]) -> list[tuple[str, str]]:
    """What stands in the one text where the other has another figure, day, month or name, as (there, here) pairs.

    `starts` are the places where the text that both share begins; what a site put before it must bring no figure that
    the other text has not, dates and years aside.
    """
    found = [pair for pair in _replaced(one, other, starts) if _differ(*pair)]
    shown = [(" ".join(there.words), " ".join(here.words)) for there, here in found]
    for text, start, against in ((one, starts[0], other), (other, starts[1], one)):
        if news := _amounts(text.words[:start]) - figures(against.words):
            shown.append((" ".join(sorted(news)), ""))
    return shown


class _Piece:
    """A run of words of a text."""

    def __init__(self, text: "Text", start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.words = text.words[start:end]

    @property
    def names(self) -> list[str]:
        """The words, if all are names by their capital, and none by its place; else none."""
        named = all(word[0].isupper() and len(word) > 2 for word in self.words) and self.start not in self.text.openers
        return [fold(word) for word in self.words] if named else []


def figures(words: Sequence[str]) -> set[str]:
    """Numbers, in digits or words, days and months among `words`; "vague" for dozens and the like."""
    found: set[str] = set()
    total = run = 0
    folded = [*map(fold, words), ""]
    for word, after in zip(folded, [*folded[1:], ""], strict=True):
        if word in _VALUES or (word.isdecimal() and after in _TIMES):
            value = _VALUES.get(word) or int(word)
            run = run * 20 if word in ("vingt", "vingts") and run == 4 else run + value
        elif word in _TIMES and (run or word in ("cent", "mille")):
            total, run = (total, max(run, 1) * 100) if _TIMES[word] == 100 else (total + max(run, 1) * _TIMES[word], 0)
        else:
            if total or run:
                found.add(str(total + run))
            total = run = 0
            if word.isdecimal():
                found.add(str(int(word)))
            elif word in _VAGUE or word in _TIMES:
                found.add("vague")
            elif word in _DAYS:
                found.add(word)
            elif word in _MONTHS:
                found.add(f"month {_MONTHS[word]}")
    return found


def _replaced(one: "Text", other: "Text", starts: tuple[int, int]) -> Iterator[tuple[_Piece, _Piece]]:
    """The runs of words that stand in the place of each other, within the text that both share."""
    from rapidfuzz.distance import Levenshtein

    steps = list(Levenshtein.opcodes(one.folded[starts[0] :], other.folded[starts[1] :]))
    for before, step, after in zip(steps, steps[1:], steps[2:], strict=False):
        flanked = before.tag == after.tag == "equal" and min(before.src_end - before.src_start, after.src_end - after.src_start) >= FLANK
        if step.tag == "replace" and flanked:
            yield (
                _Piece(one, starts[0] + step.src_start, starts[0] + step.src_end),
                _Piece(other, starts[1] + step.dest_start, starts[1] + step.dest_end),
            )


def _differ(one: _Piece, other: _Piece) -> bool:
    longer = max(len(one.words), len(other.words))
    if longer > LONG:
        return False
    first, second = figures(one.words), figures(other.words)
    if longer > SHORT:
        return bool(first - figures(other.text.words)) and bool(second - figures(one.text.words))
    if first and second:
        return first != second
    if len(one.names) != len(other.names) or not one.names:
        return False
    from rapidfuzz.fuzz import ratio

    return all(ratio(mine, yours) < NAMESAKE for mine, yours in zip(one.names, other.names, strict=True))


def _amounts(words: Sequence[str]) -> set[str]:
    """Figures among `words` that are no part of a date or an hour."""
    folded = [fold(word) for word in words]
    dated = {place + step for place, word in enumerate(folded) if word in _MONTHS for step in (-1, 1)}
    hours = {place + step for place, word in enumerate(folded) if word in ("h", "gmt", "am", "pm", "heures") for step in (-1, 1)}
    kept = [word for place, word in enumerate(folded) if place not in dated | hours and not (len(word) == 4 and word[:2] in ("19", "20"))]
    return {figure for figure in figures(kept) if figure.isdecimal()}
