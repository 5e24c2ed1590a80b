"""Models run by sentence-transformers. One test loads the packaged model; the others need only a folder of their own."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index.embed import Embedder, open_model
from index.errors import ModelError
from index.locate import MINILM, MINILM_SHA256, locate
from index.transformer import SentenceTransformerEmbedder
from tests.models import plain_bert, static_model, write_modules


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_model(MINILM)


def test_the_packaged_model_is_sentence_transformers_own(embedder: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    # Of unlike lengths, so that the sorting by length must be undone.
    texts = ["Court.", "Le Niger et la Hongrie ont signé un accord de coopération militaire à Budapest. " * 3, "Une phrase moyenne.", ""]
    done: list[int] = []
    documents = embedder.encode_documents(texts, done.append)
    query = embedder.encode_query("Qui a signé l'accord ?")
    assert (embedder.name, embedder.dimension) == (MINILM, 384)
    assert (documents.shape, documents.dtype, query.shape, query.dtype) == ((4, 384), np.float32, (384,), np.float32)
    assert sum(done) == 4
    np.testing.assert_allclose(np.linalg.norm(documents, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(query), 1, atol=1e-5)
    direct = SentenceTransformer(str(locate(MINILM)), local_files_only=True)
    np.testing.assert_allclose(documents, direct.encode(texts, normalize_embeddings=True), atol=1e-5)
    np.testing.assert_allclose(query, direct.encode("Qui a signé l'accord ?", normalize_embeddings=True), atol=1e-5)
    assert embedder.encode_documents([]).shape == (0, 384)


def test_half_a_character_as_a_broken_copy_leaves_is_encoded(embedder: Embedder) -> None:
    assert embedder.encode_query("Qui \ud800 a signé ?").shape == (384,)
    assert embedder.encode_documents(["Un \udcff accord."]).shape == (1, 384)


def heavy(folder: Path, prompts: dict[str, str] | None = None) -> Path:
    """A small model that only sentence-transformers runs: a BERT whose first token stands for the text."""
    plain_bert(folder)
    write_modules(folder, [("", "Transformer"), ("1_Pooling", "Pooling")])
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": 16, "pooling_mode_cls_token": True}))
    if prompts is not None:
        (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    return folder


def test_declared_prompts_are_written_before_each_text(tmp_path: Path) -> None:
    plain = SentenceTransformerEmbedder(heavy(tmp_path / "plain"), "plain")
    prompted = SentenceTransformerEmbedder(heavy(tmp_path / "prompted", {"query": "question ", "passage": "texte "}), "prompted")
    assert plain.fingerprint != prompted.fingerprint
    np.testing.assert_allclose(prompted.encode_query("un accord"), plain.encode_query("question un accord"), atol=1e-5)
    documents = prompted.encode_documents(["un accord", "un texte"])
    np.testing.assert_allclose(documents, plain.encode_documents(["texte un accord", "texte un texte"]), atol=1e-5)


def test_a_known_family_has_its_prompts_though_it_declares_none(tmp_path: Path) -> None:
    folder = heavy(tmp_path / "model", {"query": "", "document": ""})
    plain = SentenceTransformerEmbedder(folder, "plain")
    known = SentenceTransformerEmbedder(folder, "intfloat/multilingual-e5-small")
    assert plain.fingerprint != known.fingerprint
    np.testing.assert_allclose(known.encode_query("un accord"), plain.encode_query("query: un accord"), atol=1e-5)
    np.testing.assert_allclose(known.encode_documents(["un accord"]), plain.encode_documents(["passage: un accord"]), atol=1e-5)


def test_a_folder_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    folder = static_model(tmp_path / "model")
    (folder / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "no.such.Module"}]')
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_model(str(folder)).encode_query("Qui ?")


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json", "1_Pooling/config.json"])
@pytest.mark.parametrize("content", [None, b"", b"\xff{"], ids=["missing", "empty", "garbled"])
def test_a_damaged_file_is_a_clear_error(tmp_path: Path, name: str, content: bytes | None) -> None:
    folder = heavy(tmp_path / "model")
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=r"the model in .* (is damaged|cannot be loaded): .*--model bundled"):
        open_model(str(folder)).encode_query("Qui ?")


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    folder = heavy(tmp_path / "model")
    tensors = load_file(folder / "model.safetensors")
    save_file({name: np.full_like(tensor, np.nan) for name, tensor in tensors.items()}, folder / "model.safetensors", {"format": "pt"})
    embedder = open_model(str(folder))
    for encode in (lambda: embedder.encode_query("Qui ?"), lambda: embedder.encode_documents(["Qui ?"])):
        with pytest.raises(ModelError, match="damaged: its weights hold values that are not numbers"):
            encode()


def test_the_packaged_weights_are_those_published() -> None:
    from index.files import sha256

    assert sha256(locate(MINILM) / "model.safetensors") == MINILM_SHA256
