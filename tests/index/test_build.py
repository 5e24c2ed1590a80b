"""The index mirrors its collection: only what changed is read and embedded again."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.analyse import terms
from index.article import Article
from index.build import embedding_text, passage_terms, publish_articles, remove, update
from index.collection import load_collection
from index.errors import CollectionError, NewerIndex
from index.generation import Generation
from index.manifest import FORMAT
from index.report import Report
from index.source import make_entry
from index.store import Home
from index.vectors import FloatMatrix
from tests.fakes import HashEmbedder, Steps

ONE = "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo.\n"
TWO = "Le parlement du Kenya a voté jeudi à Nairobi une loi sur l'eau et les puits.\n"
THREE = "Les pluies ont détruit trois ponts dans la région de Zinder au Niger.\n"


class Place:
    """A folder of articles and a home beside it."""

    def __init__(self, folder: Path) -> None:
        self.docs = folder / "docs"
        self.docs.mkdir()
        self.home = Home(folder / "home")
        self.embedder = HashEmbedder()
        self.write("one.txt", ONE)
        self.write("two.txt", TWO)

    def write(self, name: str, text: str) -> None:
        (self.docs / name).parent.mkdir(parents=True, exist_ok=True)
        (self.docs / name).write_text(text)

    def update(self, *paths: str | Path, full: bool = False) -> Report:
        return update(self.home, self.embedder, paths, full=full)

    def named(self, *names: str) -> tuple[str, ...]:
        return tuple(f"{self.docs}/{name}" for name in names)

    def texts(self) -> list[str]:
        return [article.text for article in self.home.open().articles()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def whole(generation: Generation) -> tuple[list[Article], list[tuple[int, int]], list[list[float]], list[float]]:
    """Everything that a question can see of a generation."""
    size = generation.manifest.passages
    passages = generation.passages(range(size))
    vectors = generation.vectors.rows(np.arange(size)).round(6).tolist()
    lexical = generation.lexical.scores({"accord": 1.0, "niger": 1.0, "loi": 0.5}).tolist()
    return list(generation.articles()), [(passage.start, passage.end) for passage in passages], vectors, lexical


def test_the_first_build_adds_everything(place: Place) -> None:
    report = place.update(place.docs)
    assert report == Report(added=place.named("one.txt", "two.txt"), articles=2, passages=2, embedded=2)
    assert place.texts() == [ONE.strip(), TWO.strip()]
    assert place.home.open().verify() == []


def test_nothing_changed_publishes_nothing(place: Place) -> None:
    place.update(place.docs)
    place.embedder.encoded.clear()
    assert place.update() == Report(unchanged=place.named("one.txt", "two.txt"), articles=2, passages=2, embedded=0)
    assert place.embedder.encoded == []
    assert place.home.current() == "1"


def test_only_a_new_file_is_embedded(place: Place) -> None:
    place.update(place.docs)
    place.embedder.encoded.clear()
    place.write("a-first.txt", THREE)
    report = place.update()
    assert report == Report(
        added=place.named("a-first.txt"), unchanged=place.named("one.txt", "two.txt"), articles=3, passages=3, embedded=1
    )
    assert place.embedder.encoded == [THREE.strip()]
    assert place.texts() == [THREE.strip(), ONE.strip(), TWO.strip()]
    generation = place.home.open()
    expected = HashEmbedder().encode_documents([THREE.strip(), ONE.strip(), TWO.strip()])
    np.testing.assert_allclose(generation.vectors.rows(np.arange(3)), expected, atol=1e-6)


def test_only_a_changed_file_is_embedded_and_keeps_its_id(place: Place) -> None:
    place.update(place.docs)
    before = [article.id for article in place.home.open().articles()]
    place.embedder.encoded.clear()
    place.write("one.txt", THREE)
    report = place.update()
    assert (report.changed, report.unchanged, report.embedded) == (place.named("one.txt"), place.named("two.txt"), 1)
    assert place.embedder.encoded == [THREE.strip()]
    assert [article.id for article in place.home.open().articles()] == before


def test_touched_but_the_same_is_unchanged(place: Place) -> None:
    place.update(place.docs)
    os.utime(place.docs / "one.txt", (1, 1))
    assert place.update().unchanged == place.named("one.txt", "two.txt")


def test_a_file_that_is_gone_is_removed(place: Place) -> None:
    place.update(place.docs)
    (place.docs / "one.txt").unlink()
    report = place.update()
    assert (report.removed, report.unchanged, report.embedded) == (place.named("one.txt"), place.named("two.txt"), 0)
    assert place.texts() == [TWO.strip()]


def test_every_file_gone_leaves_an_empty_index_that_opens(place: Place) -> None:
    place.update(place.docs)
    for path in place.docs.iterdir():
        path.unlink()
    assert place.update().removed == place.named("one.txt", "two.txt")
    assert place.texts() == []
    place.write("three.txt", THREE)
    assert place.update().added == place.named("three.txt")


def test_full_reads_everything_again_and_embeds_nothing_twice(place: Place) -> None:
    place.update(place.docs)
    place.embedder.encoded.clear()
    report = place.update(full=True)
    assert (report.added, report.embedded) == (place.named("one.txt", "two.txt"), 0)
    assert place.embedder.encoded == []


def test_full_embeds_again_what_a_damaged_file_held(place: Place) -> None:
    place.update(place.docs)
    path = place.home.segments / "1" / "vectors" / "vectors.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    place.embedder.encoded.clear()
    assert place.update(full=True).embedded == 2
    assert sorted(place.embedder.encoded) == sorted([ONE.strip(), TWO.strip()])
    assert place.home.open().verify() == []


def test_going_back_to_the_model_before_embeds_nothing(place: Place) -> None:
    place.update(place.docs)
    first, place.embedder = place.embedder, HashEmbedder("other", dimension=64)
    place.update()
    first.encoded.clear()
    place.embedder = first
    assert place.update().embedded == 0
    assert first.encoded == []


def test_another_model_embeds_everything_again(place: Place) -> None:
    place.update(place.docs)
    place.embedder = HashEmbedder("other", dimension=64)
    assert place.update().embedded == 2
    manifest = place.home.open().manifest
    assert (manifest.model, manifest.fingerprint, manifest.dimension) == ("other", "other-64", 64)


def test_another_model_of_the_same_files_changes_no_id(place: Place) -> None:
    place.update(place.docs)
    before = [article.id for article in place.home.open().articles()]
    place.embedder = HashEmbedder("other")
    place.update()
    assert [article.id for article in place.home.open().articles()] == before


BAD: list[tuple[str, Callable[[Path], object], str]] = [
    ("empty.txt", lambda path: path.write_bytes(b""), "the file is empty"),
    ("binary.txt", lambda path: path.write_bytes(b"\x00\x01\x02" * 50), "binary data"),
    ("photo.jpg", lambda path: path.write_bytes(b"\xff\xd8"), "an image; it needs OCR"),
    ("menu.txt", lambda path: path.write_text("Menu\nAccueil\n"), "no article text"),
    ("dangling.txt", lambda path: path.symlink_to("/no/such/file"), "cannot be opened: No such file or directory"),
]


@pytest.mark.parametrize(("name", "make", "reason"), BAD, ids=[name for name, *_ in BAD])
def test_one_bad_file_is_reported_and_stops_no_other(place: Place, name: str, make: Callable[[Path], object], reason: str) -> None:
    make(place.docs / name)
    report = place.update(place.docs)
    assert report.added == place.named("one.txt", "two.txt")
    assert [failure.path for failure in report.failed] == [f"{place.docs}/{name}"]
    assert reason in report.failed[0].reason


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("http://[votre-site]/page\n\n" + THREE, id="malformed_address"),
        pytest.param("0000-00-00T00:00:00\n\n" + THREE, id="malformed_time_stamp"),
        pytest.param("Tıtle: un\n" + THREE, id="letter_that_only_looks_like_a_field"),
        pytest.param("x" * 5000, id="one_long_word"),
        pytest.param("\u0301" * 100 + " a", id="accents_alone"),
        pytest.param(("mot " * 500) + "fin.", id="one_long_sentence"),
    ],
)
def test_an_odd_file_stops_no_other(place: Place, content: str) -> None:
    place.write("odd.txt", content)
    report = place.update(place.docs)
    assert {*report.added, *(failure.path for failure in report.failed)} == set(place.named("odd.txt", "one.txt", "two.txt"))
    assert set(place.named("one.txt", "two.txt")) <= set(report.added)


def test_a_name_that_is_not_utf_8_stops_no_other(place: Place) -> None:
    Path(os.fsdecode(os.fsencode(place.docs) + b"/caf\xe9.txt")).write_text(THREE)
    report = place.update(place.docs)
    assert set(place.named("one.txt", "two.txt")) <= set(report.added)
    assert len(report.added) + len(report.failed) == 3


def test_only_bad_files_is_an_error_that_names_one(place: Place) -> None:
    place.write("one.txt", "")
    place.write("two.txt", "")
    with pytest.raises(CollectionError, match=r"no article could be read; the first of 2: .*/docs/one\.txt: the file is empty"):
        place.update(place.docs)
    assert place.home.current() is None


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(CollectionError, match=r"put articles there"):
        update(Home(tmp_path / "home"), HashEmbedder(), [tmp_path / "none"])


def test_no_path_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="the collection is empty"):
        update(Home(tmp_path / "home"), HashEmbedder())


def test_a_missing_path_changes_nothing(place: Place) -> None:
    place.update(place.docs)
    with pytest.raises(CollectionError, match="no such file or folder"):
        place.update(place.docs / "none")
    assert [root.location for root in load_collection(place.home.collection_file).roots] == [str(place.docs)]


def test_a_file_that_cannot_be_opened_for_now_is_kept(place: Place) -> None:
    place.update(place.docs)
    (place.docs / "one.txt").unlink()
    # Opening a link that leads to itself is an OSError for every user, root included.
    (place.docs / "one.txt").symlink_to("one.txt")
    report = place.update()
    assert [failure.path for failure in report.failed] == list(place.named("one.txt"))
    assert report.removed == ()
    assert place.texts() == [ONE.strip(), TWO.strip()]


def test_a_root_that_is_gone_keeps_its_articles_until_it_is_removed(place: Place) -> None:
    place.update(place.docs)
    place.docs.rename(place.docs.with_name("away"))
    report = place.update()
    assert [failure.path for failure in report.failed] == [str(place.docs)]
    assert (report.removed, report.articles) == ((), 2)
    assert place.texts() == [ONE.strip(), TWO.strip()]
    assert remove(place.home, place.embedder, [str(place.docs)]).removed == place.named("one.txt", "two.txt")
    assert place.texts() == []


def test_a_gone_root_keeps_its_articles_when_another_changes(place: Place, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "three.txt").write_text(THREE)
    place.update(place.docs, tmp_path / "more")
    place.docs.rename(place.docs.with_name("away"))
    (tmp_path / "more" / "four.txt").write_text("Le fleuve a débordé lundi près de Gaya, au sud du Niger.")
    place.embedder.encoded.clear()
    assert place.update().articles == 4
    assert len(place.embedder.encoded) == 1


def test_the_articles_of_a_gone_root_are_removed_when_that_is_asked_for(place: Place, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "three.txt").write_text(THREE)
    place.update(place.docs, tmp_path / "more")
    place.docs.rename(place.docs.with_name("away"))
    kept = place.update()
    assert [failure.reason for failure in kept.failed] == ["root missing; its articles are kept; --prune removes them"]
    assert (kept.removed, kept.articles) == ((), 3)
    pruned = update(place.home, place.embedder, prune=True)
    assert (pruned.failed, pruned.removed, pruned.articles) == ((), place.named("one.txt", "two.txt"), 1)
    place.docs.with_name("away").rename(place.docs)
    assert place.update().added == place.named("one.txt", "two.txt")


def test_a_file_that_nobody_wrote_to_is_not_read_again(place: Place) -> None:
    old = time.time() - 60
    for name in ("one.txt", "two.txt"):
        os.utime(place.docs / name, (old, old))
    place.update(place.docs)
    # Of the same size, and its time put back: only one who reads it could tell, and nobody does that without a reason.
    place.write("one.txt", ONE.replace("mardi", "jeudi"))
    os.utime(place.docs / "one.txt", (old, old))
    assert place.update().unchanged == place.named("one.txt", "two.txt")
    os.utime(place.docs / "one.txt")
    assert place.update().changed == place.named("one.txt")


def test_a_file_written_to_twice_within_a_moment_is_read_twice(place: Place) -> None:
    place.update(place.docs)
    status = (place.docs / "one.txt").stat()
    place.write("one.txt", ONE.replace("mardi", "jeudi"))
    os.utime(place.docs / "one.txt", ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert place.update().changed == place.named("one.txt")


def test_an_index_that_lost_its_notes_on_sources_reads_them_again_and_changes_nothing(place: Place) -> None:
    place.update(place.docs)
    place.embedder.encoded.clear()
    place.home.ledger.forget()
    assert place.update().unchanged == place.named("one.txt", "two.txt")
    assert (place.embedder.encoded, place.home.current()) == ([], "1")


def test_an_index_of_a_newer_griot_is_not_touched_unless_in_full(place: Place) -> None:
    place.update(place.docs)
    path = place.home.generations / "1" / "manifest.json"
    path.write_text(path.read_text().replace(f'"format": {FORMAT}', f'"format": {FORMAT + 1}'))
    with pytest.raises(NewerIndex, match="a newer Griot made it; update Griot, or rebuild with: griot index --full"):
        place.update()
    assert place.home.current() == "1"
    assert place.update(full=True).articles == 2


def test_an_index_of_an_older_griot_is_made_again_from_its_files(place: Place) -> None:
    place.update(place.docs)
    path = place.home.generations / "1" / "manifest.json"
    path.write_text(path.read_text().replace(f'"format": {FORMAT}', f'"format": {FORMAT - 1}'))
    assert place.update().articles == 2
    assert place.home.open().verify() == []


def test_remove_by_id_path_and_absolute_path(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("three.txt", THREE)
    place.write("four.txt", "Le fleuve a débordé lundi près de Gaya, au sud du Niger.")
    monkeypatch.chdir(place.docs.parent)
    place.update("docs")
    by_id = next(article.id for article in place.home.open().articles() if article.path == "docs/one.txt")
    assert remove(place.home, place.embedder, [by_id]).removed == ("docs/one.txt",)
    assert remove(place.home, place.embedder, ["docs/two.txt"]).removed == ("docs/two.txt",)
    assert remove(place.home, place.embedder, ["./docs/../docs/three.txt"]).removed == ("docs/three.txt",)
    assert remove(place.home, place.embedder, [f"{place.docs}/four.txt"]).removed == ("docs/four.txt",)
    assert place.texts() == []


def test_a_removed_article_stays_out_of_later_updates(place: Place) -> None:
    place.update(place.docs)
    remove(place.home, place.embedder, list(place.named("one.txt")))
    place.write("three.txt", THREE)
    assert place.update().added == place.named("three.txt")
    assert place.update(place.docs).added == place.named("one.txt")


def test_a_file_named_beside_its_folder_is_removed(place: Place) -> None:
    place.update(place.docs, place.docs / "one.txt")
    assert remove(place.home, place.embedder, list(place.named("one.txt"))).removed == place.named("one.txt")


def test_removing_what_is_not_there_removes_nothing(place: Place) -> None:
    place.update(place.docs)
    with pytest.raises(CollectionError, match="list them with: griot status"):
        remove(place.home, place.embedder, [*place.named("one.txt"), "none"])
    assert place.update().articles == 2


def test_the_order_of_the_paths_does_not_matter(place: Place, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "three.txt").write_text(THREE)
    other = Home(tmp_path / "other")
    place.update(place.docs, tmp_path / "more")
    update(other, HashEmbedder(), [tmp_path / "more" / "three.txt", tmp_path / "more", place.docs / "two.txt", place.docs])
    assert whole(place.home.open()) == whole(other.open())


def test_step_by_step_gives_the_same_index_as_at_once(place: Place, tmp_path: Path) -> None:
    place.update(place.docs)
    place.write("one.txt", THREE)
    place.write("new.txt", ONE)
    place.update()
    (place.docs / "two.txt").unlink()
    place.update()
    other = Home(tmp_path / "other")
    update(other, HashEmbedder(), [place.docs])
    assert whole(place.home.open()) == whole(other.open())


def test_a_kept_vector_is_kept_to_the_bit(place: Place) -> None:
    place.update(place.docs)
    first = place.home.open().vectors.rows(np.arange(2)).tobytes()
    for number in range(3):
        place.write(f"z{number}.txt", THREE)
        place.update()
    assert place.home.open().vectors.rows(np.arange(2)).tobytes() == first


def test_a_damaged_index_is_rebuilt_from_the_files(place: Place) -> None:
    place.update(place.docs)
    (place.home.segments / "1" / "vectors" / "vectors.npy").unlink()
    assert place.update().embedded == 2
    assert place.home.open().verify() == []


class Interrupted(HashEmbedder):
    def encode_documents(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> FloatMatrix:
        raise KeyboardInterrupt


def test_an_interrupted_update_leaves_the_old_generation_and_frees_the_lock(place: Place) -> None:
    place.update(place.docs)
    place.write("three.txt", THREE)
    with pytest.raises(KeyboardInterrupt):
        update(place.home, Interrupted())
    assert place.texts() == [ONE.strip(), TWO.strip()]
    assert sorted(path.name for path in place.home.generations.iterdir()) == ["1"]
    assert place.update().added == place.named("three.txt")


def test_the_watcher_is_told_of_every_step(place: Place) -> None:
    steps = Steps()
    update(place.home, place.embedder, [place.docs], watcher=steps)
    size = len(ONE.encode()) + len(TWO.encode())
    assert steps.stages == [("read", size), ("embed", 2), ("compare", 2)]  # two headlines are too few to check the index with
    assert (steps.done, steps.found) == (size + 4, 2)


def test_markdown_and_text_are_read(place: Place) -> None:
    place.write(
        "note.md", "# Un pont détruit\n\n**Les pluies** ont détruit [trois ponts](https://exemple.ne/p) dans la région de Zinder.\n"
    )
    place.update(place.docs)
    article = next(article for article in place.home.open().articles() if article.path.endswith(".md"))
    assert (article.title, article.text) == ("Un pont détruit", "Les pluies ont détruit trois ponts dans la région de Zinder.")


def test_what_the_model_and_the_words_are_given() -> None:
    sentence = "Le fleuve a débordé lundi. " + "Les champs sont noyés " * 30 + "."
    article = Article(id="a", text=sentence, path="a.txt", digest="", title="Crue", language="fr")
    entry = make_entry(article, "a")
    assert len(entry.spans) == 3
    start, end = entry.spans[0]
    assert embedding_text(article, start, end) == f"Crue\n{sentence[start:end]}"
    (title,), (river, flooded) = terms("Crue", "fr"), terms("fleuve débordé", "fr")
    first, middle, last = passage_terms(article, entry.spans)
    assert [passage.count(title) for passage in (first, middle, last)] == [2, 2, 2]
    # A passage counts its neighbours' words once: "fleuve" is in the first, and so in the second's, not in the third's.
    assert [passage.count(river) for passage in (first, middle, last)] == [1, 1, 0]
    assert f"{river} {flooded}" in first


def test_articles_in_memory_are_published(tmp_path: Path) -> None:
    home = Home(tmp_path)
    articles = [Article(id=name, text=text.strip(), path=name, digest="", language="fr") for name, text in (("b", TWO), ("a", ONE))]
    publish_articles(home, HashEmbedder(), articles)
    assert [article.id for article in home.open().articles()] == ["a", "b"]


def test_an_interrupted_reading_goes_on_where_it_stopped(place: Place) -> None:
    class Interrupted(Steps):
        def advance(self, steps: int, found: int = 0) -> None:
            super().advance(steps, found)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(place.home, place.embedder, [place.docs], watcher=Interrupted())
    spool = place.home.folder / "reading.draft"
    assert spool.exists()
    assert place.update(place.docs).added == place.named("one.txt", "two.txt")
    # What it held is published now.
    assert not spool.exists()


def test_a_record_that_changed_is_the_only_one_embedded_again(place: Place) -> None:
    place.write("press.csv", f"id;texte\na;{ONE}b;{TWO}")
    place.update(place.docs / "press.csv")
    place.embedder.encoded.clear()
    place.write("press.csv", f"id;texte\na;{ONE}b;{THREE}")
    report = place.update()
    assert (report.changed, report.unchanged) == (place.named("press.csv/b"), place.named("press.csv/a"))
    assert place.embedder.encoded == [THREE.strip()]


def test_a_record_can_be_taken_out(place: Place) -> None:
    place.write("press.csv", f"id;texte\na;{ONE}b;{TWO}")
    place.update(place.docs / "press.csv")
    assert remove(place.home, place.embedder, [f"{place.docs}/press.csv/b"]).removed == place.named("press.csv/b")
    assert place.update().unchanged == place.named("press.csv/a")


def test_records_that_failed_are_tried_again(place: Place) -> None:
    place.write("press.csv", f"id;texte\na;{ONE}b;\n")
    first = place.update(place.docs / "press.csv")
    # Named by its line.
    assert [failure.path for failure in first.failed] == [f"{place.docs}/press.csv/3"]
    again = place.update()
    assert (again.unchanged, [failure.path for failure in again.failed]) == (place.named("press.csv/a"), [f"{place.docs}/press.csv/3"])


def test_other_names_of_columns_read_a_known_table_again(place: Place) -> None:
    place.write("table.csv", f'chapo,corps\n"{TWO.strip()}","{THREE.strip()}"\n')
    place.update(place.docs)
    assert THREE.strip() in place.texts()
    changed = update(place.home, place.embedder, columns={"text": "chapo"})
    assert (changed.added, changed.failed, len(changed.unchanged)) == ((), (), 2)
    assert changed.changed == (f"{place.docs}/table.csv/2",)
    assert THREE.strip() not in place.texts()
    assert update(place.home, place.embedder, columns={"text": "chapo"}).changed == ()
