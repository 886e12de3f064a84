"""Keeps off the terminal what libraries write to it directly, past Python's streams.

A panic in Rust prints its place in the library, and what a stranger's file made it say, before
Python sees an exception.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

_STDERR = 2
_lock = threading.Lock()
_inside = 0
_kept: int | None = None
"""The original stderr while it is switched off."""


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """Switch descriptor 2 off, for the calls in the block and for other threads meanwhile.

    Only if Python writes to another one (`cli.entry` sees to that): nothing of ours is lost.
    """
    if _python_writes_there():
        yield
        return
    _enter()
    try:
        yield
    finally:
        _leave()


def _python_writes_there() -> bool:
    try:
        return sys.stderr.fileno() == _STDERR
    except (OSError, AttributeError, ValueError):  # a stream that is not a file
        return False


def _enter() -> None:
    global _inside, _kept
    with _lock:
        _inside += 1
        if _inside > 1:
            return
        try:
            kept = os.dup(_STDERR)
            null = os.open(os.devnull, os.O_WRONLY)
        except OSError:  # nothing is open there, or nothing more can be opened
            return
        os.dup2(null, _STDERR)
        os.close(null)
        _kept = kept


def _leave() -> None:
    global _inside, _kept
    with _lock:
        _inside -= 1
        if _inside or _kept is None:
            return
        os.dup2(_kept, _STDERR)
        os.close(_kept)
        _kept = None
