"""Curves drawn with characters."""

from __future__ import annotations

import math

import pytest
from rich.cells import cell_len

from xtgui_cli.runs.series import Point
from xtgui_cli.ui.plots import (
    JOINT,
    MARK,
    POINT,
    Iterations,
    draw_curve,
    value_axis,
    write_values,
)


def falling(count: int) -> list[Point]:
    return [Point(number, 3.0 / number) for number in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, 2, 3, 1000])
@pytest.mark.parametrize(("width", "height"), [(16, 4), (78, 10), (198, 30)])
def test_a_curve_fills_its_place_and_no_more(count: int, width: int, height: int) -> None:
    lines = draw_curve(falling(count), width, height)

    assert len(lines) == height
    assert max(cell_len(line.plain) for line in lines) <= width
    assert any("⠀" < character <= "⣿" for line in lines for character in line.plain)


@pytest.mark.parametrize(("width", "height"), [(10, 10), (80, 3)])
def test_where_there_is_no_room_nothing_is_drawn(width: int, height: int) -> None:
    assert [line.plain for line in draw_curve(falling(9), width, height)] == [""] * height


def test_a_curve_without_a_number_is_empty() -> None:
    lines = draw_curve([Point(1, math.nan), Point(2, math.inf)], 40, 8)

    assert [line.plain for line in lines] == [""] * 8


def test_what_is_no_number_leaves_a_gap() -> None:
    points = [Point(n, math.nan if 40 < n < 60 else 1.0) for n in range(1, 101)]

    lines = draw_curve(points, 60, 8)

    curve = next(line.plain for line in lines if "⠉" in line.plain or "⠒" in line.plain)
    assert "     " in curve.strip("│ ")


def test_checkpoints_are_marked_on_the_iteration_axis() -> None:
    lines = draw_curve(falling(100), 60, 8, iterations=Iterations(100, (50, 100, 150)))

    axis = lines[-2].plain
    assert axis.count(MARK) == 2
    assert axis.endswith(MARK)


def test_a_level_curve_and_a_huge_one_have_an_axis() -> None:
    assert value_axis([2.0, 2.0], 3).low < 2.0 < value_axis([2.0, 2.0], 3).high
    assert value_axis([0.0, 1e30], 3).high == 1e30


def test_numbers_of_an_axis_have_equally_many_digits() -> None:
    assert write_values([0.5, 1.0, 1.5]) == [" 0.5", " 1.0", " 1.5"]
    assert write_values([0.0, 1e-4]) == ["   0", "1.0e-04"]
    assert write_values([1.75e-4, 1.8e-4]) == ["1.75e-04", "1.80e-04"]


CHECKS = [Point(0, 4.0), Point(40, 2.0), Point(80, 2.5)]


@pytest.mark.parametrize(("width", "height"), [(16, 4), (40, 7), (78, 10), (198, 30)])
def test_a_second_series_is_points_joined_by_dots_and_needs_no_more_room(
    width: int, height: int
) -> None:
    plain = [line.plain for line in draw_curve(falling(80), width, height, second=CHECKS)]

    canvas = "".join(plain[:-2])
    assert canvas.count(POINT) == len(CHECKS)
    assert JOINT in canvas
    assert len(plain) == height
    assert max(map(cell_len, plain)) <= width


def test_both_series_share_the_axes() -> None:
    points = [Point(number, 1.0) for number in range(10, 51)]

    plain = [line.plain for line in draw_curve(points, 60, 10, second=CHECKS)]

    assert plain[0].startswith("   4┤o")
    assert plain[3].endswith(POINT)
    assert plain[7].startswith("   1┤       ⠒⠒")


def test_a_point_of_the_second_series_lies_on_the_curve_that_goes_through_it() -> None:
    points = [Point(number, number / 10) for number in range(1, 101)]

    alone = [line.plain.ljust(70) for line in draw_curve(points, 70, 12)]
    both = [line.plain for line in draw_curve(points, 70, 12, second=points[::30])]

    hidden = [
        alone[row][column]
        for row, line in enumerate(both)
        for column, character in enumerate(line)
        if character == POINT
    ]
    assert len(hidden) == 4
    assert all("⠀" < character <= "⣿" for character in hidden)


def test_what_is_no_number_in_the_second_series_is_left_out() -> None:
    plain = draw_curve(falling(80), 60, 8, second=[Point(40, math.nan), Point(80, math.inf)])

    assert plain == draw_curve(falling(80), 60, 8)
