"""The tools as a client sees them over standard input and output: `python -m tests.bench.assistant_tools [HOME]` prints what is said."""

import sys
from pathlib import Path
from typing import Any

import anyio

from tests.paths import ROOT

QUESTION = "Quand l'accord avec la Hongrie a-t-il été signé ?"
_SHOWN = 400
"""Characters of an answer that are shown."""


Calls = list[tuple[str, dict[str, Any]]]


async def called(target: Any, calls: Calls) -> tuple[list[str], list[tuple[bool, str]]]:
    """The names of the tools of a server, and for each call whether it failed and what it said."""
    from mcp import Client

    async with Client(target) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        told = []
        for name, arguments in calls:
            found = await client.call_tool(name, arguments)
            told.append((bool(found.is_error), "".join(getattr(part, "text", "") for part in found.content)))
    return names, told


async def talk(home: Path, calls: Calls) -> tuple[list[str], list[tuple[bool, str]]]:
    """`called` on a `griot mcp` that is started for it."""
    from mcp import StdioServerParameters

    server = StdioServerParameters(
        command=sys.executable, args=["-m", "ui", "mcp", "--home", str(home)], env={"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    )
    return await called(server, calls)


def main() -> None:
    """Run the command."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(".griot")
    calls: Calls = [
        ("ask", {"question": QUESTION}), ("ask", {"question": "Quel est le prix du tungstène à Reykjavik ?"}),
        ("search", {"query": "coopération militaire", "k": 2}), ("read_article", {"article_id": "none"}), ("ask", {"question": 7}),
    ]  # fmt: skip
    names, told = anyio.run(talk, home, calls)
    print(f"tools: {', '.join(names)}")
    for (name, arguments), (failed, said) in zip(calls, told, strict=True):
        print(f"\n> {name} {arguments}\n< {'error: ' if failed else ''}{said[:_SHOWN]}{'…' if len(said) > _SHOWN else ''}")


if __name__ == "__main__":
    main()
