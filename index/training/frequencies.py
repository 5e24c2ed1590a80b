"""Count in how many articles each word occurs: `python -m index.training.frequencies ARTICLES.jsonl.gz --out FILE`.

ARTICLES holds one {"title": ..., "text": ...} a line. In a collection of five articles nothing can be learnt of how
common a word is in the language; these counts stand in for it. The output begins with the number of
articles, then has one line a stem: the stem, a tab, the number of articles that hold it.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from index.analyse import terms

LEAST: Final = 8
"""Rarer stems are left out: they are mostly names, and weigh as much as an unseen word within a few percent."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    opener = gzip.open if options.articles.suffix == ".gz" else open
    counts: Counter[str] = Counter()
    total = 0
    with opener(options.articles, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            counts.update(set(terms(f"{article.get('title') or ''} {article['text']}", "fr")))
            total += 1
    with options.out.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"{total}\n")
        for stem in sorted(stem for stem, count in counts.items() if count >= LEAST and not stem.isdigit()):
            out.write(f"{stem}\t{counts[stem]}\n")


if __name__ == "__main__":
    main()
