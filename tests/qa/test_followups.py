from collections.abc import Sequence
from dataclasses import replace

from index.article import Article
from qa.answer import Answer, cite
from qa.followups import TRIES, follow_ups

TEXT = (
    "Le préfet Issa Dangaladima a inauguré le marché. Habou Zakariaou a salué la nouvelle halle. "
    "Le Burkina Faso soutient le chantier municipal, a dit le Burkina Faso. Mahaman Laouali attend la route nationale."
)
ARTICLE = Article(id="a", text=TEXT, path="a.txt", digest="", language="fr")


def answer(question: str = "Qui a inauguré le marché ?", answered: bool = True, article: Article = ARTICLE) -> Answer:
    cited = (cite(1, article, 0, 48),) if answered else ()
    return Answer(question=question, language="fr", text="", answered=answered, citations=cited)


def offered(asked: Sequence[str] = (), refuses: str = "nothing", count: int = 3) -> tuple[list[str], list[str]]:
    """The questions offered, and those tried."""
    tried: list[str] = []

    def replies(question: str) -> Answer:
        tried.append(question)
        return answer(question, refuses not in question)

    return follow_ups(answer(), [ARTICLE], asked, replies, count), tried


def test_names_and_subjects_nearest_to_the_quote_in_turn() -> None:
    assert offered() == ([
        "Qui est Issa Dangaladima ?", "Que disent les articles sur la nouvelle halle ?", "Qui est Habou Zakariaou ?",
    ], [
        "Qui est Issa Dangaladima ?", "Que disent les articles sur la nouvelle halle ?", "Qui est Habou Zakariaou ?",
    ])  # fmt: skip


def test_only_what_is_answered_is_offered() -> None:
    found, tried = offered(refuses="halle")
    assert "Que disent les articles sur la nouvelle halle ?" in tried
    assert "Que disent les articles sur la nouvelle halle ?" not in found
    assert offered(refuses="")[0] == []
    assert len(offered(refuses="", count=1)[1]) == TRIES


def test_never_what_was_asked_already() -> None:
    found, _ = offered(asked=["Qui est Issa Dangaladima ?", "Et la nouvelle halle ?"])
    assert found
    assert not any("Dangaladima" in question or "halle" in question for question in found)


def test_with_little_to_offer_more_of_what_was_asked() -> None:
    bare = Article(id="a", text="il pleut", path="a.txt", digest="", language="fr")
    asked = Answer(question="Quand le barrage de Kandadji, le chef du Niger et la Hongrie ?", language="fr", text="", answered=True)
    asked = replace(asked, citations=(cite(1, bare, 0, 8),))
    found = follow_ups(asked, [bare], (), lambda question: answer(question, article=bare), 3)
    assert found == [f"Que disent les articles sur {name} ?" for name in ("Kandadji", "le Niger", "la Hongrie")]


def test_a_country_is_no_person() -> None:
    assert not any("Burkina" in question for question in offered(count=9)[1])


def test_an_answer_from_elsewhere_does_not_count() -> None:
    other = Article(id="b", text=TEXT, path="b.txt", digest="", language="fr")
    assert follow_ups(answer(), [ARTICLE], (), lambda question: answer(question, article=other), 3) == []
