"""What people see on the terminal."""

from typing import Any

import pytest

from index.report import Copy, Failure, Report
from qa.answer import Answer, Citation, Hit
from ui.report import print_failures, print_report
from ui.terminal import Bars, print_answer, print_hits, print_status, shown

CITATION = Citation(
    number=1,
    article_id="a",
    title="Titre",
    source="Le Matin",
    path="docs/a.txt",
    url="https://exemple.bj/a",
    published="2025-01",
    quote="Un fait.",
    start=0,
    end=8,
    link="https://exemple.bj/a#:~:text=Un%20fait.",
)
BARE = Citation(
    number=2,
    article_id="b",
    title=None,
    source=None,
    path="docs/b.txt",
    url=None,
    published=None,
    quote="Deux faits.",
    start=0,
    end=11,
    link="/article/b?start=0&end=11",
)
HIT = Hit(article_id="a", path="docs/a.txt", title=None, source=None, published=None, start=3, end=11, text="Un\n\nfait.", score=1.234)


def test_an_answer_with_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer(question="?", language="fr", text="« Un fait. » [1]", answered=True, citations=(CITATION, BARE), passages=(HIT,)))
    assert capsys.readouterr().out == (
        "« Un fait. » [1]\n"
        "\n"
        "Sources :\n"
        "  [1] Titre (Le Matin · 2025-01)\n"
        "      docs/a.txt\n"
        "      https://exemple.bj/a#:~:text=Un%20fait.\n"
        "  [2] Deux faits. (non daté)\n"
        "      docs/b.txt\n"
    )


def test_a_refusal_with_the_nearest_passages(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer(question="?", language="en", text="The articles do not answer this question.", answered=False, passages=(HIT,)))
    assert capsys.readouterr().out == ("The articles do not answer this question.\n\nNearest passages:\n  - docs/a.txt : Un fait.\n")


def test_a_refusal_with_nothing_near(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer(question="?", language="fr", text="Rien.", answered=False))
    assert capsys.readouterr().out == "Rien.\n"


def test_hits(capsys: pytest.CaptureFixture[str]) -> None:
    print_hits([HIT])
    assert capsys.readouterr().out == "1. Un fait. (docs/a.txt, 3-11, 1.23)\n   Un fait.\n\n"
    print_hits([])
    assert capsys.readouterr().out == "nothing found\n"


def test_a_report_and_its_failures(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(
        Report(
            added=("a", "b"),
            removed=("c",),
            failed=(Failure(path="d.txt", reason="the file is empty"),),
            duplicates=(Copy(path="b", original="a"),),
            articles=2,
            passages=5,
            embedded=4,
        )
    )
    streams = capsys.readouterr()
    assert [line.split() for line in streams.out.splitlines() if line.strip()][2:] == [
        ["added", "2", "a"], ["b"], ["changed", "0"], ["removed", "1", "c"], ["unchanged", "0"], ["duplicates", "1", "b", "=", "a"],
        ["failed", "1", "d.txt"], ["2", "articles,", "5", "passages,", "4", "embedded"],
    ]  # fmt: skip
    assert streams.err == "failed: d.txt: the file is empty\nwhat failed is tried again at the next run\n"


def test_only_the_first_of_many_failures_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    print_failures(Report(failed=tuple(Failure(path=f"{number:03}.txt", reason="the file is empty") for number in range(103))))
    told = capsys.readouterr().err.splitlines()
    assert told[99:] == [
        "failed: 099.txt: the file is empty", "failed: 3 more; --json names them all", "what failed is tried again at the next run",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        pytest.param("déjà vu 日本 🙂.txt", "déjà vu 日本 🙂.txt", id="letters_of_any_script"),
        pytest.param("a\x1b[31m.txt", "a\\x1b[31m.txt", id="an_order_to_the_terminal"),
        pytest.param("a\nb.txt", "a\\nb.txt", id="a_line_break"),
        pytest.param("a\u202etxt.exe", "a\\u202etxt.exe", id="turned_direction"),
        pytest.param("a\udcff.txt", "a\\udcff.txt", id="no_unicode"),
    ],
)
def test_names_are_shown_as_they_can_be(name: str, printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(name) == printed
    print_report(Report(added=(name,), failed=(Failure(path=name, reason="empty"),)))
    streams = capsys.readouterr()
    assert printed in streams.out
    assert streams.err.startswith(f"failed: {printed}: empty\n")


def test_status(capsys: pytest.CaptureFixture[str]) -> None:
    article = {"id": "0123456789ab", "published": None, "source": "[bold]Le Matin", "passages": 5}
    document: dict[str, Any] = {
        "articles": [article],
        "passages": 5,
        "model": "hash",
        "home": "h",
        "paths": ["docs", "more"],
        "selfcheck": None,
        "feedback": 0,
    }
    print_status(document, ["Un titre"])
    out = capsys.readouterr().out
    assert "0123456789ab" in out
    assert "[bold]Le Matin" in out  # shown as it is, not read as a style
    assert "Un titre" in out
    assert out.endswith("\n1 articles, 5 passages; model hash; home h\npaths: docs, more\nself-check: too few articles with a headline\n")


def test_progress_is_a_plain_line_a_stage_where_stderr_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars(quiet=True) as bars:
        bars.advance(1)
        bars.start("read", 5)
        bars.advance(5)
        bars.start("embed", 0)
        bars.advance(1)
        bars.start("another", 2)
    streams = capsys.readouterr()
    assert (streams.out, streams.err) == ("", "Reading articles\nanother: 2\n")


def test_progress_never_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars() as bars:
        bars.start("read", 2)
        bars.advance(2)
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "Reading articles" in streams.err
