"""The matrix that whitens questions (`index.whiten`), made from a sample of the vectors in Milvus and kept among its notes."""

import base64
import uuid

import numpy as np

from index.milvus.engine import Engine, Row
from index.milvus.schema import ARTICLE_BITS, Names, among, note, note_key, quoted
from index.milvus.tally import State
from index.vectors import FloatMatrix
from index.whiten import SAMPLE, whitening

STALE = 0.05
"""Share by which the number of passages may change before the matrix is made again."""


def refresh_whitening(engine: Engine, names: Names, state: State, dimension: int) -> None:
    """Make the matrix again if the index has grown or shrunk much since; of all vectors while there are at most `SAMPLE`."""
    passages = state.passages
    if state.whitening and abs(passages - state.whitened) <= STALE * state.whitened:
        return
    # The numbers of articles are hashes: the lowest share of them is an even sample.
    below = (1 << ARTICLE_BITS) * min(SAMPLE, passages) // max(passages, 1)
    rows = [row["dense"] for row in engine.each(names.passages, f"article < {below}", ["dense"])]
    matrix = np.array(rows, np.float32).reshape(len(rows), dimension)
    version = uuid.uuid4().hex[:12]
    engine.upsert(names.notes, [
        note("whitening", "", f"{version}/{place:06d}", value=base64.b64encode(line.tobytes()).decode())
        for place, line in enumerate(whitening(matrix, passages))
    ])  # fmt: skip
    engine.upsert(names.notes, [note("pointer", "", "whitening", amount=passages, value=version)])
    if state.whitening:
        engine.delete(names.notes, f'kind == "whitening" and name like {quoted(f"{state.whitening}/%")}')


def read_whitening(engine: Engine, names: Names, version: str, dimension: int) -> FloatMatrix:
    """The matrix of a version, shape (dimension, dimension); one of which a line is missing, as it is being replaced, is no matrix."""
    keys = [note_key("whitening", "", f"{version}/{place:06d}") for place in range(dimension)]
    found: list[Row] = []
    for begin in range(0, dimension, 128):
        found += engine.query(names.notes, among("key", keys[begin : begin + 128]), ["key", "value"])
    lines = {row["key"]: np.frombuffer(base64.b64decode(row["value"]), np.float32) for row in found}
    if len(lines) < dimension:
        return np.eye(dimension, dtype=np.float32)
    return np.stack([lines[key] for key in keys])
