"""Interleaved measurements and their spread: machines are noisy, and noise comes in waves."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The minimum, the median and the maximum of some values."""

    least: float
    middle: float
    greatest: float

    def __str__(self) -> str:
        return f"{self.least:.2f} / **{self.middle:.2f}** / {self.greatest:.2f}"


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    what: str
    value: Spread
    unit: str
    """"×" for a ratio, "s" for seconds, "%" for a share."""
    goal: str


def spread(values: list[float]) -> Spread:
    """Return the spread of at least one value."""
    return Spread(min(values), statistics.median(values), max(values))


def interleave(
    measures: Mapping[str, Callable[[], float]], rounds: int, warm_up: int = 1
) -> dict[str, list[float]]:
    """Take each measurement in turn, round after round, so that a slow minute affects all of them.

    The first *warm_up* rounds fill caches and are discarded.
    """
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(warm_up + rounds):
        for name, measure in measures.items():
            value = measure()
            if number >= warm_up:
                taken[name].append(value)
    return taken


def ratios(values: list[float], reference: list[float]) -> Spread:
    """Return the spread of the ratios between measurements of the same round."""
    return spread([one / other for one, other in zip(values, reference, strict=True)])


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| what | least / **middle** / greatest | goal |", "|---|---|---|"]
    lines += [f"| {row.what} | {row.value} {row.unit} | {row.goal} |" for row in rows]
    return "\n".join(lines)
