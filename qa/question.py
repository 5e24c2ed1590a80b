"""What a question asks for: its language, the kind of answer wanted, and the notions it is about."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Final

from index.analyse import QUESTION_WORDS, STOP_WORDS, fold, pairs, stems, words
from index.embed import bundled_model
from index.language import question_language
from index.lexicon import english, kin, rarity, translations
from qa.conversation import Standalone, printable, standalone
from qa.kinds import Kind, kind_of

KIN_CREDIT: Final = 0.75
"""What a word of the same family counts for, where the word itself counts 1."""
NAME_FACTOR: Final = 1.5
UNNAMED: Final = 0.6
"""The most that a common word weighs: one never seen before is more often another way to say it than the subject."""
FRAME_FACTOR: Final = 0.3
OPEN_FACTOR: Final = 0.6
"""What the noun weighs that a question word bears on, where answers name what it means and mostly do not say it."""
CARRIED: Final = 0.6
"""What words taken along from an earlier question weigh beside those of the question itself."""
_FEMININE = re.compile(r"(?:é|e)es?$|és$")
SPELT: Final = 5
"""Letters from which a word is told to be misspelt."""
FOREIGN: Final = 0.8
"""What meeting the English for a word of a French question counts for."""
LEARNT: Final = 0.3
"""What a translation weighs at least to be looked for."""
SELDOM: Final = 0.8
"""Rarity in French of an English stem that is no French word as well."""
RESPELT: Final = 0.9
"""What meeting a word counts for that is spelt almost like the one asked, which is nowhere."""
FOCUS_FACTOR: Final = 1.5

# Words that say what kind of answer is wanted and nothing of the subject.
_FRAME: Final = {
    "fr": frozenset(
        "temps nom date lieu endroit raison motif nombre montant année jour mois article articles information informations selon dire appelle appeler "
        "nommer question chose choses type sorte genre moment sait existe existent passe arrive agit savoir occasion donner vient venir lors cours "
        "échelle cadre part côté plan sens vue point terme termes mots avis regard abri égard propos niveau yeux déclaration exemple réponse place "
        "suite fin cas fois grâce manière façon hormis outre excepté".split()
    ),
    "en": frozenset(
        "name date place reason number amount year day month article articles information kind sort type time thing according called happen happened "
        "take took exactly current currently view views word words table terms eyes part side regard level way case result results end fact "
        "account apart besides except still yet already ever get gets got".split()
    ),
}


# "quel est le modèle de", "quel modèle", "what is the rank of", "what military rank does".
_FOCUS = re.compile(
    r"\bquel(?:le)?s?(?: (?:est|sont|etait|etaient|sera|fut))?(?: (?:le|la|les|l'))? ?([a-z]+)"
    r"|\b(?:what|which)(?: (?:is|are|was|were))?(?: the)? ((?:[a-z]+ ){0,2}[a-z]+)(?= (?:did|does|do|is|are|was|were|has|have|had|will|would|could|can|of|for)\b)"
)
# The answer names one of these without saying the word: "quel pays" is answered by "la Hongrie".
_OPEN_NOUNS: Final = frozenset(
    "pays nation personne homme femme ville lieu endroit region date jour mois annee moment domaine domaines secteur secteurs volet volets aspect aspects point points sujet sujets "
    "media journal chaine portefeuille poste fonction titre groupe groupes groupement entreprise societe club equipe parti langue film livre pilote ennemi "
    "outlet newspaper channel portfolio position job role title group groups company club team party language film book "
    "chose organisation raison motif type sorte genre role but objectif objectifs mesure mesures consequence consequences avantage avantages "
    "country countries person man woman city town place region day month year time area areas aspect aspects sector sectors field fields topic topics thing "
    "organisation organization reason reasons kind sort goal aim purpose measures consequences benefits".split()
)


# A verb before an infinitive that says that something is wanted or planned: articles seldom say it with the same one.
_PLANNED = re.compile(
    r"\b(ve(?:ut|ulent)|voul(?:ait|aient)|souhait(?:e|ent|ait)|compt(?:e|ent|ait|aient)|entend(?:ent|ait)?|envisage(?:nt|ait)?|prevo(?:it|ient|yait)|esper(?:e|ent|ait)"
    r"|cherch(?:e|ent)|v(?:a|ont))(?:-(?:t-)?(?:il|elle|on)s?)?(?: (?:d'|de |a )?(?:l'|s'|la |le |les |se )?)[a-z]+(?:er|ir|re)\b"
    r"|\b(going|plan(?:s|ned|ning)?|want(?:s|ed)?|intend(?:s|ed)?|hop(?:es?|ed|ing)|need(?:s|ed)?|expect(?:s|ed)?|seek(?:s|ing)?) to [a-z]+"
)


# What is left aside ("hors du militaire", "apart from security"): the answer is about the rest.
_ASIDE = re.compile(
    r"\b(?:(?:en )?(dehors)|hors|hormis|excepte|sauf|(?:mis )?a part|(apart) from|besides|except(?: for)?|other than|outside(?: of)?)"
    r"(?: (?:de|du|des|le|la|les|the))* (?:d'|l')?([a-z]+)"
)


@dataclass(frozen=True, kw_only=True)
class Concept:
    """A notion of the question: the word as asked, how much it tells (0 to 1), and the stems that stand for it,
    each with what meeting it counts for (1 for the word itself)."""

    word: str
    weight: float
    stems: Mapping[str, float]
    name: bool = False
    missing: bool = False
    """Whether no article of the collection holds any of its stems."""
    framing: bool = False
    """Whether it only says what kind of answer is wanted ("date", "temps", "name")."""
    thing: bool = False
    """Whether it stands after a word that only comes before nouns ("l'uranium", "quel avion", "the ambassador")."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question understood. `text` is what is answered, made whole where it leans on an earlier question."""

    text: str
    language: str
    kind: Kind
    concepts: tuple[Concept, ...]
    lexical: Mapping[str, float]
    focus: Concept | None = None
    """What the question word bears on ("quel modèle", "what rank"), where the answer must speak of it."""
    understood: str | None = None
    """The question made whole, where it leaned on an earlier one."""

    @cached_property
    def folded(self) -> str:
        """Its text, folded."""
        return fold(self.text)

    @cached_property
    def by_stem(self) -> Mapping[str, Sequence[tuple[int, float]]]:
        """For each stem that stands for a notion the notions, by their place, and what meeting it counts for."""
        found: dict[str, list[tuple[int, float]]] = {}
        for place, concept in enumerate(self.concepts):
            for stem, credit in concept.stems.items():
                found.setdefault(stem, []).append((place, credit))
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its notions, folded."""
        return frozenset(fold(concept.word) for concept in self.concepts)

    @cached_property
    def weight(self) -> float:
        """What all its notions weigh together; 1 where there is nothing."""
        return sum(concept.weight for concept in self.concepts) or 1.0

    @cached_property
    def missing(self) -> float:
        """The share of it that no article says a word of."""
        return sum(concept.weight for concept in self.concepts if concept.missing) / self.weight

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.concepts


Frequency = Callable[[str], int]
"""In how many passages of the collection a stem occurs."""
Respell = Callable[[str], str | None]
"""The stem of the collection that is spelt almost like one that it does not hold."""


def understand(text: str, frequency: Frequency, passages: int, history: Sequence[object] = (), respell: Respell | None = None) -> Question:
    """Read a question against a collection of `passages` passages.

    `history` holds the earlier questions (see `qa.conversation.turns`).
    """
    return read_question(printable(text), standalone(text, history), frequency, passages, respell)


def read_question(
    asked: str, whole: Standalone, frequency: Frequency, passages: int, respell: Respell | None = None, language: str | None = None
) -> Question:
    """Read a question that is made whole; `asked` is what was typed. `language` is found out unless it is given."""
    text = whole.text
    language = language or question_language(text)
    concepts = tuple(_concepts(text, language, frequency, passages, respell))
    concepts = tuple(
        replace(concept, weight=CARRIED * concept.weight) if fold(concept.word) in whole.carried else concept for concept in concepts
    )
    focus = _focus(text, concepts)
    if focus:
        stressed = replace(focus, weight=FOCUS_FACTOR * focus.weight)
        concepts = tuple(stressed if concept is focus else concept for concept in concepts)
        focus = stressed
    return Question(
        text=text,
        language=language,
        # "Quand ?" after "Qui a signé ?" asks for a date, not for a person.
        kind=own if (own := kind_of(asked)) != "what" else kind_of(text),
        concepts=concepts,
        lexical=_lexical(language, concepts),
        focus=focus,
        understood=None if text == asked else text,
    )


def _focus(text: str, concepts: Sequence[Concept]) -> Concept | None:
    """The notion of the noun after "quel" or "what", unless it only says which kind of answer is wanted."""
    match = _FOCUS.search(fold(text))
    if not match:
        return None
    noun = next(group for group in match.groups() if group).split()[-1]
    return None if noun in _OPEN_NOUNS else next((concept for concept in concepts if fold(concept.word) == noun), None)


@cache
def _asking(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in STOP_WORDS[language] | QUESTION_WORDS[language])


def _concepts(text: str, language: str, frequency: Frequency, passages: int, respell: Respell | None) -> Sequence[Concept]:
    dropped = _asking(language)
    frame = frozenset(fold(word) for word in _FRAME[language]) | _light(text)
    open_noun = _asked_for(text)
    bilingual = language == "fr" and any(frequency(stem) for stem in _PLAIN_ENGLISH)
    found: dict[str, Concept] = {}
    spelt = _spellings(text)
    things = {match[1] for match in _THING.finditer(text.lower()) if fold(match[1]) not in _BEFORE_NOUN | _OPEN_NOUNS}
    for word in words(text):
        if fold(word) in dropped or (len(word) == 1 and not word.isdigit()):
            continue
        known = _stems_of(word, language) | dict.fromkeys(_told_by(word, text), KIN_CREDIT)
        if bilingual:
            known = dict.fromkeys(_english_stems(word, frequency), FOREIGN) | known
        key = stems([word], "fr")[0]
        if not any(frequency(stem) for stem in known) and (near := _participle(word, frequency) or _respelt(word, key, respell)):
            known[near] = RESPELT
        # The collection's own counts and those of the language together: see `rarity`.
        weight = min(rarity(stem, frequency(stem), passages) for stem, credit in known.items() if credit >= 1 or stem == key)
        name = spelt.get(word, False)
        if not name:
            weight = min(weight, UNNAMED)
        framing = fold(word) in frame
        if framing:
            weight *= FRAME_FACTOR
        elif fold(word) in open_noun:
            weight *= OPEN_FACTOR
        factor = NAME_FACTOR if name else 1.0
        concept = Concept(
            word=word,
            weight=weight * factor,
            stems=known,
            name=name,
            missing=not framing and not any(frequency(stem) for stem in known),
            framing=framing,
            thing=word in things and not framing,
        )
        found.setdefault(key, concept)
    return _shared_names(list(found.values()), words(text))


def _asked_for(text: str) -> frozenset[str]:
    """The noun that the question word bears on, where answers name what it means and do not say it."""
    match = _FOCUS.search(fold(text))
    noun = next(group for group in match.groups() if group).split()[-1] if match else ""
    return frozenset({noun} & _OPEN_NOUNS)


def _light(text: str) -> frozenset[str]:
    """The verbs of a question that only say that something is wanted, planned or to come, and what it leaves aside."""
    folded = fold(text)
    found = [*_PLANNED.finditer(folded), *_ASIDE.finditer(folded)]
    return frozenset(group for match in found for group in match.groups() if group)


def _participle(word: str, frequency: Frequency) -> str | None:
    """The stem of a participle in the form that the collection has: "signée" is stemmed apart from "signé"."""
    form = _FEMININE.sub("é", word)
    stem = stems([form], "fr")[0]
    return stem if form != word and frequency(stem) else None


def _respelt(word: str, stem: str, respell: Respell | None) -> str | None:
    """The collection's spelling of a word that neither it nor the language knows."""
    if len(word) < SPELT or any(char.isdigit() for char in word) or len(bundled_model().tokens([word])[0]) == 1:
        return None
    return respell(stem) if respell else None


