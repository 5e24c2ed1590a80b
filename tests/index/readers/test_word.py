"""Word files."""

import io
import zipfile

import docx as writer
import pytest

from index.document import Document
from index.errors import ArticleError
from index.readers.limits import Budget, Limits
from index.readers.part import Context, of_bytes
from index.readers.word import PROPERTIES, read_word_part
from tests.index.readers.pages import PARAGRAPHS
from tests.index.readers.samples import TITLE, docx, pack


def read(data: bytes, limits: Limits | None = None) -> Document:
    limits = limits or Limits()
    (found,) = read_word_part(of_bytes("a.docx", data), Context(limits=limits, budget=Budget(limits)))
    assert isinstance(found, Document)
    return found


def test_paragraphs_and_tables_in_their_order() -> None:
    found = read(docx())
    assert found.text == "\n\n".join([*PARAGRAPHS, "Année | Soldats", "2023 | 140", "Fin."])
    assert (found.metadata.title, found.metadata.author, found.metadata.published) == (TITLE, "Awa Issoufou", "2024-07-03")
    assert found.metadata.origins == {"title": "text", "author": PROPERTIES, "published": PROPERTIES}


def test_cells_merged_and_the_property_as_title() -> None:
    document = writer.Document()
    document.core_properties.title = "Un titre"
    document.core_properties.author = ""
    document.add_paragraph("Texte.")
    table = document.add_table(1, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "large"
    table.cell(0, 2).text = "étroit"
    file = io.BytesIO()
    document.save(file)
    found = read(file.getvalue())
    assert found.text == "Texte.\n\nlarge | étroit"
    assert (found.metadata.title, found.metadata.author) == ("Un titre", None)


def with_part(name: str, content: bytes) -> bytes:
    """The sample with a part replaced."""
    with zipfile.ZipFile(io.BytesIO(docx())) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    return pack({**members, name: content})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(docx()[:9000], "a damaged Word file", id="cut"),
        pytest.param(with_part("word/document.xml", b"<w:document>"), "a damaged Word file", id="damaged_markup"),
        pytest.param(with_part("word/document.xml", b" " * 30_000_000), "unpacks to 30,000,000 bytes", id="bomb"),
        pytest.param(pack({"a.txt": b"text"}), "a damaged Word file", id="another_archive"),
    ],
)
def test_what_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read(data)


def test_no_text() -> None:
    file = io.BytesIO()
    writer.Document().save(file)
    with pytest.raises(ArticleError, match="holds no text"):
        read(file.getvalue())


def test_nothing_outside_the_file_is_read() -> None:
    hostile = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Texte &x; fin</w:t></w:r></w:p>'
        b"</w:body></w:document>"
    )
    assert "root:" not in read(with_part("word/document.xml", hostile)).text
