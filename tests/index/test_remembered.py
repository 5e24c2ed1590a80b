"""An interrupted build goes on where it stopped."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from index.draft import BLOCK, Draft

from index.build import update
from index.store import Home
from index.vectors import FloatMatrix
from tests.fakes import HashEmbedder


class Interrupted(HashEmbedder):
    """Is interrupted at its second block."""

    def encode_documents(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> FloatMatrix:
        if self.encoded:
            raise KeyboardInterrupt
        return super().encode_documents(texts, progress)


def folder_of(articles: int, place: Path) -> Path:
    place.mkdir()
    for number in range(articles):
        (place / f"{number:04}.txt").write_text(
            f"Le maire de la commune {number} a signé un accord avec sa voisine mardi.", encoding="utf-8"
        )
    return place


def test_an_interrupted_build_embeds_only_what_was_left(tmp_path: Path) -> None:
    docs = folder_of(BLOCK + 30, tmp_path / "docs")
    home = Home(tmp_path / "home")
    with pytest.raises(KeyboardInterrupt):
        update(home, Interrupted(), [docs])
    assert home.current() is None
    second = HashEmbedder()
    report = update(home, second)
    assert (len(second.encoded), report.articles) == (30, BLOCK + 30)
    assert home.open().verify() == []
    assert not (home.folder / "embedding.draft").exists()


def test_vectors_of_another_model_are_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "draft"
    Draft(path, HashEmbedder("one")).embed(["un texte"], lambda _: None)
    other = HashEmbedder("other")
    Draft(path, other).embed(["un texte"], lambda _: None)
    assert other.encoded == ["un texte"]


def test_a_damaged_draft_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "draft"
    path.write_bytes(b"not a database, but long enough to be read as one" * 40)
    embedder = HashEmbedder()
    made = Draft(path, embedder).embed(["un texte", "un autre"], lambda _: None)
    np.testing.assert_array_equal(made, HashEmbedder().encode_documents(["un texte", "un autre"]))
