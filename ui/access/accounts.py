"""People who may come in, with a role each, in a file of one line a person: name, role, Argon2 hash of the password.

argon2-cffi was chosen over bcrypt (cuts passwords at 72 bytes) and passlib (no longer kept).
"""

import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from index.errors import GriotError
from index.files import write_atomically

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Role = Literal["reader", "editor"]
SHORTEST: Final = 10
"""Characters of a password at least: NIST SP 800-63B asks for 8, and nobody is told of weak ones here."""
LONGEST: Final = 1_000
"""Characters of a password at most, so that hashing one stays cheap."""
AT_ONCE: Final = 4
"""Passwords checked at the same time: each takes 64 MiB."""
_NAME = re.compile(r"[\w.@+-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person. `hash` is in the PHC form of Argon2id, which holds its own parameters and salt."""

    name: str
    role: Role
    hash: str


class Accounts:
    """The accounts in a file, read again when it changes. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._hashing = threading.BoundedSemaphore(AT_ONCE)
        self._seen: tuple[int, int, int] | None = None
        self._known: Mapping[str, Account] = {}

    def all(self) -> Mapping[str, Account]:
        """Every account by name.

        Raises:
            GriotError: the file cannot be read, or a line of it is none.
        """
        with self._lock:
            try:
                state = self._path.stat()
            except FileNotFoundError:
                return {}
            except OSError as error:
                raise GriotError(f"{self._path} cannot be read ({error.strerror}); check its rights") from error
            stamp = (state.st_ino, state.st_mtime_ns, state.st_size)
            if stamp != self._seen:
                self._known, self._seen = _read(self._path), stamp
            return self._known

    def check(self, name: str, password: str) -> Account | None:
        """The account with this name and password, or None. An unknown name takes as long as a wrong password."""
        from argon2.exceptions import InvalidHashError, VerificationError

        account = self.all().get(name)
        try:
            with self._hashing:
                matches = len(password) <= LONGEST and _hasher().verify(account.hash if account else _nobody(), password)
        except (VerificationError, InvalidHashError):
            return None
        return account if matches else None

    def put(self, name: str, role: str, password: str) -> None:
        """Add an account, or give one another role and password.

        Raises:
            GriotError: the name, role or password cannot be used, or the file not be written.
        """
        if not _NAME.fullmatch(name):
            raise GriotError(f"{name!r} is no name for an account; use up to 64 letters, digits and . _ @ + -")
        if role not in get_args(Role):
            raise GriotError(f"{role!r} is no role; give reader or editor")
        if not SHORTEST <= len(password) <= LONGEST:
            raise GriotError(f"a password of {len(password)} characters; give {SHORTEST} to {LONGEST}")
        account = Account(name=name, role="editor" if role == "editor" else "reader", hash=_hasher().hash(password))
        self._write({**self.all(), name: account})

    def change_role(self, name: str, role: Role) -> None:
        """Give an account another role.

        Raises:
            GriotError: there is no such account.
        """
        self._write({**self.all(), name: replace(self._one(name), role=role)})

    def remove(self, name: str) -> None:
        """Take an account out.

        Raises:
            GriotError: there is no such account.
        """
        self._one(name)
        self._write({known: account for known, account in self.all().items() if known != name})

    def _one(self, name: str) -> Account:
        account = self.all().get(name)
        if account is None:
            raise GriotError(f"there is no account {name}; list them with: griot user list")
        return account

    def _write(self, accounts: Mapping[str, Account]) -> None:
        lines = "".join(f"{account.name}:{account.role}:{account.hash}\n" for account in accounts.values())
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, lines.encode())
            os.chmod(self._path, 0o600)
        except OSError as error:
            raise GriotError(f"{self._path} cannot be written ({error.strerror}); check its rights") from error


def _read(path: Path) -> dict[str, Account]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GriotError(f"{path} cannot be read ({error}); check its rights") from error
    found: dict[str, Account] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, role, written = [*line.strip().split(":", 2), "", ""][:3]
        if not _NAME.fullmatch(name) or role not in get_args(Role) or not written.startswith("$argon2"):
            raise GriotError(f"line {number} of {path} is no account; write it with: griot user add NAME")
        found[name] = Account(name=name, role="editor" if role == "editor" else "reader", hash=written)
    return found


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    # RFC 9106, second choice: 64 MiB, three passes, four lanes.
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")
