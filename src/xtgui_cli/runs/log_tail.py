"""The last lines of a log that may grow by many megabytes a second."""

from __future__ import annotations

from collections import deque
from pathlib import Path

_BLOCK = 64 * 1024
_LONGEST_LINE = 2000


class LogTail:
    """Keeps the last lines of a growing file; a call costs the same however much was written.

    The lines are as they stand in the file: whoever shows them takes out what steers a terminal.
    """

    def __init__(self, path: Path, keep: int = 500) -> None:
        self._path = path
        self._offset = 0
        self._rest = b""
        self.lines: deque[str] = deque(maxlen=keep)

    def read(self) -> bool:
        """Take what came since the last call; True when there was something."""
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, 2)
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
        *whole, self._rest = (self._rest + data).split(b"\n")
        self._rest = self._rest[-_BLOCK:]
        self.lines.extend(clean_line(line) for line in whole)
        return True


def last_lines(path: Path, count: int) -> list[str]:
    """Give the last *count* lines of a file, reading it from its end; [] where there is none."""
    try:
        with path.open("rb") as file:
            start = file.seek(0, 2)
            data = b""
            while start > 0 and data.count(b"\n") <= count:
                length = min(_BLOCK, start)
                start -= length
                file.seek(start)
                data = file.read(length) + data
    except OSError:
        return []
    lines = data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return [clean_line(line) for line in lines[-count:]] if count > 0 else []


def clean_line(line: bytes) -> str:
    """Give what a terminal would show of a line: of a progress bar, its last state."""
    text = line.decode("utf-8", errors="replace").rstrip("\r")
    return text.rpartition("\r")[2][:_LONGEST_LINE]
