"""The words of an article as the lexical half counts them: each section once, and which passages it counts for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from index.analyse import pairs


@dataclass(frozen=True)
class Sections:
    """`words` are the terms of each section, in order; `uses`, for each passage, the numbers of the sections that it is counted by, one as
    often as it counts. A section's neighbouring terms count as pairs too."""

    words: Sequence[Sequence[str]]
    uses: Sequence[Sequence[int]]

    def terms(self) -> list[list[str]]:
        """What is counted for each passage: terms and pairs, repeats and all."""
        counted = [[*words, *pairs(words)] for words in self.words]
        return [list(chain.from_iterable(counted[number] for number in used)) for used in self.uses]
