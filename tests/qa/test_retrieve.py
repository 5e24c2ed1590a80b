"""The two halves, fused."""

from pathlib import Path

import numpy as np
import pytest

from qa import Assistant
from qa.question import understand
from qa.rescore import standard
from qa.retrieve import POOL, best, candidates, fuse, fusion, rank
from tests.fakes import HashEmbedder


def test_fuse_worked_out_by_hand() -> None:
    # Lexical 0, 2, 4: mean 2, deviation sqrt(8/3) = 1.632993, so -1.224745, 0, 1.224745. Dense 1, 1, 1 tells nothing: 0.
    assert fuse(np.array([0, 2, 4], np.float32), np.ones(3, np.float32), 0.75)[0] == pytest.approx([-0.918559, 0, 0.918559], abs=1e-5)
    # Dense 1, 0, -1: mean 0, deviation sqrt(2/3) = 0.816497, so 1.224745, 0, -1.224745.
    assert fuse(np.array([0, 2, 4], np.float32), np.array([1, 0, -1], np.float32), 0.75)[0] == pytest.approx(
        [-0.612372, 0, 0.612372], abs=1e-5
    )
    sparse, dense = fuse(np.array([0, 2, 4], np.float32), np.array([1, 0, -1], np.float32), 0.75)[1]
    assert (sparse.tolist(), dense.tolist()) == (pytest.approx([-1.224745, 0, 1.224745]), pytest.approx([1.224745, 0, -1.224745]))
    assert fuse(np.zeros(0, np.float32), np.zeros(0, np.float32), 0.75)[0].tolist() == []
    assert fuse(np.array([7], np.float32), np.array([0.5], np.float32), 0.75)[0].tolist() == [0.0]


def test_best_breaks_ties_by_row() -> None:
    found = best(np.array([9, 3, 5]), np.array([1.0, 1.0, 2.0], np.float32), 2)
    assert (found.rows.tolist(), found.scores.tolist()) == ([5, 3], [2.0, 1.0])


def test_candidates_come_from_either_half_and_keep_to_the_allowed_rows(shared: Assistant) -> None:
    generation = shared.generation()
    size = generation.manifest.passages
    lexical = {"pech": 1.0}
    query = shared.embedder.encode_query("une loi sur l'eau")
    assert candidates(generation, lexical, query).tolist() == list(range(size))
    assert candidates(generation, lexical, query, allowed=np.array([1], np.int64)).tolist() == [1]
    assert candidates(generation, lexical, query, allowed=np.zeros(0, np.int64)).tolist() == []


def test_rank_puts_the_passage_asked_for_first(shared: Assistant) -> None:
    generation = shared.generation()
    asked = understand("Qui a signé l'accord de pêche ?", generation.lexical.frequency, generation.manifest.passages)
    ranking = rank(generation, shared.embedder, asked, 2)
    assert "accord de pêche" in generation.passages(ranking.rows.tolist())[0].text
    assert ranking.scores[0] > ranking.scores[1]
    assert rank(generation, shared.embedder, asked, 2, np.zeros(0, np.int64)).rows.tolist() == []


def test_what_is_fused_are_the_scores_of_both_halves(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    nouns = "pont marché fleuve route école puits forêt barrage moulin port".split()
    for number in range(300):
        own = [nouns[number % 10], nouns[number // 10 % 10], nouns[number // 100]]
        (docs / f"{number}.txt").write_text(f"Le {own[0]} de la ville {number} est près du {own[1]} et du {own[2]}.\n", encoding="utf-8")
    assistant = Assistant.from_paths([docs], home=tmp_path / "home", embedder=HashEmbedder())
    for number in range(0, 300, 7):
        (docs / f"{number}.txt").unlink()
    assistant.update()
    generation = assistant.generation()
    asked = understand("Où est le pont près du fleuve ?", generation.lexical.frequency, generation.manifest.passages)
    fused = fusion(generation, assistant.embedder, asked, POOL)
    rows = candidates(generation, asked.lexical, fused.query)
    _, found = generation.lexical.search(asked.lexical, POOL)
    assert len(found) == POOL < len(rows)
    places = rows.searchsorted(fused.ranking.rows)
    np.testing.assert_array_equal(rows[places], fused.ranking.rows)
    np.testing.assert_array_equal(fused.halves[0], standard(generation.lexical.at(asked.lexical, rows))[places])
    np.testing.assert_array_equal(fused.halves[1], standard(generation.vectors.scores(fused.query, rows))[places])
    np.testing.assert_allclose(fused.ranking.scores, 0.75 * fused.halves[0] + 0.25 * fused.halves[1], rtol=1e-5)
    assert set(fused.ranking.rows.tolist()) - set(found.tolist())
