"""What comes in through the browser is kept as files with safe names, or refused with a reason."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import CollectionError
from ui.manage.shelf import Shelf, safe_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("../../etc/passwd.txt", "passwd.txt", id="path"),
        pytest.param("C:\\Users\\a\\Revue de presse.PDF", "Revue de presse.pdf", id="windows_path"),
        pytest.param(".htaccess.txt", "htaccess.txt", id="hidden"),
        pytest.param("a\x00b\n<c>.html", "a b c.html", id="control_characters"),
        pytest.param("été à Niamey (2).txt", "été à Niamey (2).txt", id="accents"),
        pytest.param("...", "article", id="dots"),
        pytest.param("é" * 300 + ".txt", "é" * 58 + ".txt", id="long"),
        pytest.param("con:stream.txt", "con stream.txt", id="colon"),
    ],
)
def test_safe_name(name: str, expected: str) -> None:
    assert safe_name(name) == expected


@given(st.text(max_size=300))
def test_any_name_is_one_file_in_the_folder(name: str) -> None:
    found = safe_name(name)
    assert found
    assert not set(found) & set("/\\\0\n:")
    assert not found.startswith(".")
    assert len(found.encode()) <= 255


def test_a_file_is_kept_and_never_over_another(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    first = shelf.keep_file("a.txt", io.BytesIO(b"one"))
    second = shelf.keep_file("a.txt", io.BytesIO(b"two"))
    again = shelf.keep_file("x/a.txt", io.BytesIO(b"two"))
    assert (first.name, second.name, again) == ("a.txt", "a-2.txt", second)
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert sorted(path.name for path in shelf.folder.iterdir()) == ["a-2.txt", "a.txt"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("a.exe", b"MZ", "a.exe: files of this kind are not read", id="kind"),
        pytest.param("a", b"x", "files of this kind are not read", id="no_ending"),
        pytest.param("a.txt", b"", "a.txt: the file is empty", id="empty"),
    ],
)
def test_a_file_that_is_refused_leaves_nothing(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(CollectionError, match=reason):
        Shelf(tmp_path).keep_file(name, io.BytesIO(data))
    assert not list(tmp_path.rglob("*.*"))


class Endless(io.RawIOBase):
    """A file without end."""

    def read(self, size: int = -1) -> bytes:
        return b"x" * size


def test_a_file_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="more than 200,000,000 bytes"):
        Shelf(tmp_path).keep_file("a.txt", Endless())  # type: ignore[arg-type]
    assert list((tmp_path / "articles").iterdir()) == []


def test_a_text_is_kept_as_it_was_pasted(tmp_path: Path) -> None:
    place = Shelf(tmp_path).keep_text(
        {"text": " # Pas un titre\n*ni* un mark ", "title": 'L\'été : "fin"', "published": "26 juin 2023", "url": ""}
    )
    assert place.name == "L'été fin .json" or place.name == "L'été fin.json"
    assert json.loads(place.read_text()) == {"text": "# Pas un titre\n*ni* un mark", "title": 'L\'été : "fin"', "published": "26 juin 2023"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"text": "  "}, "the text is empty", id="empty"),
        pytest.param({"text": "x" * 1_000_001}, "has 1,000,001 characters", id="long"),
        pytest.param({"text": "a", "url": "javascript:alert(1)"}, "is no address of the web", id="address"),
        pytest.param({"text": "a", "published": "bientôt"}, "'bientôt' is no date", id="date"),
    ],
)
def test_a_text_that_is_refused(tmp_path: Path, fields: dict[str, str], reason: str) -> None:
    with pytest.raises(CollectionError, match=reason):
        Shelf(tmp_path).keep_text(fields)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "articles").write_text("a file is in the way")
    with pytest.raises(CollectionError, match="cannot be written"):
        Shelf(tmp_path).keep_file("a.txt", io.BytesIO(b"x"))
