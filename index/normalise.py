"""Characters, spaces and line breaks as they should be: what scraping and old encodings did to a text is undone.

Quotes and apostrophes stay as written, since quotes of an article are shown as they stand in it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from index.furniture import is_item
from index.header import is_header

_UPPER: Final = "A-ZÀ-ÖØ-ÞŒ"
_LOWER: Final = "a-zà-öø-ÿœ"
# Each begins with the rare character, so that little else of a text is looked at.
_GLUED_STOP = re.compile(
    rf"([.!?…])(?<=[{_UPPER}{_LOWER}%\d]{{2}}[.!?…]|[\w\s][²³€£$%»”][.!?…]|\w\"[.!?…])(?=[\"“«(]?[{_UPPER}][{_LOWER}'’])"
)
# A straight quotation mark behind a stop and before a space closes: 'He said "Go home." Then he left.'
_GLUED_OPENING = re.compile(rf"([\"“«])(?<=[{_LOWER}]{{2}}[.!?][\"“«])(?=[{_UPPER}]|(?<=[«“])\s[{_UPPER}])")
_GLUED_CLOSING = re.compile(rf"([»”])(?=[{_UPPER}{_LOWER}][{_LOWER}'’])")
_PLAIN: Final = r"[^\s/@=_#]{0,80}"
_GLUED_COMMA = re.compile(rf"(?<!\S){_PLAIN}(?:[{_LOWER}]{{2}}|[»”]),[{_LOWER}]{_PLAIN}(?!\S)")
_COMMA = re.compile(rf",(?<=[{_LOWER}»”],)(?=[{_LOWER}])")
_CAPITAL_INSIDE = re.compile(rf"[{_UPPER}](?<=[{_LOWER}]{{2}}[{_UPPER}])(?=[{_LOWER}])")
_GLUED_WORDS = re.compile(rf"(?<![\w@./-])([{_LOWER}]{{3,}}|[{_UPPER}][{_LOWER}]{{2,}})([{_UPPER}][{_LOWER}]+)(?!\w)")
_COMPOUND = re.compile(
    r"(?:\b(?:vingt|trente|quarante|cinquante|soixante|quatre|dix|vice|ex|non|sous|demi|mi|semi|quasi|avant|après|porte|franco|anti|nord|sud|est|ouest"
    r"|self|well|long|short|high|low|north|south|cross|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|de|year|day)-)$"
)
_ATTACHED: Final = re.compile(r"(?:ci|là|même|mêmes|il|elle|on|ils|elles|t|ce|je|vous|nous|old|based|term|year|day)\b")
_MISREAD: Final = "ÂÃÅâï"
# Begins with one class, so that little else of a text is looked at.
_MOJIBAKE = re.compile(f"[{_MISREAD}](?:(?<!ï)[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ ]|(?<=ï)»¿)")
_SENTENCE_ENDS: Final = (".", "!", "?", "»", "”", '"', ":", "…", ";")
_BREAKS: Final = "\r\u2028\u2029\x85\x0b\x0c"


def normalise_text(text: str) -> str:
    """NFC, line breaks as \\n, mojibake undone, without soft hyphens, zero-width and control characters."""
    text = unmojibake(text).replace("\r\n", "\n")
    for line_break in _BREAKS:
        text = text.replace(line_break, "\n")
    text = unicodedata.normalize("NFC", text)
    # Printable characters are all seen, though not all that are seen are printable: other spaces are not.
    if text.replace("\n", "").isprintable():
        return text
    unseen = [ord(char) for char in set(text) if _unseen(char)]
    return text.translate(dict.fromkeys(unseen)) if unseen else text


@lru_cache(maxsize=10_000)
def _unseen(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co")


def normalise_spaces(text: str) -> str:
    """Every run of spaces, non-breaking and narrow ones included, as one plain space; none at the ends of lines."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def unmojibake(text: str) -> str:
    """UTF-8 that was read as Windows-1252 ("Ã©" for "é"), line by line, by ftfy, which leaves alone what may be meant."""
    if not any(map(text.__contains__, _MISREAD)) or not _MOJIBAKE.search(text):
        return text
    from ftfy import fix_encoding

    return "\n".join(fix_encoding(line) if _MOJIBAKE.search(line) else line for line in text.split("\n"))


def unwrap(lines: Sequence[str]) -> list[str]:
    """`lines` with paragraphs that were broken at a fixed width joined again; empty lines part paragraphs.

    A text is taken as hard-wrapped when most lines that another follows are 50 to 100 characters long and
    do not end as a sentence does.
    """
    followed = [line for line, after in pairwise(lines) if line and after]
    broken = [line for line in followed if 50 <= len(line) <= 100 and not line.endswith(_SENTENCE_ENDS)]
    if len(followed) < 3 or len(broken) < 0.6 * len(followed):
        return list(lines)
    joined: list[str] = []
    for before, line in pairwise(["", *lines]):
        if before and line and len(before) >= 40 and not (is_header(before) or is_header(line) or is_item(line)):
            joined[-1] = _joined(joined[-1], line)
        else:
            joined.append(line)
    return joined


def _joined(before: str, line: str) -> str:
    if not re.search(r"[^\W\d]-$", before):
        return f"{before} {line}"
    hyphenated = line[0].islower() and not _COMPOUND.search(before) and not _ATTACHED.match(line)
    return before[:-1] + line if hyphenated else before + line


def unglue(text: str) -> str:
    """Put back the white space that scraping lost between sentences and before a heading's first word.

    "Moscou.La Russie" and "Moscou,la Russie" always get their space. "trois paysAli" is parted only where "Ali" also stands alone in the
    text, so that names such as easyJet stay whole.
    """
    text = _GLUED_OPENING.sub(r" \1", _GLUED_STOP.sub(r"\1 ", text))
    text = _GLUED_CLOSING.sub(r"\1 ", text)
    # Between small letters; not in an address or a formula.
    if _COMMA.search(text):
        text = _GLUED_COMMA.sub(lambda match: _COMMA.sub(", ", match[0]), text)
    if not _CAPITAL_INSIDE.search(text):
        return text
    alone = Counter(re.findall(rf"(?<!\w)[{_UPPER}][{_LOWER}]+(?!\w)", text))
    return _GLUED_WORDS.sub(lambda match: f"{match[1]}\n\n{match[2]}" if alone[match[2]] else match[0], text)
