"""What a question wants made of the articles: a fact, a timeline, a digest, or the articles themselves."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from index.analyse import level

Shape = Literal["fact", "timeline", "digest", "articles"]

_OF: Final = r"(?:d['’]|de la |de l['’]|de |du |des |sur l['’]|sur la |sur le |sur les |sur |au sujet d(?:e |u |es |['’])|concernant |a propos d(?:e |u |es |['’])|of the |of |on the |on |about the |about |for )?"
_ABOUT: Final = r"(?:sur (?:l['’]|la |le |les )?|au sujet d(?:e |u |es |['’])|concernant |a propos d(?:e (?:la |l['’])?|u |es |['’])|on (?:the )?|about (?:the )?)"
# Looked for in the levelled question, in this order; what follows is the topic.
_SHAPES: Final[tuple[tuple[Shape, re.Pattern[str]], ...]] = (
    ("articles", re.compile(
        rf"^(?:quels?|quelles?|liste[rz]?|montre[rz]?(?:-moi)?|trouve[rz]?(?:-moi)?|cite[rz]?|donne[rz]?(?:-moi)?|y a-t-il)(?: sont)?(?: les?| la liste des| des| tous les)? (?:articles?|textes?|sources?)(?: qui)?(?:(?: parlent| evoquent| traitent| mentionnent| portent| disent| citent| sont consacres?(?: a)?) ?{_OF}| {_ABOUT})"
        rf"|^(?:which|what|list|show(?: me)?|find(?: me)?|are there)(?: all)?(?: the)?(?: any)? (?:articles?|texts?|sources?|stories)(?: that)?(?: are)?(?:(?: talk| speak| mention(?:ing)?| discuss(?:ing)?| deal with| cover(?:ing)?) ?{_OF}| {_ABOUT})")),
    ("timeline", re.compile(
        rf"^(?:(?:fais|donne|donnez|dresse|etablis|quelle est)(?:-moi)? )?(?:une |la |l['’])?(?:chronologie|frise|historique|dates? cles?|grandes dates|principales dates|etapes) ?{_OF}|^(?:quelles (?:sont|ont ete|furent) )?(?:les )?(?:etapes|dates cles|grandes dates|principales dates) {_OF}"
        rf"|^(?:give me |show |make )?(?:a |the )?(?:timeline|chronology|key dates|history) ?{_OF}"
        r"|^qu(?:e |['’])(?:s['’]est-il passe|est-il arrive)(?: (?:aux?|a|dans|pour|avec)(?= ))? ?(?=(?:.* )?(?:en|depuis|entre|in|le|au) .*\d{4}|(?:.* )?(?:en|depuis) )|^what happened(?: to| with)? ?(?=(?:.* )?(?:in|since|between|on) .*\d{4})")),
    ("digest", re.compile(
        rf"^(?:que|qu['’]est-ce que) (?:disent|racontent|rapportent|nous apprennent|disent donc) (?:les|ces|tes|vos) (?:articles|textes|sources|journaux) ?{_OF}|^(?:que sait-on|que savons-nous|que peut-on dire|que sais-tu|dis-moi tout|dis-m['’]en plus) ?{_OF}"
        rf"|^(?:resume[rz]?|resumez|fais(?:-moi)? un resume|parle[rz]?-moi|presente[rz]?(?:-moi)?|fais le point|synthese)(?:-moi)? ?(?:l['’]|le |la |les )?(?:articles? |textes? )?{_OF}"
        rf"|^what (?:do|does) (?:the|these|those) (?:articles?|sources?|texts?|press) say {_OF}|^what is (?:known|said) {_OF}|^what do we know {_OF}|^(?:summari[sz]e|sum up|tell me|give (?:me )?a (?:summary|digest|overview)|overview)(?: what is said)? ?(?:the )?{_OF}")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Intent:
    """The shape of the answer wanted, and what of the question says what it is about."""

    shape: Shape
    topic: str


def intent_of(text: str) -> Intent:
    """What `text` wants; a fact unless it says otherwise."""
    plain = level(text)
    for shape, pattern in _SHAPES:
        match = pattern.match(plain)
        if match:
            topic = text[match.end() :].strip(" ?!.:")
            return Intent(shape=shape, topic=topic or text)
    return Intent(shape="fact", topic=text)
