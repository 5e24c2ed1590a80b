"""Pairs to train on, a kind a batch: what is asked, and the passage that should be nearest to it of all in the batch."""

import hashlib
import random
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from index.errors import CollectionError
from index.training.corpus import Corpus
from index.training.queries import Questioner
from index.training.vocabulary import Vocabulary
from index.vectors import FloatMatrix, FloatVector, normalise

Rows = npt.NDArray[np.int64]
Pairs = tuple[list[Rows], list[Rows]]
"""Questions and their passages, as rows of the table."""

MIX: Final = {
    "made": 3.5, "heading": 2.5, "title": 1.0, "cloze": 1.5, "parallel": 1.2, "made_english": 1.5, "heading_english": 0.7,
    "asked": 0.4, "asked_english": 0.2,
}  # fmt: skip
"""How often each kind of batch is drawn. A quarter of them is across languages; the few real questions are soon known by heart."""
TITLED: Final = 0.5
"""Share of passages that are led by their title, as in an index whose articles have one."""
NEAR: Final = 0.5
"""Share of batches whose articles are neighbours of three drawn at random: what tells them apart is what questions turn on."""
RENAMED: Final = 0.3
"""Share of made questions in which a name is replaced by one hardly ever seen."""
OPENING: Final = 0.4
"""How often the passage is the first of its article rather than any."""
WITH_TITLE: Final = 0.3
"""Share of made questions that take words of the title too."""
_TRIES: Final = 50
"""Kinds drawn, of which a small corpus may hold none, before it is given up."""


