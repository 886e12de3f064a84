"""The live screen: draws views of a run onto a terminal, as seldom and as cheaply as will do.

Only lines that have changed are written. rich's own Live writes the whole screen each time: three
times the work, and ten times the bytes over a slow SSH connection.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import NamedTuple

from rich.console import Console, ConsoleDimensions
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from ..core.progress import RECENT
from ..core.series import Point, smooth
from .keys import Keys
from .train_screen import View, draw_screen

MAX_SHARE = 0.015
"""The share of one core that drawing may take, the curves and the rest each."""
LONGEST_REST_S = 2.0
"""A curve is drawn again after this at the latest: the first one includes plotext's import."""


class _Drawn(NamedTuple):
    points: Sequence[Point]
    lines: list[Text]
    again_at: float


class CurveCache:
    """Draws curves, the same one again only when enough time has passed for what it costs.

    The numbers of the screen are cheap and always new; a curve of thousands of iterations looks
    the same a second later.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._drawn: dict[tuple[int, int, Point | None], _Drawn] = {}

    def __call__(
        self, points: Sequence[Point], width: int, height: int, end: int, marks: Sequence[int]
    ) -> list[Text]:
        from .plots import draw_curve

        place = (width, height, points[0] if points else None)
        old = self._drawn.get(place)
        if old is not None and (self._clock() < old.again_at or old.points == points):
            return old.lines
        begin = self._clock()
        lines = draw_curve(smooth(points, RECENT), width, height, end, marks)
        now = self._clock()
        rest_s = min(LONGEST_REST_S, (now - begin) / MAX_SHARE)
        if len(self._drawn) > 4:
            self._drawn.clear()
        self._drawn[place] = _Drawn(points, lines, now + rest_s)
        return lines


class LiveScreen:
    """A screen of its own (the terminal's alternate one), and the keys pressed on it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        # A console of its own, since its size is set: rich would believe COLUMNS and LINES,
        # which stay what they were when the terminal is resized.
        self._console = Console(markup=False, highlight=False, emoji=False)
        self._clock = clock
        self._curves = CurveCache(clock)
        self._keys = Keys()
        self._shown: list[Text] = []
        self._shown_size = (0, 0)
        self._stack = ExitStack()
        self._again_at = 0.0

    def __enter__(self) -> LiveScreen:
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def size(self) -> tuple[int, int]:
        """The terminal's width and height in cells, as they are now."""
        try:
            size = os.get_terminal_size(self._console.file.fileno())
        except OSError:
            return self._console.size.width, self._console.size.height
        return size.columns or 80, size.lines or 24

    def is_due(self) -> bool:
        """Whether drawing again now keeps within its share of a core."""
        return self._clock() >= self._again_at

    def show(self, view: View) -> None:
        """Draw *view*."""
        begin = self._clock()
        size = self.size
        self._console.size = ConsoleDimensions(*size)
        lines = draw_screen(view, *size, self._curves)
        with self._console.capture() as capture:
            if size != self._shown_size:
                self._console.control(Control.clear())
                self._shown = [Text()] * len(lines)
            for row, (old, new) in enumerate(zip(self._shown, lines, strict=True)):
                if old != new:
                    self._console.control(
                        Control.move_to(0, row), Control((ControlType.ERASE_IN_LINE, 2))
                    )
                    self._console.print(new, end="", no_wrap=True, overflow="crop")
        self._console.file.write(capture.get())
        self._console.file.flush()
        self._shown, self._shown_size = lines, size
        cost = self._clock() - begin
        self._again_at = begin + min(0.2, max(0.1, cost / MAX_SHARE))

    def read_key(self, timeout_s: float) -> str | None:
        """Give the key that is pressed within that time, or None."""
        return self._keys.read(timeout_s)

    @contextmanager
    def put_away(self) -> Iterator[None]:
        """Give the terminal back for a question, then take it again."""
        self._stack.close()
        try:
            yield
        finally:
            self._open()

    def _open(self) -> None:
        self._stack = ExitStack()
        self._stack.enter_context(self._keys)
        self._console.set_alt_screen(True)
        self._stack.callback(self._console.set_alt_screen, False)
        self._console.show_cursor(False)
        self._stack.callback(self._console.show_cursor, True)
        # Terminals without an alternate screen must not keep ours under what is said next.
        self._stack.callback(self._console.control, Control.clear(), Control.home())
        self._shown_size = (0, 0)
        self._again_at = 0.0
