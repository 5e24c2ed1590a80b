"""The sentences of a passage, and what each leans on."""

import pytest

from index.article import Article
from index.sentences import sentence_spans
from qa.sentences import Sentence, sentences_in


def article(text: str) -> Article:
    return Article(id="a", text=text, path="a.txt", digest="", language="fr")


def split(item: Article, start: int = 0) -> tuple[Sentence, ...]:
    return sentences_in(item, tuple(sentence_spans(item.text, item.language)), start, len(item.text))


def test_sentences_are_exact_and_know_their_words() -> None:
    item = article("Le Bénin a signé un accord. L'A.E.S. compte 2 600 hommes.\nIl fait chaud.")
    found = split(item)
    assert [sentence.text for sentence in found] == ["Le Bénin a signé un accord.", "L'A.E.S. compte 2 600 hommes.", "Il fait chaud."]
    assert [sentence.text[start:end] for sentence in found[1:2] for stem, start, end in sentence.words if stem] == [
        "A.E.S.",
        "compte",
        "2 600",
        "hommes",
    ]
    assert found[0].plain == " le benin a signe un accord "
    assert found[0].stems <= found[1].beside


def test_a_passage_sees_the_sentences_before_it_in_its_paragraph() -> None:
    item = article("Un autre paragraphe.\nLe préfet est venu. Il a parlé aux familles.")
    (leaning,) = split(item, item.text.index("Il a"))
    assert leaning.lead == item.text.index("Le préfet")


@pytest.mark.parametrize(
    ("before", "sentence", "leans"),
    [
        ("Le préfet est venu.", "Il a parlé aux familles.", True),
        ("Le préfet est venu.", "Dans la soirée, il a parlé aux familles.", True),
        ("Le préfet est venu.", "Cette visite était attendue depuis longtemps.", True),
        ("Le préfet est venu.", "Son discours a été applaudi.", True),
        ("Le préfet a pris la parole.", "« Nous reconstruirons les ponts avant la fin de l'année. »", True),
        ("Le préfet est venu.", "« Nous reconstruirons les ponts », a déclaré le maire.", False),
        ("Le préfet est venu.", '"Nous reconstruirons les ponts", a-t-il dit.', True),
        ("Le préfet est venu.", "« Nous reconstruirons », explique-t-il.", True),
        ("The mayor came.", '"We will build again," she said.', True),
        ("Le préfet est venu.", "Il s'agit de trois ponts.", False),
        ("Le préfet est venu.", "Le maire a parlé aux familles.", False),
        ("Le préfet est venu.\n", "Il a parlé aux familles.", False),
    ],
)
def test_what_a_sentence_leans_on(before: str, sentence: str, leans: bool) -> None:
    text = f"{before} {sentence}"
    found = split(article(text))
    assert found[-1].text == sentence
    assert found[-1].lead == (0 if leans else None)
