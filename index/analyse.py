"""Words of a text as the lexical half counts them: elisions cut, accents folded, stemmed, function words dropped."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain, pairwise
from typing import Any, Final

STOP_WORDS: Final[dict[str, frozenset[str]]] = {
    "fr": frozenset(
        (
            "a à au aux avec c ce ceci cela celle celles celui ces cet cette ceux chaque chez comme d dans de des donc dont "
            "du elle elles en encore entre es est et étaient étais était étant été être eu eux fait furent fut il ils j je "
            "jusque l la là le les leur leurs lors lorsque lui m ma mais me même mêmes mes moi mon n ne ni nos notre nous on "
            "ont ou où par parce pas pendant peu peut peuvent plus pour puis puisque qu quand que quelque quelques quoique s "
            "sa sans se selon sera seront serait ses si sien soi soit sommes son sont sous suis sur t ta tandis te tel telle "
            "telles tels tes toi ton tous tout toute toutes très tu un une va vers voici voilà vont vos votre vous vu y ai as "
            "avait avaient avez avons aura auront aurait ayant ait aient afin ainsi alors après aussi autre autres avant bien "
            "car cependant depuis dès doit doivent faire font hors ici mal moins notamment non ou peuvent plutôt presque "
            "quant surtout toujours trop"
        ).split()
    ),
    "en": frozenset(
        (
            "a an and are as at be been being but by can could did do does for from had has have he her hers him his i if in "
            "into is it its may me might more most my no nor not of on or our ours out over own shall she should so some such "
            "than that the their theirs them then there these they this those through to too under until up us very was we "
            "were while will with would you your yours s t d ll re ve about after again all also any because before between "
            "both during each few further here just only other same"
        ).split()
    ),
}
QUESTION_WORDS: Final[dict[str, frozenset[str]]] = {
    "fr": frozenset(
        (
            "qui que qu quoi quel quelle quels quelles quand comment pourquoi combien où lequel laquelle lesquels lesquelles "
            "duquel auquel est-ce ce t il elle ils elles dit dis moi donne donner cite citer explique expliquer parle peux "
            "pouvez savoir sait quels"
        ).split()
    ),
    "en": frozenset(("who whom whose what which when where why how much many tell give name say said know long").split()),
}
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu|entr)'(?=\w)")
_ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.-?){2,}(?:[^\W\d_](?![^\W_]))?")
_THOUSANDS = re.compile(r"[ \u00a0\u2009\u202f](?<=\d.)(?<!\d{4}.)(?=\d{3}(?!\d))")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?:(?<=\d)[.,]\d+)*")
_AROUND: Final = '.,;:!?…()[]«»"“”'
"""What may stand around a word, and makes nothing else of it."""
# Most words begin with two letters: neither a number nor an acronym, so these are looked for last.
_PLACED = re.compile(
    r"[^\W\d_]{2}[^\W_]*|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)|(?:[^\W\d_]\.){2,}[^\W\d_]?(?![^\W_])|\d+(?:[.,]\d+)*|[^\W_]+"
)
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_GROUPS = re.compile(r"[ \u00a0\u2009\u202f]")
_MARKS = re.compile("[\u0300-\u036f]+")
_PAGE: Final = "cp1252"
"""The code page of the letters of French and English."""
_MICRO: Final = "µ".encode(_PAGE)
"""The one character of it that is folded to another that it lacks."""
_NARROW: Final = {0x2009: " ", 0x202F: " "}
"""Spaces of French typography that the page lacks."""
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "’": "'", "ʼ": "'", "ς": "σ"})
# Snowball leaves "militair" beside "militar"; cut at seven letters, words of one family meet more often. nDCG@10 on
# piaf-dev / afriqa-dev / news-dev: uncut 0.788 / 0.839 / 0.927, at 7 letters 0.791 / 0.842 / 0.935, at 6 0.792 / 0.850 / 0.930.
STEM_LENGTH: Final = 7
SHORT: Final = 64
"""Characters up to which a word is remembered with its terms: what is longer is seldom met again, and may be very long."""
REMEMBERED: Final = 200_000
"""Words whose stems are remembered, of each language."""
_SNOWBALL: Final = {"fr": "french", "en": "english"}


def fold(text: str) -> str:
    """`text` without case, accents, ligatures and typographic apostrophes; what matching compares."""
    if text.isascii():
        return text.lower()
    known = _in_bytes(text)
    if known is None:
        return text.translate(_FOLDS)
    levels, longer = _page_tables()
    found = known.translate(levels).decode(_PAGE)
    for char, several in longer:
        if char in found:
            found = found.replace(char, several)
    return found


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).lower().translate(_LIGATURES)
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", plain))
    # French needs no more; the marks of other scripts are looked for one by one.
    return "".join(char for char in bare if not unicodedata.combining(char)) if any(map(unicodedata.combining, set(bare))) else bare


def level(text: str) -> str:
    """`fold` that keeps the number of characters, so that what is found in it stands at the same place in `text`."""
    if text.isascii():
        return text.lower()
    known = _in_bytes(text)
    return text.translate(_LEVELS) if known is None else known.translate(_page_tables()[0]).decode(_PAGE)


def plain(text: str) -> str:
    """The words of `text` as `level` writes them, each led and followed by a space; those of other scripts are left out."""
    known = _in_bytes(text)
    if known is None:
        return f" {_NOT_PLAIN.sub(' ', text.translate(_LEVELS)).strip()} "
    return f" {b' '.join(known.translate(_plain_table()).split()).decode('ascii')} "


@cache
def _plain_table() -> bytes:
    """Each byte of a text as `plain` writes it, before spaces are put together."""
    levels = _page_tables()[0]
    return bytes(byte if byte in b"abcdefghijklmnopqrstuvwxyz0123456789" else 0x20 for byte in levels)


def _in_bytes(text: str) -> bytes | None:
    """`text` with a byte for each character, which are told five times as fast; None where it has others than French and English have."""
    try:
        known = text.encode(_PAGE)
    except UnicodeEncodeError:
        try:
            known = text.translate(_NARROW).encode(_PAGE)
        except UnicodeEncodeError:
            return None
    return None if _MICRO in known else known


@cache
def _page_tables() -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Each byte of a text as `level` writes it, and the characters that `fold` writes as several."""
    chars = [bytes([number]).decode(_PAGE, "ignore") or "?" for number in range(256)]
    levels = bytes(number if char == "?" else _LEVELS[ord(char)].encode(_PAGE, "replace")[0] for number, char in enumerate(chars))
    return levels, tuple((char, _folded(char)) for char in chars if len(_folded(char)) != 1)


