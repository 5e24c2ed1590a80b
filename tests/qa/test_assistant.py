"""The public door: every answer is quoted from an article, to the character."""

import asyncio
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.build import publish_articles
from index.errors import MissingIndex, QuestionError, StaleIndex
from index.store import Home
from qa import Answer, Assistant, Overview
from tests.fakes import HashEmbedder
from tests.strategies import any_text, odd_question, prose


def check(assistant: Assistant, answer: Answer) -> None:
    """What must hold of every answer."""
    for citation in answer.citations:
        article = assistant.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote
        assert citation.quote.strip()
        assert citation.quote == citation.quote.strip()
        assert assistant.verify(citation)
        assert (citation.title, citation.path, citation.published) == (article.title, article.path, article.published)
    for hit in answer.passages:
        article = assistant.article(hit.article_id)
        assert article is not None
        assert article.text[hit.start : hit.end] == hit.text
    assert answer.answered == bool(answer.citations)
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    if answer.answered:
        paragraphs = answer.text.split("\n\n")
        shown = len(answer.citations) - answer.further
        more = [{"fr": "Voir aussi :", "en": "See also:"}[answer.language]] if answer.further else []
        assert shown >= 1
        assert paragraphs[shown : len(paragraphs) - answer.further] == [*answer.notes, *more]
        quotes = [*paragraphs[:shown], *paragraphs[len(paragraphs) - answer.further :]]
        for paragraph, citation in zip(quotes, answer.citations, strict=True):
            assert paragraph.endswith(f" [{citation.number}]")
            assert " ".join(citation.quote.split()) in paragraph
        assert answer.missing == ()
    for fact in answer.facts:
        citation = answer.citations[fact.number - 1]
        article = assistant.article(citation.article_id)
        assert article is not None
        assert article.text[fact.start : fact.end] == fact.text
        assert citation.start <= fact.start < fact.end <= citation.end
    assert answer.seconds >= 0


QUESTIONS = [
    ("Quand l'accord de pêche a-t-il été signé ?", "le 14 janvier 2025"),
    ("Où le Bénin et le Togo ont-ils signé l'accord de pêche ?", "à Cotonou"),
    ("Combien de pêcheurs le port de Cotonou accueille-t-il ?", "1 200 pêcheurs"),
    ("Qui est le ministre de la Pêche ?", "Koffi Mensah"),
    ("Qui a demandé une aide d'urgence ?", "Issoufou Labo"),
    ("Quand le parlement du Kenya a-t-il voté la loi sur l'eau ?", "3 mars 2024"),
    ("Combien de ponts les pluies ont-elles détruits dans la région de Zinder ?", "trois ponts"),
    ("When did Kenya's parliament vote the water law?", "3 mars 2024"),
]


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_a_question_that_the_articles_answer(shared: Assistant, question: str, gold: str) -> None:
    answer = shared.ask(question)
    check(shared, answer)
    assert answer.answered
    assert gold in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Qui a gagné la finale de tennis de Wimbledon ?", "wimbledon"),
        ("Quand la Mongolie a-t-elle lancé un satellite ?", "mongolie"),
        ("How many penguins live in Antarctica?", "antarctica"),
    ],
)
def test_a_question_that_they_do_not_answer(shared: Assistant, question: str, missing: str) -> None:
    answer = shared.ask(question)
    check(shared, answer)
    assert not answer.answered
    assert missing in answer.missing
    assert missing in answer.text
    assert 1 <= len(answer.passages) <= 3


def test_another_country_is_not_an_answer(shared: Assistant) -> None:
    assert not shared.ask("Quand le parlement du Sénégal a-t-il voté la loi sur l'eau ?").answered


def test_a_question_and_its_answer_know_their_language(shared: Assistant) -> None:
    assert shared.ask("Quand l'accord de pêche a-t-il été signé ?").text.startswith("**14 janvier 2025** — « ")
    english = shared.ask("When did Kenya's parliament vote the water law?")
    assert english.language == "en"
    assert english.text.startswith("**3 mars 2024** — “"), "the fact in the words of the source"
    assert "Source in French, quoted as published." in english.notes


def test_the_link_opens_the_source_or_the_reading_page(shared: Assistant) -> None:
    sourced = shared.ask("Quand l'accord de pêche a-t-il été signé ?").citations[0]
    assert sourced.link.startswith("https://www.exemple.bj/2025/01/14/accord-de-peche#:~:text=")
    assert sourced.source == "Le Matin"
    bare = shared.ask("Qui a demandé une aide d'urgence ?").citations[0]
    assert bare.link == f"/article/{bare.article_id}?start={bare.start}&end={bare.end}"
    assert bare.source is None


