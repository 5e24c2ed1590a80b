"""Keys by which programs come in, in a file of one line a key: name, role, SHA-256 of the key.

A key is 32 random bytes, so its hash need not be slow: there is nothing to guess.
"""

import hashlib
import hmac
import re
import secrets
from pathlib import Path
from typing import Final, get_args

from index.errors import GriotError
from index.files import write_atomically
from ui.access.accounts import Role
from ui.access.gate import Who

PREFIX: Final = "griot_"
"""By which scanners for leaked secrets can know a key."""
_LINE = re.compile(r"([\w.@+-]{1,64}):(reader|editor):([0-9a-f]{64})")


class Keys:
    """The keys in a file, which is read at each use: it is short, and a key that was taken away ends at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> dict[str, tuple[Role, str]]:
        """Role and hash of every key, by name.

        Raises:
            GriotError: the file cannot be read, or a line of it is none.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise GriotError(f"{self._path} cannot be read ({error}); check its rights") from error
        found: dict[str, tuple[Role, str]] = {}
        for number, line in enumerate(lines, start=1):
            match = _LINE.fullmatch(line.strip())
            if match is None:
                raise GriotError(f"line {number} of {self._path} is no key; make one with: griot key add NAME")
            found[match[1]] = ("editor" if match[2] == "editor" else "reader", match[3])
        return found

    def who(self, key: str) -> Who | None:
        """Who a key is of, or None. Every key is compared, in constant time."""
        given = _hash(key)
        found = None
        for name, (role, known) in self.all().items():
            if hmac.compare_digest(known, given):
                found = Who(name=name, role=role)
        return found

    def add(self, name: str, role: str) -> str:
        """A new key, told this once.

        Raises:
            GriotError: the name or role cannot be used, the name is taken, or the file cannot be written.
        """
        known = self.all()
        if name in known:
            raise GriotError(f"there is a key {name} already; take it away first with: griot key remove {name}")
        if role not in get_args(Role):
            raise GriotError(f"{role!r} is no role; give reader or editor")
        if not _LINE.fullmatch(f"{name}:{role}:{'0' * 64}"):
            raise GriotError(f"{name!r} is no name for a key; use up to 64 letters, digits and . _ @ + -")
        key = PREFIX + secrets.token_urlsafe(32)
        self._write({**known, name: ("editor" if role == "editor" else "reader", _hash(key))})
        return key

    def remove(self, name: str) -> None:
        """Take a key away.

        Raises:
            GriotError: there is no such key.
        """
        known = self.all()
        if known.pop(name, None) is None:
            raise GriotError(f"there is no key {name}; list them with: griot key list")
        self._write(known)

    def _write(self, keys: dict[str, tuple[Role, str]]) -> None:
        lines = "".join(f"{name}:{role}:{known}\n" for name, (role, known) in keys.items())
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, lines.encode())
        except OSError as error:
            raise GriotError(f"{self._path} cannot be written ({error.strerror}); check its rights") from error


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
