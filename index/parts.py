"""The parts of a scraped page: runs of prose, with what stands between the paragraphs and is of the article.

A part ends where several short lines are left out, at the heading of a list of other articles, and where readers' comments begin.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from index.analyse import fold
from index.byline import is_credit_line, is_name
from index.furniture import (
    ends_sentence,
    is_aside,
    is_box,
    is_button,
    is_comments,
    is_fact,
    is_furniture,
    is_item,
    is_poll,
    is_prose,
    is_related,
    is_time,
    may_be_headline,
)

_WORD = re.compile(r"\w+")
_NAMED = re.compile(r"(?<=[a-zà-ÿ,'’] )[A-ZÀ-Þ][\w-]{3,}|(?<=['’])[A-ZÀ-Þ][\w-]{3,}")
_REACH = re.compile(
    r"^(?:(?:you can )?(?:reach|contact|e-?mail|follow)|(?:pour )?(?:joindre|contacter|suivre)|contactez|suivez|ecrivez|ecrire)\b"
)
_LIFE = re.compile(r",? (?:is|writes|covers|teaches|lives|works|est|ecrit|couvre|enseigne|vit|travaille)\b")
_GAP: Final = 3
"""Short lines dropped in a row from which what follows is another part of the page."""
_LATE: Final = 0.25
"""Share of the prose below which a part that comes after a gap or a list of other articles is not of the article.
Set on the dev half of tests/quality/noisy; anything from 0.15 to 0.35 gives the same there."""
_ANNOUNCED: Final = 40
"""Lines that a colon can announce: beyond, they are a menu."""
_BOXED: Final = 12
"""Lines that a heading of facts ("Chiffres clés"), or a short line with a colon, can announce."""
_LISTED: Final = 8
"""Short lines that are a list with nothing to announce it: beyond, they are a menu."""
_WORDS: Final = 4
"""Words that items of such a list have on average at most; headlines of other articles have more."""
_TELLING: Final = 4
"""Letters from which a word of the title says what the article is about."""
_REACHED: Final = 150
"""Characters beyond which a line does more than tell how to write to the author."""


@dataclass
class Part:
    """Lines of prose, and what is kept between them, up to the next gap."""

    linked: bool = False
    """Whether the heading of a list of other articles stands above."""
    above: Sequence[str] = ()
    """Short lines right above, with nothing of the page among them: a list of the article, if what follows is of it."""
    lines: list[str] = field(default_factory=list)
    paragraphs: int = 0
    opening: int = 0
    """Paragraphs that follow one another from the first on, with no short line between."""

    @property
    def size(self) -> int:
        return sum(map(len, self.lines))

    @property
    def last(self) -> str:
        return self.lines[-1]

    def add(self, lines: Sequence[str], followed: bool) -> None:
        """Add a paragraph and what is kept above it; `followed` where it stands right below the one before."""
        self.lines += lines
        if self.opening == self.paragraphs and (followed or not self.paragraphs):
            self.opening += 1
        self.paragraphs += 1


@dataclass
class _Reading:
    """The parts read so far, and what stands below the last paragraph."""

    counts: Counter[str]
    parts: list[Part] = field(default_factory=list)
    paragraphs: int = 0
    waiting: list[str] = field(default_factory=list)
    """Short lines of which the next paragraph will tell whether they are of the article."""
    dropped: int = 0
    aside: bool = False
    """In a box of links or below a picture's label, after which the article goes on."""
    linking: bool = False
    """In such a box of links."""
    linked: bool = False
    """Below the heading of a list of other articles."""
    mixed: bool = False
    """Something of the page stands among the short lines."""

    def close(self, aside: bool, linking: bool = False) -> None:
        """The heading of a box of links (`aside`) or of a list of other articles: what waits above it is of the article or of nothing."""
        kept = _before_box(self.parts[-1].last, self.waiting) if self.parts and not self.aside and not self.dropped else []
        if kept:
            self.parts[-1].lines += kept
        self.dropped += len(self.waiting) - len(kept) + (0 if aside else _GAP)
        self.waiting, self.mixed = [], True
        if aside:
            self.aside, self.linking = True, linking
        else:
            self.linked = True

    def drop_question(self) -> None:
        """What a poll asks is not of the article."""
        self.parts[-1].lines.pop()
        self.parts = [part for part in self.parts if part.lines]

    def add(self, line: str) -> None:
        """A paragraph, of the last part or of a new one."""
        joined = bool(self.parts) and not self.aside and self.dropped < _GAP
        kept = _between(self.parts[-1].last, self.waiting, self.counts) if joined else []
        self.dropped += len(self.waiting) - len(kept)
        if not self.parts or self.dropped >= _GAP:
            if self.parts and may_be_headline(line):
                self.waiting, self.aside = [], False
                return
            self.parts.append(Part(linked=self.linked, above=self.waiting if self._lists() else ()))
        self.parts[-1].add([*kept, line], followed=not self.waiting)
        self.paragraphs += 1
        self.waiting, self.dropped, self.aside, self.linked, self.mixed = [], 0, False, False, False

    def _lists(self) -> bool:
        """Whether the short lines may be a list that nothing announces: right between paragraphs, said once, of few words."""
        if self.mixed or self.paragraphs < 2 or not 2 <= len(self.waiting) <= _LISTED:
            return False
        items = self.waiting[1:]
        return all(self.counts[line] == 1 for line in self.waiting) and sum(len(line.split()) for line in items) <= _WORDS * len(items)

    def end(self) -> list[Part]:
        if self.parts and not self.aside and not self.dropped:
            self.parts[-1].lines += _after(self.parts[-1].last, self.waiting)
        return self.parts


