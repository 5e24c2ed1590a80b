"""Reading: the sentences of the passages found, in the order of how likely each is to answer.

A linear model over features of a question and a sentence, fitted by `python -m qa.training.reader` as a conditional logit (McFadden,
1974) and kept as data in `models/reader.json`. What is cheap is looked at in every sentence, what is dear in the best of them.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.analyse import fold, level, terms
from index.dates import MONTHS
from index.embed import bundled_model
from index.generation import Generation
from index.vectors import FloatMatrix, FloatVector
from qa.answer import Hit
from qa.question import Concept, Question
from qa.sentences import Sentence, sentences_in
from qa.signs import sign
from qa.spans import Span, best_span

MODEL: Final = Path(__file__).parent / "models" / "reader.json"
PASSAGES: Final = 10
"""Passages that are read. Four are enough for encyclopaedias (development sets); of a few long articles more hold the answer (seeds)."""
FINALISTS: Final = 14
"""Sentences that are looked at closely."""
SHORTEST: Final = 25
"""Characters under which a line is a heading or a fragment, and no answer."""
LONGEST_HEADING: Final = 120
BEGINNING: Final = 5
"""Letters by which two words count as of one family, where no lexicon lists them as such."""
BEGUN: Final = 0.6
"""What meeting a word of one family or a misspelt name counts for."""
ALIKE: Final = 80
"""Ratio (Levenshtein, rapidfuzz) from which two names are one, spelt in two ways."""
TITLE: Final = 0.5
BESIDE: Final = 0.6
THROUGHOUT: Final = 0.9
"""What a name counts for that stands elsewhere in the article: news is about few countries and people, meant throughout."""
KINDS: Final = ("who", "person", "when", "where", "number", "why", "list", "what")
PLAIN: Final = (
    *("score", "first_passage", "place", "covered", "covered_squared", "beside", "begun", "run", "pair", "top_unmet", "names_unmet"),
    *(
        "opening",
        "depth",
        "length",
        "fresh",
        "leans",
        "lead",
        "commas",
        "digits",
        "capitals",
        "numbers_met",
        "numbers_missed",
        "next",
        "before",
    ),
)
CLOSE: Final = (
    "near",
    "near_any",
    "no_span",
    "signed",
    "defines",
    "purpose",
    "manner",
    "listed",
    "dense",
    "context",
    "soft",
    "soft_around",
    "focus",
)
BY_KIND: Final = ("near", "near_any", "signed", "defines", "opening", "score", "fresh")
"""Features that count differently for each kind of question."""
NAMES: Final = (*PLAIN, *CLOSE, *(f"{name}_{kind}" for kind in KINDS for name in BY_KIND))
_PLACES: Final = {name: place for place, name in enumerate(NAMES)}
_ENDED = re.compile(r"[.!…][\"”»'’)\]\s]*$")
_DEFINITION = re.compile(
    r"qu'est[- ]ce (?:que|qu')|c'est quoi|^qui (?:est|etait|sont|fut) [^?]{0,40}\??$|^(?:what|who) (?:is|was|are)\b|\bque (?:signifie|veut dire)|\bdefini|\bqu'appelle"
)
_IS: Final = re.compile(r" (?:est|etait|sont|fut|designe|constitue|is|was|are) ")
_AIM_ASKED = re.compile(r"\b(?:but|objectif|role|fonction|mission|finalite|a quoi sert|purpose|goal|aim|interet)\b")
_AIM = re.compile(r" (?:but|objectif|afin d|pour (?:[a-z]+[eio]r|[a-z]+re) |vise|permet|destine|sert|role|charge)")
_MANNER_ASKED = re.compile(r"\b(?:comment|de quelle (?:maniere|facon)|how)\b")
_MANNER = re.compile(r" (?:en [a-z]+ant |grace a|par l|par une? |a l aide|au moyen|by [a-z]+ing )")
_LEANING = re.compile(
    r" (?:ils?|elles?|celui|celle|ceux|ce|cet|cette|ces|son|sa|ses|leurs?|cela|c|he|she|it|they|this|these|his|her|its|their) "
)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A sentence that may answer. `score` orders the sentences of one question; `features` is what it was made of (`NAMES`);
    `span` the words that could be the answer itself; `absent` the notions of the question that its article holds nowhere,
    `unmet` those that neither it nor what stands beside it holds."""

    sentence: Sentence
    score: float
    features: FloatVector
    span: Span | None
    signed: bool
    absent: tuple[Concept, ...]
    unmet: tuple[Concept, ...]

    def __getitem__(self, name: str) -> float:
        return float(self.features[_PLACES[name]])


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read for a question: the evidence, best first, and the passages with how far each holds each notion."""

    question: Question
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    held: FloatMatrix
    """Shape (passages, concepts)."""
    size: int
    """Passages of the whole collection."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A sentence with the hit that it was found in, and how far each notion of the question is met in it (`held`) and around it;
    `rank` is the place of the hit."""

    sentence: Sentence
    hit: Hit
    rank: int
    held: FloatVector
    around: FloatVector


def read(
    generation: Generation, question: Question, hits: Sequence[Hit], weights: FloatVector | None = None, finalists: int = FINALISTS
) -> Reading:
    """The sentences of the first passages that could be quoted, best first, `finalists` at most.

    `weights` of the features (`NAMES`) are the fitted ones unless others are given, as fitting does.
    """
    hits = tuple(hits[:PASSAGES])
    everything = [] if question.empty else look(generation, question, hits)
    held = np.zeros((len(hits), len(question.concepts)), np.float32)
    for item in everything:
        held[item.rank] = np.maximum(held[item.rank], item.held)
    seen = usable(everything)
    evidence = tuple(_ordered(generation, question, seen, weights, finalists)) if seen else ()
    return Reading(question=question, hits=hits, evidence=evidence, held=held, size=generation.manifest.passages)


def _ordered(generation: Generation, question: Question, seen: Sequence[Seen], given: FloatVector | None, finalists: int) -> list[Evidence]:
    weights = _weights() if given is None else given
    plain = _plain_features(question, seen)
    few = np.lexsort((np.arange(len(seen)), -(plain @ weights[: len(PLAIN)])))[:finalists]
    final = [seen[place] for place in few]
    close, found = _close_features(question, final)
    both = np.concatenate([plain[few], close], axis=1)
    matrix = np.concatenate([both, _by_kind(question, both)], axis=1)
    scores = matrix @ weights
    absent = {article_id: _absent(generation, question, article_id) for article_id in {item.hit.article_id for item in final}}
    order = sorted(range(len(final)), key=lambda place: (-scores[place], final[place].sentence.article.id, final[place].sentence.start))
    return [
        Evidence(
            sentence=item.sentence, score=float(scores[place]), features=matrix[place], span=found[place][0], signed=found[place][1],
            absent=absent[item.hit.article_id],
            unmet=tuple(
                concept for concept, *met in zip(question.concepts, item.held, item.around, strict=True) if not any(met)
            ),
        )
        for place in order
        for item in [final[place]]
    ]  # fmt: skip


def look(generation: Generation, question: Question, hits: Sequence[Hit]) -> list[Seen]:
    """Every sentence of the passages found, each once, with what it meets of the question."""
    articles = {hit.article_id: generation.article(hit.article_id) for hit in hits}
    found: dict[tuple[str, int], tuple[Sentence, Hit, int]] = {}
    for rank, hit in enumerate(hits):
        article = articles[hit.article_id]
        for sentence in sentences_in(article, hit.start, hit.end) if article else ():
            found.setdefault((hit.article_id, sentence.start), (sentence, hit, rank))
    vocabulary = frozenset[str]().union(*(sentence.stems for sentence, _, _ in found.values()))
    titles = {hit.article_id: frozenset(terms(hit.title or "")) | _dated(hit.published) for hit in hits}
    credits = [_credits(concept, vocabulary) for concept in question.concepts]
    throughout = {
        article_id: np.array(
            [THROUGHOUT * (concept.name and _occurs(generation, concept, article_id)) for concept in question.concepts], np.float32
        )
        for article_id in articles
    }
    return [
        Seen(
            sentence=sentence, hit=hit, rank=rank, held=_met(credits, sentence.stems),
            around=np.maximum.reduce([
                BESIDE * _met(credits, sentence.beside), TITLE * _met(credits, titles[hit.article_id]), throughout[hit.article_id]
            ]),
        )
        for sentence, hit, rank in found.values()
    ]  # fmt: skip


def usable(seen: Sequence[Seen]) -> list[Seen]:
    """Sentences that can be quoted: no question, no fragment, and no heading, unless the article is written without full stops."""
    whole = [item for item in seen if item.sentence.end - item.sentence.start >= SHORTEST and not item.sentence.text.endswith("?")]
    ended = [item for item in whole if _ENDED.search(item.sentence.text) or item.sentence.end - item.sentence.start > LONGEST_HEADING]
    return ended or whole


def _credits(concept: Concept, vocabulary: frozenset[str]) -> Mapping[str, float]:
    """What meeting each stem of `vocabulary` counts for: its own stems, else words that begin alike, or a name spelt otherwise."""
    direct = {stem: credit for stem, credit in concept.stems.items() if stem in vocabulary}
    own = [stem for stem, credit in concept.stems.items() if credit >= 1 and len(stem) >= BEGINNING and not stem[0].isdigit()]
    if not own:
        return direct
    # A name may be misspelt, but "France" is not met in "franchir".
    alike = (
        _misspelt(own, vocabulary)
        if concept.name
        else (stem for stem in vocabulary if any(stem.startswith(one[:BEGINNING]) for one in own))
    )
    return dict.fromkeys(alike, BEGUN) | direct


def _misspelt(own: Sequence[str], vocabulary: frozenset[str]) -> list[str]:
    from rapidfuzz import fuzz

    return [
        stem for stem in vocabulary for one in own
        if stem[0] == one[0] and abs(len(stem) - len(one)) <= 2 and fuzz.ratio(stem, one) >= ALIKE
    ]  # fmt: skip


def _met(credits: Sequence[Mapping[str, float]], bag: frozenset[str]) -> FloatVector:
    return np.array([max((credit for stem, credit in known.items() if stem in bag), default=0.0) for known in credits], np.float32)


def _occurs(generation: Generation, concept: Concept, article_id: str) -> bool:
    first, last = generation.rows_of(article_id)
    return any(generation.lexical.occurs(stem, first, last) for stem in concept.stems)


def _absent(generation: Generation, question: Question, article_id: str) -> tuple[Concept, ...]:
    return tuple(concept for concept in question.concepts if not _occurs(generation, concept, article_id))


@cache
def _dated(published: str | None) -> frozenset[str]:
    """The year and the month of a date as stems, so that "en janvier 2024" meets an article of that month."""
    year, _, rest = (published or "").partition("-")
    month = int(rest[:2]) if rest else 0
    return frozenset(terms(" ".join([year, *(name for name, number in MONTHS.items() if number == month)]), "fr"))


def _plain_features(question: Question, seen: Sequence[Seen]) -> FloatMatrix:
    weights = np.array([concept.weight for concept in question.concepts], np.float32)
    share = weights / (weights.sum() or 1.0)
    squared = np.square(weights) / (np.square(weights).sum() or 1.0)
    top = int(weights.argmax())
    best = max(item.hit.score for item in seen)
    named = np.array([concept.name for concept in question.concepts])
    starts = [f" {fold(concept.word)[:BEGINNING]}" for concept in question.concepts]
    ordered = re.findall(r"[a-z0-9]+", level(question.text))
    numbers = set(re.findall(r"\d+", question.text))
    asked = frozenset(stem for concept in question.concepts for stem in concept.stems)
    together = [(one.stems.keys(), other.stems.keys()) for one, other in pairwise(question.concepts)]
    covered = {(item.hit.article_id, item.sentence.start): float(item.held @ share) for item in seen}
    ends = {(item.hit.article_id, item.sentence.end): covered[item.hit.article_id, item.sentence.start] for item in seen}
    rows = []
    for item in seen:
        sentence, held = item.sentence, item.held
        stems = [stem for stem, _, _ in sentence.words if stem]
        met = np.maximum(held, item.around)
        own_numbers = set(re.findall(r"\d+", sentence.text)) if numbers else set()
        following = next((covered[key] for gap in (1, 2) if (key := (item.hit.article_id, sentence.end + gap)) in covered), 0.0)
        before = next((ends[key] for gap in (1, 2) if (key := (item.hit.article_id, sentence.start - gap)) in ends), 0.0)
        size = sentence.end - sentence.start
        rows.append((
            item.hit.score - best, 1 / (1 + item.rank), item.rank / PASSAGES, held @ share, held @ squared, met @ share,
            sum(weight for start, weight in zip(starts, share, strict=True) if start in sentence.plain),
            _longest_run(ordered, sentence.plain) / max(len(ordered), 1),
            sum(_side_by_side(stems, *pair) for pair in together) / max(len(together), 1),
            met[top] == 0, share[named & (met == 0)].sum(), sentence.start == 0, 1 / (1 + sentence.start / 150), math.log1p(size),
            min(10, len(sentence.stems - asked)) / 10, bool(_LEANING.match(sentence.plain)), sentence.lead is not None,
            min(8, sentence.text.count(",") + sentence.text.count(";")) / 8, any(char.isdigit() for char in sentence.text),
            min(10, sum(char.isupper() for char in sentence.text)) / 10, bool(numbers) and numbers <= own_numbers,
            bool(numbers) and not numbers & own_numbers, following, before,
        ))  # fmt: skip
    return np.array(rows, np.float32)


def _longest_run(ordered: Sequence[str], plain: str) -> int:
    """The most words of `ordered` that stand in a row in `plain`."""
    longest = 0
    for start in range(len(ordered)):
        while start + longest < len(ordered) and f" {' '.join(ordered[start : start + longest + 1])} " in plain:
            longest += 1
    return longest


def _side_by_side(stems: Sequence[str], one: Any, other: Any) -> bool:
    """Whether a stem of `other` stands within three content words after one of `one`."""
    return any(stem in one and any(near in other for near in stems[place + 1 : place + 4]) for place, stem in enumerate(stems))


def _close_features(question: Question, final: Sequence[Seen]) -> tuple[FloatMatrix, list[tuple[Span | None, bool]]]:
    weights = np.array([concept.weight for concept in question.concepts], np.float32)
    share = weights / (weights.sum() or 1.0)
    folded = fold(question.text)
    definition, aim, manner = (bool(pattern.search(folded)) for pattern in (_DEFINITION, _AIM_ASKED, _MANNER_ASKED))
    model = bundled_model()
    texts = [item.sentence.text for item in final]
    query = model.encode_query(question.text)
    tokens = model.known_tokens(texts)
    dense = model.encode_tokens(tokens) @ query
    context = model.encode_tokens(model.known_tokens([_context(item) for item in final])) @ query
    soft = _soft(question, tokens)
    focus = question.concepts.index(question.focus) if question.focus else None
    rows, found = [], []
    for place, item in enumerate(final):
        near = best_span(question, item.sentence.text, item.sentence.words, item.hit.published)
        plain = item.sentence.plain
        signed = sign(question, item.sentence.text)
        rows.append((
            near[1] if near else 0.0, near is not None, near is None and question.kind not in ("what", "list", "why"), signed,
            definition and _defines(question, item.sentence), aim and bool(_AIM.search(plain)), manner and bool(_MANNER.search(plain)),
            question.kind == "list" and item.sentence.text.count(",") >= 2, dense[place], context[place], soft[place] @ share,
            np.maximum(soft[place], item.around) @ share, 0.0 if focus is None else soft[place][focus],
        ))  # fmt: skip
        found.append((near[0] if near else None, signed))
    return np.array(rows, np.float32), found


def _context(item: Seen) -> str:
    """A sentence as its article means it: after the title and the sentence before."""
    sentence = item.sentence
    before = sentence.article.text[max(0, sentence.start - 150) : sentence.start]
    return f"{item.hit.title or ''} {before} {sentence.text}"


def _defines(question: Question, sentence: Sentence) -> bool:
    """Whether a sentence opens with what is asked about and goes on with what it is."""
    place = next((start for stem, start, _ in sentence.words if any(stem in concept.stems for concept in question.concepts)), None)
    verb = _IS.search(sentence.plain)
    return place is not None and place < 40 and verb is not None and place < verb.start() < 140


def _soft(question: Question, tokens: Sequence[Any]) -> FloatMatrix:
    """The nearest token of each sentence to each notion, as cosines, shape (sentences, concepts)."""
    model = bundled_model()
    kept = [ids if len(ids) else np.zeros(1, np.int32) for ids in tokens]
    distinct, places = np.unique(np.concatenate(kept), return_inverse=True)
    cosines = (model.vectors(distinct) @ model.directions([concept.word for concept in question.concepts]).T)[places]
    starts = np.cumsum([0, *(len(ids) for ids in kept[:-1])])
    best: FloatMatrix = np.maximum.reduceat(cosines, starts, axis=0).clip(0)
    return best


def _by_kind(question: Question, matrix: FloatMatrix) -> FloatMatrix:
    """The features of `BY_KIND` in the columns of the question's kind, zeros in those of the others."""
    both = (*PLAIN, *CLOSE)
    columns = np.zeros((len(matrix), len(KINDS) * len(BY_KIND)), np.float32)
    start = KINDS.index(question.kind) * len(BY_KIND)
    columns[:, start : start + len(BY_KIND)] = matrix[:, [both.index(name) for name in BY_KIND]]
    return columns


@cache
def _weights() -> FloatVector:
    fitted: Mapping[str, float] = json.loads(MODEL.read_text(encoding="utf-8"))["coefficients"]
    return np.array([fitted[name] for name in NAMES], np.float32)
