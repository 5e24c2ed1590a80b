"""Time and peak memory of `griot index` on a made-up collection: `python -m tests.bench.indexing ARTICLES`.

The articles are those of `tests.bench.collection`, or their first `--paragraphs` (of some 480 characters), as files of JSON lines; the
index is built by the command line in a process of its own, with its readers. "largest_MB" is the peak of the largest of these processes,
"together_MB" the highest sum of what all of them held at once (resident, looked at twice a second, so shared pages count for each).
"""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.bench.collection import IN_A_FILE, articles

_LOOK: Final = 0.5  # seconds


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("--paragraphs", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=3600, help="stop after so long")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder, "articles"), options.articles, options.paragraphs)
        command = [sys.executable, "-m", "ui", "index", str(Path(folder, "articles")), "--home", str(Path(folder, "home")), "--json"]
        began = time.monotonic()
        with Path(folder, "out").open("wb") as out, Path(folder, "err").open("wb") as err:
            process = subprocess.Popen(command, stdout=out, stderr=err)
            together, usage, status = _watch(process.pid, began + options.seconds)
        if status:
            sys.exit(f"griot index ended with {status}: {Path(folder, 'err').read_text()[-2000:]}")
        report = json.loads(Path(folder, "out").read_bytes())
        home = sum(path.stat().st_size for path in Path(folder, "home").rglob("*"))
        figures = {
            "articles": report["articles"], "passages": report["passages"], "failed": len(report["failed"]),
            "seconds": round(time.monotonic() - began, 1), "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
            "largest_MB": usage.ru_maxrss // 1024, "together_MB": together // 1024, "home_MB": home // 1_000_000,
        }  # fmt: skip
        print(json.dumps(figures))


def _write(folder: Path, count: int, paragraphs: int) -> None:
    folder.mkdir()
    for number, article in enumerate(articles(count)):
        article["text"] = "\n\n".join(article["text"].split("\n\n")[:paragraphs])
        with (folder / f"{number // IN_A_FILE:05}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(article, ensure_ascii=False) + "\n")


def _watch(process: int, until: float) -> tuple[int, resource.struct_rusage, int]:
    """The most kB that a process and its readers held at once, what the system counted, and how it ended."""
    together = 0
    while True:
        ended, status, usage = os.wait4(process, os.WNOHANG)
        if ended:
            return together, usage, os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            os.kill(process, signal.SIGINT)
        together = max(together, sum(map(_resident, _family(process))))
        time.sleep(_LOOK)


def _family(process: int) -> list[int]:
    """A process and its children, who have none; each thread of it has its own."""
    found = [process]
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, listed.read_text().split())
    return found


def _resident(process: int) -> int:
    """kB of memory that a process holds; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


if __name__ == "__main__":
    main()
