"""Words as the lexical half counts them."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analyse import fold, level, located, pairs, stems, terms, words
from tests.strategies import any_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Éléonore", "eleonore", id="accents"),
        pytest.param("E\u0301le\u0301onore", "eleonore", id="combining_accents"),
        pytest.param("ŒUVRE et cæcum", "oeuvre et caecum", id="ligatures"),
        pytest.param("l’été", "l'ete", id="typographic_apostrophe"),
        pytest.param("Straße", "strasse", id="sharp_s"),
        pytest.param("İstanbul", "istanbul", id="dotted_capital_i"),
        pytest.param("№ 5", "no 5", id="numero_sign"),
        pytest.param("Griot™", "griottm", id="trade_mark_sign"),
        pytest.param("", "", id="empty"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("№ ŉ ϔ")
def test_fold_twice_is_fold_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("L'accord d’État qu'il a", ["accord", "état", "il", "a"], id="elision"),
        pytest.param("jusqu'à lorsqu'elle presqu’île", ["à", "elle", "île"], id="longer_elisions"),
        pytest.param("L'A.E.S. et l'O.N.U", ["aes", "et", "onu"], id="acronyms"),
        pytest.param("avant J.-C.", ["avant", "jc"], id="acronym_with_hyphen"),
        pytest.param("2 600 hommes, 12\u202f000\u00a0000 francs", ["2600", "hommes", "12000000", "francs"], id="thousands"),
        pytest.param("En 2023 150 hommes", ["en", "2023", "150", "hommes"], id="a_year_is_not_thousands"),
        pytest.param("le 26 juin 2023", ["le", "26", "juin", "2023"], id="a_day_is_not_thousands"),
        pytest.param("2,5 et 3.14", ["2,5", "et", "3.14"], id="decimals"),
        pytest.param("au Niger,2023 est", ["au", "niger", "2023", "est"], id="comma_without_space"),
        pytest.param("the minister's cars", ["the", "minister", "cars"], id="possessive"),
        pytest.param("porte-parole", ["porte", "parole"], id="hyphen"),
        pytest.param("e\u0301te\u0301", ["été"], id="composed"),
        pytest.param("« … » — ?!", [], id="punctuation"),
        pytest.param("", [], id="empty"),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("négociations", "negociation", id="accents_and_plural"),
        pytest.param("Militaires", "militaire", id="plural"),
        pytest.param("l’accord", "ACCORD", id="apostrophe_and_capitals"),
        pytest.param("A.E.S.", "AES", id="acronym"),
        pytest.param("12 000", "12000", id="thousands"),
        pytest.param("cœur", "coeur", id="ligature"),
    ],
)
def test_two_spellings_are_one_term(one: str, other: str) -> None:
    assert terms(one, "fr") == terms(other, "fr")
    assert len(terms(one, "fr")) == 1


def test_function_words_are_dropped_and_repeats_kept() -> None:
    assert terms("Le Niger et la Hongrie : le Niger.", "fr") == [*stems(["niger", "hongrie"], "fr"), *stems(["niger"], "fr")]
    assert terms("the deal of the year", "en") == stems(["deal", "year"], "en")


def test_question_words_are_dropped_only_from_questions() -> None:
    assert terms("Quand l'accord a-t-il été signé ?", "fr", question=True) == ["accord", "sign"]
    assert terms("combien", "fr") != []
    assert terms("combien", "fr", question=True) == []


def test_another_language_is_analysed_as_french() -> None:
    assert terms("Die Verhandlungen", "de") == terms("Die Verhandlungen", "fr")
    assert terms("négociation", None) == terms("négociation", "fr")


def test_a_number_keeps_its_digits() -> None:
    assert stems(["1234567890", "2,5"], "fr") == ["1234567890", "2,5"]


def test_pairs_join_neighbours() -> None:
    assert pairs(["accord", "militai", "sign"]) == ["accord militai", "militai sign"]
    assert pairs(["seul"]) == []
    assert pairs([]) == []


@given(st.text(max_size=300), st.sampled_from(["fr", "en", None, "xx"]), st.booleans())
def test_terms_never_raise_and_are_folded(text: str, language: str | None, question: bool) -> None:
    found = terms(text, language, question=question)
    assert all(term and not any(char.isspace() for char in term) for term in found)
    assert pairs(found) == [f"{one} {other}" for one, other in pairwise(found)]


def test_words_with_their_places() -> None:
    text = "L'A.E.S. compte 2 600 hommes, l’Union et 6,5 % d'œufs."
    assert [(stem, text[start:end]) for stem, start, end in located(text) if stem] == [
        ("ae", "A.E.S."),
        ("compt", "compte"),
        ("2600", "2 600"),
        ("homm", "hommes"),
        ("union", "Union"),
        ("6,5", "6,5"),
        ("oeuf", "œufs"),
    ]
    assert [text[start:end] for stem, start, end in located(text) if not stem] == ["L", "l", "et", "d"]


@given(any_text)
def test_levelling_keeps_every_place(text: str) -> None:
    assert len(level(text)) == len(text)


@given(any_text | st.text(st.characters(codec="cp1252")))
def test_a_letter_of_another_script_changes_nothing_beside_it(text: str) -> None:
    assert fold(f"{text}ж") == f"{fold(text)}ж"
    assert level(f"{text}ж") == f"{level(text)}ж"


def test_levelling_is_folding_where_lengths_allow() -> None:
    assert level("Éric a vu l’été à ŒUVRE") == "eric a vu l'ete a Œuvre"
