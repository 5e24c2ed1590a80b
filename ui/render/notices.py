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


def trouble(title: str, line: str, detail: str = "") -> str:
    """A page of its own, in place of the conversation: what is wrong, and what to do."""
    below = f'<p class="detail"{"" if detail.startswith("griot ") else " lang=en"}><code>{escape(detail)}</code></p>' if detail else ""
    return f'<div class="welcome trouble" role="status"><h2>{escape(title)}</h2>{f"<p>{escape(line)}</p>" if line else ""}{below}</div>'
