"""Passages turned into lists of who holds what: written in runs that fit in memory, and merged by ranges of the terms' hashes.

Files of a lexical segment, all of them NumPy's own: `hashes` (of the terms, ascending), `starts` (where the list of each term
begins in the two that follow, and the end of the last), `rows` (of the passages that hold it, ascending), `counts` (how often they
do), `lengths` (terms of each passage, repeats and all); and `lexical.json` with sums of them.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from index.column import Column, mapped
from index.errors import StoreError
from index.hashes import HashVector, pair_hashes, term_hashes
from index.sections import Sections
from index.vectors import RowVector

T = TypeVar("T")
RUN: Final = 4_000_000
"""Terms, repeats and all, that are sorted in memory at once: about 250 MB."""
PART: Final = 8_000_000
"""Entries of lists that are merged in memory at once, on average: about 250 MB."""
META: Final = "lexical.json"
ARRAYS: Final = ("hashes", "starts", "rows", "counts", "lengths")
_MOST: Final = 2**31 - 1
_WIDE: Final = 2**32
"""Entries from which their places do not fit in 32 bits."""
_COUNTED: Final = 2**16 - 1
"""The most that the times a passage holds a term are told apart."""


@dataclass(frozen=True)
class Lists:
    """Terms and the passages that hold them, ascending by hash and by row. `places` says which row each becomes, -1 for one
    that is left out; None keeps all as they are."""

    hashes: HashVector
    starts: npt.NDArray[Any]
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[Any]
    places: RowVector | None = None

    def between(self, low: int, high: int | None) -> tuple[HashVector, RowVector, npt.NDArray[np.int64], npt.NDArray[Any]]:
        """The terms whose hashes lie from `low` to before `high`: their hashes, how many passages hold each, which, and how often."""
        begin = int(self.hashes.searchsorted(np.uint64(low)))
        end = len(self.hashes) if high is None else int(self.hashes.searchsorted(np.uint64(high)))
        starts = self.starts[begin : end + 1].astype(np.int64)
        rows = self.rows[starts[0] : starts[-1]].astype(np.int64)
        counts = self.counts[starts[0] : starts[-1]]
        holding = np.diff(starts)
        if self.places is not None:
            rows = self.places[rows]
            kept = rows >= 0
            sums = np.concatenate([[0], np.cumsum(kept)])
            holding = np.diff(sums[starts - starts[0]])
            rows, counts = rows[kept], counts[kept]
        return self.hashes[begin:end], holding, rows, counts


@dataclass(frozen=True)
class _Run:
    """What some passages hold, unsorted: `hashes` of their terms, ascending; for each term in a passage, repeats and all, its rank among
    these and the row of the passage; and how many terms each passage has."""

    hashes: HashVector
    ranks: RowVector
    rows: RowVector
    sizes: RowVector


def write_lexical(folder: Path, passages: Iterable[Sequence[str]]) -> int:
    """Index passages given as their terms (`index.analyse.terms`), repeats and all, in the new folder `folder`.

    Returns how many there are. Memory stays bounded, whatever their number; the runs lie in `folder` meanwhile.
    """
    letters: set[str] = set()
    return _write(folder, (_of_passages(batch, letters) for batch in _batches(passages, len)), letters)


def write_sections(folder: Path, articles: Iterable[Sections], letters: Set[str]) -> int:
    """`write_lexical` of the passages of articles, each section of which is looked at once: in a fifth of the time. `letters` are those of
    their words, all there once the articles are."""
    return _write(folder, map(_of_sections, _batches(articles, _length)), letters)


def _write(folder: Path, runs: Iterable[_Run], letters: Set[str]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="runs-") as draft:
        with Column(folder / "lengths.npy", np.uint32) as lengths:
            total = 0
            folders = []
            for number, run in enumerate(runs):
                folders.append(Path(draft) / str(number))
                _write_run(folders[-1], run, lengths.rows)
                lengths.append(run.sizes.astype(np.uint32))
                total += int(run.sizes.sum())
            size = lengths.rows
        _merge(folder, [_lists(path) for path in folders])
    _write_meta(folder, size, total, "".join(sorted(letters)))
    return size


def merge_lexical(folder: Path, parts: Sequence[tuple[Path, RowVector]]) -> int:
    """Make one segment, in the new folder `folder`, of several.

    Each comes with the row that each of its passages becomes, -1 for one that is left out; together the others are 0, 1, 2 and so
    on, in any order. Returns how many there are.

    Raises:
        DamagedIndex: a file of a segment is missing or cannot be read.
        StoreError: the new rows are not those.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given = np.sort(np.concatenate([np.zeros(0, np.int64), *(places[places >= 0] for _, places in parts)]))
    if not np.array_equal(given, np.arange(len(given))):
        raise StoreError("the rows of merged passages must be 0, 1, 2 and so on, each once")
    lengths = np.zeros(len(given), np.uint32)
    letters: set[str] = set()
    for part, places in parts:
        lengths[places[places >= 0]] = mapped(part / "lengths.npy")[places >= 0]
        letters |= set(read_meta(part)["letters"])
    with Column(folder / "lengths.npy", np.uint32) as column:
        column.append(lengths)
    _merge(folder, [_lists(part, places) for part, places in parts])
    _write_meta(folder, len(lengths), int(lengths.sum()), "".join(sorted(letters)))
    return len(lengths)


