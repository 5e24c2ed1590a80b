"""PDF files, from the paper that a library draws to paragraphs."""

import io
from pathlib import Path

import pypdf
import pytest

from index.errors import ArticleError
from index.readers.limits import Limits
from index.readers.pdf import INFORMATION, read_pdf
from tests.index.readers.pages import PARAGRAPHS
from tests.index.readers.samples import TITLE, pdf


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "review.pdf"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_paragraphs_of_justified_columns_without_running_titles(tmp_path: Path, columns: int) -> None:
    found = read_pdf(saved(tmp_path, pdf(columns=columns, repeats=12)))
    blocks = found.text.split("\n\n")
    expected = [f"{text} Point {number + 1}.{place}." for number in range(12) for place, text in enumerate(PARAGRAPHS)]
    # Where a column ends within a paragraph at the end of a sentence, nothing shows that it goes on.
    whole = [text for text in expected if text in blocks]
    assert len(whole) >= len(expected) - 3
    assert [text for text in expected if text not in " ".join(blocks)] == []
    assert "Revue de presse" not in found.text
    assert "sur 9" not in found.text
    assert [f"Chapitre {number + 1}" in blocks for number in range(12)] == [True] * 12


def test_columns_drawn_line_by_line(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(60, 780, "Un grand titre sur toute la largeur")
    canvas.setFont("Helvetica", 10)
    left = ["Le ministre a signé lundi à Budapest un", "accord de coopéra-", "tion avec son homologue, le porte-", "parole l'a dit à la presse.",
            "Le texte prévoit une formation,", "dit-on."]  # fmt: skip
    right = ["À Niamey, la société civile reste", "partagée : certains saluent une", "ouverture, d'autres redoutent une", "dépendance nouvelle, et le disent",
             "dans les journaux de la", "capitale."]  # fmt: skip
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        canvas.drawString(60, 740 - 13 * number, one)
        canvas.drawString(320, 740 - 13 * number, other)
    canvas.save()
    found = read_pdf(saved(tmp_path, file.getvalue()))
    assert found.text == (
        "Un grand titre sur toute la largeur\n\n"
        "Le ministre a signé lundi à Budapest un accord de coopération avec son homologue, le porte-parole l'a dit à la presse.\n\n"
        "Le texte prévoit une formation, dit-on.\n\n"
        "À Niamey, la société civile reste partagée : certains saluent une ouverture, d'autres redoutent une dépendance nouvelle, "
        "et le disent dans les journaux de la capitale."
    )
    assert (found.metadata.title, found.metadata.origins["title"]) == ("Un grand titre sur toute la largeur", "text")


def test_what_the_file_says_about_itself(tmp_path: Path) -> None:
    found = read_pdf(saved(tmp_path, pdf(repeats=1))).metadata
    assert (found.title, found.author, found.origins["author"]) == (TITLE, "Service de documentation", INFORMATION)
    # ReportLab's "invariant" files are all made on the first day of 2000.
    assert (found.published, found.origins["published"]) == ("2000-01-01", INFORMATION)


@pytest.mark.parametrize("title", ["Microsoft Word - article.docx", "untitled", "revue.indd", ""])
def test_titles_that_programs_make_up(tmp_path: Path, title: str) -> None:
    assert read_pdf(saved(tmp_path, pdf(repeats=1, title=title))).metadata.title != title


def test_an_encrypted_file(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(io.BytesIO(pdf(repeats=1)))
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    with pytest.raises(ArticleError, match="an encrypted PDF; save a copy without its password"):
        read_pdf(saved(tmp_path, file.getvalue()))


def test_pages_that_are_images(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.rect(100, 100, 300, 300, fill=1)
    canvas.drawString(300, 20, "- 12 -")
    canvas.save()
    with pytest.raises(ArticleError, match=r"no text: the pages are images; it needs OCR \(for example ocrmypdf\)"):
        read_pdf(saved(tmp_path, file.getvalue()))


def test_a_damaged_file(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="a damaged PDF"):
        read_pdf(saved(tmp_path, b"%PDF-1.4\n" + b"x" * 100))


def test_too_many_pages(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="the limit is 1; split it"):
        read_pdf(saved(tmp_path, pdf(repeats=12)), Limits(pages=1))
