"""What the notes on serving say, held to what the program does."""

import re
import shlex

import pytest

from tests.paths import ROOT
from ui.cli import parser

NOTES = (ROOT / "ui" / "serving.md").read_text(encoding="utf-8")
LINES = [
    line.strip().removeprefix("ExecStart=/srv/griot/venv/bin/").partition("  #")[0].strip()
    for line in re.sub(r"`([^`\n]*griot chat [^`\n]*)`", r"\n\1\n", NOTES).splitlines()
]
COMMANDS = [line for line in LINES if re.match(r"griot (user|key|chat|ask) [^N]", line) and "`" not in line]
SECURITY = (ROOT / "ui" / "security.md").read_text(encoding="utf-8")


def test_there_are_commands_to_hold() -> None:
    assert len(COMMANDS) >= 5
    assert sum("--secure" in command for command in COMMANDS) >= 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_line_can_be_given(command: str) -> None:
    assert parser().parse_args(shlex.split(command)[1:])


def test_every_option_of_serving_is_documented() -> None:
    chat = parser()._subparsers._group_actions[0].choices["chat"]  # type: ignore[union-attr,index]
    options = {name for action in chat._actions for name in action.option_strings if name.startswith("--")}
    assert (
        sorted(option for option in options - {"--help", "--home", "--rerank"} if f"`{option}" not in NOTES and f" {option}" not in NOTES)
        == []
    )


def test_what_guards_each_risk_is_there() -> None:
    named = re.findall(r"`(tests/[\w./]+?)(?:::(\w+))?`", SECURITY)
    assert len(named) >= 20
    for path, test in named:
        place = ROOT / path
        assert place.exists(), path
        assert not test or f"def {test}(" in place.read_text(encoding="utf-8"), f"{path}::{test}"
