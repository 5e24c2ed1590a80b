"""The side panel: Griot's name, the conversations that the browser keeps, what the collection holds."""

from collections.abc import Mapping
from html import escape
from typing import Final

from ui.render.view import Holdings, View
from ui.render.words import button
from ui.texts import count_in_words, date_in_words, period_in_words

_SITES: Final = 3
_MONTHS: Final = 48  # months that the plot shows one by one; longer collections are drawn by year
_WIDTH, _HEIGHT = 186, 30  # of the plot, in its own units


def masthead(view: View) -> str:
    """The name of the place, a way to start anew, and room for the list that the page's script fills."""
    texts = view.texts
    return (
        f'<div class="head"><h1>Griot</h1>{button("rail", texts.fold, kind="act icon side", icon=True)}</div>'
        f"{button('new', texts.new_conversation, kind='act plain new')}"
        f'<nav id="list" aria-label="{escape(texts.conversations)}" data-exports="{escape(" ".join(view.exports))}"></nav>'
    )


def bar(view: View) -> str:
    """What leads to the side panel while it is folded, and what covers the rest of a small screen while it is not."""
    texts = view.texts
    opener = button("rail", texts.unfold, kind="act icon side", icon=True).replace("<button ", '<button aria-controls="rail" ', 1)
    new = button("new", texts.new_conversation, kind="act icon plus", icon=True)
    shade = button("rail", texts.close, kind="shade", icon=True).replace("<button ", '<button tabindex="-1" ', 1)
    return f'<div class="tools">{opener}<span class="name">Griot</span>{new}</div>{shade}'


def hint(view: View) -> str:
    """Lines above the question box: how the server and the index are, and what Enter would do."""
    leave = button("leave", view.texts.stop_editing, kind="act plain")
    return f'<p id="state" role="status"></p><p id="editing">{escape(view.texts.editing)} {leave}</p>'


def holdings(overview: Holdings | None, view: View) -> str:
    """What the collection holds: articles, dates covered, sites; then the other language. The index may not be able to tell."""
    other = "en" if view.language == "fr" else "fr"
    switch = f'<p class="switch"><a href="/?lang={other}" hreflang="{other}" lang="{other}">{escape(view.texts.other_language)}</a></p>'
    if overview is None:
        return switch
    texts, language = view.texts, view.language
    count = count_in_words(overview.articles, texts.articles_one, texts.articles_many, language)
    # Never "and 1 other": one name takes no more room than its count.
    shown = overview.sources if len(overview.sources) <= _SITES + 1 else overview.sources[:_SITES]
    sites = ", ".join(shown)
    if len(shown) < len(overview.sources):
        sites += " " + texts.more_sites.format(count=len(overview.sources) - len(shown))
    # The dates stand under the plot, whose ends they name.
    ends = period_in_words(overview.earliest, overview.latest, language).split(" – ")
    period = "\u00a0– ".join(end.replace(" ", "\u00a0") for end in ends)  # broken between them alone
    lines = (escape(count), escape(sites), plot(overview.months, view), escape(period))
    said = "".join(line if line.startswith("<svg") else f"<p>{line}</p>" for line in lines if line)
    title = escape(texts.collection)
    heading = f'<h2><a href="/collection">{title}</a></h2>' if view.managed else f"<h2>{title}</h2>"
    return f"{heading}{said}{switch}"


def plot(dated: Mapping[str, int], view: View) -> str:
    """How many articles each month or year holds, as bars; nothing where fewer than two are dated."""
    counts = _by_unit(dated)
    if len(counts) < 2:
        return ""
    tallest = max(counts.values())
    width = min(8.0, max(1.5, _WIDTH / len(counts) - 1))
    step = (_WIDTH - width) / (len(counts) - 1)  # the first bar begins the line, the last ends it
    bars = []
    for place, (unit, count) in enumerate(counts.items()):
        if count:
            height = max(3.0, (_HEIGHT - 1) * count / tallest)
            title = f"{date_in_words(unit, view.language)} · {_articles(count, view)}"
            where = f'x="{place * step:.1f}" y="{_HEIGHT - 1 - height:.1f}" width="{width:.1f}" height="{height:.1f}"'
            bars.append(f"<rect {where}><title>{escape(title)}</title></rect>")
    listed = ", ".join(f"{date_in_words(unit, view.language)} ({count})" for unit, count in counts.items() if count)
    unit = view.texts.plot_months if len(next(iter(counts))) == 7 else view.texts.plot_years
    label = escape(view.texts.plot.format(unit=unit, listed=listed))
    line = f'<path d="M0 {_HEIGHT - 0.5}H{_WIDTH}"/>'
    return f'<svg class="plot" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">{line}{"".join(bars)}</svg>'


def _by_unit(dated: Mapping[str, int]) -> dict[str, int]:
    """Counts for every month from the first to the last, those without an article too; for every year where months are too many or
    not all known."""
    known = {unit: count for unit, count in dated.items() if unit.replace("-", "").isdecimal() and len(unit) in (4, 7)}
    if not known:
        return {}
    first, last = min(known), max(known)
    if all(len(unit) == 7 for unit in known):
        spans = [int(unit[:4]) * 12 + int(unit[5:]) - 1 for unit in (first, last)]
        if spans[1] - spans[0] < _MONTHS:
            months = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(spans[0], spans[1] + 1)]
            return {month: known.get(month, 0) for month in months}
    years = range(int(first[:4]), int(last[:4]) + 1)
    return {str(year): sum(count for unit, count in known.items() if unit[:4] == f"{year:04}") for year in years}


def _articles(count: int, view: View) -> str:
    return count_in_words(count, view.texts.articles_one, view.texts.articles_many, view.language)