def _shared_names(concepts: Sequence[Concept], ordered: Sequence[str]) -> list[Concept]:
    """The concepts, those of one name in several words ("Jean Paul Sartre") weighing little more together than one of them."""
    place = {word: number for number, word in enumerate(ordered)}
    runs: list[list[Concept]] = []
    for concept in concepts:
        follows = runs and runs[-1][-1].name and concept.name and place[concept.word] == place[runs[-1][-1].word] + 1
        if follows:
            runs[-1].append(concept)
        else:
            runs.append([concept])
    return [replace(concept, weight=concept.weight / len(run) ** 0.75) for run in runs for concept in run]


def _stems_of(word: str, language: str) -> dict[str, float]:
    own = stems([word], "fr")[0]
    known = {own: 1.0}
    if language == "en":
        known[stems([word], "en")[0]] = 1.0
        for target, weight in translations(word).items():
            for stem in stems(words(target), "fr"):
                known[stem] = max(known.get(stem, 0.0), min(1.0, 0.4 + weight))
    for stem, credit in list(known.items()):
        for relative in kin(stem):
            known.setdefault(relative, KIN_CREDIT * credit)
    return known


# Stems that most English articles hold some of, and hardly a French one even in the names that it quotes.
_PLAIN_ENGLISH: Final = tuple("year month countri told announc thousan spokesm tuesday wednesd thursda minist".split())
# Asked for one of these, an article mostly gives the figure with other words: "long de 315 mètres", "27 ans", "pour six semaines".
_TOLD_BY: Final = {
    name: frozenset(stems(by.split(), "fr"))
    for name, by in {
        "longueur": "long longue", "hauteur": "haut haute", "largeur": "large", "profondeur": "profond profonde", "age": "ans âgé âgée",
        "poids": "pèse pesait", "length": "long longueur", "height": "haut haute hauteur high tall", "width": "large largeur wide",
        "depth": "profond profondeur deep", "weight": "pèse poids weighs",
    }.items()
}  # fmt: skip
_LASTS: Final = frozenset(stems("durée dure duré durera ans années mois semaines jours heures minutes".split(), "fr"))
_HOW_LONG = re.compile(r"\bcombien de temps\b")


