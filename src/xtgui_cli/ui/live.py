"""The live screen: draws views of a run onto a terminal, as seldom and as cheaply as will do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console, Group
from rich.text import Text

from ..core.progress import RECENT
from ..core.series import Point, smooth
from .keys import Keys
from .train_screen import View, draw_screen

if TYPE_CHECKING:
    from rich.live import Live

MAX_SHARE = 0.015
"""The share of one core that drawing may take, the curves and the rest each."""


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
        cost = self._clock() - begin
        if len(self._drawn) > 4:
            self._drawn.clear()
        self._drawn[place] = _Drawn(points, lines, begin + cost + cost / MAX_SHARE)
        return lines


class LiveScreen:
    """A screen of its own (the terminal's alternate one), and the keys pressed on it."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._curves = CurveCache(clock)
        self._keys = Keys()
        self._live: Live | None = None
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
        return self._console.size.width, self._console.size.height

    def is_due(self) -> bool:
        """Whether drawing again now keeps within its share of a core."""
        return self._clock() >= self._again_at

    def show(self, view: View) -> None:
        """Draw *view*."""
        begin = self._clock()
        width, height = self.size
        lines = draw_screen(view, width, height, self._curves)
        if self._live is not None:
            self._live.update(Group(*lines), refresh=True)
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
        from rich.live import Live

        self._live = Live(
            console=self._console,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._stack = ExitStack()
        self._stack.enter_context(self._keys)
        self._stack.enter_context(self._live)
        self._again_at = 0.0
