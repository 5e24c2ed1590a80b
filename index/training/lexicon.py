"""Learn an English-French word list from parallel lines: `python -m index.training.lexicon LINES.jsonl --out FILE`.

LINES.jsonl holds one {"en": ..., "fr": ...} a line. Word translation probabilities are those of IBM Model 1 (Brown et
al., 1993), by expectation-maximisation over stems from a uniform start: no randomness, the same file every time.
Names of countries and of their languages, which are also most adjectives of nationality, come from the
Unicode CLDR through Babel. The output has one line an English word: the word, a tab, then `word:weight` in French.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from index.analyse import STOP_WORDS, fold, stems, words

ROUNDS: Final = 6
# Under these, Model 1 mostly proposes chance companions: a word seen twice fits whatever stood beside it.
LEAST_COUNT: Final = 3
LEAST_WEIGHT: Final = 0.12
KEPT: Final = 4

Table = dict[str, dict[str, float]]


def align(pairs: Sequence[tuple[list[str], list[str]]], rounds: int = ROUNDS) -> Table:
    """p(French stem | English stem) for sentence pairs given as stems."""
    table: Table = {}
    for number in range(rounds):
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for english, french in pairs:
            for target in french:
                shares = [table[source].get(target, 0.0) if number else 1.0 for source in english]
                total = sum(shares)
                if total:
                    for source, share in zip(english, shares, strict=True):
                        counts[source][target] += share / total
        table = {source: _normalised(row) for source, row in counts.items()}
    return table


def _normalised(row: dict[str, float]) -> dict[str, float]:
    total = sum(row.values())
    return {target: value / total for target, value in row.items() if value / total > 1e-4}


def content(text: str, language: str) -> list[tuple[str, str]]:
    """(stem, word) of the content words of `text`."""
    kept = [word for word in words(text) if fold(word) not in {fold(stop) for stop in STOP_WORDS[language]}]
    return list(zip(stems(kept, language), kept, strict=True))


def learn(lines: Iterable[dict[str, str]]) -> dict[str, list[tuple[str, float]]]:
    """English word -> French words with weights, from parallel lines."""
    surface: dict[str, Counter[str]] = defaultdict(Counter)
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    seen: Counter[str] = Counter()
    pairs = []
    for line in lines:
        english, french = content(line["en"], "en"), content(line["fr"], "fr")
        if not english or not french or len(english) > 40 or len(french) > 40:
            continue
        for stem, word in french:
            surface[stem][word] += 1
        for stem, word in english:
            spelt[stem][word] += 1
        seen.update({stem for stem, _ in english})
        pairs.append(([stem for stem, _ in english], [stem for stem, _ in french]))
    table = align(pairs)
    learnt: dict[str, list[tuple[str, float]]] = {}
    for stem, row in table.items():
        best = sorted(row.items(), key=lambda item: (-item[1], item[0]))[:KEPT]
        chosen = [(surface[target].most_common(1)[0][0], weight) for target, weight in best if weight >= LEAST_WEIGHT]
        if seen[stem] >= LEAST_COUNT and chosen and not stem.isdigit():
            learnt[spelt[stem].most_common(1)[0][0]] = chosen
    return learnt


def names() -> dict[str, list[tuple[str, float]]]:
    """Countries, regions and languages, English -> French, from the CLDR; one word each side."""
    from babel import Locale

    english, french = Locale("en"), Locale("fr")
    found: dict[str, list[tuple[str, float]]] = {}
    for kind in ("languages", "territories"):
        for code, name in getattr(english, kind).items():
            other = getattr(french, kind).get(code, "")
            if name.replace("-", "").isalpha() and other and " " not in other and fold(name) != fold(other):
                found[name.lower()] = [(other.lower(), 1.0)]
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", type=Path, nargs="+", help="JSONL files of parallel lines")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    rows = (json.loads(line) for path in options.lines for line in path.read_text(encoding="utf-8").splitlines() if line)
    lexicon = learn(rows) | names()
    with options.out.open("w", encoding="utf-8", newline="\n") as out:
        for word in sorted(lexicon):
            out.write(word + "\t" + " ".join(f"{target}:{weight:.2f}" for target, weight in lexicon[word]) + "\n")


if __name__ == "__main__":
    main()
