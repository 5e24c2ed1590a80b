"""A small collection whose every fact is known."""

from pathlib import Path

import pytest

from qa import Assistant
from tests.fakes import HashEmbedder

FISHING = """Title: Un accord de pêche entre le Bénin et le Togo
Date: 2025-01-14
URL: https://www.exemple.bj/2025/01/14/accord-de-peche
Source: Le Matin

Le gouvernement du Bénin a signé un accord de pêche avec le Togo le 14 janvier 2025 à Cotonou. \
Le ministre de la Pêche, Koffi Mensah, a salué un texte attendu depuis deux ans.

Le port de Cotonou accueille 1 200 pêcheurs. Ils réclamaient cet accord parce que les filets étrangers vidaient le golfe.
"""
WATER = """Title: Kenya : une loi sur l'eau
Date: 2024-03
Source: Example Times

Le parlement du Kenya a voté une loi sur l'eau le 3 mars 2024 à Nairobi. \
Elle donne 40 milliards de shillings aux comtés pour réparer les puits.
"""
FLOOD = """Les pluies ont détruit trois ponts dans la région de Zinder au Niger. \
Le gouverneur Issoufou Labo a demandé une aide d'urgence. Les habitants traversent le fleuve en pirogue.
"""


def write_articles(folder: Path) -> Path:
    folder.mkdir()
    for name, text in (("fishing.txt", FISHING), ("water.txt", WATER), ("flood.txt", FLOOD)):
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant that no test changes."""
    folder = tmp_path_factory.mktemp("shared")
    return Assistant.from_paths([write_articles(folder / "docs")], home=folder / "home", embedder=HashEmbedder())


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "docs")


@pytest.fixture
def assistant(docs: Path, tmp_path: Path) -> Assistant:
    """An assistant of one's own, to change."""
    return Assistant.from_paths([docs], home=tmp_path / "home", embedder=HashEmbedder())
