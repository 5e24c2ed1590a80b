"""An index of several segments is, to every question, the one that would be built at once."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import update
from index.generation import Generation
from index.merging import Merging
from index.report import Report
from index.store import Home
from tests.fakes import HashEmbedder

SUBJECTS = (
    "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo, après deux ans de discussions entre les deux pays.",
    "Le parlement du Kenya a voté jeudi à Nairobi une loi sur l'eau et les puits, qui donne aux comtés de quoi réparer les pompes.",
    "Les pluies ont détruit trois ponts dans la région de Zinder au Niger, et les habitants traversent le fleuve en pirogue depuis lundi.",
    "La banque centrale a relevé son taux directeur pour freiner la hausse des prix du riz, du mil et de l'huile sur les marchés.",
)
TAILS = ("", " Le ministre a salué ce texte.", " Une réunion est prévue vendredi à Niamey.", " Rien n'a filtré des discussions.")
NAMES = ("a", "b", "c", "d", "e", "f")
# What happens to one file: it is written (subject, tail, date) or deleted.
STEP = st.tuples(
    st.sampled_from(NAMES),
    st.none()
    | st.tuples(st.integers(0, len(SUBJECTS) - 1), st.integers(0, len(TAILS) - 1), st.sampled_from(("", "2024-01-05", "2023-07"))),
)


class Place:
    def __init__(self, folder: Path, merging: Merging) -> None:
        self.docs = folder / "docs"
        self.docs.mkdir(parents=True)
        self.home = Home(folder / "home", merging=merging)
        (self.docs / "kept.txt").write_text("Le maire de Lomé a ouvert un marché neuf près du port, dit la mairie.")

    def step(self, name: str, content: tuple[int, int, str] | None) -> Report:
        path = self.docs / f"{name}.txt"
        if content is None:
            path.unlink(missing_ok=True)
        else:
            head = f"Date: {content[2]}\nSource: Le Matin\n\n" if content[2] else ""
            path.write_text(f"{head}{SUBJECTS[content[0]]}{TAILS[content[1]]}\n")
        return self.update()

    def update(self) -> Report:
        return update(self.home, HashEmbedder(dimension=32), [self.docs])


def seen(generation: Generation) -> list[Any]:
    """Everything that a question can see of each article, whatever the order of the rows."""
    scores = generation.lexical.scores({"accord": 1.0, "niger": 1.0, "loi": 0.5, "taux": 0.3})
    facts = generation.facts
    dated = dict(zip(facts.ids, zip(facts.sources, facts.published, strict=True), strict=True))
    query = generation.vectors.question(HashEmbedder(dimension=32).encode_query("un accord sur la pêche"))
    found = []
    for article in generation.articles():
        first, last = generation.rows_of(article.id)
        rows = np.arange(first, last + 1)
        found.append((
            article, generation.passages(rows), generation.vectors.rows(rows).tolist(), scores[rows].tolist(),
            generation.vectors.scores(query, rows).round(5).tolist(), [copy.id for copy in generation.copies(article.id)],
            dated[article.id], generation.sentences(article.id, 0, len(article.text)),
        ))  # fmt: skip
    counts = [generation.lexical.frequency(term) for term in ("accord", "niger", "loi")]
    manifest = generation.manifest
    return [found, counts, generation.lexical.average, manifest.articles, manifest.passages, manifest.digest]


@settings(max_examples=12)
@given(
    st.lists(STEP, min_size=1, max_size=8),
    st.sampled_from((Merging(small=1, factor=3), Merging(small=2, factor=2), Merging(small=1, factor=99))),
)
def test_step_by_step_is_the_same_as_at_once(tmp_path_factory: pytest.TempPathFactory, steps: Sequence[Any], merging: Merging) -> None:
    folder = tmp_path_factory.mktemp("steps")
    place = Place(folder, merging)
    place.update()
    for step in steps:
        place.step(*step)
    other = Home(folder / "other")
    update(other, HashEmbedder(dimension=32), [place.docs])
    generation = place.home.open()
    assert seen(generation) == seen(other.open())
    assert generation.verify() == []
    shutil.rmtree(folder)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, Merging(small=1, factor=99))
    place.update()
    return place


def test_an_added_article_leaves_the_other_segments_alone(place: Place) -> None:
    path = place.home.segments / "1"
    before = {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in path.rglob("*")}
    assert place.step("a", (0, 0, "")).added == (f"{place.docs}/a.txt",)
    assert {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in path.rglob("*")} == before
    assert [part.passages for part in place.home.manifest().segments] == [1, 1]


def test_a_deleted_article_vanishes_from_both_halves_and_the_texts_and_comes_back(place: Place) -> None:
    place.step("a", (0, 0, ""))
    place.step("b", (1, 0, ""))
    whole = seen(place.home.open())
    article = place.home.open().at(str(place.docs / "a.txt"))
    assert article is not None
    assert place.step("a", None).removed == (f"{place.docs}/a.txt",)
    generation = place.home.open()
    assert (generation.article(article.id), generation.at(article.path), generation.rows_of(article.id)) == (None, None, (0, -1))
    assert (generation.lexical.frequency("pech"), "pech" in generation.lexical) == (0, False)
    query = HashEmbedder(dimension=32).encode_query(article.text)
    _, near = generation.vectors.search(query, 10)
    assert article.id not in {passage.article_id for passage in generation.passages(near)}
    assert article.id not in {known.id for known in generation.known()}
    assert article.id not in {listed.id for listed in generation.listing()}
    assert article.id not in list(generation.facts.ids)
    assert place.step("a", (0, 0, "")).added == (f"{place.docs}/a.txt",)
    assert seen(place.home.open()) == whole


def test_a_changed_article_keeps_its_id_and_its_copies_follow(place: Place) -> None:
    place.step("a", (0, 0, "2024-01-05"))
    place.step("b", (0, 0, ""))
    first, second = (place.home.open().at(str(place.docs / f"{name}.txt")) for name in "ab")
    assert first is not None
    assert second is not None
    # Each is listed as the other's copy.
    assert [copy.id for copy in place.home.open().copies(second.id)] == [first.id]
    place.step("a", (2, 0, "2024-01-05"))
    generation = place.home.open()
    assert generation.copies(second.id) == []
    changed = generation.article(first.id)
    assert changed is not None
    assert changed.text == SUBJECTS[2]
    place.step("a", (0, 0, "2024-01-05"))
    assert [copy.id for copy in place.home.open().copies(first.id)] == [second.id]
