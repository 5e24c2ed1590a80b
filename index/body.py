"""Which lines of a scraped page are the article.

Prose is told from the page around it line by line (`index.furniture`); short lines by the prose beside them: one alone
between two paragraphs is a heading, several after a colon are a list, a table or verse, others are menus, tags or
captions. What stands behind a list of other articles, readers' comments or the author's box counts no more.
"""

import re
from collections.abc import Sequence
from typing import Final

from index.analyse import fold
from index.byline import is_credit_line
from index.furniture import ends_sentence, is_captioned, is_furniture, is_prose
from index.parts import early, is_same, parts_of

_DATED_TAIL = re.compile(r"(?<!\s)\s*(?:\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d\d-\d\d)(?:\s+\d\d[:h]\d\d)?,\s*[^.!?\n]{2,40}$")
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"^[«“\"].*[»”\"]$")
_REPEATED: Final = 40
"""Characters from which a line said twice is kept once; shorter ones ("Oui.", a refrain) may be meant twice."""
_PULLED: Final = 25
"""Characters from which a quotation that also stands within a paragraph is a pull quote: shorter ones may be meant twice."""
_SEARCHED: Final = 200_000
"""Characters of a body beyond which no pull quotes are looked for: each is sought in all of it."""
_CAPTION: Final = 150
"""Characters beyond which a line is taken for a paragraph, even above a picture's credit: better one caption too many."""


def article_lines(lines: Sequence[str], title: str | None = None, author: str | None = None) -> list[str]:
    """The lines of the article among those of a page (stripped, none empty), without its title."""
    own = [line for line in lines if not is_same(line, title)]
    own = _without_first_caption(own)
    parts = parts_of(own, _standfirst(lines, title), author)
    if not parts:
        return [line for line in own if not is_furniture(line)]
    body: list[str] = []
    for line in early(parts, title or ""):
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
    said = [f" {' '.join(_WORD.findall(fold(line)))} " for line in body]
    page = "\n".join(said)
    kept: list[str] = []
    for number, line in enumerate(body):
        if line in pulled and page.count(said[number]) > 1:
            # A quotation that does not end as a sentence may be the heading of what follows, not of what was said.
            others = said if ends_sentence(line) else said[:number]
            if any(said[number] in other and len(said[number]) < len(other) for other in others):
                continue
        kept.append(line)
    return kept


def _may_be_pulled(line: str) -> bool:
    return _PULLED <= len(line) <= 2 * _CAPTION and bool(_QUOTED.match(line))


def _standfirst(lines: Sequence[str], title: str | None) -> str | None:
    """The line right below the title that is as long as a sentence though it ends like a heading."""
    if not title:
        return None
    headed = False
    for line in lines:
        if is_same(line, title):
            headed = True
        elif headed and not is_furniture(line):
            words = line.split()
            lower = sum(word[0].islower() or word[0].isdigit() for word in words)
            if len(words) >= 10 and lower > len(words) / 2 and not is_credit_line(line):
                return line
            headed = False
    return None
