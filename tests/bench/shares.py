"""One large file read by one process and by all, in turn: `python -m tests.bench.shares ARTICLES --as jsonl`.

The file is that of `tests.bench.indexing`. Seconds of the clock and of the processor, the median of `--rounds`; "largest_MB" is the peak
of the largest process.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from pathlib import Path
from statistics import median

from index.reading import LARGE, Outcome, read_sources
from index.source import Source
from tests.bench.indexing import FORMS, made, write


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("--paragraphs", type=int, default=2)
    parser.add_argument("--as", dest="form", choices=FORMS[1:], default="jsonl")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), options.form, made(options.articles, options.paragraphs))
        (path,) = Path(folder).iterdir()
        source = Source(location=str(path), label=path.name, path=path)
        both: dict[int, list[tuple[float, float]]] = {1: [], os.cpu_count() or 1: []}
        for number in range(options.rounds):
            for count, taken in both.items():
                taken.append(_seconds(source, Path(folder, f"spool-{number}-{count}"), count))
        one, together = ([median(column) for column in zip(*taken, strict=True)] for taken in both.values())
    print(json.dumps({
        "file": path.name, "articles": options.articles, "processes": max(both), "by_one_s": round(one[0], 1),
        "together_s": round(together[0], 1), "times": round(one[0] / together[0], 2), "by_one_cpu_s": round(one[1], 1),
        "together_cpu_s": round(together[1], 1), "largest_MB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }))  # fmt: skip


def _seconds(source: Source, spool: Path, count: int) -> tuple[float, float]:
    began, used = time.monotonic(), _used()
    ended = [told for _, told in read_sources([source], {}, {}, "1", spool, count=count, large=LARGE) if isinstance(told, Outcome)]
    assert ended == [Outcome(state="read")]
    return time.monotonic() - began, _used() - used


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
