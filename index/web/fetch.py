"""One address fetched: robots.txt, politeness, redirects, retries, bounded time and size.

httpcore (of httpx) was chosen over requests, httpx and urllib3 because where it connects to can be decided by its public
`NetworkBackend`, and over trafilatura's own fetching because that checks neither addresses nor the time in all. Proxies of the environment
are not used and cookies not kept. robots.txt is read by protego (Scrapy), which knows wildcards and Crawl-delay;
urllib.robotparser does not know the former.
"""

import email.utils
import re
import ssl
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore

from index.errors import ArticleError
from index.web.address import as_sent, canonical
from index.web.guard import Guard, Resolve, resolve
from index.web.policy import Policy
from index.web.unpack import unpacked

ROBOTS: Final = 512_000
"""Bytes of robots.txt that are read: RFC 9309 asks for 500 KiB at least."""
_MOVED: Final = frozenset((301, 302, 303, 307, 308))
_AGAIN: Final = frozenset((429, 500, 502, 503, 504))
_REASONS: Final[Mapping[int, str]] = {
    401: "wants a password", 402: "wants to be paid", 403: "refuses programs", 404: "there is no such page", 410: "the page was taken away",
    429: "too many requests; try again later", 451: "the page is withheld for legal reasons",
}  # fmt: skip
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """An answer: where it came from in the end, its media type and body. `body` is None where nothing changed (304)."""

    final: str
    kind: str | None
    charset: str | None
    etag: str | None
    modified: str | None
    body: bytes | None


