"""The model card of the bundled model."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from index.errors import CollectionError
from index.training.corpus import Corpus

_TEXT: Final = """---
language: [fr, en]
license: apache-2.0
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [static-embeddings, french, retrieval]
---
# Griot's bundled embedding

A static embedding for questions in French or English over French news: {tokens:,} tokens that share {rows:,} vectors of {dimension}
numbers, {megabytes:.1f} MB. The vector of a text is the mean of its tokens'. Loads in sentence-transformers
(`SentenceTransformer(folder)`); Griot runs it with tokenizers and NumPy alone.

## Data

{documents:,} articles and passages, {pairs:,} question-passage pairs, {parallel:,} French-English lines. {dropped} texts were left out
because they are, or resemble, a question of an evaluation below or a passage that answers one.

| source | what | licence |
|---|---|---|
| OrangeSum | French news 2011-2020: title, standfirst, text | CC BY-SA 4.0 |
| PIAF, training part | questions on French Wikipedia | Licence Ouverte / CC BY-SA (Wikipedia) |
| Code civil | articles of law | Licence Ouverte |
| Tatoeba | French-English lines | CC BY 2.0 FR |
| Mintaka | French-English questions | CC BY 4.0 |
| Multi30k, STS benchmark | French-English captions and sentences | each its own; see there |
| all-MiniLM-L6-v2 | vectors of English words to start from | Apache-2.0 |

## Training

```sh
{command}
```

Contrastive, in batches of {batch} pairs, temperature {temperature}, {steps:,} steps of Adam at {rate}, seed {seed}. The code is in
`index/training/`.

## Figures

{figures}

## Limits

It knows words, not their order: "A attacks B" and "B attacks A" are one to it. Its French is that of news until 2020 and of
encyclopaedias; names that came since are compared by their spelling, in pieces. English is known word by word. Text in other
scripts has no vector.
"""


def card(corpus: Corpus, about: Mapping[str, Any], command: str, figures: str) -> str:
    """The card as Markdown; `about` holds the options and the size, `figures` is from `table`."""
    counts = {name: len(getattr(corpus, name)) for name in ("documents", "pairs", "parallel")}
    return _TEXT.format(**counts, dropped=corpus.dropped, command=command, figures=figures, **about)


def table(figures: Path | None) -> str:
    """nDCG@10 of each set that `griot eval FOLDER ... --json` measured, as a Markdown table; without such a file, how to make it.

    Raises:
        CollectionError: the file holds no such figures.
    """
    if figures is None:
        return "Measure with `griot eval FOLDER ... --json`."
    try:
        found = json.loads(figures.read_text(encoding="utf-8"))
        measured = found if isinstance(found, list) else [found]
        lines = [f"| {item['name']}, {item['questions']:,} questions | {item['dense']['ndcg@10']:.3f} |" for item in measured]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CollectionError(f"{figures} holds no figures ({error!r}); write it with: griot eval FOLDER ... --json > FILE") from error
    return "\n".join(["| set | nDCG@10 of the vectors alone, questions whitened by their collection |", "|---|---|", *lines])
