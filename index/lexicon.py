"""What Griot knows of words beyond the collection: how common they are, their kin, and their French for English ones."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from index.analyse import stems, words

_FOLDER: Final = Path(__file__).parent / "models" / "lexicon"


def rarity(term: str, seen: int = 0, of: int = 0) -> float:
    """How much a stem tells, from 0 (in every article) to 1 (in none): its inverse document frequency over a reference
    of French news and the collection together (`seen` of its `of` passages hold it), scaled by the greatest."""
    total, counts = _frequencies()
    return math.log((total + of + 1) / (counts.get(term, 0) + seen + 1)) / math.log(total + of + 1)


def translations(word: str) -> Mapping[str, float]:
    """French words for an English one and for the listed form of it ("received", "receive"), weighing up to 1."""
    return {**_english_by_stem().get(stems([word], "en")[0], {}), **_english().get(word, {})}


def english(word: str) -> Mapping[str, float]:
    """English words for a French one, weighing up to 1."""
    return _english_of().get(stems([word], "fr")[0], {})


def english_words() -> list[str]:
    """Every English word that is listed with its French."""
    return sorted(_english())


def kin(term: str) -> frozenset[str]:
    """French stems of the same family or meaning as a French stem, without itself."""
    return _families().get(term, frozenset())


@cache
def _frequencies() -> tuple[int, dict[str, int]]:
    lines = (_FOLDER / "frequency-fr.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines[1:])
    return int(lines[0]), {stem: int(count) for stem, count in pairs}


@cache
def _english() -> dict[str, dict[str, float]]:
    learnt = {}
    for line in (_FOLDER / "en-fr.tsv").read_text(encoding="utf-8").splitlines():
        word, _, targets = line.partition("\t")
        learnt[word] = {target: float(weight) for target, _, weight in (item.rpartition(":") for item in targets.split())}
    for word, french in _written("press-en-fr.txt"):
        learnt[word] = dict.fromkeys(french, 1.0)
    return learnt


@cache
def _english_by_stem() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    # What was written by hand is surer than what was learnt.
    for word in [*(word for word, _ in _written("press-en-fr.txt")), *_english()]:
        found.setdefault(stems([word], "en")[0], _english()[word])
    return found


@cache
def _english_of() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for word, french in _english().items():
        for target, weight in french.items():
            for stem in stems(words(target), "fr")[:1]:
                found[stem][word] = max(found[stem].get(word, 0.0), weight)
    return dict(found)


@cache
def _families() -> dict[str, frozenset[str]]:
    kin: dict[str, set[str]] = defaultdict(set)
    for line in (_FOLDER / "families-fr.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            family = stems(words(line), "fr")
            for stem in family:
                kin[stem].update(family)
    return {stem: frozenset(family - {stem}) for stem, family in kin.items()}


def _written(name: str) -> Iterator[tuple[str, Sequence[str]]]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, _, targets = line.partition(":")
            yield word.strip(), words(targets)
