"""Connections to public addresses only, each to the very address that was checked.

The check is on what a name resolves to, at each connection and so at each redirect; the connection then goes to that address, so a name
that resolves to another one a moment later (DNS rebinding) gains nothing. Names in the certificate and in the request stay the host's.
"""

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import httpcore

from index.errors import ArticleError

Resolve = Callable[[str, int], Sequence[str]]
"""A host and a port -> the IP addresses that it stands for, as text."""
_CLOSED: Final = tuple(
    map(
        ipaddress.ip_network,
        # Carrier-grade NAT (RFC 6598), IETF assignments (Oracle's cloud tells its secrets there), Azure's services, relays of 6to4.
        "100.64.0.0/10 192.0.0.0/24 168.63.129.16/32 192.88.99.0/24 "
        # 6to4, Teredo and NAT64, which may lead to private addresses; site-local, discarded, segment routing, documentation.
        "64:ff9b::/96 64:ff9b:1::/48 2002::/16 2001::/32 fec0::/10 100::/64 5f00::/16 3fff::/20 ::/96".split(),
    )
)


def resolve(host: str, port: int) -> list[str]:
    """What the system resolves `host` to.

    Raises:
        ArticleError: it knows no such host.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ArticleError(f"no host {host} is known ({error}); check the address and the connection") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _within(seconds: float, ask: Resolve, host: str, port: int) -> Sequence[str]:
    """What `ask` says, if it says so within `seconds`: the system's own limit may be minutes. A thread that still asks is left behind."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def asking() -> None:
        try:
            answers.put(ask(host, port))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=asking, daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise ArticleError(f"no host {host} is known: no answer within {seconds:.0f} seconds; check the connection") from None
    if isinstance(found, Exception):
        raise found
    return found


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: not private, loopback, link-local, multicast or reserved, nor such a one in the
    clothes of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if any(found in network for network in _CLOSED if network.version == found.version):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


class Guard(httpcore.NetworkBackend):
    """Connects to addresses that are let through, for `total` seconds in all after `begin`."""

    def __init__(
        self, *, allow_private: bool, total: float, resolve: Resolve = resolve, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._allow_private = allow_private
        self._total = total
        self._resolve = resolve
        self._clock = clock
        self._end = clock() + total
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """A connection to `host`.

        Raises:
            ArticleError: it is not public, or not known.
        """
        found = _within(self._left(timeout), self._resolve, host, port)
        allowed = [address for address in found if self._allow_private or is_public(address)]
        if not allowed:
            raise ArticleError(
                f"{host} is an address of this machine or of a private network ({', '.join(found) or 'none'}); "
                "give --allow-private to fetch from there"
            )
        for address in allowed:
            try:
                return _Stream(self._backend.connect_tcp(address, port, self._left(timeout), local_address, socket_options), self._left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if address == allowed[-1]:
                    raise
        raise AssertionError("an address was tried")

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def _left(self, timeout: float | None) -> float:
        left = self._end - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout(f"took more than {self._total:.0f} seconds in all")
        return min(left, timeout or left)


class _Stream(httpcore.NetworkStream):
    """A stream that also ends when the time for the whole answer is over."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[float | None], float]) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
