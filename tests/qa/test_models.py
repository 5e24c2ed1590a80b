"""Assistants over real small models: unknown scripts, and models that do not fit what was indexed."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.embed import Progress, open_model
from index.errors import ModelError, StaleIndex
from index.store import Home
from index.vectors import FloatMatrix
from qa import Assistant
from tests.fakes import HashEmbedder
from tests.halves import vectors_of
from tests.models import static_model

QUESTIONS = [
    pytest.param("متى وقّعت النيجر اتفاق الصيد؟", id="arabic"),
    pytest.param("يَوْشَ أَكَ سَاكَ هَنُّ؟", id="hausa_in_ajami"),
    pytest.param("贝宁什么时候签署了渔业协议？", id="chinese"),
    pytest.param("ቤኒን መቼ ፈረመች?", id="amharic"),
    pytest.param("🎣🤝🇧🇯❓", id="emoji"),
    pytest.param("ߊ߬ ߞߍ߫ ߘߊ߫ ߕߎ߬ߡߊ ߖߎ߬ߡߍ߲߫ ߠߊ߫؟", id="nko"),
]


@pytest.fixture(scope="module", params=["bpe", "wordpiece"])
def assistant(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """With a model that sees nothing in an unknown script, and one that sees a row of unknown tokens."""
    from tests.qa.conftest import write_articles

    folder = tmp_path_factory.mktemp("models")
    model = static_model(folder / "model", tokens=request.param)
    return Assistant.from_paths([write_articles(folder / "docs")], home=folder / "home", model=str(model))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_in_an_unknown_script_is_refused_politely(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert not answer.answered
    assert answer.citations == ()
    assert answer.text
    assert all(np.isfinite(hit.score) for hit in assistant.search(question))


def test_what_the_model_sees_nothing_in_is_near_to_nothing(tmp_path: Path, docs: Path) -> None:
    model = static_model(tmp_path / "model", tokens="bpe")
    assistant = Assistant.from_paths([docs], home=tmp_path / "home", model=str(model))
    assert assistant.search("贝宁什么时候签署了渔业协议？") == []
    assert assistant.ask("贝宁什么时候签署了渔业协议？").passages == ()
    # The lexical half alone still finds a word among them.
    assert assistant.search("贝宁 Cotonou")[0].path.endswith("fishing.txt")


def test_a_vector_of_zeros_finds_nothing() -> None:
    index = vectors_of(np.eye(3, dtype=np.float32))
    scores, rows = index.search(np.zeros(3, np.float32), 2)
    assert (scores.tolist(), rows.tolist()) == ([], [])


class OtherDimension(HashEmbedder):
    """Passes for the model that the index was made with, and gives shorter vectors."""

    fingerprint = HashEmbedder().fingerprint

    def __init__(self) -> None:
        super().__init__("hash", 64)


def test_the_same_name_with_other_files_is_noticed(assistant: Assistant, tmp_path: Path) -> None:
    model = tmp_path / "model"
    home = tmp_path / "home"
    shutil.copytree(Path(assistant.embedder.name), model)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "one.txt").write_text("Le Bénin a signé un accord de pêche.\n")
    Assistant.from_paths([tmp_path / "docs"], home=home, model=str(model))
    shutil.rmtree(model)
    static_model(model, seed=1)
    with pytest.raises(StaleIndex, match="griot index --full --model"):
        Assistant.open(home)


def test_vectors_of_another_length_are_noticed_when_asked(docs: Path, tmp_path: Path) -> None:
    Assistant.from_paths([docs], home=tmp_path / "home", embedder=HashEmbedder())
    with pytest.raises(ModelError, match=r"has shape \(64,\) but the index holds vectors of 256 numbers; rebuild with: griot index --full"):
        Assistant.open(tmp_path / "home", embedder=OtherDimension()).ask("Quand le Bénin a-t-il signé ?")


def test_vectors_of_another_length_are_never_mixed_with_those_indexed(docs: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    Assistant.from_paths([docs], home=home, embedder=HashEmbedder())
    (docs / "new.txt").write_text("Le Togo a voté une loi sur la pêche.\n")
    before = Home(home).manifest()
    report = Assistant.open(home, embedder=OtherDimension()).update()
    now = Home(home).manifest()
    assert (before.dimension, now.dimension) == (256, 64)
    assert report.embedded == now.passages > before.passages
    assert Home(home).open().verify() == []


class Broken(HashEmbedder):
    """Fails at the second block of texts, as damaged weights or a full memory would."""

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        if self.encoded:
            raise ModelError("the model is damaged")
        return super().encode_documents(texts, progress)


def no_tokenizer(model: Path) -> None:
    (model / "tokenizer.json").unlink()


def half_the_weights(model: Path) -> None:
    weights = model / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:2_000])


def other_tokenizer(model: Path) -> None:
    # Its tokens are more than the table has rows.
    shutil.copy(static_model(model.with_name("larger"), tokens="wordpiece") / "tokenizer.json", model)
    shutil.copy(static_model(model.with_name("smaller"), "mapping") / "model.safetensors", model)
    from safetensors.numpy import load_file, save_file

    tensors = load_file(model / "model.safetensors")
    save_file(tensors | {"mapping": tensors["mapping"][:50]}, model / "model.safetensors")


@pytest.mark.parametrize("damage", [no_tokenizer, half_the_weights, other_tokenizer])
def test_nothing_indexed_is_lost_when_the_model_is_damaged(docs: Path, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    model, home = static_model(tmp_path / "model"), tmp_path / "home"
    whole = Path(shutil.copytree(model, tmp_path / "whole"))
    Assistant.from_paths([docs], home=home, model=str(model))
    before = {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    damage(model)
    (docs / "new.txt").write_text("Le Togo a voté une loi sur la pêche.\n")
    with pytest.raises(ModelError, match="is damaged"):
        Assistant(Home(home), open_model(str(model))).update(full=True)
    after = {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert {path: after[path] for path in before} == before
    # With the right files back, the index serves again and the next update goes on.
    shutil.rmtree(model)
    whole.rename(model)
    assistant = Assistant.open(home)
    assert assistant.search("accord de pêche")
    assert len(assistant.update().added) == 1


def test_nothing_indexed_is_lost_when_the_model_fails_midway(docs: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    Assistant.from_paths([docs], home=home, embedder=HashEmbedder())
    for number in range(300):
        (docs / f"{number}.txt").write_text(f"Le port numéro {number} de Cotonou accueille des pêcheurs.\n")
    with pytest.raises(ModelError, match="the model is damaged"):
        Assistant(Home(home), Broken()).update()
    assistant = Assistant.open(home, embedder=HashEmbedder())
    assert (Home(home).current(), assistant.overview().articles) == ("1", 3)
    assert len(assistant.update().added) == 300
