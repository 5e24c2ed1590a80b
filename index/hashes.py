"""Terms as 64-bit numbers, so that a vocabulary of tens of millions is a sorted array on disk and nothing in memory."""

from collections.abc import Iterable
from functools import reduce
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

HashVector = npt.NDArray[np.uint64]
"""Hashes of terms."""

# Those of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
_GAMMA: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_MASK: Final = 0xFFFFFFFFFFFFFFFF


def term_hash(term: str) -> int:
    """The first 64 bits of a word's BLAKE2b; of neighbouring words, parted by a space, `pair_hashes` of theirs.

    Among fifty million terms the chance that any two meet is one in fifteen thousand (n² / 2⁶⁵), and then their passages are
    counted together.
    """
    return reduce(_joined, map(_word_hash, term.split(" ")))


def term_hashes(terms: Iterable[str]) -> HashVector:
    """The hashes of many terms, shape (len(terms),)."""
    return np.array([term_hash(term) for term in terms], np.uint64)


def pair_hashes(first: HashVector, second: HashVector) -> HashVector:
    """The hashes of pairs, of which those of the words are given, each of shape (pairs,): no pair has to be spelt out for it."""
    mixed = first * np.uint64(_GAMMA) + second
    mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(_FIRST)
    mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(_SECOND)
    return mixed ^ mixed >> np.uint64(31)


def _joined(first: int, second: int) -> int:
    """`pair_hashes` of one pair, in plain integers."""
    mixed = first * _GAMMA + second & _MASK
    mixed = (mixed ^ mixed >> 30) * _FIRST & _MASK
    mixed = (mixed ^ mixed >> 27) * _SECOND & _MASK
    return mixed ^ mixed >> 31


def word_bytes(word: str) -> bytes:
    """The `term_hash` of a single word, as its 8 bytes, the lowest first."""
    return blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _word_hash(word: str) -> int:
    return int.from_bytes(word_bytes(word), "little")
