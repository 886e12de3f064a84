"""When the live screen draws its curves again, by a clock of the test's own."""

from __future__ import annotations

from rich.text import Text

from xtgui_cli.runs.series import Point
from xtgui_cli.runs.snapshot import Snapshot
from xtgui_cli.shared.learning import Learning
from xtgui_cli.ui.live import LONGEST_REST_S, CurveCache


class Drawing:
    """A clock on which every drawing takes its time."""

    def __init__(self, takes_s: float) -> None:
        self.now = 100.0
        self.count = 0
        self._takes_s = takes_s
        self.curves = CurveCache(self._draw, self.clock, self.clock)

    def clock(self) -> float:
        return self.now

    def _draw(self, snapshot: Snapshot, width: int, height: int) -> list[Text]:
        self.now += self._takes_s
        self.count += 1
        return [Text(f"{len(snapshot.losses)} in {width}x{height}")]

    def shown(
        self, count: int, width: int = 40, run_id: str = "r", checks: tuple[Learning, ...] = ()
    ) -> str:
        losses = tuple(Point(number, 1.0) for number in range(1, count + 1))
        snapshot = Snapshot(run_id=run_id, losses=losses, learnings=checks)
        return self.curves(snapshot, width, 8)[0].plain


def test_a_curve_rests_as_long_as_its_cost_demands() -> None:
    drawing = Drawing(takes_s=0.01)

    first = drawing.shown(1)
    drawing.now += 1.0
    too_early = drawing.shown(2)
    drawing.now += 1.0
    later = drawing.shown(3)

    assert (first, too_early, later) == ("1 in 40x8", "1 in 40x8", "3 in 40x8")


def test_a_slow_first_drawing_does_not_freeze_the_curve() -> None:
    drawing = Drawing(takes_s=60)
    drawing.shown(1)

    drawing.now += LONGEST_REST_S

    assert drawing.shown(900) == "900 in 40x8"


def test_a_curve_that_has_not_changed_is_not_drawn_again() -> None:
    drawing = Drawing(takes_s=0.01)
    drawing.shown(5)
    drawing.now += 60

    drawing.shown(5)

    assert drawing.count == 1


def test_another_size_another_run_and_the_first_iteration_are_drawn_at_once() -> None:
    drawing = Drawing(takes_s=0.01)

    drawing.shown(0)

    assert drawing.shown(1) == "1 in 40x8"
    assert drawing.shown(2, width=50) == "2 in 50x8"
    assert drawing.shown(1, width=50, run_id="another") == "1 in 50x8"


def test_a_check_without_a_new_iteration_draws_the_curve_again() -> None:
    drawing = Drawing(takes_s=0.001)
    drawing.shown(1)
    drawing.now += LONGEST_REST_S

    drawing.shown(1, checks=(Learning(1, held_out=1.5),))

    assert drawing.count == 2
