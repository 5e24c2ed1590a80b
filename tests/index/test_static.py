"""Static models without torch: the same vectors as sentence-transformers, and a clear error for every damaged file."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from index.embed import open_model
from index.errors import ModelError
from index.static import StaticEmbedder, is_static
from tests.models import DIMENSION, LAYOUTS, Layout, static_model, write_modules, write_tensors
from tests.paths import ROOT, SEEDS

TEXTS = [
    "Le Niger et la Hongrie ont signé une lettre d'intention à Budapest.",
    "The two ministers met in Niamey on 26 June 2023, and signed.",
    "",
    "   \n\t ",
    "🎣 Accord 👩‍👩‍👧 signé 🇧🇯",
    "وقّعت النيجر اتفاقا مع المجر",
    "مَالَمْ عُثْمَان يَا زُو",
    "尼日尔与匈牙利签署了协议",
    "a",
    (SEEDS / "000_e31c5e6a7ec759d1.txt").read_text(encoding="utf-8"),
    "cafe\u0301 \u00a0 l’accord — «\u202fsigné\u202f»",
]
DAMAGE = "the model in .* is damaged: "


@pytest.mark.parametrize("dtype", [np.float16, np.float32], ids=["float16", "float32"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("tokens", ["wordpiece", "bpe"])
def test_the_vectors_are_those_of_sentence_transformers(tmp_path: Path, layout: Layout, dtype: type, tokens: str) -> None:
    from sentence_transformers import SentenceTransformer

    folder = static_model(tmp_path / "model", layout, dtype, tokens)
    direct = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    embedder = open_model(str(folder))
    assert isinstance(embedder, StaticEmbedder)
    documents = embedder.encode_documents(TEXTS)
    assert (documents.shape, documents.dtype) == ((len(TEXTS), DIMENSION), np.float32)
    reference = direct.encode(TEXTS, normalize_embeddings=True)
    # torch sums a float16 table to float16, in which the length of a text without tokens is 0 / 0; here it is zero.
    tolerance = 2e-3 if reference.dtype == np.float16 else 2e-5
    np.testing.assert_allclose(documents, np.nan_to_num(reference), atol=tolerance)
    # torch adds one token after the other, so its sum of 50,000 drifts, and in float16 overflows; here each different one is counted.
    long = "Le ministre a signé. " * 10_000
    np.testing.assert_allclose(np.linalg.norm(embedder.encode_query(long)), 1, atol=1e-5)
    if reference.dtype == np.float32:
        np.testing.assert_allclose(embedder.encode_query(long), direct.encode(long, normalize_embeddings=True), atol=3e-4)
    fresh = StaticEmbedder(folder)
    # Questions are summed before the whole table is brought to float32, documents after.
    np.testing.assert_allclose([fresh.encode_query(text) for text in TEXTS], documents, atol=1e-5)
    length = np.linalg.norm(documents, axis=1)
    np.testing.assert_allclose(length[length > 0], 1, atol=1e-5)


def test_declared_prompts_are_used_as_sentence_transformers_does(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = static_model(tmp_path / "model", prompts={"query": "question : ", "document": "texte : "})
    direct = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    embedder = StaticEmbedder(folder)
    np.testing.assert_allclose(embedder.encode_query(TEXTS[0]), direct.encode_query(TEXTS[0]), atol=1e-5)
    np.testing.assert_allclose(embedder.encode_documents(TEXTS), direct.encode_document(TEXTS), atol=1e-5)
    assert not np.allclose(embedder.encode_query(TEXTS[0]), embedder.encode_documents(TEXTS[:1])[0])


def test_a_text_without_a_token_is_zero_and_never_nan(tmp_path: Path) -> None:
    embedder = StaticEmbedder(static_model(tmp_path / "model", tokens="bpe"))
    for text in ("", " ", "尼日尔", "🎣"):
        np.testing.assert_array_equal(embedder.encode_query(text), np.zeros(DIMENSION, np.float32))
    documents = embedder.encode_documents(["", "un accord", "🎣"])
    np.testing.assert_allclose(np.linalg.norm(documents, axis=1), [0, 1, 0], atol=1e-5)
    assert embedder.encode_documents([]).shape == (0, DIMENSION)


def test_documents_come_in_the_order_given_whatever_the_blocks(tmp_path: Path) -> None:
    embedder = StaticEmbedder(static_model(tmp_path / "model"))
    texts = [f"article {number} " * (number % 7) for number in range(1_300)]
    done: list[int] = []
    documents = embedder.encode_documents(texts, done.append)
    assert sum(done) == len(texts)
    for number in (0, 1, 511, 512, 1_299):
        np.testing.assert_allclose(documents[number], embedder.encode_query(texts[number]), atol=1e-5)


def test_half_a_character_is_encoded(tmp_path: Path) -> None:
    embedder = StaticEmbedder(static_model(tmp_path / "model"))
    assert np.linalg.norm(embedder.encode_query("Qui \ud800 a signé ?")) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_tokens_and_their_vectors(tmp_path: Path, layout: Layout) -> None:
    embedder = StaticEmbedder(static_model(tmp_path / "model", layout, prompts={"document": "texte : "}))
    # The prompt is no part of the tokens, nor are [CLS] and [SEP].
    prompted, plain, empty = embedder.tokens(["texte : un accord", "un accord", ""])
    assert (prompted.dtype, len(empty)) == (np.int32, 0)
    np.testing.assert_array_equal(prompted[-len(plain) :], plain)
    axes = np.eye(DIMENSION, dtype=np.float32)
    vectors = embedder.cosines(prompted, axes)
    assert (vectors.shape, vectors.dtype) == ((len(prompted), DIMENSION), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    # A single token's direction is its vector, and a text's without its prompt is what the text with it empty would have.
    word = embedder.tokens(["accord"])[0][:1]
    bare = StaticEmbedder(static_model(tmp_path / "bare", layout))
    np.testing.assert_allclose(embedder.directions(["un accord"]), bare.encode_documents(["un accord"]), atol=1e-5)
    np.testing.assert_allclose(bare.cosines(word, axes), embedder.cosines(word, axes), atol=1e-6)


def test_nothing_heavy_is_imported(tmp_path: Path) -> None:
    folder = static_model(tmp_path / "model", dtype=np.float16)
    program = (
        "import sys\nfrom index.embed import open_model\n"
        f"embedder = open_model({str(folder)!r})\n"
        "embedder.encode_query('Qui ?'); embedder.encode_documents(['Un accord.']); embedder.directions(['accord'])\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True)
    loaded = set(ran.stdout.split())
    assert "tokenizers" in loaded
    assert not loaded & {"torch", "transformers", "sentence_transformers", "huggingface_hub", "scipy"}


def test_other_models_are_left_to_sentence_transformers(tmp_path: Path) -> None:
    folder = static_model(tmp_path / "model")
    assert is_static(folder)
    for modules in (
        [("0_StaticEmbedding", "StaticEmbedding")],
        [("", "StaticEmbedding"), ("1_Dense", "Dense")],
        [("", "StaticEmbedding"), ("1_Normalize", "Normalize"), ("2_Normalize", "Normalize")],
        [("", "Normalize"), ("", "StaticEmbedding")],
        [("", "Transformer"), ("1_Pooling", "Pooling")],
        [],
    ):
        write_modules(folder, modules)
        assert not is_static(folder)
    write_modules(folder, [("", "StaticEmbedding")])
    assert is_static(folder)
    write_tensors(folder, {"embedding.weight": np.ones((5, 2), np.int8)})
    assert not is_static(folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert not is_static(folder)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def altered(folder: Path, **changes: Callable[[np.ndarray], np.ndarray] | None) -> None:
    """Write the tensors again, each of `changes` applied to the tensor of its name; None takes it out."""
    tensors = load_file(folder / "model.safetensors")
    for name, change in changes.items():
        tensors[name] = change(tensors[name]) if change else np.zeros(0)
    write_tensors(folder, {name: tensor for name, tensor in tensors.items() if tensor.size or changes.get(name)})


def with_nan(table: np.ndarray) -> np.ndarray:
    table[7, 3] = np.nan
    return table


def past_the_end(mapping: np.ndarray) -> np.ndarray:
    mapping[5] = 100
    return mapping


CASES = [
    pytest.param("plain", lambda f: (f / "tokenizer.json").unlink(), "tokenizer.json is missing", id="no_tokenizer"),
    pytest.param("plain", lambda f: (f / "model.safetensors").unlink(), "model.safetensors is missing", id="no_weights"),
    pytest.param("plain", lambda f: truncate(f / "tokenizer.json"), "tokenizer.json cannot be read", id="tokenizer_cut"),
    pytest.param("plain", lambda f: (f / "tokenizer.json").write_text("{}"), "tokenizer.json cannot be read", id="tokenizer_empty"),
    pytest.param("plain", lambda f: truncate(f / "model.safetensors"), "model.safetensors cannot be read", id="weights_cut"),
    pytest.param("plain", lambda f: (f / "model.safetensors").write_bytes(b"\xff" * 99), "cannot be read", id="weights_garbled"),
    pytest.param("plain", lambda f: (f / "model.safetensors").write_bytes(b""), "cannot be read", id="weights_empty"),
    pytest.param("rows", lambda f: altered(f, embeddings=None), "cannot be read|holds neither", id="no_table"),
    pytest.param(
        "plain",
        lambda f: altered(f, **{"embedding.weight": lambda table: table[:-1]}),
        r"knows \d+ tokens but .* for \d+",
        id="table_short",
    ),
    pytest.param("both", lambda f: altered(f, mapping=lambda m: m[:-1], weights=lambda w: w[:-1]), r"knows \d+ tokens", id="mapping_short"),
    pytest.param(
        "mapping", lambda f: altered(f, mapping=past_the_end), "points to vectors 0 to 100, of which there are 100", id="mapping_past"
    ),
    pytest.param("mapping", lambda f: altered(f, mapping=lambda m: m - 1), "points to vectors -1 to 98", id="mapping_negative"),
    pytest.param("mapping", lambda f: altered(f, mapping=lambda m: m.astype(np.float32)), "mapping of tokens", id="mapping_of_floats"),
    pytest.param("weights", lambda f: altered(f, weights=lambda w: w[:-1]), "weights of the shape", id="weights_short"),
    pytest.param("plain", lambda f: altered(f, **{"embedding.weight": lambda t: t[0]}), "has the shape", id="table_flat"),
    pytest.param("plain", lambda f: altered(f, **{"embedding.weight": with_nan}), "not numbers", id="nan"),
    pytest.param("rows", lambda f: altered(f, embeddings=lambda t: t * np.float32(1e38)), "not numbers", id="infinite"),
    pytest.param("plain", lambda f: (f / "config_sentence_transformers.json").write_text("{"), "is no JSON", id="configuration_cut"),
    pytest.param("plain", lambda f: (f / "config_sentence_transformers.json").write_text("[]"), "no JSON object", id="configuration_list"),
]


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
@pytest.mark.parametrize(("layout", "damage", "reason"), CASES)
def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path, layout: Layout, damage: Callable[[Path], object], reason: str) -> None:
    folder = static_model(tmp_path / "model", layout)
    damage(folder)
    with pytest.raises(ModelError, match=f"{DAMAGE}.*({reason}).*copy or fetch that folder again, or use .* --model bundled"):
        open_model(str(folder)).encode_documents(["Un accord."])


def test_a_token_beyond_the_table_is_no_crash(tmp_path: Path) -> None:
    folder = static_model(tmp_path / "model")
    # Two tokens, so no more than rows, but one of them is numbered past the last row.
    Tokenizer(WordLevel({"oui": 0, "non": 9}, unk_token="oui")).save(str(folder / "tokenizer.json"))
    write_tensors(folder, {"embedding.weight": np.ones((3, 2), np.float32)})
    embedder = StaticEmbedder(folder)
    assert embedder.encode_query("oui").any()
    for encode in (lambda: embedder.encode_query("non"), lambda: embedder.encode_documents(["non"])):
        with pytest.raises(ModelError, match=r"gives token 9 but model\.safetensors has vectors for 3"):
            encode()


def test_a_model_that_is_called_after_its_folder(tmp_path: Path) -> None:
    folder = static_model(tmp_path / "model")
    assert StaticEmbedder(folder).name == open_model(str(folder)).name == str(folder)
    assert StaticEmbedder(folder).fingerprint == open_model(str(folder)).fingerprint
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": {"query": "q: "}}))
    assert StaticEmbedder(folder).fingerprint != open_model(str(static_model(tmp_path / "other"))).fingerprint
