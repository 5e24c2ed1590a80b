"""A server over any collection, for the tests of the plain pages."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.conftest import serving
from ui.web import Answering


@contextmanager
def serving_library(assistant: Answering) -> Iterator[str]:
    """Serve `assistant` in a thread; yields the address once it answers."""
    with serving(assistant) as address:
        yield address
