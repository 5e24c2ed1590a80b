"""What is trained on, and what is kept out of it."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import CollectionError
from index.training.corpus import Leaks, passages, read_corpus, rows

GOLD = "Le conseil des ministres a adopté hier soir à Niamey un projet de loi sur la protection des puits du nord du pays."
SHORT = "Camp Adagbè est un quartier de Parakou."
OTHER = "Il pleut sur la ville depuis trois jours. Les rues sont vides et les marchands attendent le soleil."


def lines(path: Path, *found: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    return path


def beir(folder: Path, questions: dict[str, str], corpus: dict[str, str], pairs: dict[str, str]) -> Path:
    lines(folder / "corpus.jsonl", *({"_id": key, "title": "", "text": text} for key, text in corpus.items()))
    lines(folder / "queries.jsonl", *({"_id": key, "text": text} for key, text in questions.items()))
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(f"{one}\t{two}\t1\n" for one, two in pairs.items()))
    return folder


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """An evaluation; its passage `d` is no answer, so it may be trained on."""
    questions = {"q": "Qui a adopté le projet de loi sur les puits ?", "r": "Où est Adagbè ?"}
    return beir(tmp_path / "dev", questions, {"g": GOLD, "s": SHORT, "d": OTHER}, {"q": "g", "r": "s"})


@pytest.mark.parametrize(
    ("text", "leaks"),
    [
        pytest.param(GOLD, True, id="the_passage"),
        pytest.param(GOLD.upper().replace(".", " !"), True, id="in_capitals"),
        pytest.param("Selon nos informations, " + GOLD.replace("hier soir", "mardi"), True, id="rewritten"),
        pytest.param(f"{OTHER * 30} {SHORT} {OTHER * 30}", True, id="contained_in_a_long_text"),
        pytest.param(f"{OTHER} « Où est Adagbè ? », demande-t-il. {OTHER}", True, id="a_question_contained"),
        pytest.param(OTHER, False, id="no_answer_to_anything"),
        pytest.param("Le conseil des ministres s'est tenu à Niamey. On y a parlé de la rentrée et des examens.", False, id="same_subject"),
        pytest.param("Où est Adagbèville ?", False, id="a_longer_word"),
        pytest.param("", False, id="empty"),
    ],
)
def test_passages_of_an_evaluation_are_known(held: Path, text: str, leaks: bool) -> None:
    assert Leaks([held]).passage(text) is leaks


@pytest.mark.parametrize(
    ("text", "leaks"),
    [
        pytest.param("QUI a adopté le projet de loi sur les puits", True, id="the_question"),
        pytest.param("Alors, qui a adopté le projet de loi sur les mines ?", True, id="nearly"),
        pytest.param("Dis-moi : où est Adagbè ?", True, id="contained"),
        pytest.param("Le conseil des ministres a adopté hier soir à Niamey", True, id="taken_from_its_passage"),
        pytest.param("Qui a adopté le budget ?", False, id="another"),
    ],
)
def test_questions_of_an_evaluation_are_known(held: Path, text: str, leaks: bool) -> None:
    assert Leaks([held]).question(text) is leaks


def test_nothing_leaks_without_an_evaluation() -> None:
    assert not Leaks([]).passage(GOLD)
    assert not Leaks([]).question("Où est Adagbè ?")


def test_what_leaks_is_left_out_and_counted(held: Path, tmp_path: Path) -> None:
    articles = lines(
        tmp_path / "articles.jsonl",
        {"title": "Un", "text": GOLD},
        {"title": "Deux", "text": OTHER},
        {"title": "Où est Adagbè ?", "text": OTHER},
        {"title": "Quatre", "heading": "Où est Adagbè ?", "text": OTHER},
    )
    pairs = beir(
        tmp_path / "pairs",
        {"1": "Que font les marchands ?", "2": "Où est Adagbè ?", "3": "Quel conseil ?"},
        {"o": OTHER, "g": GOLD},
        {"1": "o", "2": "o", "3": "g"},
    )
    parallel = lines(tmp_path / "lines.jsonl", {"en": "It rains.", "fr": "Il pleut."}, {"en": "Where?", "fr": "Où est Adagbè ?"})
    found = read_corpus([articles], [pairs], [parallel], Leaks([held]))
    assert [document.title for document in found.documents] == ["Deux", ""]
    assert found.pairs == (("Que font les marchands ?", "", OTHER),)
    assert found.parallel == (("It rains.", "Il pleut."),)
    assert found.dropped == 6


def test_a_limit_is_one_for_each_file(tmp_path: Path) -> None:
    files = [lines(tmp_path / name, *({"title": f"{name}{number}", "text": OTHER} for number in range(3))) for name in "ab"]
    assert [document.title for document in read_corpus(files, [], [], Leaks([]), limit=2).documents] == ["a0", "a1", "b0", "b1"]


def test_passages_hold_whole_sentences() -> None:
    assert passages("Un. Deux ! Trois ?\nQuatre.", 10) == (("Un.", "Deux !"), ("Trois ?",), ("Quatre.",))
    assert passages(" \n ") == ()


@pytest.mark.parametrize("content", ["{", "[1]", '{"title": "Un"}', '{"text": 3}'], ids=["no_json", "no_object", "no_text", "a_number"])
def test_a_bad_line_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.jsonl").write_text(content)
    with pytest.raises(CollectionError, match=r"a\.jsonl"):
        list(rows(tmp_path / "a.jsonl", "text"))


def test_a_cut_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"text": "Un."}\n' * 1_000)[:-12])
    with pytest.raises(CollectionError, match=r"a\.jsonl\.gz cannot be read"):
        list(rows(tmp_path / "a.jsonl.gz", "text"))


def test_pairs_without_their_passage_are_named(tmp_path: Path) -> None:
    folder = beir(tmp_path / "pairs", {"1": "Que font les marchands ?"}, {"o": OTHER}, {"1": "missing"})
    with pytest.raises(CollectionError, match="pairs 1 with missing"):
        read_corpus([], [folder], [], Leaks([]))


def test_an_evaluation_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="expected a folder in BEIR form"):
        Leaks([tmp_path / "dev"])


def test_nothing_left_to_train_on_is_an_error(held: Path, tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="1 texts are held by an evaluation"):
        read_corpus([lines(tmp_path / "a.jsonl", {"text": GOLD})], [], [], Leaks([held]))
