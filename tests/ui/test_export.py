import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from index.article import Article
from index.errors import QuestionError
from qa.answer import Answer, compose, refusal
from qa.answer import cite as cited
from qa.trace import Trace
from tests.ui.hostile import CORPUS, Elements
from ui.documents import answer_document
from ui.export import as_html, as_markdown, as_print, file_name
from ui.review import Checked, gather, runs
from ui.saved import saved_answer

BRIDGE = Article(
    id="0123456789ab", text="Le pont a rouvert lundi. La mairie s’en félicite.", path="pont.txt", digest="0", title="Le pont [rouvre]",
    url="https://exemple.fr/pont?a=1&b=2", source="Le Courrier", published="2024-03-04", language="fr", author="Awa Diop",
)  # fmt: skip
BARE = Article(id="ffffffffffff", text="Le pont rouvre. Enfin.", path="/home/x/bare.txt", digest="1", language="fr")
ON = date(2026, 11, 23)
FIRST, SECOND, OTHER = cited(1, BRIDGE, 0, 24), cited(2, BRIDGE, 25, 49), cited(2, BARE, 0, 15)


def answer(
    *citations: Any, question: str = "Quand le pont a-t-il rouvert ?", leads: tuple[str, ...] = (), notes: tuple[str, ...] = ()
) -> Answer:
    told = tuple(replace(citation, number=number) for number, citation in enumerate(citations, start=1))
    return Answer(
        question=question, language="fr", text=compose(told, "fr", leads, notes), answered=True, citations=told, leads=leads, notes=notes
    )


REFUSED = Answer(question="À quel prix ?", language="fr", text=refusal(["prix"], "fr"), answered=False, missing=("prix",))
CONVERSATION = [
    (
        "Quand le pont a-t-il rouvert ?",
        answer(FIRST, OTHER, leads=("**lundi**",), notes=("2 sources indépendantes concordent : [1], [2].",)),
    ),
    ("À quel prix ?", REFUSED),
    ("Et la mairie ?", answer(SECOND, FIRST)),
]


def changed(citation: Any) -> Checked:
    """The bare article is gone, and the second sentence of the other was changed."""
    if citation.article_id == BARE.id:
        return Checked(citation=citation, trace=Trace(held=False, gone=True))
    when = datetime(2024, 5, 6, tzinfo=UTC) if citation.start else None
    return Checked(citation=citation, article=BRIDGE, trace=Trace(held=True, changed=when))


def test_each_distinct_quote_has_one_number() -> None:
    review = gather(CONVERSATION, ON)
    assert [note.checked.citation.quote for note in review.notes] == [FIRST.quote, OTHER.quote, SECOND.quote]
    assert [note.number for note in review.notes] == [1, 2, 3]
    assert [note.same for note in review.notes] == [None, None, 1]
    assert [[quoted.note.number for quoted in told.quotes] for told in review.told] == [[1, 2], [], [3, 1]]
    assert review.told[0].remarks == ("2 sources indépendantes concordent : [1], [2].",)
    assert review.articles == 2


def test_markers_of_a_later_answer_are_renumbered() -> None:
    review = gather([("a", answer(FIRST)), ("b", answer(SECOND, FIRST, notes=("Voir [1], [2] et [7].",)))], ON)
    assert review.told[1].remarks == ("Voir [2], [1] et 7.",)


