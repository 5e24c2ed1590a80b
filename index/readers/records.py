"""JSON, JSON lines and tables of articles: one record, one article."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from index.document import Document, Unread
from index.errors import ArticleError
from index.readers.columns import NAMES, folded_name, record_article
from index.readers.decode import decode
from index.readers.lines import TextLine, text_lines
from index.readers.part import Context, Found, Part

_LISTS: Final = 4
"""How deep a list of articles is looked for within an object: {"response": {"hits": {"hits": [...]}}}."""
_HEADER: Final = 100_000
_DELIMITERS: Final = (";", ",", "\t", "|")


def read_json_lines(part: Part, context: Context) -> Found:
    """An article for each line of a .jsonl file. Without an id of its own a record is named by its line."""
    with part.open() as stream:
        for line in text_lines(stream, context.budget, context.limits.article):
            if not line.problem and not line.text.strip():
                continue
            if not context.walk.takes(str(line.number)):
                continue
            if line.problem:
                yield Unread(record=str(line.number), reason=line.problem)
                continue
            try:
                value = json.loads(line.text)
            except (ValueError, RecursionError) as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else "too deep or too large a number"
                yield Unread(record=str(line.number), reason=f"line {line.number} is not JSON ({reason}); write one object a line")
                continue
            yield read_record(value, str(line.number), f"line {line.number}", context)


def read_json(part: Part, context: Context) -> Found:
    """The articles of a .json file: a list of objects, an object that holds one, or one object that is an article."""
    text = decode(part.read(context.limits.json, "JSON too large to read at once", "save it as one object a line (.jsonl)")).lstrip(
        "\ufeff"
    )
    context.budget.spend(len(text))
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":
            # JSON lines under the name of JSON, as many tools write them.
            yield from read_json_lines(part, context)
            return
        where = f" at line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else ": too deep, or a number too long"
        raise ArticleError(f"not valid JSON{where}; repair it, or save it as one object a line in a .jsonl file") from error
    records = find_records(content, context.columns)
    if records is None:
        if not isinstance(content, dict):
            raise ArticleError("JSON without a list of objects; write a list of articles, or one object a line in a .jsonl file")
        if context.walk.takes(part.name):
            yield read_record(content, "", "the object", context)
        return
    for number, record in enumerate(records, start=1):
        if not part.depth:
            context.walk.at(number / len(records))
        if context.walk.takes(str(number)):
            yield read_record(record, str(number), f"record {number}", context)


def find_records(content: Any, columns: Mapping[str, str]) -> Sequence[Any] | None:
    """The list of articles in `content`: itself, or the list within whose records most often hold a text; None where an object
    is one article."""
    if isinstance(content, list):
        return content
    if not isinstance(content, dict) or _has_text(content, columns):
        return None
    level: list[Any] = [content]
    for _ in range(_LISTS):
        inner = [value for item in level for value in item.values()]
        lists = [value for value in inner if isinstance(value, list) and any(isinstance(record, dict) for record in value)]
        if lists:
            return max(lists, key=lambda records: sum(_has_text(record, columns) for record in records[:1000]))
        level = [value for value in inner if isinstance(value, dict)][:1000]
    return None


def _has_text(record: Any, columns: Mapping[str, str]) -> bool:
    if not isinstance(record, dict):
        return False
    names = {folded_name(name) for name, value in record.items() if isinstance(value, (str, dict)) or name in columns.values()}
    wanted = {folded_name(columns["text"])} if "text" in columns else set(NAMES["text"])
    return bool(names & wanted) or _has_text(record.get("_source"), columns)


def read_record(value: Any, number: str, place: str, context: Context) -> Document | Unread:
    """A record as an article, named by its id or else by `number`; `place` is for the message where it is none."""
    if not isinstance(value, dict):
        return Unread(record=number, reason=f"{place} is not an object with named fields")
    source = value.get("_source")
    if isinstance(source, dict):
        # A dump of Elasticsearch: the article within its envelope.
        value = {**{name: item for name, item in value.items() if name == "_id"}, **source}
    try:
        found = record_article(value, context.columns, context.limits)
    except ArticleError as error:
        return Unread(record=number, reason=f"{place}: {error}")
    return found if found.record else replace(found, record=number)


def read_table(part: Part, context: Context) -> Found:
    """An article for each row of a .csv or .tsv file, whose first row names the columns."""
    # A limit of the csv module for the whole process; it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), context.limits.article))
    with part.open() as stream:
        lines = text_lines(stream, context.budget, context.limits.article)
        first = next((line for line in lines if line.text.strip()), None)
        if first is None:
            raise ArticleError("the file is empty")
        if len(first.text) > _HEADER:
            raise ArticleError(f"a first row of {len(first.text):,} characters names no columns; name them there")
        source = _Rows(first, lines, context.limits.article)
        # A stray quotation mark in the first row must not decide for all.
        delimiter = "\t" if part.suffix == ".tsv" else _delimiter(first.text)
        rows = csv.reader(source, delimiter=delimiter, strict=True)
        try:
            header = next(rows, [])
        except csv.Error as error:
            raise ArticleError(f"its first row cannot be read ({error}); save the table again as CSV in UTF-8") from error
        known = {name for names in NAMES.values() for name in names} | {folded_name(name) for name in context.columns.values()}
        if not any(folded_name(name) in known for name in header):
            raise ArticleError(f"no known column in the first row ({', '.join(name[:40] for name in header[:20])}); name the columns there")
        yield from _rows(rows, header, source, context)


def _rows(rows: Iterator[list[str]], header: Sequence[str], source: "_Rows", context: Context) -> Found:
    while True:
        begin = source.number + 1
        source.begin()
        try:
            row = next(rows, None)
        except csv.Error as error:
            if context.walk.takes(str(begin)):
                reason = f"the row at line {begin} is not closed or damaged ({error}); check its quotation marks"
                yield Unread(record=str(begin), reason=reason)
            continue
        if row is None:
            return
        if not (source.problem or any(cell.strip() for cell in row)) or not context.walk.takes(str(begin)):
            continue
        if source.problem:
            yield Unread(record=str(begin), reason=f"the row at line {begin}: {source.problem}")
        elif len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            yield Unread(
                record=str(begin), reason=f"the row at line {begin} has {len(row)} cells for {len(header)} columns; quote its text"
            )
        else:
            yield read_record(dict(zip(header, row, strict=False)), str(begin), f"the row at line {begin}", context)


def _delimiter(header: str) -> str:
    """The delimiter that parts the first row into most known columns."""

    def known(delimiter: str) -> tuple[int, int]:
        names = [folded_name(name) for name in header.strip().split(delimiter)]
        return sum(name in column for name in names for column in NAMES.values()), len(names)

    return max(_DELIMITERS, key=known)


class _Rows:
    """The lines of a table for the csv module, which asks for as many as a row with quoted line breaks has."""

    def __init__(self, first: TextLine, lines: Iterator[TextLine], limit: int) -> None:
        self._first: TextLine | None = first
        self._lines = lines
        self._limit = limit
        self.number = first.number - 1
        self.begin()

    def begin(self) -> None:
        """A new row begins."""
        self.problem: str | None = None
        self._size = 0

    def __iter__(self) -> "_Rows":
        return self

    def __next__(self) -> str:
        line = self._first or next(self._lines)
        self._first = None
        self.number = line.number
        self.problem = self.problem or line.problem
        self._size += len(line.text)
        if self._size > self._limit:
            raise csv.Error(f"more than {self._limit:,} characters")
        # The csv module refuses NUL no longer, but no text has one.
        return line.text.replace("\0", "")
