"""Passages encoded a second by the bundled model and by all-MiniLM-L6-v2, in turns: `python -m tests.bench.encode`."""

import json
import time
from pathlib import Path

from index.embed import Embedder, open_model

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SIZE = 600
COUNTS = {"bundled": 20_000, "all-MiniLM-L6-v2": 60}


def rate(embedder: Embedder, texts: list[str]) -> float:
    """Texts a second."""
    embedder.encode_documents(texts[:10])
    began = time.perf_counter()
    embedder.encode_documents(texts)
    return len(texts) / (time.perf_counter() - began)


def main() -> None:
    """Print the best of three for each."""
    whole = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    texts = [whole[begin : begin + SIZE] for begin in range(0, len(whole) - SIZE, 37)]
    best: dict[str, float] = {}
    for _ in range(3):
        for name, count in COUNTS.items():
            many = (texts * (count // len(texts) + 1))[:count]
            best[name] = max(best.get(name, 0), rate(open_model(name), many))
    print(json.dumps({name: round(value) for name, value in best.items()}))


if __name__ == "__main__":
    main()
