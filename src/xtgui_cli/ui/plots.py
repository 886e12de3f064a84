"""Curves drawn with characters: the only importer of plotext (version 6)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from rich.text import Text

from ..runs.series import Point, finite
from .console import ACCENT

MARK = "▲"
POINT, JOINT = "o", "·"
"""Characters of a second series: not braille, so that it stands out without color."""
SECOND = "magenta"
_BLANK = " \u2800"
_LABEL = 4
"""Minimum width of axis labels, so that the curve does not move sideways."""


@dataclass(frozen=True)
class Axis:
    """One axis: its ends and its labeled values."""

    low: float
    high: float
    ticks: tuple[float, ...]


@dataclass(frozen=True)
class Iterations:
    """What the iteration axis shows besides the curve."""

    last: int | None = None
    """Where it ends; None: with the last point."""
    marks: tuple[int, ...] = ()
    """Iterations that get a triangle."""


def draw_curve(
    points: Sequence[Point],
    width: int,
    height: int,
    *,
    iterations: Iterations = Iterations(),
    second: Sequence[Point] = (),
) -> list[Text]:
    """Draw a curve over iterations into *width* x *height* cells, axes included.

    A point that is nan leaves a gap.

    Args:
        points: The curve.
        width: In cells.
        height: In lines.
        iterations: Where that axis ends, and what is marked on it.
        second: A few points, drawn over the curve as letters joined by dots, on the same axes.

    Returns:
        As many lines as asked for; empty ones if the curve has no point or there is no room.
    """
    known = finite(points)
    if not known or width < 16 or height < 4:
        return [Text("") for _ in range(height)]
    over = finite(second)
    all_known = [*known, *over]
    first = min(point.iteration for point in all_known)
    end = max(iterations.last or 0, *(point.iteration for point in all_known), first + 1)
    x = Axis(min(1, first), end, iteration_ticks(end, count=max(2, width // 16)))
    y = value_axis([point.value for point in all_known], count=max(4, (height - 2) // 2))
    drawn = _draw(thin(points, 2 * width), x, y, width=width, height=height)
    margin = max(map(len, write_values(y.ticks))) + 1
    styled = _style(drawn, margin, _mark_columns(iterations.marks, x, width - margin))
    cells = _joined(over, x, y, columns=width - margin, rows=height - 2)
    return _lay_over(styled, margin, cells)


def value_axis(values: Sequence[float], count: int) -> Axis:
    """Return an axis that includes all *values*, with about *count* round numbers as labels."""
    low, high = min(values), max(values)
    if high - low < 1e-12 + 1e-6 * abs(high):
        padding = abs(high) * 0.1 or 1.0
        low, high = low - padding, high + padding
    step = _round_step((high - low) / max(1, count))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    ticks = tuple(round(number * step, 12) for number in range(first, last + 1))
    return Axis(low, high, ticks or (low, high))


def iteration_ticks(end: int, count: int) -> tuple[float, ...]:
    """Return about *count* round iterations from 0 to *end*."""
    step = max(1.0, _round_step(end / count))
    return tuple(step * number for number in range(1, int(end / step) + 1))


def _round_step(rough: float) -> float:
    scale = 10.0 ** math.floor(math.log10(rough))
    return next(scale * nice for nice in (1, 2, 2.5, 5, 10) if scale * nice >= rough * 0.999)


def write_values(ticks: Sequence[float]) -> list[str]:
    """Write the numbers of an axis in few characters, all with as many decimals."""
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else abs(ticks[0]) or 1.0
    kind, fewest = ("e", 1) if max(abs(tick) for tick in ticks) < 0.01 else ("f", 0)
    for digits in range(fewest, 7):
        texts = [f"{tick:.{digits}{kind}}" if tick or kind == "f" else "0" for tick in ticks]
        if all(
            abs(float(text) - tick) < step / 1000 for text, tick in zip(texts, ticks, strict=True)
        ):
            break
    return [text.rjust(_LABEL) for text in texts]


def thin(points: Sequence[Point], most: int) -> list[Point]:
    """Return at most *most* points, each the mean of adjacent ones; gaps stay."""
    if len(points) <= most:
        return list(points)
    size = math.ceil(len(points) / most)
    thinned = []
    for start in range(0, len(points), size):
        part = points[start : start + size]
        known = finite(part)
        value = sum(point.value for point in known) / len(known) if known else math.nan
        thinned.append(Point(part[-1].iteration, value))
    return thinned


def _draw(points: Sequence[Point], x: Axis, y: Axis, *, width: int, height: int) -> list[str]:
    import plotext

    figure = plotext.figure
    plotext.terminal.limit(width=False, height=False)  # the size asked for, not that of a terminal
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(width, height)
    figure.axes(active=False, side=1)
    figure.ruler("x").lim(x.low, x.high)
    figure.ruler("x").ticks(list(x.ticks), [str(int(tick)) for tick in x.ticks])
    figure.ruler("y").lim(y.low, y.high)
    figure.ruler("y").ticks(list(y.ticks), write_values(y.ticks))
    for is_known, group in groupby(points, key=lambda point: math.isfinite(point.value)):
        part = list(group)
        if is_known:
            signal = figure.signal(
                [float(point.iteration) for point in part],
                [point.value for point in part],
                marker="braille",
            )
            figure.draw(signal.lines(active=True) if len(part) > 1 else signal)
    lines: list[str] = figure.build().string(colorless=True).split("\n")
    return [line.ljust(width)[:width] for line in lines[:height]]


def _mark_columns(marks: Iterable[int], x: Axis, columns: int) -> set[int]:
    span = x.high - x.low
    return {
        round((mark - x.low) / span * (columns - 1)) for mark in marks if x.low <= mark <= x.high
    }


def _joined(
    points: Sequence[Point], x: Axis, y: Axis, *, columns: int, rows: int
) -> dict[tuple[int, int], str]:
    """Return the characters at (row, column) of the canvas: the points, and dots between them.

    They are rounded as plotext 6 does, so that a point lies on a curve that goes through it.
    """

    def place(point: Point) -> tuple[int, int]:
        right = (point.iteration - x.low) / (x.high - x.low)
        up = (point.value - y.low) / (y.high - y.low)
        return rows - 1 - int(up * (rows - 1) + 0.5), int(right * (columns - 1) + 0.5)

    places = [place(point) for point in points]
    dots = (dot for begin, end in pairwise(places) for dot in _between(begin, end))
    return dict.fromkeys(dots, JOINT) | dict.fromkeys(places, POINT)


def _between(begin: tuple[int, int], end: tuple[int, int]) -> Iterable[tuple[int, int]]:
    down, right = end[0] - begin[0], end[1] - begin[1]
    steps = max(abs(down), abs(right))
    for step in range(1, steps):
        yield begin[0] + round(down * step / steps), begin[1] + round(right * step / steps)


def _lay_over(
    lines: Sequence[Text], margin: int, cells: Mapping[tuple[int, int], str]
) -> list[Text]:
    """Put characters onto the canvas; dots do not replace what is there."""
    laid = list(lines)
    for row in {row for row, _ in cells}:
        here = {margin + at: character for (on, at), character in cells.items() if on == row}
        old = lines[row]
        length = max(len(old.plain), max(here) + 1)
        characters = list(old.plain.ljust(length))
        shown = {
            at: character
            for at, character in here.items()
            if character == POINT or characters[at] in _BLANK
        }
        for at, character in shown.items():
            characters[at] = character
        new = Text("".join(characters), spans=old.spans, no_wrap=True)
        for at in shown:
            new.stylize(SECOND, at, at + 1)
        laid[row] = new
    return laid


def _style(lines: Sequence[str], margin: int, marks: set[int]) -> list[Text]:
    """Color the curve and put the marks on the iteration axis (the last line but one)."""
    styled = []
    for number, line in enumerate(lines):
        text = Text(no_wrap=True)
        if number < len(lines) - 2:
            text.append(line[:margin], "dim")
            text.append(line[margin:].rstrip(), ACCENT)
        elif number == len(lines) - 2:
            axis = "".join(
                MARK if column in marks else character
                for column, character in enumerate(line[margin:])
            )
            text.append(line[:margin] + axis.rstrip(), "dim")
        else:
            text.append(line.rstrip(), "dim")
        styled.append(text)
    return styled
