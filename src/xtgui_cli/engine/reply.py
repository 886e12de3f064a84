"""How a job of `serve` speaks to the one who asked for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TextIO

from ..shared.events import encode


class Reply:
    """Writes events of one request; says whether the asker wants no more."""

    def __init__(self, write: Callable[[dict[str, Any]], None], cancelled: threading.Event) -> None:
        self._write = write
        self._cancelled = cancelled
        self.phase = ""

    def __call__(self, event: str, **data: Any) -> None:
        self._write({"event": event, **data})

    def enter(self, phase: str) -> None:
        """Say what begins now: "importing", "reading", "model", "merging", "checking", "saving"."""
        self.phase = phase
        self("phase", name=phase)

    def is_cancelled(self) -> bool:
        """Whether SIGINT came since the request did."""
        return self._cancelled.is_set()


def reply_on(stream: TextIO, request_id: Any, cancelled: threading.Event) -> Reply:
    """Give the replies to one request, each a line on *stream* that bears its id."""

    def write(event: dict[str, Any]) -> None:
        stream.write(encode({"id": request_id, **event}))
        stream.flush()

    return Reply(write, cancelled)
