"""The kinds of answer that questions want, told by the words that ask."""

import re
from typing import Final, Literal

from index.analyse import fold

Kind = Literal["who", "person", "when", "where", "number", "why", "list", "what"]

# Looked for in the folded question, in this order: the first that fits decides.
_KINDS: Final[tuple[tuple[Kind, str], ...]] = (
    ("why", r"\bpourquoi\b|\bpour quelles? (?:raisons?|causes?)\b|\b(?:raisons?|motifs?) (?:de|pour)\b|\bwhy\b|\bfor what reasons?\b|\breasons? (?:for|behind)\b"),
    ("number", r"\bcombien\b|^(?:le |la |l')?(?:nombre|montant|prix|cout|duree|age|taux|pourcentage|superficie|effectif) |^(?:the )?(?:number|amount|price|cost|duration|percentage) of\b|\bquel(?:le)? (?:est |etait |sera )?(?:le |la |l')?(?:nombre|montant|prix|cout|duree|age|taux|pourcentage|budget|superficie|population|somme|quantite|effectif|taille|valeur|longueur|hauteur|largeur|profondeur|poids|altitude|vitesse|distance|duree)\b"
               r"|\ba quel (?:prix|age)\b|\bhow (?:many|much|long|old|far|large|big|tall|high|wide|deep|heavy)\b|\bwhat (?:is |was )?(?:the )?(?:number|amount|price|cost|duration|age|rate|percentage|budget|value|size|length|height|width|depth|weight|speed|distance)\b"),
    ("when", r"(?:^|[,;:] |\b(?:depuis|jusqu'a|et|mais|de|pour|a) )quand\b|\bquand\W*$|\bquelle (?:est |etait )?(?:la )?date\b|\bdate (?:de|du|a|d')|\b(?:en|a|de|depuis) quel(?:le)?s? (?:annee|mois|jour|date|epoque|heure)\b|\bquel (?:jour|mois)\b|\bdepuis combien de temps\b"
             r"|(?:^|[,;:] |\b(?:since|until|and|but) )when\b|\bwhen\W*$|\b(?:what|which|on what|in what|in which|on which) (?:date|day|year|month|time)\b|\bdate of\b"),
    ("where", r"(?:^|[,;:] |^et |^mais |\bd'|\bvers |\bjusqu')ou\b|^(?:le |la )?(?:lieu|endroit|ville) |\b(?:dans|en|a|vers) quel(?:le)?s? (?:pays|ville|lieu|endroit|region|capitale|continent)\b|\bquel(?:le)? (?:est |etait )?(?:le |la )?(?:lieu|endroit|ville)\b"
              r"|\bwhere\b|\b(?:which|what|in which|in what) (?:country|city|town|place|region|capital|location)\b"),
    ("person", r"\bcomment s'appel|\b(?:quel(?:le)? (?:est|etait) )?(?:le )?nom (?:du|de|des)\b|\bqui (?:est|etait|sont) (?:le|la|l'|les|son|sa|leur)\b|\bnames? of the\b|\bwho (?:is|was|are|were) (?:the|its|his|her|their|[a-z]+'s)\b|\bwhat is the name\b"),
    ("who", r"(?:^|[,;:] |\b(?:par|avec|a|pour|de|chez|selon|sur|et|mais|contre|envers|entre) )qui\b|\bqui\W*$|\bquel(?:le)?s? (?:personne|ministre|president|homme|femme|responsable|officier|dirigeant|personnalite|auteur|colonel|general)s?\b|(?:^|[,;:] |\b(?:by|with|to|for|and|but) )who\b|\bwhom\b|\bwhose\b|\bwhich (?:person|minister|president|man|woman|official|leader|officer)\b"),
    ("list", r"\bquels? (?:sont|pays|domaines|secteurs|points|aspects)\b|\bquelles? sont\b|\bcite[rz]?\b|\benumer|\bliste\b|\bwhich (?:countries|areas|sectors|fields)\b|\bwhat are\b|\blist\b|\bname (?:the|some|two|three)\b"),
)  # fmt: skip
_KIND_PATTERNS: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)

_IS_IT = re.compile(r"\best-ce qu[e']?")
_CLOSED = re.compile(
    r"\w-(?:t-)?(?:il|elle|ils|elles|je|on|nous|vous|ce)\b|\best-ce qu"
    r"|^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|may) "
)
_OPEN = re.compile(
    r"\b(?:qui|que|quoi|quels?|quelles?|quand|comment|pourquoi|combien|ou|lequel|laquelle|who|what|when|where|which|why|how)\b|qu'"
)


def kind_of(text: str) -> Kind:
    """The kind of answer wanted, by the words that ask."""
    folded = fold(text)
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(folded)), "what")


def is_closed(text: str) -> bool:
    """Whether the question can be answered by yes or no."""
    folded = fold(text)
    return bool(_CLOSED.search(folded)) and not _OPEN.search(_IS_IT.sub("", folded))
