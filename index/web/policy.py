"""How the web is asked: at most how much, how long and how often."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Limits of what is fetched. Times are in seconds, sizes in bytes."""

    limit: int = 100
    """Pages of one feed or sitemap, the newest first."""
    delay: float = 1.0
    """Between two requests to one host; more where its robots.txt asks for it, up to `longest_delay`."""
    longest_delay: float = 30.0
    timeout: float = 20.0
    """To connect, and to wait for each piece of an answer."""
    total: float = 60.0
    """For one answer in all, so that a server that sends a byte a second is given up."""
    page: int = 20_000_000
    """One page once unpacked; press reviews as PDF take some of it."""
    redirects: int = 10
    """As browsers allow about twenty, and no honest address needs five."""
    retries: int = 2
    """After 429 and 5xx, and where no connection is made."""
    longest_wait: float = 60.0
    """What Retry-After may ask for."""
    allow_private: bool = False
    """Whether addresses of this machine and of private networks may be asked: never for what others wrote."""
    agent: str = "Griot/0.1 (reader of news articles)"
