"""What programs get back, as the OpenAPI document tells it. The documents themselves are those of `ui.documents`."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from qa.answer import Citation
from ui.manage.rows import Row


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PassageTold(_Told):
    """A passage of an article; scores compare within one answer only."""

    article_id: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    score: float


class FoundTold(PassageTold):
    """A passage that a search found."""

    path: str
    title: str | None


class AnswerTold(_Told):
    """An answer as `griot ask --json` prints it: where `answered` is false, `passages` are the nearest misses."""

    question: str
    language: str
    answered: bool
    text: str
    seconds: float = Field(ge=0)
    citations: list[Citation]
    passages: list[PassageTold]
    missing: list[str]


class SearchTold(_Told):
    """Passages, best first."""

    query: str
    passages: list[FoundTold]


class ArticlesTold(_Told):
    """A page of articles, of `pages`; `found` in all."""

    articles: list[Row]
    found: int = Field(ge=0)
    page: int = Field(ge=1)
    pages: int = Field(ge=1)


class ArticleTold(_Told):
    """An article; `origins` says where each thing known of it comes from."""

    id: str
    title: str | None
    text: str
    path: str
    url: str | None
    source: str | None
    author: str | None
    published: str | None
    language: str | None
    digest: str
    origins: dict[str, str]


class Problem(BaseModel):
    """What is wrong, and what to do (RFC 9457)."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str


STREAMED: dict[str, Any] = {
    "type": "string",
    "description": "server-sent events: asked, passages, answer, done, each with JSON as its data; or problem",
}
"""What an answer is where Accept is text/event-stream."""
