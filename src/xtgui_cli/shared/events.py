"""The engine's messages: one JSON object per line, appended to a file that may grow for days.

It is a file and not a pipe: training must not stop because nobody is watching. JSON has no NaN, and
a diverged loss matters, so numbers that are not finite are written as the strings "nan", "inf" and
"-inf"; `json_values.number` turns them into floats again.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from . import json_values
from .own_files import open_own
from .regular_file import NotRegularError, open_regular
from .spare_event import SpareEvent, read_spare

Event = dict[str, Any]

_BLOCK = 1 << 20
LONGEST_LINE = 16 << 20
"""Bytes of a line that can be an event; answers are the longest ones."""
_MOST_WAITING = 10_000
"""How many events wait while the disk is full; the oldest are dropped first."""
_MUST_BE_SAID = ("waiting", "end")
"""Events that a reader gets at once even if nothing can be appended."""


def _to_json(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_json(item) for item in value]
    return value


def encode(event: Event) -> str:
    """Return one line, newline included."""
    return json.dumps(_to_json(event), ensure_ascii=False, allow_nan=False) + "\n"


def decode(line: str | bytes, parse: Callable[[Any], Any] = json_values.parse) -> Event | None:
    """Return the event of a line, or None if it holds none (a torn write, a stray print).

    Only its name is certain to be a text: anybody may have written the rest.

    Args:
        line: With or without its newline.
        parse: Reads JSON; raises ValueError if it is none.
    """
    try:
        event = parse(line)
    except ValueError:
        return None
    is_event = isinstance(event, dict) and isinstance(event.get("event"), str)
    return event if is_event else None


class EventWriter:
    """Appends events, each line in one write, so that readers see complete lines.

    A full disk never ends a training. What could not be written waits, and is written before the
    next event, on a new line after any partial write. Some events must be said at once: they are
    kept in a file whose space was reserved beforehand.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open_own(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        self._clock = clock
        self.error: OSError | None = None
        """Why the newest event is still waiting."""
        self._spare = SpareEvent(path)
        self._waiting: deque[bytes] = deque(maxlen=_MOST_WAITING)
        size = os.fstat(self._file).st_size
        is_torn = size > 0 and os.pread(self._file, 1, size - 1) != b"\n"
        self._lead = b"\n" * is_torn  # after a start that died in the middle of a line

    def __call__(self, name: str, /, **data: Any) -> None:
        """Write an event, or keep it until there is room on the disk."""
        text = encode({"event": name, "at": round(self._clock(), 3), **data})
        line = text.encode("utf-8", errors="backslashreplace")
        self._waiting.append(line)
        if not self.catch_up() and name in _MUST_BE_SAID:
            self._spare.put(line)

    def catch_up(self) -> bool:
        """Write what waits; return False if the disk still does not take it."""
        while self._waiting:
            # Taken out before it is written: a signal handler may say something meanwhile.
            line = self._waiting.popleft()
            refused, error = _write(self._file, self._lead + line)
            if error is not None:
                if not self._waiting:
                    _say_to_log(f"an event could not be written, and waits: {error}\n")
                # Without its line break an event is complete: only that is left to write.
                is_whole = refused == b"\n"
                self._waiting.appendleft(refused if is_whole else line)
                self._lead = b"" if is_whole else b"\n"
                self.error = error
                return False
            self._lead = b""
        self.error = None
        self._spare.clear()
        return True


def _say_to_log(line: str) -> None:
    with contextlib.suppress(OSError):  # the log may lie on the same full disk
        sys.stderr.write(line)
        sys.stderr.flush()


def _write(descriptor: int, content: bytes) -> tuple[bytes, OSError | None]:
    """Write what the disk takes; return what it refuses, and why."""
    left = memoryview(content)
    try:
        while left:
            left = left[os.write(descriptor, left) :]
    except OSError as error:
        return bytes(left), error
    return b"", None


class EventReader:
    """Follows an events file: each call yields the events since the last one.

    It takes little memory, whatever the file holds. Lines that are not events are skipped, and so
    are lines that are too long. A file that has become shorter is a new one, and read from its
    start. The spare event is the last one, until it is in the file too.
    """

    def __init__(self, path: Path, parse: Callable[[Any], Any] = json_values.parse) -> None:
        self._path = path
        self._parse = parse
        self._offset = 0
        self._lines: deque[bytes] = deque()
        """Complete lines that were read, but not yielded yet."""
        self._rest = b""
        self._is_skipping = False
        """Whether the current line is too long."""
        self._spare = b""
        """The spare event that was yielded last."""

    def __call__(self) -> Iterator[Event]:
        """Yield the events written since the last call."""
        try:
            file = open_regular(self._path)
        except (FileNotFoundError, NotRegularError):
            return
        with file:
            if os.fstat(file.fileno()).st_size < self._offset:
                self._offset, self._rest, self._is_skipping = 0, b"", False
            file.seek(self._offset)
            while self._lines or self._read_on(file):
                while self._lines:
                    line = self._lines.popleft()
                    event = None if line == self._spare else decode(line, self._parse)
                    if event is not None:
                        yield event
        yield from self._read_spare()

    def _read_spare(self) -> Iterator[Event]:
        line = read_spare(self._path)
        event = decode(line, self._parse) if line and line != self._spare else None
        if event is not None:
            self._spare = line
            yield event

    def _read_on(self, file: BinaryIO) -> bool:
        """Add the lines that the next block completes; return False at the end of the file."""
        block = file.read(_BLOCK)
        self._offset += len(block)
        *lines, rest = block.split(b"\n")
        if lines:
            lines[0] = self._rest + lines[0]
            self._lines.extend(lines[1:] if self._is_skipping else lines)
            self._rest, self._is_skipping = rest, False
        elif not self._is_skipping:
            self._rest += rest
        if len(self._rest) > LONGEST_LINE:
            self._rest, self._is_skipping = b"", True
        return bool(block)