def test_a_follow_up_is_answered(shared: Assistant) -> None:
    answer = shared.ask("Où ?", history=["Quand le Bénin a-t-il signé l'accord de pêche ?"])
    check(shared, answer)
    assert answer.question == "Où ?"
    assert answer.answered
    assert "à Cotonou" in answer.citations[0].quote


def test_a_pronoun_stands_for_who_was_named(shared: Assistant) -> None:
    answer = shared.ask("Qu'a-t-il salué ?", history=["Qui est le ministre de la Pêche ?"])
    check(shared, answer)
    assert answer.understood == "Qu'a-t-il salué (ministre, Pêche, Koffi Mensah) ?"
    assert "a salué un texte" in answer.citations[0].quote


ODD = [
    "",
    "   ",
    "?",
    "?!…",
    "😀",
    "👨‍👩‍👧 ?",
    "\x00",
    "Qui\x00 a signé ?",
    "\ud800",
    "Qui \ud800 a signé l'accord ?",
    "<script>alert(1)</script>",
    "a' OR 1=1 --",
    "x" * 10_000,
    "qui " * 2_500,
    "le la les",
    "\n\n\t",
    "%s %d {} {0}",
    "../../etc/passwd",
    "ＱＵＩ ａ ｓｉｇｎé ?",
    "\u202eéngis a iuQ",
    "[1] [2]",
    "1",
    "日本語の質問",
]


@pytest.mark.parametrize("question", ODD, ids=[ascii(question)[:30] for question in ODD])
def test_an_odd_question_gets_a_polite_reply(shared: Assistant, question: str) -> None:
    answer = shared.ask(question)
    check(shared, answer)
    assert answer.question == question
    assert answer.text.strip()
    shared.search(question)


def test_a_question_without_a_word_is_invited_to_ask(shared: Assistant) -> None:
    answer = shared.ask("?!")
    assert (answer.answered, answer.citations, answer.passages, answer.missing) == (False, (), (), ())
    assert answer.text == "Posez une question en quelques mots, par exemple qui, quand, où ou pourquoi."


def test_the_same_question_gets_the_same_answer(shared: Assistant) -> None:
    for question, _ in QUESTIONS:
        assert replace(shared.ask(question), seconds=0.0) == replace(shared.ask(question), seconds=0.0)


def test_asked_asynchronously_it_is_the_same(shared: Assistant) -> None:
    question = QUESTIONS[0][0]
    # In a thread of its own: the browser tests leave an event loop running in the main one.
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(lambda: asyncio.run(shared.aask(question, until="2025"))).result()
    assert replace(answer, seconds=0.0) == replace(shared.ask(question, until="2025"), seconds=0.0)


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        pytest.param({}, {"fishing", "water", "flood"}, id="none"),
        pytest.param({"since": "2024"}, {"fishing", "water"}, id="undated_passes_no_date_filter"),
        pytest.param({"since": "2025"}, {"fishing"}, id="since"),
        pytest.param({"until": "2024-12-31"}, {"water"}, id="until"),
        pytest.param({"since": "2024-03-15", "until": "2024-03-20"}, {"water"}, id="a_month_may_mean_any_day_of_it"),
        pytest.param({"since": "2024-04-01", "until": "2024-12"}, set(), id="between"),
        pytest.param({"since": "2025-01-14", "until": "2025-01-14"}, {"fishing"}, id="that_day"),
        pytest.param({"since": "14/01/2025"}, {"fishing"}, id="day_first"),
        pytest.param({"source": "matin"}, {"fishing"}, id="source"),
        pytest.param({"source": "example"}, {"water"}, id="part_of_the_source"),
        pytest.param({"source": "nobody"}, set(), id="no_such_source"),
        pytest.param({"source": "matin", "until": "2024"}, set(), id="both"),
        pytest.param({"since": "", "until": "", "source": ""}, {"fishing", "water", "flood"}, id="empty_fields_of_a_form"),
    ],
)
def test_filters(shared: Assistant, filters: dict[str, str], paths: set[str]) -> None:
    hits = shared.search("accord loi pont", **filters)  # type: ignore[arg-type]
    assert {Path(hit.path).stem for hit in hits} == paths
    answer = shared.ask("Quand l'accord de pêche a-t-il été signé ?", **filters)
    check(shared, answer)
    assert answer.answered == ("fishing" in paths)


@pytest.mark.parametrize(
    "value", ["hier", "2023-02-31", "2023-13", "31/02/2023", "le chiffre 2023 ici", "23", "-1", "2023-7-", "0000-00-00"]
)
@pytest.mark.parametrize("name", ["since", "until"])
def test_a_filter_that_is_no_date_is_refused(shared: Assistant, name: str, value: str) -> None:
    with pytest.raises(QuestionError, match="is not a date; write it as 2023, 2023-07 or 2023-07-14"):
        shared.ask("Quand l'accord a-t-il été signé ?", **{name: value})


