"""Something that articles are read from: a file, or a page that was fetched; and its articles, ready for the index."""

import hashlib
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.article import Article, Entry, Span, article_id
from index.document import Document, Unread
from index.errors import ArticleError, GriotError
from index.sentences import sentence_spans

if TYPE_CHECKING:
    from index.readers.walk import Walk
    from index.web.store import FetchedPage

_BLOCK: Final = 1 << 20
_SUFFIXES: Final = {
    "application/pdf": ".pdf", "text/plain": ".txt", "text/markdown": ".md", "application/json": ".json", "text/csv": ".csv",
    "application/zip": ".zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file, by its place and its name for people; or, with an `address`, a page kept in the `PageStore` at `path`."""

    location: str
    label: str
    path: Path
    address: str | None = None

    def digest(self) -> str:
        """SHA-256 of its bytes, in hex.

        Raises:
            ArticleError: a page that is not kept any more, or no regular file: to open a pipe is to wait for one who writes.
            OSError: it cannot be opened.
        """
        if self.address:
            return _page(self).digest
        if not stat.S_ISREG(self.path.stat().st_mode):
            raise ArticleError("not a regular file (a pipe, socket or device)")
        found = hashlib.sha256()
        with self.path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                found.update(block)
        return found.hexdigest()


def read_entries(source: Source, columns: Mapping[str, str], walk: "Walk | None" = None) -> Iterator[Entry | Unread]:
    """Every article of a source, or those of a `walk` through a share of it, cleaned and parted into passages; and what in it holds none.

    Raises:
        ArticleError: nothing in it can be read.
        OSError: it cannot be opened.
    """
    for item in _documents(source, columns, walk):
        if isinstance(item, Unread):
            yield item
            continue
        try:
            yield _entry(source, item)
        except GriotError as error:
            if not item.record:
                raise
            yield Unread(record=item.record, reason=str(error), named=True)


def _documents(source: Source, columns: Mapping[str, str], walk: "Walk | None") -> Iterator[Document | Unread]:
    # A question needs none of what reading articles does.
    from index.metadata import settle
    from index.read import read_bytes, read_documents

    if not source.address:
        yield from read_documents(source.path, columns=columns, walk=walk)
        return
    page = _page(source)
    name = "page" + _SUFFIXES.get(page.kind or "", ".html")
    for item in read_bytes(page.body, name, address=page.final, charset=page.charset):
        yield replace(item, metadata=settle([item.metadata, page.stated])) if isinstance(item, Document) else item


def _page(source: Source) -> "FetchedPage":
    from index.web.store import PageStore

    page = PageStore(source.path).page(source.address or "")
    if page is None:
        raise ArticleError("the page is not kept any more; fetch it again with: griot index")
    return page


def _entry(source: Source, document: Document) -> Entry:
    from index.clean import clean_document

    inside = f"/{document.record}" if document.record else ""
    location, path = source.location + inside, source.label + inside
    cleaned = clean_document(document, path)
    about = cleaned.metadata
    article = Article(
        id=article_id(location), text=cleaned.text, path=path, digest=document.digest, title=about.title, url=about.url,
        source=about.source, author=about.author, published=about.published, language=about.language, origins=about.origins,
    )  # fmt: skip
    return make_entry(article, location, source.location)


def make_entry(article: Article, location: str, source: str | None = None) -> Entry:
    """An article with the spans of its passages, each checked to lie in the text; `source` is where it is read from, if not `location`.

    Raises:
        ArticleError: it holds no sentence.
    """
    from index.chunk import chunk
    from index.shingles import signature

    sentences = sentence_spans(article.text, article.language)
    spans = chunk(article.text, sentences)
    if not spans:
        raise ArticleError("no sentence to index")
    _check(article, spans)
    return Entry(
        article=article, location=location, source=source or location, spans=spans, sentences=sentences,
        signature=signature(article.text).to_bytes(),
    )  # fmt: skip


def _check(article: Article, spans: list[Span]) -> None:
    for (start, end), after in zip(spans, [*(span[0] for span in spans[1:]), len(article.text)], strict=True):
        if not 0 <= start < end <= after:
            raise GriotError(f"passage {start}-{end} of {article.path} is out of order; report this with the article")
