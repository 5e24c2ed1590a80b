"""The second look at the best passages."""

import json
from pathlib import Path

import numpy as np
import pytest

from index.article import Article
from index.build import publish_articles
from index.generation import Generation
from index.store import Home
from index.vectors import FloatVector
from qa.question import Question, understand
from qa.rescore import MODEL, NAMES, features, rescore, standard
from qa.retrieve import fusion, rank, reorder
from qa.training.rescore import Listed, fit, main, ndcg
from tests.fakes import HashEmbedder

TEXTS = {
    "a": ("Accord de pêche", "Le Bénin et le Togo ont signé un accord de pêche. Le ministre Koffi Mensah s'en félicite."),
    "b": (None, "Oui. Les associations doivent tenir un registre de leurs membres, dit la loi."),
    "c": ("Crue", "Le fleuve a débordé le 3 mars 2024. Trois ponts ont été emportés par les eaux."),
    "d": (None, "智利的天气很好。"),
}


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    home = Home(tmp_path_factory.mktemp("rescore"))
    articles = [
        Article(id=name, text=text, title=title, path=name, digest="", language="fr") for name, (title, text) in TEXTS.items()
    ]  # fmt: skip
    publish_articles(home, HashEmbedder(), articles)
    return home.open()


def asked(generation: Generation, text: str) -> Question:
    return understand(text, generation.lexical.frequency, generation.manifest.passages)


def seen(generation: Generation, text: str) -> dict[str, dict[str, float]]:
    """Feature by name for each article, whose passage has the row of its place."""
    question = asked(generation, text)
    fused = fusion(generation, HashEmbedder(), question, 10)
    rows = fused.ranking.rows
    matrix = features(generation, question, fused.query, rows, fused.halves)
    assert matrix.shape == (len(rows), len(NAMES))
    assert np.isfinite(matrix).all()
    return {list(TEXTS)[int(row)]: dict(zip(NAMES, values.tolist(), strict=True)) for row, values in zip(rows, matrix, strict=True)}


def test_what_is_seen_of_a_question_on_an_accord(generation: Generation) -> None:
    found = seen(generation, "Qui a signé l'accord de pêche ?")
    # All three notions stand in the first article, two of them in its title, which is all its words but the question's verb.
    assert found["a"]["held"] == pytest.approx(1)
    assert 0 < found["a"]["title"] < 1
    assert found["a"]["soft"] == pytest.approx(1, abs=1e-3)
    assert (found["c"]["held"], found["c"]["title"]) == (0, 0)
    assert found["a"]["signed"] == 1  # it names a person, and the question asks for one
    assert found["d"]["soft"] == found["d"]["soft_square"] == 0  # the model sees nothing in Chinese
    # Words by their beginnings: "signe", "accor", "peche", the last two side by side, all in one sentence, which names nobody.
    assert (found["a"]["begun"], found["a"]["sentence"]) == (pytest.approx(1), pytest.approx(1))
    assert found["a"]["together"] == pytest.approx(1)
    assert found["c"]["together"] == 0
    assert found["a"]["length"] == pytest.approx(np.log1p(len(TEXTS["a"][1])), rel=1e-5)
    assert all(values["opening"] == 1 for values in found.values())
    assert all(values["lexical_english"] == values["dense_english"] == 0 for values in found.values())


def test_an_english_question_is_told_apart(generation: Generation) -> None:
    found = seen(generation, "Who signed the fishing agreement?")
    for values in found.values():
        assert (values["lexical_english"], values["dense_english"]) == (values["lexical"], values["dense"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Les associations doivent-elles tenir un registre ?", 1, id="closed"),
        pytest.param("Est-ce que les associations tiennent un registre ?", 1, id="is_it"),
        pytest.param("Must associations keep a register?", 1, id="closed_english"),
        pytest.param("Qui doit tenir un registre ?", -1, id="open"),
        pytest.param("Pourquoi les associations doivent-elles tenir un registre ?", -1, id="open_inverted"),
        pytest.param("Qu'est-ce que le registre ?", -1, id="what_is"),
    ],
)
def test_a_passage_that_says_yes_suits_a_question_that_can_be_answered_so(generation: Generation, text: str, expected: int) -> None:
    found = seen(generation, text)
    assert found["b"]["affirmed"] == expected
    assert all(values["affirmed"] == 0 for name, values in found.items() if name != "b")


