"""Time and peak memory of `griot index` on a made-up collection: `python -m tests.bench.indexing ARTICLES`.

The articles are those of `tests.bench.collection`, or their first `--paragraphs` (of some 480 characters), as files of JSON lines of a
thousand articles, or all in one file: `--as jsonl`, `csv`, `zip` (of texts) or `warc` (of web pages). The index is built by the command
line in a process of its own, with its readers. "reading_s" is until the last article was read, which is looked at twice a second;
"largest_MB" the peak of the largest of these processes, "together_MB" the highest sum of what all of them held at once (resident, so
shared pages count for each).
"""

import argparse
import csv
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from tests.bench import collection
from tests.bench.collection import IN_A_FILE
from tests.index.readers.samples import warc

_LOOK: Final = 0.5  # seconds
FORMS: Final = ("files", "jsonl", "csv", "zip", "warc")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("--paragraphs", type=int, default=6)
    parser.add_argument("--as", dest="form", choices=FORMS, default="files")
    parser.add_argument("--seconds", type=float, default=3600, help="stop after so long")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "articles").mkdir()
        write(Path(folder, "articles"), options.form, made(options.articles, options.paragraphs))
        command = [sys.executable, "-m", "ui", "index", str(Path(folder, "articles")), "--home", str(Path(folder, "home")), "--json"]
        began = time.monotonic()
        with Path(folder, "out").open("wb") as out, Path(folder, "err").open("wb") as err:
            process = subprocess.Popen(command, stdout=out, stderr=err)
            together, usage, status, reading = _watch(process.pid, began + options.seconds, Path(folder, "err"))
        if status:
            sys.exit(f"griot index ended with {status}: {Path(folder, 'err').read_text()[-2000:]}")
        report = json.loads(Path(folder, "out").read_bytes())
        home = sum(path.stat().st_size for path in Path(folder, "home").rglob("*"))
        figures = {
            "articles": report["articles"], "passages": report["passages"], "failed": len(report["failed"]),
            "seconds": round(time.monotonic() - began, 1), "reading_s": round(reading - began, 1),
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
            "largest_MB": usage.ru_maxrss // 1024, "together_MB": together // 1024, "home_MB": home // 1_000_000,
        }  # fmt: skip
        print(json.dumps(figures))


def made(count: int, paragraphs: int) -> Iterator[dict[str, Any]]:
    """The first paragraphs of so many articles."""
    for article in collection.articles(count):
        article["text"] = "\n\n".join(article["text"].split("\n\n")[:paragraphs])
        yield article


def write(folder: Path, form: str, articles: Iterator[dict[str, Any]]) -> None:
    """The articles as files, or as one of a form."""
    if form in ("files", "jsonl"):
        for number, article in enumerate(articles):
            name = f"{number // IN_A_FILE:05}.jsonl" if form == "files" else "export.jsonl"
            with (folder / name).open("a", encoding="utf-8") as file:
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
    elif form == "csv":
        with (folder / "export.csv").open("w", encoding="utf-8", newline="") as file:
            first = next(articles)
            rows = csv.DictWriter(file, list(first))
            rows.writeheader()
            rows.writerow(first)
            rows.writerows(articles)
    elif form == "zip":
        with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for number, article in enumerate(articles):
                archive.writestr(f"{number:06}.txt", f"{article['title']}\n\n{article['text']}\n")
    else:
        with (folder / "export.warc.gz").open("wb") as file:
            for number, article in enumerate(articles):
                body = "".join(f"<p>{paragraph}</p>" for paragraph in article["text"].split("\n\n"))
                title = article["title"]
                page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
                file.write(warc([(f"https://www.example.org/{number}", "200 OK", "text/html; charset=utf-8", page.encode())]))


def _watch(process: int, until: float, stages: Path) -> tuple[int, resource.struct_rusage, int, float]:
    """The most kB that a process and its readers held at once, what the system counted, how it ended, and when it had read."""
    together, read = 0, 0.0
    while True:
        ended, status, usage = os.wait4(process, os.WNOHANG)
        now = time.monotonic()
        # The first stage is that of reading.
        read = read or (now if ended or stages.read_bytes().count(b"\n") > 1 else 0.0)
        if ended:
            return together, usage, os.waitstatus_to_exitcode(status), read
        if now > until:
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
