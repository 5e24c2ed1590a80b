"""What programs send. Every text and list has a longest length, so that no request costs more than a question."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

LONGEST: Final = 4_000
"""Characters of a question, as in the page's box."""
TURNS: Final = 50
"""Earlier questions that may be sent; follow-ups are traced back through fewer."""
Question = Annotated[str, Field(min_length=1, max_length=LONGEST)]
_DAY: Final = r"^(19|20)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
Day = Annotated[str, Field(pattern=_DAY, description="2023, 2023-07 or 2023-07-14")]


def _whole(value: Any) -> Any:
    # To JSON Schema 1.0 is an integer.
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Ask(_Strict):
    """A question, the earlier ones of its conversation (oldest first), and what the articles are limited to."""

    question: Question
    history: Annotated[list[Question], Field(max_length=TURNS)] = []
    since: Day | None = None
    until: Day | None = None
    source: Annotated[str, Field(max_length=200, description="part of a site's name")] | None = None
    as_of: Day | None = None


class Search(_Strict):
    """A query for passages."""

    query: Question
    k: Annotated[int, Field(ge=1, le=100), BeforeValidator(_whole)] = 10
    since: Day | None = None
    until: Day | None = None
    source: Annotated[str, Field(max_length=200)] | None = None


class Listed(BaseModel):
    """Which articles are listed, in which order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(max_length=200, description="words of the title, path or site")] = ""
    source: Annotated[str, Field(max_length=200)] = ""
    language: Annotated[str, Field(max_length=10)] = ""
    year: Annotated[str, Field(max_length=4)] = ""
    order: Literal["title", "published", "source", "language", "passages"] = "title"
    descending: bool = False
    page: Annotated[int, Field(ge=1, le=999_999)] = 1
