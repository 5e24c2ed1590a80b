"""Collections of any size, made up and the same at every run: `python -m tests.bench.collection FOLDER PASSAGES`.

Words are made of syllables and drawn as Zipf's law has it, sentences are built on the frames of French press sentences, with names,
places, figures and dates, so that texts are cleaned, parted and analysed as real ones are. What they say means nothing.
"""

import json
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

EACH: Final = 5
"""Passages in an article, near enough: eighteen sentences of some 160 characters."""
SENTENCES: Final = 18
IN_A_FILE: Final = 1_000
"""Articles in a file of JSON lines."""
WORDS: Final = 40_000
NAMES: Final = 6_000
PLACES: Final = 2_000
_ONSETS: Final = "b c d f g h j l m n p r s t v br cl cr dr fl gr pl pr tr ch qu".split()
_NUCLEI: Final = "a e i o u ou ai an on in eau é è oi eu".split()
_CODAS: Final = ["", "", "", "r", "s", "l", "n", "t", "x"]
_ENDINGS: Final = {
    "noun": ("tion", "ment", "age", "ité", "eur", "isme", "ance", ""),
    "verb": ("e", "ait", "era", "ent"),
    "adjective": ("al", "ique", "eux", "if", ""),
}
_MONTHS: Final = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_FRAMES: Final = (
    "Le {noun} de {place} a {verb} {number} {noun} dans la région de {place}, selon {name}, porte-parole du {noun} {adjective}.",
    "{name} a déclaré {day} que les {noun} de {place} restent une {noun} {adjective} pour le {noun} et la {noun} de la commune.",
    "D'après les {noun} {adjective}, plus de {number} {noun} ont été touchés par la {noun}, qui {verb} encore à {place}.",
    "« Nous voulons que la {noun} {verb} avant la fin de l'année », a insisté {name}, qui conduit la {noun} {adjective} de {place}.",
    "Cette {noun}, {adjective} et attendue depuis {number} ans, {verb} les {noun} de l'{adjective} {noun} entre {place} et {place}.",
    "Le ministère de la {noun} et {name} se sont réunis {day} à {place} afin de {verb} un {noun} {adjective} sur les {noun}.",
    "Les habitants de {place} réclament une {noun} {adjective}, tandis que la {noun} du {noun} {verb} sans {noun} ni {noun}.",
    "En {year}, la {noun} avait déjà {verb} {number} {noun} au nord de {place}, rappelle le rapport {adjective} de {name}.",
)


@dataclass(frozen=True)
class Vocabulary:
    """Made-up words by their kind, with the sums of their weights."""

    words: Mapping[str, list[str]]
    sums: Mapping[str, list[float]]

    @classmethod
    def made(cls, seed: int = 7) -> "Vocabulary":
        """The same for the same seed."""
        chance = random.Random(seed)
        counts = {"noun": WORDS, "verb": WORDS // 4, "adjective": WORDS // 3, "name": NAMES, "place": PLACES}
        words = {kind: [_word(chance, kind) for _ in range(count)] for kind, count in counts.items()}
        # Zipf's law, its head cut: function words are in the frames.
        sums = {kind: list(accumulate(1 / (rank + 20) for rank in range(len(listed)))) for kind, listed in words.items()}
        return cls(words, sums)

    def draw(self, chance: random.Random, kind: str) -> str:
        """A word, or a figure, a year or a day."""
        if kind == "number":
            return f"{chance.randrange(2, 9_000)}"
        if kind == "year":
            return f"{chance.randrange(1990, 2026)}"
        if kind == "day":
            return f"le {chance.randrange(1, 29)} {chance.choice(_MONTHS)} {chance.randrange(2015, 2026)}"
        return chance.choices(self.words[kind], cum_weights=self.sums[kind])[0]


def articles(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """`count` articles as records of JSON lines; article n is the same whatever the count."""
    vocabulary = Vocabulary.made()
    for number in range(count):
        chance = random.Random(seed * 1_000_003 + number)
        sentences = [_sentence(chance, vocabulary) for _ in range(SENTENCES)]
        paragraphs = [" ".join(sentences[begin : begin + 3]) for begin in range(0, len(sentences), 3)]
        title = " ".join(vocabulary.draw(chance, kind) for kind in ("place", "noun", "adjective", "noun", "verb")).capitalize()
        day = f"{chance.randrange(2015, 2026)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        yield {
            "id": f"{number:08}", "title": title, "text": "\n\n".join(paragraphs), "date": day,
            "source": f"Journal {chance.randrange(200)}", "url": f"https://www.exemple.org/{number:08}",
        }  # fmt: skip


def write(folder: Path, passages: int) -> int:
    """Write a collection of about so many passages into a folder, as files of JSON lines; returns the number of its articles."""
    folder.mkdir(parents=True, exist_ok=True)
    count = max(1, passages // EACH)
    made = articles(count)
    for begin in range(0, count, IN_A_FILE):
        lines = [json.dumps(next(made), ensure_ascii=False) for _ in range(begin, min(begin + IN_A_FILE, count))]
        (folder / f"{begin // IN_A_FILE:05}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return count


def _word(chance: random.Random, kind: str) -> str:
    count = chance.choice((1, 2, 2, 3)) if kind in _ENDINGS else chance.choice((2, 2, 3))
    parts = (chance.choice(_ONSETS) + chance.choice(_NUCLEI) + chance.choice(_CODAS) for _ in range(count))
    word = "".join(parts) + (chance.choice(_ENDINGS[kind]) if kind in _ENDINGS else "")
    if kind == "name":
        return f"{word.capitalize()} {''.join(chance.choice(_ONSETS) + chance.choice(_NUCLEI) for _ in range(2)).capitalize()}"
    return word.capitalize() if kind == "place" else word


def _sentence(chance: random.Random, vocabulary: Vocabulary) -> str:
    frame = chance.choice(_FRAMES)
    pieces = frame.split("{")
    said = [pieces[0]]
    for piece in pieces[1:]:
        kind, _, rest = piece.partition("}")
        said += [vocabulary.draw(chance, kind), rest]
    return "".join(said)


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2])), "articles")
