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
from index.furniture import ends_sentence, is_aside, is_captioned, is_comments, is_furniture, is_item, is_prose, is_related, may_be_headline

_DATED_TAIL = re.compile(r"(?<!\s)\s*(?:\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d\d-\d\d)(?:\s+\d\d[:h]\d\d)?,\s*[^.!?\n]{2,40}$")
_GAP: Final = 3
"""Short lines dropped in a row from which what follows is another part of the page."""
_LATE: Final = 0.25
"""Share of the prose below which a part that comes after a gap or a list of other articles is not of the article.
Set on the dev half of tests/quality/noisy; anything from 0.15 to 0.35 gives the same there."""
_REPEATED: Final = 40
"""Characters from which a line said twice is kept once; shorter ones ("Oui.", a refrain) may be meant twice."""
_ANNOUNCED: Final = 40
"""Lines that a colon can announce: beyond, they are a menu."""
_CAPTION: Final = 150
"""Characters beyond which a line is taken for a paragraph, even above a picture's credit: better one caption too many."""


@dataclass
class _Part:
    """Lines of prose, and what is kept between them, up to the next gap."""

    lines: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(map(len, self.lines))


def article_lines(lines: Sequence[str], title: str | None = None, author: str | None = None) -> list[str]:
    """The lines of the article among those of a page (stripped, none empty), without its title."""
    own = [line for line in lines if not _is_same(line, title)]
    own = _without_first_caption(own)
    parts = _parts(own, Counter(own), _standfirst(lines, title), author)
    if not parts:
        return [line for line in own if not is_furniture(line)]
    body: list[str] = []
    for line in _early(parts):
        if len(line) < _REPEATED or line not in body:
            body.append(_DATED_TAIL.sub("", line))
    return body


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
    aside = False
    paragraphs = 0
    for line in lines:
        if paragraphs >= 2 and (is_comments(line) or _is_same(line, author)):
            break
        if is_related(line):
            dropped += _GAP + len(waiting)
            waiting = []
        elif is_aside(line):
            aside = True
        elif is_credit_line(line):
            waiting = waiting[:-1] if waiting and is_name(waiting[-1]) else waiting
        elif is_furniture(line):
            continue
        elif line == standfirst or (is_prose(line) and not (not parts and may_be_headline(line))):
            kept = _between(parts[-1].lines[-1], waiting, counts) if parts and not aside and dropped < _GAP else []
            dropped += len(waiting) - len(kept)
            if not parts or dropped >= _GAP:
                if parts and may_be_headline(line):
                    waiting, aside = [], False
                    continue
                parts.append(_Part())
            parts[-1].lines += [*kept, line]
            paragraphs += 1
            waiting, dropped, aside = [], 0, False
        else:
            waiting.append(line)
    if parts and not aside and not dropped:
        parts[-1].lines += _after(parts[-1].lines[-1], waiting)
    return parts


def _between(before: str, waiting: Sequence[str], counts: Counter[str]) -> list[str]:
    """What is of the article among short lines that stand between two paragraphs."""
    if before.endswith(":") and len(waiting) <= _ANNOUNCED:
        return list(waiting)
    if len(waiting) == 1:
        return list(waiting) if counts[waiting[0]] == 1 or ends_sentence(waiting[0]) else []
    if any(ends_sentence(line) for line in waiting) and len(waiting) == 2:
        return list(waiting)
    return [line for line in waiting if ends_sentence(line) or is_item(line)]


def _after(before: str, waiting: Sequence[str]) -> list[str]:
    """What is of the article among short lines behind its last paragraph: the rest of a list or of a dialogue."""
    kept: list[str] = []
    listed = before.endswith(":") or is_item(before)
    for line in waiting:
        if not (ends_sentence(line) or line.endswith(";") or (listed and is_item(line))):
            break
        kept.append(line)
    return kept


def _early(parts: Sequence[_Part]) -> list[str]:
    """The lines of all parts but those at the end that are too small to be of the article."""
    total = sum(part.size for part in parts)
    last = len(parts)
    left = 0
    while last > 1 and left + parts[last - 1].size < _LATE * total:
        last -= 1
        left += parts[last].size
    return [line for part in parts[:last] for line in part.lines]