def test_a_period_that_ends_before_it_starts_is_refused(shared: Assistant) -> None:
    with pytest.raises(QuestionError, match=r"ends \(2024\) before it starts \(2025\)"):
        shared.ask("Quand ?", since="2025", until="2024")


def test_filters_that_let_nothing_through_say_what_there_is(shared: Assistant) -> None:
    answer = shared.ask("Quand l'accord de pêche a-t-il été signé ?", source="nobody", since="2024")
    assert answer.text == (
        "Aucun article ne passe les filtres (nobody, ≥ 2024). Sources : Example Times, Le Matin. Dates : de 2024-03 à 2025-01-14."
    )
    assert (answer.answered, answer.citations, answer.passages, answer.missing) == (False, (), (), ())
    english = shared.ask("When was the fishing agreement signed?", until="1999")
    assert english.text == ("No article passes the filters (≤ 1999). Sources: Example Times, Le Matin. Dates: from 2024-03 to 2025-01-14.")


def test_a_source_is_named_without_its_accents_and_case(docs: Path, tmp_path: Path) -> None:
    (docs / "note.txt").write_text("Source: L'Économiste du Faso\n\nLe barrage de Ziga a été agrandi lundi près de Ouagadougou.")
    assistant = Assistant.from_paths([docs], home=tmp_path / "home", embedder=HashEmbedder())
    assert [Path(hit.path).stem for hit in assistant.search("accord loi barrage", source="economiste")] == ["note"]


def test_dates_that_a_page_states_wrongly_break_no_filter(docs: Path, tmp_path: Path) -> None:
    (docs / "odd.txt").write_text("0000-00-00T00:00:00\n\nLe fleuve a débordé lundi près de Gaya, au sud du Niger.")
    (docs / "odder.txt").write_text("date 2023-13 Le fleuve a débordé mardi près de Gaya, au sud du Niger.")
    assistant = Assistant.from_paths([docs], home=tmp_path / "home", embedder=HashEmbedder())
    assert assistant.overview().latest == "2025-01-14"
    assert {Path(hit.path).stem for hit in assistant.search("le fleuve a débordé", since="2024")} == {"fishing", "water"}


def test_search_gives_passages_best_first(shared: Assistant) -> None:
    hits = shared.search("loi sur l'eau du Kenya", 3)
    assert len(hits) == 3
    assert Path(hits[0].path).stem == "water"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(shared.search("loi", 1)) == 1
    assert shared.search("loi", 0) == []
    assert shared.search("?!") == []


def test_search_gives_as_many_as_asked(tmp_path: Path) -> None:
    home = Home(tmp_path)
    publish_articles(
        home,
        HashEmbedder(),
        [
            Article(id=f"{number:03}", text=f"Le fleuve a débordé près du pont {number}.", path=str(number), digest="", language="fr")
            for number in range(250)
        ],
    )
    assert len(Assistant(home, HashEmbedder()).search("le fleuve près du pont", 240)) == 240


def test_copies_of_one_text_are_cited_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    text = "Le gouverneur Issoufou Labo a demandé une aide d'urgence pour les familles de Zinder."
    publish_articles(home, HashEmbedder(), [Article(id=name, text=text, path=name, digest="", language="fr") for name in "abcd"])
    answer = Assistant(home, HashEmbedder()).ask("Qui a demandé une aide d'urgence pour les familles de Zinder ?")
    assert [citation.quote for citation in answer.citations] == [text]


def test_the_overview(shared: Assistant) -> None:
    found = shared.overview()
    assert found == Overview(
        articles=3, passages=3, earliest="2024-03", latest="2025-01-14", sources=("Example Times", "Le Matin"),
        months={"2024-03": 1, "2025-01": 1},
    )  # fmt: skip


def test_an_article_that_is_not_there(shared: Assistant) -> None:
    assert shared.article("none") is None
    citation = shared.ask("Quand l'accord de pêche a-t-il été signé ?").citations[0]
    assert shared.verify(citation)
    assert not shared.verify(replace(citation, quote="Autre chose."))
    assert not shared.verify(replace(citation, start=citation.start + 1))
    assert not shared.verify(replace(citation, article_id="none"))


def test_no_index_yet(tmp_path: Path) -> None:
    with pytest.raises(MissingIndex):
        Assistant.open(tmp_path / "home", embedder=HashEmbedder())


