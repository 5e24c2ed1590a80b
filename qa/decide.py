"""Whether what was read answers the question, and which sentences are quoted."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from typing import Final

from index.analyse import level
from index.article import Article
from qa.evidence import Evidence
from qa.question import Question
from qa.reader import SMALL, Reading
from qa.support import probability, threshold

MOST_QUOTES: Final = 3
MOST_SENTENCES: Final = 8
MOST_WORDS: Final = 120
"""Words of an answer before "more"."""
ELSEWHERE: Final = 0.8
"""How much worse, in deviations of the scores, a sentence of another article may be and still be quoted before the best's neighbours."""
BEHIND: Final = 2.2
"""How much worse than the best any quoted sentence may be."""
TOLD: Final = 0.3
"""Nearness of a date, number, place or name to what is asked from which the best sentence tells it, and others must be nearly as good."""
LITTLE_BEHIND: Final = 1.2
LONGEST_QUOTE: Final = 500
"""Characters of neighbouring sentences that are quoted as one."""
# "Qu'a dit le maire ?" is answered by words of his.
_SAID_ASKED = re.compile(
    r"\bqu'?(?:e |')?(?:a|ont|avait)(?:-t-(?:il|elle|on))? [^?]{0,60}?(?:dit|declare|affirme|repondu|annonce|explique|promis|indique)\b"
    r"|\bqu(?:e |')(?:dit|declare|affirme|pense|promet|a dit|a declare)"
    r"|\bwhat (?:did|does|do|has|have) [^?]{2,60}? (?:say|said|declare|declared|promise|answer|announce)"
)
_SPEECH = re.compile(
    r"[«“\"][^»”\"]{12,}[»”\"]|\bselon |\b(?:said|added|told|declared|announced|promised|according to)\b"
    r"|\b(?:a|ont|avait) (?:\w+ )?(?:declare|dit|affirme|ajoute|precise|indique|explique|souligne|assure|estime|annonce|promis|repondu)\b"
)
FEW, MANY = 100, 2_000
"""Passages of a small collection and of a large one. What stands out among few says less, so the plain rules count for more there."""
SURE: Final = (0.685, 1.0)
"""What the chance is multiplied by in a small collection and in a large one; between them by the logarithm of their size."""
LOOSE: Final = (0.25, 0.8)
"""The same where the best sentence is not firm (`qa.evidence.Evidence.firm`)."""
UNFIT: Final = (0.3, 0.7)
"""The same, besides, where none fits (`qa.evidence.Evidence.fits`)."""
BESIDE_THE_POINT: Final = 0.25
"""The same, in any collection, where the best surely tells something else (`qa.evidence.Evidence.beside_the_point`)."""


