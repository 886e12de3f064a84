"""The last lines of a log that may grow by many megabytes a second, or have no line ends at all."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from ..shared.regular_file import open_regular

_BLOCK = 64 * 1024
_MOST_BYTES = 16 << 20
"""How far back to look for the last lines."""
_LONGEST_LINE = 2000
_WARNING = re.compile(
    r"(?P<python>\S+:\d+: \w*Warning: )|[\d/]+ [\d:]+ - \w+ - WARNING - |\[\w+\] .*\bdeprecated\b"
    r"|You are using an old version of the checkpointing format that is deprecated"
    r"|Failed to load CPU gemm_4bit_forward from kernels-community"
)
"""How warnings of Python, of mmengine's logger, of transformers and of bitsandbytes begin."""
_FURTHER_LINES = 3


class LogTail:
    """Keeps the last lines of a growing file; a call takes the same time however much was written.

    The lines are as they are in the file: code that shows them removes control sequences.
    """

    def __init__(self, path: Path, keep: int = 500) -> None:
        self._path = path
        self._offset = 0
        self._rest = b""
        self._has_state = False
        self.lines: deque[str] = deque(maxlen=keep)
        """The last one may be the newest state of an unfinished line: a progress bar."""

    def read(self) -> bool:
        """Read what was written since the last call; return True if there was something."""
        try:
            with open_regular(self._path) as file:
                size = file.seek(0, os.SEEK_END)
                if size < self._offset:
                    self._offset, self._rest = 0, b""
                if size == self._offset:
                    return False
                if size - self._offset > _BLOCK:
                    self._offset, self._rest = size - _BLOCK, b""
                file.seek(self._offset)
                data = file.read(_BLOCK)
        except OSError:
            return False
        self._offset += len(data)
        *whole, rest = (self._rest + data).split(b"\n")
        self._rest = rest[-_BLOCK:]
        self._put(whole)
        return True

    def take_whole(self) -> list[str]:
        """Return the finished lines, and forget them."""
        state = [self.lines.pop()] if self._has_state else []
        whole = list(self.lines)
        self.lines.clear()
        self.lines.extend(state)
        return whole

    def _put(self, whole: list[bytes]) -> None:
        if self._has_state:
            self.lines.pop()
        self.lines.extend(map(clean_line, whole))
        state = clean_line(self._rest)
        self._has_state = bool(state)
        if state:
            self.lines.append(state)


def last_lines(path: Path, count: int) -> list[str]:
    """Return the last *count* lines of a file, reading it from its end; [] if there is none.

    If a file has few line ends there may be fewer, and the first may lack its beginning.
    """
    blocks: deque[bytes] = deque()
    found = 0
    try:
        with open_regular(path) as file:
            start = file.seek(0, os.SEEK_END)
            least = max(0, start - _MOST_BYTES)
            while start > least and found <= count:
                length = min(_BLOCK, start - least)
                start -= length
                file.seek(start)
                blocks.appendleft(file.read(length))
                found += blocks[0].count(b"\n")
    except OSError:
        return []
    lines = b"".join(blocks).split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return [clean_line(line) for line in lines[-count:]] if count > 0 else []


def without_warnings(lines: Iterable[str]) -> list[str]:
    """Return the lines of a log without libraries' warnings to their programmers.

    A warning of Python's is followed by the indented line of code that it is about, after further
    lines of its message.
    """
    kept: list[str] = []
    further: list[str] = []
    is_in_warning = False
    for line in lines:
        if is_in_warning and line.startswith("  "):
            further, is_in_warning = [], False
        elif match := _WARNING.match(line):
            kept += further
            further, is_in_warning = [], match["python"] is not None
        elif is_in_warning and len(further) < _FURTHER_LINES:
            further.append(line)
        else:
            kept += [*further, line]
            further, is_in_warning = [], False
    return kept + further


def clean_line(line: bytes) -> str:
    """Return a line as a terminal would show it: a progress bar in its last state."""
    state = line.rstrip(b"\r").rpartition(b"\r")[2][: 4 * _LONGEST_LINE]
    return state.decode("utf-8", errors="replace")[:_LONGEST_LINE]
