import json
import multiprocessing
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from index.errors import QuestionError, StoreError
from tests.ui.hostile import CORPUS
from ui.feedback import ANSWER, QUESTION, REASON, Feedback

NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)
ANSWERED = {"question": "Quand ?", "answered": True, "text": "« Lundi. » [1]", "citations": []}


def lines(folder: Path) -> list[Any]:
    return [json.loads(line) for line in (folder / "feedback.jsonl").read_bytes().split(b"\n")[:-1]]


def test_a_verdict_is_one_line(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path / "home", now=lambda: NOON)
    assert feedback.count() == 0
    feedback.note(question="Quand ?", answer=ANSWERED, verdict="down", reason="Ce n’est pas la date\nde la signature")
    feedback.note(question="Où ?", answer={}, verdict="up")
    assert lines(tmp_path / "home") == [
        {
            "noted": "2024-03-04T12:00:00+00:00", "question": "Quand ?", "verdict": "down",
            "reason": "Ce n’est pas la date\nde la signature", "answer": ANSWERED,
        },
        {"noted": "2024-03-04T12:00:00+00:00", "question": "Où ?", "verdict": "up", "reason": "", "answer": {}},
    ]  # fmt: skip
    assert feedback.count() == 2


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS.keys())
def test_any_text_stays_one_line_and_comes_back(tmp_path: Path, text: str) -> None:
    Feedback(tmp_path).note(question=text, answer={"text": text}, verdict="up", reason=text)
    raw = (tmp_path / "feedback.jsonl").read_bytes()
    assert raw.isascii()
    assert len(raw.decode().splitlines()) == 1
    (told,) = lines(tmp_path)
    assert (told["question"], told["reason"], told["answer"]["text"]) == (text[:QUESTION], text[:REASON], text)


def test_lengths_are_bounded(tmp_path: Path) -> None:
    Feedback(tmp_path).note(question="q" * 9_999, answer={}, verdict="up", reason="r" * 9_999)
    (told,) = lines(tmp_path)
    assert (len(told["question"]), len(told["reason"])) == (QUESTION, REASON)


@pytest.mark.parametrize(
    ("answer", "verdict", "message"),
    [
        pytest.param({"text": "x" * ANSWER}, "up", "and at most 200,000 are kept", id="too_long"),
        pytest.param({"text": object()}, "up", "no JSON document", id="not_json"),
        pytest.param({"seconds": float("nan")}, "up", "no JSON document", id="not_a_number"),
        pytest.param({}, "sideways", "'sideways' is no verdict; give up or down", id="verdict"),
    ],
)
def test_what_cannot_be_noted(tmp_path: Path, answer: dict[str, Any], verdict: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        Feedback(tmp_path).note(question="q", answer=answer, verdict=verdict)
    assert not (tmp_path / "feedback.jsonl").exists()


def test_a_full_file_is_left_as_it_is(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path, bound=300)
    feedback.note(question="q" * 150, answer={}, verdict="up")
    before = (tmp_path / "feedback.jsonl").read_bytes()
    with pytest.raises(StoreError, match=r"feedback\.jsonl holds \d+ bytes, and 300 are the most; move it away"):
        feedback.note(question="q" * 150, answer={}, verdict="up")
    assert (tmp_path / "feedback.jsonl").read_bytes() == before
    (tmp_path / "feedback.jsonl").rename(tmp_path / "old.jsonl")
    feedback.note(question="q", answer={}, verdict="up")
    assert feedback.count() == 1


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreError, match=r"feedback\.jsonl cannot be written \(.+\); check the place, its room and its rights"):
        Feedback(tmp_path / "home").note(question="q", answer={}, verdict="up")
    (tmp_path / "feedback.jsonl").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        Feedback(tmp_path).note(question="q", answer={}, verdict="up")
    with pytest.raises(StoreError, match="cannot be read"):
        Feedback(tmp_path).count()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a disk that is full is known to Linux alone")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    (tmp_path / "feedback.jsonl").symlink_to("/dev/full")
    with pytest.raises(StoreError, match="No space left"):
        Feedback(tmp_path).note(question="q", answer={}, verdict="up")


def _note_many(folder: str, name: str, count: int) -> None:
    for number in range(count):
        Feedback(folder).note(question=f"{name}-{number}", answer={"text": "x" * 20_000}, verdict="up")


def test_threads_and_processes_write_whole_lines(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers: list[Any] = [context.Process(target=_note_many, args=(str(tmp_path), f"process{number}", 20)) for number in range(2)]
    workers += [threading.Thread(target=_note_many, args=(str(tmp_path), f"thread{number}", 20)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    names = [f"{kind}{number}-{count}" for kind, many in (("process", 2), ("thread", 4)) for number in range(many) for count in range(20)]
    assert sorted(told["question"] for told in lines(tmp_path)) == sorted(names)
