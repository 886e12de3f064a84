"""The rows of a JSON lines or JSON array file: their bytes and line numbers, decoded on demand."""

from __future__ import annotations

import codecs
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import msgspec

from ..shared.errors import Exit
from ..shared.regular_file import open_regular
from .errors import NotUtf8Error, explained

DECODE_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
MESSAGES_KEY = b'"messages"'
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LONGEST_ROW = 16 << 20
"""Bytes of a row that is read: anything longer is not a row, or not intended."""
_HEAD = 65536
_NEAR = 40
"""How many bytes of a broken row are shown."""
_NEAR_END = 24
"""How many if the end of a row is shown: it must not be cut off on the screen."""
_PLACE = re.compile(r"\(byte (\d+)\)")
_LONGEST_SPREAD = 1 << 20
_MOST_LINES = 10_000
_MOST_BRACKETS = 100
"""A larger or deeper object on several lines counts as that many broken lines."""
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"?')
"""A text, or the beginning of an unterminated one: otherwise each of its quotes would be tried."""

_Line = tuple[int, bytes]


@dataclass(frozen=True)
class Broken:
    """Replaces a row that is not JSON."""

    code: str
    """A fault of `row_faults`: "broken_json", "cut_json", "deep_json", "broken_utf8" or
    "long_row"."""
    near: str
    """The text from where it stops being JSON; for a row that is cut off its end, for one that is
    too deep or too long its beginning."""
    encoding: str = ""
    """The likely encoding of bytes that are not UTF-8, "?" if unknown; "" for all others."""
    lines_before: int = 0
    """Number of line breaks in the row before such bytes."""


class RawRow(NamedTuple):
    """The bytes of one row, not decoded yet."""

    number: int
    """From 1, blank lines not counted: xtuner's own order."""
    line: int
    """Where the row begins in the file, from 1."""
    content: bytes
    """For a row that is longer than LONGEST_ROW, a beginning that is too."""
    is_spread: bool = False
    """Whether it should be on one line but is on several."""


@dataclass(frozen=True)
class RowFile:
    """A text file of rows, its layout recognized by its first bytes."""

    path: Path
    bytes: int
    has_bom: bool
    format: Literal["lines", "array"]

    def rows(self) -> Iterator[RawRow]:
        """Yield the rows; lines are read one by one, an array completely.

        An array that is not JSON is one row, at the line of its fault.
        """
        with explained(self.path), open_regular(self.path) as file:
            file.seek(len(codecs.BOM_UTF8) if self.has_bom else 0)
            yield from _array_rows(file.read()) if self.format == "array" else line_rows(file)


def open_row_file(path: Path) -> RowFile:
    """Recognize the layout of a file of rows by its first bytes.

    Raises:
        FaultyDataError: If it cannot be opened.
        NotUtf8Error: If it is not UTF-8 text at all.
    """
    with explained(path):
        with open_regular(path) as file:
            head = file.read(_HEAD)
        size = path.stat().st_size
    if head.startswith(_UTF16_MARKS):
        raise NotUtf8Error("data.encoding", Exit.ANSWERS, path=path, line=1, guess="UTF-16")
    if b"\0" in head:
        raise NotUtf8Error("data.binary", Exit.ANSWERS, path=path)
    has_bom = head.startswith(codecs.BOM_UTF8)
    is_array = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"["
    return RowFile(path, size, has_bom, "array" if is_array else "lines")


def line_rows(file: BinaryIO) -> Iterator[RawRow]:
    """Yield the rows of JSON lines without blank lines; an object on several lines is one row."""
    lines = enumerate(_bounded_lines(file), start=1)
    ahead: deque[_Line] = deque()
    number = 0
    while line := ahead.popleft() if ahead else next(lines, None):
        is_whole = not is_too_long(line[1])
        content = line[1].strip() if is_whole else line[1]
        if not content:
            continue
        number += 1
        further = 0
        if is_whole and content[-1:] != b"}" and content[:1] == b"{":
            further = _further_lines(content, ahead, lines)
            rest = [ahead.popleft()[1] for _ in range(further)]
            content = b"\n".join([content, *rest]).strip()
        yield RawRow(number, line[0], content, further > 0)


