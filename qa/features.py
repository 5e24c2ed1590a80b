"""What the reader sees of a sentence: cheap features of every one, dear ones of the few that it looks at closely."""

import math
import re
from collections.abc import KeysView, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from index.analyse import fold, level, longest_run
from index.embed import bundled_model
from index.static import TokenVector
from index.vectors import FloatMatrix, FloatVector, normalise
from qa.look import BEGINNING, Seen
from qa.question import Question
from qa.sentences import Sentence
from qa.signs import sign
from qa.spans import Span, nearest, spans

PASSAGES: Final = 10
"""Passages that are read of a small collection; of a large one `LARGE_PASSAGES`, since the answer is then seldom further down."""
KINDS: Final = ("who", "person", "when", "where", "number", "why", "list", "what")
PLAIN: Final = (
    *("score", "first_passage", "place", "covered", "covered_squared", "beside", "covered_here", "unmet_here"),
    *("begun", "run", "pair", "top_unmet", "names_unmet"),
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
    "content",
    "listed",
    "dense",
    "context",
    "soft",
    "focus",
)
BY_KIND: Final = ("near", "near_any", "signed", "defines", "opening", "score", "fresh")
"""Features that count differently for each kind of question."""
NAMES: Final = (*PLAIN, *CLOSE, *(f"{name}_{kind}" for kind in KINDS for name in BY_KIND))
_BY_KIND: Final = [(*PLAIN, *CLOSE).index(name) for name in BY_KIND]
_DEFINITION = re.compile(
    r"qu'est[- ]ce (?:que|qu')|c'est quoi|^qui (?:est|etait|sont|fut) [^?]{0,40}\??$|^(?:what|who) (?:is|was|are)\b|\bque (?:signifie|veut dire)|\bdefini|\bqu'appelle"
)
_CAPITAL = re.compile("[A-ZÀ-ÖØ-ÞŒŸΑ-ΩА-Я]")
_DIGITS = re.compile(r"\d+")
_IS: Final = re.compile(r" (?:est|etait|sont|fut|designe|constitue|is|was|are) ")
_AIM_ASKED = re.compile(r"\b(?:but|objectif|role|fonction|mission|finalite|a quoi sert|purpose|goal|aim|interet)\b")
_AIM = re.compile(r" (?:but|objectif|afin d|pour (?:[a-z]+[eio]r|[a-z]+re) |vise|permet|destine|sert|role|charge)")
_MANNER_ASKED = re.compile(r"\b(?:comment|de quelle (?:maniere|facon)|how)\b")
_MANNER = re.compile(r" (?:en [a-z]+ant |grace a|par l|par une? |a l aide|au moyen|by [a-z]+ing )")
_CONTENT_ASKED = re.compile(
    r"\b(?:contenu|teneur|volets?|consiste|prevoi(?:t|ent)|porte(?:nt)?|compren(?:d|nent)|comporte(?:nt)?|couvre(?:nt)?|recouvre(?:nt)?|concerne(?:nt)?|stipule"
    r"|contents?|covers?|provides?|consists?|entails?|involves?|includes?|contains?)\b"
)
_CONTENT = re.compile(
    r" (?:concerne(?:nt|ra)?|porte(?:nt|ra|ront)? sur|prevoi(?:t|ent)|compren(?:d|nent)|comporte(?:nt)?|couvre(?:nt)?|consiste(?:nt)?|englobe(?:nt)?"
    r"|inclu(?:t|ent)|s articule(?:nt)?|stipule(?:nt)?|covers?|provides? for|consists? of|includes?|involves?) "
)
_LEANING = re.compile(
    r" (?:ils?|elles?|celui|celle|ceux|ce|cet|cette|ces|son|sa|ses|leurs?|cela|c|he|she|it|they|this|these|his|her|its|their) "
)


