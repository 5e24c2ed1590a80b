"""Accounts in a file: passwords are only ever kept as hashes."""

import stat
from pathlib import Path

import pytest

from index.errors import GriotError
from ui.access.accounts import LONGEST, Accounts

WORD = "correct horse battery"


def test_an_account_comes_in_with_its_password_alone(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts")
    accounts.put("awa", "editor", WORD)
    found = accounts.check("awa", WORD)
    assert found is not None
    assert (found.name, found.role) == ("awa", "editor")
    assert accounts.check("awa", WORD + " ") is None
    assert accounts.check("nobody", WORD) is None
    assert accounts.check("awa", "x" * (LONGEST + 1)) is None


def test_the_file_holds_no_password_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "accounts"
    Accounts(path).put("awa", "reader", WORD)
    text = path.read_text()
    assert text.startswith("awa:reader:$argon2id$")
    assert "horse" not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_process_sees_what_changed(tmp_path: Path) -> None:
    here, there = Accounts(tmp_path / "accounts"), Accounts(tmp_path / "accounts")
    assert there.all() == {}
    here.put("awa", "reader", WORD)
    here.put("idi", "reader", WORD)
    assert list(there.all()) == ["awa", "idi"]
    here.change_role("awa", "editor")
    assert there.all()["awa"].role == "editor"
    here.remove("awa")
    assert list(there.all()) == ["idi"]


@pytest.mark.parametrize(
    ("name", "role", "password", "reason"),
    [
        pytest.param("a:b", "reader", WORD, "is no name", id="a_colon_would_part_the_line"),
        pytest.param("a\nb", "reader", WORD, "is no name", id="line_break"),
        pytest.param("", "reader", WORD, "is no name", id="no_name"),
        pytest.param("awa", "root", WORD, "'root' is no role", id="role"),
        pytest.param("awa", "reader", "short", "a password of 5 characters", id="short"),
        pytest.param("awa", "reader", "x" * 1_001, "a password of 1001 characters", id="long"),
    ],
)
def test_what_cannot_be_an_account(tmp_path: Path, name: str, role: str, password: str, reason: str) -> None:
    with pytest.raises(GriotError, match=reason):
        Accounts(tmp_path / "accounts").put(name, role, password)
    assert not (tmp_path / "accounts").exists()


@pytest.mark.parametrize("line", ["awa:reader", "awa:root:$argon2id$x", "awa:reader:secret", "a b:reader:$argon2id$x", "\udcff"])
def test_a_damaged_file_lets_nobody_in_and_names_the_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "accounts"
    path.write_bytes(b"# people\n\n" + line.encode("utf-8", "surrogateescape") + b"\n")
    with pytest.raises(GriotError, match=r"line 3 of .*accounts is no account|cannot be read"):
        Accounts(path).check("awa", WORD)


def test_a_hash_that_is_none_lets_nobody_in(tmp_path: Path) -> None:
    path = tmp_path / "accounts"
    path.write_text("awa:reader:$argon2id$nonsense\n")
    assert Accounts(path).check("awa", WORD) is None


@pytest.mark.parametrize("change", [lambda accounts: accounts.remove("awa"), lambda accounts: accounts.change_role("awa", "reader")])
def test_nobody_of_that_name(tmp_path: Path, change: object) -> None:
    with pytest.raises(GriotError, match="there is no account awa"):
        change(Accounts(tmp_path / "accounts"))  # type: ignore[operator]
