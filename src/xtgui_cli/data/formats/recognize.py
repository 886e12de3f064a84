"""What a data file is, by its content: container, encoding, and the format of its rows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...shared.errors import Exit, XtguiError
from ..errors import FaultyDataError, MissingColumnError, NoRowsError
from .columns import mapping_of
from .data_format import COLUMN_NAMES, ColumnMapping
from .json_rows import BrokenJsonError, SourceRow, Unreadable, line_values, streamed_values
from .opening import MAX_LINE, LineTooLongError, Source, examine, lines, open_text
from .parquet_rows import parquet_rows
from .plain_text import TEXT, pieces
from .registry import Unclear, recognize_rows
from .tables import csv_rows, find_separator
from .turn_lists import OPENAI

_HEAD = 1 << 16
_SAMPLE_ROWS = 50
"""How many rows are used to recognize the format."""
_LINES_TRIED = 20
_TEXT_COLUMN = "text"
"""The column of a file of plain text."""
_TEXT_SUFFIXES = (".txt", ".text", ".md")
_ARRAY = re.compile(r"\[\s*(?:[\[{\"]|\]\s*$)")

Columns = Sequence[tuple[str, str]] | ColumnMapping
"""What the user says, (role, column), or what the catalogue knows about a dataset."""


@dataclass(frozen=True)
class RecognizedFile:
    """A file, and how to read it."""

    source: Source
    container: str
    """"jsonl", "json", "csv", "tsv", "parquet" or "txt"."""
    separator: str
    """What separates the cells of a table; empty for other files."""
    mapping: ColumnMapping | Unclear

    @property
    def format_name(self) -> str:
        """The format's name, as in JSON; "unclear" if it is not known."""
        return self.mapping.format if isinstance(self.mapping, ColumnMapping) else "unclear"


def recognize_file(path: Path, columns: Columns = ()) -> RecognizedFile:
    """Recognize one file; *columns*, if given, say which column is which.

    Raises:
        FaultyDataError: If its rows cannot be read; NoRowsError if there are none.
        MissingColumnError: If a column of `columns` is not there.
        XtguiError: Those of `examine`.
    """
    mapping: ColumnMapping | Unclear
    source = examine(path)
    container, separator = _container(source)
    if container == "txt":
        is_text = _plain_suffix(path) in _TEXT_SUFFIXES
        mapping = (
            ColumnMapping(TEXT.name, text=_TEXT_COLUMN) if is_text else Unclear((), is_text=True)
        )
        return RecognizedFile(source, container, separator, mapping)
    unread = RecognizedFile(source, container, separator, Unclear(()))
    values = [raw.value for raw in itertools.islice(read_rows(unread), _SAMPLE_ROWS)]
    if not values:
        raise NoRowsError("data.empty", Exit.ANSWERS, path=path)
    rows = [value for value in values if isinstance(value, dict)]
    if not rows:
        raise _nothing_read(path, values[0])
    mapping = recognize_rows(rows)
    if isinstance(columns, ColumnMapping):
        _require_columns(path, columns.columns, rows)
        mapping = columns
    elif columns:
        _require_columns(path, [column for _role, column in columns], rows)
        mapping = mapping_of(columns)
    return RecognizedFile(source, container, separator, mapping)


def is_ready(path: Path) -> bool:
    """Return whether xtuner reads a file as it is, or was meant to: OpenAI messages.

    Also True for a broken file whose faults the data checker reports better than a reader can.
    """
    if path.is_dir():
        return False
    try:
        file = recognize_file(path)
    except FaultyDataError:
        return True
    except XtguiError:
        return False
    source, mapping = file.source, file.mapping
    if isinstance(mapping, Unclear):
        is_json = path.suffix.lower() in (".json", ".jsonl")
        return "messages" in mapping.columns or (is_json and mapping.is_text)
    is_plain = source.encoding in ("utf-8", "utf-8-sig") and not source.is_gzip
    is_right = mapping == ColumnMapping(OPENAI.name, turns="messages")
    return is_plain and is_right and _stands_open(file)


def _stands_open(file: RecognizedFile) -> bool:
    """Return whether the rows are lines or a bare array, not in an object or spread over lines."""
    with open_text(file.source) as text:
        if file.container == "jsonl":
            first = next(line_values(text)).value
            return isinstance(first, dict) and "messages" in first
        return text.read(_HEAD).lstrip("\ufeff \t\r\n").startswith("[")


