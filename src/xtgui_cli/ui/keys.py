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

    Ctrl-C is returned as a key too: it never tears apart a screen that is being drawn. SIGTERM and
    SIGQUIT end the program through SystemExit, so that the terminal gets its mode back, unless the
    caller handles them otherwise.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = sys.stdin.fileno() if descriptor is None else descriptor
        self._mode: list[Any] = []
        self._handlers: dict[int, Any] = {}
        self._interrupts = 0
        self._waiting = ""

    def __enter__(self) -> Keys:
        self._mode = termios.tcgetattr(self._descriptor)
        self._handlers = _stay_until_restored()
        signal.signal(signal.SIGINT, self._on_interrupt)
        tty.setcbreak(self._descriptor, termios.TCSADRAIN)
        return self

    def __exit__(self, *_: object) -> None:
        _restore(self._descriptor, self._mode, self._handlers)

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
    descriptor = sys.stdin.fileno()
    mode = termios.tcgetattr(descriptor)
    silent = [*mode]
    silent[_LOCAL_FLAGS] &= ~termios.ECHO
    handlers = _stay_until_restored()
    try:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, silent)
        yield
    finally:
        _restore(descriptor, mode, handlers)


def _stay_until_restored() -> dict[int, Any]:
    """Let no signal end or suspend the program before the terminal has its mode back.

    Returns:
        The handlers so far, for `_restore`.
    """
    handlers: dict[int, Any] = {signal.SIGINT: signal.getsignal(signal.SIGINT)}
    # If it were suspended in the middle of a drawn screen, the shell would inherit that.
    handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_DFL:
            handlers[number] = signal.signal(number, _leave)
    return handlers


def _restore(descriptor: int, mode: list[Any], handlers: dict[int, Any]) -> None:
    """Give a terminal its mode back, then signals their handlers; what comes meanwhile waits."""
    came: list[int] = []
    try:
        for number in handlers:
            signal.signal(number, lambda number, _: came.append(number))
    finally:
        with contextlib.suppress(termios.error):  # a terminal that was closed has no mode
            termios.tcsetattr(descriptor, termios.TCSANOW, mode)
        for number, handler in handlers.items():
            # None: not a handler of Python's, which cannot be installed again.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for number in came:
            signal.raise_signal(number)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
