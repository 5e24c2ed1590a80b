"""Questions asked of an index in Milvus Lite, beside the same articles on this disk."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.build import update
from index.collection import load_collection
from index.errors import CollectionError, MissingIndex, StoreError
from index.milvus.elsewhere import join
from index.store import Home
from qa.assistant import Assistant
from tests.fakes import HashEmbedder
from tests.index.milvus.library import text_of
from tests.index.milvus.server import Lite
from tests.index.test_selfcheck import write as headlined
from tests.paths import ROOT
from ui.cli import main

QUESTIONS = (
    "Qui signe un accord avec la Chine ?", "Que dit le ministre Sahabi sur le pétrole ?", "Quand la raffinerie est-elle inaugurée ?",
    "What does the president announce?", "Chronologie de la frontière", "Que disent les articles sur le mil ?", "Yéti introuvable ?",
)  # fmt: skip


def write(folder: Path, numbers: range) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        head = (
            f"---\ntitle: Dépêche {number} du Sahel\ndate: 20{10 + number % 15}-0{1 + number % 9}\nsource: site{number % 3}.example\n---\n"
        )
        (folder / f"{number:02d}.md").write_text(f"{head}\n{text_of(number)}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, Assistant]]:
    """The assistant of an index here, and that of one in Milvus Lite."""
    folder = tmp_path_factory.mktemp("both")
    articles = write(folder / "press", range(16))
    here = Assistant.from_paths([articles], home=folder / "here", embedder=HashEmbedder(dimension=64))
    home = Home(folder / "there")
    home.folder.mkdir()
    join(home.collection_file, f"milvus-lite:{folder / 'index'}")
    there = Assistant(home, HashEmbedder(dimension=64))
    there.update([articles])
    yield here, there
    elsewhere = home.elsewhere()
    assert elsewhere
    elsewhere.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_answers(both: tuple[Assistant, Assistant], question: str) -> None:
    here, there = (assistant.ask(question) for assistant in both)
    assert (there.text, there.answered, there.citations, there.missing) == (here.text, here.answered, here.citations, here.missing)
    assert [(hit.article_id, hit.start) for hit in there.passages] == [(hit.article_id, hit.start) for hit in here.passages]
    assert [hit.score for hit in there.passages] == pytest.approx([hit.score for hit in here.passages], abs=2e-3)
    assert all(both[1].verify(citation) for citation in there.citations)


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"since": "2015"}, id="since"),
        pytest.param({"until": "2012-06"}, id="until"),
        pytest.param({"source": "SITE1"}, id="source"),
        pytest.param({"since": "2012", "until": "2020", "source": "site2"}, id="all"),
        pytest.param({"source": "nowhere"}, id="nothing_left"),
    ],
)
def test_the_same_passages_within_limits(both: tuple[Assistant, Assistant], limits: dict[str, str]) -> None:
    here, there = (assistant.search("accord sur le pétrole", k=10, **limits) for assistant in both)
    assert [(hit.article_id, hit.start, hit.text) for hit in there] == [(hit.article_id, hit.start, hit.text) for hit in here]
    assert bool(here) == (limits.get("source") != "nowhere")


def test_the_same_overview_and_articles(both: tuple[Assistant, Assistant]) -> None:
    here, there = both
    assert there.overview() == here.overview()
    assert {item.id: item for item in there.generation().articles()} == {item.id: item for item in here.generation().articles()}
    one = next(iter(here.generation().articles()))
    assert there.find(one.path) == there.find(one.id) == one
    assert there.find("nowhere.md") is None


def test_the_same_selfcheck(both: tuple[Assistant, Assistant]) -> None:
    here, there = (assistant.home.manifest().selfcheck for assistant in both)
    assert here
    assert here["questions"] == 16
    assert there == here


def test_a_fall_is_told_aloud_and_status_has_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, docs = Home(tmp_path / "home"), headlined(tmp_path / "docs")
    home.folder.mkdir()
    join(home.collection_file, f"milvus-lite:{tmp_path / 'index'}")
    first = update(home, HashEmbedder(), [docs])
    assert first.selfcheck is not None
    assert (first.selfcheck["lexical"], first.warning) == (1.0, None)
    headlined(docs, honest=False)
    second = update(home, HashEmbedder())
    assert second.selfcheck is not None
    assert second.warning is not None
    assert "was 1.00" in second.warning
    assert main(["status", "--home", str(home.folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["selfcheck"] == second.selfcheck
    assert main(["status", "--home", str(home.folder)]) == 0
    assert "24 headlines asked for their own articles, recall@10 fused" in capsys.readouterr().out


def test_threads_share_an_assistant(both: tuple[Assistant, Assistant]) -> None:
    _, there = both
    alone = [there.ask(question).text for question in QUESTIONS]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda question: there.ask(question).text, QUESTIONS * 2)) == alone * 2


def test_an_article_comes_changes_and_goes(tmp_path: Path) -> None:
    articles = write(tmp_path / "press", range(3))
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    join(home.collection_file, f"milvus-lite:{tmp_path / 'index'}")
    assistant = Assistant(home, HashEmbedder(dimension=64))
    with pytest.raises(MissingIndex, match="no index in milvus-lite:"):
        assistant.generation()
    assert len(assistant.update([articles]).added) == 3
    new = articles / "09.md"
    new.write_text("Le vétérinaire Ousmane vaccine les chameaux de Bilma.\n", encoding="utf-8")
    report = assistant.update()
    assert (len(report.added), len(report.unchanged), report.articles, report.embedded) == (1, 3, 4, 1)
    # Seen at the next look, which is a second later at most.
    assert home.open().manifest.articles == 4
    reader = Assistant.open(home.folder, embedder=HashEmbedder(dimension=64))
    assert [hit.path for hit in reader.search("chameaux", k=1)] == list(report.added)
    new.write_text("Le vétérinaire Ousmane vaccine les moutons de Bilma.\n", encoding="utf-8")
    assert len(assistant.update().changed) == 1
    changed = Assistant.open(home.folder, embedder=HashEmbedder(dimension=64))
    assert changed.search("moutons", k=1)[0].text == "Le vétérinaire Ousmane vaccine les moutons de Bilma."
    assert len(assistant.remove([report.added[0]]).removed) == 1
    gone = Assistant.open(home.folder, embedder=HashEmbedder(dimension=64))
    assert "Ousmane" not in " ".join(hit.text for hit in gone.search("vétérinaire Ousmane moutons", k=10))
    assert gone.generation().manifest.articles == 3
    assert gone.generation().verify() == []
    with pytest.raises(CollectionError, match=r"09\.md"):
        assistant.remove(["09.md"])


def run(*arguments: str, home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ui", *arguments, "--home", str(home)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


@pytest.mark.timeout(600)
def test_two_processes_add_at_once_and_none_is_lost(tmp_path: Path) -> None:
    with Lite(tmp_path) as server:
        homes = [tmp_path / name for name in ("one", "two")]
        folders = [write(tmp_path / "north", range(0, 6)), write(tmp_path / "south", range(6, 12))]
        running = [run("index", str(folder), "--store", server.place, home=home) for folder, home in zip(folders, homes, strict=True)]
        for process in running:
            _, said = process.communicate(timeout=500)
            assert process.returncode == 0, said
        generation = Home(homes[0]).open()
        assert generation.manifest.articles == 12
        assert generation.verify() == []
        assert load_collection(homes[0] / "collection.json").writer != load_collection(homes[1] / "collection.json").writer
        reader = Home(tmp_path / "reader")
        reader.folder.mkdir()
        join(reader.collection_file, server.place)
        assert reader.open().manifest.articles == 12


def test_a_store_that_cannot_be_reached_is_not_joined(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no store"):
        join(tmp_path / "collection.json", "milvus:here")
    assert not (tmp_path / "collection.json").exists()


def test_without_its_packages_the_remedy_is_told(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['pymilvus'] = None; from ui.cli import main; "
        f"sys.exit(main(['index', '--store', 'milvus://127.0.0.1:1/press', '--home', {str(tmp_path)!r}]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 1
    assert ran.stderr == "griot: an index in Milvus needs the package pymilvus; install it with: pip install 'griot-qa[milvus]'\n"
