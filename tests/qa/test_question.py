"""What a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analyse import stems
from qa.conversation import LONGEST
from qa.kinds import kind_of
from qa.question import Question, understand
from tests.strategies import odd_question


def read(text: str, *history: str) -> Question:
    return understand(text, lambda term: 0, 10, history)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Quand l'accord a-t-il été signé ?", "when"),
        ("En quelle année l'alliance est-elle née ?", "when"),
        ("À quelle date le sommet a-t-il eu lieu ?", "when"),
        ("Depuis quand le pays est-il membre ?", "when"),
        ("Quel jour la délégation est-elle arrivée ?", "when"),
        ("When was the deal signed?", "when"),
        ("What year did it begin?", "when"),
        ("On which date did he arrive?", "when"),
        ("Où l'accord a-t-il été signé ?", "where"),
        ("D'où vient la délégation ?", "where"),
        ("Dans quelle ville se tient le sommet ?", "where"),
        ("Where was it signed?", "where"),
        ("In which country is Niamey?", "where"),
        ("L'accord, où a-t-il été signé ?", "where"),
        ("Combien de soldats sont arrivés ?", "number"),
        ("Quel est le montant de l'aide ?", "number"),
        ("Quel âge a le ministre ?", "number"),
        ("How many soldiers arrived?", "number"),
        ("How much does it cost?", "number"),
        ("What is the price of oil?", "number"),
        ("How long did the visit last?", "number"),
        ("Pourquoi le Niger se tourne-t-il vers la Russie ?", "why"),
        ("Pour quelle raison est-il parti ?", "why"),
        ("Quelles sont les raisons de ce choix ?", "why"),
        ("Why did he leave?", "why"),
        ("For what reason did they sign?", "why"),
        ("Qui a signé l'accord ?", "who"),
        ("Avec qui le Niger a-t-il signé ?", "who"),
        ("Quel ministre a parlé ?", "who"),
        ("Who signed the deal?", "who"),
        ("By whom was it signed?", "who"),
        ("Whose army is it?", "who"),
        ("Qui est le ministre de la Défense du Niger ?", "person"),
        ("Comment s'appelle le porte-parole ?", "person"),
        ("Quel est le nom du colonel ?", "person"),
        ("Who is the minister of defence?", "person"),
        ("What is the name of the colonel?", "person"),
        ("Quels pays forment l'alliance ?", "list"),
        ("Quels sont les domaines de la coopération ?", "list"),
        ("Citez les pays membres.", "list"),
        ("Which countries are members?", "list"),
        ("What are the areas of cooperation?", "list"),
        ("Que prévoit l'accord ?", "what"),
        ("Quel est l'objet de l'accord ?", "what"),
        ("What does the agreement cover?", "what"),
        ("Parle-moi de l'accord.", "what"),
        ("coopération militaire", "what"),
        ("", "what"),
    ],
)
def test_kind_of(question: str, kind: str) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    "rewrite",
    [
        str.upper,
        str.lower,
        lambda text: text.replace("'", "’"),
        lambda text: text.replace(" ?", ""),
        lambda text: text.replace("é", "e").replace("û", "u").replace("ù", "u"),
    ],
    ids=["capitals", "lower_case", "typographic_apostrophe", "no_mark", "no_accents"],
)
@pytest.mark.parametrize(
    ("question", "kind"),
    [("Quand l'accord a-t-il été signé ?", "when"), ("Où est né le général ?", "where"), ("Qui a signé l'accord ?", "who")],
)
def test_the_kind_does_not_depend_on_how_it_is_typed(question: str, kind: str, rewrite: object) -> None:
    assert callable(rewrite)
    assert kind_of(rewrite(question)) == kind


def test_the_notions_are_the_words_that_say_the_subject() -> None:
    asked = read("Quand l'accord de pêche a-t-il été signé avec le Togo ?")
    assert [concept.word for concept in asked.concepts] == ["accord", "pêche", "signé", "togo"]
    assert [concept.name for concept in asked.concepts] == [False, False, False, True]
    assert all(concept.weight > 0 for concept in asked.concepts)
    assert all(concept.stems[stems([concept.word], "fr")[0]] == 1.0 for concept in asked.concepts)


def test_a_french_question_stands_for_english_words_where_there_are_english_articles() -> None:
    held = {"told", "mayor"}
    both = understand("Qui est le maire ?", lambda stem: stem in held, 100)
    french = understand("Qui est le maire ?", lambda stem: stem == "mayor", 100)
    assert [("mayor" in concept.stems) for question in (both, french) for concept in question.concepts] == [True, False]


def test_a_length_is_told_by_other_words() -> None:
    (concept,) = understand("Quelle est la longueur ?", lambda stem: 1, 100).concepts
    assert {"longueu", "long"} <= concept.stems.keys()


def test_an_english_question_stands_for_french_words() -> None:
    asked = read("Who signed the agreement?")
    assert asked.language == "en"
    (accord,) = stems(["accord"], "fr")
    assert any(accord in concept.stems for concept in asked.concepts)
    assert accord in asked.lexical


@pytest.mark.parametrize("text", ["", "   ", "?", "!!!", "😀", "\x00", "\ud800", "le la les", "Quand ?", "Who?", "« »"])
def test_nothing_to_look_for(text: str) -> None:
    assert read(text).empty


def test_a_pasted_text_is_read_up_to_a_limit() -> None:
    asked = read("Qui a signé " + "x" * 10_000)
    assert len(asked.text) == LONGEST
    assert asked.kind == "who"


FIRST = "Qui a signé l'accord avec la Hongrie ?"


@pytest.mark.parametrize("text", ["Quand ?", "Où ?", "Pourquoi ?", "Et combien ?", "Mais pourquoi ?"])
def test_a_follow_up_carries_the_question_before_it(text: str) -> None:
    asked = read(text, FIRST)
    assert [concept.word for concept in asked.concepts] == ["signé", "accord", "hongrie"]
    assert asked.understood == asked.text


def test_a_name_takes_the_place_of_another() -> None:
    asked = read("Et avec la Russie ?", FIRST)
    assert [concept.word for concept in asked.concepts] == ["signé", "accord", "russie"]
    assert asked.understood == "Qui a signé l'accord avec la Russie ?"


def test_what_is_carried_along_weighs_less() -> None:
    asked, alone = read("Qui l'a préparé ?", FIRST), read("Qui a préparé l'accord ?")
    weights = {concept.word: concept.weight for concept in asked.concepts}
    assert weights["accord"] < next(concept.weight for concept in alone.concepts if concept.word == "accord")
    assert weights["prepare" if "prepare" in weights else "préparé"] == alone.concepts[0].weight


def test_a_misspelt_word_stands_for_the_one_of_the_collection() -> None:
    def frequency(stem: str) -> int:
        return 3 * (stem == "zorglou")

    asked = understand("Où est Zorgloub ?", frequency, 10, (), lambda stem: "zorglou")
    assert asked.concepts[0].stems["zorglou"] == 1.0
    other = understand("Où est Zorblub ?", frequency, 10, (), lambda stem: "zorglou")
    assert (other.concepts[0].stems["zorglou"], other.concepts[0].missing) == (0.9, False)
    # A word that the language knows is not misspelt: it is missing.
    known = understand("Où est le président ?", frequency, 10, (), lambda stem: "zorglou")
    assert known.concepts[0].missing


def test_a_question_that_stands_alone_carries_nothing() -> None:
    asked = read("Où se trouve le port de Cotonou ?", FIRST)
    assert asked.text == "Où se trouve le port de Cotonou ?"
    assert asked.understood is None


def test_a_follow_up_of_a_follow_up_still_knows_the_subject() -> None:
    assert "hongrie" in [concept.word for concept in read("Où ?", FIRST, "Quand ?").concepts]


@pytest.mark.parametrize(
    ("before", "text", "kind"),
    [
        (FIRST, "Quand ?", "when"),
        (FIRST, "Où ?", "where"),
        (FIRST, "Et pourquoi ?", "why"),
        ("Quand l'accord a-t-il été signé ?", "Et par qui ?", "who"),
        ("Pourquoi l'accord a-t-il été signé ?", "Quand ?", "when"),
        ("Combien de soldats sont arrivés ?", "Où ?", "where"),
    ],
)
def test_a_follow_up_asks_for_its_own_kind(before: str, text: str, kind: str) -> None:
    assert read(text, before).kind == kind


def test_a_follow_up_without_a_kind_keeps_that_of_the_question_before() -> None:
    assert read("Et avec le Togo ?", "Quand l'accord avec le Bénin a-t-il été signé ?").kind == "when"


@given(odd_question, st.lists(odd_question, max_size=3))
def test_any_text_can_be_asked(text: str, history: list[str]) -> None:
    asked = read(text, *history)
    assert asked.language in ("fr", "en")
    assert asked.empty == (not asked.concepts)
    assert all(weight > 0 for weight in asked.lexical.values())
    assert "\x00" not in asked.text
