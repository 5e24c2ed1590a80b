"""Archives, honest and hostile."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from index.errors import ArticleError
from index.read import Limits
from tests.index.readers.reading import read, reasons, texts
from tests.index.readers.samples import docx, json_lines, pack, pdf


def test_members_of_every_kind_are_read_by_what_they_are(tmp_path: Path) -> None:
    inner = pack({"mil.txt": b"Le mil."})
    data = pack({
        "é/b.txt": "Un été.".encode("cp1252"), "a.jsonl": b'{"id": "k", "text": "v"}\n{"text": "w"}', "mois/c.zip": inner,
        "page.txt": b"<html><body><p>Bonjour tout le monde.</p></body></html>", "d.csv.gz": gzip.compress(b"id,text\n9,neuf\n"),
        "photo.jpg": b"\xff\xd8\xff\xe0", "vide.txt": b"", "__MACOSX/x.txt": b"x", ".hidden/y.txt": b"y", "dossier/": b"",
    })  # fmt: skip
    found = read(tmp_path, "a.zip", data)
    assert texts(found) == {
        "a.jsonl/k": "v", "a.jsonl/2": "w", "d.csv.gz/9": "neuf", "mois/c.zip/mil.txt": "Le mil.", "page.txt": "Bonjour tout le monde.",
        "é/b.txt": "Un été.",
    }  # fmt: skip
    assert reasons(found) == {
        "photo.jpg": "an image; it needs OCR (for example ocrmypdf), or the article as text", "vide.txt": "the file is empty",
    }  # fmt: skip


def test_packing_in_another_order_changes_nothing(tmp_path: Path) -> None:
    members = {"b.txt": b"B.", "a.txt": b"A."}
    assert read(tmp_path, "a.zip", pack(members)) == read(tmp_path, "b.zip", pack(dict(reversed(members.items()))))


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "/etc/passwd.txt", "C:\\x.txt", "a\x01b.txt", "名前 🙂.txt", "x" * 3000 + ".txt"])
def test_names_lead_nowhere(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, "a.zip", pack({name: b"Texte."}))
    assert texts(found) == {zipfile.ZipInfo(name).filename: "Texte."}
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_two_members_of_the_same_name(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "Un.")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", "Deux.")
    found = read(tmp_path, "a.zip", file.getvalue())
    assert texts(found) == {"a.txt": "Un."}
    assert reasons(found) == {"a.txt": "another record of this file has the id a.txt; give each its own"}


def nested(depth: int) -> bytes:
    data = pack({"a.txt": b"Au fond."})
    for _ in range(depth):
        data = pack({"in.zip": data})
    return data


def test_depth_is_bounded(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "a.zip", nested(2))) == {"in.zip/in.zip/a.txt": "Au fond."}
    found = read(tmp_path, "a.zip", nested(3))
    assert reasons(found) == {"in.zip/in.zip/in.zip": "an archive 3 deep within archives; unpack the outer ones"}


def test_bombs_are_left_out_and_the_rest_is_read(tmp_path: Path) -> None:
    data = pack({"a.txt": b"Texte.", "bomb.txt": b"a" * 5_000_000, "bomb.txt.gz": gzip.compress(b"a" * 5_000_000)})
    found = read(tmp_path, "a.zip", data)
    assert texts(found) == {"a.txt": "Texte."}
    assert reasons(found)["bomb.txt"].endswith("times, as no text is; left out")
    assert "bomb.txt.gz" in reasons(found)


def test_a_header_that_lies_about_the_size(tmp_path: Path) -> None:
    data = pack({"bomb.txt": b"a" * 5_000_000})
    small = data.replace((5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert reasons(read(tmp_path, "a.zip", small)) == {"bomb.txt": "damaged in the archive; get it again"}


def test_counts_and_totals_are_bounded(tmp_path: Path) -> None:
    many = pack({f"{number:03}.txt": b"Texte." for number in range(20)})
    found = read(tmp_path, "a.zip", many, Limits(members=5))
    assert len(texts(found)) == 5
    assert reasons(found) == {"": "the rest: holds more than 5 members; split it"}
    found = read(tmp_path, "a.zip", many, Limits(container=60))
    assert len(texts(found)) == 10
    assert reasons(found)["010.txt"] == "holds more than 60 bytes once unpacked; split it"


def test_encrypted_and_damaged_members_are_told(tmp_path: Path) -> None:
    data = bytearray(pack({"a.txt": b"Texte.", "b.txt": b"Secret et long " + bytes(range(65, 90))}))
    place = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[place + 8] |= 1  # the bit "encrypted" of the second entry in the directory (APPNOTE 4.4.4)
    found = read(tmp_path, "a.zip", bytes(data))
    assert texts(found) == {"a.txt": "Texte."}
    assert reasons(found) == {"b.txt": "encrypted; unpack the archive with its password and name the folder"}


def test_a_stream_that_is_cut_keeps_what_came_before(tmp_path: Path) -> None:
    lines = b"".join(b'{"id": "%d", "text": "Le nombre %d."}\n' % (number, number * number) for number in range(300))
    packed = gzip.compress(lines, mtime=0)
    found = read(tmp_path, "a.jsonl.gz", packed[: len(packed) // 2])
    assert len(texts(found)) > 50
    assert texts(found)["12"] == "Le nombre 144."
    assert reasons(found)[""] == "cut or damaged towards the end; what came before is kept; get the file again"


def test_a_single_article_that_is_cut_is_not_taken_for_whole(tmp_path: Path) -> None:
    found = read(tmp_path, "a.txt.gz", gzip.compress(b"Un texte. " * 50 + bytes(range(65, 90)) * 9)[:-20])
    assert texts(found) == {}
    assert "cut or damaged" in reasons(found)[""]


def test_documents_under_other_names(tmp_path: Path) -> None:
    assert len(texts(read(tmp_path, "a.zip", docx()))) == 1
    assert len(texts(read(tmp_path, "a.txt", pdf(repeats=1)))) == 1
    assert set(texts(read(tmp_path, "b.txt", pack({"x.txt": b"Texte."})))) == {"x.txt"}
    assert set(texts(read(tmp_path, "c.gz", gzip.compress(pack({"x.jsonl": json_lines()}))))) == {"x.jsonl/a1", "x.jsonl/a2", "x.jsonl/a3"}


def test_a_cut_archive(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="a damaged or cut archive; get it again"):
        read(tmp_path, "a.zip", pack({"a.txt": b"Texte."})[:-30])
