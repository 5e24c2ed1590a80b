"""Models named on the command line: `--model` and `--rerank`, and what remains when one of them cannot be had."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.models import cross_encoder, static_model
from tests.paths import ROOT
from tests.qa.conftest import write_articles
from tests.qa.test_evaluate import write
from ui.cli import main

QUESTION = "Quand le Bénin a-t-il signé un accord de pêche avec le Togo ?"


class Command:
    """Runs `griot` with one home and gives the status, the JSON on stdout and the text on stderr."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home, self.capture = home, capture

    def __call__(self, *arguments: str | Path, home: bool = True) -> tuple[int, Any, str]:
        self.capture.readouterr()
        place = ["--home", str(self.home)] if home else []
        status = main([*(str(argument) for argument in arguments), *place, "--json"])
        streams = self.capture.readouterr()
        return status, json.loads(streams.out or "null"), streams.err


@pytest.fixture
def griot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """With an index made by a small static model."""
    command = Command(tmp_path / "home", capsys)
    docs, model = write_articles(tmp_path / "docs"), static_model(tmp_path / "model")
    assert command("index", docs, "--model", model)[0] == 0
    return command


def test_the_model_of_the_index_is_kept_until_another_is_named(griot: Command, tmp_path: Path) -> None:
    assert griot("status")[1]["model"] == str(tmp_path / "model")
    (tmp_path / "docs" / "new.txt").write_text("Le Togo a voté une loi sur la pêche.\n")
    assert griot("index")[1]["embedded"] == 1
    other = static_model(tmp_path / "other", seed=1)
    assert griot("index", "--model", other)[1]["embedded"] == 4
    assert griot("status")[1]["model"] == str(other)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("someone/some-model", "HF_HUB_OFFLINE forbids to fetch it; unset that variable once, or use the model that comes with Griot"),
        ("./no/such/model", "no model folder at ./no/such/model"),
        ("DAMAGED", "is damaged: tokenizer.json is missing; copy or fetch that folder again, or use the model that comes with Griot"),
    ],
)
def test_a_model_that_cannot_be_had_changes_nothing(griot: Command, tmp_path: Path, name: str, reason: str) -> None:
    (static_model(tmp_path / "damaged") / "tokenizer.json").unlink()
    before = griot("status")[1]
    status, document, told = griot("index", "--full", "--model", str(tmp_path / "damaged") if name == "DAMAGED" else name)
    assert (status, document, len(told.splitlines())) == (1, None, 1)
    assert told.startswith("griot: ")
    assert reason in told
    assert griot("status")[1] == before
    assert griot("verify")[0] == 0
    assert griot("ask", QUESTION)[1]["answered"]


def test_the_model_of_the_index_is_gone(griot: Command, tmp_path: Path) -> None:
    (tmp_path / "model").rename(tmp_path / "elsewhere")
    for command in (["ask", QUESTION], ["search", "accord"], ["index"]):
        status, _, told = griot(*command)
        assert (status, len(told.splitlines())) == (1, 1)
        assert f"no model folder at {tmp_path / 'model'}" in told
    assert griot("index", "--model", tmp_path / "elsewhere")[0] == 0
    assert griot("ask", QUESTION)[1]["answered"]


def test_asking_imports_nothing_heavy(griot: Command) -> None:
    program = (
        "import sys\nfrom ui.cli import main\n"
        f"main(['ask', {QUESTION!r}, '--home', {str(griot.home)!r}])\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert "14 janvier 2025" in ran.stdout
    assert not set(ran.stderr.split()) & {"torch", "transformers", "sentence_transformers", "huggingface_hub", "gradio", "scipy", "sklearn"}


def test_rerank(griot: Command, tmp_path: Path) -> None:
    model = cross_encoder(tmp_path / "reranker")
    plain, again = griot("search", QUESTION)[1], griot("search", QUESTION, "--rerank", model)[1]
    assert {hit["path"] for hit in plain["passages"]} == {hit["path"] for hit in again["passages"]}
    assert [hit["score"] for hit in plain["passages"]] != [hit["score"] for hit in again["passages"]]
    status, answer, _ = griot("ask", QUESTION, "--rerank", model)
    assert (status, answer["answered"]) == (0, True)
    (tmp_path / "set").mkdir()
    options = ["--model", tmp_path / "model", "--rerank", model]
    assert griot("eval", write(tmp_path / "set"), *options, home=False)[1]["questions"] == 2


@pytest.mark.parametrize("command", [["ask", "Qui ?"], ["search", "accord"], ["eval", "."]])
def test_a_reranker_that_cannot_be_had(griot: Command, tmp_path: Path, command: list[str]) -> None:
    for name, reason in (("someone/reranker", "or leave --rerank out"), (str(tmp_path / "model"), "is not a cross-encoder")):
        status, _, told = griot(*command, "--rerank", name, *(["--model", str(tmp_path / "model")] if command[0] == "eval" else []))
        assert (status, len(told.splitlines())) == (1, 1)
        assert reason in told
