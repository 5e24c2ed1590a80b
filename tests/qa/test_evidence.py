"""What is told of the same thing and is surely no answer."""

from pathlib import Path

import pytest

from index.embed import open_model
from qa import Assistant
from qa.decide import judge

PORT = """Title: Le port de Kandi
Date: 2024-03-12

Selon le maire de Kandi, Issa Garba, le pont long de 315 mètres a rouvert lundi. Près de 400 camions y attendaient depuis neuf ans.

La directrice du port, Awa Diallo, 52 ans, a salué trois travailleurs. L'ouvrage reste limité à 2 tonnes pour une durée de six semaines.
"""
ISLAND = """Title: Volcano threatens the island
Date: 2023-11-14

Thousands of people were told to leave. The mayor of Reykjavik, Dagur Eggertsson, said that the airport stayed open this month.
"""


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("evidence")
    for name, text in (("port", PORT), ("island", ISLAND)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return Assistant.from_paths([Path(folder)], home=folder / "home", embedder=open_model())


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Combien ont coûté les travailleurs du port ?", id="a_price_without_money"),
        pytest.param("Où est née Awa Diallo ?", id="a_birth_not_told"),
        pytest.param("Qui est l'avocat d'Awa Diallo ?", id="an_office_not_named"),
        pytest.param("Quel est le salaire de la directrice du port ?", id="a_salary_not_named"),
    ],
)
def test_beside_the_point(collection: Assistant, question: str) -> None:
    reading = collection.reading(question)
    assert reading.evidence[0].beside_the_point
    assert not judge(reading).answers


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        pytest.param("Qui est le maire de Kandi ?", "Issa Garba", id="a_name_after_its_office"),
        pytest.param("Quelle est la longueur du pont ?", "315 mètres", id="a_length_told_by_long"),
        pytest.param("Quel âge a Awa Diallo ?", "52 ans", id="an_age_and_no_time_that_something_lasted"),
        pytest.param("Combien de camions attendaient au pont ?", "400 camions", id="things_counted"),
        pytest.param("Qui est le maire de Reykjavik ?", "Dagur Eggertsson", id="an_english_article_for_a_french_question"),
    ],
)
def test_to_the_point(collection: Assistant, question: str, fact: str) -> None:
    reading = collection.reading(question)
    assert not reading.evidence[0].beside_the_point
    answer = collection.ask(question)
    assert answer.answered
    assert fact in answer.citations[0].quote
