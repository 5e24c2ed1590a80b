"""Whether two texts are copies of one dispatch, or two articles that share a paragraph.

Sites publish agency copy under their own title, after an intro of their own, cut at the end. Agencies for their part repeat whole
paragraphs of background in different articles. So what counts is not how much is shared alone: copies share their beginning, all
of what the shorter one holds, and the facts.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from index.furniture import is_furniture, is_prose
from index.shingles import WIDTH, HashVector, openers, shingles, tokens, word_hashes

BoolVector = npt.NDArray[np.bool_]

RUN: Final = 6
"""Words in a row, the same in both texts, from which the shared text is taken to begin."""
INTRO: Final = 60
"""Words that a site may put before the dispatch, or cut from its beginning."""
OUTRO: Final = 40
"""Words that a site may put after it."""
REWRITTEN: Final = 8
"""Words at the beginning of both texts that may differ, datelines mostly: with more, the lead was written anew."""
LEAD: Final = 60
"""Words from there on that tell the news."""
MENU: Final = 120
"""Characters from which a line is taken to be of the text."""
GAP: Final = 5
"""Words in a row up to which a difference is an edit of what stands around it."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """From when two texts are copies.

    `python -m tests.bench.duplicates`: none of 11,634 pairs of different articles is merged, and 99.6 % of 2,697 copies are found
    (97.6 % with `covered` at 0.95); altered by other seeds, never looked at, 1 pair and 99.6 %. That set alone would allow a lower
    `covered`: what decides is the 25,310 articles of OrangeSum, where pairs from 0.8 to 0.9 mostly tell the next step of an event.
    """

    covered: float = 0.9
    """Share of the words of the text that holds less, without its intro and outro, that stand in the other."""
    lead: float = 0.75
    """Share of the first words of each that stand in the other: those that only go on alike do not tell the same news."""
    ratio: float = 0.4
    """Length of the shared text against the longer text: under it, the longer is a round-up or an article of its own."""
    short: int = 40
    """Words under which nearly all must be shared, in both texts."""
    covered_short: float = 0.9
    placed: bool = True
    """Whether both must begin alike: what shares only its background does not."""
    facts: bool = True
    """Whether a figure, a date or a name put in the place of another makes a different article."""


class Text:
    """A text made ready to be compared with others."""

    def __init__(self, text: str, width: int = WIDTH) -> None:
        self.raw = _dispatch(text)
        self.words = tokens(self.raw)
        self.hashed: HashVector = word_hashes(self.words)
        self.shingles: HashVector = shingles(self.hashed, width)
        self.width = min(width, len(self.words))

    @cached_property
    def folded(self) -> list[int]:
        """The hashes of the words as plain numbers, as the alignment reads them."""
        values: list[int] = self.hashed.tolist()
        return values

    @cached_property
    def runs(self) -> HashVector:
        """The hash of each `RUN` words in a row."""
        return shingles(self.hashed, RUN)

    @cached_property
    def openers(self) -> frozenset[int]:
        """The places of the words that open a sentence."""
        return openers(self.raw)


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """What two texts share, in words."""

    jaccard: float
    """Shingles in both, of those in either."""
    containment: float
    """Shingles in both, of those of the text that has fewer."""
    starts: tuple[int, int]
    """Words before the shared text begins, in each."""
    alike: bool
    """Whether the words before that are mostly the same too."""
    leads: tuple[float, float]
    """Share of each text's `LEAD` words from there on that lie in the other."""
    covered: tuple[float, float]
    """Share of each text's words from there to its outro that lie in the other."""
    whole: tuple[float, float]
    """The same, of all of each text's words."""
    words: tuple[int, int]
    shared: tuple[BoolVector, BoolVector] = field(repr=False)
    """Which words of each text lie in the other."""

    def copies(self, rule: Rule) -> bool:
        """Whether that is enough, the facts aside."""
        shorter, longer = min(self.words), max(self.words)
        if shorter < rule.short:
            return min(self.whole) >= rule.covered_short
        if not rule.placed:
            return max(self.whole) >= rule.covered
        if (min(self.starts) > REWRITTEN and not self.alike) or max(self.starts) > min(INTRO, 0.6 * shorter) or min(self.leads) < rule.lead:
            return False
        shared = min(share * count for share, count in zip(self.whole, self.words, strict=True))
        return max(self.covered) >= rule.covered and shared >= rule.ratio * longer


