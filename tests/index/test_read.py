"""Files to raw text."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Document
from index.errors import ArticleError
from index.read import MAX_BYTES, Limits, decode, list_files, read_documents, read_file
from tests.paths import ROOT

FRENCH = "« L’été dernier », a dit le ministre à Niamey, où l’accord a été signé : déjà prêt, reçu… et garçon naïf."


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(FRENCH.encode("utf-8"), FRENCH, id="utf-8"),
        pytest.param(b"\xef\xbb\xbf" + FRENCH.encode("utf-8"), FRENCH, id="utf-8_bom"),
        pytest.param(FRENCH.encode("utf-16"), FRENCH, id="utf-16"),
        pytest.param(b"\xfe\xff" + FRENCH.encode("utf-16-be"), FRENCH, id="utf-16_big_endian"),
        pytest.param(FRENCH.encode("utf-32"), FRENCH, id="utf-32"),
        pytest.param(FRENCH.encode("cp1252"), FRENCH, id="cp1252"),
        pytest.param(FRENCH.encode("mac_roman"), FRENCH, id="mac_roman"),
        pytest.param(
            "L'été dernier a été très chaud à Niamey, où le garçon a reçu la clé.".encode("cp850"),
            "L'été dernier a été très chaud à Niamey, où le garçon a reçu la clé.",
            id="cp850",
        ),
        pytest.param(b"Plain ASCII text.", "Plain ASCII text.", id="ascii"),
        pytest.param("日本語の記事です。".encode(), "日本語の記事です。", id="another_script"),
    ],
)
def test_decode(data: bytes, expected: str) -> None:
    assert decode(data) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b" \n\t\r\n ", "the file is empty", id="white_space"),
        pytest.param(b"%PDF-1.7\n\x00\x01\x02\x03", "binary data, not text", id="nul"),
        pytest.param(bytes(range(1, 32)) * 10, "binary data, not text", id="control_characters"),
        pytest.param(("é" * 50).encode() + b"\xe9 " + ("à" * 50).encode(), "damaged UTF-8 at byte 100", id="damaged_utf-8"),
        pytest.param(b"\xff\xfe\x00\xd8", "marked as utf-16 but damaged", id="damaged_utf-16"),
        pytest.param("今天的新闻报道".encode("gb2312"), "in no known encoding", id="gb2312"),
    ],
)
def test_what_is_not_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        decode(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except ArticleError:
        return
    assert isinstance(text, str)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(lambda text: text.strip() and text[0] != "\ufeff"))
def test_utf_8_is_read_back(text: str) -> None:
    assert decode(text.encode()) == text


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    document = read_file(tmp_path / "a.txt")
    # The SHA-256 of "abc" as in FIPS 180-2, appendix B.1.
    assert document.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert document.text == "abc"


@pytest.mark.parametrize("name", ["photo.jpg", "table.csv", "Makefile", "notes.txt.bak"])
def test_other_kinds_are_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("text")
    with pytest.raises(ArticleError, match=r"are not read; known kinds: \.txt, \.text, \.md, \.markdown"):
        read_file(tmp_path / name)


def test_the_case_of_the_kind_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "A.TXT").write_text("text")
    assert read_file(tmp_path / "A.TXT").text == "text"


def test_too_large(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # sparse: takes no place on the disk
    with pytest.raises(ArticleError, match="20,000,001 bytes, the limit is 20,000,000"):
        read_file(tmp_path / "large.txt")


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "none.txt")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    # A writer that leaves after a moment, so that a reader that does wait is freed and the test fails instead of hanging.
    writer = os.open(tmp_path / "pipe.txt", os.O_RDWR | os.O_NONBLOCK)
    leaving = threading.Timer(1.0, os.close, [writer])
    leaving.start()
    with pytest.raises(ArticleError, match="not a regular file"):
        read_file(tmp_path / "pipe.txt")
    leaving.join()


def test_files_are_listed_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt", ".hidden.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [path.relative_to(tmp_path).as_posix() for path in list_files(tmp_path, lambda error: None)]
    assert found == ["a.txt", "b.txt", "sub/c.txt"]


def test_a_file_lists_itself(tmp_path: Path) -> None:
    assert list(list_files(tmp_path / "a.txt", lambda error: None)) == [tmp_path / "a.txt"]


def test_a_text_is_one_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    (found,) = read_documents(tmp_path / "a.txt")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert found == Document(text="abc", digest=digest, scraped=True)


def test_markdown_loses_its_marks(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Un titre\n\nUn *texte*.")
    (found,) = read_documents(tmp_path / "a.md")
    assert isinstance(found, Document)
    assert (found.text.strip(), found.scraped) == ("Un texte.", False)
    assert (found.metadata.title, found.metadata.origins) == ("Un titre", {"title": "heading"})


def test_two_gigabytes_of_text_are_refused_by_their_size(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.write(b"text ")
        file.truncate(2_000_000_000)  # sparse: takes no place on the disk
    with pytest.raises(ArticleError, match="too large for an article: 2,000,000,000 bytes, the limit is 20,000,000; split it"):
        list(read_documents(tmp_path / "large.txt"))


def test_limits_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("texte")
    with pytest.raises(ArticleError, match="5 bytes, the limit is 4; split it"):
        list(read_documents(tmp_path / "a.txt", Limits(article=4)))


def test_articles_come_as_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Un."}\nnot json\n')
    found = read_documents(tmp_path / "a.jsonl")
    first = next(found)
    assert isinstance(first, Document)
    assert first.text == "Un."


@pytest.mark.parametrize("name", ["pipe.txt", "pipe.zip"])
def test_a_pipe_holds_no_articles(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(ArticleError, match="not a regular file"):
        read_documents(tmp_path / name)


def test_a_file_that_is_gone_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_documents(tmp_path / "none.pdf")


def test_reading_text_loads_no_other_reader(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("texte")
    program = (
        f"import sys, pathlib, index.read\nlist(index.read.read_documents(pathlib.Path({str(tmp_path / 'a.txt')!r})))\nprint(*sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert not {"trafilatura", "lxml", "pypdfium2", "docx", "warcio"} & set(ran.stdout.split())
