"""The sentences that answer, in order, and how far they are to be believed: what must hold, not the values of fitted models."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.embed import open_model
from qa import Assistant
from qa.decide import LOOSE, MOST_QUOTES, SURE, UNFIT, Chosen, Judged, choose, fitting_first, judge, quotes
from qa.features import NAMES, PASSAGES
from qa.reader import FINALISTS, Reading
from qa.respond import answer_fact
from qa.sentences import sentences_in
from qa.support import NAMES as SEEN
from qa.support import chance, features, probability, threshold
from tests.qa.conftest import write_articles

LONG = "\n\n".join(
    f"Le village numéro {number} a inauguré un marché couvert en mars {1990 + number}. Il accueille {100 + number} marchands. "
    f"« Nous l'attendions depuis {number} ans », a déclaré le maire du village numéro {number}."
    for number in range(2, 30)
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("library")
    docs = write_articles(folder / "docs")
    (docs / "villages.txt").write_text(f"Title: Les marchés couverts\nDate: 2021-05-02\n\n{LONG}")
    return Assistant.from_paths([docs], home=folder / "home", embedder=open_model())


def first(reading: Reading) -> str:
    return reading.evidence[0].sentence.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Quand l'accord de pêche a-t-il été signé ?", "le 14 janvier 2025 à Cotonou"),
        ("Combien de pêcheurs le port de Cotonou accueille-t-il ?", "1 200 pêcheurs"),
        ("Qui est le ministre de la Pêche ?", "Koffi Mensah"),
        ("Qui a demandé une aide d'urgence ?", "Issoufou Labo"),
        ("Quand le village numéro 17 a-t-il inauguré son marché ?", "en mars 2007"),
    ],
)
def test_the_sentence_that_answers_comes_first(library: Assistant, question: str, words: str) -> None:
    assert words in first(library.reading(question))


def test_a_reading_is_bounded_and_aligned(library: Assistant) -> None:
    reading = library.reading("Combien de marchands le marché accueille-t-il ?")
    assert len(reading.hits) == PASSAGES == len(reading.held)
    assert 0 < len(reading.evidence) <= FINALISTS
    assert all(item.features.shape == (len(NAMES),) for item in reading.evidence)
    assert [item.score for item in reading.evidence] == sorted((item.score for item in reading.evidence), reverse=True)
    for item in reading.evidence:
        article = item.sentence.article
        assert article.text[item.sentence.start : item.sentence.end] == item.sentence.text
        if item.span:
            assert 0 <= item.span.start < item.span.end <= len(item.sentence.text)


def test_nothing_is_read_for_nothing(library: Assistant) -> None:
    reading = library.reading("?")
    assert (reading.evidence, reading.hits) == ((), ())
    assert (judge(reading).confidence, judge(reading).answers) == (0.0, False)


def test_a_sentence_without_what_is_asked_for_is_not_firm(library: Assistant) -> None:
    reading = library.reading("Quand l'accord de pêche a-t-il été signé ?")
    assert reading.evidence[0].firm
    undated = [item for item in reading.evidence if not item.signed]
    assert undated
    assert not any(item.firm for item in undated)


def test_another_year_is_not_firm(library: Assistant) -> None:
    reading = library.reading("Que s'est dit du marché couvert du village numéro 17 en 1850 ?")
    assert not any(item.firm for item in reading.evidence if "1850" not in item.sentence.text)


def test_a_name_that_the_article_lacks_does_not_fit(library: Assistant) -> None:
    reading = library.reading("Quand le parlement du Sénégal a-t-il voté la loi sur l'eau ?")
    assert [concept.word for concept in reading.evidence[0].absent if concept.name] == ["sénégal"]
    assert not any(item.fits for item in reading.evidence)
    judged = judge(reading)
    assert judged.confidence <= UNFIT[1] * probability(fitting_first(reading))
    assert not judged.answers


def test_what_fits_and_is_firm_goes_first(library: Assistant) -> None:
    reading = fitting_first(library.reading("Quand le parlement du Kenya a-t-il voté la loi sur l'eau ?"))
    flags = [(item.fits, item.firm) for item in reading.evidence]
    assert flags == sorted(flags, reverse=True)
    assert all(loose < sure for loose, sure in zip(LOOSE, SURE, strict=True))


def test_quotes_are_few_and_distinct(library: Assistant) -> None:
    chosen = choose(judge(library.reading("Que disent les maires des villages ?")).evidence)
    assert 1 <= chosen.shown <= len(chosen.quotes) <= MOST_QUOTES
    assert len({(quote.article.id, quote.start) for quote in chosen.quotes}) == len(chosen.quotes)


def test_no_sentence_no_quote() -> None:
    assert choose([]) == Chosen(quotes=(), shown=0)


def test_quotes_beyond_120_words_are_only_for_who_wants_more(tmp_path: Path) -> None:
    # Of 62 words each: the two first are 124, so that only one is told before "more".
    counted = " ".join(f"mot{number}" for number in range(54))
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(
            f"La ville numéro {number} a ouvert son musée {counted.replace('mot', 'abc'[number])}.\n", "utf-8"
        )
    long = Assistant.from_paths([tmp_path], home=tmp_path / "home")
    reading = long.reading("Quelle ville a ouvert son musée ?")
    chosen = choose(reading.evidence)
    assert [quote.words for quote in chosen.quotes] == [62, 62, 62]
    assert chosen.shown == 1
    judged = Judged(question=reading.question, evidence=reading.evidence, confidence=1.0)
    answer = answer_fact(reading.question.text, judged, (), date(2025, 1, 1))
    assert (len(answer.citations), answer.further) == (3, 2)
    assert answer.text.split("\n\n")[-3] == "Voir aussi :"


def test_a_date_is_told_once_and_what_lacks_one_is_for_who_wants_more(library: Assistant) -> None:
    answer = library.ask("Quand l'accord de pêche a-t-il été signé ?")
    assert [fact.text for fact in answer.facts] == ["14 janvier 2025"]
    assert len(answer.citations) - answer.further == 1
    assert "14 janvier 2025" in answer.citations[0].quote


def test_neighbours_are_one_quote_and_none_is_quoted_twice(library: Assistant) -> None:
    evidence = {
        item.sentence.text[:20]: item for item in library.reading("Quel accord de pêche le Bénin et le Togo ont-ils signé ?").evidence
    }
    signed, praised = evidence["Le gouvernement du B"], evidence["Le ministre de la Pê"]
    (quote,) = quotes([signed, praised, signed])
    assert quote.evidence is signed
    assert (quote.start, quote.end) == (signed.sentence.start, praised.sentence.end)


def test_a_sentence_that_leans_is_led_by_the_one_before(library: Assistant) -> None:
    article = library.article(library.search("loi sur l'eau")[0].article_id)
    assert article is not None
    _, leaning = sentences_in(article, library.generation().sentences(article.id, 0, len(article.text)), 0, len(article.text))
    assert leaning.text.startswith("Elle donne 40 milliards")
    assert leaning.lead == 0


def test_what_the_trees_see(library: Assistant) -> None:
    row = features(library.reading("Quand l'accord de pêche a-t-il été signé ?"))
    assert row.shape == (len(SEEN),)
    assert np.isfinite(row).all()
    assert 0 < chance(row) < 1
    assert 0 < threshold() < 1


def test_the_off_topic_is_refused(library: Assistant) -> None:
    for question in ("How does photosynthesis work?", "Quel est le prix du bitcoin ?", "Comment faire cuire des pâtes ?"):
        assert not judge(library.reading(question)).answers


def test_reading_keeps_no_file_open(library: Assistant, tmp_path: Path) -> None:
    again = Assistant(library.home, library.embedder, today=lambda: date(2025, 6, 1))
    assert first(again.reading("Qui est le ministre de la Pêche ?")) == first(library.reading("Qui est le ministre de la Pêche ?"))
