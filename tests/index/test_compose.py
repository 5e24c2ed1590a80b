"""A segment written from articles as they come."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.article import Article, Entry
from index.compose import Old, compose
from index.errors import StoreError
from index.files import Disk
from index.remembered import Remembered
from index.segment import Segment
from index.source import make_entry
from tests.fakes import HashEmbedder


def entry(number: int) -> Entry:
    text = f"Le maire de la commune {number} a signé un accord avec sa voisine mardi. Le pont {number} est ouvert. " * 8
    location = f"/docs/{number:03}.txt"
    article = Article(id=f"id{number}", text=text.strip(), path=location, digest=f"d{number}", title=f"Le pont {number}", language="fr")
    made = make_entry(article, location)
    return replace(made, spans=tuple(made.spans))


def write(folder: Path, *numbers: int, old: tuple[Old, ...] = (), many: int = 10_000) -> Segment:
    remembered = Remembered(folder.with_name("draft"), HashEmbedder(dimension=8))
    compose(folder, map(entry, numbers), old, remembered, Disk(), lambda _: None, lambda _: None, many=many)
    remembered.discard()
    return Segment(folder, small=1 << 30)


def files(segment: Segment) -> dict[str, bytes]:
    paths = (path for path in segment.folder.rglob("*") if path.is_file() and path.suffix == ".npy")
    return {path.relative_to(segment.folder).as_posix(): path.read_bytes() for path in paths}


def test_words_counted_in_a_process_of_its_own_are_the_same(tmp_path: Path) -> None:
    here, there = write(tmp_path / "1", 1, 2, 3), write(tmp_path / "2", 1, 2, 3, many=1)
    assert files(here) == files(there)
    assert there.verify() == []


@pytest.mark.parametrize("many", [10_000, 1], ids=["here", "in_a_process_of_its_own"])
def test_segments_merged_are_what_would_be_written_at_once(tmp_path: Path, many: int) -> None:
    one, two = write(tmp_path / "1", 1, 4, 6), write(tmp_path / "2", 2, 5)
    old = (
        Old(segment=one, wanted=np.array([True, False, True]), start=0),
        Old(segment=two, wanted=np.array([True, True]), start=3),
    )
    merged = write(tmp_path / "3", 3, 7, old=old, many=many)
    assert files(merged) == files(write(tmp_path / "4", 1, 2, 3, 5, 6, 7))
    assert [merged.entry(position) for position in range(6)] == [entry(number) for number in (1, 2, 3, 5, 6, 7)]
    assert merged.verify() == []


def test_a_process_that_fails_is_told(tmp_path: Path) -> None:
    class Blocking(HashEmbedder):
        """Puts a file where the process is to make a folder, before that has started."""

        @property
        def fingerprint(self) -> str:
            (tmp_path / "1" / "lexical").touch()
            return "hash"

    remembered = Remembered(tmp_path / "draft", Blocking(dimension=8))
    with closing(remembered), pytest.raises(StoreError, match="counting the words of the passages failed"):
        compose(tmp_path / "1", map(entry, [1]), (), remembered, Disk(), lambda _: None, lambda _: None, many=1)
