"""Statistics of the lengths of rows: quantiles and the bars of a histogram."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

BARS = 8
"""Bars up to max_length, or up to the longest row if all are much shorter."""
BEYOND = (2, 4)
"""Ends of the bars beyond max_length, in multiples of it; one more bar has everything longer."""
QUANTILES = (0.5, 0.9, 0.99, 1.0)
"""The shares of rows whose longest length is reported."""
_NICE = (1, 2, 5, 10)


@dataclass(frozen=True)
class Bar:
    """How many rows have a length from `first` to `last`, both included."""

    first: int
    last: int
    rows: int


def quantile(ordered: Sequence[int], share: float) -> int:
    """Return the smallest length that a *share* of the rows does not exceed; 0 without rows."""
    if not ordered:
        return 0
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1]


def histogram(ordered: Sequence[int], max_length: int) -> list[Bar]:
    """Return bars over sorted lengths; max_length is the end of a bar or beyond all of them."""
    if not ordered:
        return []
    longest = ordered[-1]
    ends = _ends(ordered[0], longest, max_length)
    bars, first, done = [], ends.pop(0) + 1, bisect_right(ordered, 0)
    for end in ends:
        upto = bisect_right(ordered, end)
        bars.append(Bar(first, end, upto - done))
        first, done = end + 1, upto
    return bars


def _ends(shortest: int, longest: int, max_length: int) -> list[int]:
    """Return the ends of all bars, preceded by the length before the first bar."""
    if longest <= max_length // 2:
        width = _nice_width(longest - shortest + 1)
        start = max(shortest - 1, 0) // width * width
        return list(range(start, longest + width, width))
    ends = sorted({max_length * number // BARS for number in range(BARS + 1)})
    if longest <= max_length:
        return ends
    beyond = [max_length * times for times in BEYOND if max_length * times < longest]
    return [*ends, *beyond, longest]


def _nice_width(longest: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50, ... that needs at most BARS bars."""
    rough = max(longest / BARS, 1)
    power = 10 ** math.floor(math.log10(rough))
    return next(int(power * nice) for nice in _NICE if power * nice >= rough)