def test_an_index_of_another_model_is_stale(assistant: Assistant) -> None:
    with pytest.raises(
        StaleIndex, match="was built with the model hash, not with this other; rebuild with: griot index --full --model other"
    ):
        Assistant.open(assistant.home.folder, embedder=HashEmbedder("other"))


def test_what_is_published_is_picked_up_at_the_next_question(assistant: Assistant, docs: Path) -> None:
    reader = Assistant.open(assistant.home.folder, embedder=HashEmbedder())
    question = "Qui a ouvert une école à Dosso ?"
    assert not reader.ask(question).answered
    (docs / "school.txt").write_text("La ministre Aïcha Sani a ouvert une école à Dosso lundi dernier.")
    report = assistant.update()
    assert len(report.added) == 1
    answer = reader.ask(question)
    check(reader, answer)
    assert "Aïcha Sani" in answer.citations[0].quote
    (docs / "school.txt").unlink()
    assistant.update()
    assert not reader.ask(question).answered
    assert not reader.verify(answer.citations[0])


def test_an_emptied_collection_answers_nothing(assistant: Assistant, docs: Path) -> None:
    for path in docs.iterdir():
        path.unlink()
    assistant.update()
    answer = assistant.ask("Quand l'accord de pêche a-t-il été signé ?")
    assert (answer.answered, answer.passages) == (False, ())
    assert assistant.search("accord") == []
    assert assistant.overview() == Overview(articles=0, passages=0, earliest=None, latest=None, sources=())


def test_asked_without_an_article_its_answer_is_not_given(shared: Assistant) -> None:
    question = "Quand l'accord de pêche a-t-il été signé ?"
    gold = shared.ask(question).citations[0].article_id
    answer = shared.ask_without(question, [gold])
    assert gold not in {hit.article_id for hit in answer.passages}
    assert not answer.answered


def test_threads_ask_while_new_generations_are_published(assistant: Assistant, docs: Path) -> None:
    question, gold = QUESTIONS[0]
    stop = threading.Event()

    def ask() -> int:
        count = 0
        while not stop.is_set():
            answer = assistant.ask(question)
            check(assistant, answer)
            assert gold in answer.citations[0].quote
            count += 1
        return count

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask) for _ in range(8)]
        try:
            for number in range(4):
                (docs / f"new{number}.txt").write_text(f"La route {number} de Dosso a été ouverte lundi par le maire.")
                assert len(assistant.update().added) == 1
        finally:
            stop.set()
        assert sum(future.result(timeout=60) for future in asking) >= 8
    assert assistant.overview().articles == 7


def test_new_threads_ask_of_a_generation_held_by_others(shared: Assistant) -> None:
    # Each batch of threads is new, as those of a web server are.
    for _ in range(3):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(shared.ask, [QUESTIONS[0][0]] * 16))
        assert len({replace(answer, seconds=0.0) for answer in answers}) == 1


texts = st.lists(st.one_of(prose, any_text).filter(lambda text: any(char.isalnum() for char in text)), min_size=1, max_size=4)


@settings(max_examples=40)
@given(texts, st.lists(odd_question, min_size=1, max_size=4), st.sampled_from([None, "https://exemple.bj/a#b"]))
def test_every_quote_of_any_answer_is_in_its_article(raw: list[str], questions: list[str], url: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(folder)
        articles = [
            Article(
                id=str(number), text=text, path=f"{number}.txt", digest="", language="fr", title=text[:30] if number % 2 else None, url=url
            )
            for number, text in enumerate(text.replace("\x00", "") for text in raw)
        ]
        publish_articles(home, HashEmbedder(), articles)
        assistant = Assistant(home, HashEmbedder())
        # A sentence of an article, asked back, makes sure that some questions do find an answer.
        for question in [*questions, raw[0][:200], f"Quand {raw[-1][:80]} ?"]:
            check(assistant, assistant.ask(question, history=questions[:1]))
            for hit in assistant.search(question):
                article = assistant.article(hit.article_id)
                assert article is not None
                assert article.text[hit.start : hit.end] == hit.text


@settings(max_examples=25)
@given(st.lists(any_text, min_size=1, max_size=3), odd_question)
def test_every_quote_is_exact_from_files_of_any_text(raw: list[str], question: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder, "docs")
        docs.mkdir()
        (docs / "known.txt").write_text("Le ministre Koffi Mensah a signé un accord de pêche à Cotonou le 14 janvier 2025.")
        for number, text in enumerate(raw):
            (docs / f"{number}.txt").write_text(text, newline="")
        assistant = Assistant.from_paths([docs], home=Path(folder, "home"), embedder=HashEmbedder())
        assert assistant.generation().verify() == []
        for asked in (question, "Qui a signé l'accord de pêche ?", raw[0][:100]):
            check(assistant, assistant.ask(asked))
