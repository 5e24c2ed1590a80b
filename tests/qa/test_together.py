"""One who writes and many who read, in threads and processes of their own: no question fails, and nothing that is read is deleted."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from index.build import update
from index.store import Home
from qa import Assistant
from tests.fakes import HashEmbedder

# Asks until the file `stop` is there, and prints how many answers it got and what each generation said, or what went wrong.
READER = """
import json, sys, time
from pathlib import Path
from qa import Assistant
from tests.fakes import HashEmbedder
home, stop = Path(sys.argv[1]), Path(sys.argv[2])
assistant = Assistant.open(home, embedder=HashEmbedder())
print("ready", flush=True)
counts, asked = set(), 0
while not stop.exists():
    answer = assistant.ask("Qui a ouvert le marché neuf ?")
    assert answer.answered, answer
    for citation in answer.citations:
        article = assistant.article(citation.article_id)
        assert article is None or article.text[citation.start : citation.end] == citation.quote
    counts.add(assistant.generation().manifest.articles)
    asked += 1
print(json.dumps({"asked": asked, "counts": sorted(counts)}))
"""
ROUNDS = 12


def write(docs: Path, number: int) -> None:
    docs.mkdir(exist_ok=True)
    (docs / f"{number}.txt").write_text(f"Le maire de la commune {number} a ouvert le marché neuf près du port, dit la mairie de Lomé.")


def test_readers_in_processes_see_each_generation_and_fail_at_none(tmp_path: Path) -> None:
    docs, home, stop = tmp_path / "docs", Home(tmp_path / "home"), tmp_path / "stop"
    write(docs, 0)
    update(home, HashEmbedder(), [docs])
    readers = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", READER, str(home.folder), str(stop)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        for number in range(1, ROUNDS):
            write(docs, number)
            if number % 3 == 0:
                (docs / f"{number - 1}.txt").unlink()
            update(home, HashEmbedder())
        last = home.manifest().articles
        stop.touch()
        for reader in readers:
            said, wrong = reader.communicate(timeout=120)
            assert reader.returncode == 0, wrong
            found = json.loads(said)
            assert found["asked"] > 0
            assert 1 <= found["counts"][0] <= found["counts"][-1] <= last
    finally:
        stop.touch()
        for reader in readers:
            reader.kill()
            reader.wait()
            for pipe in (reader.stdout, reader.stderr):
                if pipe:
                    pipe.close()
    # With nobody left to read them, only the last two generations stay.
    write(docs, ROUNDS)
    update(home, HashEmbedder())
    assert len(list(home.generations.iterdir())) == 2
    assert len(list(home.segments.iterdir())) == 2


def test_threads_of_an_open_assistant_ask_on_while_it_is_republished(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    write(docs, 0)
    assistant = Assistant.from_paths([docs], home=tmp_path / "home", embedder=HashEmbedder())
    done = threading.Event()
    failures: list[BaseException] = []

    def ask() -> None:
        while not done.is_set():
            try:
                assert assistant.ask("Qui a ouvert le marché neuf ?").answered
            except BaseException as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, ROUNDS):
        write(docs, number)
        update(assistant.home, HashEmbedder())
        # The very next question is answered from it.
        assert assistant.generation().manifest.articles == number + 1
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_generation_that_another_process_reads_is_kept_until_that_one_ends(tmp_path: Path) -> None:
    docs, home = tmp_path / "docs", Home(tmp_path / "home")
    write(docs, 0)
    update(home, HashEmbedder(), [docs])
    program = "import sys\nfrom index.store import Home\nheld = Home(sys.argv[1]).open()\nprint('ready', flush=True)\nsys.stdin.read()\n"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(home.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for number in range(1, 4):
            write(docs, number)
            update(home, HashEmbedder())
        assert sorted(path.name for path in home.generations.iterdir()) == ["1", "3", "4"]
        assert sorted(path.name for path in home.segments.iterdir()) == ["1", "3", "4"]
        reader.kill()
    write(docs, 4)
    update(home, HashEmbedder())
    assert sorted(path.name for path in home.generations.iterdir()) == ["4", "5"]
    assert sorted(path.name for path in home.segments.iterdir()) == ["4", "5"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are made by forking")
def test_a_home_that_cannot_be_written_is_asked_all_the_same() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write(folder / "docs", 0)
        home = Home(folder / "home")
        update(home, HashEmbedder(), [folder / "docs"])
        places = [folder, *folder.rglob("*")]
        for path in places:
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = {path: path.stat().st_mtime_ns for path in places}
        assert _as_nobody(lambda: Assistant.open(home.folder, embedder=HashEmbedder()).ask("Qui a ouvert le marché neuf ?").answered)
        assert {path: path.stat().st_mtime_ns for path in [folder, *folder.rglob("*")]} == before
        for path in places:
            path.chmod(0o755)


def _as_nobody(work) -> bool:  # type: ignore[no-untyped-def]
    """Whether `work` is true in a process without the rights of the superuser, to whom every disk can be written."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            code = 0 if work() else 2
        finally:
            os._exit(code)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return False
