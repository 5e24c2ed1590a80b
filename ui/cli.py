"""The `griot` command."""

import argparse
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from index.collection import load_collection
from index.embed import DEFAULT_MODEL, open_model
from index.errors import GriotError, MissingIndex
from index.locate import BUNDLED, MINILM
from index.report import Report
from index.store import Home
from qa.answer import Answer, Hit
from qa.assistant import Assistant, default_home
from qa.rerank import CrossEncoderReranker, Reranker
from ui.terminal import Bars, print_answer, print_failures, print_hits, print_report, print_status

MODEL_HELP: Final = f"embedding model: {BUNDLED}, {MINILM}, a folder or a name on the hub"
SEEDS: Final = Path(__file__).resolve().parent.parent / "seeds"
_FAILED: Final = 1
_INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Exit status: 0 done, 1 a clear error on stderr, 2 wrong usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding shows a question mark for what it lacks.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    # A reader that closes the pipe early ("griot search ... | head") ends the command quietly.
    if hasattr(signal, "SIGPIPE"):
        with suppress(ValueError):
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except GriotError as error:
        print(f"griot: {error}", file=sys.stderr)
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        print(f"griot: {error.strerror or error}{place}; check the place and its rights", file=sys.stderr)
    except KeyboardInterrupt:
        print("griot: interrupted; what was published before is untouched, and the next run goes on", file=sys.stderr)
        return _INTERRUPTED
    return _FAILED


def parser() -> argparse.ArgumentParser:
    """The command line, as the README documents it."""
    top = argparse.ArgumentParser(prog="griot", description="Ask a collection of news articles; every answer is quoted and cited.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    index = _command(commands, "index", run_index, "bring the index in step with its files and folders")
    index.add_argument("paths", nargs="*", metavar="PATH", help="files or folders; none: those already known, else the articles in seeds/")
    index.add_argument("--model", metavar="NAME", help=f"{MODEL_HELP} (default: the index's own, else {DEFAULT_MODEL})")
    index.add_argument("--full", action="store_true", help="read and embed everything again")
    index.add_argument("--watch", action="store_true", help="stay, and follow the changes of the files until interrupted")
    remove = _command(commands, "remove", run_remove, "take articles or paths out of the collection")
    remove.add_argument("names", nargs="+", metavar="ID|PATH")
    ask = _command(commands, "ask", run_ask, "answer a question with quotes")
    ask.add_argument("question")
    search = _command(commands, "search", run_search, "list the passages nearest to a query")
    search.add_argument("query")
    search.add_argument("-k", type=_positive, default=10, metavar="N", help="how many passages (default: 10)")
    for command in (ask, search):
        command.add_argument("--since", metavar="DATE", help="only articles of this date or later: 2023, 2023-07 or 2023-07-14")
        command.add_argument("--until", metavar="DATE", help="only articles of this date or earlier")
        command.add_argument("--source", metavar="NAME", help="only articles of sites whose name holds this")
    ask.add_argument("--as-of", metavar="DATE", help="answer from what was published by this date")
    chat = _command(commands, "chat", run_chat, "serve the web chat", json_option=False)
    chat.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)")
    chat.add_argument("--port", type=_port, default=7860, help="port to listen on (default: 7860)")
    _command(commands, "status", run_status, "what the collection holds")
    _command(commands, "verify", run_verify, "check every file of the index and every passage")
    evaluate = _command(commands, "eval", run_eval, "measure retrieval and answers on question sets in BEIR form")
    evaluate.add_argument("folders", nargs="+", metavar="FOLDER", type=Path)
    evaluate.add_argument("--curve", metavar="FILE", type=Path, help="draw coverage against accuracy and refusals into a PNG file")
    evaluate.add_argument("--model", metavar="NAME", default=DEFAULT_MODEL, help=f"{MODEL_HELP} (default: {DEFAULT_MODEL})")
    for command in (ask, search, chat, evaluate):
        command.add_argument("--rerank", metavar="NAME", help="cross-encoder that orders the best passages again: a hub name or a folder")
    return top


def run_index(options: argparse.Namespace) -> int:
    """`griot index`."""
    home = Home(options.home)
    paths = options.paths or _unless_known(home)
    with Bars(quiet=not sys.stderr.isatty()) as bars:
        assistant = Assistant(home, open_model(options.model or _model_of(home)))
        report = assistant.update(paths, full=options.full, watcher=bars)
    _show(options, report_document(report), lambda: print_report(report))
    if options.json and report.warning:
        print(f"griot: WARNING: {report.warning}", file=sys.stderr)
    if options.watch:
        from ui.watch import follow

        follow(assistant, lambda later: _show(options, report_document(later), lambda: print_report(later)))
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """`griot remove`."""
    report = _assistant(options).remove(options.names)
    _show(options, report_document(report), lambda: print_report(report))
    return 0


def run_ask(options: argparse.Namespace) -> int:
    """`griot ask`."""
    assistant = _assistant(options)
    limits = {"since": options.since, "until": options.until, "source": options.source, "as_of": options.as_of}
    answer = assistant.ask(options.question, **limits)
    _show(options, answer_document(answer), lambda: print_answer(answer))
    return 0


