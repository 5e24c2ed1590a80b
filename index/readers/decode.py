"""Bytes of a text to characters.

Weighed: charset-normalizer 3.5 against the rules below, on 174 texts such as those of `tests/index/readers/test_decode.py` (French
and English, one word to a page, in eight encodings): 104 right, 134 when told to consider the encodings below only, against
174 here. Its shares of letters need more text than a headline has; which accents French uses, and where in a word, does not.
"""

import re
from itertools import islice
from typing import Final

from index.errors import ArticleError

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
                (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip
_LEGACY: Final = ("cp1252", "mac_roman", "cp850", "iso8859_15")
_COMMON: Final = frozenset("éèàêçôîùûâïëœÉÈÀÊÇÔÎŒ")
_OTHERS: Final = frozenset("äöüÿæÂÙÛËÏÄÖÜÆñáíóúãõßåø")
_TYPOGRAPHY: Final = frozenset("«»’‘“”–—…°€£\xa0")
_LONE: Final = frozenset("àÀôÔéÉ")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LEAST: Final = 0.5
"""Least mean plausibility of the characters beyond ASCII. French and English texts in their own encoding are above 0.8."""
_SAMPLE: Final = 4000
"""Characters beyond ASCII that are weighed: those of some 30 pages of French."""


def decode(data: bytes) -> str:
    """Text of a file in UTF-8, UTF-16, UTF-32 or one of the old encodings of French (cp1252, Latin-9, Mac Roman, cp850).

    Raises:
        ArticleError: empty, binary, or in none of them.
    """
    if not data.strip():
        raise ArticleError("the file is empty")
    if encoding := marked_encoding(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            raise ArticleError(f"marked as {encoding} but damaged at byte {error.start}; save the file again as UTF-8") from error
    if is_binary(data):
        raise ArticleError("binary data, not text; save the article as text, HTML or PDF")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(data, error)


def marked_encoding(data: bytes) -> str | None:
    """The encoding that a byte order mark at the start of `data` names."""
    return next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)


def is_binary(data: bytes) -> bool:
    """Whether `data`, in one of the encodings without a byte order mark, is no text."""
    head = data[:4096]
    return b"\x00" in data or sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1b" for byte in head) > len(head) / 100


def legacy_encoding(data: bytes) -> str | None:
    """Which of the old encodings makes French or English of `data`, if one does."""
    scores = {encoding: _plausibility(data, encoding) for encoding in _LEGACY}
    best = max(scores, key=lambda encoding: (scores[encoding], -_LEGACY.index(encoding)))
    return best if scores[best] >= _LEAST else None


def _decode_legacy(data: bytes, error: UnicodeDecodeError) -> str:
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    kept = sum(ord(char) > 127 for char in text) - lost
    if kept > lost:
        raise ArticleError(f"damaged UTF-8 at byte {error.start}; save the file again as UTF-8")
    encoding = legacy_encoding(data)
    if encoding is None:
        raise ArticleError("in no known encoding (tried UTF-8, cp1252, Latin-9, Mac Roman, cp850); save the file as UTF-8")
    return data.decode(encoding)


def _plausibility(data: bytes, encoding: str) -> float:
    """How French or English the characters beyond ASCII look where they stand, from 0 to 1, were `data` in `encoding`."""
    try:
        text = f" {data.decode(encoding)} "
    except UnicodeDecodeError:
        return 0.0
    places = [match.start() for match in islice(_BEYOND_ASCII.finditer(text), _SAMPLE)]
    return sum(_fit(text[place - 1], text[place], text[place + 1]) for place in places) / max(len(places), 1)


def _fit(before: str, char: str, after: str) -> float:
    inside = before.isalpha() and after.isalpha()
    if char in _COMMON or char in _OTHERS:
        lone = not before.isalpha() and not after.isalpha() and char not in _LONE
        # "DÇfense" and "clÇ" are "Défense" and "clé" in the wrong encoding.
        clash = (char.isupper() and before.islower()) or (char.islower() and after.isupper())
        misplaced = lone or clash or after.isdigit() or before.isdigit()
        return 0.1 if misplaced else (1.0 if char in _COMMON else 0.6)
    if char not in _TYPOGRAPHY:
        return 0.0
    if char in "€£":
        return 0.9 if before.isdigit() or after.isdigit() or not inside else 0.1
    # An apostrophe stands within words, a dash or a space may; quotation marks, ellipses and degrees do not.
    return 0.9 if not inside or char in "’–—\xa0" else 0.1
