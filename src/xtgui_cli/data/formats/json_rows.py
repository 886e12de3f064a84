"""The values of a JSON file, one by one: JSON lines, an array, or consecutive values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from .opening import MAX_LINE, LineTooLongError, lines

_CHUNK = 1 << 16
_BETWEEN = re.compile(r"[\s,\ufeff]*")
_NEAR = 40


@dataclass(frozen=True)
class SourceRow:
    """One row as it is in the file."""

    number: int
    """From 1 within its file, blank lines not counted."""
    value: Any
    """The value, or `Unreadable`."""


@dataclass(frozen=True)
class Unreadable:
    """Replaces a row that could not be read."""

    reason: str
    """Key of the sentence that says why."""
    line: int = 0
    """Line of the fault, from 1; 0 if that is not known."""
    near: str = ""
    """The text from there on."""


class BrokenJsonError(Exception):
    """A value is broken, and it is uncertain where the next one begins."""

    def __init__(self, line: int, near: str) -> None:
        super().__init__(line, near)
        self.line, self.near = line, near


def line_values(text: TextIO) -> Iterator[SourceRow]:
    """Yield the value of each line; a line that is not JSON is `Unreadable`."""
    import msgspec

    decode = msgspec.json.Decoder().decode
    number = 0
    for line_number, line in enumerate(lines(text), start=1):
        stripped = line.strip("\ufeff \t\r\n")
        if not stripped:
            continue
        number += 1
        value: Any
        try:
            value = decode(stripped)
        except RecursionError:
            value = Unreadable("formats.out_deep", line_number, stripped[:_NEAR])
        except (msgspec.DecodeError, ValueError):
            value = Unreadable("formats.out_json", line_number, stripped[:_NEAR])
        yield SourceRow(number, value)


def streamed_values(text: TextIO) -> Iterator[SourceRow]:
    """Yield the elements of an array, or consecutive values, with only a few in memory.

    A broken one is `Unreadable` if the next begins on a separate line with the same indentation.

    Raises:
        BrokenJsonError: If the text is not JSON.
        LineTooLongError: If a line or a value is too long.
    """
    window = _Window(text)
    window.skip()
    is_array = window.peek() == "["
    if is_array:
        window.at += 1
    number = 0
    while True:
        window.skip()
        if window.peek() in ("", "]"):
            break
        number += 1
        try:
            value = window.value()
        except BrokenJsonError as error:
            if not window.go_to_next():
                raise
            value = Unreadable("formats.out_json", error.line, error.near)
        yield SourceRow(number, value)
    if is_array and window.peek() == "]":
        window.at += 1
        window.skip()
        is_array = False
    if is_array or window.peek():
        raise window.broken(window.at)


class _Window:
    """The part of a text that is being read."""

    def __init__(self, text: TextIO) -> None:
        self._text, self._buffer, self._ended = text, "", False
        self._decode = json.JSONDecoder().raw_decode
        self._gap = "\n"
        self.at = 0
        self.line = 1

    def _more(self) -> bool:
        """Read as much again as is there, so that a long value is scanned only a few times."""
        self._drop_read()
        if len(self._buffer) > MAX_LINE:
            raise LineTooLongError
        piece = self._text.read(max(_CHUNK, len(self._buffer)))
        self._ended = not piece
        self._buffer += piece
        return bool(piece)

    def _drop_read(self) -> None:
        self.line += self._buffer.count("\n", 0, self.at)
        self._buffer, self.at = self._buffer[self.at :], 0

    def skip(self) -> None:
        """Go to the next value."""
        self._gap = "" if self._buffer else "\n"
        while True:
            begin = self.at
            found = _BETWEEN.match(self._buffer, begin)
            self.at = found.end() if found else begin
            self._gap += self._buffer[begin : self.at]
            if self.at < len(self._buffer) or not self._more():
                return

    def peek(self) -> str:
        """Return the next character; "" at the end."""
        return self._buffer[self.at : self.at + 1]

    def value(self) -> Any:
        """Return the next value and move past it."""
        while True:
            try:
                value, end = self._decode(self._buffer, self.at)
            except RecursionError:
                raise self.broken(self.at) from None
            except json.JSONDecodeError as error:
                if self._is_cut_off(error):
                    self._more()  # moves the content: this error's position is no longer right
                    continue
                raise self.broken(error.pos) from None
            except ValueError:  # a number of more than 4,300 digits
                raise self.broken(self.at) from None
            if end == len(self._buffer) and not self._ended and self._more():
                continue
            self.at = end
            if self.at > _CHUNK * 16:
                self._drop_read()
            return value

    def go_to_next(self) -> bool:
        """Move from a broken value to the next one, or to the array's end; False if that is unsure.

        It is sure of a line that begins as the broken value's line did, if all lines between are
        indented deeper or only close brackets: inside a value with such a layout, no line looks the
        same.
        """
        _, has_own_line, indent = self._gap.rpartition("\n")
        if not has_own_line or indent.strip(" \t"):
            return False
        next_value = re.compile(rf"\n{indent}(?=\{{)|\n[ \t]*(?=\]\s*\Z)")
        while not (found := next_value.search(self._buffer, self.at + 1)) and self._more():
            pass
        if found is None or (found[0] != f"\n{indent}" and self._more()):
            return False
        between = self._buffer[self.at : found.start()].split("\n")[1:]
        if any(re.match(rf"{indent}[^\s\]}}]", line) for line in between):
            return False
        self.at = found.start()
        return True

    def _is_cut_off(self, error: json.JSONDecodeError) -> bool:
        """Return whether more text may fix the error."""
        if self._ended:
            return False
        return error.msg.startswith("Unterminated") or error.pos > len(self._buffer) - 16

    def broken(self, at: int) -> BrokenJsonError:
        line = self.line + self._buffer.count("\n", 0, at)
        return BrokenJsonError(line, " ".join(self._buffer[at : at + _NEAR].split()))
