"""How well the body of a scraped page is told from the rest, beside plain baselines: `python -m tests.bench.cleaning`.

A line is a paragraph of the true body (`tests.quality.noisy`); the precision, recall and F1 of lines and words are over all pages
(micro), "macro" is the mean F1 of lines over pages. trafilatura and jusText see the same text as HTML, a <p> a line, jusText with
the stop words of its language.
"""

import argparse
import html
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from index.byline import is_credit_line
from index.clean import clean
from index.errors import ArticleError
from index.furniture import is_furniture
from index.language import article_language
from tests.quality.noisy import HALVES, NoisyPage, counts, f1, lines_of, load, word_counts

REPEATS = 5
FITTED: Final = {"length_low": 70, "length_high": 90, "stopwords_low": 0.3, "stopwords_high": 0.32, "no_headings": True}
"""The settings of jusText with the highest F1 of lines on the dev half, of 66 tried: as it is, it wants paragraphs of 200 characters."""
LONG: Final = 70
"""Characters from which a line is kept by length alone: the best on the dev half, of 40 to 150 in steps of 10."""


def by_griot(raw: str) -> str:
    try:
        return clean(raw).text
    except ArticleError:
        return ""


def everything(raw: str) -> str:
    return raw


def by_trafilatura(raw: str, **settings: bool) -> str:
    import trafilatura

    return trafilatura.extract(_page(raw), include_comments=False, include_tables=True, **settings) or ""


def by_justext(raw: str, **settings: float) -> str:
    import justext

    stop_words = justext.get_stoplist("English" if article_language(raw) == "en" else "French")
    return "\n".join(part.text for part in justext.justext(_page(raw), stop_words, **settings) if not part.is_boilerplate)


def long_lines(raw: str) -> str:
    return "\n".join(line for line in raw.splitlines() if len(line) >= LONG)


def _page(raw: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in raw.splitlines() if line.strip())
    return f"<!doctype html><html><head><meta charset='utf-8'></head><body>{paragraphs}</body></html>"


def measure(pages: Sequence[NoisyPage], cleaner: Callable[[str], str]) -> dict[str, float]:
    """Precision, recall and F1 of lines and of words, the mean F1 of lines over pages, and pages a second."""
    texts = [cleaner(page.raw) for page in pages]
    lines = [counts(page, text) for page, text in zip(pages, texts, strict=True)]
    words = [word_counts(page, text) for page, text in zip(pages, texts, strict=True)]
    right, wrong, missing = (sum(column) for column in zip(*lines, strict=True))
    shared, extra, lost = (sum(column) for column in zip(*words, strict=True))
    began = time.perf_counter()
    for _ in range(REPEATS):
        # Lines of one collection are seldom the same: nothing is remembered from round to round.
        is_furniture.cache_clear()
        is_credit_line.cache_clear()
        for page in pages:
            cleaner(page.raw)
    rate = REPEATS * len(pages) / (time.perf_counter() - began)
    return {
        "precision": right / max(right + wrong, 1), "recall": right / max(right + missing, 1), "F1": f1(right, wrong, missing),
        "macro": sum(f1(*triple) for triple in lines) / len(lines), "words F1": f1(shared, extra, lost), "pages/s": rate,
    }  # fmt: skip


def metadata(pages: Sequence[NoisyPage]) -> str:
    """How often each field is right, of the pages that state it, and how often one is given that the page does not state."""
    found = {page.name: vars(clean(page.raw).metadata) for page in pages}
    told = []
    for field in ("title", "published", "author"):
        stated = [page for page in pages if field in page.fields]
        right = sum(found[page.name][field] == page.fields[field] for page in stated)
        invented = sum(found[page.name][field] is not None for page in pages if field not in page.fields)
        told.append(f"{field} {right}/{len(stated)} ({invented} invented)")
    return ", ".join(told)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, action="append")
    parser.add_argument("--show", action="store_true", help="the lines that are wrong or missing")
    options = parser.parse_args()
    cleaners = {
        "griot": by_griot, "everything": everything, "long lines": long_lines, "trafilatura": by_trafilatura,
        "trafilatura, precision": partial(by_trafilatura, favor_precision=True), "jusText": by_justext,
        "jusText, fitted": partial(by_justext, **FITTED),
    }  # fmt: skip
    for half in options.half or HALVES:
        pages = load(half)
        if options.show:
            show(pages)
        print(f"\n{half}: {len(pages)} pages")
        for name, cleaner in cleaners.items():
            figures = measure(pages, cleaner)
            print(f"  {name:22}", *(f"{key} {value:.3f}" if value < 2 else f"{key} {value:.0f}" for key, value in figures.items()))
        print(f"  metadata: {metadata(pages)}")


def show(pages: Sequence[NoisyPage]) -> None:
    """Print what is wrong and missing, page by page."""
    for page in pages:
        text = by_griot(page.raw)
        true = {" ".join(line.split()) for line in page.body}
        kept = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        print(f"## {page.name} {f1(*counts(page, text)):.3f}")
        for line in kept:
            if line not in true and line not in page.neutral:
                print("  +", line[:160])
        for line in lines_of("\n".join(page.body)):
            if line not in kept:
                print("  -", line[:160])
        given = vars(clean(page.raw).metadata)
        for field in ("title", "published", "author"):
            if given[field] != page.fields.get(field):
                print(f"  {field}: {given[field]!r}, not {page.fields.get(field)!r}")


if __name__ == "__main__":
    main()
