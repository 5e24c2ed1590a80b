"""One record of a table or of JSON -> an article, by the names of its columns."""

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from index.analyse import fold
from index.dates import parse_date
from index.document import Document
from index.errors import ArticleError
from index.metadata import Metadata
from index.readers.html import read_html
from index.readers.limits import Limits
from index.readers.markup import ENTITY, field_text

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": tuple(
        "text texte body content contenu corps articlebody articletext textearticle fulltext textecomplet texteintegral bodytext "
        "corpsdutexte corpsdelarticle maintext cleantext rawtext contenttext bodyhtml contenthtml html article message".split()
    ),
    "title": tuple("title titre headline heading articletitle titrearticle titredelarticle grostitre grandtitre titreprincipal".split()),
    "published": tuple(
        "published publishedat datepublished publishdate publicationdate datepublication datedepublication publisheddate publishedon "
        "pubdate dateparution datedeparution publieele publiele paruele parule firstpublished date datetime jour timestamp".split()
    ),
    "url": tuple("url link lien adresse permalink canonicalurl articleurl sourceurl weburl urlarticle uri address".split()),
    "source": tuple(
        "source site sitename journal media publication publisher outlet newspaper editeur nomdusite sourcename domain domaine".split()
    ),
    "author": tuple("author authors auteur auteurs byline creator journaliste signature authorname".split()),
    "id": tuple("id uuid guid identifiant articleid docid identifier numero".split()),
    "language": tuple("language langue lang languagecode codelangue inlanguage".split()),
}
"""The names of columns that are known, folded, most telling first. Those of a summary ("description", "chapo") are no article's text."""
_LANGUAGES: Final = {"francais": "fr", "french": "fr", "fra": "fr", "fre": "fr", "anglais": "en", "english": "en", "eng": "en"}
_TAG = re.compile(r"<[^<>]{1,200}>")
_PAGE = re.compile(r"<(?:!doctype html|html|body)\b", re.IGNORECASE)


@lru_cache(maxsize=1_000)
def folded_name(name: str) -> str:
    """ "datedepublication" for "Date de publication" and "date_de_publication"; "id" for "_id"."""
    return re.sub(r"[\W_]+", "", fold(name))


def record_article(record: Mapping[str, Any], columns: Mapping[str, str], limits: Limits) -> Document:
    """The article that `record` holds; its id, or "" where it has none, as `Document.record`.

    `columns` names the column of a field ("text": "Corps de l'article") where its name is not among the usual ones.

    Raises:
        ArticleError: no column holds a text; the message names those there are.
    """
    by_name: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(name, str):
            by_name.setdefault(folded_name(name), value)

    def values(field: str) -> Iterator[Any]:
        names = (folded_name(columns[field]),) if field in columns else NAMES[field]
        return (by_name[name] for name in names if name in by_name)

    raw = next((text for value in values("text") if (text := _plain(value)) and text.strip()), None)
    if raw is None:
        seen = ", ".join(sorted(str(name)[:40] for name in record)[:20]) or "none"
        raise ArticleError(f"no text in this record; its columns: {seen}; name the one that holds the text")
    if len(raw) > limits.article:
        raise ArticleError(f"too large for an article: {len(raw):,} characters, the limit is {limits.article:,}; split it")
    page = _text(raw, limits)
    metadata = _metadata({field: list(values(field)) for field in NAMES if field not in ("text", "id")}, page.metadata)
    identity = next((text for value in values("id") if (text := _plain(value)) and text.strip()), "")
    return Document(
        text=page.text, digest=_digest(record, columns), record=" ".join(identity.split())[:200], scraped=page.scraped, metadata=metadata,
    )  # fmt: skip


def _digest(record: Mapping[str, Any], columns: Mapping[str, str]) -> str:
    # Under other names of columns a record is another article.
    content = [record, dict(columns)] if columns else record
    serialised = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(serialised.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any, depth: int = 0) -> str | None:
    """The text of a value: of {"rendered": ...} or {"name": ...} what it wraps, of a list its parts as paragraphs."""
    if depth > 4:
        return None
    if isinstance(value, dict):
        inner = next((value[name] for name in ("rendered", "value", "text", "name", "#text", "$oid", "$date") if name in value), None)
        return _plain(inner, depth + 1)
    if isinstance(value, list):
        return "\n\n".join(text for item in value if (text := _plain(item, depth + 1))) or None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        # A lone half of a surrogate pair, which JSON can write and no file can hold.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _text(raw: str, limits: Limits) -> Document:
    """The text of `raw`: of a whole web page its article, of anything else everything."""
    if _PAGE.search(raw[:2000]):
        return read_html(raw.encode("utf-8", "replace"), charset="utf-8", limits=limits)
    text = field_text(raw)
    if not any(char.isalnum() for char in text):
        raise ArticleError("the text of this record has no words")
    return Document(text=text, digest="")


def _metadata(found: Mapping[str, list[Any]], page: Metadata) -> Metadata:
    lines = ("title", "url", "source", "language")
    first = {field: [text for value in found[field] if (text := _one_line(_plain(value)))] for field in lines}
    addresses = [value for value in (*first["url"], *first["source"]) if re.match(r"https?://[^\s/]", value)]
    language = fold(first["language"][0]) if first["language"] else ""
    stated = {
        "title": next(iter(first["title"]), None),
        "published": next((day for value in found["published"] if (day := _date(value))), None),
        "url": next((value for value in addresses if not re.search(r"\s", value)), None),
        "source": next((value for value in first["source"] if "://" not in value), None),
        "author": next(iter(_names(found["author"])), None),
        "language": _LANGUAGES.get(language) or (match[1] if (match := re.match(r"([a-z]{2,3})(?:[-_]|$)", language)) else None),
    }
    fields = {name: value or getattr(page, name) for name, value in stated.items()}
    origins = {name: "column" if value else page.origins.get(name, "") for name, value in stated.items() if fields[name]}
    return Metadata(**fields, origins=origins)


def _one_line(text: str | None) -> str | None:
    if not text:
        return None
    if "<" in text or "&" in text:
        text = ENTITY.sub(lambda match: html.unescape(match[0]), _TAG.sub("", text))
    return " ".join(text.split())[:1000]


def _names(values: list[Any]) -> Iterator[str]:
    for value in values:
        names = [_one_line(_plain(item)) for item in value] if isinstance(value, list) else [_one_line(_plain(value))]
        if joined := ", ".join(name for name in names if name):
            yield joined


def _date(value: Any) -> str | None:
    """A date as written, or as seconds or milliseconds since 1970, as programs count them."""
    text = _plain(value)
    if text is None:
        return None
    number = re.fullmatch(r"\s*(\d{9,10})(\d{3})?(?:\.\d+)?\s*", text)
    if number:
        return datetime.fromtimestamp(int(number[1]), UTC).date().isoformat()
    compact = re.fullmatch(r"\s*((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?\s*", text)
    return parse_date("-".join(compact.groups())) if compact else parse_date(text[:80])