def run_search(options: argparse.Namespace) -> int:
    """`griot search`."""
    hits = _assistant(options).search(options.query, options.k, since=options.since, until=options.until, source=options.source)
    document = {"query": options.query, "passages": [hit_document(hit, named=True) for hit in hits]}
    _show(options, document, lambda: print_hits(hits))
    return 0


def run_chat(options: argparse.Namespace) -> int:
    """`griot chat`."""
    # Checked before the seconds that importing gradio takes.
    assistant = _assistant(options)
    from ui.web import serve

    serve(assistant, options.host, options.port, ready=lambda address: print(f"Griot: {address}", flush=True))
    return 0


def run_status(options: argparse.Namespace) -> int:
    """`griot status`."""
    home = Home(options.home)
    generation = home.open()
    manifest = generation.manifest
    counts = dict(zip(generation.facts.ids, generation.facts.passages.tolist(), strict=True))
    articles = [
        {"id": article.id, "path": article.path, "title": article.title, "source": article.source, "published": article.published,
         "language": article.language, "url": article.url, "passages": counts[article.id]}
        for article in generation.articles()
    ]  # fmt: skip
    document = {
        "home": str(home.folder), "generation": home.current(), "format": manifest.format, "model": manifest.model,
        "fingerprint": manifest.fingerprint, "dimension": manifest.dimension, "chunking": manifest.chunking,
        "paths": [root.label for root in load_collection(home.collection_file).roots],
        "articles": articles, "passages": manifest.passages, "selfcheck": manifest.selfcheck,
    }  # fmt: skip
    labels = [article.label for article in generation.articles()]
    _show(options, document, lambda: print_status(document, labels))
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """`griot verify`."""
    wrong = Home(options.home).open().verify()
    _show(
        options, {"ok": not wrong, "wrong": wrong}, lambda: print("the index is whole" if not wrong else "", end="\n" if not wrong else "")
    )
    for line in wrong:
        print(f"griot: {line}", file=sys.stderr)
    return _FAILED if wrong else 0


def run_eval(options: argparse.Namespace) -> int:
    """`griot eval`."""
    from qa.evaluate import draw, evaluate

    embedder, reranker = open_model(options.model), _reranker(options)
    with Bars(quiet=not sys.stderr.isatty()) as bars:
        figures = [evaluate(folder, embedder, bars, reranker) for folder in options.folders]
    if options.curve:
        draw(figures, options.curve)
    document: Any = figures[0] if len(figures) == 1 else figures
    _show(options, document, lambda: print(json.dumps(document, indent=2, ensure_ascii=False)))
    return 0


def answer_document(answer: Answer) -> dict[str, Any]:
    """An answer as the JSON of `griot ask --json`."""
    return {
        "question": answer.question, "language": answer.language, "answered": answer.answered, "text": answer.text,
        "seconds": answer.seconds,
        "citations": [asdict(citation) for citation in answer.citations],
        "passages": [hit_document(hit) for hit in answer.passages], "missing": list(answer.missing),
    }  # fmt: skip


def hit_document(hit: Hit, *, named: bool = False) -> dict[str, Any]:
    """A passage as JSON; `named` adds the path and title of its article."""
    about = {"path": hit.path, "title": hit.title} if named else {}
    return {"article_id": hit.article_id, **about, "start": hit.start, "end": hit.end, "text": hit.text, "score": hit.score}


def report_document(report: Report) -> dict[str, Any]:
    """A report as the JSON of `griot index --json`."""
    return asdict(report)


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], summary: str, *, json_option: bool = True
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    command.set_defaults(run=run)
    command.add_argument(
        "--home", type=Path, default=default_home(), metavar="DIR", help="where the index is kept (default: $GRIOT_HOME, else .griot)"
    )
    if json_option:
        command.add_argument("--json", action="store_true", help="print one JSON document, and nothing else, on standard output")
    return command


def _assistant(options: argparse.Namespace) -> Assistant:
    """The assistant of the home; the first time, its index is built from seeds/."""
    reranker = _reranker(options)
    try:
        return Assistant.open(options.home, reranker=reranker)
    except MissingIndex:
        home = Home(options.home)
        with Bars(quiet=not sys.stderr.isatty()) as bars:
            assistant = Assistant(home, open_model(), reranker)
            print_failures(assistant.update(_unless_known(home), watcher=bars))
        return assistant


def _reranker(options: argparse.Namespace) -> Reranker | None:
    """The reranking model that was asked for, if any."""
    name = getattr(options, "rerank", None)
    return CrossEncoderReranker(name) if name else None


def _unless_known(home: Home) -> list[str]:
    """The paths to index when none are given: none to add if the collection has some, else seeds/."""
    if load_collection(home.collection_file).roots:
        return []
    return [os.path.relpath(SEEDS)] if SEEDS.is_relative_to(Path.cwd()) else [str(SEEDS)]


def _model_of(home: Home) -> str:
    """The model that the published index was made with, so that `griot index` alone never changes it."""
    try:
        return home.manifest().model
    except GriotError:
        return DEFAULT_MODEL


def _show(options: argparse.Namespace, document: Any, people: Callable[[], None]) -> None:
    if getattr(options, "json", False):
        unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        print(json.dumps(document, ensure_ascii=not unicode), flush=True)
    else:
        people()


def _positive(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from error


def _port(text: str) -> int:
    number = _whole(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port (0 to 65535)")
    return number


if __name__ == "__main__":
    sys.exit(main())
