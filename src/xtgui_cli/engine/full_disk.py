"""A full disk pauses a training instead of ending it: usually someone can free some space."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from typing import TypeVar

from .faults import explain
from .run_context import RunContext

TRY_AGAIN_S = 5.0
PATIENCE_S = 600.0
"""After this time the training ends; its last checkpoint is complete."""
_LOOK_UP_S = 0.1
"""How often a waiting writer checks whether a stop was requested."""

_Result = TypeVar("_Result")


class DiskWait:
    """Runs the writes of one start, and waits with them while the disk is full."""

    def __init__(self, context: RunContext) -> None:
        self._context = context

    def through(self, write: Callable[[], _Result]) -> _Result:
        """Call *write* again and again while the disk is full, and return its result.

        *write* must leave nothing behind if it fails. A requested stop ends the wait.

        Raises:
            Exception: Whatever *write* raises for another reason, or after the last attempt.
        """
        failed_at: float | None = None
        while True:
            try:
                done = write()
            except Exception as error:
                waited_s = time.monotonic() - failed_at if failed_at else 0.0
                is_over = self._context.stop_requested or waited_s >= PATIENCE_S
                if is_over or not is_disk_full(error):
                    raise
            else:
                break
            # The error is released by now: its frames may hold half-written data and its memory.
            if failed_at is None:
                failed_at = time.monotonic()
                self._say_waiting()
            self._pause()
        if failed_at is not None:
            self._context.say("waited", seconds=round(time.monotonic() - failed_at, 1))
        return done

    def catch_up(self) -> None:
        """Write the events that wait for room on the disk."""
        if self._context.say.error is not None and is_disk_full(self._context.say.error):
            self.through(self._write_events)

    def _write_events(self) -> None:
        if not self._context.say.catch_up():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _say_waiting(self) -> None:
        data = {"seconds": int(TRY_AGAIN_S), "minutes": round(PATIENCE_S / 60)}
        self._context.say("waiting", code="disk_full_waiting", data=data)

    def _pause(self) -> None:
        until = time.monotonic() + TRY_AGAIN_S
        while not self._context.stop_requested and time.monotonic() < until:
            time.sleep(_LOOK_UP_S)


def is_disk_full(error: BaseException) -> bool:
    """Return whether an error says that a disk, or a quota, is full."""
    return explain(error)[0] == "disk_full"
