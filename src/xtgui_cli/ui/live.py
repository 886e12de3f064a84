"""The live screen: draws views of a run, as rarely and as cheaply as possible.

Only lines that have changed are written. rich's own Live writes the whole screen each time: three
times the work, and ten times the bytes over a slow SSH connection.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from rich.console import ConsoleDimensions
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from ..runs.snapshot import Snapshot
from .clean_console import CleanConsole
from .keys import Keys
from .train_screen import DrawCurves, View, draw_curves, draw_screen

CURVE_SHARE = 0.007
"""The share of one core that drawing the curves may take."""
SCREEN_SHARE = 0.015
"""The share of one core that drawing everything else may take."""
LONGEST_REST_S = 5.0
"""A changed curve is redrawn after this long at the latest."""
SHORTEST_WAIT_S = 0.15
LONGEST_WAIT_S = 0.18
"""The rest of the screen is redrawn this often at least, so that news appears within 200 ms."""


class CurveCache:
    """Draws the curves, and redraws them only as often as their cost allows.

    The numbers on the screen are cheap and always current; a curve of thousands of iterations
    looks the same a few seconds later.
    """

    def __init__(
        self,
        draw: DrawCurves = draw_curves,
        clock: Callable[[], float] = time.monotonic,
        work: Callable[[], float] = time.thread_time,
    ) -> None:
        self._draw = draw
        self._clock = clock
        self._work = work
        self._drawn: tuple[Snapshot, int, int] | None = None
        self._lines: list[Text] = []
        self._again_at = 0.0

    def __call__(self, snapshot: Snapshot, width: int, height: int) -> list[Text]:
        """Draw the snapshot, or return the last drawing if it is too early for a new one."""
        if self._drawn is not None and not self._is_due(self._drawn, snapshot, width, height):
            return self._lines
        begin = self._work()
        self._lines = self._draw(snapshot, width, height)
        rest_s = min(LONGEST_REST_S, (self._work() - begin) / CURVE_SHARE)
        self._drawn = (snapshot, width, height)
        self._again_at = self._clock() + rest_s
        return self._lines

    def _is_due(
        self, drawn: tuple[Snapshot, int, int], snapshot: Snapshot, width: int, height: int
    ) -> bool:
        old, *size = drawn
        if size != [width, height] or old.run_id != snapshot.run_id or not old.losses:
            return True
        is_new = old.losses != snapshot.losses or old.learnings != snapshot.learnings
        return is_new and self._clock() >= self._again_at


class LiveScreen:
    """The terminal's alternate screen, and the keys pressed on it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        # A console of its own, since its size is set: rich would believe COLUMNS and LINES,
        # which stay what they were when the terminal is resized.
        self._console = CleanConsole()
        self._clock = clock
        self._curves = CurveCache(clock=clock)
        self._keys = Keys()
        self._shown: list[Text] = []
        self._shown_size = (0, 0)
        self._stack = ExitStack()
        self._again_at = 0.0

    def __enter__(self) -> LiveScreen:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def size(self) -> tuple[int, int]:
        """The terminal's width and height in cells, as they are now."""
        try:
            size = os.get_terminal_size(self._console.file.fileno())
        except OSError:
            return self._console.size.width, self._console.size.height
        return size.columns or 80, size.lines or 24

    def due_in_s(self) -> float:
        """Return how long to wait before the next drawing, to stay within the share of a core."""
        return max(0.0, self._again_at - self._clock())

    def show(self, view: View) -> None:
        """Draw *view*."""
        begin, work = self._clock(), time.thread_time()
        size = self.size
        self._console.size = ConsoleDimensions(*size)
        lines = draw_screen(view, *size, self._curves)
        with self._console:  # one write for all of it
            if size != self._shown_size:
                self._console.control(Control.clear())
                self._shown = [Text()] * len(lines)
            for row, (old, new) in enumerate(zip(self._shown, lines, strict=True)):
                if old != new:
                    self._console.control(
                        Control.move_to(0, row), Control((ControlType.ERASE_IN_LINE, 2))
                    )
                    self._console.print(new, end="", no_wrap=True, overflow="crop")
        self._shown, self._shown_size = lines, size
        cost = time.thread_time() - work
        self._again_at = begin + min(LONGEST_WAIT_S, max(SHORTEST_WAIT_S, cost / SCREEN_SHARE))

    def read_key(self, timeout_s: float) -> str | None:
        """Return the key pressed within this time, or None."""
        return self._keys.read(timeout_s)

    @contextmanager
    def put_away(self) -> Iterator[None]:
        """Release the terminal for a question, then take it again."""
        self._stack.close()
        try:
            yield
        finally:
            self._open()

    def _open(self) -> None:
        self._stack = ExitStack()
        self._stack.enter_context(self._keys)
        self._console.set_alt_screen(enable=True)
        self._stack.callback(self._console.set_alt_screen, enable=False)
        self._console.show_cursor(show=False)
        self._stack.callback(self._console.show_cursor, show=True)
        # Terminals without an alternate screen must not keep ours under what is said next.
        self._stack.callback(self._console.control, Control.clear(), Control.home())
        self._shown_size = (0, 0)
        self._again_at = 0.0
