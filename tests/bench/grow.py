"""What it costs to add and to delete one article of a large index: `python -m tests.bench.grow [PASSAGES] [--home DIR]`.

A collection is made up and indexed with the bundled model; then one file is added, deleted, and added again, each by `update` in this
process; then the index is opened anew, and asked. Prints seconds as JSON (of the clock, and of the processor), and the clock's as
shares of what building all took in the same run. With --home, what an earlier run left in DIR is used, and nothing built.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.build import update
from index.embed import open_model
from index.report import Report
from index.store import Home
from tests.bench.collection import articles, write

TEXT = "Le maire de Tchaourou a inauguré mercredi la passerelle Wembley-Kossou, attendue depuis onze ans par les maraîchers."


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What `work` gives, and what it took: of the processor, with the processes that it started and that ended."""
    clock, processor = time.perf_counter(), _processor()
    found = work()
    return found, {"seconds": round(time.perf_counter() - clock, 3), "processor": round(_processor() - processor, 3)}


def _processor() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def folder_size(folder: Path) -> int:
    """Bytes in the files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run(folder: Path, passages: int) -> dict[str, Any]:
    """Grow and shrink the index of a collection in `folder`."""
    docs, home, embedder = folder / "docs", Home(folder / "home"), open_model()
    figures: dict[str, Any] = {}
    if home.current() is None:
        write(docs, passages)
        report, figures["build"] = timed(lambda: update(home, embedder, [docs]))
        figures["build"]["passages_a_second"] = round(report.passages / figures["build"]["seconds"])
    article = next(articles(1, seed=99))
    new = docs / "new.txt"
    new.unlink(missing_ok=True)
    update(home, embedder)

    def step(name: str, expected: str) -> None:
        def work() -> Report:
            return update(home, embedder)

        report, figures[name] = timed(work)
        if list(getattr(report, expected)) != [str(new)]:
            raise SystemExit(f"{name}: {report.added} added, {report.removed} removed")
        found = home.open().lexical.frequency("wembley")
        if bool(found) != (expected == "added"):
            raise SystemExit(f"{name}: {found} passages hold the article's word")

    def put() -> None:
        new.write_text(f"Title: La passerelle\nDate: 2024-05-02\n\n{TEXT}\n\n{article['text']}\n", encoding="utf-8")

    put()
    step("add", "added")
    new.unlink()
    step("delete", "removed")
    put()
    step("add_again", "added")
    _, figures["nothing_changed"] = timed(lambda: update(home, embedder))
    generation, figures["open"] = timed(home.open)
    manifest = generation.manifest
    figures |= {
        "articles": manifest.articles, "passages": manifest.passages, "segments": [part.passages for part in manifest.segments],
        "bytes_a_passage": round(folder_size(home.folder) / manifest.passages),
    }  # fmt: skip
    whole = figures.get("build", {}).get("seconds")
    if whole:
        figures["shares"] = {name: round(figures[name]["seconds"] / whole, 5) for name in ("add", "delete", "add_again", "open")}
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", nargs="?", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        print(json.dumps(run(options.home or Path(temporary), options.passages), indent=1))


if __name__ == "__main__":
    main()
