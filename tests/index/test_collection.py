"""Which files a collection is made of, and what they are called."""

import json
from pathlib import Path

import pytest

from index.collection import Collection, Root, load_collection, make_root, save_collection, within
from index.errors import CollectionError, DamagedIndex


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("docs/a.txt", "docs/sub/b.txt", "other.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def listed(collection: Collection) -> tuple[list[str], list[tuple[str, str]]]:
    refused: list[tuple[str, str]] = []
    return [file.label for file in collection.files(lambda location, reason: refused.append((location, reason)))], refused


def test_labels_are_as_the_user_named_the_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert listed(Collection().with_paths(["docs"]))[0] == ["docs/a.txt", "docs/sub/b.txt"]
    assert listed(Collection().with_paths(["./docs/"]))[0] == ["docs/a.txt", "docs/sub/b.txt"]
    assert listed(Collection().with_paths(["docs/sub/../a.txt"]))[0] == ["docs/a.txt"]
    assert listed(Collection().with_paths([str(folder / "docs")]))[0] == [f"{folder}/docs/a.txt", f"{folder}/docs/sub/b.txt"]
    monkeypatch.chdir(folder / "docs")
    assert listed(Collection().with_paths(["."]))[0] == ["docs/a.txt", "docs/sub/b.txt"]
    assert listed(Collection().with_paths(["../other.txt"]))[0] == ["../other.txt"]


def test_overlapping_roots_list_a_file_once_under_the_outermost(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    expected = ["docs/a.txt", "docs/sub/b.txt"]
    assert listed(Collection().with_paths([folder / "docs" / "sub", "docs", "docs/a.txt"]))[0] == expected
    assert listed(Collection().with_paths(["docs", "docs/a.txt", folder / "docs" / "sub"]))[0] == expected


def test_the_same_path_twice_is_one_root(folder: Path) -> None:
    assert len(Collection().with_paths([folder / "docs", f"{folder}/docs/", folder / "docs"]).roots) == 1


def test_a_file_removed_by_hand_stays_out_until_it_is_named_again(folder: Path) -> None:
    collection = Collection().with_paths([folder / "docs"]).without(str(folder / "docs/a.txt"))
    assert listed(collection)[0] == [f"{folder}/docs/sub/b.txt"]
    assert listed(collection.with_paths([folder / "other.txt"]))[0] == [f"{folder}/docs/sub/b.txt", f"{folder}/other.txt"]
    assert len(listed(collection.with_paths([folder / "docs"]))[0]) == 2
    assert len(listed(collection.with_paths([folder / "docs/a.txt"]))[0]) == 2


def test_a_root_removed_is_no_longer_a_root(folder: Path) -> None:
    collection = Collection().with_paths([folder / "docs", folder / "other.txt"]).without(str(folder / "docs"))
    assert [root.location for root in collection.roots] == [str(folder / "other.txt")]


def test_a_file_that_is_also_under_another_root_is_out_when_removed(folder: Path) -> None:
    collection = Collection().with_paths([folder / "docs", folder / "docs/a.txt"]).without(str(folder / "docs/a.txt"))
    assert listed(collection)[0] == [f"{folder}/docs/sub/b.txt"]


def test_a_root_that_is_gone_is_told(folder: Path) -> None:
    collection = Collection().with_paths([folder / "docs", folder / "other.txt"])
    (folder / "other.txt").unlink()
    labels, refused = listed(collection)
    assert labels == [f"{folder}/docs/a.txt", f"{folder}/docs/sub/b.txt"]
    assert [location for location, _ in refused] == [f"{folder}/other.txt"]
    assert refused[0][1] == "root missing; its articles are kept; --prune removes them"


@pytest.mark.parametrize(
    ("path", "reason"),
    [("no/such/path", "no such file or folder; check the path"), ("https://a:b@exemple.bj/", "leave it out")],
)
def test_a_path_that_cannot_be_used(path: str, reason: str) -> None:
    with pytest.raises(CollectionError, match=reason):
        make_root(path)


def test_saved_and_loaded_it_is_the_same(tmp_path: Path) -> None:
    collection = Collection(roots=(Root(location="/a/é", label="é"), Root(location="/b", label="b")), removed=frozenset({"/a/é/x.txt"}))
    save_collection(collection, tmp_path / "collection.json")
    assert load_collection(tmp_path / "collection.json") == collection
    assert [path.name for path in tmp_path.iterdir()] == ["collection.json"]


def test_no_file_is_an_empty_collection(tmp_path: Path) -> None:
    assert load_collection(tmp_path / "collection.json") == Collection()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="cut"),
        pytest.param("[]", id="list"),
        pytest.param("{}", id="no_fields"),
        pytest.param('{"roots": [{"location": "/a"}], "removed": []}', id="no_label"),
        pytest.param('{"roots": 5, "removed": []}', id="number"),
        pytest.param("\udcff", id="not_utf-8"),
        pytest.param(json.dumps({"roots": [{"location": 1, "label": 2}], "removed": []}), id="numbers_as_paths"),
    ],
)
def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path, content: str) -> None:
    path = tmp_path / "collection.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(DamagedIndex, match=r"collection\.json is damaged; delete it and name the collection again"):
        load_collection(path)


@pytest.mark.parametrize(
    ("location", "root", "inside"),
    [("/a/b", "/a", True), ("/a", "/a", True), ("/ab", "/a", False), ("/a", "/", True), ("/a", "/a/b", False), ("/a/b", "/a/", True)],
)
def test_within(location: str, root: str, inside: bool) -> None:
    assert within(location, root) is inside