def _told_by(word: str, text: str) -> frozenset[str]:
    """Stems that tell the figure asked for by `word`, without the word itself."""
    folded = fold(word)
    return _LASTS if folded == "temps" and _HOW_LONG.search(fold(text)) else _TOLD_BY.get(folded, frozenset())


def _english_stems(word: str, frequency: Frequency) -> list[str]:
    """The English for a French word, as far as the collection holds it and no French word is written so."""
    found = (stems([other], "en")[0] for other, weight in english(word).items() if weight >= LEARNT)
    return [stem for stem in found if frequency(stem) and rarity(stem) >= SELDOM]


# Adjectives that stand before their noun in French; the noun is what follows.
_BEFORE_NOUN: Final = frozenset(
    "futur future futurs nouveau nouvel nouvelle nouveaux nouvelles premier premiere premiers prochain prochaine dernier derniere derniers ancien ancienne "
    "grand grande grands petit petite bon bonne mauvais mauvaise vrai vraie seul seule meme principal principale principaux autre autres plus moins "
    "new next last first main own full whole same other former future big great good bad real most more".split()
)
_THING = re.compile(
    r"(?<!\w)(?:(?:le|la|les|un|une|des|du|au|aux|ce|cet|cette|ces|son|sa|ses|leur|leurs|quels?|quelles?|combien de|the|an?|which|its|his|her|their|how many|[^\W\d_]+['’]s)\s+"
    r"|(?:l|d|combien d)['’])([^\W\d_]{3,})"
)


