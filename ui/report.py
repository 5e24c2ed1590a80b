"""What a build did and what an article is, as tables on the terminal."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from index.report import Report
from qa.answer import Citation
from qa.trace import Trace
from ui.terminal import shown

LISTED: Final = 5
"""Articles named in a row of the table; `--json` names all."""
TOLD: Final = 100
"""Failures told with their reasons: a damaged archive may hold a million."""
_STATES: Final = ("added", "changed", "removed", "unchanged", "duplicates", "failed")


def print_report(report: Report) -> None:
    """A table of what became of the articles, and a line of totals; failures and warnings go to standard error."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("state", no_wrap=True)
    table.add_column("articles", justify="right", no_wrap=True)
    table.add_column("which", overflow="fold")
    for state in _STATES:
        listed = getattr(report, state)
        table.add_row(state, f"{len(listed):,}", Text(_named(state, listed)))
    Console().print(table)
    print(f"{report.articles:,} articles, {report.passages:,} passages, {report.embedded:,} embedded")
    print_failures(report)


def print_failures(report: Report) -> None:
    """What went wrong, on stderr: each file that could not be read, with its reason, and an index that finds much less than before."""
    for failure in report.failed[:TOLD]:
        print(f"failed: {shown(failure.path)}: {shown(failure.reason)}", file=sys.stderr)
    if len(report.failed) > TOLD:
        print(f"failed: {len(report.failed) - TOLD:,} more; --json names them all", file=sys.stderr)
    if report.failed:
        print("what failed is tried again at the next run", file=sys.stderr)
    if report.warning:
        print(f"\nWARNING: {report.warning}\n", file=sys.stderr)


def print_article(document: Mapping[str, Any]) -> None:
    """An article as `griot show` gives it: what is known of it and from where, its copies and earlier texts, and its text."""
    for name in ("title", "author", "published", "source", "url", "language"):
        origin = document["origins"].get(name)
        print(f"{name + ':':<11} {document[name] or '-'}{f'  ({origin})' if origin else ''}")
    print(f"{'id:':<11} {document['id']}\n{'path:':<11} {shown(document['path'])}\n{'passages:':<11} {document['passages']}")
    _print_list("copies:", (f"{copy['source'] or shown(copy['path'])}  ({copy['article_id']})" for copy in document["copies"]))
    _print_list("revisions:", (f"until {revision['seen_until']}" for revision in document["revisions"]))
    print(f"\n{document['text']}")


def print_traces(found: Sequence[tuple[Path, Citation, Trace]]) -> None:
    """What became of the quotes of saved answers."""
    for path, citation, state in found:
        if state.held and state.changed:
            said = f"the article has changed since (found {state.changed:%Y-%m-%d %H:%M} UTC){', and is gone' if state.gone else ''}"
        elif state.held:
            said = "stands as quoted"
        else:
            said = "the article is gone" if state.gone else "NOT in the article"
        print(f"{shown(str(path))} [{citation.number}] {shown(citation.path)}: {said}")


def _named(state: str, listed: Sequence[Any]) -> str:
    if state == "unchanged":
        return ""
    if state == "duplicates":
        names = [f"{shown(copy.path)} = {shown(copy.original)}" for copy in listed[:LISTED]]
    else:
        names = [shown(item.path if state == "failed" else item) for item in listed[:LISTED]]
    more = [f"and {len(listed) - LISTED:,} more"] if len(listed) > LISTED else []
    return "\n".join([*names, *more])


def _print_list(name: str, lines: Iterable[str]) -> None:
    for number, line in enumerate(lines):
        print(f"{'' if number else name:<11} {line}")
