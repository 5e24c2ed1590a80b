"""Tools for assistants that speak the Model Context Protocol: ask, search, read_article, over standard input and output.

The official SDK was chosen over Gradio's own server, which would offer the page's inner events beside these. Needs `griot-qa[mcp]`.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

from pydantic import Field

from index.errors import GriotError, ModelError
from ui.documents import answer_document, hit_document

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from ui.api.routes import Answering

INSTRUCTIONS = (
    "Griot answers questions about a collection of news articles with sentences quoted word for word, each with its source. "
    "Where `answered` is false the articles hold no answer: say so, and do not answer from elsewhere as if they did. "
    "Cite by title, site and date; never change the words of a quote."
)
_Given = ParamSpec("_Given")
_Told = TypeVar("_Told")
Text = Annotated[str, Field(min_length=1, max_length=4_000)]
Day = Annotated[str | None, Field(description="2023, 2023-07 or 2023-07-14", max_length=40)]


def tool_server(assistant: "Answering") -> "MCPServer[Any]":
    """A server of the three tools, and nothing else.

    Raises:
        ModelError: the extra is not installed.
    """
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise ModelError("the tools need the official SDK; install it with: pip install griot-qa[mcp]") from error

    server: MCPServer[Any] = MCPServer("griot", title="Griot", instructions=INSTRUCTIONS, log_level="WARNING")
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)

    @server.tool(title="Ask the articles", annotations=reads, structured_output=False)
    @_plainly
    def ask(
        question: Text, history: Annotated[list[Text], Field(max_length=50)] | None = None, since: Day = None, until: Day = None,
        source: Annotated[str | None, Field(description="part of a site's name", max_length=200)] = None, as_of: Day = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Answer a question in French or English with sentences quoted from the articles, each with its source; or say that they hold no
        answer. `history` holds the earlier questions of the conversation, oldest first."""
        found = assistant.ask(question, history=history or (), since=since, until=until, source=source, as_of=as_of)
        return answer_document(found)

    @server.tool(title="Search the articles", annotations=reads, structured_output=False)
    @_plainly
    def search(
        query: Text, k: Annotated[int, Field(ge=1, le=50)] = 10, since: Day = None, until: Day = None,
        source: Annotated[str | None, Field(max_length=200)] = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The passages of the articles nearest to a query, best first."""
        hits = assistant.search(query, k, since=since, until=until, source=source)
        return {"query": query, "passages": [hit_document(hit, named=True) for hit in hits]}

    @server.tool(title="Read an article", annotations=reads, structured_output=False)
    @_plainly
    def read_article(article_id: Annotated[str, Field(max_length=200)]) -> dict[str, Any]:
        """The whole text of an article by the `article_id` of a citation or passage, with what is known of it."""
        found = assistant.article(article_id)
        if found is None:
            raise GriotError(f"no article has the id {article_id[:80]!r}; take one from a citation or passage")
        return {
            "id": found.id, "title": found.title, "source": found.source, "author": found.author, "published": found.published,
            "language": found.language, "url": found.url, "text": found.text,
        }  # fmt: skip

    return server


def _plainly(tool: Callable[_Given, _Told]) -> Callable[_Given, _Told]:
    """Let an error that is fit for a reader reach the caller as it is."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(tool)
    def told(*arguments: _Given.args, **named: _Given.kwargs) -> _Told:
        try:
            return tool(*arguments, **named)
        except GriotError as error:
            raise ToolError(str(error)) from error

    return told
