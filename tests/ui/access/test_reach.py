"""How a request reached the site, as the site behind the layer sees it."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.access.reach import Reach
from ui.access.scope import own_path


async def seen(request: Request) -> JSONResponse:
    assert request.client
    kept = sorted(set(request.headers) - {"host", "accept", "accept-encoding", "connection", "user-agent"})
    return JSONResponse(
        {"client": request.client.host, "scheme": request.url.scheme, "path": own_path(request.scope), "base": request.scope["root_path"],
         "headers": kept}
    )  # fmt: skip


SITE = Starlette(routes=[Route("/{path:path}", seen)])


def asked(path: str = "/a", headers: Any = (), **reached: Any) -> Any:
    browser = TestClient(Reach(SITE, **reached), base_url="http://griot.example", client=("10.1.1.1", 5_000), follow_redirects=False)
    return browser.get(path, headers=headers)


BELIEVED = frozenset({"10.1.1.1"})


@pytest.mark.parametrize(
    ("headers", "proxies", "client"),
    [
        pytest.param({}, BELIEVED, "10.1.1.1", id="nothing_said"),
        pytest.param({"x-forwarded-for": "10.0.0.1"}, BELIEVED, "10.0.0.1", id="named"),
        pytest.param({"x-forwarded-for": "9.9.9.9, 10.0.0.1"}, BELIEVED, "10.0.0.1", id="what_the_client_said_before"),
        pytest.param([("x-forwarded-for", "9.9.9.9"), ("x-forwarded-for", "10.0.0.1")], BELIEVED, "10.0.0.1", id="in_a_header_of_its_own"),
        pytest.param({"x-forwarded-for": "2001:db8::1"}, BELIEVED, "2001:db8::1", id="ipv6"),
        pytest.param({"x-forwarded-for": "x" * 500}, BELIEVED, "10.1.1.1", id="no_address"),
        pytest.param({"x-forwarded-for": "10.0.0.1"}, frozenset(), "10.1.1.1", id="a_stranger"),
        pytest.param({"x-forwarded-for": "10.0.0.1"}, frozenset({"10.2.2.2"}), "10.1.1.1", id="another_proxy_is_believed"),
    ],
)
def test_a_proxy_that_is_believed_names_the_client(headers: Any, proxies: frozenset[str], client: str) -> None:
    found = asked(headers=headers, proxies=proxies).json()
    assert (found["client"], found["headers"]) == (client, [])


@pytest.mark.parametrize(
    ("headers", "reached", "scheme"),
    [
        pytest.param({}, {}, "http", id="plain"),
        pytest.param({}, {"secure": True}, "https", id="told_by_the_option"),
        pytest.param({"x-forwarded-proto": "https"}, {"proxies": BELIEVED}, "https", id="told_by_the_proxy"),
        pytest.param({"x-forwarded-proto": "https"}, {}, "http", id="told_by_a_stranger"),
    ],
)
def test_the_scheme(headers: dict[str, str], reached: dict[str, Any], scheme: str) -> None:
    assert asked(headers=headers, **reached).json()["scheme"] == scheme


def test_what_gradio_would_believe_of_anybody_does_not_reach_it() -> None:
    said = {"x-forwarded-host": "evil.example", "x-gradio-server": "http://evil.example", "x-original-url": "/admin", "cookie": "a=b"}
    assert asked(headers=said).json()["headers"] == ["cookie"]


@pytest.mark.parametrize(
    ("path", "own"),
    [
        pytest.param("/griot/a", "/a", id="left_on"),
        pytest.param("/a", "/a", id="taken_off"),
        pytest.param("/griot/", "/", id="its_root"),
        pytest.param("/griotte", "/griotte", id="a_name_that_begins_alike"),
    ],
)
def test_a_base_path(path: str, own: str) -> None:
    found = asked(path, base="/griot").json()
    assert (found["path"], found["base"]) == (own, "/griot")


def test_without_its_slash_the_base_leads_to_itself() -> None:
    answer = asked("/griot", base="/griot")
    assert (answer.status_code, answer.headers["location"]) == (307, "/griot/")
