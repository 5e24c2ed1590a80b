"""Question sets in BEIR form -> figures for retrieval, answers and refusals."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.analyse import fold
from index.article import Article
from index.build import publish_articles
from index.embed import Embedder
from index.errors import CollectionError
from index.generation import Generation
from index.language import article_language
from index.report import Unwatched, Watcher
from index.store import Home
from index.vectors import FloatVector, RowVector
from qa.answer import Answer
from qa.assistant import Assistant
from qa.question import understand
from qa.rerank import Reranker
from qa.retrieve import POOL, best, candidates

DEPTH: Final = 10
SHARES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
HALVES: Final = ("dense", "lexical", "hybrid")


@dataclass(frozen=True, kw_only=True)
class QuestionSet:
    """A BEIR folder: the corpus as articles, and each question with its relevant article ids and gold answers."""

    name: str
    articles: tuple[Article, ...]
    questions: tuple["GoldQuestion", ...]


@dataclass(frozen=True, kw_only=True)
class GoldQuestion:
    """A question with what a right reply must find."""

    text: str
    relevant: frozenset[str]
    answers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What came of a question, asked with its article there and with it gone."""

    answered: bool
    first: bool
    quoted: bool
    gold: bool
    """Whether the set tells the right answer."""
    confidence: float
    refused: bool
    confidence_gone: float
    seconds: float


def evaluate(folder: Path, embedder: Embedder, watcher: Watcher | None = None, reranker: Reranker | None = None) -> dict[str, Any]:
    """Index the corpus of `folder` in a temporary home and measure its questions there.

    Raises:
        CollectionError: the folder is not in BEIR form.
    """
    watcher = watcher or Unwatched()
    questions = read_question_set(folder)
    with tempfile.TemporaryDirectory(prefix="griot-eval-") as temporary:
        home = Home(temporary)
        began = time.perf_counter()
        publish_articles(home, embedder, questions.articles, watcher)
        seconds_index = time.perf_counter() - began
        assistant = Assistant(home, embedder, reranker)
        watcher.start("ask", len(questions.questions))
        return _measure(assistant, questions, seconds_index, watcher)


def read_question_set(folder: Path) -> QuestionSet:
    """Read corpus.jsonl, queries.jsonl and qrels.tsv; questions without a relevant article are left out.

    Raises:
        CollectionError: a file is missing or malformed; the message names it and the line.
    """
    rows = [row for row in _rows(folder / "corpus.jsonl", ("_id", "text")) if any(char.isalnum() for char in row["text"])]
    articles = tuple(_article(row) for row in rows)
    relevant: dict[str, set[str]] = {}
    for number, line in _lines(folder / "qrels.tsv"):
        cells = line.split("\t")
        if len(cells) != 3:
            raise CollectionError(f"{folder / 'qrels.tsv'} line {number}: expected query-id, corpus-id and score, parted by tabs")
        if cells[2].strip().lstrip("-").isdigit() and int(cells[2]) > 0:
            relevant.setdefault(cells[0], set()).add(cells[1])
    questions = tuple(
        GoldQuestion(text=row["text"], relevant=frozenset(relevant[row["_id"]]), answers=tuple(row.get("answers") or ()))
        for row in _rows(folder / "queries.jsonl", ("_id", "text")) if row["_id"] in relevant
    )  # fmt: skip
    if not articles or not questions:
        raise CollectionError(f"{folder}: {len(articles)} articles and {len(questions)} questions with a relevant article; both are needed")
    return QuestionSet(name=folder.resolve().name, articles=articles, questions=questions)


def _article(row: Mapping[str, Any]) -> Article:
    text, name = row["text"], row["_id"]
    return Article(id=name, text=text, title=row.get("title") or None, path=name, digest="", language=article_language(text))


def retrieval_figures(ranked: Sequence[Sequence[str]], relevant: Sequence[frozenset[str]]) -> dict[str, float]:
    """recall@1, @5, @10, mrr@10 and ndcg@10 (binary gains, as in trec_eval), means over the questions."""
    rows = []
    for found, wanted in zip(ranked, relevant, strict=True):
        hits = [place for place, article_id in enumerate(found[:DEPTH]) if article_id in wanted]
        ideal = sum(1 / np.log2(place + 2) for place in range(min(DEPTH, len(wanted))))
        recalls = [sum(place < depth for place in hits) / len(wanted) for depth in (1, 5, 10)]
        rows.append([*recalls, 1 / (hits[0] + 1) if hits else 0.0, sum(1 / np.log2(place + 2) for place in hits) / ideal])
    names = ("recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10")
    return {name: round(float(value), 4) for name, value in zip(names, np.mean(rows, axis=0), strict=True)}


def curve(asked: Sequence[Asked]) -> list[dict[str, float | None]]:
    """What stricter and stricter confidence would give, by the share of answerable questions answered (`SHARES`): how many of these
    first quotes are right (El-Yaniv and Wiener, 2010, call the two coverage and accuracy), and how many others are refused.

    Accuracy is known as far as answers were given.
    """
    ordered = sorted(asked, key=lambda item: -item.confidence)
    points = []
    for share in SHARES:
        kept = ordered[: max(1, round(share * len(ordered)))]
        least = kept[-1].confidence
        told = [item for item in kept if item.gold]
        known = bool(told) and all(item.answered for item in kept)
        points.append({
            "answered_when_answerable": share, "confidence": least,
            "accuracy": _share(sum(item.first for item in told), len(told)) if known else None,
            "refused_when_not": _share(sum(item.confidence_gone < least for item in asked), len(asked)),
        })  # fmt: skip
    return points


