"""The words of a sentence that could be the answer itself."""

import pytest

from index.analyse import located
from qa.question import Question, understand
from qa.spans import Span, nearest, spans

SIGNED = "Le Bénin et l'Italie ont signé, le 26 juin 2023 à Milan, un accord, trois ans après celui de 2020."
NAMED = "Le ministre de la Pêche, Koffi Mensah, et le colonel Issoufou Labo l'ont signé à Niamey."


def read(text: str) -> Question:
    return understand(text, lambda stem: 3, 1000)


def told(question: str, text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.value) for span in spans(read(question), text, "2024-01-02")]


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("Quand l'accord a-t-il été signé ?", SIGNED, [("26 juin 2023", "2023-06-26"), ("2020", "2020")]),
        ("Quand l'accord de 2020 a-t-il été signé ?", SIGNED, [("26 juin 2023", "2023-06-26")]),
        ("Quand est-il parti ?", "Il est parti lundi.", [("lundi", "2024-01-01")]),
        ("Combien de pêcheurs ?", "Le port accueille 1 200 pêcheurs et 30 bateaux depuis 2019.", [("1 200 pêcheurs", "1200"), ("30 bateaux", "30")]),
        ("Quel est le montant de l'aide ?", "Une aide de 40 milliards de francs, soit 6,5 % du budget.", [("40 milliards de francs", "40"), ("6,5 %", "6.5")]),
        ("Combien de ponts ?", "Vingt-cinq ponts et deux cents maisons.", [("Vingt-cinq ponts", "vingt-cinq"), ("deux cents maisons", "deux cents")]),
        ("Combien de soldats en 2023 ?", "En 2023, 300 soldats sont venus.", [("300 soldats", "300")]),
        ("Qui a signé l'accord ?", NAMED, [("Koffi Mensah", "mensah"), ("Issoufou Labo", "labo")]),
        ("Qui a signé avec Koffi Mensah ?", NAMED, [("Issoufou Labo", "labo")]),
        ("Où l'accord a-t-il été signé ?", SIGNED, [("Milan", "milan")]),
        ("Où est-il né ?", "Né près de Milan, en Italie, en mars.", [("Milan", "milan"), ("Italie", "italie")]),
        ("Pourquoi est-il parti ?", SIGNED, []),
        ("Que prévoit l'accord ?", SIGNED, []),
    ],
)  # fmt: skip
def test_possible_answers(question: str, text: str, found: list[tuple[str, str]]) -> None:
    assert told(question, text) == found


def best(question: Question, text: str) -> tuple[Span, float, bool]:
    return nearest(question, spans(question, text), located(text))


def test_the_nearest_to_what_is_asked_is_the_best() -> None:
    text = "Le port de Cotonou, ouvert en 1965, accueille 1 200 pêcheurs, et la ville compte 30 écoles."
    one = best(read("Combien de pêcheurs le port accueille-t-il ?"), text)
    other = best(read("Combien d'écoles la ville compte-t-elle ?"), text)
    assert text[one[0].start : one[0].end] == "1 200 pêcheurs"
    assert text[other[0].start : other[0].end] == "30 écoles"
    assert 0.5 < one[1] <= 1.0
    assert one[2]


def test_which_of_two_people_is_not_clear() -> None:
    text = "À Niamey, Koffi Mensah a signé l'accord devant Issoufou Labo."
    found = best(read("Qui a signé l'accord ?"), text)
    assert not found[2]


def test_no_possible_answer() -> None:
    assert spans(read("Quand est-il parti ?"), "Il est parti.") == []
