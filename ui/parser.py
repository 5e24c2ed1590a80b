"""The command line of `griot`: commands, options, and what they may be."""

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from index.embed import DEFAULT_MODEL
from index.locate import BUNDLED, MINILM
from index.web.policy import Policy
from qa.assistant import default_home
from ui.moving import add_moving
from ui.people import add_people
from ui.watch import EVERY

Run = Callable[[argparse.Namespace], int]
MODEL_HELP: Final = f"embedding model: {BUNDLED}, {MINILM}, a folder or a name on the hub"
COLUMNS: Final = ("text", "title", "published", "url", "source", "author", "language", "id")


def parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """The command line, as the README documents it; `runs` says what runs each command."""
    top = argparse.ArgumentParser(prog="griot", description="Ask a collection of news articles; every answer is quoted and cited.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    index = _command(commands, runs, "index", "bring the index in step with its files and folders")
    index.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, folders, or addresses of pages, feeds and sitemaps; none: those already known, else the articles in seeds/",
    )
    index.add_argument("--model", metavar="NAME", help=f"{MODEL_HELP} (default: the index's own, else {DEFAULT_MODEL})")
    index.add_argument("--full", action="store_true", help="read everything again and write the index anew")
    index.add_argument(
        "--store",
        metavar="PLACE",
        help="keep the index in Milvus from now on: milvus://HOST:PORT/COLLECTION, or milvus-lite:PATH to try it (default: on this disk)",
    )
    index.add_argument("--prune", action="store_true", help="take out the articles of paths that are gone as a whole too")
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
    index.add_argument(
        "--workers", metavar="ADDRESS", help="have a Dask cluster read and embed, by its scheduler's address (tcp://HOST:8786)"
    )
    index.add_argument("--watch", action="store_true", help="stay, and follow the changes of the files until interrupted")
    index.add_argument(
        "--every",
        type=_positive,
        default=int(EVERY),
        metavar="MINUTES",
        help=f"with --watch: when addresses are fetched again, and all files looked at (default: {EVERY:g})",
    )
    remove = _command(commands, runs, "remove", "take articles or paths out of the collection")
    remove.add_argument("names", nargs="+", metavar="ID|PATH")
    ask = _command(commands, runs, "ask", "answer a question with quotes")
    ask.add_argument("question")
    search = _command(commands, runs, "search", "list the passages nearest to a query")
    search.add_argument("query")
    search.add_argument("-k", type=_positive, default=10, metavar="N", help="how many passages (default: 10)")
    for command in (ask, search):
        command.add_argument("--since", metavar="DATE", help="only articles of this date or later: 2023, 2023-07 or 2023-07-14")
        command.add_argument("--until", metavar="DATE", help="only articles of this date or earlier")
        command.add_argument("--source", metavar="NAME", help="only articles of sites whose name holds this")
    ask.add_argument("--server", metavar="URL", help="ask a Griot that is served elsewhere, instead of the index here")
    ask.add_argument("--key", default=os.environ.get("GRIOT_KEY"), metavar="KEY", help="its key for programs (default: $GRIOT_KEY)")
    ask.add_argument("--as-of", metavar="DATE", help="answer from what was published by this date")
    chat = _command(commands, runs, "chat", "serve the web chat", json_option=False)
    chat.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)")
    chat.add_argument("--port", type=_port, default=7860, help="port to listen on (default: 7860)")
    _add_serving(chat)
    _command(commands, runs, "mcp", "offer the tools ask, search and read_article on standard input and output", json_option=False)
    _command(commands, runs, "status", "what the collection holds")
    show = _command(commands, runs, "show", "print the clean text of an article, and what is known of it from where")
    show.add_argument("name", metavar="ID|PATH")
    verify = _command(commands, runs, "verify", "check every file of the index and every passage, or the quotes of saved answers")
    verify.add_argument("answers", nargs="*", type=Path, metavar="FILE", help="answers saved from griot ask --json")
    evaluate = _command(commands, runs, "eval", "measure retrieval and answers on question sets in BEIR form")
    evaluate.add_argument("folders", nargs="+", metavar="FOLDER", type=Path)
    evaluate.add_argument("--curve", metavar="FILE", type=Path, help="draw coverage against accuracy and refusals into a PNG file")
    evaluate.add_argument("--model", metavar="NAME", default=DEFAULT_MODEL, help=f"{MODEL_HELP} (default: {DEFAULT_MODEL})")
    for command in (ask, search, chat, evaluate):
        command.add_argument("--rerank", metavar="NAME", help="cross-encoder that orders the best passages again: a hub name or a folder")
    add_moving(commands, default_home())
    add_people(commands, default_home())
    return top


def _add_serving(chat: argparse.ArgumentParser) -> None:
    """How the site is reached, and by whom."""
    chat.add_argument("--read-only", action="store_true", help="nobody changes the collection in the browser")
    chat.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="a name that the site goes by, such as its domain")
    chat.add_argument("--proxy", action="append", default=[], metavar="ADDRESS", help="a proxy whose X-Forwarded-For is believed")
    chat.add_argument("--secure", action="store_true", help="the site is reached by https, through a proxy")
    chat.add_argument("--base-path", default="", metavar="PATH", help="the path that the site stands below, behind a proxy: /griot")
    chat.add_argument("--rate", type=_whole, default=120, metavar="N", help="questions a minute and client; 0: any number (default: 120)")
    chat.add_argument("--max-upload", type=_positive, default=200, metavar="MB", help="largest file that may be added (default: 200)")
    chat.add_argument("--certificate", metavar="FILE", help="serve https with this certificate (PEM)")
    chat.add_argument("--private-key", metavar="FILE", help="the key of the certificate (PEM)")
    chat.add_argument("--log-file", type=Path, metavar="FILE", help="a line of JSON for each question; - for standard error")
    chat.add_argument("--log-questions", action="store_true", help="with the question's text in each line")


def _command(commands: Any, runs: Mapping[str, Run], name: str, summary: str, *, json_option: bool = True) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    command.set_defaults(run=runs[name])
    command.add_argument(
        "--home", type=Path, default=default_home(), metavar="DIR", help="where the index is kept (default: $GRIOT_HOME, else .griot)"
    )
    if json_option:
        command.add_argument("--json", action="store_true", help="print one JSON document, and nothing else, on standard output")
    return command


def _column(text: str) -> tuple[str, str]:
    field, equals, name = text.partition("=")
    field = "published" if field == "date" else field
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
