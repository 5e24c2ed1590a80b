"""A text as its words in a row: what tells whether two texts are one, whatever their case, accents and punctuation.

The sample of a text's shingles is Broder's sketch modulo m ("On the resemblance and containment of documents", 1997): the share
of samples that two texts have in common estimates both how alike they are and how much of one lies in the other.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from index.analyse import fold
from index.errors import DamagedIndex

HashVector = npt.NDArray[np.uint64]
"""Shape (words,) or (shingles,): one hash each."""

VERSION: Final = "1"
"""Raised when the words, their hashes or the samples change: signatures of another version are to be made again."""
WIDTH: Final = 4
"""Words in a shingle. `python -m tests.bench.duplicates --width 3` finds as much, from more chance meetings."""
MODULUS: Final = 8
"""One shingle in this many is sampled: some 45 of a dispatch of 350 words."""
LEAST: Final = 16
"""Shingles sampled of a text too short for that, where it has as many."""
_KEY_BYTES: Final = 16
_HEAD: Final = _KEY_BYTES + 4
_KNOWN: Final = 200_000
_SHORT: Final = 64
"""Characters up to which what stands between white space is remembered with its hashes."""
_TOKEN = re.compile(r"[^\W_]+")
_GROUPS = re.compile(r"[ \u00a0\u2009\u202f.,](?<=\d.)(?<!\d{4}.)(?=\d{3}(?!\d))")
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf©ª«¨®¯´§¢¹»€‰œ]|â€|Â[«»\u00a0°]")
_MISREAD: Final = ("Ã", "Â", "â€")
"""What such a text holds: looked for in a hundredth of the time that the pattern takes."""
_OPENS = re.compile(r"(?:^|[.!?…:\n«»\"“”(—–-])[^\w\n]*$")
# Who sent a dispatch is said in one paper and left out in the next.
_AGENCIES: Final = frozenset("afp ap apa aps reuters xinhua tass pana upi bloomberg belga efe ansa dpa".split())
_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)


class _Hashes(dict[str, int]):
    """Words as written -> 64-bit hash of the word folded; 0 for those that do not count. The same in every process."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _KNOWN:
            self.clear()
        folded = fold(word)
        self[word] = value = (
            0 if folded in _AGENCIES else int.from_bytes(hashlib.blake2b(folded.encode("utf-8", "replace"), digest_size=8).digest())
        )
        return value


_HASHES: Final = _Hashes()


@dataclass(frozen=True, kw_only=True, eq=False)
class Signature:
    """What of a text is kept to find its near copies: some 400 bytes for a news article."""

    key: bytes
    """16 bytes, the same for texts of the same words and for no others."""
    words: int
    sample: HashVector
    """Sorted, without repetitions."""

    def to_bytes(self) -> bytes:
        """The signature as one value to store."""
        return self.key + self.words.to_bytes(4, "little") + self.sample.astype("<u8").tobytes()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Signature":
        """The signature that `to_bytes` wrote.

        Raises:
            DamagedIndex: it is not of the right length.
        """
        if len(stored) < _HEAD or (len(stored) - _HEAD) % 8:
            raise DamagedIndex(f"a stored signature has {len(stored)} bytes, which none has; build the index again: griot index --full")
        sample = np.frombuffer(stored, "<u8", offset=_HEAD).astype(np.uint64)
        return cls(key=stored[:_KEY_BYTES], words=int.from_bytes(stored[_KEY_BYTES:_HEAD], "little"), sample=sample)


def signature(text: str) -> Signature:
    """The signature of a cleaned text."""
    hashed = np.frombuffer(b"".join(map(_COUNTED.__getitem__, legible(text).split())), np.uint64)
    return Signature(
        key=hashlib.blake2b(hashed.tobytes(), digest_size=_KEY_BYTES).digest(), words=len(hashed), sample=_sampled(shingles(hashed))
    )


def tokens(text: str) -> list[str]:
    """The words of `text` in order, as written, without the names of news agencies; "1 200", "1.200" and "1,200" are one word."""
    return [word for word in _TOKEN.findall(legible(text)) if _HASHES[word]]


class _Counted(dict[str, bytes]):
    """What stands between white space, and the hashes of its words that count, as bytes of a `HashVector`; worked out when first met."""

    def __missing__(self, piece: str) -> bytes:
        found = np.array([value for word in _TOKEN.findall(piece) if (value := _HASHES[word])], np.uint64).tobytes()
        if len(self) >= _KNOWN:
            self.clear()
        if len(piece) < _SHORT:
            self[piece] = found
        return found


_COUNTED: Final = _Counted()


def openers(text: str) -> frozenset[int]:
    """The places, among `tokens(text)`, of the words that open a sentence, a quotation or a line."""
    text = legible(text)
    found = (match for match in _TOKEN.finditer(text) if _HASHES[match.group()])
    return frozenset(place for place, match in enumerate(found) if _OPENS.search(text, max(0, match.start() - 6), match.start()))


def legible(text: str) -> str:
    """`text` in NFC, with its thousands unparted, and UTF-8 that was read as another encoding ("prÃ©sident") put right."""
    if any(map(text.__contains__, _MISREAD)) and _MOJIBAKE.search(text):
        from ftfy import fix_encoding

        text = fix_encoding(text)
    return _GROUPS.sub("", unicodedata.normalize("NFC", text))


def word_hashes(words: list[str]) -> HashVector:
    """One hash a word, equal where the words are but for case, accents and ligatures."""
    return np.fromiter(map(_HASHES.__getitem__, words), np.uint64, len(words))


def shingles(hashed: HashVector, width: int = WIDTH) -> HashVector:
    """The hash of each run of `width` words, by the place of its first word; of a shorter text, that of all its words."""
    width = min(width, len(hashed))
    if not width:
        return hashed
    places = len(hashed) - width + 1
    mixed = np.zeros(places, np.uint64)
    for offset in range(width):
        mixed = (mixed ^ hashed[offset : offset + places]) * _PRIME
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _sampled(found: HashVector) -> HashVector:
    # The smallest hashes: those under the limit, but no fewer than `LEAST`.
    small = np.unique(found[found < np.uint64(2**64 // MODULUS)])
    return small if len(small) >= LEAST else np.unique(found)[:LEAST]
