"""What the fitting commands share: their options, and the sets that each is fitted and measured on."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

Part = TypeVar("Part")


@dataclass(frozen=True, kw_only=True)
class Sets(Generic[Part]):
    """What was gathered of each question set: those measured, by name, and those only fitted on."""

    measured: Mapping[str, Part]
    extra: tuple[Part, ...]

    @property
    def every(self) -> list[Part]:
        """All of them, to fit what is shipped."""
        return [*self.measured.values(), *self.extra]

    def others(self, name: str) -> list[Part]:
        """All but the set `name`, which is then measured as one never seen."""
        return [*(part for key, part in self.measured.items() if key != name), *self.extra]


def parser(description: str | None, *, instead: bool = False) -> argparse.ArgumentParser:
    """The options of a fitting command; `instead` where it can read with another model."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("folders", type=Path, nargs="+")
    made.add_argument("--fit", type=Path, nargs="*", default=[], metavar="FOLDER", help="sets to fit on and not to measure")
    if instead:
        made.add_argument("--instead", type=Path, metavar="MODEL", help="a static model to read the sets of --fit with")
    made.add_argument("--out", type=Path, required=True)
    return made


def write(path: Path, document: Mapping[str, Any], *, indent: int | None = 1) -> None:
    """Keep what was fitted, a number a line or all in one."""
    path.write_text(json.dumps(document, indent=indent, separators=None if indent else (",", ":")) + "\n", encoding="utf-8")
