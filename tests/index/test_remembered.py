"""An interrupted build goes on where it stopped."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.build import update
from index.remembered import BLOCK, Remembered
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


def embed(path: Path, embedder: HashEmbedder, *texts: str) -> FloatMatrix:
    """The vectors of `texts`, those kept at `path` not made again."""
    remembered = Remembered(path, embedder)
    found = remembered.embed(texts, remembered.keys(texts), lambda _: None)
    remembered.close()
    return found


def test_vectors_of_another_model_are_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "draft"
    embed(path, HashEmbedder("one"), "un texte")
    other = HashEmbedder("other")
    embed(path, other, "un texte")
    assert other.encoded == ["un texte"]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"not vectors, but long enough to be read as some" * 40, id="something_else"),
        pytest.param(lambda data: data[:-1], id="cut"),
        pytest.param(lambda data: data[:-1] + bytes([data[-1] ^ 1]), id="altered"),
        pytest.param(lambda data: bytes(len(data)), id="zeros"),
        pytest.param(lambda data: b"", id="empty"),
    ],
)
def test_a_damaged_draft_is_made_again(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "draft"
    embed(path, HashEmbedder(), "un texte", "un autre")
    path.write_bytes(damage(path.read_bytes()))
    embedder = HashEmbedder()
    made = embed(path, embedder, "un texte", "un autre")
    np.testing.assert_array_equal(made, HashEmbedder().encode_documents(["un texte", "un autre"]))
    assert embedder.encoded == ["un texte", "un autre"]
    again = HashEmbedder()
    np.testing.assert_array_equal(
        embed(path, again, "un autre", "un troisième"), HashEmbedder().encode_documents(["un autre", "un troisième"])
    )
    assert again.encoded == ["un troisième"]


def test_a_damaged_end_loses_no_more_than_the_end(tmp_path: Path) -> None:
    path = tmp_path / "draft"
    texts = [f"texte {number}" for number in range(BLOCK + 10)]
    embed(path, HashEmbedder(), *texts)
    path.write_bytes(path.read_bytes()[:-1])
    embedder = HashEmbedder()
    embed(path, embedder, *texts)
    assert embedder.encoded == texts[BLOCK:]
