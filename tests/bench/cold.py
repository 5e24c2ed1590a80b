"""How long a question takes from a cold start, beside plain sentence-transformers and FAISS: `python -m tests.bench.cold`.

Runs `griot ask` on an index of the seeds and the baseline (`tests/bench/plain.py`) in turns, each a process of its own, and prints the
medians of five and their ratio as JSON. Times of a busy machine do not carry over; the ratio does.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "Quel accord a été signé ?"
RUNS = 5


def seconds(command: Sequence[str]) -> float:
    """Wall-clock time of a process, which must succeed."""
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Print the medians."""
    with tempfile.TemporaryDirectory() as home:
        griot = [sys.executable, "-m", "ui", "ask", QUESTION, "--home", home]
        plain = [sys.executable, "-m", "tests.bench.plain", QUESTION]
        first = seconds(griot)  # builds the index
        seconds(plain)
        pairs = [(seconds(griot), seconds(plain)) for _ in range(RUNS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    figures = {"first_use_s": first, "griot_ask_s": ours, "plain_s": theirs}
    print(json.dumps({name: round(value, 3) for name, value in figures.items()} | {"ratio": round(theirs / ours, 1)}))


if __name__ == "__main__":
    main()
