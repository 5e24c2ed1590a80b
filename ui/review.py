"""A conversation as a press review: its questions in order, and one numbered source for each distinct quote of them all."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from index.article import Article
from qa.answer import Answer, Citation
from qa.trace import Trace

_RUN: Final = re.compile(r"\*\*(.+?)\*\*|\[(\d{1,4})\]", re.DOTALL)
Kind = Literal["text", "bold", "note"]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A citation looked up again: as the stored article says it is, that article where there is one, and whether the quote stands."""

    citation: Citation
    article: Article | None = None
    trace: Trace = field(default_factory=lambda: Trace(held=True))


@dataclass(frozen=True, kw_only=True)
class Note:
    """A numbered source. `same` is the number of the first of the same article."""

    number: int
    checked: Checked
    same: int | None = None


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """A quote of an answer, with what stands before it."""

    lead: str
    note: Note


@dataclass(frozen=True, kw_only=True)
class Told:
    """A question and its answer. `text` is what a refusal says; `remarks` are an answer's lines beside its quotes. Markers in `lead` and
    `remarks` are those of the review."""

    question: str
    language: str
    quotes: tuple[Quoted, ...] = ()
    remarks: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Review:
    """The whole conversation, put together `on` a day."""

    on: date
    told: tuple[Told, ...]
    notes: tuple[Note, ...]

    @property
    def articles(self) -> int:
        """How many articles are quoted."""
        return len({note.checked.citation.article_id for note in self.notes})


def gather(
    conversation: Sequence[tuple[str, Answer]], on: date, check: Callable[[Citation], Checked] = lambda citation: Checked(citation=citation)
) -> Review:
    """The review of a conversation; `check` looks each distinct quote up again."""
    notes: dict[tuple[str, int, int, str], Note] = {}
    first: dict[str, int] = {}
    told = []
    for question, answer in conversation:
        renumbered = {}
        for citation in answer.citations:
            place = (citation.article_id, citation.start, citation.end, citation.quote)
            if place not in notes:
                number = len(notes) + 1
                notes[place] = Note(number=number, checked=check(citation), same=first.get(citation.article_id))
                first.setdefault(citation.article_id, number)
            renumbered[citation.number] = notes[place]
        told.append(_told(question, answer, renumbered))
    return Review(on=on, told=tuple(told), notes=tuple(notes.values()))


def runs(line: str) -> Iterator[tuple[Kind, str]]:
    """The pieces of a line: plain text, what stands between pairs of asterisks, and the numbers of its markers."""
    at = 0
    for found in _RUN.finditer(line):
        if found.start() > at:
            yield "text", line[at : found.start()]
        yield ("bold", found[1]) if found[1] else ("note", found[2])
        at = found.end()
    if line[at:]:
        yield "text", line[at:]


def _told(question: str, answer: Answer, notes: dict[int, Note]) -> Told:
    if not answer.answered:
        return Told(question=question, language=answer.language, text=answer.text)

    def renumbered(line: str) -> str:
        # A marker of no citation is no marker: it must not point at another source.
        return re.sub(r"\[(\d{1,4})\]", lambda found: f"[{notes[int(found[1])].number}]" if int(found[1]) in notes else found[1], line)

    leads = [*answer.leads, *[""] * (len(answer.citations) - len(answer.leads))]
    quotes = [Quoted(lead=renumbered(lead), note=notes[cited.number]) for lead, cited in zip(leads, answer.citations, strict=True)]
    return Told(question=question, language=answer.language, quotes=tuple(quotes), remarks=tuple(map(renumbered, answer.notes)))
