"""Fetching over real HTTP: redirects, retries, robots.txt, politeness, bounded time and size."""

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import ArticleError
from index.web.fetch import Fetcher
from index.web.policy import Policy
from tests.index.web.server import Site, serve

Answer = tuple[int, Mapping[str, str], bytes]


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(Site()) as served:
        yield served


class Waits:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def fetcher(waits: Waits | None = None, **limits: float) -> Fetcher:
    waits = waits or Waits()
    return Fetcher(Policy(allow_private=True, **limits), clock=waits.clock, sleep=waits.sleep)  # type: ignore[arg-type]


def to(place: str, status: int = 302) -> Answer:
    return status, {"Location": place}, b"gone"


def test_a_page_with_what_the_server_says_of_it(site: Site) -> None:
    site.answers["/a"] = lambda _: (200, {"ETag": '"1"', "Last-Modified": "Mon, 03 Feb 2025 08:00:00 GMT"}, "été".encode())
    found = fetcher().get(f"{site.address}/a#here")
    assert (found.final, found.kind, found.charset) == (f"{site.address}/a", "text/html", "utf-8")
    assert (found.etag, found.modified, found.body) == ('"1"', "Mon, 03 Feb 2025 08:00:00 GMT", "été".encode())


def test_what_did_not_change_is_not_sent_again(site: Site) -> None:
    site.answers["/a"] = lambda headers: (304, {}, b"") if headers["If-None-Match"] == '"1"' else (200, {}, b"new")
    assert fetcher().get(f"{site.address}/a", etag='"1"').body is None
    assert fetcher().get(f"{site.address}/a", etag='"0"').body == b"new"


def test_packed_answers_are_unpacked_within_bounds(site: Site) -> None:
    site.answers["/a"] = lambda _: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"body"))
    site.answers["/two"] = lambda _: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 9)
    site.answers["/bare"] = lambda _: (200, {"Content-Encoding": "deflate"}, zlib.compress(b"body", wbits=-15))
    site.answers["/zlib"] = lambda _: (200, {"Content-Encoding": "deflate"}, zlib.compress(b"body"))
    site.answers["/none"] = lambda _: (200, {"Content-Encoding": "gzip"}, b"")
    site.answers["/bomb"] = lambda _: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000))
    for place, body in {"/a": b"body", "/two": b"one two", "/bare": b"body", "/zlib": b"body", "/none": b""}.items():
        assert fetcher().get(f"{site.address}{place}").body == body
    with pytest.raises(ArticleError, match="more than 20,000,000 bytes"):
        fetcher().get(f"{site.address}/bomb")


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        pytest.param("gzip", gzip.compress(b"body" * 500)[:-9], "the answer broke off", id="cut"),
        pytest.param("gzip", gzip.compress(b"a") + gzip.compress(b"b" * 500)[:-9], "the answer broke off", id="second_member_cut"),
        pytest.param("gzip", b"not packed at all", "the answer is damaged", id="not_packed"),
        pytest.param("br", b"\x8b\x02\x80abc", "sent in the encoding 'br', which was not asked for", id="another_encoding"),
    ],
)
def test_an_answer_that_cannot_be_unpacked(site: Site, encoding: str, body: bytes, reason: str) -> None:
    site.answers["/a"] = lambda _: (200, {"Content-Encoding": encoding}, body)
    with pytest.raises(ArticleError, match=reason):
        fetcher().get(f"{site.address}/a")


def test_accents_in_addresses_are_sent_as_servers_know_them(site: Site) -> None:
    site.answers |= {"/%C3%A9t%C3%A9?q=%C3%A9": b"sun", "/old": lambda _: to("/été?q=é".encode().decode("latin-1"))}
    assert fetcher().get(f"{site.address}/été?q=é").body == b"sun"
    assert fetcher().get(f"{site.address}/old").final == f"{site.address}/%C3%A9t%C3%A9?q=%C3%A9"


def test_a_redirect_to_a_tracking_parameter_is_followed_and_not_kept(site: Site) -> None:
    site.answers |= {"/a": lambda _: to("/a?utm_source=x"), "/a?utm_source=x": b"here"}
    found = fetcher().get(f"{site.address}/a")
    assert (found.body, found.final) == (b"here", f"{site.address}/a")


def test_redirects_are_followed_a_bounded_number_of_times(site: Site) -> None:
    site.answers |= {
        "/a": lambda _: to("/b", 301),
        "/b": b"here",
        "/loop": lambda _: to("/loop"),
        "/file": lambda _: to("file:///etc/passwd"),
    }
    assert fetcher().get(f"{site.address}/a").final == f"{site.address}/b"
    with pytest.raises(ArticleError, match=f"redirected in a circle, to {site.address}/loop"):
        fetcher().get(f"{site.address}/loop")
    for number in range(12):
        site.answers[f"/{number}"] = lambda _, number=number: to(f"/{number + 1}")  # type: ignore[misc]
    with pytest.raises(ArticleError, match="redirected more than 10 times"):
        fetcher().get(f"{site.address}/0")
    with pytest.raises(ArticleError, match="'file:///etc/passwd' is no address of the web"):
        fetcher().get(f"{site.address}/file")


def test_a_redirect_to_a_private_address_is_refused(site: Site) -> None:
    site.answers["/a"] = lambda _: to("http://inside.example/secret")

    def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.1"] if host == "inside.example" else ["127.0.0.1"]

    public = Fetcher(Policy(delay=0), resolve=resolve)
    with pytest.raises(ArticleError, match="an address of this machine or of a private network"):
        public.get(f"{site.address}/a")
    assert site.asked == []


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "refuses programs"), (404, "there is no such page"), (410, "the page was taken away"), (418, "the page cannot be had")],
)
def test_errors_of_the_server_say_what_they_are(site: Site, status: int, reason: str) -> None:
    site.answers["/a"] = lambda _: (status, {}, b"")
    with pytest.raises(ArticleError, match=f"the server answered {status}: {reason}"):
        fetcher().get(f"{site.address}/a")


