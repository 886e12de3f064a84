"""Single keys, read while a screen is drawn."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from types import FrameType
from typing import Any

CTRL_C = "\x03"
_LOCAL_FLAGS = 3
"""Their place in what `tcgetattr` returns."""


class Keys:
    """Returns keys one at a time; inside `with`, the terminal neither echoes nor waits for Enter.

    Ctrl-C is returned as a key too: it never tears apart a screen that is being drawn. SIGTERM ends
    the program through SystemExit, so that the terminal gets its mode back, unless the caller
    handles it otherwise.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = sys.stdin.fileno() if descriptor is None else descriptor
        self._mode: list[Any] | None = None
        self._handlers: dict[int, Any] = {}
        self._interrupts = 0
        self._waiting = ""

    def __enter__(self) -> Keys:
        self._mode = termios.tcgetattr(self._descriptor)
        self._handlers = _stay_until_restored()
        self._handlers[signal.SIGINT] = signal.signal(signal.SIGINT, self._on_interrupt)
        tty.setcbreak(self._descriptor, termios.TCSADRAIN)
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(termios.error):  # a terminal that was closed has no mode
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._mode or [])
        _restore(self._handlers)

    def read(self, timeout_s: float) -> str | None:
        """Return the next key, or None if none came in time; arrows and the like are ignored.

        Raises:
            EOFError: If the terminal is gone.
        """
        if self._interrupts:
            self._interrupts = 0
            self._waiting = ""
            return CTRL_C
        if not self._waiting:
            ready, _, _ = select.select([self._descriptor], [], [], timeout_s)
            if ready:
                text = self._read_bytes().decode("utf-8", errors="ignore")
                self._waiting = "" if text.startswith("\x1b") else text
        key, self._waiting = self._waiting[:1], self._waiting[1:]
        return key.lower() or None

    def _read_bytes(self) -> bytes:
        try:
            data = os.read(self._descriptor, 64)
        except OSError:  # a terminal that was closed
            data = b""
        if not data:
            raise EOFError("the terminal is gone")
        return data

    def _on_interrupt(self, _number: int, _frame: FrameType | None) -> None:
        self._interrupts += 1


@contextlib.contextmanager
def without_echo() -> Iterator[None]:
    """Hide what is typed meanwhile, so that it does not tear apart what is being drawn.

    It is not lost: it becomes the next input. Ctrl-C interrupts as usual. Without a terminal, this
    does nothing.
    """
    if not sys.stdin.isatty():
        yield
        return
    mode = termios.tcgetattr(sys.stdin)
    silent = [*mode]
    silent[_LOCAL_FLAGS] &= ~termios.ECHO
    handlers = _stay_until_restored()
    try:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, silent)
        yield
    finally:
        with contextlib.suppress(termios.error):  # a terminal that was closed has no mode
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, mode)
        _restore(handlers)


def _stay_until_restored() -> dict[int, Any]:
    """Let no signal end or suspend the program before the terminal has its mode back.

    Returns:
        The handlers so far, for `_restore`.
    """
    # If it were suspended in the middle of a drawn screen, the shell would inherit that.
    handlers: dict[int, Any] = {signal.SIGTSTP: signal.signal(signal.SIGTSTP, signal.SIG_IGN)}
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        handlers[signal.SIGTERM] = signal.signal(signal.SIGTERM, _leave)
    return handlers


def _restore(handlers: dict[int, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
