"""A page saved as visible text -> the article in it.

What scraping leaves around an article has a shape of its own: addresses, time stamps, sizes, element paths, lists of
tags, share and comment boxes, newsletter pleas, contacts of the publisher, titles said twice. Lines are told apart by
such shapes and by where they stand relative to the running prose; nothing here knows any one site.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.analyse import fold
from index.errors import ArticleError
from index.furniture import is_furniture, is_prose
from index.metadata import Metadata, is_header, read_metadata

_DATED_TAIL = re.compile(r"\s*(?:\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d\d-\d\d)(?:\s+\d\d[:h]\d\d)?,\s*[^.!?\n]{2,40}$")
_GLUED_STOP = re.compile(r"(?<=[a-zà-öø-ÿ]{2})([.!?…])(?=[\"“«(]?[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’])")
_GLUED_QUOTE = re.compile(r"(?<=[a-zà-öø-ÿ]{2}[.!?])(?=[\"“«][A-ZÀ-ÖØ-Þ])")
_GLUED_WORDS = re.compile(r"(?<![\w@./-])([a-zà-öø-ÿ]{3,})([A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+)(?!\w)")


@dataclass(frozen=True, kw_only=True)
class CleanDocument:
    """What is left of a raw text: the body to quote, and what the page says about itself."""

    text: str
    metadata: Metadata


def clean(raw: str) -> CleanDocument:
    """The article in `raw`, with paragraphs parted by one empty line.

    Raises:
        ArticleError: nothing that could be quoted is left.
    """
    lines = [line for line in unwrap([normalise_spaces(line).strip() for line in normalise_text(raw).split("\n")]) if line]
    metadata, lines = read_metadata(lines)
    kept = _body(lines, metadata.title)
    if not any(char.isalnum() for line in kept for char in line):
        raise ArticleError("no article text: only menus, addresses or boilerplate")
    text = "\n\n".join(kept)
    return CleanDocument(text=unglue(text), metadata=metadata)


def normalise_text(text: str) -> str:
    """NFC, line breaks as \\n, without soft hyphens, zero-width and control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n"))
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co"))


def normalise_spaces(text: str) -> str:
    """Every run of spaces, non-breaking and narrow ones included, as one plain space."""
    return re.sub(r"[^\S\n]+", " ", text)


def unwrap(lines: Sequence[str]) -> list[str]:
    """`lines` with paragraphs that were broken at a fixed width joined again.

    A text is taken as hard-wrapped when most lines that another follows are 50 to 100 characters long and
    do not end as a sentence does.
    """
    followed = [line for line, after in pairwise(lines) if line and after]
    broken = [line for line in followed if 50 <= len(line) <= 100 and not line.endswith((".", "!", "?", "»", '"', ":"))]
    if len(followed) < 3 or len(broken) < 0.6 * len(followed):
        return list(lines)
    joined: list[str] = []
    for before, line in pairwise(["", *lines]):
        if before and line and len(before) >= 40 and not (is_header(before) or is_header(line)):
            joined[-1] = joined[-1][:-1] + line if re.search(r"\w-$", joined[-1]) else f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def unglue(text: str) -> str:
    """Put back the white space that scraping lost between sentences and before a heading's first word.

    "Moscou.La Russie" always gets its space. "trois paysAli" is parted only where "Ali" also stands alone in the
    text, so that names such as easyJet stay whole.
    """
    text = _GLUED_QUOTE.sub(" ", _GLUED_STOP.sub(r"\1 ", text))
    alone = Counter(re.findall(r"(?<!\w)[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+(?!\w)", text))
    return _GLUED_WORDS.sub(lambda match: f"{match[1]}\n\n{match[2]}" if alone[match[2]] else match[0], text)


def _body(lines: Sequence[str], title: str | None) -> list[str]:
    counts = Counter(lines)
    lines = [line for line in lines if not is_furniture(line) and fold(line) != fold(title or "")]
    prose = [number for number, line in enumerate(lines) if is_prose(line)]
    if not prose:
        return lines
    body = []
    for number in range(prose[0], prose[-1] + 1):
        line = lines[number]
        # Between paragraphs, one short line alone is a heading; several in a row are tags, menus or captions.
        heading = number not in (prose[0], prose[-1]) and is_prose(lines[number - 1]) and is_prose(lines[number + 1])
        if is_prose(line) or (heading and counts[line] == 1):
            body.append(_DATED_TAIL.sub("", line))
    return list(dict.fromkeys(body))
