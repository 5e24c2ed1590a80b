"""One generation on disk: published whole or not at all, and damage never goes unseen."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import publish as build
from index.article import Article, Entry, Passage, article_id, opening_words
from index.build import update
from index.chunk import VERSION as CHUNKING
from index.embed import Embedder
from index.errors import DamagedIndex, MissingIndex, ModelError, NewerIndex, StaleIndex, StoreError
from index.generation import Generation, Place
from index.manifest import FORMAT
from index.report import Unwatched
from index.serving import Changes, Seen, Stamp
from index.shingles import signature
from index.store import Home, collection_digest
from index.vectors import FloatMatrix
from tests.fakes import HashEmbedder

TEXT = "Un accord. Une pêche 😀 ici."


def entries(*numbers: int) -> list[Entry]:
    return [
        Entry(
            article=Article(
                id=f"id{number}",
                text=f"{number} {TEXT}",
                path=f"docs/{number}.txt",
                digest=f"d{number}",
                title=f"Titre {number}",
                url=None,
                source="Le Matin" if number % 2 else None,
                published="2025-01" if number % 2 else None,
                language="fr",
                author="Ada" if number % 2 else None,
                origins={"title": "JSON-LD"},
            ),
            sentences=[(0, 12), (13, 27)],
            location=f"/docs/{number}.txt",
            source=f"/docs/{number}.txt",
            signature=signature(f"{number} {TEXT}").to_bytes(),
            spans=((0, 12), (13, 2 + len(TEXT))),
        )
        for number in numbers
    ]


def publish_entries(home: Home, listed: list[Entry], embedder: Embedder | None = None) -> str | None:
    changes = Changes(
        entries=lambda: iter(sorted(listed, key=lambda entry: entry.location)), count=len(listed),
        sources={"/docs/1.txt": Seen("docs/1.txt", "d1", Stamp(1, 2, 3))},
    )  # fmt: skip
    build.publish(home, embedder or HashEmbedder(dimension=16), None, changes, ["/docs"], Unwatched())
    return home.current()


def publish(home: Home, *numbers: int) -> str | None:
    """Publish some articles in the place of all others."""
    return publish_entries(home, entries(*numbers))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def names(home: Home) -> list[str]:
    return sorted(path.name for path in home.generations.iterdir())


def test_what_was_published_is_read_back(home: Home) -> None:
    publish(home, 1, 2)
    generation = home.open()
    assert list(generation.articles()) == [entry.article for entry in entries(1, 2)]
    assert generation.article("id2") == entries(2)[0].article
    assert generation.article("none") is None
    assert [generation.entry(number) for number in (0, 1)] == entries(1, 2)
    assert [known.location for known in generation.known("/docs/2.txt")] == ["/docs/2.txt"]
    assert [generation.place("location", f"/docs/{number}.txt") for number in (2, 3)] == [Place(0, 1), None]
    assert [article.origins for article in generation.articles()] == [{"title": "JSON-LD"}] * 2
    assert home.ledger.sources(1) == {"/docs/1.txt": Seen("docs/1.txt", "d1", Stamp(1, 2, 3))}
    assert generation.sentences("id1", 0, 40) == ((0, 12), (13, 27))
    assert list(generation.facts.ids) == ["id1", "id2"]
    assert list(generation.facts.sources) == ["Le Matin", None]
    assert list(generation.facts.published) == ["2025-01", None]
    assert generation.facts.first.tolist() == [0, 2]
    assert generation.facts.passages.tolist() == [2, 2]
    manifest = generation.manifest
    assert (manifest.format, manifest.articles, manifest.passages, manifest.dimension) == (FORMAT, 2, 4, 16)
    assert (manifest.model, manifest.fingerprint, manifest.chunking, manifest.paths) == ("hash", "hash-16", CHUNKING, ["/docs"])
    assert manifest.digest == collection_digest([("/docs/2.txt", "d2"), ("/docs/1.txt", "d1")])
    assert generation.verify() == []


def test_passages_come_in_the_order_asked_with_their_exact_text(home: Home) -> None:
    publish(home, 1, 2)
    found = home.open().passages([3, 0])
    assert found == [
        Passage(article_id="id2", start=13, end=2 + len(TEXT), text="Une pêche 😀 ici."),
        Passage(article_id="id1", start=0, end=12, text="1 Un accord."),
    ]
    for passage in found:
        article = home.open().article(passage.article_id)
        assert article is not None
        assert article.text[passage.start : passage.end] == passage.text


def test_more_passages_than_one_query_takes(home: Home) -> None:
    publish(home, *range(1000, 1400))
    assert [passage.article_id for passage in home.open().passages(range(799, -1, -1))][::2] == [
        f"id{number}" for number in range(1399, 999, -1)
    ]


def test_an_empty_collection_can_be_published(home: Home) -> None:
    publish(home)
    assert list(home.open().articles()) == []
    assert home.open().verify() == []


def test_nothing_published(home: Home) -> None:
    assert home.current() is None
    with pytest.raises(MissingIndex, match="build it with: griot index PATH"):
        home.open()


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="is a file, not a folder; give another place with --home"):
        Home(tmp_path / "file")


def test_the_generation_before_is_kept_and_older_ones_go(home: Home) -> None:
    assert [publish(home, 1), publish(home, 2), publish(home, 3)] == ["1", "2", "3"]
    assert names(home) == ["2", "3"]
    assert sorted(path.name for path in home.segments.iterdir()) == ["2", "3"]
    assert home.current() == "3"


def test_a_generation_opened_before_two_others_were_published_still_reads(home: Home) -> None:
    publish(home, 1)
    held = home.open()
    publish(home, 2)
    publish(home, 3)
    assert [article.id for article in held.articles()] == ["id1"]
    with ThreadPoolExecutor(1) as pool:  # a thread of its own opens the files again
        assert pool.submit(held.article, "id1").result() == entries(1)[0].article
    assert names(home) == ["1", "2", "3"]
    del held
    publish(home, 4)
    assert names(home) == ["3", "4"]
    assert sorted(path.name for path in home.segments.iterdir()) == ["3", "4"]


def test_a_crash_before_current_is_written_leaves_the_old_one_served(home: Home) -> None:
    publish(home, 1)
    publish(home, 2)
    (home.folder / "current").write_text("1")  # as if the process had died between the two steps
    assert [article.id for article in home.open().articles()] == ["id1"]
    assert publish(home, 3) == "3"
    assert [article.id for article in home.open().articles()] == ["id3"]


def test_the_generation_served_is_kept_beside_a_newer_one_that_never_was(home: Home) -> None:
    publish(home, 1)
    publish(home, 2)
    (home.folder / "current").write_text("1")  # 2 was written, and the process died before it was named
    publish(home, 3)
    # Readers may still hold 1; nobody ever read 2.
    assert names(home) == ["1", "3"]


def test_a_crash_while_writing_leaves_the_old_one_served_and_no_rest(home: Home) -> None:
    publish(home, 1)

    def cut_off() -> Iterator[Entry]:
        yield from entries(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build.publish(home, HashEmbedder(dimension=16), None, Changes(entries=cut_off, count=2), (), Unwatched())
    assert names(home) == ["1"]
    assert sorted(path.name for path in home.segments.iterdir()) == ["1"]
    assert home.current() == "1"
    assert [article.id for article in home.open().articles()] == ["id1"]


def test_a_draft_left_by_a_killed_process_is_cleared_away(home: Home) -> None:
    publish(home, 1)
    (home.generations / ".2.draft").mkdir()
    (home.generations / ".2.draft" / "articles.sqlite").write_bytes(b"half")
    publish(home, 2)
    assert names(home) == ["1", "2"]
    assert home.open().verify() == []


def test_a_model_that_gives_too_few_vectors_publishes_nothing(home: Home) -> None:
    class Short(HashEmbedder):
        def encode_documents(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> FloatMatrix:
            return super().encode_documents(texts, progress)[1:]

    with pytest.raises(ModelError, match=r"gives vectors of the shape \(1, 16\), not \(2, 16\)"):
        publish_entries(home, entries(1), Short(dimension=16))
    assert home.current() is None
    assert names(home) == []


OWN = ("removed.npy", "copies.npy", "whitening.npy")
PARTS = (
    *("articles.sqlite", "columns.npy", "names.json", "keys.npy", "keyed.npy", "shingles.npy", "shingled.npy", "vectors/vectors.npy"),
    *(f"lexical/{name}" for name in ("lexical.json", "hashes.npy", "starts.npy", "rows.npy", "counts.npy", "lengths.npy")),
)
FILES = [*(f"generations/1/{name}" for name in OWN), *(f"segments/1/{name}" for name in (*PARTS, "manifest.json"))]


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [Path.unlink, flipped, halved], ids=["missing", "altered", "cut"])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named_with_the_remedy(home: Home, name: str, damage: Callable[[Path], None]) -> None:
    publish(home, 1, 2)
    damage(home.folder / name)
    with pytest.raises(DamagedIndex, match="rebuild with: griot index --full") as caught:
        home.open()
    assert name in str(caught.value)


def manifest_with(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda content: {**content, **changes}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda content: [], id="list"),
        pytest.param(lambda content: 5, id="number"),
        pytest.param(lambda content: None, id="null"),
        pytest.param(lambda content: {"format": FORMAT}, id="nothing_else"),
        pytest.param(manifest_with(extra=1), id="unknown_field"),
        pytest.param(manifest_with(passages="4"), id="count_as_text"),
        pytest.param(manifest_with(passages=5), id="other_count"),
        pytest.param(manifest_with(model=None), id="no_model"),
        pytest.param(manifest_with(checksums=None), id="no_checksums"),
        pytest.param(manifest_with(checksums={"vectors.faiss": "abc"}), id="checksum_of_another_shape"),
        pytest.param(manifest_with(checksums={"other.file": ["abc", 3]}), id="checksum_of_no_file"),
        pytest.param(manifest_with(checksums={"vectors.faiss": ["abc", float("inf")]}), id="infinite_size"),
    ],
)
def test_a_damaged_manifest_is_named_with_the_remedy(home: Home, change: Callable[[dict[str, Any]], Any]) -> None:
    publish(home, 1, 2)
    path = home.generations / "1" / "manifest.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(DamagedIndex, match="rebuild with: griot index --full"):
        home.open()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"null", b'{"format": 1', b"[" * 100_000])
def test_a_manifest_that_is_not_json(home: Home, content: bytes) -> None:
    publish(home, 1)
    (home.generations / "1" / "manifest.json").write_bytes(content)
    with pytest.raises(DamagedIndex, match="rebuild with: griot index --full"):
        home.open()


@pytest.mark.parametrize("content", [b"", b"7", b"\xff", b"../..", b"1\n2", b"\x00"])
def test_current_that_names_no_generation(home: Home, content: bytes) -> None:
    publish(home, 1)
    (home.folder / "current").write_bytes(content)
    with pytest.raises(DamagedIndex, match="rebuild with: griot index --full"):
        home.open()


def test_the_generation_named_is_gone(home: Home) -> None:
    publish(home, 1)
    shutil.rmtree(home.generations / "1")
    with pytest.raises(DamagedIndex, match="is missing"):
        home.open()


@pytest.mark.parametrize(
    ("made", "kind", "said"),
    [
        pytest.param(FORMAT - 1, StaleIndex, "rebuild with: griot index --full", id="older"),
        pytest.param(FORMAT + 1, NewerIndex, "a newer Griot made it; update Griot, or rebuild with: griot index --full", id="newer"),
    ],
)
def test_another_format_is_stale_and_not_damaged(home: Home, made: int, kind: type[StaleIndex], said: str) -> None:
    publish(home, 1)
    path = home.generations / "1" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": made}))
    with pytest.raises(StaleIndex, match=said) as caught:
        home.open()
    assert type(caught.value) is kind


def test_the_digest_of_a_collection_is_told_from_what_came_and_went() -> None:
    one, two, three = ("/docs/1.txt", "d1"), ("/docs/2.txt", "d2"), ("/docs/3.txt", "d3")
    both = collection_digest([one, two])
    assert both == collection_digest([two, one]) != collection_digest([one])
    assert collection_digest([three], both, without=[one]) == collection_digest([two, three])
    assert collection_digest([], both, without=[two, one]) == collection_digest([]) == "0" * 64


def test_verify_finds_what_changed_since_the_opening(home: Home) -> None:
    publish(home, 1, 2)
    generation = home.open()
    flipped(home.segments / "1" / "lexical" / "counts.npy")
    (home.segments / "1" / "vectors" / "vectors.npy").unlink()
    (home.generations / "1" / "removed.npy").unlink()
    wrong = generation.verify()
    assert len(wrong) == 3
    assert any("lexical/counts.npy" in line and "SHA-256 differs" in line for line in wrong)
    assert any("vectors.npy" in line and "No such file" in line for line in wrong)
    assert any("removed.npy" in line and "No such file" in line for line in wrong)


def test_nothing_on_disk_is_pickled(home: Home) -> None:
    publish(home, 1)
    files = [path for path in home.folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"current", "sources.sqlite", "manifest.json", *(name.rpartition("/")[2] for name in FILES)}
    for path in files:
        assert path.read_bytes()[:2] not in (b"\x80\x03", b"\x80\x04", b"\x80\x05")
        if path.suffix == ".npy":
            np.load(path, allow_pickle=False)


def test_a_generation_reads_from_several_threads(home: Home) -> None:
    publish(home, *range(10, 30))
    generation: Generation = home.open()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: generation.passages([2 * (number % 20)])[0].article_id, range(200)))
    assert found == [f"id{10 + number % 20}" for number in range(200)]


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        pytest.param("Court.", "Court.", id="short"),
        pytest.param("Un  texte\n\nsur deux lignes", "Un texte sur deux lignes", id="white_space"),
        # 12 x 5 = 60 characters, of which the last is a space: 11 words and the start of the next would be 61.
        pytest.param("mots " * 20, "mots " * 11 + "mots…", id="cut_at_a_word"),
        pytest.param("x" * 70, "x" * 60 + "…", id="one_long_word"),
    ],
)
def test_opening_words(text: str, opening: str) -> None:
    assert opening_words(text) == opening


def test_an_article_id_depends_on_the_place_alone() -> None:
    # First 12 digits of the SHA-256 of "abc", FIPS 180-2, appendix B.1.
    assert article_id("abc") == "ba7816bf8f01"
    assert len(article_id("\udce9")) == 12


@pytest.mark.parametrize(
    "content", [pytest.param(b"\xd1\xff", id="not-text"), pytest.param(b"../../elsewhere", id="a-path"), pytest.param(b"", id="empty")]
)
def test_a_damaged_current_is_told_and_repaired_by_a_full_build(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("Le maire de Lomé a signé un accord avec Accra mardi.", encoding="utf-8")
    home = Home(tmp_path / "home")
    update(home, HashEmbedder(), [tmp_path / "docs"])
    (home.folder / "current").write_bytes(content)
    with pytest.raises(DamagedIndex, match="griot index --full"):
        home.open()
    update(home, HashEmbedder(), full=True)
    assert home.open().verify() == []