def test_a_server_in_trouble_is_asked_again_when_it_says(site: Site) -> None:
    answers = iter([(503, {"Retry-After": "7"}, b""), (429, {"Retry-After": "60"}, b""), (200, {}, b"at last")])
    site.answers["/a"] = lambda _: next(answers)
    waits = Waits()
    assert fetcher(waits).get(f"{site.address}/a").body == b"at last"
    assert 7 in waits.slept
    assert 60 in waits.slept


def test_a_server_that_asks_for_an_hour_is_left_alone(site: Site) -> None:
    site.answers |= {"/a": lambda _: (429, {"Retry-After": "3600"}, b""), "/b": b"b"}
    polite = fetcher()
    for place in ("/a", "/b"):
        with pytest.raises(ArticleError, match="asks to be left alone for 3,600 seconds; try again later"):
            polite.get(f"{site.address}{place}")
    assert site.asked == ["/robots.txt", "/a"]


def test_a_host_that_cannot_be_connected_to_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    waits = Waits()
    polite = fetcher(waits)
    with pytest.raises(ArticleError, match="cannot be fetched"):
        polite.get(f"http://127.0.0.1:{port}/a")
    slept = list(waits.slept)
    with pytest.raises(ArticleError, match="could not be connected to 3 times"):
        polite.get(f"http://127.0.0.1:{port}/b")
    assert waits.slept == slept


def test_one_host_is_asked_once_a_second(site: Site) -> None:
    site.answers |= {"/a": b"a", "/b": b"b"}
    waits = Waits()
    polite = fetcher(waits)
    polite.get(f"{site.address}/a")
    polite.get(f"{site.address}/b")
    # robots.txt, then the two pages.
    assert waits.slept == [1.0, 1.0]


def test_robots_txt_is_heeded(site: Site) -> None:
    site.answers |= {"/robots.txt": b"User-agent: *\nDisallow: /private/\nCrawl-delay: 5\n", "/a": b"a", "/private/b": b"b"}
    waits = Waits()
    polite = fetcher(waits)
    assert polite.get(f"{site.address}/a").body == b"a"
    assert waits.slept == [5.0]
    with pytest.raises(ArticleError, match=r"robots\.txt asks programs not to fetch it"):
        polite.get(f"{site.address}/private/b")
    assert "/private/b" not in site.asked


def test_a_site_whose_robots_txt_cannot_be_read_is_left_alone(site: Site) -> None:
    site.answers |= {"/robots.txt": lambda _: (500, {}, b""), "/a": b"a"}
    with pytest.raises(ArticleError, match="asks not to be read now"):
        fetcher().get(f"{site.address}/a")


def test_a_huge_robots_txt_is_read_in_part(site: Site) -> None:
    site.answers |= {"/robots.txt": b"User-agent: *\nDisallow: /b\n" + b"# long\n" * 200_000, "/a": b"a"}
    assert fetcher().get(f"{site.address}/a").body == b"a"


@contextmanager
def dripping(head: bytes) -> Iterator[str]:
    """A server that sends `head` and then a byte now and then, for ever."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip() -> None:
        while not ended.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                asked = connection.recv(4_096)
                try:
                    connection.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" if b"robots.txt" in asked else head)
                    while b"robots.txt" not in asked and not ended.wait(0.05):
                        connection.sendall(b"x")
                except OSError:
                    continue

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/a"
    finally:
        ended.set()
        listening.close()
        thread.join(5)


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Header: "])
def test_a_server_that_drips_is_given_up(head: bytes) -> None:
    with (
        dripping(head) as address,
        pytest.raises(ArticleError, match=r"took more than 1 seconds in all|did not come, or not to its end, in time"),
    ):
        fetcher(total=1.0).get(address)


def test_a_server_that_promises_more_than_it_sends(site: Site) -> None:
    site.answers["/a"] = lambda _: (200, {"Content-Length": "100", "Connection": "close"}, b"short")
    with pytest.raises(ArticleError, match="cannot be fetched"):
        fetcher(timeout=1.0, total=3.0, retries=0).get(f"{site.address}/a")


CERTIFICATE = Path(__file__).parent / "localhost.pem"


def test_a_certificate_is_trusted_or_the_page_refused() -> None:
    """The certificate is of "localhost" and signed by itself."""
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(CERTIFICATE)
    trusting = ssl.create_default_context(cafile=CERTIFICATE)
    with serve(Site(answers={"/a": b"a"}), own) as site:
        policy = Policy(allow_private=True, delay=0, retries=0)
        with pytest.raises(ArticleError, match="certificate verify failed: self-signed certificate"):
            Fetcher(policy).get(f"{site.address}/a")
        assert Fetcher(policy, tls=trusting).get(f"{site.address}/a").body == b"a"
        by_number = site.address.replace("localhost", "127.0.0.1")
        with pytest.raises(ArticleError, match="IP address mismatch"):
            Fetcher(policy, tls=trusting).get(f"{by_number}/a")
    assert set(site.asked) == {"/robots.txt", "/a"}


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ArticleError, match="cannot be fetched"):
        fetcher().get(f"http://127.0.0.1:{port}/a")


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.answers["/a"] = b"a"
    assert fetcher().get(f"{site.address}/a").body == b"a"
