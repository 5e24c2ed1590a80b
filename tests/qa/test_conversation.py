"""Questions that lean on earlier ones, made whole."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation import DEEPEST, printable, standalone, turns
from tests.strategies import any_text

ACCORD = "Quel accord le Bénin a-t-il signé avec le Togo ?"
LEFT = "Quand le Bénin a-t-il quitté la CEDEAO ?"
PLANES = "Combien d'avions l'Italie a-t-elle livrés au Bénin en 2023 ?"
MINISTER = "Qui est le ministre de la Pêche du Bénin ?"
CLOSED = "Le Bénin a-t-il rompu avec le Togo ?"
ENGLISH = "When did Benin leave ECOWAS?"


@pytest.mark.parametrize(
    ("before", "asked", "whole"),
    [
        # A name takes the place of the one most like it, or of the one led by the same word.
        (ACCORD, "Et avec le Ghana ?", "Quel accord le Bénin a-t-il signé avec le Ghana ?"),
        (ACCORD, "Et le Ghana ?", "Quel accord le Bénin a-t-il signé avec le Ghana ?"),
        (LEFT, "Et le Mali ?", "Quand le Mali a-t-il quitté la CEDEAO ?"),
        (PLANES, "Et au Mali ?", "Combien d'avions l'Italie a-t-elle livrés au Mali en 2023 ?"),
        (MINISTER, "Et du Mali ?", "Qui est le ministre de la Pêche du Mali ?"),
        (ENGLISH, "And Mali?", "When did Mali leave ECOWAS?"),
        (ENGLISH, "What about Burkina Faso?", "When did Burkina Faso leave ECOWAS?"),
        # A date takes the place of the date, or is added.
        (PLANES, "Et en 2024 ?", "Combien d'avions l'Italie a-t-elle livrés au Bénin en 2024 ?"),
        (ACCORD, "Et en 2024 ?", "Quel accord le Bénin a-t-il signé avec le Togo en 2024 ?"),
        (ENGLISH, "And in 2024?", "When did Benin leave ECOWAS in 2024 ?"),
        # A noun takes the place of what was counted.
        (PLANES, "Et les drones ?", "Combien de drones l'Italie a-t-elle livrés au Bénin en 2023 ?"),
        # A question word asks the question before again, for something else.
        (LEFT, "Pourquoi ?", "Pourquoi le Bénin a-t-il quitté la CEDEAO ?"),
        (LEFT, "Et où ?", "Où le Bénin a-t-il quitté la CEDEAO ?"),
        (ENGLISH, "Why?", "Why did Benin leave ECOWAS?"),
        (CLOSED, "Quand ?", "Quand le Bénin a-t-il rompu avec le Togo ?"),
        (ACCORD, "Quand ?", "Quand (accord, Bénin, signé, Togo) ?"),
        (ACCORD, "Avec qui ?", "Avec qui (accord, Bénin, signé, Togo) ?"),
        (ACCORD, "Combien de soldats ?", "Combien de soldats (accord, Bénin, signé, Togo) ?"),
        # A pronoun takes along what the question before was about.
        (ACCORD, "Qui l'a signé ?", "Qui l'a signé (accord, Bénin, Togo) ?"),
        (ACCORD, "Quand a-t-il été signé ?", "Quand a-t-il été signé (accord, Bénin, Togo) ?"),
        (MINISTER, "Où est-il né ?", "Où est-il né (ministre, Pêche, Bénin) ?"),
        (MINISTER, "Quel est son grade ?", "Quel est son grade (ministre, Pêche, Bénin) ?"),
        (PLANES, "Qui les pilote ?", "Qui les pilote (avions, Italie, livrés, Bénin, 2023) ?"),
        (ENGLISH, "Who announced it?", "Who announced it (Benin, leave, ECOWAS) ?"),
        # What stands by itself starts a new subject.
        (ACCORD, "Qui est le président du Burkina Faso ?", "Qui est le président du Burkina Faso ?"),
        (ACCORD, "Où le ministre est-il né ?", "Où le ministre est-il né ?"),
        (LEFT, "Et quand le Mali a-t-il quitté la CEDEAO ?", "Quand le Mali a-t-il quitté la CEDEAO ?"),
        (ACCORD, "accord militaire", "accord militaire"),
        (ACCORD, "Combien de pêcheurs le port de Cotonou accueille-t-il ?", "Combien de pêcheurs le port de Cotonou accueille-t-il ?"),
    ],
)  # fmt: skip
def test_a_follow_up_is_made_whole(before: str, asked: str, whole: str) -> None:
    assert standalone(asked, [before]).text == whole


def test_a_chain_is_traced_back() -> None:
    assert standalone("Et le Mali ?", [CLOSED, "Quand ?"]).text == "Quand le Mali a-t-il rompu avec le Togo ?"
    assert standalone("Pourquoi ?", [CLOSED, "Quand ?", "Et le Mali ?"]).text == "Pourquoi le Mali a-t-il rompu avec le Togo ?"


def test_what_is_carried_along_is_told_apart() -> None:
    found = standalone("Qui l'a signé ?", [ACCORD])
    assert found.carried == {"accord", "benin", "togo"}
    assert found.previous == ACCORD
    assert standalone("Et le Ghana ?", [ACCORD]).carried == frozenset()


def test_the_answer_before_joins_what_is_asked_about() -> None:
    found = standalone("Où est-il né ?", [MINISTER]).with_subject("Koffi Mensah")
    assert found.text == "Où est-il né (ministre, Pêche, Bénin, Koffi Mensah) ?"
    assert found.carried == {"ministre", "peche", "benin", "koffi", "mensah"}
    assert found.with_subject("Koffi Mensah") == found
    assert standalone("Et le Ghana ?", [ACCORD]).with_subject("Koffi Mensah").text == "Quel accord le Bénin a-t-il signé avec le Ghana ?"


def test_without_a_question_before_nothing_is_added() -> None:
    assert standalone("Et avec la Russie ?").text == "Et avec la Russie ?"
    assert standalone("Quand ?", []).text == "Quand ?"


@pytest.mark.parametrize(
    ("history", "questions"),
    [
        (None, []),
        ("Quand ?", []),
        ([None, 3, b"x", object()], []),
        (["", "  ", "Qui ?"], ["Qui ?"]),
        ([("Qui ?", "Lui."), ("Quand ?", None), ()], ["Qui ?", "Quand ?"]),
        ([{"role": "user", "content": "Qui ?"}, {"role": "assistant", "content": "Lui."}, {"role": "user"}], ["Qui ?"]),
        ([f"Qui {number} ?" for number in range(1000)], [f"Qui {number} ?" for number in range(1000 - DEEPEST, 1000)]),
    ],
)
def test_histories_of_any_kind(history: Any, questions: list[str]) -> None:
    assert turns(history) == questions


@given(any_text, st.lists(st.one_of(any_text, st.none(), st.integers()), max_size=4))
def test_any_conversation_is_read(text: str, history: list[Any]) -> None:
    found = standalone(text, history)
    assert found.text == printable(found.text)
