"""Static models, whose vector of a text is the mean of its tokens' vectors, run with tokenizers and NumPy alone.

Gives what sentence-transformers gives for its `StaticEmbedding`, without the seconds that importing torch takes.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.digest import fingerprint
from index.embed import Progress, finite, not_numbers, sound
from index.errors import ModelError
from index.locate import damaged, first_line
from index.prompts import prompts_of
from index.vectors import FloatMatrix, FloatVector, normalise

TokenVector = npt.NDArray[np.int32]
"""Token ids of one text, in its order."""

_WEIGHTS: Final = "model.safetensors"
_TOKENIZER: Final = "tokenizer.json"
# As safetensors calls them; what is stored otherwise is left to torch.
_FLOATS: Final = ("F16", "F32", "F64")
_TENSORS: Final = frozenset({"embedding.weight", "embeddings", "mapping", "weights"})
_ASKED: Final = 256
"""Questions whose vectors are remembered: one is compared with titles, passages and sentences in turn."""
_FEW: Final = 16
"""Texts that are tokenized one by one."""
_REMEMBERED: Final = 8_192
"""Texts whose tokens are remembered, at question time: some megabytes."""
_REMEMBERED_WORDS: Final = 400_000
"""Words whose tokens are remembered: at most some 60 MB."""
_TOKENIZED: Final = 512
"""Texts tokenized at once: enough to keep every core busy, few enough to hold in memory."""


_UNTHREADED: Final = 250_000
"""Products of numbers in a multiplication of matrices that OpenBLAS leaves to one thread (262,144 by its source)."""


@dataclass(frozen=True, kw_only=True)
class _Model:
    """A static model as stored: the vector of token t is `vectors[mapping[t]] * weights[t]`, each where there is one."""

    tokenizer: Any
    vectors: npt.NDArray[Any]
    mapping: npt.NDArray[Any] | None
    weights: npt.NDArray[Any] | None

    @property
    def tokens(self) -> int:
        return len(self.vectors if self.mapping is None else self.mapping)

    def rows(self, tokens: npt.NDArray[Any]) -> FloatMatrix:
        """The vectors of the given tokens, shape (len(tokens), dimension), not normalised."""
        rows = tokens if self.mapping is None else self.mapping[tokens]
        found: FloatMatrix = self.vectors.take(rows, axis=0).astype(np.float32, copy=False)
        if self.weights is not None:
            found = found * self.weights[tokens, None].astype(np.float32)
        return found


class _Words(dict[str, bytes]):
    """The token ids of words, as the bytes of an int32 array; worked out when first met."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    def __missing__(self, word: str) -> bytes:
        if len(self) >= _REMEMBERED_WORDS:
            self.clear()
        self[word] = ids = np.array(self._tokenizer.encode(word, add_special_tokens=False).ids, np.int32).tobytes()
        return ids


