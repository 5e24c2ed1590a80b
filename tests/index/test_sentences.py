"""Where sentences begin and end."""

import pytest
from hypothesis import given

from index.sentences import sentence_spans
from tests.strategies import any_text


def split(text: str, language: str = "fr") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(["Le ministre est parti.", "Il revient lundi."], id="two"),
        pytest.param(["Une phrase sans point"], id="no_full_stop"),
        pytest.param(["M. Dupont est venu.", "Mme Koffi aussi."], id="titles"),
        pytest.param(["Le col. Diallo et le gén. Traoré ont parlé.", "Puis ils sont partis."], id="ranks"),
        pytest.param(["J.-C. Koffi est arrivé à Niamey.", "Il y reste."], id="initials_with_hyphen"),
        pytest.param(["A. Ouattara préside.", "Il préside depuis 2011."], id="initial_first"),
        pytest.param(["L'A.E.S. est née en 2023.", "Elle compte trois pays."], id="acronym"),
        pytest.param(["Voir p. 12 et art. 3 du traité.", "Il est clair."], id="references"),
        pytest.param(["Le taux est de 3.5 pour cent.", "Il monte."], id="decimal_point"),
        pytest.param(["Le prix est de 3,5 millions.", "Il baisse."], id="decimal_comma"),
        pytest.param(["« Nous partons. Nous reviendrons », a dit le général.", "Puis il est parti."], id="guillemets_whole"),
        pytest.param(['"Nous partons. Nous reviendrons", a dit le général.', "Puis il est parti."], id="straight_quotes_whole"),
        pytest.param(["Est-ce vrai ?", "Oui !", "Bien sûr…"], id="other_ends"),
        pytest.param(["😀 Il part.", "𝒜 Elle reste."], id="characters_outside_the_basic_plane"),
        pytest.param(["Il est né le 3 janv. 1960 à Zinder.", "Il est ingénieur."], id="month"),
    ],
)
def test_split_in_sentences(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_a_line_break_always_ends_a_sentence() -> None:
    assert split("Un titre sans point\n\nLe texte vient ensuite.\nEt encore") == [
        "Un titre sans point",
        "Le texte vient ensuite.",
        "Et encore",
    ]


def test_english_abbreviations() -> None:
    assert split("Mr. Smith met Gen. Jones in Washington. They left.", "en") == ["Mr. Smith met Gen. Jones in Washington.", "They left."]


@pytest.mark.parametrize("text", ["", " ", "\n\n \t\n", "\u00a0\u2009"])
def test_no_sentence_in_white_space(text: str) -> None:
    assert sentence_spans(text) == []


def test_language_unknown_to_the_library_does_not_raise() -> None:
    assert split("Eerste zin. Tweede zin.", "xx") == ["Eerste zin.", "Tweede zin."]


@given(any_text)
def test_spans_are_ordered_trimmed_and_hold_every_visible_character(text: str) -> None:
    spans = sentence_spans(text, "fr")
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()


def test_marks_that_a_page_lost_do_not_make_one_sentence_of_an_article() -> None:
    sentences = [f"La commune numéro {number} a reçu la visite du préfet de la région lundi." for number in range(8)]
    assert split('"' + " ".join(sentences) + '"') == [f'"{sentences[0]}', *sentences[1:-1], f'{sentences[-1]}"']


def test_a_quotation_of_usual_length_stays_whole() -> None:
    quotation = "« Nous partons demain matin. Nous reviendrons quand la paix sera revenue dans le pays », a dit le général."
    assert split(f"{quotation} Puis il est parti.") == [quotation, "Puis il est parti."]
