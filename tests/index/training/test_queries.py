"""Questions made out of sentences."""

import random

import pytest

from index.training.queries import Questioner
from index.training.vocabulary import build_vocabulary
from tests.index.training.sample import corpus

SENTENCE = "Le gouverneur de Zinder a inauguré le pont."
SENTENCES = [SENTENCE, "Le pont de Zinder.", "Il pleut."]


@pytest.mark.parametrize(
    ("sentence", "seed", "question"),
    [
        pytest.param(SENTENCE, 3, "gouverneur Zinder inauguré pont", id="all_its_words"),
        pytest.param(SENTENCE, 2, "inauguré pont", id="two_of_them"),
        pytest.param(SENTENCE, 0, "qui a gouverneur Zinder inauguré pont", id="after_a_question_word"),
        pytest.param("Il y a.", 0, None, id="nothing_told"),
        pytest.param("La pluie.", 0, None, id="one_word"),
    ],
)
def test_a_question_is_made_of_the_words_that_tell(sentence: str, seed: int, question: str | None) -> None:
    assert Questioner(SENTENCES).ask(sentence, random.Random(seed)) == question


def test_a_made_question_keeps_words_in_their_order() -> None:
    questioner = Questioner(SENTENCES)
    for seed in range(30):
        words = (questioner.ask(SENTENCE, random.Random(seed)) or "").split()
        kept = [word for word in words if word in ("gouverneur", "Zinder", "inauguré", "pont")]
        assert len(kept) >= 2
        assert kept == sorted(kept, key=SENTENCE.index)


def test_rare_words_are_asked_for_more_often() -> None:
    sentence = "Le pont, la route, le marché, l'école et la récolte de Tahoua."
    questioner = Questioner(["Le pont, la route, le marché, l'école et la récolte."] * 50 + [sentence])
    asked = [questioner.ask(sentence, random.Random(seed)) or "" for seed in range(200)]
    assert sum("Tahoua" in question for question in asked) > 1.3 * sum("pont" in question for question in asked)


def test_an_english_question_is_put_word_by_word() -> None:
    questioner = Questioner(["Le ministre signe un accord avec la Hongrie."] * 3)
    asked = {questioner.ask("accord ministre Hongrie", random.Random(seed), english=True) for seed in range(40)}
    words = {word for question in asked for word in str(question).split()}
    assert {"agreement", "minister", "hungary"} & {word.lower() for word in words}


@pytest.mark.parametrize(
    ("question", "passage", "asked", "read"),
    [
        pytest.param("pont Zinder", "Le pont de Zinder, à Zinder.", "pont Garbado", "Le pont de Garbado, à Garbado.", id="everywhere"),
        pytest.param("pont Zinder", "Le pont de Diffa.", "pont Zinder", "Le pont de Diffa.", id="not_in_the_passage"),
        pytest.param("or", "L'or de Zinder.", "or", "L'or de Zinder.", id="no_name"),
    ],
)
def test_a_name_is_replaced_in_question_and_passage(question: str, passage: str, asked: str, read: str) -> None:
    vocabulary = build_vocabulary(corpus(), [], 700, 60)
    # Garbado alone is rare enough to pass for a name never seen.
    questioner = Questioner(["Garbado."] + ["Le pont de Zinder."] * 3 + ["Le pont."])
    found, changed = questioner.renamed(question, vocabulary.encode([passage])[0], vocabulary, random.Random(1))
    assert found.lower() == asked.lower()
    assert changed.tolist() == vocabulary.encode([read])[0].tolist()
