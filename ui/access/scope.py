"""What a request says of itself: its headers, and its path below the place where the site stands."""

import ipaddress
from typing import Final

from starlette.types import Scope

_HTTPS: Final = ("https", "wss")
_ONE_HOUSE: Final = 64
"""Bits of an IPv6 address that tell customers apart: each is given 2**64 addresses (RFC 6177), and counts as one client."""


def header(scope: Scope, name: str) -> str:
    """A header of the request, "" where it has none; of several, the first."""
    return next(iter(headers(scope, name)), "")


def headers(scope: Scope, name: str) -> list[str]:
    """Every header of this name, in the order sent."""
    wanted = name.encode("latin-1")
    return [value.decode("latin-1") for key, value in scope["headers"] if key == wanted]


def base_of(scope: Scope) -> str:
    """Where the site stands on its host: "" at the root, "/griot" below it."""
    return str(scope.get("root_path", "")).rstrip("/")


def own_path(scope: Scope) -> str:
    """The path below the place where the site stands."""
    base, path = base_of(scope), str(scope["path"])
    return path[len(base) :] or "/" if base and (path == base or path.startswith(f"{base}/")) else path


def is_secure(scope: Scope) -> bool:
    """Whether the request came by https, to us or to the proxy before us."""
    return scope.get("scheme") in _HTTPS


def client_of(scope: Scope) -> str:
    """Who is counted as one client: an address, of IPv6 its first half."""
    address = str((scope.get("client") or ("unknown",))[0])
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _ONE_HOUSE), strict=False))
    return str(found)
