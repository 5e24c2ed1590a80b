"""The `griot` command."""

import argparse
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from index.collection import load_collection
from index.embed import DEFAULT_MODEL, open_model
from index.errors import CollectionError, GriotError, MissingIndex
from index.locate import BUNDLED, MINILM
from index.store import Home
from index.web.policy import Policy
from qa.assistant import Assistant, default_home
from qa.rerank import CrossEncoderReranker, Reranker
from ui.documents import answer_document, article_document, hit_document, report_document
from ui.report import print_article, print_failures, print_report, print_traces
from ui.saved import saved_citations
from ui.terminal import Bars, print_answer, print_hits, print_status

if TYPE_CHECKING:
    from index.web.fetch import Fetcher

MODEL_HELP: Final = f"embedding model: {BUNDLED}, {MINILM}, a folder or a name on the hub"
SEEDS: Final = Path(__file__).resolve().parent.parent / "seeds"
COLUMNS: Final = ("text", "title", "published", "url", "source", "author", "language", "id")
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
    index.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, folders, or addresses of pages, feeds and sitemaps; none: those already known, else the articles in seeds/",
    )
    index.add_argument("--model", metavar="NAME", help=f"{MODEL_HELP} (default: the index's own, else {DEFAULT_MODEL})")
    index.add_argument("--full", action="store_true", help="read and embed everything again")
    index.add_argument(
        "--column",
        action="append",
        default=[],
        type=_column,
        metavar="FIELD=NAME",
        help="the column or key of tables and JSON that holds a field (text, title, date, url, source, author, id, language); kept",
    )
    index.add_argument(
        "--limit",
        type=_positive,
        default=Policy.limit,
        metavar="N",
        help=f"pages of one feed or sitemap, the newest first (default: {Policy.limit})",
    )
    index.add_argument("--allow-private", action="store_true", help="fetch from this machine and from private networks too")
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
    show = _command(commands, "show", run_show, "print the clean text of an article, and what is known of it from where")
    show.add_argument("name", metavar="ID|PATH")
    verify = _command(commands, "verify", run_verify, "check every file of the index and every passage, or the quotes of saved answers")
    verify.add_argument("answers", nargs="*", type=Path, metavar="FILE", help="answers saved from griot ask --json")
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
        report = assistant.update(paths, full=options.full, columns=dict(options.column), fetcher=_fetcher(options), watcher=bars)
    _show(options, report_document(report), lambda: print_report(report))
    if options.json and report.warning:
        print(f"griot: WARNING: {report.warning}", file=sys.stderr)
    if options.watch:
        from ui.watch import follow

        follow(assistant, lambda later: _show(options, report_document(later), lambda: print_report(later)))
    return 0


def _fetcher(options: argparse.Namespace) -> "Fetcher | None":
    if options.limit == Policy.limit and not options.allow_private:
        return None
    from index.web.fetch import Fetcher

    return Fetcher(Policy(limit=options.limit, allow_private=options.allow_private))


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
    from ui.desk import Desk
    from ui.web import serve

    serve(Desk(assistant=assistant), options.host, options.port, ready=lambda address: print(f"Griot: {address}", flush=True))
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


def run_show(options: argparse.Namespace) -> int:
    """`griot show`."""
    assistant = _assistant(options)
    article = assistant.find(options.name)
    if article is None:
        raise CollectionError(f"{options.name}: no article has this id or path; list them with: griot status")
    document = article_document(assistant, article)
    _show(options, document, lambda: print_article(document))
    return 0


def _verify_answers(options: argparse.Namespace) -> int:
    assistant = Assistant.open(options.home)
    found = [(path, citation, assistant.trace(citation)) for path in options.answers for citation in saved_citations(path)]
    listed = [
        {"file": str(path), "number": citation.number, "article_id": citation.article_id, "held": state.held,
         "changed": state.changed.isoformat() if state.changed else None, "gone": state.gone}
        for path, citation, state in found
    ]  # fmt: skip
    ok = all(state.held for _, _, state in found)
    _show(options, {"ok": ok, "citations": listed}, lambda: print_traces(found))
    return 0 if ok else _FAILED


def run_verify(options: argparse.Namespace) -> int:
    """`griot verify`."""
    if options.answers:
        return _verify_answers(options)
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


def _column(text: str) -> tuple[str, str]:
    field, equals, name = text.partition("=")
    if not equals or not name.strip() or field not in COLUMNS:
        raise argparse.ArgumentTypeError(f"{text!r} is not FIELD=NAME with a field of {', '.join(COLUMNS)}")
    return field, name.strip()


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
