"""The pages that a collection's addresses lead to, as sources."""

from pathlib import Path
from typing import TYPE_CHECKING

from index.collection import Collection
from index.report import Failure, Watcher
from index.source import Source

if TYPE_CHECKING:
    from index.web.gather import Fetches


def fetch_pages(
    collection: Collection, path: Path, watcher: Watcher, fetcher: "Fetches | None" = None, *, offline: bool = False
) -> tuple[list[Source], list[Failure]]:
    """Fetch every address of the collection into the `PageStore` at `path`. Returns the pages kept there, each once, and what could not be
    fetched. `offline`, nothing is fetched, and the pages are those kept before."""
    if not collection.addresses:
        return [], []
    # Files need none of it.
    from index.web.fetch import Fetcher
    from index.web.gather import Unfetched, gather
    from index.web.policy import Policy
    from index.web.store import PageStore

    store, fetcher = PageStore(path), fetcher or Fetcher(Policy())
    found: dict[str, Source] = {}
    failed: list[Failure] = []
    for root in collection.addresses:
        kept = store.pages(root.location)
        for item in kept if offline else gather(root.location, store, fetcher, lambda total: watcher.start("fetch", total)):
            if isinstance(item, Unfetched):
                failed.append(Failure(path=item.address, reason=item.reason))
            elif not collection.leaves_out(item):
                found[item] = Source(location=item, label=item, path=path, address=item)
                watcher.advance(1)
    return list(found.values()), failed


def forget_pages(root: str, path: Path) -> None:
    """Drop the pages that an address led to, but for those that another leads to."""
    if path.exists():
        from index.web.store import PageStore

        PageStore(path).forget(root)
