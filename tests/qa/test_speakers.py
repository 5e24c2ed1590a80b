"""Who says the words of a quote that does not name them."""

import pytest

from index.article import Article
from qa.speakers import speaker

TOLD = "Le maire a reçu la presse. Selon le directeur du port, les travaux avancent bien. "


def said_by(before: str, quote: str, language: str = "fr") -> str | None:
    article = Article(id="a", text=before + quote, path="a.txt", digest="", language=language)
    return speaker(article, len(before), len(before) + len(quote))


@pytest.mark.parametrize(
    ("before", "quote", "expected"),
    [
        pytest.param(TOLD, "« Les deux grues seront là en mars prochain. »", "le directeur du port", id="bare_quotation"),
        pytest.param(TOLD, "Les grues seront là en mars, a-t-il ajouté.", "le directeur du port", id="pronoun_after"),
        pytest.param(TOLD, "Il a précisé que les grues seront là en mars.", "le directeur du port", id="pronoun_before"),
        pytest.param(TOLD, "Elle a précisé que les grues seront là.", None, id="someone_of_the_other_gender"),
        pytest.param(TOLD, "Pour le maire du Plateau, il a affirmé que les grues seront là.", None, id="someone_else_in_the_quote"),
        pytest.param(TOLD, "Les grues viennent de Gdansk.", None, id="no_speech"),
        pytest.param(TOLD, "« Les deux grues seront là », a déclaré M. Koné.", None, id="named_in_the_quote"),
        pytest.param(TOLD, "Le projet dit « Grand Large » avance.", None, id="a_name_in_quotation_marks"),
        pytest.param("« C'est un bon accord », a souligné M. Koné. ", "« Nous irons plus loin que cela. »", "M. Koné", id="honorific"),
        pytest.param(
            "Aminata Traoré, présidente du conseil, a déclaré que tout est prêt. Le quai est long. ",
            "« Nous irons plus loin que cela. »", "Aminata Traoré, présidente du conseil", id="name_and_office_before_the_verb",
        ),
        pytest.param("Le quai est long. ", "« Nous irons plus loin que cela. »", None, id="nobody_spoke_before"),
        pytest.param("« C'est fait », a déclaré à l'agence le patron. ", "« Nous irons plus loin que cela. »", None, id="told_to_someone"),
        pytest.param("Il a dénoncé les feux, hier. ", "« Nous irons plus loin que cela. »", None, id="what_was_denounced_is_no_one"),
        pytest.param("« C'est fait », estime le maire. ", "« Nous irons plus loin que cela. »", "le maire", id="present_after"),
        pytest.param("Le maire estime que tout est prêt. ", "« Nous irons plus loin. Bien plus loin. »", "Le maire", id="present_before"),
        pytest.param(TOLD + '""Bon"", dit-on. ', '"Les deux grues seront là en mars."', None, id="doubled_marks_open_and_close_nothing"),
        pytest.param("Il a déclaré que tout est prêt. ", "« Nous irons plus loin que cela. »", None, id="a_pronoun_names_nobody"),
    ],
)  # fmt: skip
def test_speaker(before: str, quote: str, expected: str | None) -> None:
    assert said_by(before, quote) == expected


@pytest.mark.parametrize(
    ("before", "quote", "expected"),
    [
        pytest.param("The pier is long, according to Mary Adeyemi. ", "“Two more will follow next year.”", "Mary Adeyemi", id="according"),
        pytest.param("“It is done,” said John Mensah. ", "Two more will follow, he added.", "John Mensah", id="said"),
        pytest.param("Mrs Adeyemi said that it was done. ", "Two more will follow, he added.", None, id="other_gender"),
    ],
)
def test_speaker_in_english(before: str, quote: str, expected: str | None) -> None:
    assert said_by(before, quote, "en") == expected


def test_speaker_is_always_in_the_words_of_the_article() -> None:
    text = "X" * 5_000 + " Selon le maire, tout va. " + "Le quai est long. " * 20 + "« Nous irons plus loin que cela. »"
    article = Article(id="a", text=text, path="a.txt", digest="", language="fr")
    assert speaker(article, text.index("« Nous"), len(text)) == "le maire"


def test_speech_that_is_never_closed_takes_no_time() -> None:
    """With a pattern that tries every way to part the words, this would take hours."""
    assert said_by(TOLD, "« " + "Les deux grues seront là en mars prochain " * 500) is None