class _Levels(dict[int, str]):
    """Each character, by its number, as `level` writes it; worked out when first met."""

    def __missing__(self, number: int) -> str:
        char = chr(number)
        folded = _folded(char)
        self[number] = folded if len(folded) == 1 else char
        return self[number]


class _Folds(dict[int, str]):
    """Each character, by its number, as `fold` writes it; worked out when first met."""

    def __missing__(self, number: int) -> str:
        self[number] = _folded(chr(number))
        return self[number]


_LEVELS: Final = _Levels()
_FOLDS: Final = _Folds()


def words(text: str) -> list[str]:
    """Lower-case words of `text` in order, accents kept: "L'A.E.S. compte 2 600 hommes" -> aes, compte, 2600, hommes."""
    return list(chain.from_iterable(map(_words_of, pieces(text))))


def pieces(text: str) -> list[str]:
    """What white space parts, thousands put together: each can be told by itself, and most were met before."""
    return _THOUSANDS.sub("", unicodedata.normalize("NFC", text)).split()


def _words_of(piece: str) -> list[str]:
    piece = piece.replace("’", "'").replace("ʼ", "'")
    if (bare := piece.strip(_AROUND).lower()).isalpha():
        return [bare]
    piece = _ACRONYM.sub(lambda match: match.group().replace(".", "").replace("-", "") + " ", piece)
    runs = (_ELISION.sub("", run).removesuffix("'s") for run in _WORD.findall(piece.lower()))
    return [word for run in runs for word in run.split("'") if word]


def terms(text: str, language: str | None = None, *, question: bool = False) -> list[str]:
    """Folded stems of the content words of `text`, in order, repeated as often as they occur.

    `question` also drops the words that ask ("quand", "who"), which say nothing of the subject.
    A language that is neither French nor English is analysed as French: folding is what matters then.
    """
    tongue = language if language in STOP_WORDS else "fr"
    known = _known_terms(tongue, question)
    return list(chain.from_iterable(map(known.__getitem__, pieces(text))))


