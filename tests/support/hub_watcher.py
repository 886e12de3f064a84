"""A watcher of downloads that remembers, and does what a test asks at a moment."""

from __future__ import annotations

from collections.abc import Callable

from xtgui_cli.hubs.hub import Place
from xtgui_cli.shared.errors import Notice


class Seen:
    """What a download told, and an interruption at a chosen place."""

    def __init__(
        self, interrupt_at: int | None = None, at_first_move: Callable[[], None] | None = None
    ) -> None:
        self._interrupt_at = interrupt_at
        self._at_first_move = at_first_move
        self.problems: list[Notice] = []
        self.total_bytes = self.here_bytes = self.done_bytes = 0
        self.asked: list[str] = []
        self.checked: list[str] = []
        self.ended: list[str] = []

    def asks(self, place: Place) -> None:
        self.asked.append(place.host)

    def begins(self, place: Place, total_bytes: int, here_bytes: int, files: int) -> None:
        self.total_bytes, self.here_bytes = total_bytes, here_bytes

    def moves(self, path: str, done_bytes: int) -> None:
        self.done_bytes = done_bytes
        if self._at_first_move is not None:
            act, self._at_first_move = self._at_first_move, None
            act()
        if self._interrupt_at is not None and done_bytes >= self._interrupt_at:
            raise KeyboardInterrupt

    def checks(self, path: str, file_bytes: int) -> None:
        self.checked.append(path)

    def ends(self, path: str, file_bytes: int) -> None:
        self.ended.append(path)

    def troubles(self, problem: Notice) -> None:
        self.problems.append(problem)

    def told(self, code: str) -> list[str]:
        """Return the files (or hosts) that were named with a code."""
        return [
            str(problem.data.get("file", problem.data.get("host")))
            for problem in self.problems
            if problem.code == code
        ]
