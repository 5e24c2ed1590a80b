"""What the command line shows to people: progress on stderr, answers and tables on stdout."""

import os
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final

from index.article import opening_words
from qa.answer import Answer, Hit
from ui.texts import Language

_STAGES: Final = {
    "en": {
        "fetch": "Fetching pages", "read": "Reading articles", "compare": "Looking for copies", "embed": "Embedding passages",
        "check": "Asking for headlines", "export": "Writing the archive", "import": "Reading the archive", "ask": "Asking questions",
        "again": "Asking again without the source",
    },
    "fr": {
        "fetch": "Pages demandées", "read": "Lecture des articles", "compare": "Recherche de reprises", "embed": "Passages indexés",
        "check": "Contrôle par les titres", "export": "Écriture de l'archive", "import": "Lecture de l'archive", "ask": "Questions posées",
        "again": "Questions sans leur source",
    },
}  # fmt: skip


_TELLING: Final = 2.0
_SETTLED: Final = 15.0
"""Percent done, or seconds passed, from which on the time left is told."""


def terminal_language(environment: Mapping[str, str]) -> Language:
    """The language of the terminal, by the usual variables."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    return "fr" if named.lower().startswith("fr") else "en"


class Bars:
    """Progress bars by rich on stderr; a plain line a stage where stderr is not a terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn
        from rich.table import Column

        self._language = terminal_language(os.environ)
        # Only the bar gives way where the window is narrow.
        name, bar = TextColumn("{task.description}", table_column=Column(no_wrap=True)), BarColumn(None, table_column=Column(ratio=1))
        self._progress = Progress(name, bar, *_columns(self._language), console=Console(stderr=True), disable=quiet, expand=True)
        self._quiet = quiet
        self._task: Any = None

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def start(self, stage: str, total: int) -> None:
        """Begin a bar for `stage`."""
        if not total:
            self._task = None
            return
        name = _STAGES[self._language].get(stage, stage)
        if self._quiet:
            print(f"{name}{'' if stage == 'read' else f': {total}'}", file=sys.stderr)
        self._task = self._progress.add_task(name, total=total, found=0, read=stage == "read")

    def advance(self, steps: int, found: int = 0) -> None:
        """Move the current bar."""
        if self._task is not None:
            task = self._progress.tasks[self._task]
            self._progress.update(self._task, advance=steps, found=task.fields["found"] + found)


def _columns(language: Language) -> tuple[Any, ...]:
    """How much, how fast, and for how long still."""
    from rich.progress import ProgressColumn, Task
    from rich.table import Column
    from rich.text import Text

    def number(value: float) -> str:
        return f"{value:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}" if language == "fr" else ",")

    percent = "\N{NARROW NO-BREAK SPACE}%" if language == "fr" else "%"

    class Much(ProgressColumn):
        """Steps done and to do; while articles are read, the share of the bytes, and the articles found."""

        def render(self, task: Task) -> Text:
            if task.fields["read"]:
                return Text(f"{task.percentage:.0f}{percent} · {number(task.fields['found'])} articles", style="progress.download")
            return Text(f"{number(task.completed)}/{number(task.total or 0)}", style="progress.download")

    class Fast(ProgressColumn):
        """Steps or articles a second."""

        def render(self, task: Task) -> Text:
            elapsed = (task.finished_time if task.finished else task.elapsed) or 0.0
            done = task.fields["found"] if task.fields["read"] else task.completed
            return Text(f"{number(done / elapsed)}/s" if elapsed and done else "", style="progress.data.speed")

    class Left(ProgressColumn):
        """The time left, and in the end the time taken."""

        max_refresh = 0.5

        def render(self, task: Task) -> Text:
            seconds = task.finished_time if task.finished else task.time_remaining
            # The first steps come late, while processes begin, and tell nothing.
            early = not task.finished and task.percentage < _TELLING and (task.elapsed or 0.0) < _SETTLED
            if seconds is None or early:
                return Text("", style="progress.remaining")
            minutes, rest = divmod(int(seconds), 60)
            told = f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
            if task.finished:
                return Text(told, style="progress.elapsed")
            return Text(f"reste {told}" if language == "fr" else f"{told} left", style="progress.remaining")

    return tuple(column(table_column=Column(no_wrap=True, justify="right")) for column in (Much, Fast, Left))


def shown(text: str) -> str:
    """`text` with what no terminal should be told (escapes, line breaks, marks that turn the direction) as its escape: names of files may
    hold anything."""
    return text if text.isprintable() else "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def print_answer(answer: Answer) -> None:
    """The answer, then its sources, or the nearest passages when there is none."""
    from rich.console import Console
    from rich.markdown import Markdown

    words = _WORDS[answer.language]
    if sys.stdout.isatty():
        # Facts are in bold; markers stay as they are, which Markdown would take for links.
        Console().print(Markdown(answer.text.replace("[", "\\[")))
    else:
        print(answer.text)
    if answer.citations:
        print(f"\n{words['sources']}")
    for citation in answer.citations:
        about = " · ".join(part for part in (citation.source, citation.published or words["undated"]) if part)
        print(f"  [{citation.number}] {citation.title or opening_words(citation.quote)} ({about})\n      {shown(citation.path)}")
        if citation.url:
            print(f"      {citation.link}")
        for copy in citation.copies:
            print(f"      = {shown(copy.source or copy.path)} ({copy.published or words['undated']})")
    if not answer.answered and answer.passages:
        print(f"\n{words['nearest']}")
        for hit in answer.passages:
            print(f"  - {shown(hit.path)} : {opening_words(hit.text, 160)}")


def print_hits(hits: Sequence[Hit]) -> None:
    """Passages, best first."""
    for number, hit in enumerate(hits, start=1):
        print(f"{number}. {hit.title or opening_words(hit.text)} ({shown(hit.path)}, {hit.start}-{hit.end}, {hit.score:.2f})")
        print(f"   {opening_words(hit.text, 240)}\n")
    if not hits:
        print("nothing found")


def print_status(document: Mapping[str, Any], labels: Sequence[str], writer: str | None = None) -> None:
    """The collection as a table, each article under its label; `writer` says who is writing the index, if anybody."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "published", "source", "passages", "title"):
        table.add_column(name, overflow="fold" if name != "id" else "ignore", no_wrap=name in ("id", "published"))
    for article, label in zip(document["articles"], labels, strict=True):
        cells = (article["id"], article["published"] or "-", article["source"] or "-", str(article["passages"]), label)
        table.add_row(*(Text(cell) for cell in cells))
    Console(soft_wrap=False).print(table)
    print(f"\n{len(document['articles'])} articles, {document['passages']} passages; model {document['model']}; home {document['home']}")
    print(f"paths: {', '.join(map(shown, document['paths']))}")
    if checked := document["selfcheck"]:
        halves = ", ".join(f"{name} {checked[name]:.2f}" for name in ("fused", "lexical", "dense"))
        print(f"self-check: {checked['questions']} headlines asked for their own articles, recall@10 {halves}")
    else:
        print("self-check: too few articles with a headline")
    if document["feedback"]:
        print(f"feedback: {document['feedback']:,} verdicts of readers")
    if writer:
        print(f"being written by {writer}")


_WORDS: Final = {
    "fr": {"sources": "Sources :", "nearest": "Au plus proche :", "undated": "non daté"},
    "en": {"sources": "Sources:", "nearest": "Nearest passages:", "undated": "undated"},
}
