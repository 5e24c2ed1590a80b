"""Whether two texts are copies of one dispatch, or two articles that share a paragraph.

Sites publish agency copy under their own title, after an intro of their own, cut at the end. Agencies for their part repeat whole
paragraphs of background in different articles. So what counts is not how much is shared alone: copies share their beginning, all
of what the shorter one holds, and the facts.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from index.shingles import WIDTH, HashVector, openers, shingles, tokens, word_hashes

BoolVector = npt.NDArray[np.bool_]

RUN: Final = 8
"""Words in a row, the same in both texts, from which the shared text is taken to begin."""
INTRO: Final = 60
"""Words that a site may put before the dispatch, or cut from its beginning."""
REWRITTEN: Final = 20
"""Words at the beginning of both texts that may differ: with more, the lead was written anew, and tells something else."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """From when two texts are copies. The defaults are chosen from the table of `python -m tests.bench.duplicates`."""

    covered: float = 0.7
    """Share of the words of the text that holds less, without its intro, that stand in the other."""
    ratio: float = 0.35
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
        self.raw = text
        self.words = tokens(text)
        self.hashed: HashVector = word_hashes(self.words)
        self.shingles: HashVector = shingles(self.hashed, width)
        self.width = min(width, len(self.words))

    @cached_property
    def folded(self) -> list[int]:
        """The hashes of the words as plain numbers, as the alignment reads them."""
        values: list[int] = self.hashed.tolist()
        return values

    @cached_property
    def openers(self) -> frozenset[int]:
        """The places of the words that open a sentence."""
        return openers(self.raw)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What two texts share, in words."""

    jaccard: float
    """Shingles in both, of those in either."""
    containment: float
    """Shingles in both, of those of the text that has fewer."""
    starts: tuple[int, int]
    """Words before the shared text begins, in each."""
    covered: tuple[float, float]
    """Share of each text's words from there on that lie in the other."""
    whole: tuple[float, float]
    """The same, of all of each text's words."""
    words: tuple[int, int]

    def copies(self, rule: Rule) -> bool:
        """Whether that is enough, the facts aside."""
        shorter, longer = min(self.words), max(self.words)
        if shorter < rule.short:
            return min(self.whole) >= rule.covered_short
        if not rule.placed:
            return max(self.whole) >= rule.covered
        if min(self.starts) > REWRITTEN or max(self.starts) > min(INTRO, 0.6 * shorter):
            return False
        shared = min(share * count for share, count in zip(self.whole, self.words, strict=True))
        return max(self.covered) >= rule.covered and shared >= rule.ratio * longer


def compare(one: Text, other: Text) -> Comparison:
    """What two texts share, from exact sets of shingles."""
    first, second = np.unique(one.shingles), np.unique(other.shingles)
    common = len(np.intersect1d(first, second, assume_unique=True))
    covers = covered_words(one, second), covered_words(other, first)
    starts = beginning(covers[0]), beginning(covers[1])
    return Comparison(
        jaccard=common / max(len(first) + len(second) - common, 1),
        containment=common / max(min(len(first), len(second)), 1),
        starts=starts,
        covered=(_share(covers[0][starts[0] :]), _share(covers[1][starts[1] :])),
        whole=(_share(covers[0]), _share(covers[1])),
        words=(len(one.words), len(other.words)),
    )


def same(one: Text, other: Text, rule: Rule | None = None) -> bool:
    """Whether two texts are copies of one dispatch: they share enough, and no fact was changed between them."""
    from index.changed import changed_facts

    rule = rule or Rule()
    if not one.words or not other.words:
        return False
    comparison = compare(one, other)
    return comparison.copies(rule) and not (rule.facts and changed_facts(one, other, comparison.starts))


def covered_words(text: Text, others: HashVector) -> BoolVector:
    """Which words of `text` lie in a shingle that is among `others`."""
    hit = np.isin(text.shingles, others)
    covered = np.zeros(len(text.words), np.bool_)
    for offset in range(text.width):
        covered[offset : offset + len(hit)] |= hit
    return covered


def beginning(covered: BoolVector) -> int:
    """The place of the first `RUN` words in a row that are covered; the number of words where there is none."""
    if len(covered) < RUN:
        return 0 if covered.all() else len(covered)
    runs = np.convolve(covered, np.ones(RUN, np.int64), "valid") == RUN
    return int(runs.argmax()) if runs.any() else len(covered)


def _share(covered: BoolVector) -> float:
    return float(covered.mean()) if len(covered) else 0.0
