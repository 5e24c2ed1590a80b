"""An optional last stage of the ranking: a cross-encoder reads the question with each of the best passages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from index.embed import sound
from index.errors import ModelError
from index.locate import damaged, first_line, locate, read_object
from index.vectors import FloatVector

RERANKED: Final = 30
"""Passages that are read again: each costs some 0.1 s with a model of six layers on two cores."""


_OTHERWISE: Final = "or leave --rerank out"


class Reranker(Protocol):
    """What the ranking needs of a reranking model."""

    def scores(self, question: str, texts: Sequence[str]) -> FloatVector:
        """How well each text answers the question, shape (len(texts),); only comparable with each other."""


class CrossEncoderReranker:
    """Any cross-encoder that sentence-transformers reads and that gives one score a pair, loaded at the first question."""

    def __init__(self, name: str) -> None:
        """Find the model `name`: a local folder, or a name on the hub.

        Raises:
            ModelError: no such model, one of another kind, or no network to fetch it.
        """
        self._folder = locate(name, _OTHERWISE)
        if not _is_cross_encoder(self._folder):
            raise ModelError(f"the model {name} is not a cross-encoder, which scores a question with a text; name another with --rerank")
        self._loaded: Any = None

    def scores(self, question: str, texts: Sequence[str]) -> FloatVector:
        """As the protocol says.

        Raises:
            ModelError: the model cannot be loaded, or does not give one number a pair.
        """
        if not texts:
            return np.zeros(0, np.float32)
        from torch.nn import Identity

        pairs = [(sound(question), sound(text)) for text in texts]
        # The bare logits: the sigmoid that is usual after them makes equals of all that is very good.
        found = np.asarray(self._model().predict(pairs, activation_fn=Identity(), show_progress_bar=False), np.float32)
        if found.shape != (len(texts),):
            raise ModelError(
                f"the model in {self._folder} gives {found.shape[-1]} scores a passage, where a reranker gives one; "
                f"name another, {_OTHERWISE}"
            )
        if not np.isfinite(found).all():
            raise damaged(self._folder, "its scores are not numbers", _OTHERWISE)
        return found

    def _model(self) -> Any:
        if self._loaded is None:
            from sentence_transformers import CrossEncoder
            from transformers.utils import logging

            # Its loading bar would be mixed with Griot's own output.
            logging.disable_progress_bar()
            try:
                self._loaded = CrossEncoder(str(self._folder), device=None, local_files_only=True)
            except Exception as error:  # the library raises whatever its parts raise
                raise ModelError(
                    f"the model in {self._folder} cannot be loaded: {first_line(error)}; name another, {_OTHERWISE}"
                ) from error
        return self._loaded


def _is_cross_encoder(folder: Path) -> bool:
    """Whether a model was trained to score pairs; to any other the library would add a last layer of random weights."""
    kinds = read_object(folder / "config.json").get("architectures") or []
    declared = read_object(folder / "config_sentence_transformers.json").get("model_type")
    return declared == "CrossEncoder" or any(str(kind).endswith("ForSequenceClassification") for kind in kinds)
