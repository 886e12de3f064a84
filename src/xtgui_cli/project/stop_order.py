"""A scheduler's order to end a training: it may know no other process of it than xtgui's own."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from types import FrameType

from ..runs.training_process import request_stop
from ..shared.run_folder import RunFolder
from ..ui import ask

PATIENCE_S = 25.0
"""Schedulers kill what they have asked to end: Slurm after 30 s. Before that we say why it
continues."""
_SIGNALS = (signal.SIGTERM, signal.SIGUSR1)


class StopOrder:
    """SIGTERM or SIGUSR1 to the process that started a training, also through `timeout`."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._given_at: float | None = None
        self._is_passed_on = False

    @contextlib.contextmanager
    def heeded(self) -> Iterator[None]:
        """Treat the signals as an order while the block lasts, and not as the end of xtgui."""
        handlers = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._given_at = self._given_at or time.monotonic()
        ask.give_up()  # a scheduler answers no questions

    def pass_on(self) -> bool:
        """Ask the training to stop if that was ordered; return True the one time that it does so.

        Raises:
            XtguiError: Those of `request_stop`.
        """
        if self._given_at is None or self._is_passed_on:
            return False
        self._is_passed_on = True
        request_stop(self._folder)  # also if it got the signal itself: both are one request
        return True

    @property
    def is_late(self) -> bool:
        """Whether the scheduler's patience may soon end."""
        return self._given_at is not None and time.monotonic() - self._given_at >= PATIENCE_S