def draw(measured: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw the curves of several sets into a PNG file.

    Raises:
        CollectionError: matplotlib is missing, or the file cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise CollectionError("drawing needs matplotlib; install it with: pip install 'griot-qa[eval]'") from error
    figure = Figure(figsize=(9, 4), layout="constrained")
    for place, (name, title) in enumerate(
        (("accuracy", "first quotes that are right"), ("refused_when_not", "unanswerable questions refused"))
    ):
        axes = figure.add_subplot(1, 2, place + 1, title=title, xlabel="answerable questions answered", xlim=(0, 1), ylim=(0, 1))
        for item in measured:
            points = [(point["answered_when_answerable"], point[name]) for point in item["curve"] if point[name] is not None]
            axes.plot(*zip(*points, strict=True), marker=".", label=item["name"]) if points else None
        axes.grid(alpha=0.3)
        axes.legend()
    try:
        figure.savefig(path, format="png", dpi=120)
    except OSError as error:
        raise CollectionError(f"{path} cannot be written ({error.strerror}); give --curve another place") from error


def holds(answer: Answer, golds: Sequence[str], first_only: bool = False) -> bool:
    """Whether a cited quote holds one of the gold answers, case, accents and spacing aside."""
    quotes = [flat(citation.quote) for citation in answer.citations[: 1 if first_only else None]]
    return any(flat(gold) in quote for quote in quotes for gold in golds)


def _measure(assistant: Assistant, questions: QuestionSet, seconds_index: float, watcher: Watcher) -> dict[str, Any]:
    generation = assistant.generation()
    owners = owners_of(generation)
    ranked: dict[str, list[list[str]]] = {half: [] for half in HALVES}
    asked: list[Asked] = []
    for question in questions.questions:
        for half, scores in _halves(assistant, question.text).items():
            ranked[half].append(_articles(owners, *scores))
        # The gold article is taken out for this question alone, as if it had never been indexed.
        answer, gone = assistant.ask(question.text), assistant.ask_without(question.text, question.relevant)
        asked.append(Asked(
            answered=answer.answered, first=holds(answer, question.answers, first_only=True), quoted=holds(answer, question.answers),
            gold=bool(question.answers),
            confidence=answer.confidence or 0.0, refused=not gone.answered, confidence_gone=gone.confidence or 0.0,
            seconds=answer.seconds,
        ))  # fmt: skip
        watcher.advance(1)
    count = len(asked)
    with_answers = [item for item in asked if item.gold]
    relevant = [question.relevant for question in questions.questions]
    return {
        "name": questions.name, "articles": generation.manifest.articles, "passages": generation.manifest.passages, "questions": count,
        "model": generation.manifest.model, "seconds_index": round(seconds_index, 3),
        "seconds_per_question": round(sum(item.seconds for item in asked) / count, 6),
        **{half: retrieval_figures(ranked[half], relevant) for half in HALVES},
        "answers": {
            "sentence@1": _share(sum(item.first for item in with_answers), len(with_answers)),
            "quoted": _share(sum(item.quoted for item in with_answers), len(with_answers)),
        },
        "abstention": {
            "answered_when_answerable": _share(sum(item.answered for item in asked), count),
            "refused_when_not": _share(sum(item.refused for item in asked), count),
        },
        "curve": curve(asked),
    }  # fmt: skip


def _halves(assistant: Assistant, text: str) -> Mapping[str, tuple[RowVector, FloatVector]]:
    """Rows and scores of each half and of both fused, over the same candidates as a question gets."""
    generation = assistant.generation()
    question = understand(text, generation.lexical.frequency, generation.manifest.passages)
    query = generation.vectors.question(assistant.embedder.encode_query(question.text))
    rows = candidates(generation, question.lexical, query)
    dense = generation.vectors.scores(query, rows)
    hybrid = assistant.ranking(generation, question, POOL)
    return {
        "dense": (rows, dense),
        "lexical": (rows, generation.lexical.at(question.lexical, rows)),
        "hybrid": (hybrid.rows, hybrid.scores),
    }


def _articles(owners: Callable[[int], str], rows: RowVector, scores: FloatVector) -> list[str]:
    """Article ids by their best passage, the first `DEPTH`."""
    ordered = best(rows, scores, len(rows)).rows
    return list(dict.fromkeys(owners(int(row)) for row in ordered))[:DEPTH]


def owners_of(generation: Generation) -> Callable[[int], str]:
    """From the row of a passage to the id of its article."""
    facts = generation.facts
    ids = np.repeat(np.array(facts.ids, dtype=object), facts.passages)
    return lambda row: str(ids[row])


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def flat(text: str) -> str:
    """`text` as answers are compared: without case, accents and spacing."""
    return " ".join(fold(text).replace("'", " ").split())


def _rows(path: Path, needed: Sequence[str]) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            if not all(isinstance(row[name], str) for name in needed) or not isinstance(row.get("title") or "", str):
                raise TypeError
            if not all(isinstance(answer, str) for answer in _listed(row.get("answers"))):
                raise TypeError
            f"{row['_id']}{row['text']}".encode()  # half a surrogate pair cannot be stored
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CollectionError(
                f"{path} line {number}: expected a JSON object with the strings {', '.join(needed)}, and, where there are any, "
                "title as a string and answers as a list of strings"
            ) from error
        if row["_id"] in seen:
            raise CollectionError(f"{path} line {number}: the _id {row['_id']} stands there twice")
        seen.add(row["_id"])
        yield row


def _listed(answers: Any) -> list[Any]:
    if not isinstance(answers or [], list):
        raise TypeError
    return answers or []


def _lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a file that are not empty, with their numbers."""
    try:
        numbered = enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
        return [(number, line) for number, line in numbered if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(f"{path} cannot be read ({error}); a question set has corpus.jsonl, queries.jsonl and qrels.tsv") from error
