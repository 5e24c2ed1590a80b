"""What Prometheus reads: how many questions, how long they took, and what the index holds.

prometheus-client was chosen over writing its text format and buckets by hand, and over OpenTelemetry, which wants a collector.
"""

from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

KIND: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Figures:
    """The figures of one site: a registry of its own, so that several sites in one process do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter("griot_questions", "Questions asked", ["answered"], registry=self._registry)
        self._errors = Counter("griot_question_errors", "Questions that ended in an error", registry=self._registry)
        self._seconds = Histogram("griot_question_seconds", "Time to answer", buckets=_SECONDS, registry=self._registry)
        self._articles = Gauge("griot_articles", "Articles of the index being served", registry=self._registry)
        self._passages = Gauge("griot_passages", "Passages of the index being served", registry=self._registry)
        self._up = Gauge("griot_index_up", "1 where the index can be used", registry=self._registry)

    def asked(self, seconds: float, answered: bool) -> None:
        """Count a question that was answered or refused."""
        self._questions.labels(answered=str(answered).lower()).inc()
        self._seconds.observe(seconds)

    def failed(self) -> None:
        """Count a question that ended in an error."""
        self._errors.inc()

    def index(self, articles: int, passages: int, up: bool) -> None:
        """Note what the index holds."""
        self._articles.set(articles)
        self._passages.set(passages)
        self._up.set(int(up))

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self._registry)
