"""Which of the texts that an article had is shown: the one that was quoted, where it is still known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from index.article import Article
from index.revisions import Revision
from ui.links import text_digest

State = Literal["present", "kept", "gone", "lost"]


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A text of an article.

    `state` is "present", the text as it is; "kept", an earlier one, found changed at `until`; "gone", the last one kept of an article that
    left the collection; or "lost", the text as it is in place of an earlier one that was not kept.
    """

    article: Article
    state: State = "present"
    until: datetime | None = None
    now: Article | None = None
    """The article as it is, where another text of it is shown."""


def edition(article_id: str, article: Article | None, revisions: Sequence[Revision], digest: str | None) -> Edition | None:
    """The text whose `text_digest` is `digest`; the present one where none was asked for. None: the article is nowhere."""
    if article is not None and (not digest or digest == text_digest(article.text)):
        return Edition(article=article)
    kept = next((revision for revision in revisions if digest == text_digest(revision.text)), None)
    if kept is not None:
        base = article or Article(id=article_id, text="", path="", digest=kept.digest)
        # What is said of the article's date was read with its present text.
        shown = replace(base, text=kept.text, title=kept.title, published=kept.published, origins={})
        return Edition(article=shown, state="kept" if article else "gone", until=kept.seen_until, now=article)
    return Edition(article=article, state="lost") if article is not None else None
