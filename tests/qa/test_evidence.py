"""The sentences of an article, weighed against a question: what must hold of the weights, not their values."""

from hypothesis import given

from index.article import Article
from qa.evidence import Evidence, sentences_of, weigh
from qa.question import understand
from tests.strategies import any_text, odd_question

TEXT = "Le Bénin a signé un accord de pêche avec le Togo le 14 janvier 2025. Le port de Cotonou accueille des pêcheurs. Il fait chaud ici."


def article(text: str = TEXT, title: str | None = None) -> Article:
    return Article(id="a", text=text, path="a.txt", digest="", title=title, language="fr")


def weighed(question: str, item: Article) -> list[Evidence]:
    return weigh(understand(question, lambda term: 0, 10), sentences_of(item), 1.0)


def test_sentences_are_exact() -> None:
    assert [sentence.text for sentence in sentences_of(article())] == [
        "Le Bénin a signé un accord de pêche avec le Togo le 14 janvier 2025.",
        "Le port de Cotonou accueille des pêcheurs.",
        "Il fait chaud ici.",
    ]
    assert all(TEXT[sentence.start : sentence.end] == sentence.text for sentence in sentences_of(article()))


def test_a_sentence_that_holds_everything_is_fully_supported() -> None:
    first, second, third = weighed("Quand le Bénin a-t-il signé un accord de pêche avec le Togo ?", article())
    assert (first.support, first.covered, first.signed, first.absent) == (1.0, 1.0, True, ())
    assert first.support > second.support > third.support
    assert first.covered > second.covered >= third.covered == 0.0
    assert not second.signed


def test_what_stands_around_a_sentence_supports_it_without_being_in_it() -> None:
    _, beside, _ = weighed("Où le Togo a-t-il signé ?", article())
    assert beside.covered == 0.0
    assert 0 < beside.support < 1


def test_the_title_supports_every_sentence() -> None:
    question = "Que dit le gouverneur de Zinder ?"
    without = weighed(question, article())
    with_title = weighed(question, article(title="Le gouverneur de Zinder parle"))
    assert all(one.support < other.support for one, other in zip(without, with_title, strict=True))
    assert all(one.covered == other.covered for one, other in zip(without, with_title, strict=True))


def test_what_the_article_holds_nowhere_is_absent() -> None:
    found = weighed("Quand le Sénégal a-t-il signé un accord de pêche ?", article())
    assert all([concept.word for concept in item.absent] == ["sénégal"] for item in found)


def test_an_article_without_a_sentence() -> None:
    assert weighed("Quand ?", article("")) == []


@given(any_text, odd_question)
def test_weights_are_shares(text: str, question: str) -> None:
    for item in weighed(question, article(text)):
        assert 0 <= item.covered <= item.support <= 1.0 + 1e-9
        assert item.sentence.text.strip()
