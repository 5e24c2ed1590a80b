"""Markdown files to the plain text that a reader sees, and the fields of their front matter.

Front matter is read by PyYAML's BaseLoader, which makes nothing but strings of it (no dates that may not exist, no
objects); what is no YAML is read line by line, so that a stray colon loses a field at most.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from index.analyse import fold
from index.dates import find_date
from index.header import ADDRESS, FIELDS, language_code
from index.metadata import Metadata, settle, told
from index.readers.columns import NAMES, folded_name

_FRONT_MATTER = re.compile(
    r"\A\ufeff?\s*(?:---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)|\+\+\+[ \t]*\r?\n(.*?)\r?\n\+\+\+)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_FIELD = re.compile(r"^([\w -]+?)\s*[:=]\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\[\]]+)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")
_LINE_START = re.compile(r"^[^\S\n]*(?:>\s?|[-*+]\s+(?=\S)|```.*$|---+\s*$)", re.MULTILINE)
_LARGEST: Final = 20_000
"""Characters of front matter beyond which it is read line by line: no YAML of an article is so long."""
_COLUMNS: Final = {name: field for field, names in NAMES.items() if field not in ("text", "id") for name in names}
"""The names that tables give their columns, which front matter uses too ("publishDate", "canonical_url")."""
_KEYS: Final = ("title", "published", "url", "source", "author", "language")


def read_markdown(text: str) -> tuple[str, Metadata]:
    """The text without its marks, and what its front matter and first heading say.

    A field may hold a list (the authors, joined by commas) or a mapping (its "name", "title" or "url").
    """
    match = _FRONT_MATTER.match(text)
    stated: dict[str, str] = {}
    if match:
        stated = _stated(match[1] or match[2])
        text = text[match.end() :]
    heading = _HEADING.search(text)
    title = None
    if heading and "title" not in stated:
        title = _unmarked(heading[1])
    if heading and (title or (fold(_unmarked(heading[1])) == fold(stated["title"]) and not text[: heading.start()].strip())):
        text = text[: heading.start()] + text[heading.end() :]
    metadata = settle([told("front matter", **stated), told("heading", title=title)])
    return _unmarked(_LINE_START.sub("", _HEADING.sub(r"\1", text))), metadata


def strip_markdown(text: str) -> str:
    """The same as one text, its fields as "key: value" lines on top."""
    body, metadata = read_markdown(text)
    known = {"date" if name == "published" else name: getattr(metadata, name) for name in _KEYS}
    return "".join(f"{name}: {value}\n" for name, value in known.items() if value) + body


def _unmarked(text: str) -> str:
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", _IMAGE.sub("", text)))


def _stated(source: str) -> dict[str, str]:
    stated: dict[str, str] = {}
    for key, written in _pairs(source):
        name = FIELDS.get(fold(key).replace("_", " ").replace("-", " ")) or _COLUMNS.get(folded_name(key))
        value = " ".join(written.split())
        if name == "source" and ADDRESS.match(value):
            name = "url"
        if name is None or not value or (name == "url") != bool(ADDRESS.match(value)):
            continue
        if found := find_date(value) if name == "published" else language_code(value) if name == "language" else value:
            stated.setdefault(name, found)
    return stated


def _pairs(source: str) -> list[tuple[str, str]]:
    import yaml

    if len(source) <= _LARGEST:
        try:
            loaded = yaml.load(source, Loader=yaml.BaseLoader)
        except (yaml.YAMLError, RecursionError):
            loaded = None
        if isinstance(loaded, Mapping):
            return [(str(key), _flat(value)) for key, value in loaded.items()]
    return _FIELD.findall(source)


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("name", "nom", "title", "url") if isinstance(value.get(key), str)), "")
    if isinstance(value, list):
        return ", ".join(filter(None, (_flat(item) if isinstance(item, Mapping) else item for item in value if not isinstance(item, list))))
    return value if isinstance(value, str) else ""