def plain_features(question: Question, seen: Sequence[Seen]) -> FloatMatrix:
    """The cheap features of every sentence, shape (len(seen), len(PLAIN))."""
    weights = np.array([concept.weight for concept in question.concepts], np.float32)
    share = weights / (weights.sum() or 1.0)
    squared = np.square(weights) / (np.square(weights).sum() or 1.0)
    top = int(weights.argmax())
    best = max(item.hit.score for item in seen)
    named = np.array([concept.name for concept in question.concepts])
    starts = [f" {fold(concept.word)[:BEGINNING]}" for concept in question.concepts]
    ordered = re.findall(r"[a-z0-9]+", level(question.text))
    numbers = set(_DIGITS.findall(question.text))
    asked = question.by_stem.keys()
    together = [(dict(one.stems).keys(), dict(other.stems).keys()) for one, other in pairwise(question.concepts)]
    held = np.array([item.held for item in seen])
    met = np.maximum(held, [item.around for item in seen])
    here = _share_here(weights, held)
    # Not by @: of a few numbers a row, all of them finite, BLAS was seen to warn of invalid ones.
    in_itself = np.vecdot(held, share)
    of_notions = np.stack(
        [in_itself, np.vecdot(held, squared), np.vecdot(met, share), np.vecdot(held, here), np.vecdot(held == 0, np.square(here))], axis=1
    )
    unmet = np.stack([met[:, top] == 0, np.vecdot((met == 0)[:, named], share[named])], axis=1)
    own = in_itself.tolist()
    covered = {(item.hit.article_id, item.sentence.start): value for item, value in zip(seen, own, strict=True)}
    ends = {(item.hit.article_id, item.sentence.end): value for item, value in zip(seen, own, strict=True)}
    begun = np.vecdot(np.array([[start in item.sentence.plain for start in starts] for item in seen], np.float32), share)
    rows = []
    for item, own_begun, met_here in zip(seen, begun.tolist(), held.tolist(), strict=True):
        sentence, article_id = item.sentence, item.hit.article_id
        text = sentence.text
        own_numbers = frozenset(_DIGITS.findall(text))
        following = covered.get((article_id, sentence.end + 1), covered.get((article_id, sentence.end + 2), 0.0))
        before = ends.get((article_id, sentence.start - 1), ends.get((article_id, sentence.start - 2), 0.0))
        rows.append((
            item.hit.score - best, 1 / (1 + item.rank), item.rank / PASSAGES, own_begun,
            longest_run(ordered, sentence.plain) / max(len(ordered), 1),
            sum(_side_by_side(sentence, *pair) for pair, both in zip(together, pairwise(met_here), strict=True) if all(both))
            / max(len(together), 1),
            sentence.start == 0, 1 / (1 + sentence.start / 150), math.log1p(sentence.end - sentence.start),
            min(10, len(sentence.stems - asked)) / 10, bool(_LEANING.match(sentence.plain)), sentence.lead is not None,
            min(8, text.count(",") + text.count(";")) / 8, bool(own_numbers),
            min(10, len(_CAPITAL.findall(text))) / 10, bool(numbers) and numbers <= own_numbers,
            bool(numbers) and not numbers & own_numbers, following, before,
        ))  # fmt: skip
    others = np.array(rows, np.float32)
    return np.concatenate([others[:, :3], of_notions, others[:, 3:6], unmet, others[:, 6:]], axis=1).astype(np.float32)


def _share_here(weights: FloatVector, held: FloatMatrix) -> FloatVector:
    """What each notion tells among the sentences read, shape (concepts,): its weight by its inverse frequency there. In an article on two
    countries their names tell little."""
    often = np.count_nonzero(held, axis=0)
    telling = weights * np.log((len(held) + 1) / (often + 0.5))
    return np.asarray(telling / (telling.sum() or 1.0), np.float32)


def _side_by_side(sentence: Sentence, one: KeysView[str], other: KeysView[str]) -> bool:
    """Whether a stem of `other` stands within three content words after one of `one`."""
    if one.isdisjoint(sentence.stems) or other.isdisjoint(sentence.stems):
        return False
    stems = sentence.content
    return any(stem in one and not other.isdisjoint(stems[place + 1 : place + 4]) for place, stem in enumerate(stems))


