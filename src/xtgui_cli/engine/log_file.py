"""Writes what a training prints to its log; what the disk does not take is left out.

A line that cannot be printed must not end a training, nor hide the reason why it ended.
"""

from __future__ import annotations

import io
import os
import sys


class _LogFile(io.RawIOBase):
    """A file descriptor that accepts everything, even what the disk refuses."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, content: object, /) -> int:
        left = memoryview(content).cast("B")  # type: ignore[arg-type]
        size = len(left)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:
            return size
        return size


def print_to_log() -> None:
    """Make stdout and stderr leave out what cannot be written."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        stream.flush()
        log = io.TextIOWrapper(
            _LogFile(stream.fileno()),  # type: ignore[type-var]
            encoding="utf-8",
            errors="backslashreplace",
            write_through=True,
        )
        setattr(sys, name, log)
