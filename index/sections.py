"""The words of an article as the lexical half counts them: each section once, and which passages it counts for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.analyse import REMEMBERED, SHORT, STOP_WORDS, piece_terms, pieces
from index.hashes import HashVector, word_bytes


@dataclass(frozen=True, eq=False)
class Sections:
    """`words` are the hashes of the terms of each section, in order; `uses`, for each passage, the numbers of the sections that it is
    counted by, one as often as it counts. A section's neighbouring terms count as pairs too."""

    words: Sequence[HashVector]
    uses: Sequence[Sequence[int]]


class Hashing:
    """Texts as the hashes of their terms, without the terms: in half the time. `letters` are those of the words met so far."""

    def __init__(self) -> None:
        self.letters: set[str] = set()
        self._known = {language: _Known(language, self.letters) for language in STOP_WORDS}

    def hashes(self, text: str, language: str | None) -> HashVector:
        """`term_hashes` of the terms of a text, which are of the language as for `index.analyse.terms`."""
        known = self._known[language if language in STOP_WORDS else "fr"]
        return np.frombuffer(b"".join(map(known.__getitem__, pieces(text))), "<u8")


class _Known(dict[str, bytes]):
    """What stands between white space, and the hashes of its terms, as bytes; worked out when first met."""

    def __init__(self, language: str, letters: set[str]) -> None:
        super().__init__()
        self._language, self._letters = language, letters

    def __missing__(self, piece: str) -> bytes:
        terms = piece_terms(piece, self._language)
        self._letters.update(*filter(str.isalpha, terms))
        found = b"".join(map(word_bytes, terms))
        if len(self) >= REMEMBERED:
            self.clear()
        if len(piece) < SHORT:
            self[piece] = found
        return found
