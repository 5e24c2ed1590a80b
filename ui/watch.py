"""`griot index --watch`: follow the collection's files, and bring the index in step when they change."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from index.collection import load_collection
from index.errors import GriotError
from index.read import list_files
from index.report import Report
from qa.assistant import Assistant

INTERVAL: Final = 2.0
"""Seconds between two looks. A change is taken up at the first look that finds the files as the one before it did."""

Stamp = dict[str, tuple[int, int]]


def follow(assistant: Assistant, report: Callable[[Report], None], *, looks: int | None = None) -> None:
    """Look again and again (or `looks` times), update on a change, and go on after an error."""
    built = before = stamps(assistant)
    while looks is None or looks > 0:
        time.sleep(INTERVAL)
        now = stamps(assistant)
        if now != built and now == before:
            try:
                report(assistant.update())
                built = now
            except GriotError as error:
                # Tried again at the next look: another process may be writing just now.
                print(f"griot: {error}", file=sys.stderr)
        before = now
        looks = None if looks is None else looks - 1


def stamps(assistant: Assistant) -> Stamp:
    """Size and time of change of every file of the collection."""
    found: Stamp = {}
    for root in load_collection(assistant.home.collection_file).roots:
        for path in list_files(Path(root.location), lambda _: None):
            try:
                stat = path.stat()
            except OSError:
                continue
            found[str(path)] = (stat.st_mtime_ns, stat.st_size)
    return found
