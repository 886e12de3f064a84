"""The loss over the iterations as an SVG file for a web page, written by ourselves.

Its colors have about the same contrast to white as to black, and it has no background: pages are
light or dark, and an included picture cannot know.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from ..runs.series import Point, finite, smooth
from ..texts import t

WINDOW = 10
"""Iterations whose mean is a point of the curve, as in xtuner's own log."""

_WIDTH, _HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 40, 44
_CURVE, _HELD_OUT, _INK = "#3b82d6", "#c2622d", "#7c7c7c"
_TICKS = 5
_FAINT = "0.3"
_LARGEST = 1e6
"""Larger losses are not drawn: guessing among any vocabulary's tokens has a loss below 13."""


def loss_svg(losses: Sequence[Point], held_out: Sequence[Point] = ()) -> str | None:
    """Return the picture of a training's loss, in nats per token.

    Args:
        losses: By iteration, as measured: drawn faintly, with their mean over `WINDOW` iterations.
        held_out: The loss on rows that are not trained; few points.

    Returns:
        The SVG's text; None if there are fewer than two points to draw.
    """
    losses, held_out = _believable(losses), finite(_believable(held_out))
    if len(finite(losses)) < 2:
        return None
    smoothed = smooth(losses, WINDOW)
    known = [*finite(losses), *held_out]
    across = _ticks(max(point.iteration for point in known))
    up = _ticks(max(point.value for point in known))
    scale = _Scale(across[-1], up[-1])
    parts = [
        *_axes(scale, across, up),
        *_lines(losses, scale, _CURVE, _FAINT),
        *_lines(smoothed, scale, _CURVE, "1"),
        *_dots(held_out, scale),
        *_legend(has_held_out=bool(held_out)),
    ]
    title = escape(t("model_card.curve"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12">\n<title>{title}</title>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _believable(points: Sequence[Point]) -> list[Point]:
    return [p if 0 <= p.value < _LARGEST else Point(p.iteration, math.nan) for p in points]


class _Scale:
    """Converts iterations and losses to the picture's coordinates."""

    def __init__(self, last: float, top: float) -> None:
        self._last, self._top = last, top

    def x(self, iteration: float) -> float:
        return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * iteration / self._last, 1)

    def y(self, loss: float) -> float:
        return round(_HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * loss / self._top, 1)


def _ticks(highest: float) -> list[float]:
    """Return round numbers from 0 to the first that is not below the highest."""
    highest = max(highest, 0.01)
    power = 10.0 ** math.floor(math.log10(highest / _TICKS))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power * _TICKS >= highest)
    return [number * step for number in range(math.ceil(highest / step) + 1)]


def _axes(scale: _Scale, across: Sequence[float], up: Sequence[float]) -> Iterator[str]:
    right, bottom = scale.x(across[-1]), scale.y(0)
    for value in up:
        y = scale.y(value)
        yield (
            f'<line x1="{_LEFT}" y1="{y}" x2="{right}" y2="{y}" stroke="{_INK}" '
            f'stroke-opacity="{_FAINT}"/>'
        )
        yield _text(_LEFT - 8, y + 4, f"{value:g}", "end")
    for value in across:
        yield _text(scale.x(value), bottom + 18, f"{value:g}", "middle")
    middle = (_LEFT + right) / 2
    yield _text(middle, _HEIGHT - 6, t("model_card.curve_iterations"), "middle")


def _lines(points: Sequence[Point], scale: _Scale, colour: str, opacity: str) -> Iterator[str]:
    """Yield a line for each stretch of points with finite values."""
    for is_known, stretch in groupby(points, key=lambda point: math.isfinite(point.value)):
        if is_known:
            yield (
                f'<polyline points="{_coordinates(stretch, scale)}" fill="none" '
                f'stroke="{colour}" stroke-width="2" stroke-opacity="{opacity}"/>'
            )


def _dots(points: Sequence[Point], scale: _Scale) -> Iterator[str]:
    if points:
        yield (
            f'<polyline points="{_coordinates(points, scale)}" fill="none" '
            f'stroke="{_HELD_OUT}" stroke-width="2" stroke-dasharray="2 5"/>'
        )
    for point in points:
        x, y = scale.x(point.iteration), scale.y(point.value)
        yield f'<circle cx="{x}" cy="{y}" r="4" fill="{_HELD_OUT}"/>'


def _coordinates(points: Iterable[Point], scale: _Scale) -> str:
    return " ".join(f"{scale.x(point.iteration)},{scale.y(point.value)}" for point in points)


def _legend(*, has_held_out: bool) -> Iterator[str]:
    yield _text(_LEFT, 22, t("model_card.curve_training", window=WINDOW), "start", _CURVE)
    if has_held_out:
        yield _text(_WIDTH - _RIGHT, 22, t("model_card.curve_held_out"), "end", _HELD_OUT)


def _text(x: float, y: float, text: str, anchor: str, colour: str = _INK) -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'
