"""Words that were parted at the end of a line."""

import re
from collections import Counter
from typing import Final

_HYPHENS: Final = "-\u2010\u00ad"
_TAIL = re.compile(r"([\w’']+(?:-[\w’']+)*).$", re.DOTALL)
_WORD: Final = 100
"""Characters that are searched for the beginning of a word."""
_HEAD = re.compile(r"[\w’']+(?:-[\w’']+)*")
# Of French and English compounds that keep their hyphen.
_BEFORE: Final = frozenset(
    "porte vice sous ex non demi mi semi contre après avant grand grands grande celui celle ceux celles quelques peut c'est dit chef lieu "
    "au là sud nord est ouest nouveau premier franco anglo afro euro russo sino pro anti arrière bas basse haut haute moyen libre tout "
    "rendez saint sainte vingt trente quarante cinquante soixante quatre long short well self co so two three mid all post old year".split()
)
_AFTER: Final = frozenset(
    "il elle on ils elles je tu nous vous ce ci là même mêmes t moi toi lui leur y en être dessus dessous vis d'oeuvre d'œuvre parole "
    "président major ministre général based old year term level".split()
)


def join_lines(before: str, after: str, words: Counter[str]) -> str:
    """`before` and the line below it, as one. A hyphen at the end of `before` stays where it is the word's own: as the document
    writes the word elsewhere (`words`, lower-cased), before a capital or a digit, and in usual compounds."""
    if not before:
        return after
    match = _TAIL.search(before[-_WORD:]) if before[-1] in _HYPHENS else None
    head = _HEAD.match(after)
    if not match or not head:
        return f"{before} {after}"
    stem = before[:-1]
    if before[-1] == "\u00ad":
        return stem + after
    return f"{stem}-{after}" if _keeps_hyphen(match[1].lower(), head[0], words) else stem + after


def _keeps_hyphen(tail: str, head: str, words: Counter[str]) -> bool:
    if not head[0].islower():
        return True
    first, last = tail.rpartition("-")[2], head.partition("-")[0]
    whole, parted = words[tail + head], words[f"{tail}-{head}"]
    if whole != parted:
        return parted > whole
    return first in _BEFORE or last in _AFTER or last.startswith(("t-", "d'", "d’", "l'"))
