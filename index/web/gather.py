"""The pages that an address leads to: itself, or those of the feed or sitemap that it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, Protocol

from index.errors import ArticleError
from index.metadata import Metadata
from index.web.address import canonical
from index.web.fetch import Fetched
from index.web.listing import Listed, Listing, read_listing
from index.web.policy import Policy
from index.web.store import FetchedPage, PageStore

FRESH: Final = timedelta(minutes=10)
"""Pages fetched within it are not asked for again: an interrupted run goes on where it stopped."""
SITEMAPS: Final = 50
"""Sitemaps of one index, its own included: a site's newest articles are in the first."""
UNUSABLE: Final = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript")


@dataclass(frozen=True, kw_only=True)
class Unfetched:
    """An address that could not be fetched, and why."""

    address: str
    reason: str


class Fetches(Protocol):
    """Fetches an address, as `index.web.fetch.Fetcher` does."""

    policy: Policy

    def get(self, address: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """What an address holds."""


def gather(root: str, store: PageStore, fetcher: Fetches, told: Callable[[int], None] = lambda _: None) -> Iterator[str | Unfetched]:
    """The addresses of the pages of `root` that are in the store now, and what could not be fetched.

    A page that cannot be fetched any more stays as it was, and so do all where `root` itself cannot. `told` is given the number of pages
    that a feed or sitemap lists. Each page is kept as soon as it is fetched.
    """
    try:
        listed, failed = _listed(canonical(root), store, fetcher)
    except ArticleError as error:
        yield Unfetched(address=root, reason=str(error))
        yield from store.pages(root)
        return
    yield from failed
    told(len(listed))
    # Named before they are fetched: those that an interrupted run has fetched are known, and no other root forgets them.
    store.list(root, list(dict.fromkeys((*(item.address for item in listed), *store.pages(root)))))
    kept = []
    for item in listed:
        reason = None
        try:
            _fetch(item, store, fetcher)
        except ArticleError as error:
            reason = _fallback(item, store, str(error))
        if reason:
            yield Unfetched(address=item.address, reason=reason)
        if store.digest(item.address):
            kept.append(item.address)
            yield item.address
    store.list(root, kept)


def _listed(root: str, store: PageStore, fetcher: Fetches) -> tuple[list[Listed], list[Unfetched]]:
    """What a root leads to, itself where it is a page, which is then in the store; and the sitemaps of an index that cannot be had."""
    limit = fetcher.policy.limit
    page = _get(root, store, fetcher, Metadata())
    listing = read_listing(page.body, page.final, max(limit, SITEMAPS))
    if listing is None:
        return [Listed(address=root, stated=Metadata())], []
    found: dict[str, Listed] = {}
    failed: list[Unfetched] = []
    waiting, seen = [listing], {root, page.final}
    while waiting and len(found) < limit:
        listing = waiting.pop(0)
        if listing.kind != "index":
            found |= {item.address: item for item in listing.entries if item.address not in found}
            continue
        for item in listing.entries:
            if item.address in seen or len(seen) >= SITEMAPS or len(found) >= limit:
                continue
            seen.add(item.address)
            try:
                part = _sitemap(item.address, store, fetcher)
            except ArticleError as error:
                failed.append(Unfetched(address=item.address, reason=str(error)))
                continue
            if part.kind == "index":
                waiting.append(part)
            else:
                found |= {entry.address: entry for entry in part.entries if entry.address not in found}
    if not found:
        raise ArticleError(failed[0].reason if failed else "the feed or sitemap lists no page")
    return list(found.values())[:limit], failed


def _sitemap(address: str, store: PageStore, fetcher: Fetches) -> Listing:
    """A sitemap that an index names."""
    page = _get(address, store, fetcher, Metadata())
    listing = read_listing(page.body, page.final, max(fetcher.policy.limit, SITEMAPS))
    if listing is None:
        raise ArticleError("it is a page, where a sitemap was promised; the other sitemaps are used")
    return listing


def _fetch(item: Listed, store: PageStore, fetcher: Fetches) -> None:
    """Bring a page into the store."""
    known = store.page(item.address)
    if known is None or datetime.now(UTC) - known.fetched > FRESH:
        _get(item.address, store, fetcher, item.stated)


def _get(address: str, store: PageStore, fetcher: Fetches, stated: Metadata) -> FetchedPage:
    known = store.page(address)
    fetched = fetcher.get(address, etag=known.etag if known else None, modified=known.modified if known else None)
    if fetched.body is None:
        if known is None:
            raise ArticleError("the server says that nothing changed, of a page that was never fetched; try again later")
        page = replace(known, fetched=datetime.now(UTC))
    else:
        if (fetched.kind or "").startswith(UNUSABLE):
            raise ArticleError(f"it is of the kind {fetched.kind}, which holds no article")
        page = FetchedPage(
            address=address, final=fetched.final, fetched=datetime.now(UTC), etag=fetched.etag, modified=fetched.modified,
            kind=fetched.kind, charset=fetched.charset, body=fetched.body, digest=sha256(fetched.body).hexdigest(), stated=stated,
        )  # fmt: skip
    store.keep(page)
    return page


def _fallback(item: Listed, store: PageStore, reason: str) -> str:
    """Where a page cannot be fetched, the whole text that its feed gives, if it does and nothing better is kept."""
    if store.digest(item.address):
        return f"{reason}; what was fetched before is kept"
    if not item.body:
        return reason
    body = item.body.encode()
    page = FetchedPage(
        address=item.address, final=item.address, fetched=datetime.now(UTC), etag=None, modified=None, kind="text/html",
        charset="utf-8", body=body, digest=sha256(body).hexdigest(), stated=item.stated,
    )  # fmt: skip
    store.keep(page)
    return f"{reason}; the text in its feed is taken instead"
