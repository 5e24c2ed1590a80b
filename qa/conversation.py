"""A question that leans on the ones before it, made whole: "Et avec la Russie ?", "Quand ?", "Qui l'a signé ?", "And in 2024?".

Rules only, in this order: a question word alone asks the question before it again, for something else; a fragment ("Et le Mali ?")
takes the place of what is most like it there; a pronoun takes along what the question before was about. A question that
stands by itself starts a new subject.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from index.analyse import QUESTION_WORDS, STOP_WORDS, fold, level, words
from index.embed import bundled_model

LONGEST: Final = 1000
"""Characters of a question that are read. A longer one is a pasted text, of which the beginning is the question."""
DEEPEST: Final = 8
"""Earlier questions that a chain of follow-ups is traced back through."""
FRAGMENT: Final = 4
"""Content words of a fragment at most; with more, "et" opens a question of its own."""

_ADVERB: Final = r"(?:depuis |jusqu'a |d'|until |since )?(?:quand|ou|comment|pourquoi|when|where|how|why)"
_WHOM: Final = r"(?:avec|par|pour|contre|chez|selon|a|de|with|by|for|to|from|against )?\s*(?:qui|quoi|whom?|what)"
_ALONE = re.compile(
    rf"(?:et |mais |alors |and |but |so )?(?:{_ADVERB}|{_WHOM}|(?:depuis |pendant |for )?(?:combien(?: de temps)?|how (?:many|much|long|old|often|far)))(?: (?:ca|cela|exactement|donc|alors|exactly|then|so))?"
)
_NOUN_ONLY = re.compile(
    r"(?:et |mais |and )?(?:(?:avec|par|pour|contre|dans|en|a|de|sur|depuis|selon|with|by|for|in|on|at|from|to|against) )?"
    r"(?:quel(?:le)?s?|which|what|combien d(?:e |')|how many) ?[a-z]+(?: [a-z]+)?"
)
_LINK = re.compile(
    r"(?:et(?: puis)?|mais|alors|and|but|so|what about|how about|and what about|qu'en est-il (?:de|du|des|d')|quid (?:de|du|des|d'))\b\s*",
    re.IGNORECASE,
)
_AUXILIARY: Final = "a ai as ont avait avaient aura auront aurait auraient ait aient".split()
_PRONOUN = re.compile(
    rf"\bl'(?:{'|'.join(_AUXILIARY)})\b|^qui (?:le|la|les|lui|leur|en|y) (?!\w+ (?:a|ont|est|sont)-)[a-z]"
    r"|\b(?:celui|celle|ceux|celles)(?:-ci|-la)\b|\b(?:ce dernier|cette derniere|ces derniers|la-bas)\b|\b(?:avec|pour|contre|sans|chez|par|a|d'|de) (?:lui|elle|eux|elles|ca|cela)\b"
    r"|^(?:il|elle|ils|elles|ca|cela|c'est) |\b(?:qu'|lorsqu'|quand )(?:ils?|elles?) (?!y a\b|s'agit|faut)"
    r"|\b(?:him|them|it|they|he|she|there)\b(?! (?:is|are|was|were) (?:a|any|no)\b)"
)
# "Quand a-t-il été signé": the verb follows the question word, so its pronoun has no noun of its own.
_INVERTED = re.compile(
    r"^(?:(?:et|mais|alors) )?(?:(?:avec|par|pour|contre|dans|en|a|de|sur|depuis|jusqu'a) )?"
    r"(?:(?:quand|ou|comment|pourquoi|qui|que|quoi|combien(?: d(?:e |')[a-z]+)?|quel(?:le)?s? [a-z]+(?: [a-z]+)?) |qu')?"
    r"(?:n'|ne |l'|le |la |les |lui |leur |y |en |s'|se )*[a-z]+-(?:t-)?(?:il|elle|ils|elles)\b(?! y a\b)"
)
_OWNED = re.compile(r"\b(?:son|sa|ses|leurs?|his|her|its|their)\s+[a-z]+")
_POINTED = re.compile(r"\b(?:cet|cette|ces|this|that|these|those)\s+[a-z]+|\bce (?!qu|que|qui|dernier\b)[a-z]+")
_DATE: Final = r"(?:(?:en|depuis|in|since|au|le|on|avant|apres|before|after|until|jusqu'en)\s+)?(?:\d{1,2}(?:er)?\s+)?(?:(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|april|may|june|july|august|september|october|november|december)\s+)?(?:19|20)\d\d"
_DATED = re.compile(_DATE)
_PREPOSITION = re.compile(
    r"(?:(avec|par|pour|contre|dans|en|a|au|aux|de|du|des|d'|sur|chez|selon|entre|with|by|for|in|on|at|from|to|of|against) ?(?=\W|\b))"
)
_CONTRACTED: Final = {("du", "le"): "du", ("du", "la"): "de la", ("du", "l'"): "de l'", ("du", "les"): "des", ("au", "le"): "au", ("au", "la"): "à la",
                      ("au", "l'"): "à l'", ("au", "les"): "aux"}  # fmt: skip
_WH: Final = r"(?:qu[ei']|quoi|quand|ou|comment|pourquoi|combien|quel|est-ce|who|what|when|where|why|how|which)"
_ASKING: Final = frozenset(fold(word) for language in STOP_WORDS for word in STOP_WORDS[language] | QUESTION_WORDS[language])
# A capitalised name with what leads it: "avec la Hongrie", "du Niger", "Burkina Faso".
_NAMED = re.compile(
    r"(?:(?P<preposition>\b[Aa]vec|\b[Pp]ar|\b[Pp]our|\b[Cc]ontre|\b[Dd]ans|\b[Ee]n|\b[ÀàA]|\b[Aa]ux?|\b[Dd]es?|\b[Dd]u|\b[Ss]ur|\b[Cc]hez|\b[Ss]elon|\b[Ee]ntre"
    r"|\b[Ww]ith|\b[Bb]y|\b[Ff]or|\b[Ii]n|\b[Oo]n|\b[Aa]t|\b[Ff]rom|\b[Tt]o|\b[Oo]f|\b[Aa]gainst)\s+|\b(?P<elided>[Dd])['’])?"
    r"(?P<determiner>\b[Ll]['’]|\b[Ll][ae]s?\s+|\b[Tt]he\s+)?"
    r"(?P<name>\b[A-ZÀ-ÖØ-Þ][\w-]+(?:\s+(?:of\s+)?[A-ZÀ-ÖØ-Þ][\w-]+)*)"
)
_FRAGMENT = re.compile(
    r"(?:(?P<preposition>avec|par|pour|contre|dans|en|[aà]|aux?|de|du|des|sur|chez|selon|entre|with|by|for|in|on|at|from|to|of|against)\s+)?"
    r"(?P<determiner>l['’]|d['’]|l[ae]s?\s+|the\s+)?(?P<name>\S.*)",
    re.IGNORECASE,
)
_ALIKE: Final = 0.3
"""Cosine from which a common word is what a fragment takes the place of; most unrelated words are under 0.2."""
_TAIL = re.compile(r"(?:,? (?:alors|donc|aussi|then|too))?\s*[?!.…]*\s*$")
_COUNTED = re.compile(r"(?:\bcombien d(?:e |')|\bquel(?:le)?s? |\bhow many |\b(?:which|what) )(?P<word>[a-z]+)")


@dataclass(frozen=True, kw_only=True)
class Standalone:
    """A question made whole.

    `carried` are words taken along from earlier questions, folded, where they are only its subject. `previous` is the question before
    it, made whole, where a pronoun may also mean what that was answered with.
    """

    text: str
    carried: frozenset[str] = frozenset()
    previous: str | None = None

    def with_subject(self, name: str) -> "Standalone":
        """The question with `name` added to what it is about."""
        whole = self.text.removesuffix(") ?")
        if whole == self.text or fold(name) in fold(self.text):
            return self
        return Standalone(text=f"{whole}, {name}) ?", carried=self.carried | {fold(word) for word in words(name)})


def printable(text: str) -> str:
    """The start of `text` on one line, composed, without control characters and halves of surrogate pairs."""
    kept = "".join(char if char.isprintable() else " " for char in text[:LONGEST])
    return " ".join(unicodedata.normalize("NFC", kept).split())


def turns(history: Any) -> list[str]:
    """The earlier questions, oldest first: strings, messages with the role "user", or pairs of a question and its answer.

    Anything else is passed over.
    """
    found = []
    for turn in history[-4 * DEEPEST :] if isinstance(history, list | tuple) else ():
        said: Any = turn
        if isinstance(turn, Mapping):
            said = turn.get("content") if turn.get("role") == "user" else None
        elif isinstance(turn, list | tuple):
            said = turn[0] if turn else None
        if isinstance(said, str) and said.strip():
            found.append(printable(said))
    return found[-DEEPEST:]


def standalone(text: str, history: Any = ()) -> Standalone:
    """`text` with what it leans on in the earlier questions of `history`, oldest first (see `turns`)."""
    asked = printable(text)
    earlier = turns(history)
    if not earlier:
        return Standalone(text=asked)
    previous = standalone(earlier[-1], earlier[:-1]).text
    plain = _TAIL.sub("", level(asked))
    link = _LINK.match(plain)
    rest = asked[link.end() :] if link else asked
    bare = _TAIL.sub("", level(rest))
    if not bare:
        return Standalone(text=previous)
    if _ALONE.fullmatch(bare):
        return _asked_again(previous, rest)
    content = _content(rest)
    opens = re.search(rf"(?:^|\b(?:avec|par|pour|contre|dans|en|a|de|sur|depuis|selon|with|by|for|in|on|at|from|to|against) ){_WH}", bare)
    if not opens and ((link and len(content) < FRAGMENT) or (_DATED.fullmatch(bare) or (_PREPOSITION.match(bare) and len(content) < 3))):
        return Standalone(text=_replaced(previous, _TAIL.sub("", rest)))
    if (link and len(content) < 2) or (_NOUN_ONLY.fullmatch(bare) and not _NAMED.search(rest[1:])) or _leans(rest, bare):
        return _about(previous, rest)
    return Standalone(text=_capital(rest) if opens else asked)


def _leans(text: str, plain: str) -> bool:
    """Whether a pronoun, a possessive or a demonstrative stands for something said before."""
    if _PRONOUN.search(plain) or _INVERTED.match(plain):
        return True
    pointed = _OWNED.search(plain) or _POINTED.search(plain)
    # "La Russie et ses mercenaires": what owns is named before.
    return bool(pointed and not any(match.start() for match in _NAMED.finditer(text[: pointed.start()])))


def _asked_again(previous: str, wanted: str) -> Standalone:
    wanted = _TAIL.sub("", wanted)
    plain = level(previous)
    adverb = re.match(_ADVERB + r"\b ?", plain)
    if adverb and re.match(_ADVERB, level(wanted)):
        return Standalone(text=f"{_capital(wanted)} {previous[adverb.end() :]}")
    if not re.match(rf"(?:\w+ )?{_WH}", plain) and re.match(_ADVERB, level(wanted)) and "(" not in previous:
        return Standalone(text=f"{_capital(wanted)} {_uncapital(previous)}")
    return _about(previous, wanted)


def _about(previous: str, text: str) -> Standalone:
    """The question with the words of the one before in brackets."""
    own = {fold(word) for word in words(text)}
    taken = [word for word in _content(previous) if fold(word) not in own]
    if not taken:
        return Standalone(text=text)
    whole = f"{_capital(_TAIL.sub('', text))} ({', '.join(taken)}) ?"
    return Standalone(text=whole, carried=frozenset(map(fold, taken)), previous=previous)


def _content(text: str) -> list[str]:
    """The words of `text` that say what it is about, as they are written, each once."""
    found = re.findall(r"[^\W_]+(?:-[^\W_]+)*", re.sub(r"-(?:t-)?(?:ils?|elles?|on|ce)\b", " ", text))
    kept = [word for word in found if fold(word) not in _ASKING and (len(word) > 1 or word.isdigit())]
    return list(dict.fromkeys(kept))


def _replaced(previous: str, fragment: str) -> str:
    """The question before with `fragment` in the place of what is most like it, or at its end."""
    plain = level(previous)
    if _DATED.fullmatch(level(fragment)):
        old = _DATED.search(plain)
        return f"{previous[: old.start()]}{fragment}{previous[old.end() :]}" if old else _appended(previous, fragment)
    new = _FRAGMENT.fullmatch(fragment)
    if new is None:
        return _appended(previous, fragment)
    return (_name_for(previous, fragment, new) if new["name"][0].isupper() else _word_for(previous, new)) or _appended(previous, fragment)


def _name_for(previous: str, fragment: str, new: re.Match[str]) -> str | None:
    old = [match for match in _NAMED.finditer(previous) if match.start("name") and fold(match["name"]) not in _ASKING]
    if not old:
        return None
    lead = level(new["preposition"] or "")
    same = [match for match in old if lead and level(match["preposition"] or match["elided"] or "")[:1] == lead[:1]]
    chosen = _most_like(new["name"], _like_in_form(new, same or old), "name")
    if lead:
        return f"{previous[: chosen.start()]}{fragment}{previous[chosen.end() :]}"
    start = chosen.start("determiner") if chosen["determiner"] else chosen.start("name")
    phrase = fragment
    contraction = {"du": "du", "des": "du", "au": "au", "aux": "au"}.get(level(chosen["preposition"] or ""))
    determiner = (new["determiner"] or "").strip().replace("’", "'").lower()
    if contraction and determiner:
        joined = _CONTRACTED.get((contraction, determiner), f"{contraction} {determiner}")
        start, phrase = chosen.start(), f"{joined}{'' if joined.endswith(chr(39)) else ' '}{new['name']}"
    return f"{previous[:start]}{phrase}{previous[chosen.end() :]}"


def _like_in_form(new: re.Match[str], found: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
    """The names that are acronyms where the new one is, and the others where it is not; of these, those of the same article."""
    alike = [match for match in found if match["name"].isupper() == new["name"].isupper()] or found
    article = level(new["determiner"] or "").strip()
    same = [match for match in alike if article and level(match["determiner"] or "").strip() == article]
    # "Et les États-Unis ?" asks for another subject, which no preposition leads.
    return same or [match for match in alike if new["preposition"] or not (match["preposition"] or match["elided"])] or alike


def _word_for(previous: str, new: re.Match[str]) -> str | None:
    pattern = re.compile(r"\b(?P<elided>d['’]|l['’])?(?P<word>[a-zà-öø-ÿ]{3,})\b")
    old = [match for match in pattern.finditer(previous) if fold(match["word"]) not in _ASKING]
    if not old:
        return None
    chosen = _most_like(new["name"], old, "word", _ALIKE)
    if chosen is None:
        counted = _COUNTED.search(level(previous))
        chosen = next((match for match in old if counted and match.start("word") == counted.start("word")), None)
    if chosen is None:
        return None
    elided = "de " if (chosen["elided"] or "").startswith("d") and level(new["name"])[0] not in "aeiouyh" else chosen["elided"] or ""
    return f"{previous[: chosen.start()]}{elided}{new['name']}{previous[chosen.end() :]}"


def _most_like(name: str, found: Sequence[re.Match[str]], group: str, least: float = -1.0) -> Any:
    """The match whose `group` means what is nearest to `name`, the last of equals; None where none is as near as `least`."""
    model = bundled_model()
    near = model.encode_documents([match[group] for match in found]) @ model.encode_query(name)
    best = max(range(len(found)), key=lambda place: (float(near[place]), place))
    return found[best] if near[best] >= least else None


def _appended(previous: str, fragment: str) -> str:
    return f"{_TAIL.sub('', previous)} {fragment} ?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _uncapital(text: str) -> str:
    """`text` with a small first letter where its first word is no name."""
    first = text.split(maxsplit=1)[0] if text else ""
    return text[:1].lower() + text[1:] if fold(re.split("['’-]", first)[0]) in _ASKING else text
