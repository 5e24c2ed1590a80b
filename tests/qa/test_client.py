"""The client against a real server on loopback."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from index.build import update
from index.errors import GriotError, QuestionError
from index.store import Home
from qa.assistant import Assistant
from qa.client import Client
from tests.apart import apart
from tests.fakes import HashEmbedder
from ui.access.accounts import Accounts
from ui.access.gate import Gate, Rules
from ui.access.keys import Keys
from ui.api.figures import Figures
from ui.api.routes import api_app
from ui.journal import Journal

TEXT = "Le conseil municipal de {} a voté mardi la reconstruction du marché.\n\nLes travaux dureront deux ans."
QUESTION = "Qui a voté la reconstruction du marché de Gaya ?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("client")
    (folder / "in").mkdir()
    for place in ("gaya", "dosso"):
        (folder / "in" / f"{place}.txt").write_text(TEXT.format(place.title()), encoding="utf-8")
    embedder = HashEmbedder()
    update(Home(folder / "home"), embedder, [folder / "in"])
    return Assistant(Home(folder / "home"), embedder)


@pytest.fixture(scope="module")
def server(assistant: Assistant) -> Iterator[tuple[str, str]]:
    """A server with accounts, and a key to it."""
    folder = assistant.home.folder
    keys = Keys(folder / "keys")
    key = keys.add("tests", "reader")
    app = FastAPI()
    app.mount("/api", api_app(assistant, Journal(Figures())))
    gate = Gate(app, Rules(accounts=Accounts(folder / "accounts"), keys=keys.who))
    listening = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(gate, log_level="warning"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", key
    running.should_exit = True
    thread.join(10)


def test_what_is_asked_there_is_what_is_asked_here(assistant: Assistant, server: tuple[str, str]) -> None:
    client = Client(*server)
    there, here = client.ask(QUESTION), assistant.ask(QUESTION)
    assert (there.text, there.citations, there.answered, there.missing) == (here.text, here.citations, here.answered, here.missing)
    assert client.search("marché de Dosso", 1) == [
        replace(hit, source=None, published=None) for hit in assistant.search("marché de Dosso", 1)
    ]
    quote = there.citations[0]
    assert client.article(quote.article_id) == assistant.article(quote.article_id)
    assert client.article("none") is None
    assert client.verify(quote)
    assert not client.verify(replace(quote, start=quote.start + 1))
    assert not client.verify(replace(quote, article_id="none"))
    assert client.ask("Et à Dosso ?", history=[QUESTION]).citations[0].path.endswith("dosso.txt")


async def asked_later(client: Client) -> str:
    return (await client.aask(QUESTION)).text


def test_asynchronous_callers(server: tuple[str, str]) -> None:
    assert apart(asked_later, Client(*server)) == Client(*server).ask(QUESTION).text


def test_what_goes_wrong_is_said(server: tuple[str, str]) -> None:
    address, key = server
    with pytest.raises(GriotError, match="wants a key"):
        Client(address).ask(QUESTION)
    with pytest.raises(QuestionError, match="since"):
        Client(address, key).ask(QUESTION, since="hier soir")
    for wrong in ("griot.example", "http://a:99999", "http://[", "file:///etc/passwd", "http://"):
        with pytest.raises(GriotError, match="is no address of a server"):
            Client(wrong)
    with pytest.raises(GriotError, match="what no key holds"):
        Client(address, "a\nb")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(GriotError, match="cannot be reached"):
        Client(f"http://127.0.0.1:{port}").ask(QUESTION)


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"<html>", "what is no JSON; is it a Griot?"), (b"{}", "is not as it should be"), (b"[1]", "is not as it should be")],
)
def test_a_server_that_is_no_griot(body: bytes, reason: str) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        thread = threading.Thread(target=other.serve_forever, daemon=True)
        thread.start()
        client = Client(f"http://127.0.0.1:{other.server_address[1]}")
        with pytest.raises(GriotError, match=reason):
            client.ask(QUESTION)
        with pytest.raises(GriotError, match=reason):
            client.search(QUESTION)
        other.shutdown()
        thread.join()
