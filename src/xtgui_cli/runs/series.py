"""A curve over iterations in bounded memory, however long the run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Point(NamedTuple):
    """The mean of one or more adjacent iterations."""

    iteration: int
    """The last iteration in it."""
    value: float
    """The mean of its finite values; nan if there are none."""


class Series:
    """Values by iteration: exact while they are few, later means of 2, 4, 8... adjacent ones.

    `limit` is the maximum number of points. Adding takes the same time at any length.
    """

    def __init__(self, limit: int = 1024) -> None:
        self._limit = limit
        self._stride = 1
        self._last: list[int] = []
        self._sum: list[float] = []
        self._count: list[int] = []
        self._done: list[Point] = []
        """The points that will not change any more, up to the last one that was asked for."""

    def put(self, iteration: int, value: float) -> None:
        """Add the value of an iteration; values of later iterations are forgotten."""
        last = self._last
        if last and iteration <= last[-1]:
            self.forget_after(iteration - 1)
        is_finite = math.isfinite(value)
        if last and (iteration - 1) // self._stride == (last[-1] - 1) // self._stride:
            last[-1] = iteration
            if is_finite:
                self._sum[-1] += value
                self._count[-1] += 1
            return
        self._last.append(iteration)
        self._sum.append(value if is_finite else 0.0)
        self._count.append(int(is_finite))
        if len(self._last) > self._limit:
            self._halve()

    def forget_after(self, iteration: int) -> None:
        """Forget the iterations after this one, which a resumed run repeats.

        A point that holds iterations of both sides is dropped as a whole.
        """
        while self._last and self._last[-1] > iteration:
            for column in (self._last, self._sum, self._count):
                column.pop()
        del self._done[max(0, len(self._last) - 1) :]

    def points(self) -> tuple[Point, ...]:
        """Return the curve, first iteration first."""
        for number in range(len(self._done), len(self._last) - 1):
            self._done.append(self._point(number))
        if not self._last:
            return ()
        return (*self._done, self._point(len(self._last) - 1))

    def _point(self, number: int) -> Point:
        count = self._count[number]
        value = self._sum[number] / count if count else math.nan
        return Point(self._last[number], value)

    def _bucket(self, iteration: int) -> int:
        return (iteration - 1) // self._stride

    def _halve(self) -> None:
        self._stride *= 2
        self._done.clear()
        old = list(zip(self._last, self._sum, self._count, strict=True))
        self._last, self._sum, self._count = [], [], []
        for last, total, count in old:
            if self._last and self._bucket(self._last[-1]) == self._bucket(last):
                self._last[-1] = last
                self._sum[-1] += total
                self._count[-1] += count
            else:
                self._last.append(last)
                self._sum.append(total)
                self._count.append(count)


def smooth(points: Sequence[Point], window: int) -> list[Point]:
    """Return each point as the mean of the points in the *window* iterations that end with it.

    Ten is what xtuner itself prints (mmengine's LogProcessor). Points that are not finite stay as
    they are and do not count in the others.
    """
    smoothed: list[Point] = []
    start = 0
    total, count = 0.0, 0
    for point in points:
        if math.isfinite(point.value):
            total += point.value
            count += 1
        while points[start].iteration <= point.iteration - window:
            if math.isfinite(points[start].value):
                total -= points[start].value
                count -= 1
            start += 1
        is_gap = not math.isfinite(point.value) or not count
        smoothed.append(point if is_gap else Point(point.iteration, total / count))
    return smoothed


def finite(points: Iterable[Point]) -> list[Point]:
    """Return the points with finite values."""
    return [point for point in points if math.isfinite(point.value)]


class CurveNumbers(NamedTuple):
    """A curve in three numbers, each the mean of enough points to average out noise."""

    first: Point
    last: Point
    lowest: Point


def curve_numbers(points: Sequence[Point], window: int) -> CurveNumbers | None:
    """Return where a curve begins, ends and is lowest; None if it has no finite point.

    Each is the mean of up to *window* iterations, so that a single lucky one is not the lowest. If
    points are further apart, as in xtuner's own logs, each is such a mean by itself.
    """
    known = finite(points)
    if not known:
        return None
    smoothed = smooth(known, window)
    step = known[1].iteration - known[0].iteration if len(known) > 1 else 1
    begin = known[0].iteration + max(window - step, 0)
    whole = [point for point in smoothed if point.iteration >= begin]
    settled = whole or smoothed[-1:]
    return CurveNumbers(settled[0], smoothed[-1], min(settled, key=lambda point: point.value))
