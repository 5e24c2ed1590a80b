"""Lines that are opened and say nothing, against a real server on loopback."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ui.patience import Patience

ASKED = b"GET /a HTTP/1.1\r\nHost: griot.example\r\n"


class Hasty(Patience):
    patience = 0.5


async def greet(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    app = Starlette(routes=[Route("/a", greet)])
    server = uvicorn.Server(uvicorn.Config(app, http=Hasty, ws="none", log_level="warning", timeout_keep_alive=60))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield int(listening.getsockname()[1])
    server.should_exit = True
    thread.join(10)


@pytest.mark.parametrize("sent", [pytest.param(b"", id="nothing"), pytest.param(ASKED, id="half_a_request")])
def test_a_line_on_which_no_request_comes_is_closed(port: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(sent)
        assert line.recv(100) == b""


def drip(line: socket.socket) -> None:
    """Send a byte now and then, until the other end is gone."""
    for _ in range(200):
        line.sendall(b"X")
        time.sleep(0.05)


def test_a_byte_now_and_then_buys_no_time(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line, pytest.raises(ConnectionError):
        drip(line)


def test_whoever_asks_is_answered_and_may_ask_again(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        for _ in range(2):
            line.sendall(ASKED + b"\r\n")
            told = b""
            while not told.endswith(b"hello"):
                told += line.recv(1_000)
        line.sendall(ASKED)
        assert line.recv(100) == b""