def read_meta(folder: Path) -> dict[str, Any]:
    """What a segment says of itself: its `size` in passages, the `length` of all in terms, and the `letters` of its words."""
    found: dict[str, Any] = json.loads((folder / META).read_text(encoding="utf-8"))
    return found


def _write_meta(folder: Path, size: int, length: int, letters: str) -> None:
    (folder / META).write_text(json.dumps({"size": size, "length": length, "letters": letters}, ensure_ascii=False), encoding="utf-8")


def _batches(things: Iterable[T], length: Callable[[T], int]) -> Iterator[list[T]]:
    """Passages, or articles, of `RUN` terms together."""
    batch: list[T] = []
    size = 0
    for thing in things:
        batch.append(thing)
        size += length(thing)
        if size >= RUN:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _length(article: Sections) -> int:
    own = [max(0, 2 * len(words) - 1) for words in article.words]
    return sum(own[number] for used in article.uses for number in used)


def _of_passages(batch: Sequence[Sequence[str]], letters: set[str]) -> _Run:
    sizes = np.fromiter(map(len, batch), np.int64, len(batch))
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    ids = np.fromiter(map(numbers.__getitem__, chain.from_iterable(batch)), np.int64)
    letters.update(*filter(str.isalpha, numbers))
    found, ranks = np.unique(term_hashes(numbers), return_inverse=True)
    return _Run(found, ranks[ids], np.repeat(np.arange(len(batch)), sizes), sizes)


def _of_sections(batch: Sequence[Sections]) -> _Run:
    sections = [words for article in batch for words in article.words]
    words = np.concatenate([np.zeros(0, np.uint64), *sections])
    owners = np.repeat(np.arange(len(sections)), [len(section) for section in sections])
    beside = owners[:-1] == owners[1:]
    pairs = pair_hashes(words[:-1][beside], words[1:][beside])
    owners = np.concatenate([owners, owners[:-1][beside]])
    found, ranks = np.unique(np.concatenate([words, pairs]), return_inverse=True)
    users, starts, counts, passages = _users(batch)
    each = counts[owners]
    rows = users[np.repeat(starts[owners] - (np.cumsum(each) - each), each) + np.arange(int(each.sum()))]
    used = np.zeros(len(found), np.bool_)
    used[ranks[each > 0]] = True
    places = np.cumsum(used) - 1
    return _Run(found[used], np.repeat(places[ranks], each), rows, np.bincount(rows, minlength=passages))


def _users(batch: Sequence[Sections]) -> tuple[RowVector, RowVector, RowVector, int]:
    """The rows of the passages that use each section, one section after the other; where those of each begin; how many they are; and how
    many passages there are."""
    firsts = np.cumsum([0, *(len(article.words) for article in batch)])
    uses = [(int(first), used) for first, article in zip(firsts, batch, strict=False) for used in article.uses]
    numbers = np.fromiter((first + number for first, used in uses for number in used), np.int64)
    rows = np.repeat(np.arange(len(uses)), [len(used) for _, used in uses])
    counts = np.bincount(numbers, minlength=int(firsts[-1]))
    return rows[np.argsort(numbers, kind="stable")], np.cumsum(counts) - counts, counts, len(uses)


