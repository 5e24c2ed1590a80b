"""`griot export` and `griot import`: an index carried from one machine to another as one file."""

import argparse
import json
import os
import sys
from pathlib import Path

from index.collection import is_address, load_collection
from index.errors import GriotError
from index.moving import Moved, export_index, import_index
from index.store import Home
from qa.assistant import Assistant
from ui.terminal import Bars


def add_moving(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", home: Path) -> None:
    """The two commands, for a home that is `home` unless another is given."""
    for name, summary, told, run in (
        ("export", "write the index into one file", "a tar archive with checksums; one that griot exported is replaced", run_export),
        ("import", "take in an exported index in place of the one here", "what griot export wrote", run_import),
    ):  # fmt: skip
        command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        command.set_defaults(run=run)
        command.add_argument("file", type=Path, metavar="FILE", help=told)
        command.add_argument(
            "--home", type=Path, default=home, metavar="DIR", help="where the index is kept (default: $GRIOT_HOME, else .griot)"
        )
        command.add_argument("--json", action="store_true", help="print one JSON document, and nothing else, on standard output")


def run_export(options: argparse.Namespace) -> int:
    """`griot export`."""
    with Bars(quiet=not sys.stderr.isatty()) as bars:
        moved = export_index(Home(options.home), options.file, bars)
    _show(options, moved, {"bytes": moved.size, "sha256": moved.digest}, f"{moved.size:,} bytes, SHA-256 {moved.digest}")
    return 0


def run_import(options: argparse.Namespace) -> int:
    """`griot import`."""
    home = Home(options.home)
    with Bars(quiet=not sys.stderr.isatty()) as bars:
        moved = import_index(home, options.file, bars)
    roots = [root for root in load_collection(home.collection_file).roots if not is_address(root.location)]
    missing = [root.label for root in roots if not os.path.exists(root.location)]
    said = f"served from now on as generation {moved.generation}"
    _show(options, moved, {"generation": moved.generation, "missing": missing}, said)
    if missing:
        print(f"griot: not on this machine, and kept as they were read: {', '.join(missing)}", file=sys.stderr)
    try:
        Assistant.open(options.home)
    except GriotError as error:
        print(f"griot: WARNING: {error}", file=sys.stderr)
    return 0


def _show(options: argparse.Namespace, moved: Moved, more: dict[str, object], said: str) -> None:
    contents = moved.contents
    if options.json:
        about = {name: getattr(contents, name) for name in ("format", "model", "articles", "passages", "made")}
        print(json.dumps({"file": str(moved.path), **about, **more}))
    else:
        print(f"{moved.path}: {contents.articles:,} articles, {contents.passages:,} passages, model {contents.model}, {contents.made}")
        print(said)
