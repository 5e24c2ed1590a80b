"""Reading a file that a test has just written."""

from collections.abc import Mapping
from pathlib import Path

from index.document import Document, Unread
from index.read import Limits, read_documents


def read(
    folder: Path, name: str, data: bytes, limits: Limits | None = None, columns: Mapping[str, str] | None = None
) -> list[Document | Unread]:
    """All that a file of this name and content gives."""
    path = folder / name
    path.write_bytes(data)
    return list(read_documents(path, limits, columns))


def texts(found: list[Document | Unread]) -> dict[str, str]:
    """The texts read, by record."""
    return {item.record: item.text for item in found if isinstance(item, Document)}


def reasons(found: list[Document | Unread]) -> dict[str, str]:
    """Why the others were not, by record."""
    return {item.record: item.reason for item in found if isinstance(item, Unread)}
