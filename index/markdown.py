"""Markdown files to the plain text that a reader sees, with the fields of their front matter as header lines."""

import re
from typing import Final

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(\w+)\s*:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)
_KNOWN: Final = {"title", "titre", "date", "published", "url", "link", "source", "site"}
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")
_LINE_START = re.compile(r"^\s*(?:>\s?|[-*+]\s+(?=\S)|```.*$|---+\s*$)", re.MULTILINE)


def strip_markdown(text: str) -> str:
    """`text` without its marks. The first heading becomes the title unless the front matter gives one."""
    fields: dict[str, str] = {}
    if match := _FRONT_MATTER.match(text):
        fields = {key.lower(): value for key, value in _FIELD.findall(match[1]) if key.lower() in _KNOWN}
        text = text[match.end() :]
    heading = _HEADING.search(text)
    if heading and not fields.keys() & {"title", "titre"}:
        fields["title"] = heading[1]
        text = text[: heading.start()] + text[heading.end() :]
    text = _HEADING.sub(r"\1", text)
    text = _LINE_START.sub("", _IMAGE.sub("", text))
    text = _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text))
    return "".join(f"{key}: {value}\n" for key, value in fields.items()) + text
