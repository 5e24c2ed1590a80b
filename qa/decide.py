"""Whether the evidence answers the question, and which sentences are quoted."""

from collections.abc import Mapping, Sequence
from typing import Final

from index.analyse import fold
from index.article import Article
from qa.evidence import Evidence
from qa.question import Kind, Question
from qa.support import probability, threshold

MOST_QUOTES: Final = 3
AS_GOOD: Final = 0.85
EXACT: Final = frozenset({"who", "person", "when", "where", "number"})
NEARLY_AS_GOOD: Final = 0.7
TELLING: Final = 0.5
"""What a noun weighs at least ("uranium" 0.6), of which no article says a word: the question is about something else."""
MOST_UNMET: Final = 0.25
# Of what is asked, the share that the sentence itself must hold. A number is tied to the noun it counts already.
LEAST_COVERED: Final[Mapping[Kind, float]] = {"when": 0.45, "number": 0.4, "person": 0.6, "where": 0.45}
LEAST_SUPPORT: Final = 0.65


# Asked for one of these, a sentence that does not speak of it says something else about the same thing.
ATTRIBUTES: Final = frozenset(
    "modele marque grade rang siege adresse numero salaire prix cout montant budget nationalite religion profession diplome "
    "model brand rank headquarters address salary price cost amount budget nationality religion profession degree".split()
)


def supported(question: Question, ordered: Sequence[tuple[Evidence, float]]) -> list[tuple[Evidence, float]]:
    """The evidence good enough to be quoted, best first; empty when the articles do not answer."""
    return [(item, strength) for item, strength in ordered if fits(question, item) and probability(question, item) >= threshold()]


def fits(question: Question, item: Evidence) -> bool:
    """Whether a sentence can be an answer at all, however likely.

    Never when a name of the question stands nowhere in its article: what is said of another country or person is
    not an answer, however alike the rest. Where the answer is a date, a number, a place or a person's
    name, the sentence must hold one, and most of what was asked about with it: near a fact that is missing there
    is nearly always another date or name. Of 300 questions of piaf-dev these leave 20 % without a sentence, in half of
    which the first was right; and 37 % once the article that answers is taken out.
    """
    if any(
        concept.name or (concept.missing and concept.weight >= TELLING and (concept.thing or concept == question.focus))
        for concept in item.absent
    ):
        return False
    if question.focus and question.focus in item.unmet and (question.kind == "who" or fold(question.focus.word) in ATTRIBUTES):
        return False
    least = LEAST_COVERED.get(question.kind)
    if least is None:
        return True
    total = sum(concept.weight for concept in question.concepts) or 1.0
    unmet = sum(concept.weight for concept in item.unmet) / total
    return item.signed and item.covered >= least and item.support >= LEAST_SUPPORT and unmet <= MOST_UNMET


def choose(question: Question, kept: Sequence[tuple[Evidence, float]]) -> list[Evidence]:
    """One to three sentences: the best, the best of another article where one is as good as that, then those that come
    near; none saying the same again."""
    if not kept:
        return []
    best, strength = kept[0]
    rivals = [(item, other / strength) for item, other in kept[1:]]
    elsewhere = [item for item, share in rivals if share >= AS_GOOD and item.sentence.article.id != best.sentence.article.id]
    # A date or a name is said once; what and why are told in several sentences.
    least = AS_GOOD if question.kind in EXACT else NEARLY_AS_GOOD
    nearly = [item for item, share in rivals if share >= least]
    chosen = [best]
    for item in [*elsewhere[:1], *nearly]:
        if len(chosen) == MOST_QUOTES:
            break
        if item not in chosen and not any(_alike(item, known) for known in chosen):
            chosen.append(item)
    return chosen


def quotes(chosen: Sequence[Evidence]) -> list[tuple[Article, int, int]]:
    """What is quoted of each article: the sentences, each led by the one it leans on, none quoted twice."""
    found: list[tuple[Article, int, int]] = []
    for sentence in (item.sentence for item in chosen):
        taken = [(start, end) for article, start, end in found if article.id == sentence.article.id]
        if any(start <= sentence.start < end for start, end in taken):
            continue
        start = sentence.start if sentence.lead is None else sentence.lead
        if any(begin <= start < end or start <= begin < sentence.end for begin, end in taken):
            start = sentence.start
        found.append((sentence.article, start, sentence.end))
    return found


def _alike(first: Evidence, second: Evidence) -> bool:
    """Whether two sentences share most of their words (Jaccard above 0.6), as copies of one text do."""
    one, other = first.sentence.stems, second.sentence.stems
    return len(one & other) > 0.6 * len(one | other)
