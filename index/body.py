"""Which lines of a scraped page are the article.

Prose is told from the page around it line by line (`index.furniture`); short lines by the prose beside them: one alone
between two paragraphs is a heading, several after a colon are a list, a table or verse, others are menus, tags or
captions. What stands behind a list of other articles, readers' comments or the author's box counts no more.
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
    is_captioned,
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

_DATED_TAIL = re.compile(r"(?<!\s)\s*(?:\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d\d-\d\d)(?:\s+\d\d[:h]\d\d)?,\s*[^.!?\n]{2,40}$")
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"^[«“\"].*[»”\"]$")
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
_REPEATED: Final = 40
"""Characters from which a line said twice is kept once; shorter ones ("Oui.", a refrain) may be meant twice."""
_ANNOUNCED: Final = 40
"""Lines that a colon can announce: beyond, they are a menu."""
_BOXED: Final = 12
"""Lines that a heading of facts ("Chiffres clés"), or a short line with a colon, can announce."""
_LISTED: Final = 8
"""Short lines that are a list with nothing to announce it: beyond, they are a menu."""
_PULLED: Final = 25
"""Characters from which a quotation that also stands within a paragraph is a pull quote: shorter ones may be meant twice."""
_TELLING: Final = 4
"""Letters from which a word of the title says what the article is about."""
_SEARCHED: Final = 200_000
"""Characters of a body beyond which no pull quotes are looked for: each is sought in all of it."""
_CAPTION: Final = 150
"""Characters beyond which a line is taken for a paragraph, even above a picture's credit: better one caption too many."""


@dataclass
class _Part:
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

    def add(self, lines: Sequence[str], followed: bool) -> None:
        """Add a paragraph and what is kept above it; `followed` where it stands right below the one before."""
        self.lines += lines
        if self.opening == self.paragraphs and (followed or not self.paragraphs):
            self.opening += 1
        self.paragraphs += 1


def article_lines(lines: Sequence[str], title: str | None = None, author: str | None = None) -> list[str]:
    """The lines of the article among those of a page (stripped, none empty), without its title."""
    own = [line for line in lines if not _is_same(line, title)]
    own = _without_first_caption(own)
    parts = _parts(own, Counter(own), _standfirst(lines, title), author)
    if not parts:
        return [line for line in own if not is_furniture(line)]
    body: list[str] = []
    for line in _early(parts, title or ""):
        if len(line) < _REPEATED or line not in body:
            body.append(_DATED_TAIL.sub("", line))
    return _without_pull_quotes(body)


