"""Dates read right, and how fast, by `index.dates` and by dateparser: `python -m tests.bench.dates`."""

import time
from collections.abc import Callable
from functools import partial

from index.dates import find_date
from tests.index.date_forms import FORMS

REPEATS = 3


def by_dateparser(text: str, strict: bool) -> str | None:
    from dateparser.date import DateDataParser

    settings = {"DATE_ORDER": "DMY", "STRICT_PARSING": False, "REQUIRE_PARTS": ["year"] if strict else []}
    found = DateDataParser(languages=["fr", "en"], settings=settings).get_date_data(text)
    if not found.date_obj:
        return None
    return found.date_obj.date().isoformat()[: {"year": 4, "month": 7}.get(found.period, 10)]


def main() -> None:
    """Print the share of forms read right, the dates invented, and microseconds a form."""
    readers: dict[str, Callable[[str], str | None]] = {
        "index.dates": find_date, "dateparser": partial(by_dateparser, strict=False),
        "dateparser, year required": partial(by_dateparser, strict=True),
    }  # fmt: skip
    for name, read in readers.items():
        found = {text: read(text) for text in FORMS}
        right = sum(found[text] == stated for text, stated in FORMS.items())
        invented = sum(found[text] is not None for text, stated in FORMS.items() if stated is None)
        wrong = sum(found[text] not in (None, stated) for text, stated in FORMS.items() if stated)
        began = time.perf_counter()
        for _ in range(REPEATS):
            for text in FORMS:
                read(text)
        each = (time.perf_counter() - began) / REPEATS / len(FORMS) * 1e6
        print(f"{name:26} {right}/{len(FORMS)} right, {wrong} wrong, {invented} invented, {each:.0f} µs each")
        if name == "index.dates":
            print("\n".join(f"  {text!r}: {found[text]}, not {stated}" for text, stated in FORMS.items() if found[text] != stated))


if __name__ == "__main__":
    main()
