import re
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Page, expect

from index.article import Article
from index.errors import DamagedIndex
from qa.answer import Answer, Citation
from qa.assistant import Overview
from qa.trace import Trace
from tests.browser.conftest import ask
from ui.desk import Answering

Visit = Callable[..., Page]
Play = Callable[[Answering], str]
QUOTE = "Le pont de Malanville a rouvert lundi aux camions après deux mois de fermeture."
SHEEP = "Le vétérinaire Habou Zakari a vacciné quarante mille moutons à Tahoua."


def test_an_answer_its_marker_and_its_source(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, "Quand le pont de Malanville a-t-il rouvert ?")
    expect(page.locator("#turn-1 .question")).to_have_text("Quand le pont de Malanville a-t-il rouvert ?")
    expect(page.locator("#turn-1 .quote").first).to_contain_text(QUOTE)
    expect(page.locator("#question textarea")).to_have_value("")
    card = page.locator("#panel-1-1")
    expect(card).not_to_have_class(re.compile("chosen"))
    page.locator("#turn-1 .marker").first.click()
    expect(card).to_have_class(re.compile("chosen"))
    expect(card).to_be_in_viewport()
    expect(card.locator("mark")).to_have_text(QUOTE)
    expect(card.locator("blockquote")).to_contain_text("La douane prévoit une file de trois jours.")
    expect(card.locator("h3")).to_contain_text("Le pont de Malanville rouvre aux camions")
    expect(card.locator(".about")).to_contain_text("Le Courrier du fleuve · 4 mars 2024 · il y a ")
    original = card.get_by_role("link", name="original").get_attribute("href")
    assert original is not None
    assert original.startswith("https://exemple.fr/pont?page=1#:~:text=Le%20pont%20de%20Malanville")
    assert page.url.rstrip("/") == written, "a marker does not leave the page"


def test_the_reading_page_shows_the_quote(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, "Qui a vacciné quarante mille moutons à Tahoua ?")
    with page.context.expect_page() as opened:
        page.locator("#panel-1-1").get_by_role("link", name="lire dans l’article").click()
    reading = opened.value
    mark = reading.locator("mark#quote")
    expect(mark).to_have_text(SHEEP)
    expect(mark).to_be_in_viewport()
    assert reading.evaluate("scrollY") > 500, "the quote stands far down a long article"
    # The address that `griot ask` prints has no "#quote".
    reading.goto(reading.url.partition("#")[0])
    expect(reading.locator("mark#quote")).to_be_in_viewport()


def test_a_refusal_shows_the_nearest_passages(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, "Quel est le prix d’un kilogramme de tungstène à Reykjavik ?")
    expect(page.locator("#turn-1 .refusal")).to_contain_text("tungstène")
    expect(page.locator("#turn-1 .marker")).to_have_count(0)
    expect(page.locator("#turn-1 .nearest h3")).to_have_text("Au plus proche")
    with page.context.expect_page() as opened:
        page.locator("#turn-1 .nearest a").first.click()
    expect(opened.value.locator("mark#quote")).to_be_in_viewport()


def test_an_earlier_answer_gets_its_sources_back(visit: Visit, written: str) -> None:
    page = visit(written)
    ask(page, "Quand le pont de Malanville a-t-il rouvert ?")
    ask(page, "Qui a vacciné quarante mille moutons à Tahoua ?", 2)
    expect(page.locator("#panel-1-1")).to_be_hidden()
    expect(page.locator("#panel-2-1 mark")).to_have_text(SHEEP)
    page.locator("#turn-1 .marker").first.click()
    expect(page.locator("#panel-1-1 mark")).to_have_text(QUOTE)
    expect(page.locator("#panel-2-1")).to_be_hidden()
    page.locator("#turn-2 .question").click()
    expect(page.locator("#panel-2-1")).to_be_visible()
    page.locator("#rail [data-do=new]").click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#panel .card")).to_have_count(0)


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        pytest.param("fr-FR", "fr", id="french"),
        pytest.param("en-GB", "en", id="english"),
        pytest.param("de-DE", "fr", id="french_by_default"),
    ],
)
def test_the_page_speaks_the_language_of_the_browser(visit: Visit, seeds: str, locale: str, language: str) -> None:
    heading, placeholder, send, collection = {
        "fr": ("Que voulez-vous savoir\u202f?", "Posez une question…", "Envoyer", "juillet 2023 – "),
        "en": ("What would you like to know?", "Ask a question…", "Send", "July 2023 – "),
    }[language]
    page = visit(seeds, locale)
    expect(page.locator(".welcome h2")).to_have_text(heading)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page).to_have_title("Griot")
    expect(page.locator("#question textarea")).to_have_attribute("placeholder", placeholder)
    expect(page.locator("#send")).to_have_text(send)
    expect(page.locator("#holdings")).to_contain_text("5 articles")
    expect(page.locator("#holdings")).to_contain_text(collection)
    expect(page.locator("footer")).to_have_count(0)


