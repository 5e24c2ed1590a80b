"""Exported, carried, imported: the same index, or a clear word and nothing changed."""

import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.collection import load_collection
from index.errors import BusyIndex, DamagedArchive, DamagedIndex, MissingIndex, NewerIndex, StaleIndex, StoreError
from index.files import Disk
from index.incoming import draft
from index.lock import writing
from index.manifest import FORMAT
from index.merging import Merging
from index.moving import export_index, import_index
from index.store import Home
from index.web.store import PageStore
from qa import Assistant
from tests.fakes import HashEmbedder, Steps

ONE = "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo.\n"
TWO = "Le parlement du Kenya a voté jeudi à Nairobi une loi sur l'eau et les puits.\n"
QUESTION = "Où le Bénin a-t-il signé un accord de pêche ?"


def build(home: Path, docs: Path, **texts: str) -> Assistant:
    docs.mkdir(exist_ok=True)
    for name, text in texts.items():
        (docs / f"{name}.txt").write_text(text)
    return Assistant.from_paths([docs], home=home, embedder=HashEmbedder())


def kept(folder: Path) -> dict[str, bytes]:
    """Every file of a home but its lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """An archive of an index of one article that was changed once."""
    build(tmp_path / "from", tmp_path / "docs", one=TWO)
    build(tmp_path / "from", tmp_path / "docs", one=ONE)
    path = tmp_path / "index.griot"
    export_index(Home(tmp_path / "from"), path)
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("archive")
    build(folder / "home", folder / "docs", one=ONE)
    export_index(Home(folder / "home"), folder / "index.griot")
    return (folder / "index.griot").read_bytes()


def test_what_is_imported_answers_as_what_was_exported(exported: Path, tmp_path: Path) -> None:
    before = Assistant.open(tmp_path / "from", embedder=HashEmbedder())
    shutil.rmtree(tmp_path / "docs")
    moved = import_index(Home(tmp_path / "to"), exported)
    assert (moved.generation, moved.contents.articles, moved.contents.passages, moved.contents.format) == ("1", 1, 1, FORMAT)
    after = Assistant.open(tmp_path / "to", embedder=HashEmbedder())
    assert after.home.open().verify() == []
    answers = [assistant.ask(QUESTION) for assistant in (before, after)]
    assert answers[0].answered
    assert answers[0].citations == answers[1].citations
    article = answers[0].citations[0].article_id
    assert [revision.text for revision in after.revisions(article)] == [TWO.strip()]
    assert load_collection(after.home.collection_file) == load_collection(before.home.collection_file)


def test_segments_and_what_was_taken_out_of_them_are_carried(tmp_path: Path) -> None:
    docs, home = tmp_path / "docs", Home(tmp_path / "from", merging=Merging(small=1))
    docs.mkdir()
    for number in range(8):
        (docs / f"t{number}.txt").write_text(f"{TWO.strip()} C'est la loi numéro {number}.\n")
    sender = Assistant(home, HashEmbedder())
    sender.update([docs])
    (docs / "one.txt").write_text(ONE)
    sender.update()
    sender.remove([f"{docs}/t3.txt"])
    there = build(tmp_path / "to", tmp_path / "other", two=TWO)
    export_index(home, tmp_path / "index.griot")
    import_index(there.home, tmp_path / "index.griot")
    sent, taken = home.open(), there.home.open()
    assert (len(sent.segments), len(sent.present), sent.manifest.articles) == (2, 9, 8)
    assert taken.verify() == []
    assert list(taken.articles()) == list(sent.articles())
    assert there.search("loi Nairobi 7", k=20) == sender.search("loi Nairobi 7", k=20)
    assert there.home.ledger.sources(2).keys() == home.ledger.sources(3).keys()
    report = there.update()
    assert (len(report.unchanged), report.embedded, report.added, report.removed) == (8, 0, (), ())


def test_a_build_after_an_import_embeds_only_what_is_new(exported: Path, tmp_path: Path) -> None:
    import_index(Home(tmp_path / "to"), exported)
    (tmp_path / "docs" / "two.txt").write_text(TWO)
    report = Assistant(Home(tmp_path / "to"), HashEmbedder()).update()
    assert (report.added, report.unchanged, report.embedded) == ((f"{tmp_path}/docs/two.txt",), (f"{tmp_path}/docs/one.txt",), 1)


def test_paths_that_are_not_here_lose_nothing(exported: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "docs")
    import_index(Home(tmp_path / "to"), exported)
    report = Assistant(Home(tmp_path / "to"), HashEmbedder()).update()
    assert (report.articles, report.removed) == (1, ())
    assert report.failed[0].reason.startswith("root missing")


def test_an_existing_index_is_replaced_with_all_that_belongs_to_it(exported: Path, tmp_path: Path) -> None:
    there = build(tmp_path / "to", tmp_path / "other", two=TWO)
    PageStore(there.home.pages_file).list("https://exemple.bj/", ["https://exemple.bj/a"])
    (tmp_path / "to" / "feedback.jsonl").write_text("{}\n")
    (tmp_path / "to" / "revisions.sqlite-journal").write_bytes(b"left by a crash")
    assert there.ask("Qui a voté une loi à Nairobi ?").answered
    moved = import_index(there.home, exported)
    assert moved.generation == "2"
    assert there.ask(QUESTION).answered, "an assistant that is open sees it at its next question"
    assert not there.home.pages_file.exists(), "the pages of the collection that was replaced"
    assert not (tmp_path / "to" / "revisions.sqlite-journal").exists()
    assert (tmp_path / "to" / "feedback.jsonl").exists(), "what readers thought is of the place"
    assert [root.location for root in load_collection(there.home.collection_file).roots] == [str(tmp_path / "docs")]
    assert sorted(path.name for path in (tmp_path / "to" / "generations").iterdir()) == ["1", "2"], "readers may hold the last"


def test_pages_are_copied_while_they_are_written(tmp_path: Path) -> None:
    assistant = build(tmp_path / "from", tmp_path / "docs", one=ONE)
    PageStore(assistant.home.pages_file).list("https://exemple.bj/", ["https://exemple.bj/a"])
    with closing(sqlite3.connect(assistant.home.pages_file)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM lists")
        export_index(assistant.home, tmp_path / "index.griot")
        writer.rollback()
    import_index(Home(tmp_path / "to"), tmp_path / "index.griot")
    with closing(sqlite3.connect(tmp_path / "to" / "pages.sqlite")) as pages:
        assert pages.execute("SELECT root, address FROM lists").fetchall() == [("https://exemple.bj/", "https://exemple.bj/a")]


def test_the_archive_is_a_tar_with_its_list_first(exported: Path) -> None:
    with tarfile.open(exported) as tar:
        names = tar.getnames()
        first = tar.extractfile(names[0])
        assert first
        listed = json.load(first)
    assert names[0] == "griot.json"
    assert [item["name"] for item in listed["items"]] == names[1:]
    assert names[1] == "generation/manifest.json"
    assert {"collection.json", "revisions.sqlite"} < set(names)


def test_what_export_says_of_the_file(tmp_path: Path) -> None:
    assistant = build(tmp_path / "from", tmp_path / "docs", one=ONE)
    steps = Steps()
    moved = export_index(assistant.home, tmp_path / "index.griot", steps)
    assert moved.size == (tmp_path / "index.griot").stat().st_size
    assert steps.stages == [("export", steps.done)]
    steps = Steps()
    import_index(Home(tmp_path / "to"), tmp_path / "index.griot", steps)
    assert steps.stages == [("import", steps.done)]


def test_an_export_leaves_nothing_beside_it_and_replaces_only_its_like(exported: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "from")
    export_index(home, exported)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "from", "index.griot"]
    (tmp_path / "letter.txt").write_text("Chère amie,")
    with pytest.raises(StoreError, match="exists and is no index that griot exported"):
        export_index(home, tmp_path / "letter.txt")
    assert (tmp_path / "letter.txt").read_text() == "Chère amie,"
    with pytest.raises(StoreError, match="no folder"):
        export_index(home, tmp_path / "nowhere" / "index.griot")
    with pytest.raises(MissingIndex):
        export_index(Home(tmp_path / "empty"), tmp_path / "empty.griot")


def test_a_damaged_index_is_not_exported(exported: Path, tmp_path: Path) -> None:
    before = exported.read_bytes()
    next((tmp_path / "from" / "segments").glob("*/articles.sqlite")).write_bytes(b"x")
    with pytest.raises(DamagedIndex):
        export_index(Home(tmp_path / "from"), exported)
    assert exported.read_bytes() == before


def test_two_writers_are_one_too_many(exported: Path, tmp_path: Path) -> None:
    with writing(Home(tmp_path / "to")), pytest.raises(BusyIndex):
        import_index(Home(tmp_path / "to"), exported)


def altered(path: Path, change: Callable[[dict[str, object]], object]) -> Path:
    """The archive with another list."""
    with tarfile.open(path) as tar:
        members = [(member, tar.extractfile(member).read()) for member in tar.getmembers()]  # type: ignore[union-attr]
    document = json.loads(members[0][1])
    change(document)
    other = path.with_name("other.griot")
    with tarfile.open(other, "w", format=tarfile.GNU_FORMAT) as tar:
        for number, (member, content) in enumerate(members):
            data = json.dumps(document).encode() if number == 0 else content
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return other


def named(name: str) -> Callable[[dict[str, object]], object]:
    def change(document: dict[str, object]) -> None:
        items = document["items"]
        assert isinstance(items, list)
        items[0]["name"] = name

    return change


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        pytest.param(lambda d: d.update(parcel=2), NewerIndex, "exported by a newer Griot", id="newer_archive"),
        pytest.param(lambda d: d.update(format=FORMAT + 1), NewerIndex, "update Griot here", id="newer_index"),
        pytest.param(lambda d: d.update(format=FORMAT - 1), StaleIndex, "griot index --full there", id="older_index"),
        pytest.param(lambda d: d.update(format="5"), DamagedArchive, "a value of another type", id="format_is_text"),
        pytest.param(
            lambda d: d["items"].append({"name": "segments/9/x", "digest": "0" * 64, "size": 0}), DamagedArchive, "cut short", id="less"
        ),
        pytest.param(lambda d: d.update(articles=2), DamagedArchive, "its list says 2 articles, its index 1", id="other_count"),
        pytest.param(lambda d: d.pop("items"), DamagedArchive, "its list cannot be read", id="no_items"),
        pytest.param(lambda d: d["items"].pop(), DamagedArchive, "it holds more than it lists", id="more_than_listed"),
        pytest.param(lambda d: d["items"].append(d["items"][0]), DamagedArchive, "a file twice", id="twice"),
        pytest.param(lambda d: d["items"][0].update(size=-1), DamagedArchive, "a file", id="negative_size"),
        pytest.param(lambda d: d["items"][0].update(size=5), DamagedArchive, "instead of 'generation/manifest.json' of 5", id="other_size"),
        pytest.param(lambda d: d["items"][0].update(digest="0" * 64), DamagedArchive, "manifest.json in it was altered", id="other_digest"),
        pytest.param(lambda d: d["items"][0].update(digest="x"), DamagedArchive, "a file", id="no_digest"),
        pytest.param(named("generation/../../x"), DamagedArchive, "a file", id="climbs"),
        pytest.param(named("/etc/x"), DamagedArchive, "a file", id="absolute"),
        pytest.param(named("generation\\x"), DamagedArchive, "a file", id="backslash"),
        pytest.param(named("C:x"), DamagedArchive, "a file", id="drive"),
        pytest.param(named("generation/a\0b"), DamagedArchive, "a file", id="nul"),
        pytest.param(named("generation/.x"), DamagedArchive, "a file", id="hidden"),
        pytest.param(
            lambda d: d["items"].pop([item["name"] for item in d["items"]].index("collection.json")),
            DamagedArchive,
            "cannot|lists",
            id="fewer",
        ),
        pytest.param(named("accounts"), DamagedArchive, "accounts in it belongs to no index", id="of_no_index"),
    ],
)
def test_an_altered_list_is_refused_and_nothing_changes(
    exported: Path, tmp_path: Path, change: Callable[[dict[str, object]], object], error: type[StoreError], words: str
) -> None:
    build(tmp_path / "to", tmp_path / "other", two=TWO)
    before = kept(tmp_path / "to")
    with pytest.raises(error, match=words):
        import_index(Home(tmp_path / "to"), altered(exported, change))
    assert kept(tmp_path / "to") == before


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_LONGNAME])
def test_anything_but_plain_files_is_refused(archive: bytes, tmp_path: Path, kind: bytes) -> None:
    head = tarfile.TarInfo.frombuf(archive[: tarfile.BLOCKSIZE], "utf-8", "strict")
    place = tarfile.BLOCKSIZE + -(-head.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
    second = tarfile.TarInfo.frombuf(archive[place : place + tarfile.BLOCKSIZE], "utf-8", "strict")
    second.type, second.linkname = kind, "/etc/passwd"
    path = tmp_path / "odd.griot"
    path.write_bytes(archive[:place] + second.tobuf(tarfile.GNU_FORMAT)[:512] + archive[place + tarfile.BLOCKSIZE :])
    with pytest.raises(DamagedArchive, match="something other than plain files"):
        import_index(Home(tmp_path / "to"), path)
    assert kept(tmp_path / "to") == {}


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 10_240, b"PK\x03\x04" * 300], ids=["empty", "short", "zeros", "zip"])
def test_what_is_no_archive_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(DamagedArchive, match="x cannot be imported"):
        import_index(Home(tmp_path / "to"), tmp_path / "x")
    assert not (tmp_path / "to").exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_cut_short_anywhere_it_is_refused(archive: bytes, tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "cut.griot"
    # Its end are two blocks of zeros, which say nothing.
    path.write_bytes(archive[: data.draw(st.integers(0, len(archive) - 2 * tarfile.BLOCKSIZE - 512))])
    home = Home(tmp_path / "to")
    with pytest.raises(DamagedArchive):
        import_index(home, path)
    assert kept(home.folder) == {}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**9), value=st.integers(1, 255))
def test_a_byte_changed_anywhere_changes_nothing_or_is_refused(archive: bytes, tmp_path: Path, place: int, value: int) -> None:
    content = bytearray(archive)
    content[place % len(content)] ^= value
    path = tmp_path / "altered.griot"
    path.write_bytes(content)
    home = Home(tmp_path / "to")
    shutil.rmtree(home.folder, ignore_errors=True)
    try:
        import_index(home, path)
    except StoreError:
        assert kept(home.folder) == {}
    else:
        # In a date, a name of the model, or where the archive says nothing.
        assert home.open().verify() == []


class Killed(BaseException):
    """The process ends here."""


class Mortal(Disk):
    """A disk whose process is killed before its last step."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def _step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise Killed

    def sync_tree(self, folder: Path) -> None:
        self._step()
        super().sync_tree(folder)

    def rename(self, old: Path, new: Path) -> None:
        self._step()
        super().rename(old, new)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)

    def make_folder(self, folder: Path) -> None:
        self._step()
        super().make_folder(folder)