def parts_of(lines: Sequence[str], standfirst: str | None, author: str | None) -> list[Part]:
    """The parts of a page (lines stripped, none empty, without its title), down to the comments or the author's box."""
    read = _Reading(counts=Counter(lines))
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        if is_time(above) and is_name(line):
            # Who wrote this entry of a live page.
            continue
        if read.paragraphs >= 2 and (is_comments(line) or is_same(line, author)):
            break
        if is_related(line) or (read.paragraphs >= 2 and _is_life(line, author)):
            read.close(aside=False)
        elif is_aside(line):
            read.close(aside=True, linking=not is_button(line))
        elif read.aside and read.linking and _is_link(line, lines[number + 1 : number + 2], read.waiting):
            read.waiting.append(line)
        elif is_poll(line) and (is_poll(above) or (read.parts and _asks(read.parts[-1].last, read.waiting))):
            if not is_poll(above):
                read.drop_question()
            read.waiting = []
        elif is_credit_line(line):
            if read.waiting and is_name(read.waiting[-1]):
                read.waiting.pop()
        elif is_furniture(line) or _is_reach(line, author):
            read.mixed = True
            if is_button(line) and read.waiting and not ends_sentence(read.waiting[-1]):
                read.waiting.pop()
        elif line == standfirst or (is_prose(line) and not (not read.parts and may_be_headline(line))):
            read.add(line)
        else:
            read.waiting.append(line)
    return read.end()


def is_same(line: str, known: str | None) -> bool:
    """Whether a line says what is known, but for case and accents."""
    return bool(known) and len(line) <= 2 * len(known or "") and fold(line) == fold(known or "")


def _is_link(line: str, below: Sequence[str], waiting: Sequence[str]) -> bool:
    """Whether a line that asks is a link of its box: the first one there, or no answer stands below."""
    answered = bool(below) and is_prose(below[0]) and not may_be_headline(below[0])
    return may_be_headline(line) and not (waiting and answered)


def _is_life(line: str, author: str | None) -> bool:
    """Whether a line tells who the author is, in the third person."""
    return author is not None and is_same(line[: len(author)], author) and bool(_LIFE.match(fold(line[len(author) :])))


def _is_reach(line: str, author: str | None) -> bool:
    """Whether a line tells how to write to the author."""
    if author is None or not len(author) <= len(line) <= _REACHED:
        return False
    folded = fold(line)
    return fold(author) in folded and bool(_REACH.match(folded))


def _asks(before: str, waiting: Sequence[str]) -> bool:
    """Whether short lines answer the question before them, and are not an article's: a list that a paragraph announces."""
    return len(waiting) >= 2 and before.endswith("?") and may_be_headline(before) and not any(map(ends_sentence, waiting))


def _between(before: str, waiting: Sequence[str], counts: Counter[str]) -> list[str]:
    """What is of the article among short lines that stand between two paragraphs."""
    if before.endswith(":") and len(waiting) <= _ANNOUNCED:
        return list(waiting)
    if len(waiting) == 1:
        return list(waiting) if counts[waiting[0]] == 1 or ends_sentence(waiting[0]) or is_item(waiting[0]) else []
    if any(ends_sentence(line) for line in waiting) and len(waiting) == 2:
        return list(waiting)
    announced = next((number for number, line in enumerate(waiting) if is_box(line) or (line.endswith(":") and " " in line)), len(waiting))
    if 0 < len(waiting) - announced <= _BOXED:
        return [*_between(before, waiting[:announced], counts), *waiting[announced:]]
    facts = [number for number, line in enumerate(waiting) if is_fact(line)]
    stated = range(max(facts[0] - 1, 0), facts[-1] + 1) if facts else ()
    return [line for number, line in enumerate(waiting) if ends_sentence(line) or is_item(line) or number in stated]


def _before_box(before: str, waiting: Sequence[str]) -> list[str]:
    """What is of the article among short lines between a paragraph and the heading of a box."""
    return list(waiting) if before.endswith(":") and len(waiting) <= _BOXED else _after(before, waiting)


def _after(before: str, waiting: Sequence[str]) -> list[str]:
    """What is of the article among short lines behind its last paragraph: the rest of a list or of a dialogue."""
    kept: list[str] = []
    listed = before.endswith(":") or is_item(before)
    for line in waiting:
        if not (ends_sentence(line) or line.endswith(";") or (listed and is_item(line))):
            break
        kept.append(line)
    return kept


def early(parts: Sequence[Part], title: str) -> list[str]:
    """The lines of all parts but those at the end that are too small to be of the article and do not go on with it."""
    total = sum(part.size for part in parts)
    first: dict[str, int] = {}
    for number, part in enumerate(parts):
        for name in _names(part):
            first.setdefault(name, number)
    last = len(parts)
    left = 0
    while last > 1 and left + parts[last - 1].size < _LATE * total:
        again = any(first[name] < last - 1 for name in _names(parts[last - 1]))
        if _goes_on(parts[last - 1], again, title):
            break
        last -= 1
        left += parts[last].size
    return [line for part in parts[:last] for line in (*part.above, *part.lines)]


def _goes_on(part: Part, again: bool, title: str) -> bool:
    """Whether a part is of the article though it stands late and is small; `again` where it names who or what was named before.

    One below a list of other articles is where it does so and opens with two paragraphs, while teasers stand one by one below their
    headlines; another one where it does so, has two paragraphs, or has a word of the title.
    """
    if part.linked:
        return again and part.opening >= 2
    return again or part.paragraphs >= 2 or bool(_long_words(title) & _long_words(part.lines[0]))


def _names(part: Part) -> list[str]:
    return [name for line in part.lines for name in _NAMED.findall(line)]


def _long_words(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(fold(text)) if len(word) >= _TELLING)
