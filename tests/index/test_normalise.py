"""Characters, spaces and line breaks as they should be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.normalise import normalise_text, unglue, unmojibake, unwrap
from tests.strategies import any_text


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        pytest.param("dÃ©jÃ\xa0 vu", "déjà vu", id="windows_1252"),
        pytest.param("dÃ©jÃ  vu", "déjà vu", id="non_breaking_space_made_plain"),
        pytest.param("Lâ€™Ã‰tat", "L’État", id="apostrophe_and_capital"),
        pytest.param("coÃ»t : 12 â‚¬", "coût : 12 €", id="euro"),
        pytest.param("Â« Oui Â»", "« Oui »", id="guillemets"),
        pytest.param("Intact : été.\ndÃ©gÃ¢t", "Intact : été.\ndégât", id="one_line_of_two"),
        pytest.param("Âge légal : 64 ans", "Âge légal : 64 ans", id="capital_a_circumflex"),
        pytest.param("São Paulo, « où » — l’été…", "São Paulo, « où » — l’été…", id="nothing_to_do"),
    ],
)
def test_unmojibake(damaged: str, repaired: str) -> None:
    assert unmojibake(damaged) == repaired


@pytest.mark.parametrize(
    ("glued", "parted"),
    [
        pytest.param("Rien en 2023.Les eaux montent.", "Rien en 2023. Les eaux montent.", id="after_a_year"),
        pytest.param("À hauteur de 40%.Il reste.", "À hauteur de 40%. Il reste.", id="after_a_percentage"),
        pytest.param("Selon l'ONU.Les camps sont pleins.", "Selon l'ONU. Les camps sont pleins.", id="after_an_acronym"),
        pytest.param("« Chaque nuit »Un rescapé parle.", "« Chaque nuit » Un rescapé parle.", id="after_guillemets"),
        pytest.param("L'appui de l'ÉtatLe budget. Le reste.", "L'appui de l'État\n\nLe budget. Le reste.", id="after_a_capitalised_word"),
        pytest.param("M.Dupont et J.B.Sarr, A.E.S.", "M.Dupont et J.B.Sarr, A.E.S.", id="initials"),
        pytest.param("YouTube et McDonald.", "YouTube et McDonald.", id="names_with_capitals"),
        pytest.param("v2.0 et 10.000 fr.wikipedia.org", "v2.0 et 10.000 fr.wikipedia.org", id="numbers_and_hosts"),
    ],
)
def test_unglue(glued: str, parted: str) -> None:
    assert unglue(glued) == parted


def test_a_compound_word_keeps_its_hyphen_when_lines_are_joined() -> None:
    lines = [
        "Les travaux ont commencé au mois de mars de cette année et ils ont duré trente-",
        "quatre mois, ce qui est plus que ce que le ministère des Travaux publics avait pré-",
        "vu dans le contrat passé avec le groupement qui a remporté cet appel d'offres, a-t-",
        "il dit.",
    ]
    assert unwrap(lines) == [
        "Les travaux ont commencé au mois de mars de cette année et ils ont duré trente-quatre mois, ce qui est plus que ce que le "
        "ministère des Travaux publics avait prévu dans le contrat passé avec le groupement qui a remporté cet appel d'offres, a-t-il dit."
    ]


@given(any_text)
def test_normalised_text_stays_as_it_is(text: str) -> None:
    once = normalise_text(text)
    assert normalise_text(once) == once


@given(st.text(alphabet="éàç«»’…€ abc", max_size=60))
def test_what_was_misread_is_read_back_or_left(text: str) -> None:
    assert unmojibake(text) == text
