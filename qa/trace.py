"""Whether what a citation quotes stands, or stood, where it says: for answers that were saved."""

from dataclasses import dataclass
from datetime import datetime

from index.article import Article
from index.revisions import Revisions
from qa.answer import Citation


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Whether the articles hold, or held, a quote: `changed` is when it was found to have changed since, `gone` that the article is in the
    collection no longer."""

    held: bool
    changed: datetime | None = None
    gone: bool = False


def trace(citation: Citation, article: Article | None, revisions: Revisions) -> Trace:
    """Where the quote of a citation stands: in `article` as it is, or in an earlier text of it."""
    if article is not None and article.text[citation.start : citation.end] == citation.quote:
        return Trace(held=True)
    earlier = revisions.find(citation.article_id, citation.quote, citation.start, citation.end)
    return Trace(held=earlier is not None, changed=earlier.seen_until if earlier else None, gone=article is None)
