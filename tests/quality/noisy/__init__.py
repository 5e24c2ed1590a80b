"""Pages as scraping leaves them, written for this purpose, each with its true body: one file for each of `HALVES`.

A page begins with `### name`; `@field value` tells its metadata (`title`, `published`, `author`), `@spaced` that its lines are
parted by empty ones, `@damage wrap 72` or `@damage mojibake` what is done to the whole. Then one line of the page a line:

    = of the body            . of the page            ? of neither count (titles, times of a live page)
    ~ of the body, damaged   > what that is when repaired (several may follow)

A `=` line is replaced by the `>` line after it where there is one.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
HALVES = ("dev", "held", "fresh", "kinds", "later", "more", "again", "once", "last", "seventh", "unseen")


@dataclass(frozen=True, kw_only=True)
class NoisyPage:
    name: str
    raw: str
    body: tuple[str, ...]
    neutral: frozenset[str]
    fields: dict[str, str]


def load(half: str) -> list[NoisyPage]:
    """The pages of one of `HALVES`."""
    text = (FOLDER / f"{half}.txt").read_text(encoding="utf-8")
    return [_page(part) for part in text.split("### ")[1:]]


def lines_of(text: str) -> Counter[str]:
    """What is compared: the lines of a text that are not empty, each run of white space as one space, as often as they stand."""
    return Counter(" ".join(line.split()) for line in text.splitlines() if line.strip())


def words_of(text: str) -> Counter[str]:
    return Counter(text.split())


def counts(page: NoisyPage, text: str) -> tuple[int, int, int]:
    """Lines right, wrong and missing in `text`, the body found in `page`."""
    found = Counter({line: number for line, number in lines_of(text).items() if line not in page.neutral})
    return matched(found, lines_of("\n".join(page.body)))


def word_counts(page: NoisyPage, text: str) -> tuple[int, int, int]:
    """Words right, wrong and missing: what a cleaner that repairs nothing is judged by."""
    found = "\n".join(line for line in text.splitlines() if " ".join(line.split()) not in page.neutral)
    return matched(words_of(found), words_of("\n".join(page.body)))


def matched(found: Counter[str], true: Counter[str]) -> tuple[int, int, int]:
    """Right, wrong and missing: how often what is found is true, is not, and what is true is not found."""
    right = (found & true).total()
    return right, found.total() - right, true.total() - right


def f1(right: int, wrong: int, missing: int) -> float:
    return 2 * right / max(2 * right + wrong + missing, 1)


def _page(part: str) -> NoisyPage:
    name, *rows = part.rstrip("\n").split("\n")
    options = dict(row[1:].split(" ", 1) if " " in row else (row[1:], "") for row in rows if row.startswith("@"))
    marked = [(row[0], row[2:]) for row in rows if row and row[0] in "=.?~>"]
    lines = [f"{line}\n" if "spaced" in options else line for mark, line in marked if mark != ">"]
    body = list(_true(marked))
    return NoisyPage(
        name=name, raw=_damaged(lines, [mark == "=" for mark, _ in marked if mark != ">"], options.get("damage", "")), body=tuple(body),
        neutral=frozenset(" ".join(line.split()) for mark, line in marked if mark == "?"),
        fields={key: value for key, value in options.items() if key in ("title", "published", "author")},
    )  # fmt: skip


def _true(marked: list[tuple[str, str]]) -> Iterator[str]:
    for (mark, line), (after, _) in zip(marked, [*marked[1:], ("", "")], strict=True):
        if mark == ">" or (mark == "=" and after != ">"):
            yield line


def _damaged(lines: list[str], body: list[bool], damage: str) -> str:
    if damage.startswith("wrap"):
        width = int(damage.split()[1])
        return "\n\n".join(textwrap.fill(line, width) if of_body else line for line, of_body in zip(lines, body, strict=True)) + "\n"
    text = "\n".join(lines) + "\n"
    if damage != "mojibake":
        return text
    # What a program that takes UTF-8 for Windows-1252 makes of it; the bytes that it does not know become control characters.
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte) for byte in text.encode("utf-8")
    )
