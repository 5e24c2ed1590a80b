"""Where sentences begin and end, in French and English.

The boundaries come from sentencex (Wikimedia), which keeps « quotes » and "quotes" whole. It was
weighed against pysbd (unmaintained since 2021, some 40 times slower) and spaCy's sentencizer
(every full stop ends a sentence). sentencex splits after common French abbreviations
("M. Dupont", "art. 12") and inside acronyms ("A.E.S."), so those boundaries are joined again here.
"""

import re
from collections.abc import Iterator
from typing import Final

from index.article import Span

_ABBREVIATIONS = frozenset(
    # titles and ranks
    "m mm mme mmes mlle mlles mgr me dr drs pr prof st ste sr gal gén col cdt cap cne lt sgt adj cpl amb "
    "mr mrs ms gen maj capt sen rep gov hon rev "
    # references and measures
    "art al cf chap éd ed env etc ex fig ibid n no nos n° op p pp par réf sq suiv t tel tél vol v vs env bd av "
    "min max sec hab approx dept dépt univ inc ltd co corp "
    # months and days
    "janv févr fév avr juil juill sept oct nov déc jan feb mar apr jun jul aug sep dec lun mar mer jeu ven sam dim".split()
)
LONGEST_QUOTATION: Final = 400
"""Characters of a sentence from which its quotation marks no longer hold it together."""
_MARKS = re.compile('["“”„«»]')
_LAST_WORD = re.compile(r"([^\W\d_]+|n°)\.\s*$")
_INITIALS = re.compile(r"(?:^|[\s(«\"“'’-])(?:[^\W\d_]\.-?)*[A-ZÀ-ÖØ-Þ]\.\s*$")
_LOWER = re.compile(r"\s*[a-zà-öø-ÿ,;)]")
_CLOSED = re.compile(r"[!?…»]\s*$")


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Half-open character spans of the sentences of `text`, in order, without the white space around them.

    A line break always ends a sentence: in cleaned text it parts paragraphs, titles and list items.
    """
    return [span for line in _lines(text) for span in _spans_in_line(text, line, language or "fr")]


def _lines(text: str) -> Iterator[Span]:
    for match in re.finditer(r"[^\n]+", text):
        if match.group().strip():
            yield match.span()


def _spans_in_line(text: str, line: Span, language: str) -> Iterator[Span]:
    begin, end = line
    content = text[begin:end]
    start = 0
    for stop in _stops(content, language):
        if stop < len(content) and _goes_on(content[start:stop], content[stop:]):
            continue
        if content[start:stop].strip():
            yield _trimmed(text, begin + start, begin + stop)
        start = stop
    if content[start:].strip():
        yield _trimmed(text, begin + start, end)


def _stops(content: str, language: str) -> Iterator[int]:
    """Where sentences end by sentencex, in a paragraph. What it keeps whole as one long quotation is read again without its marks:
    marks that a page lost, or doubled, would make one sentence of a whole article."""
    from sentencex import get_sentence_boundaries

    start = 0
    for boundary in get_sentence_boundaries(language, content):
        stop = boundary["end_index"]
        part = content[start:stop]
        if len(part) > LONGEST_QUOTATION and _MARKS.search(part):
            yield from (start + inner["end_index"] for inner in get_sentence_boundaries(language, _MARKS.sub(" ", part)))
        else:
            yield stop
        start = stop


def _goes_on(before: str, after: str) -> bool:
    """Whether the full stop that ends `before` belongs to an abbreviation, an initial or an acronym."""
    if _LOWER.match(after) and not _CLOSED.search(before):
        return True
    # Bounded, since a long run without a space would be searched from each of its characters.
    before = before[-40:].rstrip()
    if not before.endswith("."):
        return False
    if before[-2:-1].isupper() and _INITIALS.search(before):
        return True
    word = _LAST_WORD.search(before, before.rfind(" ") + 1)
    return word is not None and word.group(1).lower() in _ABBREVIATIONS


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