def test_the_ranking_is_that_of_the_new_scores(generation: Generation) -> None:
    question = asked(generation, "Où le fleuve a-t-il débordé ?")
    fused = fusion(generation, HashEmbedder(), question, 30)
    rows = fused.ranking.rows
    scores = rescore(generation, question, fused.query, rows, fused.halves)
    expected = rows[np.argsort(-scores, kind="stable")]
    assert rank(generation, HashEmbedder(), question, 3).rows.tolist() == expected[:3].tolist()
    assert rank(generation, HashEmbedder(), question, 3, np.zeros(0, np.int64)).rows.tolist() == []


def test_the_fitted_model_has_a_coefficient_for_each_feature() -> None:
    fitted = json.loads(MODEL.read_text(encoding="utf-8"))["coefficients"]
    assert list(fitted) == list(NAMES)


def test_standard() -> None:
    # 0, 2, 4: mean 2, deviation sqrt(8/3) = 1.632993.
    assert standard(np.array([0, 2, 4], np.float32)) == pytest.approx([-1.224745, 0, 1.224745], abs=1e-5)
    assert standard(np.ones(3, np.float32)).tolist() == [0, 0, 0]


def listed(right: int, size: int = 4, seed: int = 0) -> Listed:
    """A question whose right passage has the greatest second feature; the others are noise."""
    matrix = np.random.default_rng(seed).standard_normal((size, len(NAMES))).astype(np.float32)
    matrix[right, 1] += 6
    return Listed(features=matrix, owners=tuple("abcd"[:size]), after=("z",), relevant=frozenset("abcd"[right]))


def test_fitting_finds_what_tells_the_right_passage() -> None:
    part = [listed(seed % 4, seed=seed) for seed in range(200)]
    coefficients = fit([part])
    assert int(np.argmax(coefficients)) == NAMES.index("dense")
    assert ndcg(part, coefficients) > 0.95
    assert ndcg(part, coefficients) > ndcg(part, None)
    # On the scale of the fused score: within a list they deviate by one on the average.
    assert np.mean([(item.features @ coefficients).std() for item in part]) == pytest.approx(1, abs=1e-3)


def test_a_list_as_it_stood_is_measured_by_hand() -> None:
    # Right in the second of four places: 1 / log2(3) = 0.6309.
    assert ndcg([listed(1)], None) == pytest.approx(0.6309, abs=1e-4)


def test_the_command_fits_and_says_what_to_expect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        places = ["Zinder", "Agadez", "Cotonou", "Lomé", "Dosso", "Maradi"]
        corpus = [{"_id": place, "title": place, "text": f"Le pont de {place} est fermé, dit le maire."} for place in places]
        queries = [{"_id": place, "text": f"Quel pont est fermé à {place} ?"} for place in places]
        (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)))
        (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
        (folder / "qrels.tsv").write_text("\n".join(f"{place}\t{place}\t1" for place in places))
    main([str(tmp_path / "one"), str(tmp_path / "two"), "--out", str(tmp_path / "rescore.json")])
    document = json.loads((tmp_path / "rescore.json").read_text())
    assert list(document["coefficients"]) == list(NAMES)
    assert document["ndcg@10"]["one"] == {"fused": 1.0, "fitted_on_others": 1.0, "fitted": 1.0}
    assert "two: " in capsys.readouterr().err


def test_reorder_keeps_what_is_not_rescored_below(generation: Generation) -> None:
    question = asked(generation, "Le fleuve a débordé")
    found = fusion(generation, HashEmbedder(), question, 30).ranking
    scores: FloatVector = np.array([-5.0, 2.0], np.float32)
    again = reorder(found, scores)
    assert again.rows.tolist() == [found.rows[1], found.rows[0], *found.rows[2:]]
    assert all(np.diff(again.scores) <= 0)
