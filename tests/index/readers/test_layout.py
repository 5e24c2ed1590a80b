"""Lines on pages to paragraphs."""

from collections import Counter

import pytest

from index.readers.hyphens import join_lines
from index.readers.layout import Line, PageLines, paragraphs


def page(*lines: tuple[str, float, float]) -> PageLines:
    """A page of lines: text, left edge, place above the foot. Letters are 5 points wide."""
    return PageLines(
        width=600, height=800,
        lines=[Line(text=text, left=left, right=left + 5 * len(text), bottom=bottom, size=10) for text, left, bottom in lines],
    )  # fmt: skip


def texts(*pages: PageLines) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(pages)]


def test_a_sentence_goes_on_over_the_page() -> None:
    before = page(
        ("Le ministre de la Défense a signé hier à Budapest", 50, 130), ("un accord de coopération militaire qui prévoit", 50, 118)
    )
    after = page(("la formation de deux cents officiers.", 50, 690), ("Fin du texte, dit-il.", 50, 660))
    assert texts(before, after) == [
        "Le ministre de la Défense a signé hier à Budapest un accord de coopération militaire qui prévoit la formation de deux cents officiers.",
        "Fin du texte, dit-il.",
    ]


def test_running_titles_and_page_numbers_go() -> None:
    pages = [
        page(
            (f"Revue de presse du 3 juillet – {number}", 50, 780),
            (f"Texte de la page {'abc'[number]}.", 50, 400),
            (f"{number + 7}", 300, 20),
        )
        for number in range(3)
    ]
    assert texts(*pages) == ["Texte de la page a.", "Texte de la page b.", "Texte de la page c."]


def test_the_same_line_within_pages_stays() -> None:
    assert texts(*[page(("Le mot de la fin.", 50, 400)) for _ in range(3)]) == ["Le mot de la fin."] * 3


def test_indents_part_paragraphs() -> None:
    lines = ("Un premier paragraphe qui prend toute la largeur", 50, 500), ("et finit au bout de sa ligne, comme on le voit.", 50, 488)
    more = ("Un second commence par un retrait, et sa suite", 62, 476), ("vient à la ligne.", 50, 464)
    assert len(texts(page(*lines, *more))) == 2


@pytest.mark.parametrize(
    ("before", "after", "elsewhere", "joined"),
    [
        pytest.param("la coopéra-", "tion militaire", "", "la coopération militaire", id="parted_word"),
        pytest.param("le porte-", "parole", "", "le porte-parole", id="compound"),
        pytest.param("Kristof Szalay-", "Bobrovniczky", "", "Kristof Szalay-Bobrovniczky", id="name"),
        pytest.param("a-t-", "il dit", "", "a-t-il dit", id="inverted_pronoun"),
        pytest.param("le cyber-", "espace", "cyber-espace", "le cyber-espace", id="as_written_elsewhere"),
        pytest.param("le contre-", "temps", "contretemps", "le contretemps", id="as_written_elsewhere_without"),
        pytest.param("en 2023-", "2024", "", "en 2023-2024", id="years"),
        pytest.param("la coopéra\u00ad", "tion", "", "la coopération", id="soft_hyphen"),
        pytest.param("il part -", "puis revient", "", "il part - puis revient", id="dash"),
        pytest.param("", "Début", "", "Début", id="first"),
    ],
)
def test_hyphens_at_the_end_of_lines(before: str, after: str, elsewhere: str, joined: str) -> None:
    assert join_lines(before, after, Counter(elsewhere.split())) == joined
