"""Damaged files of each kind given to the readers: `python -m tests.bench.fuzz --seconds N`.

Only articles, what was left out, and `ArticleError` may come out. For each kind: how many files, articles, refusals (of a whole
file) and tracebacks, and the longest time in seconds of the processor. The file of each traceback is kept in `--keep`.
"""

import argparse
import faulthandler
import json
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from pathlib import Path
from random import Random

from index.document import Document, Unread
from index.errors import ArticleError
from index.read import read_documents
from tests.index.readers.mutate import mutate_file
from tests.index.readers.samples import SAMPLES


def main() -> int:
    """Run the command; 1 if there was a traceback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="one kind, by its sample's name")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "griot-fuzz")
    options = parser.parse_args()
    options.keep.mkdir(exist_ok=True)
    # A crash in native code leaves the file that it was reading there.
    faulthandler.enable()
    random = Random(options.seed)
    samples = {name: make() for name, make in SAMPLES.items() if options.only in (None, name)}
    pool = b"".join(make() for make in SAMPLES.values())
    counts: dict[str, dict[str, float]] = {name: defaultdict(float) for name in samples}
    until = time.monotonic() + options.seconds
    while time.monotonic() < until:
        for name, sample in samples.items():
            data = random.randbytes(random.randrange(2000)) if random.random() < 0.05 else mutate_file(sample, pool, random)
            path = options.keep / f"now-{name}"
            path.write_bytes(data)
            try_file(path, counts[name])
            path.unlink()
    for name, count in counts.items():
        print(
            json.dumps({"kind": name, **{key: round(count[key], 2) for key in ("runs", "documents", "refusals", "tracebacks", "longest")}})
        )
    return int(any(count["tracebacks"] for count in counts.values()))


def try_file(path: Path, count: dict[str, float]) -> None:
    """Read a file and count what came of it."""
    began = time.process_time()
    count["runs"] += 1
    try:
        for found in read_documents(path):
            assert isinstance(found, (Document, Unread))
            if isinstance(found, Document):
                assert found.text.strip()
                found.text.encode()
                found.record.encode()
                count["documents"] += 1
            else:
                assert found.reason
                found.record.encode()
    except ArticleError:
        count["refusals"] += 1
    except Exception:
        count["tracebacks"] += 1
        kept = path.with_name(f"{int(count['tracebacks'])}-{path.name}")
        kept.write_bytes(path.read_bytes())
        print(f"{kept}\n{traceback.format_exc()}", file=sys.stderr)
    seconds = time.process_time() - began
    if seconds > count["longest"]:
        count["longest"] = seconds
        if seconds > 5:
            path.with_name(f"slow-{path.name}").write_bytes(path.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
