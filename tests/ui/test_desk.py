import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from index.article import Article
from index.errors import BusyIndex, DamagedIndex, GriotError, MissingIndex, ModelError, QuestionError, StaleIndex, StoreError
from qa.answer import Answer, Citation
from qa.assistant import Overview
from qa.trace import Trace
from tests.ui.render.turns import ARTICLE, answered
from ui.desk import Desk, Shown
from ui.failures import Failure, failure_of
from ui.kept import TURNS, document
from ui.texts import TEXTS, Language

OVERVIEW = Overview(articles=1, passages=1, earliest=None, latest=None, sources=())


@dataclass
class Assistant:
    """Answers everything with one sentence, or fails; remembers what it was asked."""

    failure: Exception | None = None
    held: Overview = OVERVIEW
    at_work: bool = False
    asked: list[tuple[str, list[str]]] = field(default_factory=list)
    followed: list[list[str]] = field(default_factory=list)

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer:
        self.asked.append((question, list(history)))
        if "raté" in question:
            raise ZeroDivisionError("a secret")
        answer = answered(ARTICLE, question=question).answer
        assert answer is not None
        return answer

    def article(self, article_id: str) -> Article | None:
        if self.failure:
            raise self.failure
        return ARTICLE if article_id == ARTICLE.id else None

    def trace(self, citation: Citation) -> Trace:
        return Trace(held=False)

    def overview(self) -> Overview:
        if self.failure:
            raise self.failure
        return self.held

    def examples(self, language: str, count: int = 4) -> list[str]:
        return [f"Exemple {language} {count} ?"]

    def followups(self, answer: Answer, asked: Sequence[str] = (), count: int = 3) -> list[str]:
        self.followed.append(list(asked))
        return ["Et puis ?"][:count]

    def busy(self) -> bool:
        if self.failure:
            raise self.failure
        return self.at_work


@dataclass
class Notes:
    noted: list[tuple[str, Mapping[str, Any], str, str]] = field(default_factory=list)
    failure: Exception | None = None

    def note(self, question: str, answer: dict[str, Any], verdict: str, reason: str) -> None:
        if self.failure:
            raise self.failure
        self.noted.append((question, answer, verdict, reason))


def kept(*questions: str) -> str:
    return json.dumps({"id": "c1", "turns": [document(answered(ARTICLE, question=question)) for question in questions]})


def replies(desk: Desk, question: Any, text: Any = None, language: Language = "fr") -> list[Shown | str]:
    return list(desk.ask(question, text, language))


def test_the_question_first_then_its_reply() -> None:
    assistant = Assistant()
    first, second = replies(Desk(assistant=assistant), "  Et ensuite ? ", kept("Quand ?"))
    assert isinstance(first, Shown)
    assert isinstance(second, Shown)
    assert 'waiting-turn" id="turn-2"' in first.conversation
    assert "waiting-turn" not in second.conversation
    assert 'data-conversation="c1"' in second.conversation
    assert '<section class="sources" data-turn="2">' in second.panel
    assert assistant.asked == [("Et ensuite ?", ["Quand ?"])]


@pytest.mark.parametrize("question", ["", " \n", None])
def test_no_question_is_a_polite_line_that_leaves_the_rest(question: str | None) -> None:
    assistant = Assistant()
    (said,) = replies(Desk(assistant=assistant), question, kept("Quand ?"))
    assert isinstance(said, str)
    assert "Écrivez d’abord une question" in said
    assert assistant.asked == []


def test_a_long_conversation_is_asked_to_end() -> None:
    (said,) = replies(Desk(assistant=Assistant()), "Encore ?", kept(*["Quand ?"] * TURNS), "en")
    assert isinstance(said, str)
    assert "Start a new one" in said


def test_half_a_pair_and_pasted_books_are_asked_as_far_as_they_go() -> None:
    assistant = Assistant()
    replies(Desk(assistant=assistant), "\ud800 quand ?")
    replies(Desk(assistant=assistant), "a" * 5000)
    assert [question for question, _ in assistant.asked] == ["? quand ?", "a" * 4000]


def test_an_unforeseen_error_is_said_without_its_words() -> None:
    *_, last = replies(Desk(assistant=Assistant()), "Un raté ?")
    assert isinstance(last, Shown)
    assert TEXTS["fr"].unexpected in last.conversation
    assert "secret" not in last.conversation


def test_an_index_that_breaks_meanwhile_loses_no_conversation() -> None:
    desk = Desk(assistant=Assistant(failure=DamagedIndex("articles.sqlite is damaged; run griot index --full")))
    (said,) = replies(desk, "Et ensuite ?", kept("Quand ?"))
    assert isinstance(said, str), "a notice alone: what is shown, and kept, stays"
    assert "articles.sqlite is damaged; run griot index --full" in said


