"""A server over any collection, for the tests of the plain pages."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.conftest import serving
from ui.desk import Answering, Desk


@contextmanager
def serving_library(assistant: Answering) -> Iterator[str]:
    """Serve `assistant` in a thread; yields the address once it answers."""
    with serving(Desk(assistant=assistant)) as address:
        yield address
