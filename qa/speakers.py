"""Who says the words that are quoted, where the quote itself only says "il" or nothing: the last one whom the article let speak.

Nothing is said where that is not clear: words put in the wrong mouth are worse than words in none.
"""

import re
from typing import Final

from index.article import Article
from index.sentences import sentence_spans

BACK: Final = 1_500
"""Characters before a quote in which its speaker is looked for: some eight sentences."""
LONGEST: Final = 90
"""Characters of the words that name a speaker: a title, an office and a name."""
_VERBS: Final = (
    r"(?:déclaré|dit|affirmé|ajouté|précisé|indiqué|expliqué|souligné|assuré|estimé|annoncé|rappelé|insisté|confié|martelé|renchéri|notifié|poursuivi|conclu|"
    r"lancé|regretté|dénoncé|soutenu|répondu|confirmé|salué|prévenu|averti|commenté|détaillé|promis|fait savoir|tenu à (?:préciser|rappeler|souligner))"
)
_SAYS: Final = (
    r"(?:déclare|dit|affirme|ajoute|précise|indique|explique|souligne|assure|estime|annonce|rappelle|insiste|confie|martèle|renchérit|poursuit|conclut|"
    r"lance|regrette|dénonce|soutient|répond|confirme|prévient|avertit|commente|détaille|promet|raconte|juge|avance|note|constate)"
)
_SAID: Final = (
    r"(?:said|told|added|explained|stated|declared|noted|announced|warned|stressed|insisted|confirmed|replied|recalled|argued|according)"
)
_HAS: Final = r"(?:a|ont|avait|avaient)(?: (?:également|aussi|ensuite|encore|notamment|par ailleurs|enfin))?"
_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ]"
_OPENS: Final = rf"(?:(?:[Ll]e|[Ll]a|[Ll]es|[Tt]he) |[Ll]['’]|M\. |Mme |Mlle |Mr\.? |Mrs\.? |Ms\.? |Dr\.? |{_CAPITAL})"
_PERSON: Final = rf"{_OPENS}[^,;:.!?«»\"“”()\n]{{2,{LONGEST}}}?"
_HONORIFIC: Final = r"(?:M|Mr|Mrs|Ms|Dr)\. "
_NAMED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # "selon le ministre de la Défense," and "according to the minister."
        rf"(?:[Ss]elon|[Dd]['’]après|[Aa]ccording to) (?P<who>(?:{_HONORIFIC})?{_PERSON})(?=[,.;!?\n]|$)",
        # "», a déclaré M. Dupont." and "», estime M. Dupont.", but not "a déclaré à l'agence..." nor "il a dénoncé les feux".
        rf"(?:[»”\"],?|,) (?:{_HAS} {_VERBS}|{_SAYS}),? (?P<who>(?:{_HONORIFIC})?{_PERSON})(?=[,.;!?\n]|$)",
        rf"\b{_SAID} (?P<who>(?:{_HONORIFIC})?{_CAPITAL}[^,;:.!?«»\"“”()\n]{{2,{LONGEST}}}?)(?=[,.;!?\n]|$)",
        # "Le ministre, Jean Dupont, a déclaré" at the start of a sentence, and "Le ministre estime que".
        rf"^(?P<who>(?:{_HONORIFIC})?{_PERSON}(?:, [^,;:.!?«»\"“”()\n]{{2,60}},)?) {_SAYS}(?= qu[e'’]| :|,? [«“\"])",
        rf"^(?P<who>(?:{_HONORIFIC})?{_PERSON}(?:, [^,;:.!?«»\"“”()\n]{{2,60}},)?) (?:{_HAS} {_VERBS}|{_SAID})\b",
    )
)
_PRONOUN = re.compile(
    rf"-t-(?:il|elle)\b|\b(?:[Ii]l|[Ee]lle) {_HAS} {_VERBS}\b|\b(?:[Hh]e|[Ss]he) {_SAID}\b|\b(?:dit|ajoute|explique|affirme|précise)-(?:il|elle)\b"
)
# "Pour le ministre, il a affirmé": the quote speaks of someone, and its pronoun may well mean that one.
_SOMEONE = re.compile(
    r"\b(?:M\.|Mme|Mr|Mrs|Ms|Dr|ministre|président|directeur|directrice|porte-parole|colonel|général|capitaine|chef|maire|préfet|secrétaire|ambassadeur|"
    r"ambassadrice|député|sénateur|gouverneur|responsable|patron|minister|president|director|spokes\w+|chief|mayor|governor|ambassador|secretary|leader|officer)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[«“\"]([^«»“”\"]*)[»”\"]")
_SPEECH: Final = 5
"""Words in quotation marks from which they are speech, and no name of something."""
# Whom no one quotes: a pronoun, or what is not someone.
_NOBODY = re.compile(
    r"(?:[Ii]l|[Ee]lle|[Cc]e|[Cc]ela|[Cc]ette|[Cc]et|[Oo]n|[Qq]ui|[Ii]t|[Tt]his|[Tt]hat|[Hh]e|[Ss]he|[Tt]hey|[Ll]es? m[êe]mes?|[Ll]a m[êe]me|[Ll]['’]un|[Ll]['’]autre)\b"
)
_WOMAN = re.compile(r"\b(?:[Ee]lle|[Ss]he)\b")
_MAN = re.compile(r"\b(?:[Ii]l|[Hh]e)\b")


def speaker(article: Article, start: int, end: int) -> str | None:
    """The words of the article that name who says `article.text[start:end]`, where that is speech whose speaker it does not name itself."""
    quote = article.text[start:end]
    pronoun = _PRONOUN.search(quote)
    # Doubled marks are what an export of a table leaves: which of them open is anyone's guess.
    told = [] if '""' in article.text else _QUOTED.findall(quote)
    if not pronoun and all(len(said.split()) < _SPEECH for said in told):
        return None
    if (pronoun and _SOMEONE.search(quote, 0, pronoun.start())) or _named(quote, article.language):
        return None
    begin = max(0, start - BACK)
    before = article.text[begin:start]
    found = _named(before[before.find(" ") + 1 :] if begin else before, article.language)
    return None if found is None or _other_gender(found, quote) else found


def _named(text: str, language: str | None) -> str | None:
    """Who is named last in `text` as saying something."""
    for first, last in reversed(sentence_spans(text, language)):
        found = [match for pattern in _NAMED for match in pattern.finditer(text[first:last])]
        who = max(found, key=lambda match: match.start("who"))["who"].strip(" ,") if found else ""
        if who and not _NOBODY.match(who):
            return who
    return None


def _other_gender(who: str, quote: str) -> bool:
    pronoun = _PRONOUN.search(quote)
    said = pronoun.group() if pronoun else ""
    man, woman = bool(re.match(r"(?:M|Mr)\.? |[Ll]e ", who)), bool(re.match(r"(?:Mme|Mlle|Mrs|Ms)\.? |[Ll]a ", who))
    return (man and bool(_WOMAN.search(said))) or (woman and bool(_MAN.search(said)))