def without_furniture(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of an article that was already told from its page, without those of the page that were left in it; and those left out.

    Who wrote it and when is left out above the first sentence and at the very end alone: between paragraphs a date is a heading.
    Numbers are those of its tables.
    """
    first = next((number for number, line in enumerate(lines) if is_prose(line) and not is_credit_line(line)), 0)
    kept: list[str] = []
    dropped: list[str] = []
    for number, line in enumerate(lines):
        credit = (number < first or number == len(lines) - 1) and is_credit_line(line)
        (dropped if credit or (is_furniture(line) and any(map(str.isalpha, line))) else kept).append(line)
    return (kept, dropped) if kept else (list(lines), [])


def _without_first_caption(lines: Sequence[str]) -> list[str]:
    """`lines` without the caption above a picture's credit, where that is what the page's prose would begin with."""
    for number, line in enumerate(lines):
        if is_prose(line) and not is_furniture(line):
            captioned = len(line) <= _CAPTION and is_captioned(lines, number)
            return [*lines[:number], *lines[number + 1 :]] if captioned else list(lines)
    return list(lines)


def _without_pull_quotes(body: list[str]) -> list[str]:
    """`body` without the quotations that are set apart to be seen, and also stand in one of its paragraphs."""
    if sum(map(len, body)) > _SEARCHED:
        return body
    pulled = {line for line in body if _may_be_pulled(line)}
    if not pulled:
        return body
    said = {line: f" {' '.join(_WORD.findall(fold(line)))} " for line in body}
    repeated: set[str] = set()
    for number, line in enumerate(body):
        if line in pulled:
            # A quotation that does not end as a sentence may be the heading of what follows, not of what was said.
            others = body if ends_sentence(line) else body[:number]
            if any(said[line] in said[other] and len(said[line]) < len(said[other]) for other in others):
                repeated.add(line)
    return [line for line in body if line not in repeated]


def _may_be_pulled(line: str) -> bool:
    return _PULLED <= len(line) <= 2 * _CAPTION and bool(_QUOTED.match(line))


def _is_same(line: str, known: str | None) -> bool:
    return bool(known) and len(line) <= 2 * len(known or "") and fold(line) == fold(known or "")


def _standfirst(lines: Sequence[str], title: str | None) -> str | None:
    """The line right below the title that is as long as a sentence though it ends like a heading."""
    if not title:
        return None
    headed = False
    for line in lines:
        if _is_same(line, title):
            headed = True
        elif headed and not is_furniture(line):
            words = line.split()
            lower = sum(word[0].islower() or word[0].isdigit() for word in words)
            if len(words) >= 10 and lower > len(words) / 2 and not is_credit_line(line):
                return line
            headed = False
    return None


def _parts(lines: Sequence[str], counts: Counter[str], standfirst: str | None, author: str | None) -> list[_Part]:
    parts: list[_Part] = []
    waiting: list[str] = []
    dropped = 0
    aside = links = linked = mixed = False
    paragraphs = 0
    for above, line, below in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        if is_time(above) and is_name(line):
            # Who wrote this entry of a live page.
            continue
        if paragraphs >= 2 and (is_comments(line) or _is_same(line, author)):
            break
        if paragraphs >= 2 and _is_life(line, author):
            dropped, linked = dropped + _GAP, True
        elif is_related(line) or is_aside(line):
            if parts and not aside and not dropped:
                kept = _before_box(parts[-1].lines[-1], waiting)
                parts[-1].lines += kept
                waiting = waiting[len(kept) :]
            dropped += len(waiting)
            waiting, mixed = [], True
            if is_related(line):
                dropped += _GAP
                linked = True
            else:
                aside, links = True, not is_button(line)
        elif aside and links and may_be_headline(line) and (not waiting or not is_prose(below) or may_be_headline(below)):
            waiting.append(line)
        elif is_poll(line) and (is_poll(above) or (parts and _asks(parts[-1].lines[-1], waiting))):
            if not is_poll(above):
                parts[-1].lines.pop()
                parts = [part for part in parts if part.lines]
            waiting = []
        elif is_credit_line(line):
            waiting = waiting[:-1] if waiting and is_name(waiting[-1]) else waiting
        elif is_furniture(line) or _is_reach(line, author):
            mixed = True
            if is_button(line) and waiting and not ends_sentence(waiting[-1]):
                waiting.pop()
        elif line == standfirst or (is_prose(line) and not (not parts and may_be_headline(line))):
            kept = _between(parts[-1].lines[-1], waiting, counts) if parts and not aside and dropped < _GAP else []
            dropped += len(waiting) - len(kept)
            if not parts or dropped >= _GAP:
                if parts and may_be_headline(line):
                    waiting, aside = [], False
                    continue
                listed = paragraphs >= 2 and not mixed and len(waiting) <= _LISTED and all(counts[short] == 1 for short in waiting)
                parts.append(_Part(linked=linked, above=waiting if listed else ()))
            parts[-1].add([*kept, line], followed=not waiting)
            paragraphs += 1
            waiting, dropped, aside, linked, mixed = [], 0, False, False, False
        else:
            waiting.append(line)
    if parts and not aside and not dropped:
        parts[-1].lines += _after(parts[-1].lines[-1], waiting)
    return parts


def _is_life(line: str, author: str | None) -> bool:
    """Whether a line tells who the author is, in the third person."""
    return author is not None and bool(_LIFE.match(fold(line)[len(author) :])) and fold(line).startswith(fold(author))


def _is_reach(line: str, author: str | None) -> bool:
    """Whether a line tells how to write to the author."""
    folded = fold(line)
    return author is not None and len(line) <= _CAPTION and fold(author) in folded and bool(_REACH.match(folded))


def _asks(before: str, waiting: Sequence[str]) -> bool:
    """Whether short lines answer the question before them, and are not an article's: a list that a paragraph announces."""
    return len(waiting) >= 2 and before.endswith("?") and may_be_headline(before) and not any(map(ends_sentence, waiting))


def _between(before: str, waiting: Sequence[str], counts: Counter[str]) -> list[str]:
    """What is of the article among short lines that stand between two paragraphs."""
    if before.endswith(":") and len(waiting) <= _ANNOUNCED:
        return list(waiting)
    if len(waiting) == 1:
        return list(waiting) if counts[waiting[0]] == 1 or ends_sentence(waiting[0]) else []
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


def _early(parts: Sequence[_Part], title: str) -> list[str]:
    """The lines of all parts but those at the end that are too small to be of the article and do not go on with it."""
    total = sum(part.size for part in parts)
    last = len(parts)
    left = 0
    while last > 1 and left + parts[last - 1].size < _LATE * total and not _goes_on(parts[last - 1], parts[: last - 1], title):
        last -= 1
        left += parts[last].size
    return [line for part in parts[:last] for line in (*part.above, *part.lines)]


def _goes_on(part: _Part, before: Sequence[_Part], title: str) -> bool:
    """Whether a part is of the article though it stands late and is small.

    One below a list of other articles is where it opens with two paragraphs, while teasers stand one by one below their headlines,
    and names who or what was named before; another one where it opens with two paragraphs, or with one that has a word of the title.
    """
    if part.opening < 2:
        return not part.linked and bool(_long_words(title) & _long_words(part.lines[0]))
    named = {name for earlier in before for line in earlier.lines for name in _NAMED.findall(line)}
    return not part.linked or any(name in named for line in part.lines for name in _NAMED.findall(line))


def _long_words(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(fold(text)) if len(word) >= _TELLING)
