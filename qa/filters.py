"""What a question may be limited to: articles of a period, and of a source."""

import re
from dataclasses import dataclass
from datetime import date

from index.analyse import fold
from index.dates import MONTHS, first_day, last_day, parse_date
from index.errors import QuestionError
from index.generation import Generation
from index.vectors import RowVector


@dataclass(frozen=True, kw_only=True)
class Filters:
    """`since` and `until` are dates of any precision, `source` is a part of a site's name, `as_of` the day that is asked about;
    None limits nothing."""

    since: str | None = None
    until: str | None = None
    source: str | None = None
    as_of: str | None = None

    @property
    def any(self) -> bool:
        """Whether anything is limited."""
        return self.since is not None or self.until is not None or self.source is not None or self.as_of is not None

    @property
    def named(self) -> str:
        """The limits as they were given."""
        return ", ".join(
            part
            for part in (self.source, self.since and f"≥ {self.since}", self.until and f"≤ {self.until}", self.as_of and f"≤ {self.as_of}")
            if part
        )

    @property
    def today(self) -> date | None:
        """The day that the question is asked as of, None for the day that it is.

        Raises:
            QuestionError: it cannot be read.
        """
        return last_day(_date(self.as_of)) if self.as_of else None

    @property
    def period(self) -> tuple[date | None, date | None]:
        """The first and the last day let through.

        Raises:
            QuestionError: a date cannot be read, or the period ends before it starts.
        """
        begin = first_day(_date(self.since)) if self.since else None
        ends = [day for day in (last_day(_date(self.until)) if self.until else None, self.today) if day]
        end = min(ends, default=None)
        if begin and end and end < begin:
            raise QuestionError(f"the period ends ({self.until or self.as_of}) before it starts ({self.since}); swap --since and --until")
        return begin, end

    def rows(self, generation: Generation) -> RowVector | None:
        """Rows of the passages let through, ascending, of each cluster of copies those of one; None where all are.
        An undated article passes no date filter.

        Raises:
            QuestionError: as `period`.
        """
        if not self.any:
            return generation.facts.without_copies
        facts = generation.facts
        begin, end = self.period
        chosen = facts.without(frozenset())
        if self.source:
            wanted = fold(self.source)
            chosen &= facts.from_source(lambda site: wanted in fold(site))
        if begin or end:
            chosen &= facts.within(begin, end)
        return facts.rows(chosen)


def _date(text: str) -> str:
    found = parse_date(text)
    # The first day of what was read, written again in full, must hold every number given: "2023-02-31" reads as 2023.
    numbers = re.findall(r"\d+", text)
    if (
        found is None
        or len(numbers) > len(found.split("-"))
        or (len(numbers) == 1 and fold(text).strip() != found and not _names_month(text))
    ):
        raise QuestionError(f"{text!r} is not a date; write it as 2023, 2023-07 or 2023-07-14")
    return found


def _names_month(text: str) -> bool:
    return any(word in MONTHS for word in fold(text).split())
