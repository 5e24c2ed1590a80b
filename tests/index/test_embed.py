"""A model opened by its name, whichever it is."""

from pathlib import Path

import numpy as np
import pytest

from index.embed import DEFAULT_MODEL, open_model
from index.errors import ModelError
from index.static import StaticEmbedder
from index.transformer import SentenceTransformerEmbedder
from tests.fakes import HashEmbedder
from tests.models import static_model, write_modules


def test_a_static_folder_takes_the_light_path(tmp_path: Path) -> None:
    folder = static_model(tmp_path / "model")
    assert isinstance(open_model(str(folder)), StaticEmbedder)
    write_modules(folder, [("", "StaticEmbedding"), ("1_Dense", "Dense")])
    assert isinstance(open_model(str(folder)), SentenceTransformerEmbedder)


def test_the_packaged_model_is_found_by_its_name() -> None:
    embedder = open_model("all-MiniLM-L6-v2")
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert embedder.name == "all-MiniLM-L6-v2"


def test_the_default_model_opens() -> None:
    assert open_model().name == DEFAULT_MODEL


def test_the_bundled_model_is_as_listed_and_light() -> None:
    embedder = open_model("bundled")
    assert isinstance(embedder, StaticEmbedder)
    assert embedder.name == "bundled"
    np.testing.assert_allclose(np.linalg.norm(embedder.encode_query("Qui a signé l'accord ?")), 1, atol=1e-5)


def test_the_name_of_a_folder_finds_it_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    static_model(tmp_path / "model")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    first = open_model("model")
    # The manifest keeps the name, and questions may be asked from any folder.
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert open_model(first.name).fingerprint == first.fingerprint


@pytest.mark.parametrize("modules", [None, "{", "{}", "[1]", "\xff"], ids=["missing", "cut", "object", "numbers", "binary"])
def test_a_folder_that_is_no_model(tmp_path: Path, modules: str | None) -> None:
    if modules is not None:
        (tmp_path / "modules.json").write_bytes(modules.encode("latin-1"))
    with pytest.raises(ModelError, match=r"is not a sentence-transformers model: modules\.json is missing or unreadable"):
        open_model(str(tmp_path))


@pytest.mark.parametrize(
    "name", ["./no/such/model", "/no/such/model", "~/no/such/model", "~nobody-of-this-name/model", "x" * 5_000, __file__]
)
def test_a_folder_that_is_not_there(name: str) -> None:
    with pytest.raises(ModelError, match="no model folder at"):
        open_model(name)


def test_the_stand_in_keeps_the_contract() -> None:
    embedder = HashEmbedder()
    documents = embedder.encode_documents(["un accord militaire", "une pêche", ""])
    assert documents.shape == (3, 256)
    np.testing.assert_allclose(np.linalg.norm(documents, axis=1), [1, 1, 0], atol=1e-6)
    np.testing.assert_array_equal(embedder.encode_query("un accord militaire"), documents[0])
    assert embedder.encoded == ["un accord militaire", "une pêche", ""]
