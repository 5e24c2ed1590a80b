"""A large file read in shares comes out as if one process had read it, however it is made, damaged or cut off."""

import gzip
import io
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.article import Entry
from index.clean import NOTHING
from index.document import Unread
from index.readers.walk import Share, Walk
from index.reading import Outcome, Step, in_shares, key_of, read_sources
from index.source import Source, read_entries
from index.spool import CHANGED, Kept, Spool
from index.worker import Task, read_source
from tests.index.readers.mutate import mutate_file
from tests.index.readers.samples import PARAGRAPHS, SAMPLES, html, json_lines, json_list, pack, table, warc

RECORDS = [
    {"id": f"n{number % 40}", "title": f"Titre {number}", "text": f"Le pont numéro {number} est ouvert. {PARAGRAPHS[0]}", "source": "C"}
    for number in range(45)
]
"""The last five have the ids of the first five."""
LINES = json_lines(RECORDS).splitlines(keepends=True)
PAGES = [(f"https://exemple.bj/{number}", "200 OK", "text/html", html()) for number in range(9)]
NOTES = {f"{name}.{suffix}": content for name in "abcdefgh" for suffix, content in (("html", html()), ("txt", PARAGRAPHS[1].encode()))}


def _odd_lines() -> bytes:
    lines = [
        *LINES[:20],
        b"\n",
        b"{not json\n",
        b"[1, 2]\n",
        b'{"id": "n30", "text": ""}\n',
        b'{"id": "n31", "text": "..."}\n',
        *LINES[20:],
    ]
    return b"".join(lines)


def _odd_table() -> bytes:
    rows = table(RECORDS).splitlines(keepends=True)
    return b"".join([*rows[:9], b";;;;;\n", b'n7;"never closed\n', *rows[9:]])


def _odd_archive() -> bytes:
    members = {**NOTES, "x.xyz": b"?", "scan.png": b"\x89PNG", "z.jsonl": _odd_lines(), "bomb.txt": b"a" * 3_000_000, "in.zip": pack(NOTES)}
    return pack({**members, "large.jsonl": json_lines(RECORDS * 9), ".hidden.txt": b"no"})


FILES: Mapping[str, Callable[[], bytes]] = {
    "lines.jsonl": lambda: b"".join(LINES),
    "odd.jsonl": _odd_lines,
    "list.json": lambda: json_list(RECORDS),
    "table.csv": lambda: table(RECORDS),
    "odd.csv": _odd_table,
    "odd.zip": _odd_archive,
    "cut.zip": lambda: _odd_archive()[:9_000],
    "lines.jsonl.gz": lambda: gzip.compress(_odd_lines()),
    "cut.jsonl.gz": lambda: gzip.compress(_odd_lines())[:3_000],
    "crawl.warc.gz": lambda: warc(PAGES),
    "cut.warc": lambda: warc(PAGES, packed=False)[:20_000],
    "page.gz": lambda: gzip.compress(html()),
    "nothing.gz": lambda: gzip.compress(b"%PDF-1.4 nothing"),
    "page.jsonl": html,
    "one.jsonl": lambda: b"not json\n",
    "nothing.zip": lambda: pack({".hidden": b""}),
    "binary.csv": lambda: bytes(range(256)) * 20,
}


@dataclass(frozen=True)
class Read:
    """What a spool holds of a source, and what became of it."""

    outcome: Outcome
    entries: Sequence[Entry]
    unread: Sequence[Unread] | None


