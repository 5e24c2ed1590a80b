"""Griot within another program's site, over real HTTP."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
import uvicorn
from fastapi import FastAPI

import ui
from index.errors import GriotError
from qa import Assistant
from qa.client import Client
from tests.fakes import HashEmbedder
from ui.access.accounts import Accounts

TEXT = "Le conseil municipal de {} a voté mardi la reconstruction du marché.\n\nLes travaux dureront deux ans."
QUESTION = "Qui a voté la reconstruction du marché de Gaya ?"


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    (tmp_path / "in").mkdir()
    for place in ("gaya", "dosso"):
        (tmp_path / "in" / f"{place}.txt").write_text(TEXT.format(place.title()), encoding="utf-8")
    return Assistant.from_paths([tmp_path / "in"], home=tmp_path / "home", embedder=HashEmbedder())


def host() -> FastAPI:
    app = FastAPI()
    app.get("/")(lambda: {"of": "the program"})
    return app


def blocks() -> Any:
    with gr.Blocks(analytics_enabled=False) as made:
        gr.Markdown("of the program")
    return made


@contextmanager
def serving(make: Callable[[], FastAPI]) -> Iterator[str]:
    """Serve the application that `make` gives. It is made within the loop that serves it: elsewhere gradio leaves one open."""
    listening = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        servers.append(uvicorn.Server(uvicorn.Config(make(), log_level="warning", timeout_graceful_shutdown=1)))
        await servers[0].serve(sockets=[listening])

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    while not (servers and servers[0].started):
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    servers[0].should_exit = True
    thread.join(20)


@pytest.mark.parametrize("program", [host, blocks], ids=["fastapi", "gradio"])
def test_a_program_keeps_its_own_pages_and_has_griot_below(assistant: Assistant, program: Callable[[], Any]) -> None:
    with serving(lambda: ui.mount(program(), assistant, path="/griot")) as address, httpx.Client(base_url=address, timeout=60) as browser:
        assert "of the program" in browser.get("/").text.replace('"of":"the program"', "of the program")
        page = browser.get("/griot/", headers={"accept-language": "fr"})
        assert '<html lang="fr"' in page.text
        assert 'href="/griot/style.css"' in page.text
        assert browser.get("/griot/style.css").status_code == 200
        client = Client(f"{address}/griot")
        answer = client.ask(QUESTION)
        assert answer.citations[0].path.endswith("gaya.txt")
        assert browser.get(f"/griot/article/{answer.citations[0].article_id}").status_code == 200
        assert browser.get("/griot/healthz").status_code == 200
        assert "POST /griot/api/ask" in browser.get("/griot/api/docs").text
        # Gradio's own queue was started: the page can ask.
        assert browser.get("/griot/gradio_api/startup-events").status_code == 200


def test_others_change_nothing_unless_the_program_lets_them(assistant: Assistant) -> None:
    with serving(lambda: ui.mount(host(), assistant)) as address:
        assert httpx.post(f"{address}/griot/collection/rebuild").status_code == 403
    with serving(lambda: ui.mount(host(), assistant, editable=True)) as address:
        assert httpx.post(f"{address}/griot/collection/rebuild").status_code == 303


def test_accounts_of_the_home_are_wanted(assistant: Assistant) -> None:
    Accounts(assistant.home.folder / "accounts").put("awa", "reader", "correct horse battery")
    with serving(lambda: ui.mount(host(), assistant)) as address, httpx.Client(base_url=address) as browser:
        answer = browser.get("/griot/", headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/griot/login?next=/")
        form = {"name": "awa", "password": "correct horse battery"}
        assert browser.post("/griot/login", data=form).headers["location"] == "/griot/"
        assert browser.get("/griot/").status_code == 200
        assert browser.get("/").status_code == 200


@pytest.mark.parametrize("path", ["", "/", "griot", "/griot/"])
def test_a_path_that_is_none(assistant: Assistant, path: str) -> None:
    with pytest.raises(GriotError, match="is no path below the root"):
        ui.mount(host(), assistant, path=path)


def test_a_program_of_another_kind(assistant: Assistant) -> None:
    with pytest.raises(GriotError, match="cannot be mounted on dict"):
        ui.mount({}, assistant)
