"""Whether a sentence holds the kind of thing asked for."""

import pytest

from qa.question import understand
from qa.signs import has_date, measured, sign


def signed(question: str, sentence: str) -> bool:
    return sign(understand(question, lambda term: 0, 10), sentence)


@pytest.mark.parametrize(
    ("sentence", "dated"),
    [
        ("L'accord a été signé le 26 juin 2023 à Budapest.", True),
        ("Il a été signé en 2023.", True),
        ("Il sera signé lundi prochain.", True),
        ("La décision date de mars dernier.", True),
        ("The deal was signed on July 14, 2023.", True),
        ("They met last week.", True),
        ("Il est parti il y a 3 jours.", True),
        ("Au XIXe siècle, la ville grandit.", True),
        ("Elle est arrivée hier.", True),
        ("L'accord a été signé à Budapest.", False),
        ("Le marché compte 45 étals.", False),
        ("Mars est une planète.", False),
        ("", False),
    ],
)
def test_has_date(sentence: str, dated: bool) -> None:
    assert has_date(sentence) is dated


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        pytest.param("Quand l'accord a-t-il été signé ?", "L'accord a été signé le 26 juin 2023.", True, id="when"),
        pytest.param("Quand l'accord a-t-il été signé ?", "L'accord a été signé par le ministre.", False, id="when_not"),
        pytest.param(
            "Quand l'accord de 2023 a-t-il été annoncé ?",
            "L'accord de 2023 a été annoncé par le ministre.",
            False,
            id="when_only_what_was_asked",
        ),
        pytest.param("Combien de soldats sont arrivés ?", "Trois cents soldats sont arrivés au port.", True, id="number_in_words"),
        pytest.param("Combien de soldats sont arrivés ?", "Les 300 soldats sont arrivés au port.", True, id="number"),
        pytest.param("Combien de soldats sont arrivés ?", "Les soldats sont arrivés au port.", False, id="number_not"),
        pytest.param("Combien de soldats sont arrivés ?", "Les soldats sont arrivés le 26 juin 2023.", False, id="a_date_is_no_number"),
        pytest.param(
            "Combien de soldats sont arrivés ?",
            "Les soldats ont reçu 40 camions au port de la capitale ce matin.",
            False,
            id="number_of_something_else",
        ),
        pytest.param("How many soldiers arrived?", "Les 300 soldats sont arrivés au port.", True, id="number_in_the_other_language"),
        pytest.param("Où l'accord a-t-il été signé ?", "L'accord a été signé à Budapest.", True, id="where"),
        pytest.param("Où l'accord a-t-il été signé ?", "L'accord a été signé par les deux pays.", False, id="where_not"),
        pytest.param(
            "Où se trouve le port de Cotonou ?", "Les pêcheurs arrivent à Cotonou le matin.", False, id="where_only_what_was_asked"
        ),
        pytest.param("Qui a signé l'accord ?", "Le ministre de la Défense a signé l'accord.", True, id="who_by_role"),
        pytest.param("Qui a signé l'accord ?", "Hier, Salifou Mody a signé l'accord.", True, id="who_by_name"),
        pytest.param("Qui a signé l'accord ?", "Un accord de pêche est signé.", False, id="who_not"),
        pytest.param("Pourquoi a-t-il été signé ?", "Il a été signé afin de protéger le golfe.", True, id="why"),
        pytest.param("Pourquoi a-t-il été signé ?", "Il a été signé lundi.", False, id="why_not"),
        pytest.param("Que prévoit l'accord ?", "Une phrase quelconque.", True, id="what_is_content_with_any"),
    ],
)
def test_sign(question: str, sentence: str, holds: bool) -> None:
    assert signed(question, sentence) is holds


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        pytest.param("Combien a coûté le pont ?", "Le pont a coûté 12 milliards de francs.", True, id="price"),
        pytest.param("Combien a coûté le pont ?", "Le pont est long de 340 mètres.", False, id="a_length_is_no_price"),
        pytest.param("How much did the bridge cost?", "The bridge cost $12 million.", True, id="sign_of_a_currency"),
        pytest.param("Combien mesure le pont ?", "Il mesure 340 mètres.", True, id="length"),
        pytest.param("Combien mesure le pont ?", "Il a coûté 12 milliards.", False, id="a_price_is_no_length"),
        pytest.param("Combien pèse le pont ?", "Il pèse 900 tonnes.", True, id="weight"),
        pytest.param("Combien a coûté le pont ?", "Trois travailleurs l'ont bâti.", False, id="no_euros_in_a_worker"),
        pytest.param("Quel âge a le maire ?", "Le maire, 52 ans, part.", True, id="age"),
        pytest.param("Quel âge a le maire ?", "Il est maire depuis neuf ans.", False, id="a_lasting_is_no_age"),
    ],
)
def test_a_number_is_of_the_kind_that_is_measured(question: str, sentence: str, holds: bool) -> None:
    assert signed(question, sentence) is holds


@pytest.mark.parametrize(
    ("question", "is_measured"),
    [
        ("Quel âge a le maire ?", True),
        ("Combien coûte le pont ?", True),
        ("How tall is the tower?", True),
        ("Combien de ponts y a-t-il ?", False),
        ("Qui a payé le pont ?", False),
    ],
)
def test_what_is_measured(question: str, is_measured: bool) -> None:
    assert measured(understand(question, lambda term: 0, 10)) is is_measured
