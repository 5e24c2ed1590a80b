"""Agency copy: one article is quoted, and who else published it is said."""

from pathlib import Path

import pytest

from index.embed import open_model
from index.report import Copy
from index.store import Home
from qa import Assistant
from tests.qa.test_assistant import check

DISPATCH = """Les ministres de la Pêche de sept pays du golfe de Guinée se sont réunis jeudi à Lomé pour adopter un plan commun contre
la pêche illicite. Le plan prévoit l'achat de douze patrouilleurs et la création d'un centre de surveillance à Cotonou,
qui ouvrira au mois de mai. Il sera financé à hauteur de quarante millions d'euros par la Banque africaine de
développement, selon le communiqué final. Les pêcheurs artisans, présents à l'ouverture des travaux, ont demandé que les
chalutiers soient tenus à plus de vingt kilomètres des côtes.

Le ministre togolais Kossi Amégan a salué une journée importante pour les familles qui vivent de la mer. Une prochaine
réunion est prévue à Accra avant la fin de l'année pour examiner les premiers résultats des patrouilles."""
OTHER = """Le parlement du Kenya a voté jeudi à Nairobi une loi sur l'eau qui prévoit douze mille puits dans le nord. Les sénateurs
doivent encore l'examiner avant la saison sèche, a indiqué le président de la commission."""


def article(title: str, date: str, source: str, text: str) -> str:
    paragraphs = [paragraph.replace("\n", " ") for paragraph in text.split("\n\n")]
    return f"Title: {title}\nDate: {date}\nSource: {source}\n\n" + "\n\n".join(paragraphs) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("press")
    (folder / "agence.txt").write_text(article("Un plan contre la pêche illicite", "2025-03-06", "Agence du Golfe", DISPATCH))
    (folder / "matin.txt").write_text(article("Pêche : sept pays s'unissent", "2025-03-07", "Le Matin", f"(Agence) {DISPATCH}"))
    (folder / "soir.txt").write_text(article("Golfe de Guinée : un plan commun", "2025-03-07", "Le Soir", DISPATCH))
    (folder / "eau.txt").write_text(article("Une loi sur l'eau", "2025-03-06", "Le Soir", OTHER))
    return folder


@pytest.fixture(scope="module")
def press(folder: Path) -> Assistant:
    return Assistant.from_paths([folder], home=folder.parent / "republished", embedder=open_model())


QUESTION = "Combien de patrouilleurs le plan contre la pêche illicite prévoit-il d'acheter ?"


def test_one_of_the_copies_is_cited_and_the_others_are_named(press: Assistant) -> None:
    answer = press.ask(QUESTION)
    check(press, answer)
    assert {Path(citation.path).name for citation in answer.citations} == {"agence.txt"}
    first = answer.citations[0]
    assert [(copy.source, Path(copy.path).name) for copy in first.copies] == [("Le Matin", "matin.txt"), ("Le Soir", "soir.txt")]
    assert "[1] repris par 2 autres sources : Le Matin, Le Soir." in answer.text
    assert answer.text.index("[1] repris") > answer.text.index("» [1]")


def test_in_english(press: Assistant) -> None:
    answer = press.ask("Where will the surveillance centre open?")
    assert any(note == "[1] republished by 2 other sources: Le Matin, Le Soir." for note in answer.notes)


def test_where_filters_leave_only_a_copy_it_is_cited(press: Assistant) -> None:
    answer = press.ask(QUESTION, source="Le Soir")
    check(press, answer)
    assert {Path(citation.path).name for citation in answer.citations} == {"soir.txt"}


def test_a_search_gives_one_of_them(press: Assistant) -> None:
    paths = [Path(hit.path).name for hit in press.search("plan contre la pêche illicite")]
    assert "agence.txt" in paths
    assert not {"matin.txt", "soir.txt"} & set(paths)


def test_every_copy_stays_readable(press: Assistant) -> None:
    for copy in press.ask(QUESTION).citations[0].copies:
        found = press.article(copy.article_id)
        assert found is not None
        assert "douze patrouilleurs" in found.text
        assert press.find(copy.path) == found


def test_the_report_names_them(folder: Path, tmp_path: Path) -> None:
    report = Assistant(Home(tmp_path / "home"), open_model()).update([folder])
    named = [(Path(copy.path).name, Path(copy.original).name) for copy in report.duplicates]
    assert named == [("matin.txt", "agence.txt"), ("soir.txt", "agence.txt")]
    assert isinstance(report.duplicates[0], Copy)
