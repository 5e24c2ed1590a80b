"""The tools as the official SDK's client sees them."""

import json
from pathlib import Path
from typing import Any

import pytest

from index.build import update
from index.store import Home
from qa.assistant import Assistant
from tests.apart import apart
from tests.bench.assistant_tools import QUESTION as SIGNED
from tests.bench.assistant_tools import called, talk
from tests.fakes import HashEmbedder
from tests.paths import SEEDS
from ui.tools import tool_server

TEXT = "Le conseil municipal de {} a voté mardi la reconstruction du marché.\n\nLes travaux dureront deux ans."
QUESTION = "Qui a voté la reconstruction du marché de Gaya ?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("tools")
    (folder / "in").mkdir()
    for place in ("gaya", "dosso"):
        (folder / "in" / f"{place}.txt").write_text(TEXT.format(place.title()), encoding="utf-8")
    embedder = HashEmbedder()
    update(Home(folder / "home"), embedder, [folder / "in"])
    return Assistant(Home(folder / "home"), embedder)


def test_three_tools_and_nothing_else(assistant: Assistant) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [("ask", {"question": QUESTION}), ("search", {"query": "marché", "k": 1})]
    names, told = apart(called, tool_server(assistant), calls)
    assert names == ["ask", "search", "read_article"]
    answer = json.loads(told[0][1])
    assert answer["answered"] is True
    quote = answer["citations"][0]
    assert len(json.loads(told[1][1])["passages"]) == 1
    calls = [("read_article", {"article_id": quote["article_id"]})]
    _, told = apart(called, tool_server(assistant), calls)
    assert json.loads(told[0][1])["text"][quote["start"] : quote["end"]] == quote["quote"]


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        pytest.param("read_article", {"article_id": "none"}, "no article has the id 'none'", id="no_such_article"),
        pytest.param("ask", {"question": "a b", "since": "hier soir"}, "hier soir", id="no_date"),
        pytest.param("ask", {}, "question", id="no_question"),
        pytest.param("ask", {"question": 7}, "string", id="a_number"),
        pytest.param("search", {"query": "a", "k": 1_000}, "50", id="too_many"),
    ],
)
def test_what_cannot_be_done_is_said(assistant: Assistant, name: str, arguments: dict[str, Any], reason: str) -> None:
    _, told = apart(called, tool_server(assistant), [(name, arguments)])
    assert told[0][0]
    assert reason in told[0][1]
    assert "Traceback" not in told[0][1]


def test_over_standard_input_and_output(tmp_path: Path) -> None:
    """A process of its own, as an assistant starts it: nothing but the protocol on its standard output."""
    Assistant.from_paths([SEEDS], home=tmp_path / "home")
    calls: list[tuple[str, dict[str, Any]]] = [("ask", {"question": SIGNED}), ("read_article", {"article_id": "none"})]
    names, told = apart(talk, tmp_path / "home", calls)
    assert names == ["ask", "search", "read_article"]
    answer = json.loads(told[0][1])
    assert (answer["answered"], "26 juin 2023" in answer["citations"][0]["quote"]) == (True, True)
    assert (told[1][0], "no article has the id 'none'" in told[1][1]) == (True, True)
