"""Cuts a data file into the bytes of its rows: lines of objects, or the elements of an array."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import msgspec

from .row_decoding import DECODE_ERRORS, MESSAGES_KEY, decode_row
from .row_files import Broken

_LONGEST_SPREAD = 1 << 20
_MOST_LINES = 10_000
_MOST_BRACKETS = 100
"""An object on several lines that is larger, or deeper, counts as that many broken lines."""
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"?')
"""A text, or the beginning of one that does not end: else each of its quotes would be tried."""


_Line = tuple[int, bytes]


class RawRow(NamedTuple):
    """The bytes of one row, not decoded yet."""

    number: int
    line: int
    content: bytes
    is_spread: bool = False
    """Whether it should stand on one line, and stands on several."""


def line_rows(file: BinaryIO) -> Iterator[RawRow]:
    """Give the rows of JSON lines, blank lines left out; an object on several lines is one row."""
    lines = enumerate(file, start=1)
    ahead: deque[_Line] = deque()
    number = 0
    while line := ahead.popleft() if ahead else next(lines, None):
        content = line[1].strip()
        if not content:
            continue
        number += 1
        further = 0
        if content[-1:] != b"}" and content[:1] == b"{":
            further = _further_lines(content, ahead, lines)
            rest = [ahead.popleft()[1] for _ in range(further)]
            content = b"\n".join([content, *rest]).strip()
        yield RawRow(number, line[0], content, further > 0)


def _further_lines(first: bytes, ahead: deque[_Line], lines: Iterator[_Line]) -> int:
    """Give how many lines more an object takes; 0 where it has no end, or is none.

    Lines are looked at as long as brackets are open and none begins a row of its own; they are
    added to *ahead* as they come from *lines*.
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
    """Give how many more brackets open than close, those within texts left aside."""
    bare = _TEXT.sub(b"", line)
    return bare.count(b"{") + bare.count(b"[") - bare.count(b"}") - bare.count(b"]")


def array_rows(content: bytes) -> Iterator[RawRow]:
    """Give the elements of an array; one that is no JSON is one row, at the line of its fault."""
    try:
        items = msgspec.json.decode(content, type=list[msgspec.Raw])
    except DECODE_ERRORS as error:
        line = content.count(b"\n", 0, _error_place(content, error)) + 1
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


def _error_place(content: bytes, error: Exception) -> int:
    named = str(error).rpartition("(byte ")[2].rstrip(")")
    return int(named) if named.isdigit() else len(content)
