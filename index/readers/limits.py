"""What a reader takes in at most: a hostile or broken file costs bounded time, memory and disk."""

from dataclasses import dataclass

from index.errors import ArticleError


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bytes, unless said. The reasons stand beside each; raise one knowingly, for files whose origin you know."""

    article: int = 20_000_000
    """One article as text, HTML, or a record. 20 MB of text are some 3,000 pages: a dump or a log, not an article."""
    whole: int = 200_000_000
    """A file that must be in memory as a whole: PDF, Word, an archive within an archive."""
    json: int = 50_000_000
    """A .json file, which takes 5 to 10 times its size in memory. The same articles as JSON lines are read one by one."""
    container: int = 20_000_000_000
    """What a container and all in it come to once unpacked: a million articles of 20 kB."""
    members: int = 2_000_000
    """Members of an archive, all depths together: twice a million articles."""
    depth: int = 3
    """Archives within archives. Twice happens (an archive of monthly archives); a quine that holds itself never ends."""
    ratio: int = 200
    """Unpacked to packed bytes of a member, beyond its first `free`. Prose packs 3 times, tables 20, a file of one byte 1,000."""
    free: int = 1_000_000
    """Below this a member may pack as well as it likes: it harms nobody."""
    pages: int = 5_000
    """Pages of a PDF. A press review has hundreds."""
    elements: int = 50_000
    """Elements of an HTML page. Long news pages have 5,000; the extraction takes 0.2 ms for each, the more the deeper they lie."""


class Budget:
    """What is left of `Limits.container` and `Limits.members` while a file and all in it are read."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bytes = limits.container
        self._members = limits.members

    def spend(self, count: int) -> None:
        """Take note of `count` bytes.

        Raises:
            ArticleError: they are more than was left.
        """
        self._bytes -= count
        if self._bytes < 0:
            raise ArticleError(f"holds more than {self._limits.container:,} bytes once unpacked; split it")

    def enter(self) -> None:
        """Take note of one more member.

        Raises:
            ArticleError: there were too many.
        """
        self._members -= 1
        if self._members < 0:
            raise ArticleError(f"holds more than {self._limits.members:,} members; split it")
