"""Shows the progress of counting on stderr, if a person can see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..texts import t
from .console import ACCENT, talk


class Counting:
    """A line that counts rows and disappears afterwards; without a terminal there is none."""

    def __init__(self) -> None:
        console = talk()
        can_move = console.is_terminal and not console.is_dumb_terminal
        first = t("preview.counting", rows=0)
        self._status = console.status(first, spinner_style=ACCENT) if can_move else None

    def __enter__(self) -> Counting:
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()

    def update(self, rows: int) -> None:
        """Show how many rows are counted."""
        if self._status:
            self._status.update(t("preview.counting", rows=rows))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Hide the line while something else is printed."""
        self.__exit__()
        yield
        self.__enter__()
