"""Question sets to figures, worked out by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import CollectionError
from qa.answer import Answer, Citation
from qa.evaluate import Asked, curve, draw, evaluate, holds, read_question_set, retrieval_figures
from tests.fakes import HashEmbedder

CORPUS: list[dict[str, Any]] = [
    {
        "_id": "fish",
        "title": "Un accord de pêche",
        "text": "Le Bénin a signé un accord de pêche avec le Togo le 14 janvier 2025 à Cotonou.",
    },
    {"_id": "water", "title": "", "text": "Le parlement du Kenya a voté une loi sur l'eau le 3 mars 2024 à Nairobi."},
]
QUERIES: list[dict[str, Any]] = [
    {"_id": "q1", "text": "Quand le Bénin a-t-il signé un accord de pêche avec le Togo ?", "answers": ["14 Janvier 2025"]},
    {"_id": "q2", "text": "Quand le parlement du Kenya a-t-il voté une loi sur l'eau ?", "answers": ["4 mars 2024"]},
    {"_id": "q3", "text": "Une question sans article ?"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\tfish\t1\nq2\twater\t1\nq2\tfish\t0\n"


def write(folder: Path, corpus: Any = CORPUS, queries: Any = QUERIES, qrels: str = QRELS) -> Path:
    for name, rows in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        text = rows if isinstance(rows, str) else "\n".join(json.dumps(row) for row in rows) + "\n"
        (folder / name).write_text(text)
    (folder / "qrels.tsv").write_text(qrels)
    return folder


def test_a_set_is_read(tmp_path: Path) -> None:
    found = read_question_set(write(tmp_path))
    assert found.name == tmp_path.name
    assert [(article.id, article.title, article.language) for article in found.articles] == [
        ("fish", "Un accord de pêche", "fr"),
        ("water", None, "fr"),
    ]
    assert [(question.relevant, question.answers) for question in found.questions] == [
        (frozenset({"fish"}), ("14 Janvier 2025",)),
        (frozenset({"water"}), ("4 mars 2024",)),
    ]


@pytest.mark.parametrize(
    ("ranked", "relevant", "expected"),
    [
        pytest.param([["a", "b"]], [{"a"}], [1, 1, 1, 1, 1], id="first"),
        # Third: 1/3; gain 1 / log2(4) = 0.5.
        pytest.param([["x", "y", "a"]], [{"a"}], [0, 1, 1, 0.3333, 0.5], id="third"),
        pytest.param([["x"] * 10 + ["a"]], [{"a"}], [0, 0, 0, 0, 0], id="eleventh"),
        pytest.param([[]], [{"a"}], [0, 0, 0, 0, 0], id="nothing_found"),
        # Places 1 and 3 of three wanted: (1 + 0.5) / (1 + 0.630930 + 0.5) = 0.703918.
        pytest.param([["a", "x", "b"]], [{"a", "b", "c"}], [0.3333, 0.6667, 0.6667, 1, 0.7039], id="several_wanted"),
        pytest.param([["a"], ["x", "b"]], [{"a"}, {"b"}], [0.5, 1, 1, 0.75, 0.8155], id="mean_of_two"),
    ],
)
def test_retrieval_figures(ranked: list[list[str]], relevant: list[set[str]], expected: list[float]) -> None:
    figures = retrieval_figures(ranked, [frozenset(wanted) for wanted in relevant])
    assert figures == pytest.approx(dict(zip(["recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10"], expected, strict=True)))


def answer(*quotes: str) -> Answer:
    citations = tuple(
        Citation(
            number=number, article_id="a", title=None, source=None, path="a", url=None, published=None, quote=quote, start=0, end=1, link=""
        )
        for number, quote in enumerate(quotes, start=1)
    )
    return Answer(question="", language="fr", text="", answered=bool(quotes), citations=citations)


@pytest.mark.parametrize(
    ("quotes", "golds", "first", "anywhere"),
    [
        (["Signé le 14 janvier.", "À Cotonou."], ["14 Janvier"], True, True),
        (["Signé le 14 janvier.", "À Cotonou."], ["cotonou"], False, True),
        (["Signé par Évariste\n Ndayishimiye."], ["evariste ndayishimiye"], True, True),
        (["L’accord"], ["l'accord"], True, True),
        (["Signé."], ["voté"], False, False),
        ([], ["voté"], False, False),
    ],
)
def test_holds(quotes: list[str], golds: list[str], first: bool, anywhere: bool) -> None:
    assert holds(answer(*quotes), golds, first_only=True) is first
    assert holds(answer(*quotes), golds) is anywhere


def test_evaluate_worked_out_by_hand(tmp_path: Path) -> None:
    found = evaluate(write(tmp_path), HashEmbedder())
    assert (found["articles"], found["passages"], found["questions"], found["model"]) == (2, 2, 2, "hash")
    perfect = {"recall@1": 1.0, "recall@5": 1.0, "recall@10": 1.0, "mrr@10": 1.0, "ndcg@10": 1.0}
    assert found["lexical"] == found["dense"] == found["hybrid"] == perfect
    # The second question's gold answer is wrong on purpose.
    assert found["answers"] == {"sentence@1": 0.5, "quoted": 0.5}
    assert found["abstention"] == {"answered_when_answerable": 1.0, "refused_when_not": 1.0}
    assert found["seconds_index"] > 0


def test_without_gold_answers_there_is_no_share_of_them(tmp_path: Path) -> None:
    queries = [{"_id": "q1", "text": QUERIES[0]["text"]}]
    assert evaluate(write(tmp_path, queries=queries), HashEmbedder())["answers"] == {"sentence@1": None, "quoted": None}


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (write(tmp_path) / name).unlink()
    with pytest.raises(CollectionError, match=name):
        read_question_set(tmp_path)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        pytest.param({"corpus": "{"}, r"corpus\.jsonl line 1", id="corpus_cut"),
        pytest.param({"corpus": "[]"}, r"corpus\.jsonl line 1", id="corpus_of_lists"),
        pytest.param({"corpus": [{"_id": 5, "text": "Un mot."}]}, r"corpus\.jsonl line 1", id="id_is_a_number"),
        pytest.param({"corpus": [{"_id": "a"}]}, r"corpus\.jsonl line 1", id="no_text"),
        pytest.param({"corpus": [{**CORPUS[0], "title": 5}]}, r"corpus\.jsonl line 1", id="title_is_a_number"),
        pytest.param({"corpus": [*CORPUS, CORPUS[0]]}, "fish", id="id_twice"),
        pytest.param({"corpus": [{**CORPUS[0], "text": "Un \ud800 mot."}]}, r"corpus\.jsonl line 1", id="half_a_character"),
        pytest.param({"corpus": ""}, "0 articles", id="empty_corpus"),
        pytest.param({"queries": "\n\n{}"}, r"queries\.jsonl line 3", id="query_without_fields"),
        pytest.param({"queries": [{**QUERIES[0], "answers": "14"}]}, r"queries\.jsonl line 1", id="answers_is_a_text"),
        pytest.param({"queries": [{**QUERIES[0], "answers": [14]}]}, r"queries\.jsonl line 1", id="answers_are_numbers"),
        pytest.param({"qrels": "q1 fish 1\n"}, r"qrels\.tsv line 1", id="no_tabs"),
        pytest.param({"qrels": "q1\tfish\t0\n"}, "0 questions", id="nothing_relevant"),
    ],
)
def test_a_malformed_set_is_refused_by_name(tmp_path: Path, part: dict[str, Any], reason: str) -> None:
    with pytest.raises(CollectionError, match=reason):
        evaluate(write(tmp_path, **part), HashEmbedder())


@pytest.mark.parametrize("odd", ["\x00", "\u2028", "\x1e", "😀"])
def test_a_text_with_odd_characters_is_measured(tmp_path: Path, odd: str) -> None:
    corpus = [{**CORPUS[0], "text": f"Avant {odd} tout. {CORPUS[0]['text']}"}, CORPUS[1]]
    assert evaluate(write(tmp_path, corpus=corpus), HashEmbedder())["answers"]["quoted"] == 0.5


def asked(confidence: float, confidence_gone: float, *, first: bool = True, answered: bool = True) -> Asked:
    return Asked(
        answered=answered, first=first, quoted=first, gold=True, confidence=confidence, refused=confidence_gone < 0.5,
        confidence_gone=confidence_gone, seconds=0.01,
    )  # fmt: skip


def test_the_curve_of_coverage_against_accuracy() -> None:
    # Ten questions from 0.95 down to 0.05; the five surest are right; without their articles each is 0.35 less sure.
    questions = [asked((95 - 10 * place) / 100, (60 - 10 * place) / 100, first=place < 5, answered=place < 8) for place in range(10)]
    points = {point["answered_when_answerable"]: point for point in curve(questions)}
    assert points[0.5] == {"answered_when_answerable": 0.5, "confidence": 0.55, "accuracy": 1.0, "refused_when_not": 0.9}
    assert points[0.8]["accuracy"] == 0.625
    # Of the last two nothing was quoted, so nothing is known.
    assert points[0.9]["accuracy"] is None
    # Below 0.05 are the last four: 0, -0.1, -0.2 and -0.3.
    assert points[1.0]["refused_when_not"] == 0.4


def test_curves_are_drawn_into_a_png(tmp_path: Path) -> None:
    points = curve([asked(0.9, 0.2), asked(0.4, 0.6, first=False)])
    draw([{"name": "one", "curve": points}, {"name": "empty", "curve": []}], tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(CollectionError, match="cannot be written"):
        draw([{"name": "one", "curve": points}], tmp_path / "none" / "curve.png")