def _spellings(text: str) -> dict[str, bool]:
    """Lower-case word -> whether it is written as a name: with a capital, not as the first word, and not all in capitals."""
    if text.isupper():
        return {}
    spelt: dict[str, bool] = {}
    first = True
    for match in re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", text):
        for part in re.split("['’]", match.group()):
            capital = part[:1].isupper() and not (first and match.start() == 0)
            spelt[part.lower()] = spelt.get(part.lower(), False) or capital
        first = False
    return spelt


def _lexical(language: str, concepts: Sequence[Concept]) -> dict[str, float]:
    """Terms for the lexical half, with weights: each word, its translations, and neighbouring words as pairs."""
    weights: dict[str, float] = {}
    for concept in concepts:
        own = {stem: credit for stem, credit in concept.stems.items() if credit >= 1} if language == "fr" else translated(concept)
        for stem, credit in own.items():
            weights[stem] = max(weights.get(stem, 0.0), credit)
    if language == "fr":
        ordered = [next(iter(concept.stems)) for concept in concepts]
        weights |= dict.fromkeys(pairs(ordered), PAIR_WEIGHT)
    return weights


PAIR_WEIGHT: Final = 0.2
"""nDCG@10 of the lexical half on piaf-dev / afriqa-dev / news-dev: 0.791 / 0.842 / 0.935 without pairs, 0.796 / 0.839 / 0.941 at 0.2."""


def translated(concept: Concept) -> dict[str, float]:
    """The stems of an English notion that are itself or its translations, without their kin."""
    return {stem: credit for stem, credit in concept.stems.items() if credit > KIN_CREDIT}
