"""Texts to vectors: what the index needs of a model, and how to open one by its name."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from index.errors import ModelError
from index.locate import BUNDLED, damaged, local_folder, locate
from index.vectors import FloatMatrix, FloatVector

if TYPE_CHECKING:
    from index.static import StaticEmbedder

DEFAULT_MODEL: Final = BUNDLED

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
        """Normalised vectors, shape (len(texts), dimension); zeros for a text that the model sees nothing in."""

    def encode_query(self, text: str) -> FloatVector:
        """A normalised vector, shape (dimension,)."""


def open_model(name: str = DEFAULT_MODEL) -> Embedder:
    """The model `name`: `bundled`, `all-MiniLM-L6-v2`, a local folder, or a name on the hub.

    A plain static model is run without torch; any other by sentence-transformers, loaded at the first text.

    Raises:
        ModelError: no such model, altered files, or no network to fetch it.
    """
    from index.static import StaticEmbedder, is_static
    from index.transformer import SentenceTransformerEmbedder

    if name == BUNDLED:
        return bundled_model()
    folder = locate(name)
    if folder == local_folder(name):
        # Written into the index: a relative path would mean another folder when asked from elsewhere.
        name = str(folder)
    elif not (folder / "modules.json").exists():
        # A model on the hub may be of transformers alone, which sentence-transformers completes.
        return SentenceTransformerEmbedder(folder, name)
    return StaticEmbedder(folder, name) if is_static(folder) else SentenceTransformerEmbedder(folder, name)


def bundled_model() -> "StaticEmbedder":
    """The model that comes with Griot, which also compares single words for the ranking, whatever model the index is of.

    Raises:
        ModelError: its files are missing or altered.
    """
    return _standing_in.get() or _bundled()


@contextmanager
def standing_in(folder: Path) -> Iterator["StaticEmbedder"]:
    """For fitting: let the static model in `folder` stand in for the bundled one, which knows the questions that it was trained on."""
    from index.static import StaticEmbedder

    model = StaticEmbedder(folder)
    token = _standing_in.set(model)
    try:
        yield model
    finally:
        _standing_in.reset(token)


@cache
def _bundled() -> "StaticEmbedder":
    from index.static import StaticEmbedder

    return StaticEmbedder(locate(BUNDLED), BUNDLED)


_standing_in: ContextVar["StaticEmbedder | None"] = ContextVar("standing_in", default=None)


def sound(text: str) -> str:
    """`text` with a question mark for each half of a surrogate pair, which tokenizers refuse."""
    return text.encode("utf-8", "replace").decode("utf-8")


def finite(vectors: FloatMatrix, folder: Path) -> FloatMatrix:
    """`vectors` as they are.

    Raises:
        ModelError: one is not of numbers, as damaged weights make them.
    """
    if not np.isfinite(vectors).all():
        raise not_numbers(folder)
    return vectors


def not_numbers(folder: Path) -> ModelError:
    """The error for a model with values in its weights that are infinite or no numbers."""
    return damaged(folder, "its weights hold values that are not numbers")