class Batches:
    """Draws batches of `size` pairs, fewer where the corpus holds fewer.

    Each comes from the seed and the step's number alone, so that a training can stop and go on.
    """

    def __init__(self, corpus: Corpus, vocabulary: Vocabulary, seed: int, size: int) -> None:
        self._corpus, self._vocabulary, self._seed, self._size = corpus, vocabulary, seed, size
        sentences = [sentence for document in corpus.documents for passage in document.passages for sentence in passage]
        self._questioner = Questioner(sentences)
        rows = iter(vocabulary.encode(sentences))
        self._documents = [[[next(rows) for _ in passage] for passage in document.passages] for document in corpus.documents]
        self._titles = vocabulary.encode([document.title for document in corpus.documents])
        self._english = vocabulary.encode([english for english, _ in corpus.parallel])
        self._french = vocabulary.encode([french for _, french in corpus.parallel])
        self._asked = vocabulary.encode([question for question, _, _ in corpus.pairs])
        self._answers = vocabulary.encode([f"{title}\n{passage}" for _, title, passage in corpus.pairs])
        self._places: FloatMatrix | None = None
        kinds = {kind: weight for kind, weight in MIX.items() if self._has(kind)}
        self._kinds, self._weights = list(kinds), list(kinds.values())

    @property
    def digest(self) -> str:
        """Hex digest of all that batches are drawn from."""
        digest = hashlib.sha256(repr((self._corpus, self._seed, self._size)).encode())
        digest.update(self._vocabulary.tokenizer.to_str().encode())
        digest.update(self._vocabulary.mapping.tobytes())
        return digest.hexdigest()

    def counts(self) -> FloatVector:
        """How often each row occurs in the articles and the English lines."""
        found = [sentence for document in self._documents for passage in document for sentence in passage]
        flat = np.concatenate([*found, *self._english]) if found or self._english else np.zeros(0, np.int64)
        return np.bincount(flat, minlength=self._vocabulary.rows).astype(np.float32)

    def place(self, vectors: FloatMatrix) -> None:
        """Say where the articles lie under the table `vectors`, so that batches of neighbours can be drawn."""
        from scipy.sparse import csr_matrix

        texts = [np.concatenate([title, *document[0]]) for title, document in zip(self._titles, self._documents, strict=True)]
        ends = np.cumsum([0, *(len(text) for text in texts)])
        flat = np.concatenate(texts)
        met = csr_matrix((np.ones(len(flat), np.float32), flat, ends), shape=(len(texts), self._vocabulary.rows))
        self._places = normalise(met @ vectors)

    def draw(self, step: int) -> tuple[str, Pairs]:
        """The kind and the pairs of batch number `step`; a text without a token is left out.

        Raises:
            CollectionError: the corpus gives no pair of any kind.
        """
        chance = random.Random(f"{self._seed} {step}")
        for _ in range(_TRIES):
            kind = chance.choices(self._kinds, self._weights)[0]
            pairs = [(one, two) for one, two in zip(*self._pairs(kind, chance), strict=True) if len(one) and len(two)]
            if pairs:
                return kind, ([one for one, _ in pairs], [two for _, two in pairs])
        raise CollectionError("no question can be made of the articles: their sentences are too short; give more or longer ones")

    def _has(self, kind: str) -> bool:
        if kind == "parallel":
            return bool(self._corpus.parallel)
        if kind in ("asked", "asked_english"):
            return bool(self._corpus.pairs)
        if kind in ("heading", "heading_english"):
            return any(document.heading for document in self._corpus.documents)
        return kind != "title" or any(document.title for document in self._corpus.documents)

    def _pairs(self, kind: str, chance: random.Random) -> Pairs:
        if kind == "parallel":
            drawn = chance.sample(range(len(self._english)), min(self._size, len(self._english)))
            return [self._english[number] for number in drawn], [self._french[number] for number in drawn]
        if kind in ("asked", "asked_english"):
            return self._real(kind == "asked_english", chance)
        make: Callable[[int, random.Random], tuple[str, Rows] | None] = getattr(self, f"_{kind}")
        found: list[tuple[str, Rows]] = []
        for number in self._articles(chance):
            pair = make(number, chance)
            if pair:
                found.append(pair)
            if len(found) == self._size:
                break
        return self._vocabulary.encode([question for question, _ in found]), [passage for _, passage in found]

    def _real(self, english: bool, chance: random.Random) -> Pairs:
        """Questions that people asked, one a passage."""
        drawn: dict[str, int] = {}
        for number in chance.sample(range(len(self._asked)), len(self._asked)):
            drawn.setdefault(self._corpus.pairs[number][2], number)
        numbers = list(drawn.values())[: self._size]
        questions = [self._asked[number] for number in numbers]
        if english:
            texts = [self._corpus.pairs[number][0] for number in numbers]
            questions = self._vocabulary.encode([self._questioner.ask(text, chance, english=True) or text for text in texts])
        return questions, [self._answers[number] for number in numbers]

    def _articles(self, chance: random.Random) -> Sequence[int]:
        """Articles in the order in which they are tried."""
        count = len(self._documents)
        if self._places is None or chance.random() >= NEAR:
            return chance.sample(range(count), min(count, 4 * self._size))
        each = min(count, self._size // 2)
        near: list[int] = []
        for _ in range(3):
            likeness = self._places @ self._places[chance.randrange(count)]
            near += np.argsort(-likeness, kind="stable")[:each].tolist()
        near = list(dict.fromkeys(near))
        chance.shuffle(near)
        return near

    def _passage(self, number: int, chance: random.Random, *, titled: float = TITLED) -> tuple[int, Rows]:
        """A passage of an article and its rows, led by the title in a share `titled` of the cases."""
        place = 0 if chance.random() < OPENING else chance.randrange(len(self._documents[number]))
        sentences = self._documents[number][place]
        lead = [self._titles[number]] if chance.random() < titled else []
        return place, np.concatenate([*lead, *sentences])

    def _title(self, number: int, chance: random.Random) -> tuple[str, Rows] | None:
        title = self._corpus.documents[number].title
        return (title, self._passage(number, chance, titled=0)[1]) if title else None

    def _heading(self, number: int, chance: random.Random) -> tuple[str, Rows] | None:
        heading = self._corpus.documents[number].heading
        return (heading, self._passage(number, chance)[1]) if heading else None

    def _heading_english(self, number: int, chance: random.Random) -> tuple[str, Rows] | None:
        document = self._corpus.documents[number]
        question = self._questioner.ask(document.heading if chance.random() < 0.5 else document.title, chance, english=True)
        return (question, self._passage(number, chance, titled=WITH_TITLE)[1]) if question and document.heading else None

    def _cloze(self, number: int, chance: random.Random) -> tuple[str, Rows] | None:
        """A sentence, and the passage without it (inverse cloze: Lee et al., 2019)."""
        passages = self._corpus.documents[number].passages
        place = 0 if chance.random() < OPENING else chance.randrange(len(passages))
        if len(passages[place]) < 2:
            return None
        sentence = chance.randrange(len(passages[place]))
        rest = [rows for other, rows in enumerate(self._documents[number][place]) if other != sentence]
        lead = [self._titles[number]] if chance.random() < TITLED else []
        return passages[place][sentence], np.concatenate([*lead, *rest])

    def _made(self, number: int, chance: random.Random, english: bool = False) -> tuple[str, Rows] | None:
        document = self._corpus.documents[number]
        place, passage = self._passage(number, chance)
        sentence = chance.choice(document.passages[place])
        if document.title and chance.random() < WITH_TITLE:
            sentence = f"{sentence} {document.title}"
        question = self._questioner.ask(sentence, chance, english=english)
        if not question:
            return None
        if chance.random() < RENAMED:
            return self._questioner.renamed(question, passage, self._vocabulary, chance)
        return question, passage

    def _made_english(self, number: int, chance: random.Random) -> tuple[str, Rows] | None:
        return self._made(number, chance, english=True)
