"""Only public addresses are connected to, and the one that was checked."""

import socket
import threading

import pytest

from index.errors import ArticleError
from index.web.guard import Guard, is_public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *((address, True) for address in ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946")),
        *((address, False) for address in ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0")),
        *((address, False) for address in ("224.0.0.1", "255.255.255.255", "192.0.2.1", "100.64.0.1", "::1", "::", "fe80::1%eth0")),
        *((address, False) for address in ("fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "ff02::1", "localhost", "")),
        *((address, False) for address in ("192.0.0.192", "168.63.129.16", "192.88.99.1", "fec0::1", "100::1", "3fff::1", "::10.0.0.1")),
    ],
)  # fmt: skip
def test_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_by_any_name_is_refused(host: str) -> None:
    guard = Guard(allow_private=False, total=5)
    with pytest.raises(ArticleError, match="is an address of this machine or of a private network"):
        guard.connect_tcp(host, 80)


def test_the_address_checked_is_the_one_connected_to() -> None:
    asked: list[str] = []

    def twice(host: str, port: int) -> list[str]:
        asked.append(host)
        # The first look is public; a second one would be private.
        return ["10.0.0.1"] if len(asked) > 1 else ["192.0.2.1", "10.0.0.2"]

    guard = Guard(allow_private=False, total=5, resolve=twice)
    with pytest.raises(ArticleError, match=r"of a private network \(192\.0\.2\.1, 10\.0\.0\.2\)"):
        guard.connect_tcp("rebind.example", 80)
    assert asked == ["rebind.example"]


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1"])
def test_other_ways_to_write_an_address_are_checked_by_what_they_mean(host: str) -> None:
    # As the system resolves all three.
    guard = Guard(allow_private=False, total=5, resolve=lambda host, port: ["127.0.0.1"])
    with pytest.raises(ArticleError, match=r"of a private network \(127\.0\.0\.1\)"):
        guard.connect_tcp(host, 80)


def test_every_address_that_is_allowed_is_tried() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        # Nothing listens at the first.
        guard = Guard(allow_private=True, total=5, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
        stream = guard.connect_tcp("two.example", port)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        stream.close()


def test_a_name_that_is_not_resolved_in_time() -> None:
    ended = threading.Event()

    def hang(host: str, port: int) -> list[str]:
        ended.wait(30)
        return []

    try:
        with pytest.raises(ArticleError, match="no answer within 0 seconds"):
            Guard(allow_private=False, total=0.1, resolve=hang).connect_tcp("slow.example", 80)
    finally:
        ended.set()
