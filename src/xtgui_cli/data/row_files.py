"""Gives the rows of a JSON lines or JSON array file with their line numbers, one at a time."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..shared.errors import Exit, XtguiError

_MARKS = ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))
_HEAD = 65536
_NEAR = 40
"""How many bytes of a broken row are shown."""
_NEAR_END = 24
"""How many where the end of a row is shown: it must not be cut off on the screen."""
_PLACE = re.compile(r"\(byte (\d+)\)")


@dataclass(frozen=True)
class Broken:
    """Stands for a row that is no JSON."""

    code: str
    """"data.broken_json", "data.cut_json" or "data.deep_json"."""
    near: str
    """The text from where it stops being JSON; for a row that is cut off, its end."""


@dataclass(frozen=True)
class Row:
    """One row: any JSON value, or `Broken`."""

    number: int
    """From 1, blank lines not counted: xtuner's own order."""
    line: int
    """From 1, where the row begins in the file."""
    value: Any


def read_values(path: Path) -> Iterator[Row]:
    """Give the rows of a file; lines are read one by one, an array as a whole.

    Raises — XtguiError "data.missing", "data.folder", "data.not_readable", "data.encoding".
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            require_text(path, head)
            first = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
            file.seek(0)
            if first == b"[":
                yield from _array_rows(path, file.read())
            else:
                yield from _lines(path, file)
    except FileNotFoundError:
        raise XtguiError("data.missing", Exit.ANSWERS, path=path) from None
    except IsADirectoryError:
        raise XtguiError("data.folder", Exit.ANSWERS, path=path) from None
    except OSError as error:
        raise XtguiError(
            "data.not_readable", Exit.ANSWERS, path=path, reason=error.strerror
        ) from None


def require_text(path: Path, head: bytes) -> None:
    """Raise "data.encoding" or "data.binary" where the head of a file is no UTF-8 text."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            raise XtguiError("data.encoding", Exit.ANSWERS, path=path, line=1, guess=name)
    if b"\0" in head:
        raise XtguiError("data.binary", Exit.ANSWERS, path=path)


def _lines(path: Path, file: Any) -> Iterator[Row]:
    import msgspec

    decode = msgspec.json.Decoder().decode
    number = 0
    for line_number, line in enumerate(file, start=1):
        if line_number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if not line.strip():
            continue
        number += 1
        try:
            value = decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            _require_utf8(path, line, line_number)
            value = broken(line, error)
        yield Row(number, line_number, value)


def _array_rows(path: Path, content: bytes) -> Iterator[Row]:
    import msgspec

    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        items = msgspec.json.decode(content, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        _require_utf8(path, content, 1)
        line = content.count(b"\n", 0, _place_of_error(content, error)) + 1
        yield Row(1, line, broken(content, error))
        return
    decode = msgspec.json.Decoder().decode
    line, position = 1, 0
    for number, item in enumerate(items, start=1):
        raw = bytes(item)
        begin = content.index(raw, position)
        line += content.count(b"\n", position, begin)
        try:
            value = decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            _require_utf8(path, raw, line)
            value = broken(raw, error)
        yield Row(number, line, value)
        line += raw.count(b"\n")
        position = begin + len(raw)


def broken(content: bytes, error: Exception) -> Broken:
    """Give what to say of bytes that msgspec could not decode, from its error."""
    place = _place_of_error(content, error)
    after, before = content[place : place + _NEAR], content[:place][-_NEAR:]
    if isinstance(error, RecursionError):
        return Broken("data.deep_json", _on_one_line(content[:_NEAR]))
    if not after.strip():
        return Broken("data.cut_json", _on_one_line(before.rstrip()[-_NEAR_END:]))
    return Broken("data.broken_json", _on_one_line(after))


def _place_of_error(content: bytes, error: Exception) -> int:
    """Give the byte that msgspec names in its message, else the end.

    What stands after a complete value it names by the byte behind its first.
    """
    named = _PLACE.search(str(error))
    if named is None:
        return len(content)
    return int(named[1]) - ("trailing characters" in str(error))


def _on_one_line(content: bytes) -> str:
    return " ".join(content.decode("utf-8", "ignore").split())


def _require_utf8(path: Path, content: bytes, line: int) -> None:
    """Raise "data.encoding" where bytes are no UTF-8: xtuner would stop, or garble them."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line += content.count(b"\n", 0, error.start)
        raise XtguiError(
            "data.encoding", Exit.ANSWERS, path=path, line=line, guess=guess_encoding(content)
        ) from None


def guess_encoding(content: bytes) -> str:
    """Give the likely encoding of bytes that are no UTF-8, or "?"."""
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "?"
    return "GB18030"
