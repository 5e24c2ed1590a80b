"""Fitting, end to end on a set small enough to fit in seconds."""

import json
from pathlib import Path

import numpy as np
import pytest

from qa.features import NAMES
from qa.support import NAMES as SEEN
from qa.training import reader, support
from qa.training.logit import fit_logit
from qa.training.readings import SMALL, readings, right, small_readings

TOWNS = "Abala Bankilaré Dogondoutchi Filingué Gouré Illéla Keita Loga Madaoua Ouallam Say Tanout Téra Tessaoua Tibiri Torodi".split()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One article a town, and two questions to each."""
    place = tmp_path_factory.mktemp("beir") / "towns"
    place.mkdir()
    corpus, queries, qrels = [], [], []
    for number, town in enumerate(TOWNS):
        text = (
            f"La ville de {town} compte {1000 + number} habitants. Son marché a été ouvert le {number + 1} mars 2021 par le maire. "
            f"Une école de {town} porte le nom d'un poète. Le fleuve passe loin de là."
        )
        corpus.append({"_id": f"a{number}", "title": f"La ville de {town}", "text": text})
        queries.append(
            {
                "_id": f"n{number}",
                "text": f"Combien d'habitants la ville de {town} compte-t-elle ?",
                "answers": [f"{1000 + number} habitants"],
            }
        )
        queries.append(
            {"_id": f"d{number}", "text": f"Quand le marché de {town} a-t-il été ouvert ?", "answers": [f"{number + 1} mars 2021"]}
        )
        qrels += [f"n{number}\ta{number}\t1", f"d{number}\ta{number}\t1"]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        (place / f"{name}.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")
    (place / "qrels.tsv").write_text("\n".join(qrels) + "\n")
    return place


def test_every_question_is_read_with_and_without_its_article(folder: Path) -> None:
    asked = list(readings(folder, None, 12, gone=True))
    assert len(asked) == 2 * len(TOWNS)
    for item in asked:
        assert item.there
        assert item.gone
        (gold,) = item.gold.relevant
        assert gold in {found.sentence.article.id for found in item.there.evidence}
        assert gold not in {found.sentence.article.id for found in item.gone.evidence}
        assert right(item).any()


def test_small_collections_are_asked_questions_from_elsewhere_too(folder: Path) -> None:
    asked = list(small_readings(folder))
    own, strangers = [item for item in asked if item.there], [item for item in asked if not item.there]
    assert len(own) == 2 * len(TOWNS) - 2 * (len(TOWNS) % SMALL)
    assert strangers
    assert all(item.gone for item in asked)


def test_the_reader_is_fitted(folder: Path, tmp_path: Path) -> None:
    said: list[str] = []
    reader.main([str(folder), "--out", str(tmp_path / "reader.json")], said.append)
    fitted = json.loads((tmp_path / "reader.json").read_text())
    assert list(fitted["coefficients"]) == list(NAMES)
    assert fitted["share_right"]["towns"]["fitted"]["first"] == 1.0
    assert said[0].startswith("towns: ")


def test_the_refusal_is_fitted(folder: Path, tmp_path: Path) -> None:
    support.main([str(folder), "--out", str(tmp_path / "support.json")], lambda line: None)
    fitted = json.loads((tmp_path / "support.json").read_text())
    assert fitted["features"] == list(SEEN)
    assert 0 < fitted["threshold"] <= 1
    assert all(len(tree["left"]) == len(tree["value"]) for tree in fitted["trees"])


def test_a_logit_finds_what_tells_the_right_one() -> None:
    generator = np.random.default_rng(3)
    lists = []
    for _ in range(200):
        matrix = generator.normal(size=(6, 3)).astype(np.float32)
        lists.append((matrix, matrix[:, 1] == matrix[:, 1].max()))
    found = fit_logit(lists, 1e-3)
    assert found[1] > 0.5
    assert abs(found[0]) < 0.1 * found[1]
    assert abs(found[2]) < 0.1 * found[1]
