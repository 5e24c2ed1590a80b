"""What the lines of a scraped page say about the article: title, date, author, address, site."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise
from typing import Final
from urllib.parse import SplitResult, urlsplit

from index.analyse import fold
from index.byline import dateline, find_author, is_byline, is_credit_line, lone_date, published_on, tells_date, updated_on
from index.dates import WEEKDAYS, find_date
from index.furniture import is_aside, is_caption, is_captioned, is_furniture, is_prose, may_be_headline
from index.header import ADDRESS, NOT_A_PAGE, read_header
from index.metadata import Metadata, host_of, settle, told

_STAMP = re.compile(r"^(\d{4}-\d\d-\d\d)T\d\d:\d\d\S*$")
_PATH_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d)(?:[/-]?(\d\d))?/")
_DATED_SITE = re.compile(r"(?:^|\s)(\d{1,2}[./]\d{1,2}[./]\d{4})(?:\s+\d\d[:h]\d\d)?,\s*([^.!?\n,]{2,40})$")
# WordPress (Yoast) names a list page "Subject Archives - Site"; its Jetpack box says "En savoir plus sur Site".
_LIST_PAGE = re.compile(r"^.{1,80}\bArchives?\s+[-–|]\s+(.{2,40})$")
_SITE_BOX = re.compile(r"^(?:en savoir plus sur|discover more from)\s+(.{2,40})$", re.IGNORECASE)
_THIS_DAY = re.compile(rf"\b(?:ce|this) ((?:{'|'.join(WEEKDAYS)}),? (?:\d{{1,2}}(?:er)? [a-z]+\.? \d{{4}}|[a-z]+\.? \d{{1,2}},? \d{{4}}))")
_TICKER = re.compile(r"^\d{1,2}[:h]\d\d\b")
_AGED = re.compile(r"^[^,!?]{3,40}, \d{1,3}$")  # "Ada Pell, 77": of a list of obituaries
_HEAD_LINES: Final = 12
_TITLE_LIMIT: Final = 200
_LISTED: Final = 4
"""Dates above the article from which they are those of a list."""
_BELOW: Final = 5
"""Lines from the first paragraph on in which a byline may still stand, when none is near the title."""
_OPENING: Final = 3
"""Paragraphs whose words a title shares."""
_READ: Final = 4_000
"""Characters of the body in which "ce lundi 26 juin 2023" is looked for."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a page says, and its lines without the header."""

    metadata: Metadata
    lines: list[str]


def read_page(lines: Sequence[str], today: date | None = None) -> Read:
    """What `lines` (stripped, none empty) say of the page; `today` as for `settle`."""
    fields, rest = read_header(lines)
    url = fields.get("url") or _own_address(rest)
    place, title = _title(rest, url)
    title = fields.get("title") or title
    around = _around(rest, place)
    candidates = [
        told("header", **fields),
        told("address", url=url, published=_date_in(url)),
        told("heading", title=title),
        told("byline", author=find_author([*around, *_behind(rest)])),
        *_dates(rest, place, around),
        *_sites(rest, url),
    ]
    return Read(metadata=settle(candidates, today), lines=rest)


def _dates(lines: Sequence[str], place: int, around: Sequence[str]) -> Iterator[Metadata]:
    yield from (told("time stamp", published=find_date(match[1])) for line in lines if (match := _STAMP.match(line)))
    yield told("byline", published=_first([published_on(line) for line in around]))
    yield told("byline", published=_first([published_on(line) for line in reversed(_head(lines))]))
    listed = sum(bool(lone_date(line, 1)) for line in lines[:place]) >= _LISTED
    above = min(place, 2)
    # Many dates are those of a list of other articles.
    lone = [found for line in [*around[above:], *([] if listed else around[:above])] if (found := lone_date(line))]
    yield told("byline", published=lone[0] if 0 < len(lone) < _LISTED else None)
    yield told("update", published=_first([updated_on(line) for line in around]))
    yield from told_within(lines)


def told_around(lines: Sequence[str]) -> Iterator[Metadata]:
    """Who wrote an article and when, by the `lines` beside it that are there to tell it."""
    yield told("byline", author=find_author(lines))
    yield told("byline", published=_first([published_on(line) for line in lines]) or _first([lone_date(line) for line in lines]))
    yield told("update", published=_first([updated_on(line) for line in lines]))


def told_within(lines: Sequence[str]) -> Iterator[Metadata]:
    """The date of a dateline, and the day that the text calls this one, in the first paragraphs among `lines`."""
    opening = list(islice((line for line in lines if is_prose(line) and not is_furniture(line)), 4))
    yield told("dateline", published=_first([dateline(line) for line in opening]))
    text = fold(" ".join(opening)[:_READ])
    yield told("text", published=_first([find_date(match[1]) for match in _THIS_DAY.finditer(text)]))


def _first(found: Sequence[str | None]) -> str | None:
    return next((value for value in found if value), None)


def _head(lines: Sequence[str]) -> Sequence[str]:
    """The page down to a little below its first paragraph."""
    opening = next((number for number, line in enumerate(lines) if _is_paragraph(line)), len(lines))
    return lines[: opening + _BELOW]


def _around(lines: Sequence[str], place: int) -> list[str]:
    """The lines from a little above the title to a little below the first paragraph, where bylines stand."""
    near: list[str] = []
    paragraphs = 0
    for line in lines[max(place - 2, 0) : place + 30]:
        if _is_paragraph(line):
            paragraphs += 1
            if paragraphs > 2:
                break
            continue
        near.append(line)
    return near


def _is_paragraph(line: str) -> bool:
    return is_prose(line) and not is_furniture(line) and not tells_date(line) and not may_be_headline(line)


