"""How well an index in Milvus finds its own articles by their headlines (`index.selfcheck`), kept among its notes."""

import json
from collections.abc import Iterator
from typing import Final

from index.embed import Embedder
from index.milvus.engine import Engine
from index.milvus.schema import ARTICLE_BITS, Names, id_of, note
from index.milvus.serve import MilvusGeneration
from index.milvus.tally import read_state
from index.publish import OFTEN, RARELY
from index.report import Watcher
from index.selfcheck import SAMPLE, Headline, check, sample

DRAWN: Final = 4 * SAMPLE
"""Articles, at the least, among which those with a headline of their own are looked for."""


def measure(engine: Engine, names: Names, embedder: Embedder, changed: int, watcher: Watcher, often: int = OFTEN) -> None:
    """Ask the index for its own articles, whoever wrote them, where it has no more than `often` or many came or went, `changed` of them
    just now; else write down how many did."""
    state = read_state(engine, names)
    unmeasured = (state.unmeasured or 0) + changed
    if state.unmeasured is None or state.articles <= often or unmeasured > state.articles // RARELY:
        asked = sample(list(headlines(engine, names, state.articles)))
        if asked:
            watcher.start("check", len(asked))
        found = check(MilvusGeneration(engine, state), asked, embedder, watcher.advance)
        measured, unmeasured = found.document() if found else None, 0
    else:
        measured = state.selfcheck
    engine.upsert(names.notes, [note("pointer", "", "selfcheck", amount=unmeasured, value=json.dumps(measured))])


def headlines(engine: Engine, names: Names, articles: int) -> Iterator[Headline]:
    """Those of some articles, the same ones until an index has doubled: the numbers of articles are hashes, the lowest an even sample."""
    doublings = max(0, (articles // DRAWN).bit_length() - 1)
    condition = f"part == 0 and article < {1 << (ARTICLE_BITS - doublings)}"
    for row in engine.each(names.articles, condition, ["article", "about"]):
        about = json.loads(row["about"])
        yield Headline(number=row["article"], id=id_of(row["article"]), title=about["title"], language=about["language"])
