"""The retrievers for LangChain and LlamaIndex, with the real packages."""

from pathlib import Path

import pytest

from index.build import update
from index.store import Home
from qa.assistant import Assistant
from tests.fakes import HashEmbedder

TEXT = "Le conseil municipal de {} a voté mardi la reconstruction du marché.\n\nLes travaux dureront deux ans."


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("retrievers")
    (folder / "in").mkdir()
    for place in ("gaya", "dosso", "zinder"):
        (folder / "in" / f"{place}.txt").write_text(TEXT.format(place.title()), encoding="utf-8")
    embedder = HashEmbedder()
    update(Home(folder / "home"), embedder, [folder / "in"])
    return Assistant(Home(folder / "home"), embedder)


def test_langchain(assistant: Assistant) -> None:
    from qa.langchain import GriotRetriever

    found = GriotRetriever(assistant=assistant, k=1).invoke("marché de Zinder")
    assert len(found) == 1
    best = found[0]
    article = assistant.article(best.metadata["article_id"])
    assert article is not None
    assert article.path.endswith("zinder.txt")
    assert article.text[best.metadata["start"] : best.metadata["end"]] == best.page_content


def test_llamaindex(assistant: Assistant) -> None:
    from qa.llamaindex import GriotRetriever

    found = GriotRetriever(assistant, k=1).retrieve("marché de Zinder")
    assert len(found) == 1
    best = found[0].node
    article = assistant.article(best.metadata["article_id"])
    assert article is not None
    assert article.path.endswith("zinder.txt")
    assert article.text[best.start_char_idx : best.end_char_idx] == best.text  # type: ignore[attr-defined]
    assert found[0].score is not None
