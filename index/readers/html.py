"""Web pages: the article in a page, and what the page says of it.

The body is found by trafilatura, and the lines of the page that it leaves are dropped (`index.body`). Its settings on the twelve
builds of page in `tests/index/readers/pages.py` (61 texts that must be there, 85 that must not): balanced 61 kept and 2 too many ("Lire
aussi", "Publicité": lines that cleaning knows), so is favouring recall; favouring precision keeps 60 and none too many, but loses a
standfirst, which is what answers most questions; its baseline 61 and 5. On pages of a real site: `python -m tests.bench.pages`.
"""

import codecs
import hashlib
import logging
import re
from typing import Any, Final

from index.analyse import fold
from index.body import without_furniture
from index.document import Document
from index.errors import ArticleError
from index.metadata import settle
from index.readers.decode import decode, marked_encoding
from index.readers.limits import Limits
from index.readers.linked import article_data, text_of
from index.readers.markup import all_text, field_text, parse_html
from index.readers.page import page_metadata
from index.readers.part import Context, Found, Part
from index.scraped import told_around

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_:.-]{2,40})""")
_SCRIPTED = re.compile(rb"<script\b|<noscript\b", re.IGNORECASE)
_NOT_OF_PAGES: Final = frozenset(
    "base64 bz2 hex idna mbcs oem punycode quopri raw-unicode-escape rot13 undefined unicode-escape utf-7 uu zlib".split()
)
_WANTS_SCRIPTS = re.compile(
    r"\b(?:enable|activate|activer|activez|turn on|without|sans|requires?|necessite)\b.{0,40}\bjava ?script"
    r"|\bjava ?script (?:is|est) (?:dis|des|re|ne)"
)
_NOTICE: Final = 400
"""Characters of the notice that a page shows where no scripts run; an article about JavaScript is longer."""
NO_SCRIPTS: Final = "the page holds no text without JavaScript; save it from the browser as text or PDF"


def read_html(data: bytes, *, address: str | None = None, charset: str | None = None, limits: Limits | None = None) -> Document:
    """The article in a page that was fetched from `address`; `charset` is what the server said of its encoding.

    Nothing is fetched: neither styles, images or frames, nor external entities.

    Raises:
        ArticleError: the page holds no text, or is too large or in no known encoding.
    """
    limits = limits or Limits()
    if len(data) > limits.article:
        raise ArticleError(f"too large for a page: {len(data):,} bytes, the limit is {limits.article:,}; save its text alone")
    tree = parse_html(decode_html(data, charset), limits)
    metadata = page_metadata(tree, data, address)
    linked = text_of(article_data(tree, set()).get("articleBody")) or ""
    text, scraped = _body(tree)
    # Some sites draw the text by a script and give it whole to search engines; trafilatura then takes it as one paragraph.
    if len(linked) > 2 * len(text) or (linked and "\n\n" not in text and text in " ".join(linked.split())):
        text, scraped = field_text(linked), False
    head, _, rest = text.partition("\n\n")
    if rest and metadata.title and fold(head) == fold(metadata.title):
        text = rest
    if not scraped:
        lines, around = without_furniture(text.split("\n\n"))
        text, metadata = "\n\n".join(lines), settle([metadata, *told_around(around)])
    scripted = bool(_SCRIPTED.search(data))
    if (scripted and len(text) < _NOTICE and _WANTS_SCRIPTS.search(fold(text))) or not any(char.isalnum() for char in text):
        raise ArticleError(NO_SCRIPTS if scripted else "the page holds no text; save the article as text or PDF")
    return Document(text=text, digest=hashlib.sha256(data).hexdigest(), scraped=scraped, metadata=metadata)


def read_html_part(part: Part, context: Context) -> Found:
    """The one article of an HTML file."""
    yield read_html(part.read(context.limits.article), address=part.address, charset=part.charset, limits=context.limits)


def read_archive_page(part: Part, context: Context) -> Found:
    """The page in an MHTML file, as browsers save a page with its images (RFC 2557)."""
    import email
    import email.policy

    try:
        message = email.message_from_bytes(part.read(context.limits.whole), policy=email.policy.compat32)
        page = next((item for item in message.walk() if item.get_content_type() in ("text/html", "application/xhtml+xml")), None)
        data = page.get_payload(decode=True) if page is not None else None
        charset = page.get_content_charset() if page is not None else None
        address = str(message.get("Snapshot-Content-Location") or (page.get("Content-Location") if page is not None else None) or "")
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise ArticleError("a damaged MHTML file; save the page again") from error
    if not isinstance(data, bytes) or not data.strip():
        raise ArticleError("an MHTML file without a page; save the page again, or as HTML")
    yield read_html(data, address=address if address.startswith("http") else None, charset=charset, limits=context.limits)


def decode_html(data: bytes, charset: str | None = None) -> str:
    """The text of a page, in the order of the HTML standard: byte order mark, server, meta tag; then by its bytes.

    Raises:
        ArticleError: empty or in no known encoding.
    """
    if not data.strip():
        raise ArticleError("the file is empty")
    if marked_encoding(data):
        return decode(data)
    # Within the first 1,024 bytes by the standard; generated pages put it later.
    match = _CHARSET.search(data[:8192]) or _XML_ENCODING.search(data[:200])
    for name in (charset, match[1].decode("ascii") if match else None, "utf-8"):
        encoding = _codec(name)
        if encoding is None:
            continue
        try:
            return data.decode(encoding)
        except UnicodeError:
            text = data.decode(encoding, "replace")
            # A few cut characters, as of clipped teasers, do not make the page another encoding.
            lost = text.count("\ufffd")
            kept = sum(ord(char) > 127 for char in text) - lost
            if encoding == "utf-8" and (kept > 20 * lost or (kept >= lost and len(text) > 1000 * lost)):
                return text
    return decode(data)


def _body(tree: Any) -> tuple[str, bool]:
    """The article's paragraphs, and whether they are all text of the page because no article was found in it."""
    from trafilatura import bare_extraction

    # On short pages trafilatura takes everything, what is shown without scripts included. An element that was never closed may hold the
    # article: paragraphs save it.
    for element in tree.xpath(
        "//nav[not(.//p)] | //footer[not(.//p[string-length(.) > 200])] | //noscript[not(.//p[string-length(.) > 200])]"
    ):
        element.drop_tree()
    # Its remarks on pages that it gives up are for its developers.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = bare_extraction(tree, include_comments=False, include_tables=True, with_metadata=False)
        text = str(found.text or "") if found is not None else ""
    except Exception:
        # It walks trees of any shape with rules of its own, and fails on odd ones in as many ways; the text is still there.
        text = ""
    if text.strip():
        return "\n\n".join(line for part in text.split("\n") if (line := " ".join(part.split()))), False
    return all_text(tree), True


def _codec(name: str | None) -> str | None:
    """Python's codec for an encoding's name in HTML, where "iso-8859-1" and "ascii" mean cp1252 (https://encoding.spec.whatwg.org)."""
    if not name:
        return None
    try:
        codec = codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    # A tag that could be read byte by byte was not in UTF-16; the others are no encodings of pages, or not of text.
    if codec.startswith(("utf-16", "utf-32")):
        return "utf-8"
    if codec in _NOT_OF_PAGES:
        return None
    return "cp1252" if codec in ("iso8859-1", "ascii") else codec
