"""The optional last stage: order, scores, and the same ranking for answers, searches and evaluations."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.vectors import FloatVector
from qa import Assistant
from qa.evaluate import evaluate
from qa.rerank import RERANKED, CrossEncoderReranker
from qa.retrieve import Ranking, reorder
from tests.fakes import HashEmbedder
from tests.models import cross_encoder, plain_bert, static_model
from tests.qa.test_evaluate import write

QUESTION = "Quand le Bénin a-t-il signé un accord de pêche avec le Togo ?"


class WordReranker:
    """Scores a text by how often it holds a word."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[tuple[str, list[str]]] = []

    def scores(self, question: str, texts: Sequence[str]) -> FloatVector:
        self.asked.append((question, list(texts)))
        return np.array([text.lower().count(self.word) for text in texts], np.float32)


def ranking(rows: list[int], scores: list[float]) -> Ranking:
    return Ranking(rows=np.array(rows, np.int64), scores=np.array(scores, np.float32))


@pytest.mark.parametrize(
    ("scores", "rows", "expected"),
    [
        pytest.param([], [5, 3, 8], [2.0, 1.5, 1.0], id="nothing_scored"),
        pytest.param([0.0, 4.0, 9.0], [8, 3, 5], [9.0, 4.0, 0.0], id="all"),
        # The last kept 0.5 below the one before it, as it was.
        pytest.param([1.0, 7.0], [3, 5, 8], [7.0, 1.0, 1.0], id="the_first_two"),
        pytest.param([2.0, 2.0, 2.0], [5, 3, 8], [2.0, 2.0, 2.0], id="ties_as_they_stood"),
    ],
)
def test_rerank(scores: list[float], rows: list[int], expected: list[float]) -> None:
    found = reorder(ranking([5, 3, 8], [2.0, 1.5, 1.0]), np.array(scores, np.float32))
    assert found.rows.tolist() == rows
    assert found.scores.tolist() == pytest.approx(expected)


def test_what_follows_keeps_its_distances() -> None:
    found = reorder(ranking([5, 3, 8, 9], [2.0, 1.5, 1.0, 0.25]), np.array([-3.0, -1.0], np.float32))
    assert found.rows.tolist() == [3, 5, 8, 9]
    assert found.scores.tolist() == pytest.approx([-1.0, -3.0, -3.0, -3.75])


def test_the_reranker_decides_the_order_of_a_search(docs: Path, tmp_path: Path) -> None:
    reranker = WordReranker("pirogue")
    plain = Assistant.from_paths([docs], home=tmp_path / "home", embedder=HashEmbedder())
    assistant = Assistant.open(tmp_path / "home", embedder=HashEmbedder(), reranker=reranker)
    before, after = plain.search(QUESTION, 3), assistant.search(QUESTION, 3)
    assert before[0].path.endswith("fishing.txt")
    assert after[0].path.endswith("flood.txt")
    assert {hit.article_id for hit in before} == {hit.article_id for hit in after}
    assert [hit.score for hit in after] == sorted((hit.score for hit in after), reverse=True)
    (question, texts) = reranker.asked[0]
    assert question == QUESTION
    # It reads what the embedding model reads: the title before the passage.
    assert any(text.startswith("Un accord de pêche entre le Bénin et le Togo\n") for text in texts)
    assert len(assistant.search(QUESTION, 1)) == 1
    assert assistant.search(QUESTION, 1)[0] == after[0]


def test_an_answer_goes_through_the_reranker_too(docs: Path, tmp_path: Path) -> None:
    reranker = WordReranker("accord")
    assistant = Assistant.from_paths([docs], home=tmp_path / "home", embedder=HashEmbedder(), reranker=reranker)
    answer = assistant.ask(QUESTION)
    assert answer.answered
    assert "14 janvier 2025" in answer.citations[0].quote
    assert len(reranker.asked) == 1


