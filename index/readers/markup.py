"""HTML to trees, and trees and plain fields to paragraphs."""

import html
import re
from collections.abc import Iterator
from typing import Any, Final

from index.errors import ArticleError
from index.readers.limits import Limits

_BLOCKS: Final = frozenset(
    "address article aside blockquote body br caption center dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table tbody td th tfoot thead tr ul".split()
)
_HIDDEN: Final = frozenset(("script", "style", "noscript", "template", "head", "svg", "button", "select", "textarea", "iframe", "object"))
_TAG = re.compile(
    r"</(?:p|div|span|a|h[1-6]|li|ul|strong|em|b|i|article|section|body|html)\s*>|<(?:br|hr)\s*/?>|<(?:p|img)\b[^<>]*>", re.IGNORECASE
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE)


def parse_html(text: str, limits: Limits) -> Any:
    """The tree (lxml) of a page.

    Raises:
        ArticleError: it has no elements or too many.
    """
    from lxml import etree
    from lxml import html as parser_of

    # Characters that no XML tree can hold, and a declaration that lxml refuses in decoded text.
    text = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)
    text = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text)
    parser = parser_of.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, recover=True)
    try:
        tree = parser_of.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ArticleError("the page holds no text; save the article as text or PDF") from error
    if sum(1 for _ in tree.iter()) > limits.elements:
        raise ArticleError(f"the page has more than {limits.elements:,} elements; save its text alone")
    return tree


def fragment_text(markup: str) -> str:
    """The text of a piece of HTML that is all article, with its paragraphs parted by empty lines."""
    try:
        return all_text(parse_html(f"<div>{markup}</div>", Limits()))
    except ArticleError:
        return ""


def field_text(text: str) -> str:
    """The text of a field that may hold a piece of HTML, or plain text with or without the entities of HTML."""
    if _TAG.search(text):
        return fragment_text(text)
    return plain_paragraphs(html.unescape(text) if ENTITY.search(text) else text)


def all_text(tree: Any) -> str:
    """Every visible text under an element, blocks parted by empty lines."""
    blocks = "".join(_pieces(tree)).split("\n\n")
    return "\n\n".join(line for block in blocks if (line := " ".join(block.split())))


def _pieces(tree: Any) -> Iterator[str]:
    from lxml import etree

    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if event == "start":
            hidden += tag in _HIDDEN
            yield "\n\n" if tag in _BLOCKS else ""
            yield element.text or "" if not hidden else ""
        else:
            hidden -= tag in _HIDDEN
            yield "\n\n" if tag in _BLOCKS else ""
            yield element.tail or "" if not hidden else ""


def plain_paragraphs(text: str) -> str:
    """`text` with its paragraphs parted by empty lines: each line is one where no line is empty, unless lines were broken at a width."""
    from index.normalise import unwrap

    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if all(lines):
        return "\n\n".join(unwrap(lines))
    blocks = "\n".join(lines).split("\n\n")
    return "\n\n".join(block.strip() for block in blocks if block.strip())