class Place:
    """A folder of files, and spools."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def source(self, name: str, content: bytes) -> Source:
        (self.folder / name).write_bytes(content)
        return Source(location=str(self.folder / name), label=name, path=self.folder / name)

    def spool(self) -> Spool:
        path = self.folder / f"spool{len(list(self.folder.glob('spool*')))}"
        return Spool(path)

    def by_one(self, source: Source) -> Read:
        return self.by_shares(source, [Share()])

    def by_shares(self, source: Source, shares: Sequence[Share]) -> Read:
        with closing(self.spool()) as spool:
            outcomes = {share: Outcome(**read_source(task(source, share), spool)) for share in shares}
            return self.found(source, spool, [outcomes[share] for share in sorted(shares, key=lambda share: share.number)])

    def found(self, source: Source, spool: Spool, outcomes: Sequence[Outcome]) -> Read:
        spool.settle(source.location)
        whole = spool.whole(source.location, "key")
        bad = (outcome for outcome in outcomes if outcome.state != "read")
        return Read(next(bad, outcomes[0]), list(spool.entries(source.location)), None if whole is None else whole[1])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def task(source: Source, share: Share) -> Task:
    return Task(source=source, digest=None, columns={}, key="key", share=share)


def shares(of: int, run: int = 1) -> list[Share]:
    return [Share(number=number, of=of, run=run) for number in range(of)]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(("of", "run"), [(2, 16), (3, 1), (7, 2)])
def test_a_file_read_in_shares_is_the_same_file(place: Place, name: str, of: int, run: int) -> None:
    source = place.source(name, FILES[name]())
    assert place.by_shares(source, shares(of, run)[::-1]) == place.by_one(source)


def test_the_first_of_two_records_with_one_id_is_kept_whichever_share_has_it(place: Place) -> None:
    read = place.by_shares(place.source("lines.jsonl", b"".join(LINES)), shares(4, 1)[::-1])
    assert [entry.article.title for entry in read.entries] == [f"Titre {number}" for number in range(40)]
    assert read.unread == [
        Unread(record=f"n{number}", reason=f"another record of this file has the id n{number}; give each its own") for number in range(5)
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_is_taken_also_by_what_holds_no_article(place: Place) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for text in ("https://exemple.bj/a\nhttps://exemple.bj/b\n", PARAGRAPHS[0], PARAGRAPHS[1]):
            archive.writestr("a.txt", text)
    source = place.source("three.zip", file.getvalue())
    read = place.by_shares(source, shares(2))
    assert read == place.by_one(source)
    again = "another record of this file has the id a.txt; give each its own"
    assert read.entries == []
    assert read.unread == [
        Unread(record="a.txt", reason=NOTHING),
        Unread(record="a.txt", reason=again),
        Unread(record="a.txt", reason=again),
    ]


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.endswith((".jsonl", ".json", ".csv", ".tsv", ".zip", ".gz", ".warc"))])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
@example(seed=303_461)
def test_damaged_files_are_the_same_in_shares(place: Place, name: str, seed: int) -> None:
    source = place.source(name, mutate_file(SAMPLES[name](), SAMPLES["page.html"](), Random(seed)))
    assert place.by_shares(source, shares(3)) == place.by_one(source)


class Interrupted(KeyboardInterrupt):
    """As Ctrl-C."""


@pytest.mark.parametrize("name", ["odd.jsonl", "odd.csv", "odd.zip", "crawl.warc.gz"])
def test_a_share_that_was_cut_off_goes_on_where_it_stopped(place: Place, name: str) -> None:
    source = place.source(name, FILES[name]())
    first, second = shares(2)
    met: list[int] = []

    def begun(unit: int, _name: str) -> None:
        met.append(unit)

    with closing(place.spool()) as spool:
        reading, reached = spool.begin(source.location, "key", source.digest(), first)
        assert reached == 0
        # What a process that is killed after the fifth unit has written down.
        walk = Walk(first)
        kept = [found for found in kept_of(source, walk) if found.unit <= 5]
        spool.add(reading, first, kept, 5)
        outcomes = [Outcome(**read_source(task(source, share), spool, begun)) for share in (first, second)]
        found = place.found(source, spool, outcomes)
    assert min(unit for unit in met if unit % 2) == 7
    assert found == place.by_one(source)


def kept_of(source: Source, walk: Walk) -> list[Kept]:
    found: list[Kept] = []
    for item in read_entries(source, {}, walk):
        place = found[-1].place + 1 if found and found[-1].unit == walk.unit else 0
        found.append(Kept(unit=walk.unit, place=place, item=item))
    return found


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_run(place: Place) -> None:
    source = place.source("lines.jsonl", b"".join(LINES))
    first, second = shares(2)

    def begun(_unit: int, _name: str) -> None:
        place.source("lines.jsonl", b"".join(LINES[:9]))
        assert read_source(task(source, second), spool) == {"state": "read"}

    with closing(place.spool()) as spool:
        assert read_source(task(source, first), spool, begun) == {"state": "unopened", "reason": CHANGED}
        assert spool.whole(source.location, "key") is None


def test_only_what_would_hold_up_the_others_is_read_in_shares(place: Place) -> None:
    tasks = [
        task(place.source(name, b"x" * size), Share())
        for name, size in (("a.jsonl", 900), ("b.JSON", 900), ("c.pdf", 900), ("d.csv", 300), ("e.csv", 90))
    ]
    found = in_shares(tasks, 6, large=100)
    assert {task.source.label: task.share.of for task in found} == {"a.jsonl": 6, "b.JSON": 4, "c.pdf": 1, "d.csv": 6, "e.csv": 1}
    assert [task.share.number for task in found[:6]] == [0, 1, 2, 3, 4, 5]
    # Many of one size keep all processes busy as they are.
    many = [replace(tasks[0], source=place.source(f"{number}.jsonl", b"x" * 900)) for number in range(30)]
    assert {task.share.of for task in in_shares(many, 6, large=100)} == {1}


def test_processes_read_a_file_together_and_say_how_far_they_are(place: Place) -> None:
    source = place.source("lines.jsonl", json_lines([{"id": str(n), "text": PARAGRAPHS[0] * 3 + f" Fin {n}."} for n in range(1500)]))
    told = list(read_sources([source], {}, {}, "1", place.folder / "spool", large=1000, count=2))
    assert told[-1] == (source, Outcome(state="read"))
    steps = [step for _, step in told if isinstance(step, Step)]
    assert len(steps) > 1
    assert 0 < sum(step.part for step in steps) <= 1
    assert 0 < sum(step.found for step in steps) <= 1500
    with closing(Spool(place.folder / "spool")) as spool:
        assert [entry.location for entry in spool.entries(source.location)] == [f"{source.location}/{n}" for n in range(1500)]


DIES = """
import json, os, sys, time
from pathlib import Path
from index.spool import Spool
from index.worker import Task, read_source