def test_killed_at_any_step_the_old_index_or_the_new_is_served_and_the_next_writer_finishes(tmp_path: Path) -> None:
    docs, other = tmp_path / "docs", tmp_path / "other"
    build(tmp_path / "from", docs, one=ONE)
    export_index(Home(tmp_path / "from"), tmp_path / "index.griot")
    build(tmp_path / "before", other, two=TWO)
    old, new = Home(tmp_path / "before").manifest().digest, Home(tmp_path / "from").manifest().digest
    served, steps = [], 0
    while True:
        place = Path(shutil.copytree(tmp_path / "before", tmp_path / f"to{steps}"))
        try:
            import_index(Home(place, Mortal(steps)), tmp_path / "index.griot")
            break
        except Killed:
            home = Home(place)
            assert home.open().verify() == []
            decided = (place / "incoming").exists()
            served.append(home.manifest().digest)
            report = Assistant(home, HashEmbedder()).update()
            assert home.open().verify() == []
            assert home.manifest().digest == (new if decided or served[-1] == new else old), steps
            assert (report.added, report.changed, report.removed, report.embedded) == ((), (), (), 0), "nothing is made again"
            assert not [*place.glob("*incoming*"), *place.glob(".incoming*")]
        shutil.rmtree(place)
        steps += 1
    assert steps >= 15, "as many moments to be killed at"
    assert sorted(served, key=served.index) == served
    assert set(served) == {old, new}


def test_what_an_import_that_was_cut_off_early_left_is_deleted(exported: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "to")
    with writing(home):
        (draft(home) / "half").write_text("x")
    import_index(home, exported)
    assert not list(home.folder.glob(".incoming*"))


def test_a_damaged_plan_is_named(exported: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "to")
    (home.folder / "incoming").mkdir(parents=True)
    (home.folder / "incoming" / "plan.json").write_text("{")
    with pytest.raises(DamagedIndex, match="delete it and import the index again"):
        import_index(home, exported)


def test_when_it_was_made_is_kept(exported: Path, tmp_path: Path) -> None:
    moved = import_index(Home(tmp_path / "to"), exported)
    assert datetime.fromisoformat(moved.contents.made) <= datetime.now(UTC)
    assert moved.contents.model == "hash"
    assert os.path.exists(exported)