def close_features(question: Question, final: Sequence[Seen]) -> tuple[FloatMatrix, list[tuple[Span | None, bool]]]:
    """The dear features of a few sentences, shape (len(final), len(CLOSE)), with the words of each that could be the answer and whether it
    shows the kind of thing asked for."""
    weights = np.array([concept.weight for concept in question.concepts], np.float32)
    share = weights / (weights.sum() or 1.0)
    folded = question.folded
    definition, aim, manner, content = (
        bool(pattern.search(folded)) for pattern in (_DEFINITION, _AIM_ASKED, _MANNER_ASKED, _CONTENT_ASKED)
    )
    model = bundled_model()
    tokens, before = (
        model.known_tokens(part) for part in ([item.sentence.text for item in final], [_before(item.sentence) for item in final])
    )
    titles = {title: place for place, title in enumerate(dict.fromkeys(item.hit.title or "" for item in final))}
    own, preceding, named = np.split(model.sums([*tokens, *before, *model.known_tokens(list(titles))]), (len(final), 2 * len(final)))
    asked = model.encode_query(question.text)
    # A sentence by itself, and as its article means it: after the title and the sentence before.
    dense = normalise(own) @ asked
    context = normalise(own + preceding + named[[titles[item.hit.title or ""] for item in final]]) @ asked
    soft = soft_matches(question, tokens)
    focus = question.concepts.index(question.focus) if question.focus else None
    rows, found = [], []
    for place, item in enumerate(final):
        possible = spans(question, item.sentence.text, item.hit.published)
        near = nearest(question, possible, item.sentence.words) if possible else None
        plain = item.sentence.plain
        signed = sign(question, item.sentence.text)
        rows.append((
            near[1] if near else 0.0, near is not None, near is None and question.kind not in ("what", "list", "why"), signed,
            definition and _defines(question, item.sentence), aim and bool(_AIM.search(plain)), manner and bool(_MANNER.search(plain)),
            content and bool(_CONTENT.search(plain)), question.kind == "list" and item.sentence.text.count(",") >= 2, dense[place], context[place], soft[place] @ share, 0.0 if focus is None else soft[place][focus],
        ))  # fmt: skip
        found.append((near[0] if near and near[2] else None, signed))
    return np.array(rows, np.float32), found


def _before(sentence: Sentence) -> str:
    """What stands before a sentence: about one more."""
    return sentence.article.text[max(0, sentence.start - 150) : sentence.start]


def _defines(question: Question, sentence: Sentence) -> bool:
    """Whether a sentence opens with what is asked about and goes on with what it is."""
    place = next((start for stem, start, _ in sentence.words if stem in question.by_stem), None)
    verb = _IS.search(sentence.plain)
    return place is not None and place < 40 and verb is not None and place < verb.start() < 140


def soft_matches(question: Question, tokens: Sequence[TokenVector]) -> FloatMatrix:
    """The nearest token of each text to each notion, as cosines, shape (texts, concepts)."""
    model = bundled_model()
    kept = [ids if len(ids) else np.zeros(1, np.int32) for ids in tokens]
    distinct, places = np.unique(np.concatenate(kept), return_inverse=True)
    cosines = model.cosines(distinct, model.directions([concept.word for concept in question.concepts]))[places]
    starts = np.cumsum([0, *(len(ids) for ids in kept[:-1])])
    best: FloatMatrix = np.maximum.reduceat(cosines, starts, axis=0).clip(0)
    return best


def by_kind(question: Question, matrix: FloatMatrix) -> FloatMatrix:
    """The features of `BY_KIND` in the columns of the question's kind, zeros in those of the others."""
    columns = np.zeros((len(matrix), len(KINDS) * len(BY_KIND)), np.float32)
    start = KINDS.index(question.kind) * len(BY_KIND)
    columns[:, start : start + len(BY_KIND)] = matrix[:, _BY_KIND]
    return columns
