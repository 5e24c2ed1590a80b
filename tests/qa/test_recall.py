"""Answers given before are given again, until other articles are served."""

from qa.answer import Answer
from qa.recall import Recall


class Maker:
    """Makes answers, and counts them."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, question: str) -> Answer:
        self.made.append(question)
        return Answer(question=question, language="fr", text=f"réponse {len(self.made)}", answered=False)


def test_the_same_question_is_answered_once() -> None:
    recall, maker, generation = Recall(), Maker(), object()
    first = recall.answer(generation, "un", lambda: maker("un"))
    assert recall.answer(generation, "un", lambda: maker("un")) is first
    assert recall.answer(generation, "deux", lambda: maker("deux")).text == "réponse 2"
    assert maker.made == ["un", "deux"]


def test_other_articles_are_asked_anew() -> None:
    recall, maker = Recall(), Maker()
    recall.answer("generation 1", "un", lambda: maker("un"))
    assert recall.answer("generation 2", "un", lambda: maker("un")).text == "réponse 2"
    assert recall.answer("generation 1", "un", lambda: maker("un")).text == "réponse 3"


def test_the_question_longest_not_asked_is_forgotten() -> None:
    recall, maker, generation = Recall(kept=2), Maker(), object()
    for question in ("un", "deux", "un", "trois", "un", "deux"):
        recall.answer(generation, question, lambda question=question: maker(question))  # type: ignore[misc]
    assert maker.made == ["un", "deux", "trois", "deux"]


def test_an_answer_that_comes_after_its_articles_went_is_not_kept_for_others() -> None:
    recall, maker = Recall(), Maker()

    def late() -> Answer:
        recall.answer("generation 2", "deux", lambda: maker("deux"))
        return maker("un")

    assert recall.answer("generation 1", "un", late).question == "un"
    assert recall.answer("generation 2", "un", lambda: maker("un")).text == "réponse 3"