def compare(one: Text, other: Text) -> Comparison:
    """What two texts share, from exact sets of shingles."""
    first, second = np.unique(one.shingles), np.unique(other.shingles)
    common = len(np.intersect1d(first, second, assume_unique=True))
    covers = covered_words(one, second), covered_words(other, first)
    starts = beginnings(one, other)
    return Comparison(
        jaccard=common / max(len(first) + len(second) - common, 1),
        containment=common / max(min(len(first), len(second)), 1),
        starts=starts,
        alike=_similar(one.folded[: starts[0]], other.folded[: starts[1]]),
        leads=(_share(covers[0][starts[0] :][:LEAD]), _share(covers[1][starts[1] :][:LEAD])),
        covered=(_share(_body(covers[0], starts[0])), _share(_body(covers[1], starts[1]))),
        whole=(_share(covers[0]), _share(covers[1])),
        words=(len(one.words), len(other.words)),
        shared=covers,
    )


def same(one: Text, other: Text, rule: Rule | None = None) -> bool:
    """Whether two texts are copies of one dispatch: they share enough, and no fact was changed between them."""
    rule = rule or Rule()
    if not one.words or not other.words:
        return False
    comparison = compare(one, other)
    return comparison.copies(rule) and not (rule.facts and contradict(one, other, comparison))


def contradict(one: Text, other: Text, comparison: Comparison) -> bool:
    """Whether facts were changed between two texts, or the one that holds less has words of its own with a figure that the other lacks."""
    from index.changed import changed_facts, missing_figures

    lesser = 0 if comparison.whole[0] >= comparison.whole[1] else 1
    texts = (one, other) if lesser == 0 else (other, one)
    return bool(missing_figures(*texts, comparison.shared[lesser]) or changed_facts(one, other, comparison.starts))


def covered_words(text: Text, others: HashVector) -> BoolVector:
    """Which words of `text` lie in a shingle that is among `others`, or in a gap of at most `GAP` words between such."""
    hit = np.isin(text.shingles, others)
    covered = np.zeros(len(text.words), np.bool_)
    for offset in range(text.width):
        covered[offset : offset + len(hit)] |= hit
    places = np.flatnonzero(covered)
    for start, end in pairwise(places):
        if 1 < end - start <= GAP + 1:
            covered[start:end] = True
    return covered


def beginnings(one: Text, other: Text) -> tuple[int, int]:
    """Where the text that both share begins in each: the run of words common to both that stands the earliest in the one where
    it stands later. Their lengths where there is none."""
    _, first, second = np.intersect1d(one.runs, other.runs, return_indices=True)
    if not len(first):
        return len(one.words), len(other.words)
    earliest = np.lexsort((first, first + second, np.maximum(first, second)))[0]
    return int(first[earliest]), int(second[earliest])


def _dispatch(text: str) -> str:
    """`text` without a title line at its beginning, and without the lines that invite to read on, put anywhere."""
    lines = [line for line in text.split("\n") if line.strip() and (len(line) > MENU or not is_furniture(line))]
    return "\n".join(lines[1:] if len(lines) > 1 and not is_prose(lines[0]) else lines)


def _similar(one: list[int], other: list[int]) -> bool:
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(one, other) >= 0.5


def _body(covered: BoolVector, start: int) -> BoolVector:
    """The words from `start` on, without the last ones if those are few and none is covered."""
    places = np.flatnonzero(covered)
    end = int(places[-1]) + 1 if len(places) else len(covered)
    return covered[start : end if len(covered) - end <= min(OUTRO, 0.3 * len(covered)) else len(covered)]


def _share(covered: BoolVector) -> float:
    return float(covered.mean()) if len(covered) else 0.0
