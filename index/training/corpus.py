"""What the bundled model is trained on: articles, question-passage pairs and parallel lines, without what it is measured by."""

import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final

from index.errors import CollectionError

GRAM: Final = 6
"""Words that must stand in the same order in two texts to count as shared."""
SHARED: Final = 0.15
"""Share of its six-word runs that a passage may have in common with the relevant passages of an evaluation."""
SHARED_QUESTION: Final = 0.3
_PASSAGE: Final = 600
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r'(?<=[.!?»"])\s+(?=[A-ZÀ-Ý«"0-9])|\n+')


@dataclass(frozen=True, kw_only=True)
class Document:
    """An article to train on; its passages are lists of sentences."""

    title: str
    heading: str
    passages: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """All that is trained on, and how much was dropped because an evaluation holds it."""

    documents: tuple[Document, ...]
    pairs: tuple[tuple[str, str, str], ...]
    """(question, title, passage)."""
    parallel: tuple[tuple[str, str], ...]
    """(English, French)."""
    dropped: int


class Leaks:
    """Tells what an evaluation holds: a text that is, or contains, one of its questions or relevant passages, or nearly is one."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """`folders` in BEIR form: their questions, and the passages that these are relevant to, must not be trained on."""
        self._passages: set[int] = set()
        self._runs: set[int] = set()
        self._whole: dict[str, set[str]] = defaultdict(set)  # by their first two words
        for folder in folders:
            relevant = {cells[1] for cells in _qrels(folder)}
            for row in rows(folder / "corpus.jsonl", "_id", "text"):
                if row["_id"] in relevant:
                    self._passages |= _grams(row["text"])
                    self._hold(row["text"])
            for row in rows(folder / "queries.jsonl", "text"):
                self._hold(row["text"])
                if len(_WORD.findall(row["text"])) >= GRAM:
                    self._runs |= _grams(row["text"])
        self._runs |= self._passages

    def passage(self, text: str) -> bool:
        """Whether a longer text contains a question or a relevant passage, or much of what relevant passages say."""
        grams = _grams(text)
        return len(grams & self._passages) / len(grams) > SHARED or self._contains(text)

    def question(self, text: str) -> bool:
        """Whether a sentence contains a question of an evaluation, or nearly is one, or is taken from a relevant passage."""
        if self._contains(text):
            return True
        grams = _grams(text)
        return len(_WORD.findall(text)) >= GRAM and len(grams & self._runs) / len(grams) > SHARED_QUESTION

    def _hold(self, text: str) -> None:
        flat = _flat(text)
        if flat:
            self._whole[" ".join(flat.split(" ")[:2])].add(flat)

    def _contains(self, text: str) -> bool:
        """Whether all the words of a question or a relevant passage follow each other in `text`.

        A long article can hold a short passage whole and still share few of its runs with it.
        """
        flat = _flat(text)
        words = flat.split(" ")
        starts = self._whole.keys() & {*words, *map(" ".join, pairwise(words))}
        return any(f" {whole} " in f" {flat} " for start in starts for whole in self._whole[start])


def read_corpus(
    articles: Sequence[Path], pairs: Sequence[Path], parallel: Sequence[Path], leaks: Leaks, limit: int | None = None
) -> Corpus:
    """Read all of it, dropping what `leaks` knows; `limit` keeps the first so many articles of each file.

    Raises:
        CollectionError: a file is missing, or a line of it is not what it should be.
    """
    documents, dropped = [], 0
    for path in articles:
        for row in islice(rows(path, "text"), limit):
            title, heading, text = (str(row.get(name) or "") for name in ("title", "heading", "text"))
            if leaks.passage(text) or leaks.question(title) or leaks.question(heading):
                dropped += 1
            elif cut := passages(text):
                documents.append(Document(title=title, heading=heading, passages=cut))
    asked = []
    for folder in pairs:
        passage = {row["_id"]: row for row in rows(folder / "corpus.jsonl", "_id", "text")}
        question = {row["_id"]: row["text"] for row in rows(folder / "queries.jsonl", "_id", "text")}
        leaking = {key for key, row in passage.items() if leaks.passage(row["text"])}
        documents += [
            Document(title=row.get("title") or "", heading="", passages=passages(row["text"]))
            for key, row in passage.items() if key not in leaking
        ]  # fmt: skip
        for cells in _qrels(folder):
            if cells[0] not in question or cells[1] not in passage:
                raise CollectionError(
                    f"{folder / 'qrels.tsv'} pairs {cells[0]} with {cells[1]}, of which one is not in the folder; remove it"
                )
            if cells[1] in leaking or leaks.question(question[cells[0]]):
                dropped += 1
            else:
                asked.append((question[cells[0]], str(passage[cells[1]].get("title") or ""), passage[cells[1]]["text"]))
    lines = []
    for path in parallel:
        for row in rows(path, "fr", "en"):
            if leaks.question(row["fr"]) or leaks.question(row["en"]):
                dropped += 1
            else:
                lines.append((row["en"], row["fr"]))
    if not documents:
        raise CollectionError(f"nothing to train on is left of {', '.join(map(str, articles))}: {dropped} texts are held by an evaluation")
    return Corpus(documents=tuple(documents), pairs=tuple(asked), parallel=tuple(lines), dropped=dropped)


def passages(text: str, size: int = _PASSAGE) -> tuple[tuple[str, ...], ...]:
    """Sentences of `text` in groups of about `size` characters. Quicker and rougher than `index.chunk`, which keeps offsets."""
    found: list[tuple[str, ...]] = []
    group: list[str] = []
    length = 0
    for sentence in filter(None, (part.strip() for part in _SENTENCE.split(text))):
        if group and length + len(sentence) > size:
            found.append(tuple(group))
            group, length = [], 0
        group.append(sentence)
        length += len(sentence) + 1
    return (*found, tuple(group)) if group else tuple(found)


def rows(path: Path, *names: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, gzipped or not, each of which has texts of the given names.

    Raises:
        CollectionError: it is missing or damaged, or a line is no such object.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in names):
                        raise CollectionError(f"{path} line {number}: expected a JSON object with {' and '.join(names)}; mend or remove it")
                    yield row
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise CollectionError(f"{path} cannot be read ({error}); training data is JSONL, a folder of pairs is in BEIR form") from error


def _qrels(folder: Path) -> Iterable[tuple[str, str]]:
    try:
        lines = (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CollectionError(f"{folder / 'qrels.tsv'} cannot be read ({error.strerror}); expected a folder in BEIR form") from error
    cells = (line.split("\t") for line in lines)
    return [(cell[0], cell[1]) for cell in cells if len(cell) == 3 and cell[2].strip().isdigit() and int(cell[2]) > 0]


def _grams(text: str) -> set[int]:
    words = _WORD.findall(text.lower())
    return {hash(tuple(words[place : place + GRAM])) for place in range(max(1, len(words) - GRAM + 1))}


def _flat(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))
