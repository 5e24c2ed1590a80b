"""Sources read in processes of their own: bounded, resumed, and none stopping another."""

import os
import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.document import Unread
from index.reading import FEW, Outcome, key_of, read_sources
from index.source import Source
from index.spool import Spool, discard_spool, open_spool

TEXT = "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo, numéro {}.\n"
CSV = "id;titre;texte\n" + "".join(f"n{number};Titre {number};{TEXT.format(number).strip()}\n" for number in range(40))


class Place:
    """A folder of files and a spool beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spool = folder / "reading.draft"

    def source(self, name: str, content: str | bytes) -> Source:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Source(location=str(path), label=name, path=path)

    def read(
        self, *sources: Source, known: Mapping[str, str] | None = None, columns: Mapping[str, str] | None = None
    ) -> dict[str, Outcome]:
        found = read_sources(sources, known or {}, columns or {}, "1", self.spool)
        return {source.label: told for source, told in found if isinstance(told, Outcome)}

    def texts(self, source: Source) -> list[str]:
        spool = Spool(self.spool)
        try:
            return [entry.article.text for entry in spool.entries(source.location)]
        finally:
            spool.close()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_few_plain_texts_are_read_here(place: Place) -> None:
    one, empty = place.source("one.txt", TEXT.format(1)), place.source("empty.txt", "")
    assert place.read(one, empty) == {"one.txt": Outcome(state="read"), "empty.txt": Outcome(state="failed", reason="the file is empty")}
    assert place.texts(one) == [TEXT.format(1).strip()]


def test_many_files_are_read_by_processes(place: Place) -> None:
    sources = [place.source(f"{number}.txt", TEXT.format(number)) for number in range(FEW + 2)]
    bad = place.source("bad.pdf", b"%PDF-1.4\nnothing")
    outcomes = place.read(*sources, bad)
    assert {outcomes[source.label].state for source in sources} == {"read"}
    assert outcomes["bad.pdf"].state == "failed"
    assert place.texts(sources[3]) == [TEXT.format(3).strip()]


def test_a_container_gives_an_article_a_record(place: Place) -> None:
    table = place.source("table.csv", CSV)
    assert place.read(table) == {"table.csv": Outcome(state="read")}
    assert len(place.texts(table)) == 40
    spool = Spool(place.spool)
    first = next(spool.entries(table.location))
    spool.close()
    assert (first.location, first.source, first.article.path) == (f"{table.location}/n0", table.location, "table.csv/n0")
    assert (first.article.title, first.article.origins["title"]) == ("Titre 0", "column")


def test_columns_of_other_names(place: Place) -> None:
    table = place.source("table.csv", "Rubrique;Le papier\nA;" + TEXT.format(1))
    assert place.read(table)["table.csv"].state == "failed"
    assert place.read(table, columns={"text": "Le papier"})["table.csv"].state == "read"
    assert place.texts(table) == [TEXT.format(1).strip()]


def test_the_same_bytes_are_not_read_again(place: Place) -> None:
    one = place.source("one.txt", TEXT.format(1))
    assert place.read(one, known={one.location: one.digest()}) == {"one.txt": Outcome(state="unchanged")}


def test_what_an_interrupted_run_read_is_kept(place: Place) -> None:
    one = place.source("one.txt", TEXT.format(1))
    place.read(one)
    with sqlite3.connect(place.spool) as connection:
        # Told apart from what reading it again would give.
        connection.execute("INSERT INTO unread SELECT number, 2, 'x', 'kept', 0 FROM sources")
    connection.close()
    assert place.read(one)["one.txt"].state == "read"
    spool = Spool(place.spool)
    assert spool.whole(one.location, key_of(one, {}, "1")) == (one.digest(), [Unread(record="x", reason="kept")])
    spool.close()


def test_a_file_that_changed_since_is_read_again(place: Place) -> None:
    one = place.source("one.txt", TEXT.format(1))
    place.read(one)
    place.source("one.txt", TEXT.format(2))
    place.read(one)
    assert place.texts(one) == [TEXT.format(2).strip()]


ODD = """
import json, sys, time
for line in sys.stdin:
    label = json.loads(line)["source"]["label"]
    if label == "dies":
        sys.exit(1)
    if label == "hangs":
        time.sleep(600)
    for _ in range(3 if label == "long" else 0):
        time.sleep(2)
        print('[1, "an article"]', flush=True)
    print(json.dumps({"end": {"state": "read"}}), flush=True)
"""


def test_what_hangs_or_ends_its_process_stops_no_other(place: Place) -> None:
    sources = [place.source(name, "") for name in ("dies", "hangs", "long", "fine.csv")]
    found = read_sources(sources, {}, {}, "1", place.spool, seconds=5, command=(sys.executable, "-c", ODD))
    assert {source.label: outcome for source, outcome in found} == {
        "dies": Outcome(state="failed", reason="reading it ended the process that read it, mostly for want of memory; split it"),
        "hangs": Outcome(state="failed", reason="one article took more than 5 seconds to read; split it, or save it as text"),
        "long": Outcome(state="read"),
        "fine.csv": Outcome(state="read"),
    }


def test_a_pipe_is_not_opened(place: Place) -> None:
    os.mkfifo(place.folder / "pipe.pdf")
    pipe = Source(location=str(place.folder / "pipe.pdf"), label="pipe.pdf", path=place.folder / "pipe.pdf")
    assert place.read(pipe) == {"pipe.pdf": Outcome(state="failed", reason="not a regular file (a pipe, socket or device)")}


def test_a_damaged_spool_is_begun_anew(place: Place) -> None:
    place.spool.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    open_spool(place.spool).close()
    one = place.source("one.txt", TEXT.format(1))
    assert place.read(one)["one.txt"].state == "read"
    discard_spool(place.spool)
    assert not list(place.folder.glob("reading.draft*"))
