"""Bodies that are too large, or never end, in front of a site that reads what it is sent."""

from collections.abc import AsyncIterator

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.apart import apart
from ui.access.bounds import SMALL, Bounds


async def length(request: Request) -> JSONResponse:
    return JSONResponse(len(await request.body()))


SITE = Starlette(routes=[Route("/{path:path}", length, methods=["POST"])])


async def body(pieces: int, size: int, pause: float) -> AsyncIterator[bytes]:
    for _ in range(pieces):
        await anyio.sleep(pause)
        yield b" " * size


async def sent(path: str, pieces: int, size: int, pause: float = 0.0) -> httpx.Response:
    transport = httpx.ASGITransport(Bounds(SITE, (("/large", 3 * SMALL),), stall=0.2))
    async with httpx.AsyncClient(transport=transport, base_url="http://griot.example") as browser:
        return await browser.post(path, content=body(pieces, size, pause))


@pytest.mark.parametrize(
    ("path", "pieces", "status"),
    [
        pytest.param("/a", 1, 200, id="just_fits"),
        pytest.param("/a", 2, 413, id="too_much"),
        pytest.param("/large", 3, 200, id="more_is_allowed_there"),
        pytest.param("/large", 4, 413, id="too_much_there_as_well"),
    ],
)
def test_bytes_are_counted_as_they_come(path: str, pieces: int, status: int) -> None:
    answer = apart(sent, path, pieces, SMALL)
    assert answer.status_code == status
    if status == 413:
        assert answer.json()["title"] == "Too much was sent"


def test_a_body_that_stops_coming_is_given_up() -> None:
    answer = apart(sent, "/a", 2, 10, 30.0)
    assert (answer.status_code, answer.headers["content-type"]) == (408, "application/problem+json")
