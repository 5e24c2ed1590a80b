"""The second look: the best of the fused list ordered again by more than its two scores.

A linear model over features of a question and a passage, fitted by `python -m qa.training.rescore` as a conditional logit
(McFadden, 1974: the chance that the right passage is chosen among those listed) and kept as data in `models/rescore.json`.
The soft matches are those of late interaction (Khattab and Zaharia, 2020, "ColBERT") over the static vectors of the
bundled model, the kernels those of K-NRM (Xiong et al., 2017).
"""

import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.analyse import fold, longest_run, terms
from index.embed import bundled_model
from index.generation import Candidate, Generation
from index.vectors import FloatMatrix, FloatVector, RowVector
from qa.kinds import is_closed
from qa.question import Concept, Question
from qa.signs import sign

MODEL: Final = Path(__file__).parent / "models" / "rescore.json"
RESCORED: Final = 30
"""Passages looked at again. The right one is among them for 92 % of PIAF's questions, the first ten hold 88 %."""
KERNELS: Final = (0.35, 0.55, 0.75)
"""Cosines around which soft matches are counted."""
WIDTH: Final = 0.1
NAMES: Final = (
    *("lexical", "dense", "lexical_share", "article_dense", "article_lexical", "held", "soft", "soft_square", "title"),
    *("signed", "opening", "affirmed", "begun", "sentence", "sentence_signed", "together", "exact", "letters", "run", "length"),
    "title_dense",
    *(f"kernel_{kernel}" for kernel in KERNELS),
    *("lexical_english", "dense_english", "lexical_held", "dense_held"),
)
BEGINNING: Final = 5
"""Letters by which two words count as of one family."""
LETTERS: Final = 4
"""Letters in a row by which words are compared in pieces (McNamee and Mayfield, 2004, find 4 best for French)."""
TITLE: Final = 0.5
NEAR: Final = 24
"""Letters within which two neighbouring words of the question count as neighbours in a passage too."""
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_YES_OR_NO = re.compile(r"(?:oui|non|yes|no)\b")
Halves = tuple[FloatVector, FloatVector]
"""The lexical and the dense score of each passage, each brought to mean zero and deviation one over the candidates."""


def rescore(generation: Generation, question: Question, query: FloatVector, rows: RowVector, halves: Halves) -> FloatVector:
    """New scores of the passages `rows`, on the scale of the fused score."""
    scores: FloatVector = np.vecdot(features(generation, question, query, rows, halves), _weights())
    return scores


def features(generation: Generation, question: Question, query: FloatVector, rows: RowVector, halves: Halves) -> FloatMatrix:
    """What the model sees of each passage, shape (len(rows), len(NAMES))."""
    passages = generation.candidates(rows)
    weights = np.array([concept.weight for concept in question.concepts], np.float32)
    weights /= weights.sum() or 1.0
    held = np.stack([_held(generation, concept, rows) for concept in question.concepts], axis=1)
    titles = {passage.title: _in_title(question.concepts, passage.title) for passage in passages}
    title = np.stack([titles[passage.title] for passage in passages])
    best, counts = _soft(question.concepts, [f"{passage.title or ''}\n{passage.text}" for passage in passages])
    soft = np.maximum(best, held)
    share = np.vecdot(held, weights)
    english = float(question.language == "en")
    # Where no passage holds much of the question, words mean less and vectors more.
    reach = float(share.max()) - 0.7
    sparse, dense = halves
    columns = (
        sparse, dense, generation.lexical.at(question.lexical, rows) / max(1.0, sum(concept.weight for concept in question.concepts)),
        *_articles(generation, query, question.lexical, passages), share,
        *(np.vecdot(met, weights) for met in (soft, np.square(soft), title)),
        [question.kind not in ("what", "list") and sign(question, passage.text) for passage in passages],
        [passage.row == passage.first for passage in passages],
        _affirmed(question, passages),
        *_sentences(question, passages, weights, title),
        [math.log1p(len(passage.text)) for passage in passages],
        _titles(question, passages),
        *(np.vecdot(count, weights) for count in counts), english * sparse, english * dense, reach * sparse, reach * dense,
    )  # fmt: skip
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _sentences(question: Question, passages: Sequence[Candidate], weights: FloatVector, title: FloatMatrix) -> FloatMatrix:
    """How much of the question each passage holds, shape (7, len(passages)): by the beginnings of its words; in its best sentence,
    where the title lends half of what it holds; in the best that shows the kind of thing asked for; as words side by side; as
    whole words; as pieces of words; and how many words of it in a row, whichever they are."""
    asked = [_plain(concept.word) for concept in question.concepts]
    starts = [word[: BEGINNING + 1] for word in asked]
    pieces = [[f"{word} "[place : place + LETTERS] for place in range(max(1, len(word) - LETTERS + 2))] for word in asked]
    ordered = _plain(question.text).split()
    loose = question.kind in ("what", "list")
    found = np.zeros((7, len(passages)), np.float32)
    pairs = list(pairwise(starts))
    for place, (passage, lent) in enumerate(zip(passages, TITLE * title, strict=True)):
        sentences, plain = _split(passage.text)
        held = np.array([[start in sentence for start in starts] for sentence in plain], np.float32)
        shares = (np.maximum(held, lent) * weights).sum(axis=1)
        best = int(shares.argmax())
        whole = f"{''.join(plain)} "
        found[:, place] = (
            (held.max(axis=0) * weights).sum(),
            shares[best],
            shares[best] if loose or sign(question, sentences[best]) else 0,
            sum(any(_near(sentence, *pair) for sentence in plain) for pair in pairs) / max(len(pairs), 1),
            sum(weight for word, weight in zip(asked, weights, strict=True) if f"{word} " in whole),
            sum(weight * sum(piece in whole for piece in own) / len(own) for own, weight in zip(pieces, weights, strict=True)),
            longest_run(ordered, whole),
        )
    return found


