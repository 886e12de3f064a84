"""Curves of any length in bounded memory."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtgui_cli.runs.series import Point, Series, curve_numbers, smooth


def filled(count: int, limit: int = 64) -> Series:
    series = Series(limit)
    for number in range(1, count + 1):
        series.put(number, float(number))
    return series


def test_a_short_curve_is_kept_exactly() -> None:
    points = filled(50).points()

    assert points == tuple(Point(number, float(number)) for number in range(1, 51))


@given(st.integers(1, 3000))
def test_a_long_curve_stays_small_and_keeps_its_mean(count: int) -> None:
    series = filled(count)

    points = series.points()

    assert len(points) <= 64
    assert points[-1].iteration == count
    low = 1 + (series._stride - 1) / 2
    assert points[0].value == pytest.approx(min(low, (count + 1) / 2))


def test_an_iteration_that_is_done_again_replaces_all_after_it() -> None:
    series = filled(20)

    series.put(11, 99.0)

    assert series.points()[-2:] == (Point(10, 10.0), Point(11, 99.0))


@given(st.integers(65, 2000), st.integers(0, 2000))
def test_forgetting_leaves_nothing_of_what_came_later(count: int, last: int) -> None:
    series = filled(count)

    series.forget_after(last)

    assert all(point.iteration <= last for point in series.points())
    assert len(series.points()) >= (min(last, count) // series._stride) - 1


def test_smoothing_leaves_gaps_and_ignores_what_is_no_number() -> None:
    points = [Point(1, 1.0), Point(2, math.nan), Point(3, 3.0)]

    smoothed = smooth(points, 10)

    assert smoothed[0].value == 1.0
    assert math.isnan(smoothed[1].value)
    assert smoothed[2].value == pytest.approx(2.0)


def test_the_lowest_loss_is_no_lucky_single_iteration() -> None:
    points = [Point(number, 2.0) for number in range(1, 41)]
    points[20] = Point(21, 0.0)

    numbers = curve_numbers(points, 10)

    assert numbers is not None
    assert numbers.lowest.value == pytest.approx(1.8)


def test_a_curve_without_numbers_has_none() -> None:
    assert curve_numbers([Point(1, math.nan)], 10) is None
