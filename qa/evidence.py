"""A sentence that may answer a question, and the plain rules on whether it can."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from index.analyse import fold, stems
from index.vectors import FloatVector
from qa.features import NAMES
from qa.question import Concept, Question
from qa.sentences import Sentence
from qa.signs import age_asked, measured, unit_asked
from qa.spans import Span

_PLACES: Final = {name: place for place, name in enumerate(NAMES)}
# Of what is asked, the share that the sentence itself must hold. A number is tied to the noun it counts already.
LEAST_COVERED: Final[Mapping[str, float]] = {"when": 0.45, "number": 0.4, "person": 0.6, "where": 0.45}
_YEAR: Final = re.compile(r"(?:1\d|20)\d\d")
# What is still to come is not told by the date of what has been.
_TO_COME_ASKED: Final = re.compile(
    r"\w(?:ra|ront)-(?:t-)?(?:il|elle|on)s?\b|\b(?:va|vont)-(?:t-)?(?:il|elle|on)s?\b|\bwill\b|\b(?:due|going|scheduled|expected) to\b"
)
_TO_COME: Final = re.compile(
    r" (?:\w+(?:era|eront|ira|iront|dra|dront|rra|rront)|aura|auront|va|vont|doit|doivent|dev?rait|devraient|pourrait|prevue?s?|attendue?s?"
    r"|prochaine?s?|d ici"
    r"|will|would|should|due|expected|planned|scheduled|next) "
)
# "soldats allemands" are not told by what is said of British ones: the word for a people is as good as a name.
_DEMONYM: Final = re.compile(
    r"(?:allemand|francais|britannique|americain|chinois|russe|italien|espagnol|portugais|belge|suisse|turc|iranien|israelien|japonais|indien|canadien|bresilien|mexicain"
    r"|ukrainien|polonais|grec|neerlandais|suedois|norvegien|danois|hongrois|egyptien|marocain|algerien|tunisien|libyen|senegalais|malien|nigerien|nigerian|burkinabe"
    r"|ivoirien|ghaneen|togolais|beninois|camerounais|tchadien|gabonais|congolais|angolais|rwandais|kenyan|ethiopien|soudanais|malgache|mauritanien|guineen"
    r"|australien|coreen|vietnamien|pakistanais|afghan|irakien|syrien|libanais|saoudien|qatari|emirati)(?:s|e|es|ne|nes|te|tes)?|turques?|grecques?"
    r"|german|french|british|american|chinese|russian|italian|spanish|turkish|iranian|israeli|japanese|indian|canadian|brazilian|ukrainian|polish|greek|dutch|swedish"
    r"|hungarian|egyptian|moroccan|algerian|tunisian|libyan|senegalese|malian|nigerien|ivorian|ghanaian|togolese|beninese|cameroonian|chadian|congolese|kenyan|ethiopian|sudanese"
)
LEANING: Final = 0.8
"""What the share of a question counts for that is held beside a sentence, where that leans on the one before."""
LEAST_AROUND: Final = 0.65
MOST_UNMET: Final = 0.25
MOST_MISSING: Final = 0.5
TELLING: Final = 0.5
"""What a noun weighs at least ("uranium" 0.6), of which no article says a word: the question is about something else."""
# Asked for one of these, a sentence that does not speak of it says something else about the same thing.
ATTRIBUTES: Final = frozenset(
    "modele marque grade rang siege adresse numero salaire prix cout montant budget nationalite religion profession diplome "
    "model brand rank headquarters address salary price cost amount budget nationality religion profession degree".split()
)
# Whoever tells one of these says the word, so that an article without it tells another's.
_SAID_BY_NAME: Final = frozenset(
    stems(
        "maire préfet préfète gouverneur arbitre agent avocat avocate mère père frère soeur épouse époux mari oncle tante "
        "cousin neveu médecin juge procureur ambassadeur ambassadrice gardien secrétaire trésorier salaire prix coût montant "
        "budget religion revendiqué assassiné condamné blessé financé acheté vendu coûté épousé rouvrira rouvert "
        "assisté arbitré remboursé kidnappé".split(),
        "fr",
    )
)
_BORN_ASKED: Final = re.compile(r"\b(?:est|sont|fut|etait|etaient)(?:-(?:ils?|elles?))? nee?s?\b|\bborn\b|\bbirth(?:place)?\b")
_BORN: Final = re.compile(
    r"\b(?:née?s?|naît|naquit|naissance|nati(?:f|ve)s?|originaires?|fondée?s?|créée?s?|born|birth(?:place)?)\b|\([^)]*\d{4}", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A sentence that may answer `question`. `score` orders the sentences of one question; `features` is what it was made of (`NAMES`);
    `span` the words that could be the answer itself, `signed` whether it shows the kind of thing asked for; `absent` the notions of the
    question that its article holds nowhere, `unmet` those that neither it nor what stands beside it holds."""

    question: Question
    sentence: Sentence
    score: float
    features: FloatVector
    span: Span | None
    signed: bool
    absent: tuple[Concept, ...]
    unmet: tuple[Concept, ...]

    def __getitem__(self, name: str) -> float:
        return float(self.features[_PLACES[name]])

    @cached_property
    def firm(self) -> bool:
        """Whether it holds what the question must find: the year that it names; and where the answer is a date, a number, a place or a
        person's name, one of these, and most of what was asked about with it. Near a fact that is missing there is nearly always another
        date or name."""
        question = self.question
        if any(_YEAR.fullmatch(concept.word) for concept in self.unmet):
            return False
        least = LEAST_COVERED.get(question.kind)
        if least is None:
            return True
        if question.kind == "when" and _is_to_come(question.folded) and not _TO_COME.search(self.sentence.plain):
            return False
        unmet = sum(concept.weight for concept in self.unmet) / question.weight
        # "Il mesure 340 mètres" is about what the sentence before names, and so may be what answers "Pour combien de temps ?".
        leans = self.sentence.lead is not None or question.understood is not None
        about = max(self["covered"], LEANING * self["beside"] if leans else 0.0)
        return self.signed and about >= least and self["beside"] >= LEAST_AROUND and unmet <= MOST_UNMET

    @cached_property
    def fits(self) -> bool:
        """Whether it can be an answer: never when a name of the question stands nowhere in its article, since what is said of another
        country or person is not an answer, however alike the rest; nor when no article says a word of half of what is asked."""
        question, focus = self.question, self.question.focus
        if question.missing >= MOST_MISSING:
            return False
        if not self.signed and measured(question):
            return False
        if any(
            concept.name
            or _is_people(concept.word)
            or (concept.missing and concept.weight >= TELLING and (concept.thing or concept == focus))
            for concept in self.absent
        ):
            return False
        if question.kind == "person" and any(concept.thing and not concept.name for concept in self.unmet[:1]):
            return False
        return not (focus and focus in self.unmet and (question.kind == "who" or fold(focus.word) in ATTRIBUTES))

    @property
    def beside_the_point(self) -> bool:
        """Whether it tells surely something else than what is asked, though it be about the same: a measure without its unit, a birth of
        which it says nothing, an office, a price or a deed of which its article does not say the word."""
        question = self.question
        if question.kind in ("where", "when") and _is_born(question.folded) and not _BORN.search(self.sentence.text):
            return True
        # Words of another language are not all known.
        if self.sentence.article.language != question.language:
            return False
        if not self.signed and (unit_asked(question) or (question.kind == "number" and age_asked(question))):
            return True
        said = [concept for concept in self.absent if question.kind in ("who", "person", "number") or concept == question.focus]
        return any(credit >= 1 and stem in _SAID_BY_NAME for concept in said for stem, credit in concept.stems.items())


@lru_cache(maxsize=1_000)
def _is_born(question: str) -> bool:
    return bool(_BORN_ASKED.search(question))


@lru_cache(maxsize=1_000)
def _is_people(word: str) -> bool:
    return bool(_DEMONYM.fullmatch(fold(word)))


@lru_cache(maxsize=1_000)
def _is_to_come(question: str) -> bool:
    return bool(_TO_COME_ASKED.search(question))