def _bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file without their ends; only the beginning of one that is too long."""
    while line := file.readline(LONGEST_ROW + 1):
        yield line.removesuffix(b"\n")
        while line and not line.endswith(b"\n"):
            line = file.readline(_HEAD)


def _further_lines(first: bytes, ahead: deque[_Line], lines: Iterator[_Line]) -> int:
    """Return how many more lines an object takes; 0 if it has no end, or is not an object.

    Lines are read as long as brackets are open and none begins a new row; they are added to *ahead*
    as they come from *lines*.
    """
    taken, size, opened = [first], len(first), _open_brackets(first)
    while 0 < opened <= _MOST_BRACKETS and size <= _LONGEST_SPREAD and len(taken) <= _MOST_LINES:
        if len(taken) > len(ahead):
            line = next(lines, None)
            if line is None:
                return 0
            ahead.append(line)
        content = ahead[len(taken) - 1][1]
        if content.lstrip()[:1] == b"{" and MESSAGES_KEY in content:
            return 0
        taken.append(content)
        size, opened = size + len(content), opened + _open_brackets(content)
    whole = b"\n".join(taken).strip().rstrip(b",")
    return 0 if opened or isinstance(decode_row(whole), Broken) else len(taken) - 1


def _open_brackets(line: bytes) -> int:
    """Return the number of opening minus closing brackets, outside of texts."""
    bare = _TEXT.sub(b"", line)
    return bare.count(b"{") + bare.count(b"[") - bare.count(b"}") - bare.count(b"]")


def _array_rows(content: bytes) -> Iterator[RawRow]:
    try:
        items = msgspec.json.decode(content, type=list[msgspec.Raw])
    except DECODE_ERRORS as error:
        line = content.count(b"\n", 0, _place_of_error(content, error)) + 1
        yield RawRow(1, line, content)
        return
    line, position = 1, 0
    for number, item in enumerate(items, start=1):
        raw = bytes(item)
        begin = content.index(raw, position)
        line += content.count(b"\n", position, begin)
        yield RawRow(number, line, raw)
        line += raw.count(b"\n")
        position = begin + len(raw)


# --- decoding ------------------------------------------------------------------------------------


def is_too_long(content: bytes) -> bool:
    """Return whether a row is longer than any that is read."""
    return len(content) > LONGEST_ROW


def decode_row(content: bytes) -> Any:
    """Return the JSON value of a row's bytes, or `Broken`."""
    if is_too_long(content):
        return Broken("long_row", _on_one_line(content[:_NEAR]))
    try:
        return msgspec.json.decode(content)
    except DECODE_ERRORS as error:
        return _broken(content, error)


def _broken(content: bytes, error: Exception) -> Broken:
    """Return the message for bytes that msgspec could not decode, from its error."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        return _not_utf8(content, fault.start)
    place = _place_of_error(content, error)
    after, before = content[place : place + _NEAR], content[:place][-_NEAR:]
    if isinstance(error, RecursionError):
        return Broken("deep_json", _on_one_line(content[:_NEAR]))
    if not after.strip():
        return Broken("cut_json", _on_one_line(before.rstrip()[-_NEAR_END:]))
    return Broken("broken_json", _on_one_line(after))


def _not_utf8(content: bytes, place: int) -> Broken:
    before = content[max(place - 20, 0) : place].decode("utf-8", "ignore")
    broken_bytes = content[place : place + 2].decode("utf-8", "backslashreplace")
    try:
        content.decode("gb18030")
        encoding = "GB18030"
    except UnicodeDecodeError:
        encoding = "?"
    return Broken("broken_utf8", before + broken_bytes, encoding, content.count(b"\n", 0, place))


def _place_of_error(content: bytes, error: Exception) -> int:
    """Return the byte that msgspec names in its message, or the end.

    For anything after a complete value, msgspec names the byte after its first.
    """
    named = _PLACE.search(str(error))
    if named is None:
        return len(content)
    return int(named[1]) - ("trailing characters" in str(error))


def _on_one_line(content: bytes) -> str:
    return " ".join(content.decode("utf-8", "ignore").split())


def has_messages_twice(content: bytes) -> bool:
    """Return whether a row that is valid JSON has "messages" twice: datasets mixes up the two."""
    if content.count(MESSAGES_KEY) < 2:
        return False
    outermost: list[str] = []

    def take(pairs: list[tuple[str, Any]]) -> None:
        outermost[:] = [name for name, _ in pairs]

    try:
        json.loads(content, object_pairs_hook=take)  # called for the outermost object last
    except RecursionError:
        return False
    return outermost.count("messages") > 1
