"""Questions made out of sentences, for want of thousands of real ones.

Someone who asks remembers a few words of what an article says. So does a made question: some of a sentence's words, the rarer
the likelier, often after a question word; in another's, most of them in English, word by word. A name that no article
of the training holds twice is put in place of the rarest word of question and passage alike, so that the model learns to
compare names by the pieces they are spelt with.
"""

import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from index.analyse import STOP_WORDS, fold, stems
from index.lexicon import english_words, translations
from index.training.vocabulary import Vocabulary

LENGTHS: Final = (2, 3, 3, 4, 4, 5, 5, 6, 7, 8)
"""Content words of a made question, drawn evenly from this list: those of real ones have four on the average."""
ASKING: Final = 0.5
"""Share of made questions that begin with a question word."""
TRANSLATED: Final = 0.85
"""Share of the words with a translation that are put into English in an English question."""
_ASKING: Final = {
    "fr": "quand|où|combien de|pourquoi|comment|quel est le|quelle est la|quels sont les|qui est|qui a|que|quelle|quel|qu'est-ce que|"
    "dans quel|à quelle date|en quelle année",
    "en": "when|where|how many|why|how|what is the|what are the|who is|who|what|which|when did|where is|in which year|what did",
}
_WORD = re.compile(r"[^\W_]+")
_ELIDED: Final = frozenset("qu l d s n c j m t jusqu".split())
_RARE: Final = 2
_SHORTEST_NAME: Final = 4


class Questioner:
    """Makes questions out of sentences. All chance comes from the generator that each call is given."""

    def __init__(self, sentences: Iterable[str]) -> None:
        """`sentences` tell how common words are, and which are so rare that they can pass for names never seen."""
        self._counts: Counter[str] = Counter()
        self._total = 0
        for sentence in sentences:
            self._counts.update(set(_WORD.findall(sentence.lower())))
            self._total += 1
        self._dropped = _ELIDED | {fold(word) for word in STOP_WORDS["fr"]}
        self._names = sorted(
            word for word, count in self._counts.items() if count <= _RARE and len(word) >= _SHORTEST_NAME and word.isalpha()
        )
        self._english = _to_english()

    def ask(self, sentence: str, chance: random.Random, *, english: bool = False) -> str | None:
        """Some words of `sentence` in their order, perhaps after a question word; None when it has too few."""
        told = [(word, self._telling(word)) for word in _WORD.findall(sentence) if fold(word) not in self._dropped]
        if len(told) < 2:
            return None
        count = min(len(told), chance.choice(LENGTHS))
        # Weighted sampling without replacement (Efraimidis and Spirakis, 2006).
        drawn = sorted(told, key=lambda item: -(chance.random() ** (1 / max(0.1, item[1]))))[:count]
        kept = {word for word, _ in drawn}
        words = [word for word, _ in told if word in kept]
        if english:
            words = [self._translated(word, chance) for word in words]
        if chance.random() < ASKING:
            words.insert(0, chance.choice(_ASKING["en" if english else "fr"].split("|")))
        return " ".join(words)

    def renamed(
        self, question: str, passage: npt.NDArray[np.int64], vocabulary: Vocabulary, chance: random.Random
    ) -> tuple[str, npt.NDArray[np.int64]]:
        """The question and the passage's rows with the rarest word of the question replaced, in both, by one hardly ever seen."""
        words = [word for word in question.split() if len(word) >= _SHORTEST_NAME]
        if not words or not self._names:
            return question, passage
        old, new = min(words, key=lambda word: (self._counts[word.lower()], word)), chance.choice(self._names)
        before, after = vocabulary.encode([old, new])
        replaced = _replaced(passage, before, after)
        if replaced is None:
            return question, passage
        return " ".join(new if word == old else word for word in question.split()), replaced

    def _telling(self, word: str) -> float:
        return math.log(self._total / (self._counts[word.lower()] + 1))

    def _translated(self, word: str, chance: random.Random) -> str:
        found = self._english.get(fold(word)) or self._english.get(stems([word], "fr")[0])
        if not found or chance.random() >= TRANSLATED:
            return word
        return chance.choices([target for target, _ in found], [weight + 0.02 for _, weight in found])[0]


def _to_english() -> Mapping[str, Sequence[tuple[str, float]]]:
    """French word, folded, and its stem -> English words with weights: the word lists turned round."""
    found: dict[str, dict[str, float]] = {}
    for word in english_words():
        for target, weight in translations(word).items():
            for key in {fold(target), stems([target], "fr")[0]}:
                found.setdefault(key, {})[word] = weight
    return {key: sorted(targets.items()) for key, targets in found.items()}


def _replaced(rows: npt.NDArray[np.int64], old: npt.NDArray[np.int64], new: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | None:
    """`rows` with every run equal to `old` put as `new`, or None where there is none."""
    size = len(old)
    if not size:
        return None
    parts, last = [], 0
    for place in np.flatnonzero(rows == old[0]).tolist():
        if place >= last and np.array_equal(rows[place : place + size], old):
            parts += [rows[last:place], new]
            last = place + size
    return np.concatenate([*parts, rows[last:]]) if parts else None