def test_markdown() -> None:
    assert as_markdown(gather(CONVERSATION, ON, changed), "fr") == (
        "# Revue de presse\n\n"
        "Établie le 23 novembre 2026 · 3 questions · 2 articles\n\n"
        "## Quand le pont a-t-il rouvert ?\n\n"
        "**lundi**\n\n"
        "> «\u202fLe pont a rouvert lundi.\u202f» [^1]\n\n"
        "> «\u202fLe pont rouvre.\u202f» [^2]\n\n"
        "2 sources indépendantes concordent\u202f: [^1], [^2].\n\n"
        "## À quel prix ?\n\n"
        "Les articles ne répondent pas à cette question. On n’y trouve nulle part\u202f: «\u202fprix\u202f».\n\n"
        "## Et la mairie ?\n\n"
        "> «\u202fLa mairie s’en félicite.\u202f» [^3]\n\n"
        "> «\u202fLe pont a rouvert lundi.\u202f» [^1]\n\n"
        "## Sources\n\n"
        "[^1]: Awa Diop, [Le pont \\[rouvre\\]](<https://exemple.fr/pont?a=1&b=2>), *Le Courrier*, 4 mars 2024.\n\n"
        "[^2]: sans titre, non daté, sans adresse. Citation non vérifiée, elle ne se trouve pas dans les articles. "
        "L’article n’est plus dans la collection.\n\n"
        "[^3]: Même article que la source 1. L’article a changé depuis (constaté le 6 mai 2024).\n"
    )


@pytest.mark.parametrize("form", [as_html, as_print])
def test_html_has_a_numbered_footnote_for_each_quote(form: Any) -> None:
    html = form(gather(CONVERSATION, ON, changed), "fr")
    seen = Elements(html)
    assert '<h2><bdi>À quel prix ?</bdi></h2><p class="refusal" lang="fr">Les articles ne répondent pas' in html
    assert '<p class="lead"><strong>lundi</strong></p><blockquote lang="fr">«\u202fLe pont a rouvert lundi.\u202f»' in html
    assert [value for value in seen.values("href") if value.startswith("#")] == [f"#note-{number}" for number in (1, 2, 1, 2, 3, 1)]
    assert [value for value in seen.values("id") if value.startswith("note")] == ["note-1", "note-2", "note-3"]
    assert (
        "<bdi>Awa Diop</bdi>, <bdi><strong>Le pont [rouvre]</strong></bdi>, <cite><bdi>Le Courrier</bdi></cite>, <bdi>4 mars 2024</bdi>"
        '<span class="address"><a href="https://exemple.fr/pont?a=1&amp;b=2#:~:text=Le%20pont%20a%20rouvert%20lundi." '
        'rel="noopener noreferrer">https://exemple.fr/pont?a=1&amp;b=2</a></span>'
    ) in html
    assert 'sans adresse</span><span class="state">Citation non vérifiée' in html
    assert "Établie le 23 novembre 2026 · 3 questions · 2 articles" in html
    assert "/home/x" not in html


def test_the_page_to_keep_needs_nothing_else() -> None:
    seen = Elements(as_html(gather(CONVERSATION, ON), "en"))
    assert {"script", "link", "img", "nav"} & set(seen.tags) == set()
    assert [value for value in seen.values("href") if not value.startswith(("#", "https://exemple.fr/"))] == []
    assert Elements(as_print(gather(CONVERSATION, ON), "en")).tags.count("script") == 1


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("", []), ("a", [("text", "a")]), ("**a** b [1]", [("bold", "a"), ("text", " b "), ("note", "1")]),
        ("[x] **", [("text", "[x] **")]), ("****", [("text", "****")]),
    ],
)  # fmt: skip
def test_runs(line: str, pieces: list[tuple[str, str]]) -> None:
    assert list(runs(line)) == pieces


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Quand l’accord a-t-il été signé ?", "griot-quand-l-accord-a-t-il-ete-signe-2026-11-23.md"),
        ("../../etc/passwd\r\nX: y\"", "griot-etc-passwd-x-y-2026-11-23.md"), ("谁 ?", "griot-2026-11-23.md"),
        ("a" * 99, f"griot-{'a' * 40}-2026-11-23.md"), ("mot " * 30, f"griot-{'-'.join(['mot'] * 10)}-2026-11-23.md"),
    ],
)  # fmt: skip
def test_file_names_are_plain(question: str, name: str) -> None:
    assert file_name(gather([(question, REFUSED)], ON), ".md") == name