def _behind(lines: Sequence[str]) -> list[str]:
    """Lines behind the article that name its author outright."""
    return [
        line for line in lines if re.match(r"(?:posted by|posté par|publié par|propos recueillis par|auteur|author)\b", line, re.IGNORECASE)
    ]


def _own_address(lines: Sequence[str]) -> str | None:
    """An address alone on one of the first lines that is not of an image or other part of a page."""
    for line in lines[:_HEAD_LINES]:
        match = ADDRESS.fullmatch(line)
        if match and not NOT_A_PAGE.search(line) and (parts := _split(line)) and parts.path.strip("/"):
            return line
    return None


def _date_in(url: str | None) -> str | None:
    match = _PATH_DATE.search(url) if url else None
    return find_date("-".join(part for part in match.groups() if part)) if match else None


def _title(lines: Sequence[str], url: str | None) -> tuple[int, str | None]:
    """The heading above the first paragraph and its line: said twice, in the page's address or path, or below the others."""
    heads: list[int] = []
    for number, line in enumerate(lines):
        if _could_be_title(line) and (not is_prose(line) or (_asks(line) and _longer_follows(lines[number:]))):
            if not any(is_aside(before) for before in lines[max(number - 4, 0) : number]):
                heads.append(number)
        elif _is_paragraph(line):
            break
    heads = [number for number in heads if not _LIST_PAGE.match(lines[number]) and len(lines[number].split()) >= 3]
    dated = {number for number, line in enumerate(lines[: heads[-1] + 3]) if lone_date(line, 1)} if heads else set()
    # Headings each with a date are a list of other articles.
    listed = dated if len(dated) >= _LISTED else set()
    own = [number for number in heads if _may_head(lines, number) and not listed & {number + 1, number + 2}]
    # A picture's credit stands below its caption, and below the title where there is none.
    own = [number for number in own if not is_captioned(lines, number)] or own
    if not own or not any(is_prose(line) for line in lines):
        return 0, None
    folded = [fold(line) for line in lines]
    counts = Counter(folded[number] for number in own)
    slug = _words(url.rsplit("/", 2)[-2] + " " + url.rsplit("/", 1)[-1]) if url and url.count("/") > 2 else frozenset()

    last = own[-1]
    told = _words(" ".join(islice((line for line in lines[last + 1 :] if _is_paragraph(line)), _OPENING)))
    led_in = {head for head, after in pairwise(own) if _is_lead(lines[head + 1 : after], lines[head], lines[after])}

    def score(number: int) -> tuple[float, float]:
        text = folded[number]
        words = _words(text)
        crumbs = any(text in line and text != line for line in folded[: own[-1] + 1]) and len(words) >= 3
        alike = len(words & slug) / max(len(words), 1)
        below = not any(after in own for after in range(number + 1, number + 6))
        signed = not listed and _signed(lines, number, own)
        led = number in led_in
        known = (counts[text] > 1) + crumbs + (alike > 0.6)
        return (3 * known + 1.5 * (below + signed + led) + 2 * bool(words & told) + min(len(text.split()), 12) / 8, -number)

    best = max(own, key=score)
    above = next((number for number in reversed(own) if number < best and all(map(is_furniture, lines[number + 1 : best]))), None)
    if above is not None and score(above)[0] > score(best)[0] - 4 and _is_standfirst(lines[above], lines[best]):
        # One that shares no word with the article, where the one below does, is another article's.
        best = above if _words(lines[above]) & told or not _words(lines[best]) & told else best
    return best, lines[best]


def _may_head(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    if is_furniture(line) or is_caption(line) or tells_date(line) or is_byline(line):
        return False
    return not (_TICKER.match(line) or _AGED.match(line))


def _signed(lines: Sequence[str], number: int, heads: Sequence[int]) -> bool:
    """Whether an author or a date stands in the three lines below a heading, with no other heading in between."""
    for below in range(number + 1, min(number + 4, len(lines))):
        if is_credit_line(lines[below]):
            return True
        if below in heads:
            return False
    return False


def _is_lead(between: Sequence[str], title: str, line: str) -> bool:
    """Whether `line`, with nothing but furniture in between, leads from the title into the article: longer, and written like a sentence."""
    words = line.split()
    lower = sum(word[0].islower() for word in words)
    return _is_standfirst(title, line) and lower > len(words) / 2 and all(map(is_furniture, between))


def _is_standfirst(title: str, line: str) -> bool:
    return len(title.split()) >= 4 and len(line.split()) >= 10 and len(line) > len(title)


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.split(r"[\W_]+", fold(text)) if len(word) > 3)


def _could_be_title(line: str) -> bool:
    return len(line) <= _TITLE_LIMIT and not line.endswith((".", ",", ";", ":"))


def _asks(line: str) -> bool:
    return line.rstrip(' »”"').endswith(("?", "!")) and len(line) <= 150


def _longer_follows(lines: Sequence[str]) -> bool:
    return any(len(line) > 150 for line in lines[1:])


def _sites(lines: Sequence[str], url: str | None) -> Iterator[Metadata]:
    """The site's name where the page writes it, with the date that stands beside it; else the host of its own address."""
    for line in lines:
        if match := _LIST_PAGE.match(line) or _SITE_BOX.match(line):
            yield told("site box", source=match[1].strip())
            break
    dated = next((match for line in lines if (match := _DATED_SITE.search(line))), None)
    if dated:
        yield told("site box", source=dated[2].strip(), published=find_date(dated[1]))
    yield told("host", source=host_of(url))


def _split(url: str) -> SplitResult | None:
    """The parts of an address, or None when it is malformed."""
    try:
        return urlsplit(url)
    except ValueError:
        return None
