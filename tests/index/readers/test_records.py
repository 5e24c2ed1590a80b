"""JSON, JSON lines and tables."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from index.document import Document
from index.errors import ArticleError
from index.metadata import Metadata
from index.read import Limits
from tests.index.readers.pages import PARAGRAPHS
from tests.index.readers.reading import read, reasons, texts
from tests.index.readers.samples import ADDRESS, RECORDS, TITLE, json_lines, json_list, table

WHOLE = {"a1": "\n\n".join(PARAGRAPHS), "a2": "Le prix du mil « s'envole », dit un vendeur ;\n\nil a doublé.",
         "a3": "La route est rouverte.\n\nLe trafic reprend."}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.jsonl", json_lines(), id="lines"),
        pytest.param("a.ndjson", b"\xef\xbb\xbf" + json_lines().replace(b"\n", b"\r\n\r\n"), id="lines_with_empty_ones"),
        pytest.param("a.json", json_list(), id="list_within_an_object"),
        pytest.param("a.json", json.dumps(RECORDS).encode(), id="list"),
        pytest.param(
            "a.json", json.dumps({"response": {"hits": {"hits": [{"_source": r} for r in RECORDS]}}}).encode(), id="elasticsearch"
        ),
        pytest.param("a.json", json_lines(), id="lines_under_another_name"),
        pytest.param("a.csv", table(), id="semicolons"),
        pytest.param("a.csv", table(delimiter=","), id="commas"),
        pytest.param("a.csv", table(delimiter="\t", encoding="utf-8"), id="tabs_in_a_csv"),
        pytest.param("a.tsv", table(delimiter="\t", encoding="utf-16"), id="tabs_in_utf-16"),
        pytest.param("a.csv", table(encoding="cp1252"), id="cp1252"),
        pytest.param("a.csv", table(encoding="mac_roman"), id="mac_roman"),
        pytest.param("a.jsonl.gz", gzip.compress(json_lines()), id="packed"),
    ],
)
def test_every_form_gives_the_same_articles(tmp_path: Path, name: str, data: bytes) -> None:
    found = read(tmp_path, name, data)
    assert reasons(found) == {}
    assert texts(found) == WHOLE
    first = found[0]
    assert isinstance(first, Document)
    assert first.metadata == Metadata(title=TITLE, published="2024-07-03", url=ADDRESS, source="Le Courrier du Fleuve")
    assert first.metadata.origins == {"title": "column", "published": "column", "url": "column", "source": "column"}
    assert not first.scraped


def test_order_changes_neither_names_nor_digests(tmp_path: Path) -> None:
    there = {item.record: item.digest for item in read(tmp_path, "a.jsonl", json_lines()) if isinstance(item, Document)}
    back = {item.record: item.digest for item in read(tmp_path, "a.jsonl", json_lines(RECORDS[::-1])) if isinstance(item, Document)}
    assert there == back
    assert len(set(there.values())) == 3


def test_the_digest_is_of_the_record(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "a.jsonl", b'{"text": "b",   "id": "a"}\n')
    assert isinstance(found, Document)
    assert found.digest == hashlib.sha256(b'{"id": "a", "text": "b"}').hexdigest()


def test_what_cannot_be_read_is_named_by_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    data = (
        b'{"id": "a", "text": "Un."}\n{"id": "a", "text": "Deux."}\n\nnot json\n{"titre": "x", "chapo": "y"}\n[1]\n'
        b'{"text": "<p></p>"}\n{"text": "' + b"[" * 3 + b'"}\n' + b"[" * 200_000 + b"\n" + b'{"text": "caf\xe9 d\xc3\xa9j\xc3\xa0"}\n{"text": "Fin."}\n'
    )  # fmt: skip
    found = read(tmp_path, "a.jsonl", data)
    assert texts(found) == {"a": "Un.", "11": "Fin."}
    assert reasons(found) == {
        "a": "another record of this file has the id a; give each its own",
        "4": "line 4 is not JSON (Expecting value); write one object a line",
        "5": "line 5: no text in this record; its columns: chapo, titre; name the one that holds the text",
        "6": "line 6 is not an object with named fields",
        "7": "line 7: the text of this record has no words",
        "8": "line 8: the text of this record has no words",
        "9": "line 9 is not JSON (too deep or too large a number); write one object a line",
        "10": "damaged at byte 13 of its line; save the file again as UTF-8",
    }


def test_rows_that_do_not_fit(tmp_path: Path) -> None:
    data = 'Titre;Texte\nUn;"Sur deux\nlignes"\nDeux;\nTrois;a;b\n;\nQuatre;"dit "oui" hier"\nCinq;"jamais fermé\net fin'.encode()
    found = read(tmp_path, "a.csv", data)
    assert texts(found) == {"2": "Sur deux\n\nlignes"}
    assert reasons(found) == {
        "4": "the row at line 4: no text in this record; its columns: Texte, Titre; name the one that holds the text",
        "5": "the row at line 5 has 3 cells for 2 columns; quote its text",
        "7": "the row at line 7 is not closed or damaged (';' expected after '\"'); check its quotation marks",
        "8": "the row at line 8 is not closed or damaged (unexpected end of data); check its quotation marks",
    }


@pytest.mark.parametrize(
    ("record", "metadata"),
    [
        pytest.param({"Titre": "T", "Date de publication": "3 juillet 2024", "LIEN": "https://a.example/b", "Journal": "J", "Auteur": "A",
                      "Langue": "Français"},
                     Metadata(title="T", published="2024-07-03", url="https://a.example/b", source="J", author="A", language="fr"), id="french"),
        pytest.param({"headline": "T", "published_at": "2024-07-03T10:00:00Z", "source": {"id": None, "name": "J"},
                      "authors": [{"name": "A"}, {"name": "B"}], "lang": "en-GB"},
                     Metadata(title="T", published="2024-07-03", source="J", author="A, B", language="en"), id="nested"),
        pytest.param({"title": {"rendered": "L&rsquo;accord"}, "link": "https://a.example/b", "date": 1720000000},
                     Metadata(title="L’accord", published="2024-07-03", url="https://a.example/b"), id="wordpress_and_seconds"),
        pytest.param({"timestamp": "1720000000000", "source": "https://a.example/b"},
                     Metadata(published="2024-07-03", url="https://a.example/b"), id="milliseconds_and_an_address_as_source"),
        pytest.param({"pubDate": "20240703", "url": "not an address"}, Metadata(published="2024-07-03"), id="compact"),
        pytest.param({"date": "hier", "title": "", "author": None}, Metadata(), id="nothing_said"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_usual_names(tmp_path: Path, record: dict[str, object], metadata: Metadata) -> None:
    (found,) = read(tmp_path, "a.jsonl", json.dumps({**record, "Contenu": "Texte."}).encode())
    assert isinstance(found, Document)
    assert found.text == "Texte."
    assert found.metadata == metadata


def test_columns_that_are_named_by_the_user(tmp_path: Path) -> None:
    data = "Corps de la dépêche;texte;N°\nUn texte.;autre;7\n".encode()
    found = read(tmp_path, "a.csv", data, columns={"text": "corps de la depeche", "id": "N°"})
    assert texts(found) == {"7": "Un texte."}


def test_a_page_within_a_record(tmp_path: Path) -> None:
    page = "<html lang='fr'><head><meta property='og:site_name' content='S'></head><body><nav>Menu</nav><p>Un texte assez long pour rester.</p></body></html>"
    (found,) = read(tmp_path, "a.json", json.dumps({"html": page, "title": "T"}).encode())
    assert isinstance(found, Document)
    assert (found.text, found.record) == ("Un texte assez long pour rester.", "")
    assert (found.metadata.title, found.metadata.source, found.metadata.language) == ("T", "S", "fr")
    assert found.metadata.origins == {"title": "column", "source": "meta tag", "language": "html lang"}


def test_half_a_character_pair_is_no_traceback(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "a.jsonl", b'{"text": "\\ud83d\\ude00 a \\ud800 b"}')) == {"1": "😀 a \ufffd b"}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("a.json", b'{"a": ', "not valid JSON at line 1: Expecting value", id="cut"),
        pytest.param("a.json", b"[" * 100_000, "not valid JSON: too deep, or a number too long", id="deep"),
        pytest.param("a.json", b"3", "JSON without a list of objects", id="number"),
        pytest.param("a.json", b"[]", "it holds no article", id="empty_list"),
        pytest.param("a.json", b"[1" + b", 1" * 400 + b"]", r"JSON too large to read at once: 1,203 bytes.* \(\.jsonl\)", id="too_large"),
        pytest.param("a.jsonl", b"\n\n \n", "the file is empty", id="blank"),
        pytest.param("a.csv", b"un;deux\n1;2\n", r"no known column in the first row \(un, deux\)", id="unknown_columns"),
        pytest.param("a.csv", b'"titre;texte\n', "its first row cannot be read", id="header_not_closed"),
        pytest.param("a.csv", b"titre;texte\n", "it holds no article", id="no_rows"),
        pytest.param("a.csv", b"\x00\x01\x02titre", "binary data", id="binary"),
    ],
)
def test_files_without_articles(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read(tmp_path, name, data, Limits(json=1200 if "too_large" in reason or "at once" in reason else 1_000_000))


def test_a_line_too_long_is_passed_over_without_being_kept(tmp_path: Path) -> None:
    data = b'{"text": "Un."}\n{"text": "' + b"a" * 5000 + b'"}\n{"text": "Trois."}\n'
    found = read(tmp_path, "a.jsonl", data, Limits(article=1000))
    assert texts(found) == {"1": "Un.", "3": "Trois."}
    assert reasons(found) == {"2": "a line of 5,013 bytes, the limit is 1,000; split it"}


def test_a_file_beyond_the_limit_keeps_what_came_before(tmp_path: Path) -> None:
    found = read(tmp_path, "a.jsonl", b'{"text": "Un texte."}\n' * 100, Limits(container=1000))
    assert len(texts(found)) == 45  # 1,000 / 22 bytes
    assert reasons(found) == {"": "the rest: holds more than 1,000 bytes once unpacked; split it"}
