"""Terms as 64-bit numbers, so that a vocabulary of tens of millions is a sorted array on disk and nothing in memory."""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

HashVector = npt.NDArray[np.uint64]
"""Hashes of terms."""


def term_hash(term: str) -> int:
    """The first 64 bits of a term's BLAKE2b.

    Among fifty million terms the chance that any two meet is one in fifteen thousand (n² / 2⁶⁵), and then their passages are
    counted together.
    """
    return int.from_bytes(_digest(term), "little")


def term_hashes(terms: Iterable[str]) -> HashVector:
    """The hashes of many terms, shape (len(terms),)."""
    return np.frombuffer(b"".join(map(_digest, terms)), "<u8").astype(np.uint64, copy=False)


def _digest(term: str) -> bytes:
    return blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