def begun(unit, name):
    print(json.dumps([unit, name]), flush=True)
    if unit == 7:
        os._exit(1)
    if unit == 24:
        time.sleep(600)

spool = Spool(Path(sys.argv[1]))
for line in sys.stdin:
    print(json.dumps({"end": read_source(Task.of(line), spool, begun)}), flush=True)
"""


@pytest.mark.parametrize("large", [pytest.param(1000, id="in_shares"), pytest.param(10**9, id="by_one")])
def test_what_hangs_or_ends_its_process_is_left_out_of_its_container(place: Place, large: int) -> None:
    source = place.source("lines.jsonl", b"".join(LINES[:40]))
    command = (sys.executable, "-c", DIES)
    told = read_sources([source], {}, {}, "1", place.folder / "spool", seconds=4, command=command, large=large, count=2)
    assert [outcome for _, outcome in told if isinstance(outcome, Outcome)] == [Outcome(state="read")]
    with closing(Spool(place.folder / "spool")) as spool:
        assert [entry.article.title for entry in spool.entries(source.location)] == [f"Titre {n}" for n in range(40) if n not in (6, 23)]
        assert spool.whole(source.location, key_of(source, {}, "1")) == (source.digest(), [
            Unread(record="7", reason="reading it ended the process that read it, mostly for want of memory; split it"),
            Unread(record="24", reason="one article took more than 4 seconds to read; split it, or save it as text"),
        ])  # fmt: skip


def test_a_container_that_ends_every_process_is_given_up(place: Place) -> None:
    source = place.source("lines.jsonl", b"".join(LINES))
    command = (sys.executable, "-c", DIES.replace("unit == 7", "True"))
    told = list(read_sources([source], {}, {}, "1", place.folder / "spool", command=command))
    reason = "reading it ended the process that read it, mostly for want of memory; split it"
    assert told == [(source, Outcome(state="failed", reason=reason))]
