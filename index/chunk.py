"""Article text to passages: whole sentences, about 600 characters, exact offsets (langchain-text-splitters)."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from index.article import Span
from index.errors import GriotError

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

SIZE: Final = 600
"""Greatest length of a passage in characters: three to five sentences of the press, and under the 256 word pieces
that the smallest common models read."""
VERSION: Final = "sentences-600"
"""Names this way of chunking in the manifest; an index made another way is rebuilt."""

# Marks the end of a sentence for the splitter. It takes the place of one white-space character,
# so every offset stays what it was, and it cannot be in a cleaned text.
_MARK: Final = "\x1e"


def chunk(text: str, sentences: Sequence[Span]) -> list[Span]:
    """Spans of the passages of `text`, in order, none overlapping; together they hold every one of its `sentences`.

    A sentence is only cut when it is longer than `SIZE` by itself, and then at a space if it has one.
    """
    marked = _marked(text, sentences)
    spans: list[Span] = []
    for piece in _splitter().split_text(marked):
        content = piece.strip(_MARK + " \n\t")
        if not content:
            continue
        start = marked.find(content, spans[-1][1] if spans else 0)
        if start < 0:
            raise GriotError("the splitter changed the text it was given; report this with the article")
        spans.append((start, start + len(content)))
    return spans


@cache
def _splitter() -> "RecursiveCharacterTextSplitter":
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(separators=[_MARK, " ", ""], chunk_size=SIZE, chunk_overlap=0, strip_whitespace=True)


def _marked(text: str, sentences: Sequence[Span]) -> str:
    """`text` with one white-space character after each sentence replaced by the mark."""
    pieces: list[str] = []
    last = 0
    for _, end in sentences:
        if end < len(text) and text[end].isspace():
            pieces += [text[last:end], _MARK]
            last = end + 1
    return "".join(pieces) + text[last:]
