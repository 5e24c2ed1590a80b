"""The progress of a build in a real terminal."""

import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.paths import ROOT
from ui.terminal import terminal_language

pty = pytest.importorskip("pty")
WIDTH = 80
PARAGRAPH = "Le gouvernement du Bénin a signé mardi à Cotonou un accord de pêche avec le Togo, dit le ministre. " * 3


def in_terminal(command: Sequence[str], language: str) -> tuple[list[str], int]:
    """What a terminal of `WIDTH` columns was shown, line by line as it was written, without its colours; and the exit status."""
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover
        told = {"LC_ALL": language, "TERM": "xterm-256color", "COLUMNS": str(WIDTH), "PYTHONPATH": str(ROOT)}
        os.execvpe(command[0], command, {**os.environ, **told})
    shown = b""
    while True:
        try:
            block = os.read(terminal, 65_536)
        except OSError:
            # Linux says so that the other end is closed.
            break
        if not block:
            break
        shown += block
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    return [line.rstrip() for line in re.split(r"[\r\n]+", plain) if line.strip()], status


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """The export of a press database, in one file."""
    path = tmp_path / "export.jsonl"
    records = ({"id": f"n{number}", "titre": f"Accord {number}", "texte": f"{PARAGRAPH} Numéro {number}."} for number in range(1200))
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.mark.parametrize(
    ("language", "moving", "ended"),
    [
        pytest.param(
            "fr_FR.UTF-8", r"Lecture des articles ━.* \d+\u202f% · [\d\u202f]+ articles \d+/s reste \d+:\d\d",
            r"Lecture des articles +━+ 100\u202f% · 1\u202f200 articles +\d+/s +\d+:\d\d", id="french",
        ),
        pytest.param(
            "en_GB.UTF-8", r"Reading articles ━.* \d+% · [\d,]+ articles \d+/s \d+:\d\d left",
            r"Reading articles +━+ 100% · 1,200 articles +\d+/s +\d+:\d\d", id="english",
        ),
    ],
)  # fmt: skip
def test_one_file_of_many_articles_moves_the_bar(export: Path, language: str, moving: str, ended: str) -> None:
    command = [sys.executable, "-m", "ui", "index", str(export), "--home", str(export.with_name("home"))]
    lines, status = in_terminal(command, language)
    assert status == 0
    assert max(map(len, lines)) <= WIDTH
    assert any(re.fullmatch(moving, line) for line in lines), lines[:20]
    assert any(re.fullmatch(ended, line) for line in lines), lines[-30:]
    assert any(line.startswith("1,200 articles, ") for line in lines)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        pytest.param({"LANG": "fr_BE.UTF-8"}, "fr", id="lang"),
        pytest.param({"LC_ALL": "en_GB", "LANG": "fr_FR"}, "en", id="lc_all_first"),
        pytest.param({"LC_ALL": "", "LC_MESSAGES": "fr"}, "fr", id="messages"),
        pytest.param({}, "en", id="none"),
        pytest.param({"LANG": "C.UTF-8"}, "en", id="c"),
    ],
)
def test_the_language_of_the_terminal(environment: dict[str, str], language: str) -> None:
    assert terminal_language(environment) == language
