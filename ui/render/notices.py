"""What is said when something is empty, broken or busy."""

from html import escape

from ui.failures import Failure


def notice(text: str, detail: str = "") -> str:
    """A plain line to the reader, and below it a technical one."""
    below = f'<span class="detail" lang="en">{escape(detail)}</span>' if detail else ""
    return f'<p class="notice" role="status">{escape(text)}{below}</p>'


def failed(failure: Failure) -> str:
    """Why there is no answer."""
    return notice(failure.sentence, failure.detail)


def trouble(title: str, line: str, detail: str = "", way: tuple[str, str] | None = None) -> str:
    """A page of its own, in place of the conversation: what is wrong, what to do, and the `way` (address, words) to where it is done."""
    below = f'<p class="detail"{"" if detail.startswith("griot ") else " lang=en"}><code>{escape(detail)}</code></p>' if detail else ""
    link = f'<p><a href="{escape(way[0])}">{escape(way[1])}</a></p>' if way else ""
    said = f"<p>{escape(line)}</p>" if line else ""
    return f'<div class="welcome trouble" role="status"><h2>{escape(title)}</h2>{said}{link}{below}</div>'
