"""Lines fit for a page: white space, invisible characters, and the narrow spaces of French typography."""

import re
import unicodedata
from typing import Final

from qa.answer import quoted
from ui.texts import Language

_THIN: Final = "\u202f"
# Overrides, embeddings and isolates would turn around what stands after them: UAX #9, "explicit directional formatting characters".
_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INSIDE_GUILLEMETS: Final = re.compile(r"(?<=«) | (?=»)")


def one_line(text: str) -> str:
    """`text` with every run of white space as one space, without what cannot be seen or written: control characters, those that change
    the direction of what follows, and halves of characters."""
    return " ".join("".join(char for char in text if char.isspace() or not _unseen(char)).split())


def quotation(text: str, language: Language) -> str:
    """`text` on one line, in the quotation marks of `language`; guillemets are held to it, its own words stay as published."""
    marked = quoted(one_line(text), language)
    return f"«{_THIN}{marked[2:-2]}{_THIN}»" if marked.startswith("« ") else marked


def french(text: str) -> str:
    """`text` with its guillemets, colons and other tall signs held to their words."""
    return re.sub(r" (?=[;:!?])", _THIN, _INSIDE_GUILLEMETS.sub(_THIN, text))


def _unseen(char: str) -> bool:
    return char in _DIRECTIONS or unicodedata.category(char) in ("Cc", "Cs")
