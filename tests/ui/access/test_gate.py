"""The gate: who may do what, seen from outside, as HTTP."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from ui.access.accounts import Accounts
from ui.access.gate import Gate, Rules, Who, local_hosts
from ui.access.limits import Limit
from ui.access.reach import Reach

ADDRESS = "http://griot.example"
WORD = "correct horse battery"
HTML = {"accept": "text/html"}


async def show(request: Request) -> JSONResponse:
    who: Who = request.state.who
    return JSONResponse({"name": who.name, "role": who.role})


async def style(request: Request) -> JSONResponse:
    return JSONResponse({})


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


SITE = Starlette(
    routes=[Route("/style.css", style), WebSocketRoute("/socket", talk), Route("/{path:path}", show, methods=["GET", "POST", "DELETE"])]
)


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    found = Accounts(tmp_path_factory.mktemp("home") / "accounts")
    found.put("awa", "editor", WORD)
    found.put("idi", "reader", WORD)
    return found


def client(rules: Rules, address: str = "10.1.1.1", **reached: Any) -> TestClient:
    return TestClient(Reach(Gate(SITE, rules), **reached), base_url=ADDRESS, follow_redirects=False, client=(address, 5_000))


def come_in(browser: TestClient, name: str, password: str = WORD, to: str = "/") -> int:
    return browser.post("/login", params={"next": to}, data={"name": name, "password": password}).status_code


def test_without_accounts_whoever_reaches_the_site_edits() -> None:
    assert client(Rules()).get("/").json() == {"name": None, "role": "editor"}
    assert client(Rules(read_only=True)).get("/").json() == {"name": None, "role": "reader"}
    assert client(Rules()).get("/login").headers["location"] == "/"


def test_without_accounts_who_comes_through_a_proxy_only_reads() -> None:
    for name in ("x-forwarded-for", "forwarded", "via", "x-real-ip"):
        assert client(Rules()).get("/", headers={name: "9.9.9.9"}).json() == {"name": None, "role": "reader"}


def test_with_accounts_nobody_reads_without_coming_in(accounts: Accounts) -> None:
    browser = client(Rules(accounts=accounts))
    page = browser.get("/article/7?start=3", headers=HTML)
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=/article/7%3Fstart%3D3")
    assert browser.get("/api/articles").status_code == 401
    assert browser.get("/api/articles").headers["content-type"] == "application/problem+json"
    assert browser.post("/api/ask").status_code == 401
    assert browser.get("/style.css").status_code == 200


def test_each_role_comes_in_and_out(accounts: Accounts) -> None:
    browser = client(Rules(accounts=accounts))
    assert come_in(browser, "awa") == 303
    assert browser.get("/").json() == {"name": "awa", "role": "editor"}
    assert browser.get("/logout").status_code == 303
    assert browser.get("/").json() == {"name": "awa", "role": "editor"}
    browser.post("/logout")
    assert browser.get("/").status_code == 401
    assert come_in(browser, "idi") == 303
    assert browser.get("/").json() == {"name": "idi", "role": "reader"}


def test_read_only_makes_readers_of_all(accounts: Accounts) -> None:
    browser = client(Rules(accounts=accounts, read_only=True))
    come_in(browser, "awa")
    assert browser.get("/").json() == {"name": "awa", "role": "reader"}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(accounts: Accounts) -> None:
    answer = client(Rules(accounts=accounts), secure=True).post("/login", data={"name": "awa", "password": WORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-griot_session=")
    assert {"HttpOnly", "SameSite=lax", "Secure", "Path=/", "Max-Age=604800"} <= {part.strip() for part in cookie.split(";")}
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    plain = client(Rules(accounts=accounts)).post("/login", data={"name": "awa", "password": WORD})
    assert plain.headers["set-cookie"].startswith("griot_session=")
    assert "Secure" not in plain.headers["set-cookie"]


def test_a_token_given_before_coming_in_is_worth_nothing_after(accounts: Accounts) -> None:
    browser = client(Rules(accounts=accounts))
    browser.cookies.set("griot_session", "chosen-by-a-stranger")
    come_in(browser, "awa")
    assert browser.cookies.get("griot_session", domain="griot.example", path="/") != "chosen-by-a-stranger"
    stranger = client(Rules(accounts=accounts))
    stranger.cookies.set("griot_session", "chosen-by-a-stranger")
    assert stranger.get("/").status_code == 401


@pytest.mark.parametrize("change", [lambda accounts: accounts.put("tmp", "reader", WORD + "!"), lambda accounts: accounts.remove("tmp")])
def test_a_new_password_and_an_account_taken_away_end_its_sessions(accounts: Accounts, change: Callable[[Accounts], None]) -> None:
    accounts.put("tmp", "reader", WORD)
    browser = client(Rules(accounts=accounts))
    come_in(browser, "tmp")
    assert browser.get("/").status_code == 200
    change(accounts)
    assert browser.get("/").status_code == 401


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        pytest.param("/article/7?start=3", "/article/7?start=3", id="a_page"),
        pytest.param("//elsewhere.example", "/", id="another_site"),
        pytest.param("/\\elsewhere.example", "/", id="backslash"),
        pytest.param("https://elsewhere.example", "/", id="address"),
        pytest.param("/a\r\nSet-Cookie: x=1", "/", id="header_injection"),
        pytest.param("javascript:alert(1)", "/", id="script"),
    ],
)
def test_coming_in_leads_on_within_the_site_alone(accounts: Accounts, wanted: str, place: str) -> None:
    answer = client(Rules(accounts=accounts)).post("/login", params={"next": wanted}, data={"name": "awa", "password": WORD})
    assert answer.headers["location"] == place


def test_the_form_writes_nothing_of_the_address_unescaped(accounts: Accounts) -> None:
    page = client(Rules(accounts=accounts)).get("/login", params={"next": '/"><script>alert(1)</script>'})
    assert "<script>" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="bad_utf8"),
        pytest.param(b"name=awa&password=" + b"x" * 20_000, id="huge"),
        pytest.param(b"&".join(b"a=1" for _ in range(500)), id="many_fields"),
        pytest.param(b"name=awa", id="no_password"),
        pytest.param(b"name[]=awa&password[]=x", id="other_names"),
    ],
)
def test_a_form_that_is_none_lets_nobody_in(accounts: Accounts, body: bytes) -> None:
    assert client(Rules(accounts=accounts)).post("/login", content=body).status_code == 403


def test_guessing_is_slowed_down(accounts: Accounts) -> None:
    rules = Rules(accounts=accounts, logins=Limit(per_minute=1, burst=3))
    assert [come_in(client(rules), "awa", "wrong password") for _ in range(4)] == [403, 403, 403, 429]
    # Whoever guesses keeps nobody else out.
    assert come_in(client(rules, "10.9.9.9"), "awa") == 303


def test_guessing_from_many_machines_is_slowed_down(accounts: Accounts) -> None:
    rules = Rules(accounts=accounts, names=Limit(per_minute=1, burst=2))
    guessed = [come_in(client(rules, f"10.9.9.{number}"), "awa", "wrong password") for number in range(3)]
    assert guessed == [403, 403, 429]
    assert come_in(client(rules, "10.8.8.8"), "idi") == 303


def test_the_addresses_of_one_house_are_one_client() -> None:
    rules = Rules(questions=Limit(per_minute=1, burst=1))
    asked = [
        client(rules, address).post("/api/ask").status_code for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    ]
    assert asked == [200, 429, 200]
    assert client(rules, "::ffff:10.3.3.3").post("/api/ask").status_code == 200
    assert client(rules, "10.3.3.3").post("/api/ask").status_code == 429


def test_who_came_in_and_who_did_not_is_noted_without_what_was_typed(accounts: Accounts) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    rules = Rules(accounts=accounts, note=lambda event, **more: told.append((event, more)), logins=Limit(per_minute=1, burst=3))
    for name, password in (("awa", WORD), ("awa", "wrong password"), (WORD, "awa"), ("awa", WORD)):
        come_in(client(rules), name, password)
    here = {"client": "10.1.1.1"}
    assert told == [
        ("sign-in", {**here, "name": "awa", "ok": True}), ("sign-in", {**here, "name": "awa", "ok": False}),
        ("sign-in", {**here, "name": None, "ok": False}), ("sign-in", {**here, "name": None, "ok": False, "slowed": True}),
    ]  # fmt: skip


def test_questions_are_limited_by_client() -> None:
    rules = Rules(questions=Limit(per_minute=1, burst=2))
    one, other = client(rules), client(rules, "10.2.2.2")
    assert [one.post("/api/ask").status_code for _ in range(3)] == [200, 200, 429]
    answer = one.post("/gradio_api/queue/join")
    assert (answer.status_code, answer.json()["title"]) == (429, "Too many questions")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert one.get("/").status_code == 200
    assert other.post("/api/ask").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="a_program"),
        pytest.param({"origin": "http://griot.example"}, 200, id="own_page"),
        pytest.param({"origin": "http://evil.example"}, 403, id="another_site"),
        pytest.param({"origin": "null"}, 403, id="a_page_without_origin"),
        pytest.param({"origin": "http://griot.example.evil.example"}, 403, id="a_name_that_begins_alike"),
        pytest.param({"origin": "http://["}, 403, id="no_origin_at_all"),
        pytest.param({"origin": "http://evil.example", "authorization": "Basic YTpi"}, 403, id="a_password_that_browsers_send"),
        pytest.param({"sec-fetch-site": "same-site"}, 403, id="a_sister_site"),
        pytest.param({"sec-fetch-site": "same-origin", "origin": "null"}, 200, id="own_page_that_hides_its_origin"),
        pytest.param({"sec-fetch-site": "none"}, 200, id="typed"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="the_browser_says_so"),
        pytest.param({"sec-fetch-site": "same-origin"}, 200, id="the_browser_says_own"),
    ],
)
def test_other_sites_change_nothing(headers: dict[str, str], status: int) -> None:
    assert client(Rules()).post("/api/ask", headers=headers).status_code == status
    assert client(Rules()).get("/", headers=headers).status_code == 200


def test_other_sites_open_no_socket(accounts: Accounts) -> None:
    with client(Rules()).websocket_connect("/socket", headers={"origin": "http://testserver"}) as socket:
        assert socket.receive_text() == "hello"
    for rules, origin in ((Rules(), "http://evil.example"), (Rules(accounts=accounts), "http://testserver")):
        with pytest.raises(WebSocketDisconnect) as caught, client(rules).websocket_connect("/socket", headers={"origin": origin}):
            pass
        assert caught.value.code == 1008


def test_a_foreign_name_for_this_machine_is_not_answered() -> None:
    browser = client(Rules(hosts=local_hosts(["Griot.Example"])))
    assert browser.get("/").status_code == 200
    assert browser.get("/", headers={"host": "127.0.0.1:7860"}).status_code == 200
    assert browser.get("/", headers={"host": "[::1]:7860"}).status_code == 200
    assert browser.get("/", headers={"host": "rebound.example"}).status_code == 421
    assert browser.get("/", headers={"host": ""}).status_code == 421


def test_control_characters_in_a_path_are_of_nothing() -> None:
    answer = client(Rules()).get("/api/articles/a%0Ab")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_program_comes_in_with_a_key(accounts: Accounts) -> None:
    rules = Rules(accounts=accounts, keys=lambda key: Who(name="script", role="reader") if key == "right" else None)
    assert client(rules).get("/", headers={"authorization": "Bearer right"}).json() == {"name": "script", "role": "reader"}
    assert client(rules).get("/", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert client(rules).get("/", headers={"authorization": "Basic right"}).status_code == 401


@pytest.mark.parametrize("place", [pytest.param("/griot", id="left_on"), pytest.param("", id="taken_off_by_the_proxy")])
def test_below_a_base_path_everything_stays_below_it(accounts: Accounts, place: str) -> None:
    browser = client(Rules(accounts=accounts), base="/griot")
    assert browser.get(f"{place}/a", headers=HTML).headers["location"] == "/griot/login?next=/a"
    answer = browser.post(f"{place}/login", params={"next": "/a"}, data={"name": "awa", "password": WORD})
    assert answer.headers["location"] == "/griot/a"
    assert "Path=/griot/" in answer.headers["set-cookie"]
    assert 'action="/griot/login?next=/' in browser.get(f"{place}/login").text


def test_a_damaged_file_of_accounts_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "accounts").write_text("awa\n")
    answer = client(Rules(accounts=Accounts(tmp_path / "accounts"))).get("/")
    assert answer.status_code in (401, 503)
    browser = client(Rules(accounts=Accounts(tmp_path / "accounts")))
    browser.cookies.set("griot_session", "any")
    assert browser.get("/").status_code in (401, 503)
    assert come_in(browser, "awa") == 503


@pytest.mark.parametrize("cookie", ["griot_session", "griot_session=", "a=b; ;;=", 'griot_session="\\', "x" * 5_000])
def test_cookies_that_are_none(accounts: Accounts, cookie: str) -> None:
    assert client(Rules(accounts=accounts)).get("/", headers={"cookie": cookie}).status_code == 401


def test_every_answer_carries_the_headers() -> None:
    answer = client(Rules()).get("/")
    assert {name: answer.headers[name] for name in ("x-frame-options", "x-content-type-options", "referrer-policy")} == {
        "x-frame-options": "DENY", "x-content-type-options": "nosniff", "referrer-policy": "same-origin",
    }  # fmt: skip
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "strict-transport-security" not in answer.headers
    assert client(Rules()).get("/api/articles").headers["cache-control"] == "no-store"