def fitting_first(reading: Reading) -> Reading:
    """The reading with the sentences first that can be an answer, and in a small collection of these the firm ones (`qa.evidence`),
    otherwise in their order."""
    question = reading.question
    small = reading.size <= SMALL

    said, most = bool(_SAID_ASKED.search(question.folded)), max((item.score for item in reading.evidence), default=0.0)

    def doubts(item: Evidence) -> tuple[bool, bool, bool, bool]:
        silent = said and not (item.score >= most - BEHIND and bool(_SPEECH.search(level(item.sentence.text))))
        return not item.fits, item.beside_the_point, small and not item.firm, silent

    return replace(reading, evidence=tuple(sorted(reading.evidence, key=doubts)))


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What was read, judged: the sentences that can be an answer, best first, and the chance that they are one."""

    question: Question
    evidence: tuple[Evidence, ...]
    confidence: float

    @property
    def answers(self) -> bool:
        """Whether that is enough to answer."""
        return bool(self.evidence) and self.confidence >= threshold()


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What is quoted for a sentence: `article.text[start:end]`."""

    evidence: Evidence
    start: int
    end: int

    @property
    def article(self) -> Article:
        return self.evidence.sentence.article

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.article.text[self.start : self.end].split())


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The quotes of an answer, and how many of them are told before "more"."""

    quotes: tuple[Quote, ...]
    shown: int


def judge(reading: Reading) -> Judged:
    """How likely what was read is to answer its question."""
    ordered, question = fitting_first(reading), reading.question
    if not ordered.evidence:
        return Judged(question=question, evidence=(), confidence=0.0)
    best = ordered.evidence[0]
    trust = _between(SURE if best.firm else LOOSE, reading.size)
    if not best.fits:
        trust *= _between(UNFIT, reading.size)
    if best.beside_the_point:
        trust *= BESIDE_THE_POINT
    kept = tuple(item for item in ordered.evidence if item.fits) or ordered.evidence
    return Judged(question=question, evidence=kept, confidence=round(trust * probability(ordered), 4))


def _between(bounds: tuple[float, float], size: int) -> float:
    small, large = bounds
    along = min(1.0, max(0.0, math.log(max(size, 1) / FEW) / math.log(MANY / FEW)))
    return small + (large - small) * along


def choose(kept: Sequence[Evidence]) -> Chosen:
    """One to three quotes: the best sentence, the best of another article where one is nearly as good, then those that come next, none
    saying the same again; and how many of them are told before "more"."""
    if not kept:
        return Chosen(quotes=(), shown=0)
    best = kept[0]
    told = best.span is not None and best["near"] >= TOLD

    def fit_to_show(item: Evidence) -> bool:
        # A date or a name is told once; what says nothing of the kind beside it only distracts.
        return item is best or (best.score - item.score <= (LITTLE_BEHIND if told else BEHIND) and (item.signed or not told))

    near = [item for item in kept[1:] if best.score - item.score <= BEHIND]
    elsewhere = [
        item for item in near
        if fit_to_show(item) and item.sentence.article.id != best.sentence.article.id and best.score - item.score <= ELSEWHERE
    ]  # fmt: skip
    chosen, found = [best], quotes([best])
    for item in [*elsewhere[:1], *near]:
        if any(item is known or _alike(item, known) for known in chosen):
            continue
        longer = _with(found, item)
        if len(longer) <= MOST_QUOTES and (len(longer) > len(found) or fit_to_show(item)):
            chosen.append(item)
            found = longer
        if len(chosen) == MOST_SENTENCES:
            break
    words = list(accumulate(quote.words for quote in found))
    shown = sum(1 for _ in takewhile(lambda both: both[1] <= MOST_WORDS and fit_to_show(both[0].evidence), zip(found, words, strict=True)))
    return Chosen(quotes=tuple(found), shown=max(1, shown))


def quotes(chosen: Sequence[Evidence]) -> list[Quote]:
    """What is quoted: each sentence led by the one it leans on; none twice, and neighbours as one quote, under the better of them."""
    found: list[Quote] = []
    for item in chosen:
        found = _with(found, item)
    return found


def _with(found: list[Quote], item: Evidence) -> list[Quote]:
    """The quotes with one sentence more."""
    sentence = item.sentence
    own = [(place, quote) for place, quote in enumerate(found) if quote.article.id == sentence.article.id]
    if any(quote.start <= sentence.start < quote.end for _, quote in own):
        return found
    start = sentence.start if sentence.lead is None else sentence.lead
    if any(quote.start <= start < quote.end or start <= quote.start < sentence.end for _, quote in own):
        start = sentence.start
    beside = next((both for both in own if _neighbours(both[1], start, sentence.end)), None)
    if beside is None:
        return [*found, Quote(evidence=item, start=start, end=sentence.end)]
    place, quote = beside
    joined = replace(quote, start=min(quote.start, start), end=max(quote.end, sentence.end))
    return [*found[:place], joined, *found[place + 1 :]]


def _neighbours(quote: Quote, start: int, end: int) -> bool:
    """Whether a quote and other words of its article follow one another in a paragraph and are not too long together."""
    first, second = sorted(((quote.start, quote.end), (start, end)))
    between = quote.article.text[first[1] : second[0]]
    return second[0] >= first[1] and not between.strip() and "\n" not in between and second[1] - first[0] <= LONGEST_QUOTE


def _alike(first: Evidence, second: Evidence) -> bool:
    """Whether two sentences share most of their words (Jaccard above 0.6), as copies of one text do."""
    one, other = first.sentence.stems, second.sentence.stems
    return len(one & other) > 0.6 * len(one | other)