def test_an_english_question_over_french_articles(visit: Visit, seeds: str) -> None:
    page = visit(seeds, "en-US")
    ask(page, "Who led the Russian delegation in Niamey?")
    expect(page.locator("#turn-1 .note").last).to_have_text("Source in French, quoted as published.")
    expect(page.locator("#panel-1-1").get_by_role("link", name="read in the article")).to_be_visible()


def test_an_example_is_asked_by_choosing_it(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    example = page.locator(".example").first
    expect(example).to_be_visible()
    question = example.inner_text()
    example.click()
    expect(page.locator("#turn-1 .question")).to_have_text(question.replace("\u202f", " "))
    expect(page.locator("#turn-1 .quote").first).to_be_visible()
    expect(example).to_be_hidden()


@pytest.mark.parametrize("question", ["", "   \n "], ids=["empty", "blank"])
def test_an_empty_question_gets_a_polite_line(visit: Visit, seeds: str, question: str) -> None:
    page = visit(seeds)
    expect(page.locator(".welcome h2")).to_be_visible()
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()
    expect(page.locator("#notice .notice")).to_contain_text("Écrivez d’abord une question")
    expect(page.locator(".turn")).to_have_count(0)


def test_two_windows_never_mix(visit: Visit, written: str) -> None:
    one, other = visit(written), visit(written, "en-US")
    ask(one, "Quand le pont de Malanville a-t-il rouvert ?")
    ask(other, "Qui a vacciné quarante mille moutons à Tahoua ?")
    for page in (one, other):
        expect(page.locator(".turn")).to_have_count(1)
    expect(one.locator("#panel-1-1 mark")).to_have_text(QUOTE)
    expect(other.locator("#panel-1-1 mark")).to_have_text(SHEEP)


def test_on_a_phone_the_sources_unfold_under_the_answer(visit: Visit, written: str) -> None:
    page = visit(written, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    ask(page, "Quand le pont de Malanville a-t-il rouvert ?")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#fold-1-1")).to_be_hidden()
    page.locator("#turn-1 .marker").first.tap()
    expect(page.locator("#fold-1-1 mark")).to_have_text(QUOTE)
    expect(page.locator("#fold-1-1")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "nothing wider than the screen"


class Broken:
    """An assistant whose index cannot be read, and that remembers what it was asked."""

    def __init__(self) -> None:
        self.history: list[list[str]] = []

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer:
        self.history.append(list(history))
        if "index" in question:
            raise DamagedIndex("articles.sqlite <is> damaged; run griot index --full")
        if "bug" in question:
            raise ZeroDivisionError("a secret of the machine")
        return Answer(question=question, language="fr", text="Rien là-dessus.", answered=False)

    def article(self, article_id: str) -> Article | None:
        raise DamagedIndex("articles.sqlite <is> damaged; run griot index --full")

    def trace(self, citation: Citation) -> Trace:
        return Trace(held=False)

    def overview(self) -> Overview:
        return Overview(articles=1, passages=1, earliest=None, latest=None, sources=())

    def examples(self, language: str, count: int = 4) -> list[str]:
        return []

    def followups(self, answer: Answer, asked: Sequence[str] = (), count: int = 3) -> list[str]:
        return []

    def busy(self) -> bool:
        return False


def test_failures_are_said_in_the_conversation(visit: Visit, play: Play) -> None:
    broken = Broken()
    page = visit(play(broken))
    ask(page, "Et l’index ?")
    expect(page.locator("#turn-1 .notice")).to_contain_text("L’index des articles est abîmé.")
    expect(page.locator("#turn-1 .detail")).to_have_text("articles.sqlite <is> damaged; run griot index --full")
    ask(page, "Et ce bug ?", 2)
    expect(page.locator("#turn-2 .notice")).to_contain_text("Une erreur imprévue a empêché de répondre.")
    expect(page.locator("body")).not_to_contain_text("secret")
    ask(page, "Et puis ?", 3)
    ask(page, "Et encore ?", 4)
    assert broken.history == [[], [], [], ["Et puis ?"]], "questions that failed are not part of the conversation"