def test_the_start_and_a_conversation_kept() -> None:
    desk = Desk(assistant=Assistant())
    start = desk.show(None, "fr")
    assert "Que voulez-vous savoir" in start.conversation
    assert "Exemple fr 4" in start.suggestions
    again = desk.show(kept("Quand ?"), "en")
    assert '<h2 class="question">Quand ?</h2>' in again.conversation
    assert (again.suggestions, again.notice) == ("", "")
    assert TEXTS["en"].dropped in desk.show("{", "en").notice


@pytest.mark.parametrize(
    ("failure", "french"),
    [
        (MissingIndex("no index; build it with: griot index"), "Il n’y a pas encore d’index des articles"),
        (StaleIndex("old format; run griot index --full"), "L’index a été fait par une autre version ou un autre modèle"),
        (DamagedIndex("x is damaged; run griot index --full"), "L’index des articles est abîmé"),
        (BusyIndex("another griot; wait"), "L’index est en cours de mise à jour par une autre commande"),
        (ModelError("model gone"), "Le modèle qui sert à chercher dans les articles ne peut pas être utilisé"),
        (QuestionError("no date"), "Cette question ne peut pas être posée telle quelle"),
        (StoreError("disk"), "Griot n’a pas pu faire ce qui était demandé"),
        (GriotError("else"), "Griot n’a pas pu faire ce qui était demandé"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_failure_has_a_page_of_its_own(failure: GriotError, french: str) -> None:
    desk = Desk(assistant=Assistant(failure=failure))
    shown = desk.show(None, "fr")
    assert f"<h2>{french}</h2>" in shown.conversation
    assert f"<code>{failure}</code>" in shown.conversation
    assert shown.suggestions == ""
    assert french not in desk.show(None, "en").conversation
    assert "switch" in desk.frame("fr")[2], "what stands around is there all the same"
    assert desk.state("fr") == ""


def test_what_was_not_foreseen_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    assert failure_of(ValueError("secret"), "en") == Failure(sentence=TEXTS["en"].unexpected)
    assert "secret" in caplog.text


def test_an_empty_collection_says_how_to_fill_it() -> None:
    shown = Desk(assistant=Assistant(held=Overview(articles=0, passages=0, earliest=None, latest=None, sources=()))).show(None, "fr")
    assert "<h2>Il n’y a pas encore d’article</h2>" in shown.conversation
    assert "<code>griot index …</code>" in shown.conversation
    assert 'href="/collection"' not in shown.conversation
    managed = Desk(assistant=Assistant(held=replace(OVERVIEW, articles=0)), managed=True)
    assert '<a href="/collection">Ajouter des articles</a>' in managed.show("", "fr").conversation


def test_an_index_being_built_is_said() -> None:
    assert Desk(assistant=Assistant()).state("fr") == ""
    assert Desk(assistant=Assistant(at_work=True)).state("en") == TEXTS["en"].busy


def test_follow_ups_come_after_the_last_answer() -> None:
    assistant = Assistant()
    html = Desk(assistant=assistant).follow(kept("Quand ?", "Où ?"), "fr")
    assert 'data-after="Où ?"' in html
    assert "Et puis\u202f?" in html
    assert assistant.followed == [["Quand ?", "Où ?"]]
    left = json.dumps({"id": "", "turns": [{"question": "Quand ?"}]})
    assert [Desk(assistant=assistant).follow(text, "fr") for text in (None, left)] == ["", ""]
    assert Desk(assistant=Assistant(failure=DamagedIndex("x"))).follow(kept("Quand ?"), "fr") == ""


def test_an_opinion_is_noted_with_what_was_answered() -> None:
    notes = Notes()
    said = Desk(assistant=Assistant(), feedback=notes).rate(kept("Quand ?"), "down", "  trop \n vieux ", "fr")
    assert TEXTS["fr"].thanks in said
    ((question, answer, verdict, reason),) = notes.noted
    assert (question, verdict, reason) == ("Quand ?", "down", "trop vieux")
    assert answer["citations"][0]["quote"] == "Le pont a rouvert lundi."


@pytest.mark.parametrize(
    ("text", "verdict"),
    [(kept("Quand ?"), "sideways"), (kept("Quand ?", "Où ?"), "up"), (kept(), "up"), ("{", "up"), (None, "up")],
    ids=["verdict", "two", "none", "damaged", "nothing"],
)
def test_what_is_no_opinion_is_not_noted(text: str | None, verdict: str) -> None:
    notes = Notes()
    assert Desk(assistant=Assistant(), feedback=notes).rate(text, verdict, "", "fr") == ""
    assert notes.noted == []


def test_an_opinion_that_cannot_be_written_is_said() -> None:
    desk = Desk(assistant=Assistant(), feedback=Notes(failure=StoreError("cannot write in /home; free some room")))
    assert "cannot write in /home; free some room" in desk.rate(kept("Quand ?"), "up", "", "fr")
    assert Desk(assistant=Assistant()).rate(kept("Quand ?"), "up", "", "fr") == "", "nowhere to note it"