def _nothing_read(path: Path, first: Any) -> FaultyDataError:
    if isinstance(first, Unreadable) and first.line:
        return FaultyDataError(
            "formats.broken_json", Exit.ANSWERS, path=path, line=first.line, near=first.near
        )
    return NoRowsError("formats.no_objects", Exit.ANSWERS, path=path)


def read_rows(file: RecognizedFile) -> Iterator[SourceRow]:
    """Yield the rows of a file one at a time, the unreadable ones too.

    Raises:
        FaultyDataError: If the file turns out to be broken; also the errors of `open_text`.
    """
    path = file.source.path
    if file.container == "parquet":
        yield from parquet_rows(file.source)
        return
    try:
        with open_text(file.source) as text:
            if file.container == "jsonl":
                yield from _unwrapped(line_values(text))
            elif file.container == "json":
                yield from _unwrapped(streamed_values(text))
            elif file.container == "txt":
                found = enumerate(pieces(lines(text)), start=1)
                yield from (SourceRow(number, {_TEXT_COLUMN: piece}) for number, piece in found)
            else:
                yield from csv_rows(text, file.separator)
    except BrokenJsonError as error:
        raise FaultyDataError(
            "formats.broken_json", Exit.ANSWERS, path=path, line=error.line, near=error.near
        ) from None
    except LineTooLongError:
        raise FaultyDataError(
            "formats.too_long", Exit.ANSWERS, path=path, limit_mib=MAX_LINE >> 20
        ) from None


def _unwrapped(values: Iterator[SourceRow]) -> Iterator[SourceRow]:
    """Yield the rows of {"data": [row, row]} if a file is only such an object."""
    first = next(values, None)
    if first is None:
        return
    second = next(values, None)
    inner = _rows_within(first.value) if second is None else None
    if inner is not None:
        yield from (SourceRow(number, value) for number, value in enumerate(inner, start=1))
        return
    yield first
    if second is not None:
        yield second
    yield from values


def _rows_within(value: Any) -> Sequence[Any] | None:
    if not isinstance(value, dict) or isinstance(recognize_rows([value]), ColumnMapping):
        return None
    lists = [item for item in value.values() if isinstance(item, list) and item]
    if len(lists) == 1 and all(isinstance(item, dict) for item in lists[0]):
        return lists[0]
    return None


def _container(source: Source) -> tuple[str, str]:
    if source.is_parquet:
        return "parquet", ""
    with open_text(source) as text:
        head = text.read(_HEAD)
        if not head.strip("\ufeff \t\r\n"):
            raise NoRowsError("data.empty", Exit.ANSWERS, path=source.path)
        first_line = head.lstrip("\ufeff \t\r\n")
        if first_line.startswith("{") and "\n" not in first_line:
            head += text.readline(MAX_LINE)
    if _ARRAY.match(first_line):
        return "json", ""
    if _has_a_row_a_line(head):  # perhaps after a line that is not
        return "jsonl", ""
    if first_line.startswith("{"):
        return "json", ""
    whole_lines = head if len(head) < _HEAD else head[: head.rfind("\n") + 1]
    separator = find_separator(whole_lines.lstrip("\ufeff"), COLUMN_NAMES)
    if separator is None:
        return "txt", ""
    return ("tsv" if separator == "\t" else "csv"), separator


def _plain_suffix(path: Path) -> str:
    """Return the suffix of a name, for a packed file that of the unpacked one."""
    name = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return name.suffix.lower()


def _has_a_row_a_line(head: str) -> bool:
    """Return whether one of the first lines is an object; nested ones are indented."""
    import msgspec

    for line in head.lstrip("\ufeff \t\r\n").split("\n")[:_LINES_TRIED]:
        if not line.startswith("{"):
            continue
        try:
            msgspec.json.decode(line)
        except (msgspec.DecodeError, ValueError, RecursionError):
            continue
        return True
    return False


def _require_columns(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    there = dict.fromkeys(str(name) for row in rows for name in row)
    for column in columns:
        if column not in there:
            raise MissingColumnError(
                "formats.no_column",
                Exit.ANSWERS,
                path=path,
                column=column,
                columns=", ".join(there),
            )
