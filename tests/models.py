"""Small models of random weights, written to disk as the real libraries write them."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import BPE, WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from tokenizers.trainers import BpeTrainer, WordPieceTrainer

from tests.paths import SEEDS

Layout = Literal["plain", "rows", "mapping", "weights", "both"]
LAYOUTS: tuple[Layout, ...] = ("plain", "rows", "mapping", "weights", "both")
DIMENSION = 32
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


@cache
def _serialized(kind: str) -> str:
    """A tokenizer learnt from the seeds; the one called `bpe` has no token for characters that it has not seen."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    if kind == "bpe":
        tokenizer = Tokenizer(BPE())
        tokenizer.pre_tokenizer = Whitespace()
        tokenizer.train_from_iterator(texts, BpeTrainer(vocab_size=600, show_progress=False))
    else:
        tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = BertNormalizer()
        tokenizer.pre_tokenizer = Whitespace()
        tokenizer.train_from_iterator(texts, WordPieceTrainer(vocab_size=600, special_tokens=SPECIAL, show_progress=False))
        tokenizer.post_processor = TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
        )
        # As many published tokenizers are: padding on, which a static model must not count.
        tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
    return str(tokenizer.to_str())


def tokenizer(kind: str = "wordpiece") -> Tokenizer:
    return Tokenizer.from_str(_serialized(kind))


def static_model(
    folder: Path,
    layout: Layout = "plain",
    dtype: npt.DTypeLike = np.float32,
    tokens: str = "wordpiece",
    normalize: bool = True,
    prompts: dict[str, str] | None = None,
    seed: int = 0,
) -> Path:
    """A sentence-transformers folder of one `StaticEmbedding`, its weights laid out as that library (`plain`) or model2vec does."""
    folder.mkdir(parents=True)
    words = tokenizer(tokens)
    words.save(str(folder / "tokenizer.json"))
    kinds = ["StaticEmbedding", "Normalize"] if normalize else ["StaticEmbedding"]
    write_modules(folder, [("" if number == 0 else f"{number}_{kind}", kind) for number, kind in enumerate(kinds)])
    if prompts is not None:
        (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    numbers = np.random.default_rng(seed)
    size = words.get_vocab_size()
    tensors: dict[str, npt.NDArray[Any]]
    if layout in ("mapping", "both"):
        tensors = {"embeddings": numbers.standard_normal((100, DIMENSION)), "mapping": numbers.integers(0, 100, size)}
    else:
        tensors = {"embedding.weight" if layout == "plain" else "embeddings": numbers.standard_normal((size, DIMENSION))}
    if layout in ("weights", "both"):
        tensors["weights"] = numbers.random(size)
    write_tensors(folder, {name: array if name in ("mapping", "weights") else array.astype(dtype) for name, array in tensors.items()})
    return folder


def write_tensors(folder: Path, tensors: dict[str, npt.NDArray[Any]]) -> None:
    save_file(tensors, folder / "model.safetensors")


def write_modules(folder: Path, modules: Sequence[tuple[str, str]]) -> None:
    """modules.json from (path, class) pairs."""
    rows = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (path, kind) in enumerate(modules)
    ]
    (folder / "modules.json").write_text(json.dumps(rows))


def cross_encoder(folder: Path, labels: int = 1) -> Path:
    """A cross-encoder of one small layer, saved by sentence-transformers itself."""
    import torch
    from sentence_transformers import CrossEncoder

    parts = folder.with_name(f"{folder.name}-parts")
    _bert(parts, "BertForSequenceClassification", num_labels=labels)
    torch.manual_seed(0)
    CrossEncoder(str(parts)).save_pretrained(str(folder))
    return folder


def plain_bert(folder: Path) -> Path:
    """A BERT that was trained for no task, as transformers saves it."""
    _bert(folder, "BertModel")
    return folder


def _bert(folder: Path, kind: str, **settings: Any) -> None:
    import torch
    import transformers
    from transformers import BertConfig, PreTrainedTokenizerFast

    torch.manual_seed(0)
    words = tokenizer()
    configuration = BertConfig(
        vocab_size=words.get_vocab_size(), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, initializer_range=0.5, **settings,
    )  # fmt: skip
    getattr(transformers, kind)(configuration).save_pretrained(str(folder))
    PreTrainedTokenizerFast(
        tokenizer_object=words, model_max_length=64, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(str(folder))
