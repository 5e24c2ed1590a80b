"""Keys of programs: told once, kept as hashes."""

from pathlib import Path

import pytest

from index.errors import GriotError
from ui.access.gate import Who
from ui.access.keys import Keys


def test_a_key_is_told_once_and_lets_in(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    key = keys.add("script", "reader")
    other = keys.add("desk", "editor")
    assert key.startswith("griot_")
    assert len(key) == 49
    assert keys.who(key) == Who(name="script", role="reader")
    assert keys.who(other) == Who(name="desk", role="editor")
    assert keys.who(key[:-1]) is None
    assert keys.who("") is None
    assert key not in (tmp_path / "keys").read_text()
    keys.remove("script")
    assert keys.who(key) is None


@pytest.mark.parametrize(
    ("name", "role", "reason"),
    [("a:b", "reader", "is no name for a key"), ("a", "root", "is no role"), ("script", "reader", "there is a key script already")],
)
def test_what_cannot_be_a_key(tmp_path: Path, name: str, role: str, reason: str) -> None:
    keys = Keys(tmp_path / "keys")
    keys.add("script", "reader")
    with pytest.raises(GriotError, match=reason):
        keys.add(name, role)


def test_a_damaged_file_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("script:reader:abc\n")
    with pytest.raises(GriotError, match=r"line 1 of .*keys is no key"):
        Keys(tmp_path / "keys").who("x")
    with pytest.raises(GriotError, match="there is no key gone"):
        Keys(tmp_path / "none").remove("gone")
