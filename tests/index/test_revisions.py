"""Earlier texts of articles are kept and found again."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.errors import DamagedIndex
from index.revisions import KEPT, Revision, Revisions

NOON = datetime(2024, 3, 12, 12, tzinfo=UTC)


def article(text: str, digest: str, id_: str = "a1", title: str | None = "Le pont") -> Article:
    return Article(id=id_, text=text, path="pont.txt", digest=digest, title=title, published="2024-03-12")


def test_the_texts_of_an_article_newest_first(tmp_path: Path) -> None:
    kept = Revisions(tmp_path / "revisions.sqlite")
    kept.keep([article("Sept morts à Kembara.", "d1")], NOON)
    kept.keep([article("Neuf morts à Kembara.", "d2", title=None), article("Autre texte.", "d3", "b2")], NOON + timedelta(hours=1))
    assert Revisions(tmp_path / "revisions.sqlite").of("a1") == [
        Revision(digest="d2", text="Neuf morts à Kembara.", title=None, published="2024-03-12", seen_until=NOON + timedelta(hours=1)),
        Revision(digest="d1", text="Sept morts à Kembara.", title="Le pont", published="2024-03-12", seen_until=NOON),
    ]


def test_nothing_is_made_by_asking(tmp_path: Path) -> None:
    kept = Revisions(tmp_path / "revisions.sqlite")
    assert kept.of("a1") == []
    assert kept.find("a1", "x", 0, 1) is None
    assert list(tmp_path.iterdir()) == []


def test_times_of_other_zones_are_kept_as_universal_time(tmp_path: Path) -> None:
    kept = Revisions(tmp_path / "revisions.sqlite")
    kept.keep([article("Un.", "d1")], datetime(2024, 3, 12, 13, tzinfo=timezone(timedelta(hours=1))))
    assert kept.of("a1")[0].seen_until.isoformat() == "2024-03-12T12:00:00+00:00"
    with pytest.raises(ValueError, match="has no time zone"):
        kept.keep([], datetime(2024, 3, 12))


@pytest.mark.parametrize(
    ("quote", "start", "end", "digest"),
    [
        pytest.param("Sept", 0, 4, "d1", id="only_in_the_oldest"),
        pytest.param("à Kembara", 11, 20, "d3", id="in_all:the_newest"),
        pytest.param("Neuf", 0, 4, "d2", id="in_the_middle_one"),
        pytest.param("Neuf", 1, 5, None, id="at_another_place"),
        pytest.param("Trois", 0, 5, None, id="nowhere"),
        pytest.param("", 3, 3, None, id="empty"),
        pytest.param("bara.", -5, 22, None, id="negative_place"),
        pytest.param("a.", 19, 40, None, id="beyond_the_end"),
    ],
)
def test_a_quote_is_found_in_the_newest_text_that_holds_it(tmp_path: Path, quote: str, start: int, end: int, digest: str | None) -> None:
    kept = Revisions(tmp_path / "revisions.sqlite")
    for number, word in enumerate(("Sept", "Neuf", "Onze"), start=1):
        kept.keep([article(f"{word} morts à Kembara.", f"d{number}")], NOON + timedelta(hours=number))
    found = kept.find("a1", quote, start, end)
    assert (found.digest if found else None) == digest


def test_a_text_kept_twice_is_kept_once_and_is_the_newest_again(tmp_path: Path) -> None:
    kept = Revisions(tmp_path / "revisions.sqlite")
    for hour, number in enumerate((1, 2, 1)):
        kept.keep([article(f"Texte {number}.", f"d{number}")], NOON + timedelta(hours=hour))
    assert [(revision.digest, revision.seen_until.hour) for revision in kept.of("a1")] == [("d1", 14), ("d2", 13)]


def test_the_oldest_are_dropped(tmp_path: Path) -> None:
    kept = Revisions(tmp_path / "revisions.sqlite")
    kept.keep([article("Reste.", "other", "b2")], NOON)
    for number in range(KEPT + 3):
        kept.keep([article(f"Texte {number}.", f"d{number}")], NOON)
    assert [revision.digest for revision in kept.of("a1")] == [f"d{number}" for number in range(KEPT + 2, 2, -1)]
    assert len(kept.of("b2")) == 1


def test_a_crash_in_the_middle_keeps_what_was_there(tmp_path: Path) -> None:
    kept = Revisions(tmp_path / "revisions.sqlite")
    kept.keep([article("Avant.", "d1")], NOON)

    def interrupted() -> Iterator[Article]:
        yield article("Pendant.", "d2")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept.keep(interrupted(), NOON)
    assert [revision.text for revision in kept.of("a1")] == ["Avant."]


def test_a_first_crash_leaves_a_file_that_can_be_used(tmp_path: Path) -> None:
    kept = Revisions(tmp_path / "revisions.sqlite")

    def interrupted() -> Iterator[Article]:
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        kept.keep(interrupted(), NOON)
    assert kept.of("a1") == []
    kept.keep([article("Après.", "d1")], NOON)
    assert [revision.text for revision in kept.of("a1")] == ["Après."]


@pytest.mark.parametrize("write", [pytest.param(False, id="reading"), pytest.param(True, id="writing")])
def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path, write: bool) -> None:
    path = tmp_path / "revisions.sqlite"
    path.write_bytes(b"not a database, but long enough to be read as one" * 40)
    with pytest.raises(DamagedIndex, match=r"revisions\.sqlite cannot be used .*move it away"):
        Revisions(path).keep([article("Un.", "d1")], NOON) if write else Revisions(path).of("a1")


def test_a_damaged_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "revisions.sqlite"
    kept = Revisions(path)
    kept.keep([article("Un.", "d1")], NOON)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE revisions SET text = x'00ff'")
    connection.close()
    with pytest.raises(DamagedIndex, match="move it away"):
        kept.of("a1")


def test_a_file_of_a_later_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "revisions.sqlite"
    Revisions(path).keep([article("Un.", "d1")], NOON)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    with pytest.raises(DamagedIndex, match="format 2, and this program knows 1"):
        Revisions(path).of("a1")


@given(st.text())
def test_every_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    kept = Revisions(tmp_path_factory.mktemp("home") / "revisions.sqlite")
    kept.keep([article(text, "d1")], NOON)
    assert kept.of("a1")[0].text == text
