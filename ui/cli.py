"""The `griot` command."""

import argparse
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from index.collection import load_collection
from index.embed import DEFAULT_MODEL, open_model
from index.errors import CollectionError, GriotError, MissingIndex
from index.lock import owner_of, writing
from index.store import Home
from index.web.policy import Policy
from qa.assistant import Assistant
from qa.rerank import CrossEncoderReranker, Reranker
from ui.documents import answer_document, article_document, hit_document, report_document
from ui.feedback import Feedback
from ui.parser import parser as command_line
from ui.report import print_article, print_failures, print_report, print_traces
from ui.saved import saved_citations
from ui.terminal import Bars, print_answer, print_hits, print_status
from ui.watch import Pace, follow

if TYPE_CHECKING:
    from index.web.fetch import Fetcher

SEEDS: Final = Path(__file__).resolve().parent.parent / "seeds"
_FAILED: Final = 1
_INTERRUPTED: Final = 130
_CLOSED: Final = 141
"""As a shell has it for a program that SIGPIPE ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Exit status: 0 done, 1 a clear error on stderr, 2 wrong usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding shows a question mark for what it lacks.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        status = command(options)
        sys.stdout.flush()
        return status
    except GriotError as error:
        print(f"griot: {error}", file=sys.stderr)
    except BrokenPipeError:
        # Nobody reads our output any more ("griot search ... | head"): the command ends quietly, and Python says nothing of what is still
        # to be written. Leaving SIGPIPE to the system did that too, and ended the server at the first client that went away.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _CLOSED
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        print(f"griot: {error.strerror or error}{place}; check the place and its rights", file=sys.stderr)
    except KeyboardInterrupt:
        print("griot: interrupted; what was published before is untouched, and the next run goes on", file=sys.stderr)
        return _INTERRUPTED
    return _FAILED


def parser() -> argparse.ArgumentParser:
    """The command line, as the README documents it."""
    runs = {
        "index": run_index, "remove": run_remove, "ask": run_ask, "search": run_search, "chat": run_chat, "mcp": run_mcp,
        "status": run_status, "show": run_show, "verify": run_verify, "eval": run_eval,
    }  # fmt: skip
    return command_line(runs)


def run_index(options: argparse.Namespace) -> int:
    """`griot index`."""
    home = Home(options.home)
    if options.store:
        from index.milvus.elsewhere import join

        with writing(home):
            join(home.collection_file, options.store)
    paths = options.paths or _unless_known(home)
    with Bars(quiet=not sys.stderr.isatty()) as bars:
        assistant = Assistant(home, open_model(options.model or _model_of(home)))
        report = assistant.update(
            paths, full=options.full, prune=options.prune, columns=dict(options.column), fetcher=_fetcher(options), watcher=bars,
            workers=options.workers,
        )  # fmt: skip
    _show(options, report_document(report), lambda: print_report(report))
    if options.json and report.warning:
        print(f"griot: WARNING: {report.warning}", file=sys.stderr)
    if options.watch:
        follow(
            assistant, lambda later: _show(options, report_document(later), lambda: print_report(later)),
            pace=Pace(every=options.every * 60), last=report,
        )  # fmt: skip
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
    limits = {"since": options.since, "until": options.until, "source": options.source, "as_of": options.as_of}
    if options.server:
        from qa.client import Client

        answer = Client(options.server, options.key).ask(options.question, **limits)
    else:
        answer = _assistant(options).ask(options.question, **limits)
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
    if bool(options.certificate) != bool(options.private_key):
        raise GriotError("a certificate and its key go together; give --certificate FILE --private-key FILE")
    if options.log_questions and not options.log_file:
        raise GriotError("there is no log to write questions to; give --log-file FILE, or - for standard error")
    tls = (options.certificate, options.private_key) if options.certificate else None
    from ui.api.figures import Figures
    from ui.journal import Journal
    from ui.site import Door, Site
    from ui.web import serve

    door = Door(
        host=options.host, read_only=options.read_only, secure=options.secure or tls is not None, proxies=frozenset(options.proxy),
        names=tuple(options.allow_host), base=options.base_path.rstrip("/"), questions=max(0, options.rate),
        upload=options.max_upload * 1_000_000,
    )  # fmt: skip
    # As Ctrl-C: uvicorn ends what runs, then passes the signal on, and the build is stopped as well.
    with suppress(ValueError):
        signal.signal(signal.SIGTERM, lambda *_: _interrupt())
    with _log(options.log_file) as log:
        site = Site(assistant=assistant, door=door, journal=Journal(Figures(), log, with_questions=options.log_questions))
        try:
            serve(site.app(), options.host, options.port, ready=lambda address: print(f"Griot: {address}", flush=True), tls=tls)
        finally:
            site.stop()
    return 0


def _interrupt() -> None:
    raise KeyboardInterrupt


def _log(path: Path | None) -> AbstractContextManager[TextIO | None]:
    """The log of questions, added to; nobody else reads a new one."""
    if path is None or str(path) == "-":
        return nullcontext(sys.stderr if path else None)
    return open(path, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600))


def run_mcp(options: argparse.Namespace) -> int:
    """`griot mcp`."""
    from ui.tools import tool_server

    tool_server(_assistant(options)).run()
    return 0


def run_status(options: argparse.Namespace) -> int:
    """`griot status`."""
    home = Home(options.home)
    owner = owner_of(home)
    try:
        generation, collection = home.open(), load_collection(home.collection_file)
    except MissingIndex as error:
        raise (MissingIndex(f"no index in {home.folder} yet; the first is being built by {owner.describe()}") if owner else error) from None
    manifest = generation.manifest
    counts = dict(zip(generation.facts.ids, generation.facts.passages.tolist(), strict=True))
    articles, labels = [], []
    for article in generation.articles():
        # Of an index that others write too, one may have come since.
        articles.append({
            "id": article.id, "path": article.path, "title": article.title, "source": article.source, "published": article.published,
            "language": article.language, "url": article.url, "passages": counts.get(article.id, 0),
        })  # fmt: skip
        labels.append(article.label)
    document = {
        "home": str(home.folder), "generation": home.current(), "format": manifest.format, "model": manifest.model,
        "fingerprint": manifest.fingerprint, "dimension": manifest.dimension, "chunking": manifest.chunking,
        "paths": [root.label for root in collection.roots], "store": collection.store or None,
        "articles": articles, "passages": manifest.passages, "selfcheck": manifest.selfcheck,
        "feedback": Feedback(home.folder).count(), "writer": asdict(owner) if owner else None,
    }  # fmt: skip
    _show(options, document, lambda: print_status(document, labels, owner.describe() if owner else None))
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
    collection = load_collection(home.collection_file)
    if collection.roots or collection.store:
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


if __name__ == "__main__":
    sys.exit(main())