@lru_cache(maxsize=1_000)
def _split(text: str) -> tuple[Sequence[str], Sequence[str]]:
    """The sentences of a passage, and their words alone: questions of one day come back to the same passages."""
    sentences = _SENTENCE.split(text)
    return sentences, [_plain(sentence) for sentence in sentences]


def _titles(question: Question, passages: Sequence[Candidate]) -> FloatVector:
    """The cosine of each passage's title to the question, 0 where there is none."""
    titles = list(dict.fromkeys(passage.title for passage in passages))
    model = bundled_model()
    near = model.directions([title or "" for title in titles]) @ model.encode_query(question.text)
    cosines = dict(zip(titles, near, strict=True))
    return np.array([cosines[passage.title] for passage in passages], np.float32)


def _near(sentence: str, one: str, other: str) -> bool:
    """Whether the second word begins within `NEAR` letters of where the first does."""
    begin = sentence.find(one)
    while begin >= 0:
        if other in sentence[begin + len(one) : begin + NEAR]:
            return True
        begin = sentence.find(one, begin + 1)
    return False


def _plain(text: str) -> str:
    """The words of `text`, each led by a space: `fold` for the letters of French and English alone, and much quicker."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return f" {_NO_LETTER.sub(' ', ascii_only).strip()}"


def _affirmed(question: Question, passages: Sequence[Candidate]) -> FloatVector:
    """1 for a passage that opens with yes or no where the question can be answered so, -1 where it cannot, 0 for any other:
    interviews and pages of frequent questions are full of them."""
    closed = is_closed(question.text)
    return np.array([(1 if closed else -1) if _YES_OR_NO.match(fold(passage.text[:8])) else 0 for passage in passages], np.float32)


def standard(scores: FloatVector) -> FloatVector:
    """Scores brought to mean zero and deviation one."""
    spread = float(scores.std()) if len(scores) else 0.0
    return (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)


def _held(generation: Generation, concept: Concept, rows: RowVector) -> FloatVector:
    """What meeting a notion in each passage or around it counts for."""
    return np.max([credit * generation.lexical.holds(stem, rows) for stem, credit in concept.stems.items()], axis=0)  # type: ignore[no-any-return]


def _in_title(concepts: Sequence[Concept], title: str | None) -> FloatVector:
    found = frozenset(terms(title or ""))
    return np.array(
        [max((credit for stem, credit in concept.stems.items() if stem in found), default=0.0) for concept in concepts], np.float32
    )


def _articles(
    generation: Generation, query: FloatVector, weights: Mapping[str, float], passages: Sequence[Candidate]
) -> tuple[FloatVector, FloatVector]:
    """How near the surroundings of each passage in its article are as a whole, by vectors and by words; standardised."""
    spans = list(dict.fromkeys((passage.first, passage.last) for passage in passages))
    rows = [np.arange(first, last + 1) for first, last in spans]
    starts = np.cumsum([0, *(len(part) for part in rows[:-1])])
    around = np.concatenate(rows)
    sums = np.add.reduceat(generation.vectors.rows(around), starts, axis=0)
    near = sums @ query / np.maximum(np.linalg.norm(sums, axis=1), 1e-9)
    sizes = np.array([len(part) for part in rows], np.float32)
    words = (np.add.reduceat(generation.lexical.at(weights, around), starts) / sizes).astype(np.float32)
    place = {span: number for number, span in enumerate(spans)}
    owner = [place[passage.first, passage.last] for passage in passages]
    return standard(near[owner]), standard(words[owner])


def _soft(concepts: Sequence[Concept], texts: Sequence[str]) -> tuple[FloatMatrix, list[FloatMatrix]]:
    """The nearest token of each text to each notion, as cosines, and log-counts of tokens about each of `KERNELS`;
    each of shape (texts, concepts)."""
    model = bundled_model()
    tokens = model.known_tokens(texts)
    seen = np.array([len(ids) > 0 for ids in tokens])
    # A text that the model sees nothing in stands for itself with one token, which counts for nothing.
    tokens = [ids if len(ids) else np.zeros(1, np.int32) for ids in tokens]
    distinct, places = np.unique(np.concatenate(tokens), return_inverse=True)
    cosines = model.cosines(distinct, model.directions([concept.word for concept in concepts]))[places]
    starts = np.cumsum([0, *(len(ids) for ids in tokens[:-1])])
    best = np.maximum.reduceat(cosines, starts, axis=0).clip(0) * seen[:, None]
    around = [np.add.reduceat(np.exp(-np.square(cosines - kernel) / (2 * WIDTH**2)), starts, axis=0) for kernel in KERNELS]
    return best, [np.log1p(matched) * seen[:, None] for matched in around]


@cache
def _weights() -> FloatVector:
    fitted: Mapping[str, float] = _model()["coefficients"]
    return np.array([fitted[name] for name in NAMES], np.float32)


@cache
def _model() -> Any:
    return json.loads(MODEL.read_text(encoding="utf-8"))