class _Terms(dict[str, tuple[str, ...]]):
    """What stands between white space, and its terms; worked out when first met."""

    def __init__(self, language: str, question: bool) -> None:
        super().__init__()
        self._language, self._dropped = language, _dropped(language, question)

    def __missing__(self, piece: str) -> tuple[str, ...]:
        found = tuple(_stem(word, self._language) for word in _words_of(piece) if fold(word) not in self._dropped)
        if len(self) >= REMEMBERED:
            self.clear()
        if len(piece) < SHORT:
            self[piece] = found
        return found


def piece_terms(piece: str, language: str | None) -> list[str]:
    """`terms` of one of the `pieces` of a text, for who remembers them otherwise."""
    tongue = language if language in STOP_WORDS else "fr"
    dropped = _dropped(tongue, False)
    return [_stem(word, tongue) for word in _words_of(piece) if fold(word) not in dropped]


@cache
def _known_terms(language: str, question: bool) -> _Terms:
    return _Terms(language, question)


def located(text: str, language: str | None = None) -> list[tuple[str, int, int]]:
    """Every word of `text` with its stem, "" for a function word, and its place: `text[start:end]` is the word.

    What `terms` counts, but with places, and an elision is left out of the word that it leads.
    """
    tongue = language if language in STOP_WORDS else "fr"
    known = _known_stems(tongue)
    return [(known[match.group()], match.start(), match.end()) for match in _PLACED.finditer(text)]


def word_stems(text: str, language: str | None = None) -> list[str]:
    """The stems of `located`, without their places: in half the time."""
    tongue = language if language in STOP_WORDS else "fr"
    return list(map(_known_stems(tongue).__getitem__, _PLACED.findall(text)))


def word_places(text: str) -> list[tuple[int, int]]:
    """The places of `located`, without the stems."""
    return [match.span() for match in _PLACED.finditer(text)]


class _Stems(dict[str, str]):
    """Words as they are written and their stems, "" for function words; worked out when first met. A quarter of the time of `lru_cache`."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, word: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        stem = self[word] = _stem_or_nothing(word, self._language)
        return stem


@cache
def _known_stems(language: str) -> _Stems:
    return _Stems(language)


def _stem_or_nothing(word: str, language: str) -> str:
    lowered = word.lower() if word.isascii() else unicodedata.normalize("NFC", word).lower()
    if lowered[0].isdigit():
        return _GROUPS.sub("", lowered)
    plain = lowered.replace(".", "") if "." in word and _ACRONYM.fullmatch(word) else lowered
    return "" if fold(plain) in _dropped(language, False) else _stem(plain, language)


def longest_run(ordered: Sequence[str], text: str) -> int:
    """The most words of `ordered` that stand in a row in `text`, where each word is led and followed by a space."""
    held = set(text.split())
    longest = 0
    for start, word in enumerate(ordered):
        if word not in held:
            continue
        while (end := start + longest + 1) <= len(ordered) and ordered[end - 1] in held and f" {' '.join(ordered[start:end])} " in text:
            longest += 1
    return longest


def pairs(ordered: Sequence[str]) -> list[str]:
    """Neighbouring terms joined by a space, so that "accord militaire" can count for more than its two words."""
    return [f"{first} {second}" for first, second in pairwise(ordered)]


def stems(tokens: Iterable[str], language: str) -> list[str]:
    """Folded Snowball stems (PyStemmer), one per token; a token with a digit is kept as it is."""
    return [_stem(token, language) for token in tokens]


@cache
def _dropped(language: str, question: bool) -> frozenset[str]:
    listed = STOP_WORDS[language] | (QUESTION_WORDS[language] if question else frozenset())
    return frozenset(fold(word) for word in listed)


@lru_cache(maxsize=REMEMBERED)
def _stem(word: str, language: str) -> str:
    if not word.isalpha() and any(map(str.isdigit, word)):
        return word
    # Folding first makes "negociation" typed without accents the same word as "négociation".
    return str(_stemmer(language).stemWord(fold(word)))[:STEM_LENGTH]


@cache
def _stemmer(language: str) -> Any:
    import Stemmer

    # Without a memory of its own, which is smaller than ours, and slower than to stem once more.
    return Stemmer.Stemmer(_SNOWBALL[language], 0)
