"""The article told from whole web pages, beside trafilatura and jusText alone: `python -m tests.bench.pages FOLDER`.

FOLDER holds `html/NAME.html.gz` and `ground-truth.json`: {NAME: {"title", "date", "heading", "articleBody"}}. Words of heading and body are
compared as bags, over all pages (micro), with the mean F1 of the pages beside; words alone, since such truths seldom keep paragraphs.
"as text" is the page saved as its visible text, of which nothing says what was a menu. A title is right when it is the true one folded for
case, accents and spaces, a date when it is the same day.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from index.analyse import fold
from index.clean import clean, clean_document
from index.errors import ArticleError
from index.readers.html import decode_html, read_html
from index.readers.limits import Limits
from index.readers.markup import all_text, parse_html
from tests.quality.noisy import f1, matched

WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page, and what is true of it."""

    data: bytes
    title: str
    day: str
    words: Counter[str]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a program makes of a page; the title and the day are None where it tells none."""

    text: str
    title: str | None = None
    day: str | None = None


def load(folder: Path) -> list[Page]:
    """The pages of `folder` in the order of its truth."""
    truth: Mapping[str, Mapping[str, str]] = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    return [
        Page(
            data=gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()), title=said["title"], day=said["date"],
            words=Counter(WORD.findall(f"{said['heading']} {said['articleBody']}")),
        )
        for name, said in truth.items()
    ]  # fmt: skip


def by_griot(data: bytes) -> Told:
    try:
        found = clean_document(read_html(data), "page.html")
    except ArticleError:
        return Told(text="")
    return Told(text=found.text, title=found.metadata.title, day=found.metadata.published)


def by_griot_as_text(data: bytes) -> Told:
    try:
        found = clean(all_text(parse_html(decode_html(data), Limits())))
    except ArticleError:
        return Told(text="")
    return Told(text=found.text, title=found.metadata.title, day=found.metadata.published)


def everything(data: bytes) -> Told:
    return Told(text=all_text(parse_html(decode_html(data), Limits())))


def by_trafilatura(**settings: bool) -> Callable[[bytes], Told]:
    def told(data: bytes) -> Told:
        import trafilatura

        found = trafilatura.bare_extraction(data, with_metadata=True, include_comments=False, include_tables=True, **settings)
        return Told(text=found.text or "", title=found.title, day=found.date) if found else Told(text="")

    return told


def by_justext(data: bytes) -> Told:
    import justext

    stop_words = justext.get_stoplist("French")
    return Told(text="\n".join(part.text for part in justext.justext(data, stop_words) if not part.is_boilerplate))


PROGRAMS: Final[Mapping[str, Callable[[bytes], Told]]] = {
    "griot": by_griot,
    "griot, as text": by_griot_as_text,
    "everything, as text": everything,
    "trafilatura": by_trafilatura(),
    "trafilatura, precision": by_trafilatura(favor_precision=True),
    "trafilatura, recall": by_trafilatura(favor_recall=True),
    "jusText": by_justext,
}


def measure(pages: Sequence[Page], program: Callable[[bytes], Told]) -> dict[str, float]:
    """Precision, recall and F1 of words, the mean F1 of pages, the shares of right titles and days and of those told, pages a second."""
    began = time.perf_counter()
    told = [program(page.data) for page in pages]
    rate = len(pages) / (time.perf_counter() - began)
    triples = [matched(Counter(WORD.findall(found.text)), page.words) for page, found in zip(pages, told, strict=True)]
    right, wrong, missing = (sum(column) for column in zip(*triples, strict=True))
    titles = sum(_title(found.title) == _title(page.title) for page, found in zip(pages, told, strict=True))
    days = sum(_day(found.day) == page.day for page, found in zip(pages, told, strict=True))
    return {
        "precision": right / max(right + wrong, 1), "recall": right / max(right + missing, 1), "F1": f1(right, wrong, missing),
        "macro": sum(f1(*triple) for triple in triples) / len(pages), "titles": titles / len(pages), "days": days / len(pages),
        "pages/s": rate,
    }  # fmt: skip


def _title(title: str | None) -> str:
    return " ".join(WORD.findall(fold(title or "")))


def _day(day: str | None) -> str | None:
    return date.fromisoformat(day).isoformat() if day and re.fullmatch(r"\d{4}-\d\d-\d\d", day) else day


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=tuple(PROGRAMS), action="append")
    parser.add_argument("--show", action="store_true", help="pages on which Griot's words are furthest from the truth")
    options = parser.parse_args()
    pages = load(options.folder)
    print(f"{len(pages)} pages")
    for name in options.only or PROGRAMS:
        figures = measure(pages, PROGRAMS[name])
        print(f"  {name:24}", *(f"{key} {value:.3f}" if value < 2 else f"{key} {value:.0f}" for key, value in figures.items()))
    if options.show:
        show(pages, PROGRAMS[(options.only or ["griot"])[0]])


def show(pages: Sequence[Page], program: Callable[[bytes], Told]) -> None:
    """Print the ten pages with the lowest F1: the lines with most words too many, and the words missing."""
    told = [program(page.data) for page in pages]
    scores = [f1(*matched(Counter(WORD.findall(found.text)), page.words)) for page, found in zip(pages, told, strict=True)]
    for place in sorted(range(len(pages)), key=scores.__getitem__)[:10]:
        page, found = pages[place], told[place]
        print(f"## {scores[place]:.3f} {page.day} {page.title} (told: {found.day} {found.title})")
        for line in found.text.splitlines():
            if line.strip() and (Counter(WORD.findall(line)) - page.words).total() > 1:
                print("  +", line[:200])
        print("  -", " ".join((page.words - Counter(WORD.findall(found.text))).elements())[:300])


if __name__ == "__main__":
    main()
