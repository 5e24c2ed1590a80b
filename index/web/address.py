"""Addresses in one form, so that a page is fetched and indexed once.

courlan was weighed: it also drops parameters that choose the article (`?p=123`), and knows no cut of "xtor" or "at_medium".
"""

import ipaddress
import re
import socket
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from index.errors import ArticleError

LONGEST: Final = 4_096
"""Characters of an address: servers take 8,000, and those of articles have fewer than 300."""
_PORTS: Final = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|twclid|ttclid|igshid?|mc_[ce]id|xtor|at_(?:medium|campaign|custom\d*|link\w*|format|channel)"
    r"|(?:mtm|pk|piwik|matomo)_\w+|cmpid|_ga|_gl|_hsenc|_hsmi|ref_src|ref_url|srsltid|mkt_tok)",
    re.IGNORECASE,
)
_SAFE: Final = "/?%:@!$&'()*+,;=-._~"
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


def canonical(address: str, base: str | None = None) -> str:
    """An address by which a page is known, relative to `base` if need be: `as_sent`, without the parameters that only say where the
    reader came from.

    Raises:
        ArticleError: it is not an address of the web, or holds a password.
    """
    parts = _parts(address, base)
    kept = [piece for piece in parts.query.split("&") if piece and not _TRACKING.fullmatch(piece.partition("=")[0])]
    return urlunsplit(parts._replace(query="&".join(kept)))


def as_sent(address: str, base: str | None = None) -> str:
    """An address as a server is asked for it: in ASCII (IDNA 2008, RFC 3986), without fragment, default port and dot segments, its host in
    lower case. A server that redirects to a tracking parameter would do so for ever if that were left out.

    Raises:
        ArticleError: as `canonical`.
    """
    return urlunsplit(_parts(address, base))


def _parts(address: str, base: str | None) -> SplitResult:
    # Line breaks within an address are slips of whoever wrote the link; browsers drop them (WHATWG URL, 4.4).
    text = re.sub(r"[\t\r\n]", "", address).strip(" \x00\x0b\x0c\x1f\u00a0")
    shown = repr(text[:200])
    if len(text) > LONGEST:
        raise ArticleError(f"{shown}... is no address: it is longer than {LONGEST:,} characters; check it")
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
        port = parts.port
    except ValueError as error:
        raise ArticleError(f"{shown} is no address ({error}); write it as https://site/page") from error
    scheme, given = parts.scheme.lower(), parts.hostname or ""
    if scheme not in _PORTS or not given or port == 0 or re.search(r"[\s<>\"]", parts.netloc):
        raise ArticleError(f"{shown} is no address of the web; write it as https://site/page")
    if parts.username is not None or parts.password is not None:
        raise ArticleError(f"the address at {given} holds a user name or password, which would be kept; leave it out")
    host = _host(given)
    place = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    query = _escaped(quote(parts.query, safe=f"{_SAFE}[]|", errors="replace"))
    return SplitResult(scheme, place, _path(parts.path), query, "")


def _host(host: str) -> str:
    host = host.removesuffix(".")
    try:
        if ":" in host:
            if "%" in host:
                raise ValueError("a zone is a way within one machine")
            return f"[{ipaddress.IPv6Address(host).compressed}]"
        if not host.isascii():
            import idna

            host = idna.encode(host, uts46=True).decode("ascii")
        if _NUMBER.fullmatch(host.rpartition(".")[2]):
            # 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1 to the system; let everybody see it.
            return socket.inet_ntoa(socket.inet_aton(host))
    except (ValueError, OSError) as error:
        raise ArticleError(f"{host[:80]!r} is no address of a host ({error}); check it") from error
    if not re.fullmatch(r"[a-z0-9._-]{1,253}", host) or any(not 0 < len(label) < 64 for label in host.split(".")):
        raise ArticleError(f"{host[:80]!r} is no address of a host; check it")
    return host


def _path(path: str) -> str:
    found: list[str] = []
    given = path.split("/")[1:] or [""]
    for place, segment in enumerate(given):
        if segment not in (".", ".."):
            found.append(segment)
            continue
        if segment == ".." and found:
            found.pop()
        if place == len(given) - 1:
            found.append("")
    return "/" + _escaped(quote("/".join(found), safe=_SAFE.replace("?", ""), errors="replace"))


def _escaped(text: str) -> str:
    """`text` with its escapes in upper case and a lone "%" escaped."""
    return re.sub(r"%[0-9a-fA-F]{2}|%", lambda match: match[0].upper() if len(match[0]) == 3 else "%25", text)
