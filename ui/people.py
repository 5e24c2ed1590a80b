"""`griot user` and `griot key`: who may come in."""

import argparse
import sys
from getpass import getpass
from pathlib import Path
from typing import Final

from index.errors import GriotError

ACCOUNTS: Final = "accounts"
KEYS: Final = "keys"


def add_people(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", home: Path) -> None:
    """The two commands, for a home that is `home` unless another is given."""
    for name, told, run in (("user", "people who may sign in", run_user), ("key", "keys of programs", run_key)):
        command = commands.add_parser(name, help=told)
        command.set_defaults(run=run)
        actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
        for action, help_ in (("add", "add one, or change it"), ("list", "list them"), ("remove", "take one away")):
            one = actions.add_parser(action, help=help_)
            one.add_argument("--home", type=Path, default=home, metavar="DIR")
            if action != "list":
                one.add_argument("name")
            if action == "add":
                one.add_argument("--role", choices=("reader", "editor"), default="reader")
                if name == "user":
                    one.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def run_user(options: argparse.Namespace) -> int:
    """`griot user add|list|remove`."""
    from ui.access.accounts import Accounts

    accounts = Accounts(Path(options.home) / ACCOUNTS)
    if options.action == "list":
        for account in accounts.all().values():
            print(f"{account.name}\t{account.role}")
    elif options.action == "remove":
        accounts.remove(options.name)
    else:
        accounts.put(options.name, options.role, _password(from_stdin=options.password_stdin))
    return 0


def run_key(options: argparse.Namespace) -> int:
    """`griot key add|list|remove`."""
    from ui.access.keys import Keys

    keys = Keys(Path(options.home) / KEYS)
    if options.action == "list":
        for name, (role, _) in keys.all().items():
            print(f"{name}\t{role}")
    elif options.action == "remove":
        keys.remove(options.name)
    else:
        print(keys.add(options.name, options.role))
        print("This key is shown this once; keep it as you keep a password.", file=sys.stderr)
    return 0


def _password(*, from_stdin: bool) -> str:
    """A password, typed twice at a terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    first = getpass("Password: ")
    if getpass("Once more: ") != first:
        raise GriotError("the two passwords differ; try again")
    return first
