"""Texts made to run something, in every place that a page shows: titles, texts, addresses, sites, authors, dates, file names, questions."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote as percent

import pytest
from playwright.sync_api import Page, expect

from index.article import Article
from index.revisions import Revision
from qa import Assistant
from qa.answer import Answer, Citation, compose
from tests.browser.conftest import ask
from tests.browser.library import serving_library
from tests.fakes import HashEmbedder
from tests.ui.hostile import CORPUS
from tests.ui.shelf import Shelf
from ui.documents import answer_document
from ui.feedback import Feedback
from ui.links import quotes_link, text_digest

Visit = Callable[..., Page]
NAMES = list(CORPUS)
# Those whose kind of trick differs most: each is asked about in the chat.
ASKED = [
    "script", "image", "closes_the_page", "script_address_hidden", "data_address", "svg_animation", "mathml", "details", "focus", "meta",
    "polyglot", "markdown_link", "markdown_html", "template", "turned_around", "style_attribute",
]  # fmt: skip
_STRANGE = "img, svg, iframe, script, style, form, input, details, object, embed, math, base, meta, link"
_WATCH = """
window.seen = [];
addEventListener("securitypolicyviolation", (event) => window.seen.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


def article(name: str, **changes: Any) -> Article:
    text = CORPUS[name]
    hostile = Article(
        id=f"{NAMES.index(name):012x}", text=f"{text} Au début.\n\nAu milieu {text}\n\nÀ la fin.", path=text, digest="0", title=text,
        url=text,        source=text, published=text, language=text, author=text, origins={"published": text},
    )  # fmt: skip
    return replace(hostile, **changes)


@pytest.fixture(scope="module")
def shelf() -> Iterator[str]:
    when = datetime(2024, 3, 4, tzinfo=UTC)
    earlier = {
        article(name).id: [Revision(digest="x", text=f"Avant. {text}", title=text, published=text, seen_until=when)]
        for name, text in CORPUS.items()
    }
    with serving_library(Shelf(*map(article, NAMES), earlier=earlier, copied=True)) as address:
        yield address


def watched(page: Page) -> list[str]:
    """What was run or tried on `page` from here on, as far as it stays on one page."""
    ran: list[str] = []
    page.add_init_script(_WATCH)
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("popup", lambda opened: ran.append(opened.url))
    return ran


def nothing_ran(page: Page, ran: list[str], name: str) -> None:
    """Touch the page as a reader does, then look for what should not have happened."""
    page.mouse.move(300, 300)
    page.keyboard.press("Tab")
    assert page.evaluate("[window.stolen, window.seen]") in ([None, []], [None, None]), name
    assert ran == [], name


def strange(page: Page, within: str) -> list[str]:
    """The elements inside `within` that no text of ours makes, and the addresses of links that are not ours or of the web."""
    found: list[str] = page.evaluate(
        """([within, elements]) => [
            ...[...document.querySelectorAll(within)].flatMap((part) => [...part.querySelectorAll(elements)].map((item) => item.outerHTML)),
            ...[...document.querySelectorAll(`:is(${within}) a`)].map((link) => link.getAttribute("href"))
                .filter((href) => !/^(#|[/]article[/]|[/][?]q=|https?:[/][/])/.test(href)),
        ]""",
        [within, _STRANGE],
    )
    return found


def test_what_runs_is_seen(visit: Visit, shelf: str) -> None:
    page = visit(shelf + "/favicon.svg").context.new_page()
    ran = watched(page)
    page.goto("about:blank")
    page.set_content("<main><script>window.stolen = 1</script><a href='javascript:window.stolen=1'>x</a></main>")
    assert len(strange(page, "main")) == 2
    with pytest.raises(AssertionError):
        nothing_ran(page, ran, "the script")
    page.set_content("<main>x</main>")
    page.evaluate("alert('y')")
    assert ran == ["y"]


def test_reading_pages(visit: Visit, shelf: str) -> None:
    page = visit(shelf + "/favicon.svg").context.new_page()
    ran = watched(page)
    for name, text in CORPUS.items():
        shown = article(name)
        page.goto(shelf + quotes_link(shown.id, (0, len(text)), [(len(text) + 2, len(text) + 20)], text_digest(shown.text)))
        assert strange(page, "main, .rail") == [], name
        if name not in ASKED:
            assert page.evaluate("[window.stolen, window.seen, document.querySelectorAll('mark#quote').length]") == [None, [], 1], name
            continue
        page.locator(".text").select_text()
        nothing_ran(page, ran, name)
        page.goto(shelf + quotes_link(shown.id, (0, 5), digest=text_digest(f"Avant. {text}")))
        assert page.locator("mark#quote").count() == 1, name
        assert strange(page, "main, .rail") == [], name
        nothing_ran(page, ran, name)
    assert ran == []


def conversation(name: str) -> dict[str, Any]:
    text = CORPUS[name][:3_000]
    places = [(article(name).id, text), ("f" * 12, text), ("e" * 12, f"https://exemple.fr/{text}")]
    quotes = tuple(
        Citation(
            number=number, article_id=article_id, title=text, source=text, path=text, url=url, published=text, quote=text, start=0,
            end=len(text), link=url,
        )
        for number, (article_id, url) in enumerate(places, start=1)
    )  # fmt: skip
    leads, notes = (f"**{text}**", text, ""), (text, f"Voir [1] {text}")
    answer = Answer(question=text, language="fr", text=compose(quotes, "fr", leads, notes), answered=True, citations=quotes)
    told = {**answer_document(answer), "leads": list(leads), "notes": list(notes)}
    refused = answer_document(Answer(question=text, language=text[:9], text=text, answered=False))
    return {"answers": [told, refused], "language": text}


def test_exports(visit: Visit, shelf: str) -> None:
    page = visit(shelf + "/favicon.svg").context.new_page()
    ran = watched(page)
    for first in range(0, len(NAMES), 13):
        told = [conversation(name) for name in NAMES[first : first + 13]]
        body = json.dumps({"answers": [answer for each in told for answer in each["answers"]], "language": told[0]["language"]})
        page.goto("about:blank")
        page.set_content(f'<form method="post" action="{shelf}/export/print"><input name="conversation"><button>Exporter</button></form>')
        page.locator("input").evaluate("(field, value) => { field.value = value; }", body)
        page.locator("button").click()
        expect(page.locator("blockquote")).to_have_count(3 * len(told))
        assert strange(page, "main") == [], first
        nothing_ran(page, ran, f"from {NAMES[first]}")
        kept = page.context.request.post(f"{shelf}/export/html", data=body, headers={"Content-Type": "application/json"})
        page.goto("about:blank")
        page.set_content(kept.text())
        expect(page.locator("blockquote")).to_have_count(3 * len(told))
        assert strange(page, "main") == [], first
        nothing_ran(page, ran, f"from {NAMES[first]}")


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over hostile records, and hostile file names."""
    folder = tmp_path_factory.mktemp("hostile")
    with (folder / "records.jsonl").open("w", encoding="utf-8") as file:
        for name in ASKED:
            text = CORPUS[name]
            event = f"Le zorgon {name.replace('_', '')} a traversé la place {text} mardi dernier."
            story = f"{event}\n\n{text}\n\nLes habitants du village ont dormi."
            told = {"title": f"Zorgon {name} {text}", "text": story, "date": "2024-03-04"}
            file.write(json.dumps({**told, "url": text, "source": text, "author": text}) + "\n")
    for number, name in enumerate(ASKED):
        safe = CORPUS[name].replace("/", "\u2215").replace("\x00", "")
        path = folder / f"{safe[:80]}{number}.txt".encode("utf-8", "replace").decode()
        path.write_text(f"Le vélo numéro {number} de la fabrique a roulé jusqu’à Zinder samedi.\n", encoding="utf-8")
    assistant = Assistant.from_paths([folder], home=tmp_path_factory.mktemp("home"), embedder=HashEmbedder())
    with serving_library(assistant) as address:
        yield address


@pytest.mark.parametrize("first", range(0, len(ASKED), 4))
def test_the_chat(visit: Visit, chat: str, first: int) -> None:
    page = visit(chat + "/favicon.svg").context.new_page()
    ran = watched(page)
    page.goto(chat)
    for place, name in enumerate(ASKED[first : first + 4]):
        ask(page, f"Quand le zorgon {name.replace('_', '')} a-t-il traversé la place ?", 3 * place + 1)
        ask(page, CORPUS[name], 3 * place + 2)
        ask(page, f"Jusqu’où a roulé le vélo numéro {first + place} de la fabrique ?", 3 * place + 3)
        nothing_ran(page, ran, name)
        shown = page.locator(":is(#conversation, #panel) :is(img, iframe, script, style, object, embed, math, base, meta)")
        assert shown.count() == 0, name
    links = {str(link.get_attribute("href")) for link in page.locator("#conversation a, #panel a").all()}
    assert all(link.startswith(("/article/", "#", "http://", "https://", "/?")) for link in links)
    assert any(link.startswith("/article/") for link in links)


def test_a_hostile_question_in_an_address(visit: Visit, chat: str) -> None:
    page = visit(f"{chat}/favicon.svg").context.new_page()
    ran = watched(page)
    for name in ASKED[::3]:
        page.goto(f"{chat}/?q={percent(CORPUS[name], safe='')}&lang={percent(CORPUS[name], safe='')}")
        # It may be asked at once, or only stand in the box.
        expect(page.locator("#turn-1:not(.waiting-turn) .reply, .welcome h2").first).to_be_visible()
        page.wait_for_function("!document.querySelector('.waiting-turn')")
        nothing_ran(page, ran, name)


def test_hostile_feedback_is_kept_as_text(tmp_path: Any) -> None:
    feedback = Feedback(tmp_path)
    for text in CORPUS.values():
        feedback.note(question=text, answer={"text": text}, verdict="down", reason=text)
    assert feedback.count() == len(CORPUS)
    assert feedback.path.read_bytes().isascii()
