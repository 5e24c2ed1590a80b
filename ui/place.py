"""Where the site stands on its host: pages are written as if it stood at the root, and moved below another path as they go out."""

import re
from typing import Final

# A quotation mark in a text is always written &quot;, so this matches the attributes of our own markup alone; "//" is another host.
_OWN: Final = re.compile(r'((?:href|src|action)=")/(?!/)')


def moved(html: str, base: str) -> str:
    """A page, or a piece of one, with its links below `base`: "" for the root, or "/griot"."""
    return _OWN.sub(rf"\g<1>{base}/", html) if base else html