def test_no_more_passages_than_agreed_are_read(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for number in range(RERANKED + 15):
        (tmp_path / "docs" / f"{number}.txt").write_text(f"Le port numéro {number} de Cotonou accueille des pêcheurs.\n")
    reranker = WordReranker("numéro 7 ")
    assistant = Assistant.from_paths([tmp_path / "docs"], home=tmp_path / "home", embedder=HashEmbedder(), reranker=reranker)
    hits = assistant.search("le port de Cotonou", RERANKED + 10)
    assert [len(texts) for _, texts in reranker.asked] == [RERANKED]
    assert len({hit.article_id for hit in hits}) == RERANKED + 10
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_evaluation_measures_the_same_ranking(tmp_path: Path) -> None:
    folder = write(tmp_path)
    # Both questions are answered first by the articles that they name; this reranker puts the other one first.
    plain, turned = evaluate(folder, HashEmbedder()), evaluate(folder, HashEmbedder(), reranker=WordReranker("kenya"))
    assert (plain["hybrid"]["recall@1"], turned["hybrid"]["recall@1"]) == (1.0, 0.5)
    assert (plain["dense"], plain["lexical"]) == (turned["dense"], turned["lexical"])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cross_encoder(tmp_path_factory.mktemp("cross") / "model")


def test_a_cross_encoder_scores_as_sentence_transformers_does(model: Path) -> None:
    import torch
    from sentence_transformers import CrossEncoder

    texts = ["Le Bénin a signé.", "", "Un accord de pêche. " * 200, "🎣 尼日尔 اتفاق"]
    found = CrossEncoderReranker(str(model)).scores(QUESTION, texts)
    direct = CrossEncoder(str(model), local_files_only=True)
    expected = [direct.predict([(QUESTION, text)], activation_fn=torch.nn.Identity())[0] for text in texts]
    assert (found.shape, found.dtype) == ((4,), np.float32)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert len(set(found.tolist())) == 4
    assert CrossEncoderReranker(str(model)).scores("\ud800 " * 5_000, ["\udcff"]).shape == (1,)
    assert CrossEncoderReranker(str(model)).scores(QUESTION, []).shape == (0,)


def test_a_cross_encoder_as_transformers_saves_it(model: Path) -> None:
    parts = model.with_name("model-parts")
    texts = ["Le Bénin a signé.", "Le Kenya a voté."]
    np.testing.assert_allclose(
        CrossEncoderReranker(str(parts)).scores(QUESTION, texts), CrossEncoderReranker(str(model)).scores(QUESTION, texts), atol=1e-5
    )


def test_models_of_another_kind_are_refused(tmp_path: Path) -> None:
    for folder in (plain_bert(tmp_path / "bert"), static_model(tmp_path / "static")):
        with pytest.raises(ModelError, match=r"is not a cross-encoder, .*; name another with --rerank"):
            CrossEncoderReranker(str(folder))
    several = CrossEncoderReranker(str(cross_encoder(tmp_path / "several", labels=3)))
    with pytest.raises(ModelError, match="gives 3 scores a passage, where a reranker gives one; name another, or leave --rerank out"):
        several.scores(QUESTION, ["Le Bénin a signé.", "Le Kenya a voté."])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("./no/such/model", "no model folder at ./no/such/model"),
        ("someone/reranker", "HF_HUB_OFFLINE forbids to fetch it; unset that variable once, or leave --rerank out"),
    ],
)
def test_a_model_that_is_not_there(name: str, reason: str) -> None:
    with pytest.raises(ModelError) as caught:
        CrossEncoderReranker(name)
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
@pytest.mark.parametrize("content", [None, b"\xff{"], ids=["missing", "garbled"])
def test_a_damaged_file_is_a_clear_error(model: Path, tmp_path: Path, name: str, content: bytes | None) -> None:
    folder = cross_encoder(tmp_path / "model")
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=r"is damaged|cannot be loaded|is not a cross-encoder"):
        CrossEncoderReranker(str(folder)).scores(QUESTION, ["Le Bénin a signé."])
