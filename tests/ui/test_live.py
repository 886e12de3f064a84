"""When the live screen draws again, by a clock of the test's own."""

from __future__ import annotations

import pytest
from rich.text import Text

from xtgui_cli.core.series import Point
from xtgui_cli.ui import plots
from xtgui_cli.ui.live import LONGEST_REST_S, CurveCache


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock on which drawing a curve takes 10 ms, and importing plotext takes no time."""
    clock = Clock()

    def draw_in_10_ms(points: list[Point], *_: object) -> list[Text]:
        clock.now += 0.01
        return [Text(str(len(points)))]

    monkeypatch.setattr(plots, "draw_curve", draw_in_10_ms)
    return clock


def shown(curves: CurveCache, count: int) -> str:
    points = tuple(Point(number, 1.0) for number in range(1, count + 1))
    return curves(points, 40, 8, 100, [])[0].plain


def test_a_curve_rests_as_long_as_its_cost_demands(clock: Clock) -> None:
    curves = CurveCache(clock)

    first = shown(curves, 1)
    clock.now += 0.5
    too_early = shown(curves, 2)
    clock.now += 0.5
    later = shown(curves, 3)

    assert (first, too_early, later) == ("1", "1", "3")


def test_a_slow_first_drawing_does_not_freeze_the_curve(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    curves = CurveCache(clock)
    draw = plots.draw_curve

    def draw_in_5_s(*arguments: object) -> list[Text]:
        clock.now += 5.0
        return draw(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(plots, "draw_curve", draw_in_5_s)
    shown(curves, 1)

    clock.now += LONGEST_REST_S

    assert shown(curves, 900) == "900"


def test_a_curve_that_has_not_changed_is_not_drawn_again(clock: Clock) -> None:
    curves = CurveCache(clock)
    shown(curves, 5)
    before = clock.now = clock.now + 60

    shown(curves, 5)

    assert clock.now == before