class Fetcher:
    """Fetches one address after another, never two of a host at once."""

    def __init__(
        self, policy: Policy, *, resolve: Resolve = resolve, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep, tls: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        """`tls` says whose certificates are trusted: those that the system trusts where it is None."""
        self.policy = policy
        self._tls = tls
        self._resolve = resolve
        self._clock = clock
        self._sleep = sleep
        self._asked: dict[str, float] = {}
        self._robots: dict[str, Any] = {}
        self._unreached: Counter[str] = Counter()
        self._left_alone: dict[str, str] = {}

    def get(self, address: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """What an address holds, unless it is what `etag` and `modified` stand for.

        Raises:
            ArticleError: it cannot be had; the message is the reason.
        """
        known = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in known.items() if value}
        place = as_sent(address)
        seen = {place}
        for _ in range(self.policy.redirects + 1):
            self._heed_robots(place)
            status, answered, body = self._ask(place, headers, self.policy.page)
            if status not in _MOVED:
                return self._fetched(place, status, answered, body)
            place = _next(place, answered)
            if place in seen:
                raise ArticleError(f"redirected in a circle, to {place}; save the page from a browser instead")
            seen.add(place)
        raise ArticleError(f"redirected more than {self.policy.redirects} times; give the address that it should lead to")

    def _fetched(self, place: str, status: int, answered: Mapping[str, str], body: bytes) -> Fetched:
        if status != 304 and not 200 <= status < 300:
            raise ArticleError(f"the server answered {status}: {_REASONS.get(status, 'the page cannot be had; try again later')}")
        kind = answered.get("content-type", "").partition(";")[0].strip().lower() or None
        charset = _CHARSET.search(answered.get("content-type", ""))
        return Fetched(
            final=canonical(place), kind=kind, charset=charset[1] if charset else None, etag=answered.get("etag"),
            modified=answered.get("last-modified"), body=None if status == 304 else body,
        )  # fmt: skip

    def _heed_robots(self, place: str) -> None:
        parts = urlsplit(place)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._robots:
            self._robots[host] = self._read_robots(host)
        robots = self._robots[host]
        if robots is not None and not robots.can_fetch(place, self.policy.agent):
            raise ArticleError("the site's robots.txt asks programs not to fetch it; save the page from a browser instead")

    def _read_robots(self, host: str) -> Any:
        """The rules of a host, None where it has none. RFC 9309: a server in trouble asks for silence, other errors for nothing."""
        from protego import Protego

        place = f"{host}/robots.txt"
        for _ in range(6):
            status, answered, body = self._ask(place, {}, ROBOTS, cut=True)
            if status in _MOVED:
                place = _next(place, answered)
                continue
            if status >= 500:
                raise ArticleError(f"{place} answered {status}, and so the site asks not to be read now; try again later")
            return Protego.parse(body.decode("utf-8", "replace")) if status < 300 else None
        return None

    def _wait(self, place: str) -> None:
        """Wait until the host may be asked again."""
        parts = urlsplit(place)
        robots = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        asked = (robots.crawl_delay(self.policy.agent) if robots is not None else None) or 0
        delay = max(self.policy.delay, min(float(asked), self.policy.longest_delay))
        last = self._asked.get(parts.netloc)
        if last is not None and (left := last + delay - self._clock()) > 0:
            self._sleep(left)
        self._asked[parts.netloc] = self._clock()

    def _ask(self, place: str, headers: Mapping[str, str], most: int, *, cut: bool = False) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers in lower case, and body; asked again where that may help. Beyond `most` bytes the body is `cut` or refused."""
        host = urlsplit(place).netloc
        wait = 1.0
        for left in range(self.policy.retries, -1, -1):
            if host in self._left_alone:
                raise ArticleError(self._left_alone[host])
            self._wait(place)
            try:
                status, answered, body = self._once(place, headers, most, cut)
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
                self._note_failure(host, error)
                if not left or isinstance(error, httpcore.ReadTimeout):
                    raise ArticleError(f"cannot be fetched: {_told(error)}; try again later") from error
            else:
                self._unreached[host] = 0
                if status not in _AGAIN:
                    return status, answered, body
                asked = _retry_after(answered.get("retry-after"))
                if asked > self.policy.longest_wait:
                    self._left_alone[host] = f"{host} asks to be left alone for {asked:,.0f} seconds; try again later"
                    raise ArticleError(self._left_alone[host])
                if not left:
                    return status, answered, body
                wait = max(wait, asked)
            self._sleep(min(wait, self.policy.longest_wait))
            wait *= 2
        raise ArticleError("cannot be fetched; try again later")

    def _note_failure(self, host: str, error: Exception) -> None:
        """Leave a host alone that cannot be connected to again and again: a feed may lead to a hundred of its pages."""
        if isinstance(error, (httpcore.ConnectError, httpcore.ConnectTimeout)):
            self._unreached[host] += 1
            if self._unreached[host] > self.policy.retries:
                self._left_alone[host] = f"{host} could not be connected to {self._unreached[host]} times ({_told(error)}); try again later"

    def _once(self, place: str, headers: Mapping[str, str], most: int, cut: bool) -> tuple[int, Mapping[str, str], bytes]:
        policy = self.policy
        guard = Guard(allow_private=policy.allow_private, total=policy.total, resolve=self._resolve)
        sent: dict[bytes | str, bytes | str] = {
            "Host": urlsplit(place).netloc, "User-Agent": policy.agent, "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close",
        }  # fmt: skip
        sent.update(headers)
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), policy.timeout)
        with (
            httpcore.ConnectionPool(ssl_context=self._tls or ssl.create_default_context(), network_backend=guard) as pool,
            pool.stream("GET", place, headers=sent, extensions={"timeout": timeouts}) as answer,
        ):
            answered = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            encoding = answered.get("content-encoding", "")
            body = b"" if answer.status in _MOVED or answer.status == 304 else unpacked(answer.iter_stream(), encoding, most, cut=cut)
            return answer.status, answered, body


def _next(place: str, answered: Mapping[str, str]) -> str:
    """Where a redirect leads."""
    # Servers send it in UTF-8 as often as in ASCII, as it should be.
    target = as_sent(answered.get("location", "").encode("latin-1").decode("utf-8", "replace"), place)
    if place.startswith("https:") and target.startswith("http:"):
        # What comes over an open connection may be anyone's words.
        raise ArticleError(f"redirected from https to {target}; give that address itself if you trust the connection")
    return target


def _told(error: Exception) -> str:
    """What went wrong, in a line."""
    late = {"ConnectTimeout": "no connection in time", "ReadTimeout": "the answer did not come, or not to its end, in time"}
    # The system says "timed out" of either; the guard says how long it waited.
    return str(error) if "took more" in str(error) else late.get(type(error).__name__, str(error) or type(error).__name__)


def _retry_after(text: str | None) -> float:
    """Seconds that Retry-After asks for, as a number or a date (RFC 9110); 0 where it says nothing."""
    if not text:
        return 0.0
    if text.strip().isdigit():
        return float(text)
    when = email.utils.parsedate_tz(text)
    return max(0.0, email.utils.mktime_tz(when) - time.time()) if when else 0.0
