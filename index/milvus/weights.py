"""BM25 as the inner product of two sparse vectors: of a passage, what its terms weigh; of a question, how rare they are.

    score(question, passage) = sum over terms of  boost * idf(term)  *  tf / (tf + k1 * (1 - b + b * length / average))

The first factor changes with every article that is added and stands on the question's side, where it is worked out anew each time;
the second is the passage's own, but for the average length, which hardly moves (`index.milvus.tally` bounds by how much).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from index.hashes import term_hash
from index.lexical import K1, B

Weights = Mapping[int, float]
"""A sparse vector: the weight at each place that is not zero."""

# Milvus takes places from 0 to 2**32 - 2. Of ten million terms one in 430 shares its place with another (10^7 / 2^32), mostly a rare
# pair of words, and then counts where that stands too.
_PLACES: Final = 2**32 - 3
NOWHERE: Final = {_PLACES: 1.0}
"""For a row that no search is to find by its words: an empty vector is refused."""
_PAIR: Final = np.dtype([("place", "<u4"), ("weight", "<f4")])


def place_of(term: str) -> int:
    """Where a term stands in a sparse vector: by its hash, so that no two writers have to agree on a vocabulary."""
    return term_hash(term) % _PLACES


def passage_weights(terms: Sequence[str], average: float) -> Weights:
    """What each term of a passage weighs in it, repeats counted; `average` is the mean number of terms of a passage."""
    room = K1 * (1 - B + B * len(terms) / average) if average else K1
    return {place_of(term): count / (count + room) for term, count in Counter(terms).items()} or NOWHERE


def sample_weights(hashes: Iterable[int]) -> Weights:
    """The sampled shingles of a text as a sparse vector: the inner product of two is how many they share."""
    return {int(number) % _PLACES: 1.0 for number in hashes} or NOWHERE


def idf(frequency: int, passages: int) -> float:
    """How much a term of so many passages tells: the variant of Lucene, never below zero (`index.lexical`)."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def question_weights(boosts: Mapping[str, float], frequencies: Mapping[str, int], passages: int) -> dict[int, float]:
    """A question's terms, each with how much it is to count, as a sparse vector; terms that no passage holds are left out."""
    return {
        place_of(term): boost * idf(frequencies[term], passages) for term, boost in boosts.items() if frequencies.get(term) and boost
    }  # fmt: skip


def product(question: Weights, passage: Weights) -> float:
    """The inner product of two sparse vectors."""
    return sum(weight * passage.get(place, 0.0) for place, weight in question.items())


def to_bytes(weights: Weights) -> bytes:
    """A sparse vector for a server that has no such field."""
    return np.array(list(weights.items()), _PAIR).tobytes()


def from_bytes(kept: bytes) -> dict[int, float]:
    """What `to_bytes` wrote."""
    found = np.frombuffer(kept, _PAIR)
    return dict(zip(found["place"].tolist(), found["weight"].tolist(), strict=True))


def distinct(passages: Iterable[Sequence[str]]) -> Counter[str]:
    """In how many of the given passages each term occurs."""
    counts: Counter[str] = Counter()
    for terms in passages:
        counts.update(set(terms))
    return counts
