"""The words of a Word file's paragraphs, in their order: what python-docx leaves out of them included.

It gives the text of the runs right in a paragraph and its links, and of a text broken by an entity only what stands before. Words that were
inserted with changes tracked, in content controls, fields, smart tags and text boxes are read on the page like all others.
"""

import html
from collections.abc import Iterator
from typing import Any, Final

_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
PARAGRAPH: Final = f"{_WORD}p"
TABLE: Final = f"{_WORD}tbl"
_TEXT: Final = f"{_WORD}t"
_SYMBOL: Final = f"{_WORD}sym"
_BOX: Final = f"{_WORD}txbxContent"
_CONTROL: Final = f"{_WORD}sdt"
_AROUND: Final = frozenset(f"{_WORD}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"))
"""What may stand around whole paragraphs."""
_INSTEAD: Final = {f"{_WORD}{name}": text for name, text in {"tab": " ", "ptab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}.items()}
_LEFT_OUT: Final = frozenset((*(f"{_WORD}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "rt", "txbxContent")), _FALLBACK))
"""What is not read as part of its paragraph: deleted or moved away, settings, readings beside characters, boxes, and the second
version of what older programs cannot show."""
_LONGEST: Final = 1_000
"""Characters of an entity; it stands for a character or a word."""


def blocks(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables in an element, in order; those of a text box after the paragraph that it is fixed to."""
    for child in parent:
        if child.tag in (PARAGRAPH, TABLE):
            yield child
        if child.tag == PARAGRAPH:
            for box in _boxes(child):
                yield from blocks(box)
        elif child.tag in _AROUND and not _is_contents(child):
            yield from blocks(child)


def words(paragraph: Any) -> str:
    """The text of a paragraph on one line."""
    return " ".join("".join(_pieces(paragraph)).split())


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _TEXT:
            yield _letters(child)
        elif child.tag == _SYMBOL:
            yield _symbol(child)
        elif child.tag in _INSTEAD:
            yield _INSTEAD[child.tag]
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _pieces(child)


def _letters(text: Any) -> str:
    return (text.text or "") + "".join(f"{_entity(child)}{child.tail or ''}" for child in text)


def _entity(child: Any) -> str:
    """What an entity stands for, as HTML has it or the file says itself; nothing for one that lies elsewhere, which is not opened."""
    from lxml import etree

    if child.tag is not etree.Entity:
        return ""
    named: str = child.text
    if (known := html.unescape(named)) != named:
        return known
    declared = child.getroottree().docinfo.internalDTD
    values = (entity.content for entity in (declared.iterentities() if declared is not None else ()) if f"&{entity.name};" == named)
    value: str = next(values, None) or ""
    return value if len(value) <= _LONGEST and not set("&<") & set(value) else ""


def _symbol(child: Any) -> str:
    """A character given by its number; those of fonts of pictures have none of their own."""
    try:
        code = int(child.get(f"{_WORD}char") or "", 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= code <= 0xF8FF or code > 0xFFFF else html.unescape(f"&#{code};")


def _boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes fixed to a paragraph, without those within each other and the second versions of those for older programs."""
    for child in paragraph:
        if child.tag == _BOX:
            yield child
        elif isinstance(child.tag, str) and child.tag != _FALLBACK:
            yield from _boxes(child)


def _is_contents(control: Any) -> bool:
    """Whether a content control is the table of contents, which repeats headings."""
    if control.tag != _CONTROL:
        return False
    galleries = control.iterfind(f"{_WORD}sdtPr/{_WORD}docPartObj/{_WORD}docPartGallery")
    return any("contents" in (gallery.get(f"{_WORD}val") or "").lower() for gallery in galleries)
