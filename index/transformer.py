"""Any sentence-transformers model, run by that library."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.digest import fingerprint
from index.embed import Progress, finite, sound
from index.errors import ModelError
from index.locate import OTHERWISE, first_line
from index.prompts import prompts_of
from index.vectors import FloatMatrix, FloatVector, normalise

_BATCH: Final = 32


class SentenceTransformerEmbedder:
    """A sentence-transformers model in a folder, with its prompts for queries and documents.

    The model itself is loaded at the first text, since importing the library takes seconds.
    """

    def __init__(self, folder: Path, name: str) -> None:
        """The model in `folder`, called `name`.

        Raises:
            ModelError: a file of its configuration is no JSON.
        """
        self._folder = folder
        self._name = name
        self._prompts = prompts_of(folder, name)
        self._fingerprint = fingerprint(folder, str(self._prompts))
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
            batch = [sound(texts[number]) for number in order[begin : begin + _BATCH]]
            encoded = self._model().encode_document(batch, prompt=self._prompts.document, batch_size=_BATCH, show_progress_bar=False)
            blocks.append(finite(encoded, self._folder))
            if progress:
                progress(len(batch))
        if not blocks:
            return np.zeros((0, self.dimension), np.float32)
        matrix = np.empty((len(texts), blocks[0].shape[1]), np.float32)
        matrix[order] = np.vstack(blocks)
        return normalise(matrix)

    def encode_query(self, text: str) -> FloatVector:
        encoded = self._model().encode_query([sound(text)], prompt=self._prompts.query, show_progress_bar=False)
        vector: FloatVector = normalise(finite(encoded, self._folder))[0]
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
                raise ModelError(
                    f"the model in {self._folder} cannot be loaded: {first_line(error)}; copy or fetch that folder again, {OTHERWISE}"
                ) from error
        return self._loaded