def _write_run(folder: Path, run: _Run, first: int) -> None:
    """The lists of some passages, the first of which has the row `first`."""
    if first + len(run.sizes) > _MOST:
        raise StoreError(f"a segment holds at most {_MOST} passages")
    folder.mkdir()
    keys = np.sort(run.ranks.astype(np.uint64) << np.uint64(32) | run.rows.astype(np.uint64))
    heads = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
    times = np.diff(np.append(heads, len(keys)))
    holding = np.bincount((keys[heads] >> np.uint64(32)).astype(np.int64), minlength=len(run.hashes))
    np.save(folder / "hashes.npy", run.hashes)
    np.save(folder / "starts.npy", np.concatenate([[0], np.cumsum(holding)]))
    np.save(folder / "rows.npy", ((keys[heads] & np.uint64(0xFFFFFFFF)).astype(np.int64) + first).astype(np.int32))
    np.save(folder / "counts.npy", np.minimum(times, _COUNTED).astype(np.uint16))


def _lists(folder: Path, places: RowVector | None = None) -> Lists:
    hashes, starts, rows, counts = (mapped(folder / f"{name}.npy") for name in ARRAYS[:4])
    return Lists(hashes, starts, rows, counts, places)


def _merge(folder: Path, lists: Sequence[Lists]) -> None:
    """One set of lists from several, written range by range of the hashes."""
    entries = sum(len(part.rows) for part in lists)
    most = max((int(part.counts.max(initial=0)) for part in lists), default=0)
    kinds = np.uint64, np.uint32 if entries < _WIDE else np.int64, np.int32, np.uint8 if most < 256 else np.uint16
    ranges = max(1, -(-entries // PART))
    bounds = [2**64 * place // ranges for place in range(ranges)]
    with ExitStack() as stack:
        hashes, starts, rows, counts = (
            stack.enter_context(Column(folder / f"{name}.npy", kind)) for name, kind in zip(ARRAYS, kinds, strict=False)
        )
        for low, high in zip(bounds, [*bounds[1:], None], strict=True):
            found, holding, where, times = _joined([part.between(low, high) for part in lists])
            hashes.append(found)
            starts.append(rows.rows + np.cumsum(holding) - holding)
            rows.append(where)
            counts.append(times)
        starts.append(np.array([rows.rows]))


def _joined(
    parts: Sequence[tuple[HashVector, RowVector, RowVector, npt.NDArray[Any]]],
) -> tuple[HashVector, RowVector, RowVector, npt.NDArray[Any]]:
    """The lists of several parts as one; the rows of a term follow each other as the parts do, and are sorted where that is not enough."""
    found, ranks = np.unique(np.concatenate([np.zeros(0, np.uint64), *(part[0] for part in parts)]), return_inverse=True)
    holding = np.zeros(len(found), np.int64)
    own = np.split(ranks, np.cumsum([len(part[0]) for part in parts])[:-1]) if parts else []
    for (_, each, _, _), rank in zip(parts, own, strict=True):
        holding[rank] += each
    free = np.cumsum(holding) - holding
    rows = np.zeros(int(holding.sum()), np.int64)
    counts = np.zeros(len(rows), np.uint16)
    for (_, each, where, times), rank in zip(parts, own, strict=True):
        # Each list goes where the one before it of the same term ended: no sorting, however many there are.
        target = np.repeat(free[rank] - (np.cumsum(each) - each), each) + np.arange(len(where))
        rows[target], counts[target] = where, times
        free[rank] += each
    term = np.repeat(np.arange(len(found)), holding)
    if ((np.diff(rows) < 0) & (np.diff(term) == 0)).any():
        order = np.argsort(term << 32 | rows)
        rows, counts = rows[order], counts[order]
    some = holding > 0
    return found[some], holding[some], rows, counts
