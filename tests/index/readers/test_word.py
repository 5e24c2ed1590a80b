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


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def with_body(body: str, declared: str = "") -> bytes:
    """The sample with another body, as other programs than Word write it."""
    markup = f'<?xml version="1.0" encoding="UTF-8"?>{declared}<w:document {SPACES}><w:body>{body}</w:body></w:document>'
    return with_part("word/document.xml", markup.encode())


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def box(text: str) -> str:
    shape = f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{shape}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{shape}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


DECLARED = '<!DOCTYPE w:document SYSTEM "far.dtd" [<!ENTITY societe "Société du port"><!ENTITY far SYSTEM "file:///etc/hostname"><!ENTITY lol "&lol2;">]>'
CELL = f"<w:tc><w:p>{run('Année')}</w:p></w:tc><w:tc><w:p>{run('A')}</w:p><w:p>{run('B')}</w:p></w:tc>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(f"<w:p>{run('L’&eacute;t&eacute; &amp; la suite.')}</w:p>", "L’été & la suite.", id="entities_of_pages"),
        pytest.param(f"<w:p>{run('La &societe; a signé.')}</w:p>", "La Société du port a signé.", id="entity_of_its_own"),
        pytest.param(f"<w:p>{run('La &far; a &lol; signé.')}</w:p>", "La a signé.", id="entities_that_lead_elsewhere"),
        pytest.param(
            '<w:p><w:r><w:t>Il fait 30 </w:t><w:sym w:font="Arial" w:char="00B0"/><w:t>C, et</w:t><w:sym w:font="Wingdings" w:char="F0E0"/>'
            '<w:tab/><w:t>plus</w:t><w:noBreakHyphen/><w:t>que.</w:t><w:sym w:char="x"/></w:r></w:p>',
            "Il fait 30 °C, et plus-que.",
            id="symbols",
        ),
        pytest.param(
            f"<w:p>{run('Le port ')}<w:ins>{run('neuf ')}</w:ins><w:del><w:r><w:delText>vieux </w:delText></w:r></w:del>{run('ouvre.')}</w:p>",
            "Le port neuf ouvre.",
            id="tracked_changes",
        ),
        pytest.param(
            f"<w:p><w:smartTag>{run('Niamey')}</w:smartTag><w:sdt><w:sdtPr/><w:sdtContent>{run(' en fête')}</w:sdtContent></w:sdt>"
            f"<w:fldSimple>{run(' lundi')}</w:fldSimple><w:r><w:instrText>PAGE</w:instrText></w:r>{run('.')}</w:p>",
            "Niamey en fête lundi.",
            id="within_a_paragraph",
        ),
        pytest.param(f"<w:sdt><w:sdtContent><w:p>{run('Un.')}</w:p></w:sdtContent></w:sdt><w:p>{run('Deux.')}</w:p>", "Un.\n\nDeux.", id="control"),
        pytest.param(
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
            f"<w:sdtContent><w:p>{run('Un 1')}</w:p></w:sdtContent></w:sdt><w:p>{run('Un.')}</w:p>",
            "Un.",
            id="table_of_contents",
        ),
        pytest.param(f"<w:p>{run('Le corps.')}{box('Dans un cadre.')}</w:p><w:p>{run('Fin.')}</w:p>", "Le corps.\n\nDans un cadre.\n\nFin.", id="box"),
        pytest.param(f"<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>{CELL}</w:tr></w:tbl>", "Année | A B", id="cells"),
    ],
)  # fmt: skip
def test_all_that_is_read_on_the_page_is_read(body: str, text: str) -> None:
    assert read(with_body(body, DECLARED)).text == text


def test_nothing_outside_the_file_is_read() -> None:
    hostile = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Texte &x; fin</w:t></w:r></w:p>'
        b"</w:body></w:document>"
    )
    assert read(with_part("word/document.xml", hostile)).text == "Texte fin"