class StaticEmbedder:
    """A static model in a folder, with its prompts. Files are read at the first text."""

    def __init__(self, folder: str | Path, name: str | None = None) -> None:
        """The model in `folder`, of which `is_static` holds; called `name`, or by its folder.

        Raises:
            ModelError: a file of its configuration is no JSON.
        """
        self._folder = Path(folder)
        self._name = str(folder) if name is None else name
        self._prompts = prompts_of(self._folder, self._name)
        self._memory: dict[str, TokenVector] = {}
        self._queries: dict[str, FloatVector] = {}
        self._known: dict[tuple[str, ...], FloatMatrix] = {}
        self._fingerprint = fingerprint(self._folder, str(self._prompts))

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def dimension(self) -> int:
        return int(self._model.vectors.shape[1])

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        if not self._finite:
            raise not_numbers(self._folder)
        matrix = np.zeros((len(texts), self.dimension), np.float32)
        for begin in range(0, len(texts), _TOKENIZED):
            block = [self._prompts.document + text for text in texts[begin : begin + _TOKENIZED]]
            # Most words of a text were in those before it.
            ids = self._word_by_word(block) if self._words_apart else self.tokens(block)
            matrix[begin : begin + len(ids)] = self.sums(ids)
            if progress:
                progress(len(ids))
        return normalise(finite(matrix, self._folder))

    def encode_query(self, text: str) -> FloatVector:
        known = self._queries.get(text)
        if known is None:
            sums = self.sums(self.known_tokens([self._prompts.query + text]))
            known = normalise(finite(sums, self._folder))[0]
            if len(self._queries) >= _ASKED:
                self._queries = {}
            self._queries[text] = known
        return known

    def known_tokens(self, texts: Sequence[str]) -> list[TokenVector]:
        """`tokens`, remembered: the passages and words of questions come again and again, and many small calls are slow."""
        memory = self._memory
        new = [text for text in dict.fromkeys(texts) if text not in memory]
        if new:
            if len(memory) > _REMEMBERED:
                memory = self._memory = {text: ids for text in texts if (ids := memory.get(text)) is not None}
            memory.update(zip(new, self._word_by_word(new) if self._words_apart else self.tokens(new), strict=True))
        return [memory[text] for text in texts]

    def tokens(self, texts: Sequence[str]) -> list[TokenVector]:
        """The token ids of each text, without prompts and without the marks that some tokenizers put around a text."""
        tokenizer = self._model.tokenizer
        if len(texts) <= _FEW:
            # The library's threads cost more than they save.
            return [np.array(tokenizer.encode(sound(text), add_special_tokens=False).ids, np.int32) for text in texts]
        encoded = tokenizer.encode_batch_fast([sound(text) for text in texts], add_special_tokens=False)
        return [np.array(item.ids, np.int32) for item in encoded]

    def _word_by_word(self, texts: Sequence[str]) -> list[TokenVector]:
        """`tokens` where no word changes those of its neighbours: many times as fast, since few words of the next text are new."""
        of = self._words.__getitem__
        return [np.frombuffer(b"".join(map(of, sound(text).split())), np.int32) for text in texts]

    @cached_property
    def _words(self) -> "_Words":
        return _Words(self._model.tokenizer)

    @cached_property
    def _words_apart(self) -> bool:
        """Whether the tokenizer parts words before it reads them, and drops the space between them."""
        parting = self._model.tokenizer.pre_tokenizer
        return parting is not None and [piece for piece, _ in parting.pre_tokenize_str("un deux")] == ["un", "deux"]

    def directions(self, texts: Sequence[str]) -> FloatMatrix:
        """Normalised vectors of texts without prompts, shape (len(texts), dimension): those of single words, to compare with tokens."""
        key = tuple(texts)
        known = self._known.get(key)
        if known is None:
            known = normalise(self.sums(self.known_tokens(texts)))
            if len(self._known) >= _ASKED:
                self._known = {}
            self._known[key] = known
        return known

    @cached_property
    def _lengths(self) -> FloatVector:
        """The length of each row of the table of vectors; 1 where there is nothing to divide."""
        lengths = np.linalg.norm(self._model.vectors, axis=1)
        return np.asarray(np.where(lengths > 0, lengths, 1), np.float32)

    def sums(self, texts: Sequence[TokenVector]) -> FloatMatrix:
        """The sum of its tokens' vectors for each text, shape (len(texts), dimension), which points where their mean does.

        One text after another: a product of matrices wakes the threads of NumPy's BLAS, and where other work keeps the cores busy it
        waits for them: twenty sentences then took 17 ms, against 0.5.
        """
        sums = np.zeros((len(texts), self.dimension), np.float32)
        for ids, row in zip(texts, sums, strict=True):
            try:
                np.add.reduce(self._model.rows(ids), axis=0, out=row)
            except IndexError:
                raise self._unknown(int(ids.max())) from None
        return sums

    def _unknown(self, token: int) -> ModelError:
        return damaged(self._folder, f"{_TOKENIZER} gives token {token} but {_WEIGHTS} has vectors for {self._model.tokens}")

    def cosines(self, tokens: npt.NDArray[Any], directions: FloatMatrix) -> FloatMatrix:
        """The cosines of the given tokens to `directions` (rows of length one), shape (len(tokens), len(directions)).

        In pieces that BLAS works out on the thread that asks (see `sums`), from the table that sums are made of: what one has read the
        other finds in the processor's memory.
        """
        step = max(1, _UNTHREADED // max(1, directions.size))
        found = np.empty((len(tokens), len(directions)), np.float32)
        for begin in range(0, len(tokens), step):
            np.matmul(self._model.rows(tokens[begin : begin + step]), directions.T, out=found[begin : begin + step])
        mapping, weights = self._model.mapping, self._model.weights
        lengths = self._lengths[tokens if mapping is None else mapping[tokens], None]
        # The weight of a token changes no direction, unless it is none.
        scale = lengths if weights is None else lengths * np.where(weights[tokens, None] == 0, 1, weights[tokens, None])
        return np.divide(found, scale, out=found)

    @cached_property
    def _finite(self) -> bool:
        """Whether all its weights are numbers: looked at before a long build, since a question only needs its own sum to be."""
        return all(np.isfinite(array).all() for array in (self._model.vectors, self._model.weights) if array is not None)

    @cached_property
    def _model(self) -> _Model:
        from tokenizers import Tokenizer

        path = self._folder / _TOKENIZER
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises plain exceptions
            raise damaged(self._folder, f"{_TOKENIZER} cannot be read ({first_line(error)})") from error
        tokenizer.no_padding()
        with _opened(self._folder) as file:
            stored = {name: file.get_tensor(name) for name in _TENSORS & set(file.keys())}
        if "embedding.weight" in stored:
            model = _Model(tokenizer=tokenizer, vectors=_wide(stored["embedding.weight"]), mapping=None, weights=None)
        else:
            model = _Model(
                tokenizer=tokenizer, vectors=_wide(stored["embeddings"]), mapping=stored.get("mapping"), weights=stored.get("weights")
            )
        if reason := _misfit(model):
            raise damaged(self._folder, reason)
        return model


def is_static(folder: Path) -> bool:
    """Whether a folder holds a static model and nothing else, in a form that `StaticEmbedder` reads.

    Raises:
        ModelError: it holds no sentence-transformers model, or a static one with a file missing or unreadable.
    """
    modules = _modules(folder)
    kinds = [str(module.get("type")).rpartition(".")[2] for module in modules]
    if kinds not in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"]) or modules[0].get("path") != "":
        return False
    if not (folder / _WEIGHTS).is_file() and (folder / "pytorch_model.bin").is_file():
        return False
    for name in (_TOKENIZER, _WEIGHTS):
        if not (folder / name).is_file():
            raise damaged(folder, f"{name} is missing")
    with _opened(folder) as file:
        stored = {name: file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
    vectors = stored.get("embedding.weight", stored.get("embeddings"))
    if vectors is None:
        raise damaged(folder, f"{_WEIGHTS} holds neither embedding.weight nor embeddings")
    return vectors in _FLOATS


def _modules(folder: Path) -> list[dict[str, Any]]:
    path = folder / "modules.json"
    try:
        modules = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(modules, list) or not all(isinstance(module, dict) for module in modules):
            raise ValueError("no list of modules")
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder} is not a sentence-transformers model: {path.name} is missing or unreadable") from error
    return modules


def _wide(vectors: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A table as float32: twice the memory, and a row is read in half the time."""
    return vectors.astype(np.float32) if vectors.dtype.kind == "f" else vectors


@contextmanager
def _opened(folder: Path) -> Iterator[Any]:
    """The file of weights, opened.

    Raises:
        ModelError: it is damaged.
    """
    from safetensors import safe_open

    try:
        with safe_open(folder / _WEIGHTS, framework="numpy") as file:
            yield file
    except Exception as error:  # the library raises its own error, and others for what it cannot give to NumPy
        raise damaged(folder, f"{_WEIGHTS} cannot be read ({first_line(error)})") from error


def _misfit(model: _Model) -> str | None:
    """What does not fit together in a model, in words, or None."""
    if model.vectors.ndim != 2 or 0 in model.vectors.shape:
        return f"its table of vectors has the shape {model.vectors.shape}"
    rows, mapping, weights = len(model.vectors), model.mapping, model.weights
    if mapping is not None and (mapping.ndim != 1 or mapping.dtype.kind not in "iu"):
        return f"its mapping of tokens to vectors is of {mapping.dtype} in the shape {mapping.shape}"
    if mapping is not None and len(mapping) and not 0 <= mapping.min() <= mapping.max() < rows:
        return f"its mapping points to vectors {mapping.min()} to {mapping.max()}, of which there are {rows}"
    if weights is not None and weights.shape != (model.tokens,):
        return f"it has weights of the shape {weights.shape} for {model.tokens} tokens"
    if (size := model.tokenizer.get_vocab_size(with_added_tokens=True)) > model.tokens:
        return f"{_TOKENIZER} knows {size} tokens but {_WEIGHTS} has vectors for {model.tokens}"
    return None
