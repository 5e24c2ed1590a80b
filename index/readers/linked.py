"""JSON-LD in a page: the data that it gives search engines about its article (https://schema.org/Article)."""

import json
from collections.abc import Iterator, Set
from typing import Any, Final

from index.analyse import fold

_ARTICLES: Final = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle BackgroundNewsArticle OpinionNewsArticle ReviewNewsArticle "
    "AskPublicNewsArticle BlogPosting LiveBlogPosting SocialMediaPosting Report Review Interview".split()
)
_PAGES: Final = frozenset(("WebPage", "ItemPage", "AboutPage"))
_LARGEST: Final = 2_000_000
"""Characters of one script: some sites put the whole text in it, none a book."""


def article_data(tree: Any, headings: Set[str]) -> dict[str, Any]:
    """The fields of the article that the page `tree` is about; {} when it has none or it is unclear which.

    `headings` are the page's own titles, folded, which tell its article from others that it describes.
    """
    items = [item for script in tree.iter("script") for item in _items(script)]
    articles = [item for item in items if _is_a(item, _ARTICLES)]
    if len(articles) > 1:
        named = [item for item in articles if any(fold(text_of(item.get("headline")) or "\0") in heading for heading in headings)]
        articles = named[:1]
    # WordPress repeats the date in a WebPage beside the article, and is often set up without the article.
    pages = [item for item in items if _is_a(item, _PAGES)]
    merged: dict[str, Any] = {}
    for item in [*articles, *(pages if len(pages) == 1 else [])]:
        for key, value in item.items():
            merged.setdefault(key, value)
    for item in items:
        if "name" in item and _is_a(item, frozenset(("Organization", "NewsMediaOrganization", "WebSite"))):
            merged.setdefault("publisher", item)
    return merged


def publisher_of(linked: dict[str, Any]) -> str | None:
    """The publisher's name."""
    return text_of(linked.get("publisher"))


def text_of(value: Any) -> str | None:
    """The text that a field holds: itself, or the name or address of the thing that it is."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("name") or value.get("@value") or value.get("url") or value.get("@id")
        else:
            break
    return value.strip() or None if isinstance(value, str) else None


def _items(script: Any) -> Iterator[dict[str, Any]]:
    """The things that a script describes at its top, in a list or in "@graph"; not those within others."""
    if "ld+json" not in (script.get("type") or "").lower() or not script.text or len(script.text) > _LARGEST:
        return
    try:
        content = json.loads(_unwrapped(script.text), strict=False)
    except (ValueError, RecursionError):
        return
    for item in content if isinstance(content, list) else [content]:
        if isinstance(item, dict):
            graph = item.get("@graph")
            yield from (part for part in graph if isinstance(part, dict)) if isinstance(graph, list) else (item,)


def _unwrapped(script: str) -> str:
    """A script without the marks that hide it from old browsers and XML."""
    text = script.strip()
    for mark in ("<!--", "//", "<![CDATA[", "//"):
        text = text.removeprefix(mark).lstrip()
    for mark in (";", "-->", "]]>", "//"):
        text = text.removesuffix(mark).rstrip()
    return text


def _is_a(item: dict[str, Any], kinds: Set[str]) -> bool:
    stated = item.get("@type")
    types = stated if isinstance(stated, list) else [stated]
    return any(isinstance(kind, str) and kind.rpartition("/")[2] in kinds for kind in types)