def test_an_answer_is_read_back_with_what_stands_around_its_quotes() -> None:
    for _, told in CONVERSATION:
        back = saved_answer(json.loads(json.dumps(answer_document(told))))
        assert (back.question, back.answered, back.text) == (told.question, told.answered, told.text)
        assert back.citations == told.citations
        assert tuple(lead for lead in back.leads if lead) == told.leads
        assert back.notes == (told.notes if told.answered else (told.text,))


def test_what_only_adds_is_read_back_without_its_heading() -> None:
    text = compose((FIRST, replace(OTHER, number=2)), "fr", ("**lundi**", "Et"), ("Note [1].",), further=1)
    back = saved_answer({**answer_document(answer(FIRST, OTHER)), "text": text})
    assert (back.leads, back.notes) == (("**lundi**", "Et"), ("Note [1].",))


DOCUMENT = answer_document(answer(FIRST, OTHER))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param([], id="no_object"), pytest.param(None, id="nothing"), pytest.param({}, id="empty"),
        pytest.param({**DOCUMENT, "answered": 1}, id="answered_is_a_number"),
        pytest.param({**DOCUMENT, "question": None}, id="no_question"),
        pytest.param({**DOCUMENT, "question": "x" * 4001}, id="long_question"),
        pytest.param({**DOCUMENT, "text": "x" * 100_001}, id="long_text"),
        pytest.param({**DOCUMENT, "citations": {}}, id="citations_no_list"),
        pytest.param({**DOCUMENT, "citations": DOCUMENT["citations"] * 30}, id="too_many_citations"),
        pytest.param({**DOCUMENT, "citations": DOCUMENT["citations"][1:]}, id="not_numbered_from_one"),
        pytest.param({**DOCUMENT, "citations": [{**DOCUMENT["citations"][0], "start": -3}]}, id="negative"),
        pytest.param({**DOCUMENT, "citations": [{**DOCUMENT["citations"][0], "title": 3}]}, id="title_is_a_number"),
        pytest.param({**DOCUMENT, "citations": [{**DOCUMENT["citations"][0], "url": "x" * 4001}]}, id="long_address"),
        pytest.param({**DOCUMENT, "citations": ["x"]}, id="citation_is_text"), pytest.param({**DOCUMENT, "notes": "x"}, id="notes_no_list"),
        pytest.param({**DOCUMENT, "notes": [3]}, id="note_is_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(wrong: Any) -> None:
    with pytest.raises(QuestionError, match="not an answer as griot ask --json prints it"):
        saved_answer(wrong)


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS.keys())
def test_nothing_becomes_markup(text: str) -> None:
    citation = replace(FIRST, title=text, source=text, url=f"https://exemple.fr/{text}", published=text, quote=text, link=text, path=text)
    told = answer(citation, replace(citation, url=text, end=30), question=text, leads=(text, f"**{text}**"), notes=(text,))
    article = replace(BRIDGE, text=text, title=None, author=text, language=text)
    for title in (text, None):
        shown = [replace(told, citations=tuple(replace(one, title=title) for one in told.citations)), replace(REFUSED, text=text)]
        review = gather(
            [(text, one) for one in shown], ON, lambda one: Checked(citation=one, article=article, trace=Trace(held=False, gone=True))
        )
        page, printed = as_html(review, "fr"), as_print(review, "fr")
        assert Elements(page).dangers == []
        assert Elements(printed).dangers == ["script"], "the page's own"
        printed.encode("utf-8")
        links = [value for value in Elements(page).values("href") if not value.startswith("#note-")]
        assert all(link.startswith("https://exemple.fr/") or link == text for link in links)
        assert all(link.lower().startswith(("https://", "http://")) for link in links)
        markdown = as_markdown(review, "fr")
        assert [line.partition(" ")[0] for line in markdown.split("\n") if line.startswith("#")] == ["#", "##", "##", "##"]
        assert file_name(review, ".md").isascii()
