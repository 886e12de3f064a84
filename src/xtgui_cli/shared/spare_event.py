"""Space for one event, reserved while the disk has some: for messages on a full disk.

Overwriting what a file already holds needs no more space, so a run can say that it waits for space,
and why it ended, when nothing can be appended any more.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from .own_files import NotOurFileError, open_own
from .regular_file import read_bytes

_BYTES = 4096
"""Maximum size of an event: one block of a usual file system."""


class SpareEvent:
    """The writer's side; without reserved space nothing is kept."""

    def __init__(self, events_file: Path) -> None:
        self._file = -1
        self._is_used = True  # by an earlier start, perhaps
        with contextlib.suppress(OSError, NotOurFileError):
            self._file = open_own(place_beside(events_file), os.O_RDWR | os.O_CREAT)
            self.clear()

    def put(self, line: bytes) -> None:
        """Keep an event in place of the one before."""
        if len(line) <= _BYTES and self._write(line):
            self._is_used = True

    def clear(self) -> None:
        """Forget it, since the events file has it by now."""
        if self._is_used and self._write(b""):
            self._is_used = False

    def _write(self, line: bytes) -> bool:
        with contextlib.suppress(OSError):
            return os.pwrite(self._file, line.ljust(_BYTES, b"\n"), 0) == _BYTES
        return False


def place_beside(events_file: Path) -> Path:
    """Return the path of an events file's spare event."""
    return events_file.with_suffix(".spare")


def read_spare(events_file: Path) -> bytes:
    """Return the line of the spare event, without its end; empty if there is none."""
    try:
        return read_bytes(place_beside(events_file), _BYTES).strip(b"\n\0")
    except OSError:
        return b""
