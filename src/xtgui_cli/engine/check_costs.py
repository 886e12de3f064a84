"""How much a check may ask: its costs, and its share of the training time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..shared.learning import LEAST_ROWS

SHARE = 0.05
"""The share of the training time since the last check that a check at a checkpoint may take."""
LEAST_ITEMS = 24
"""Fewer general questions say too little."""


def seconds_allowed(trained_s: float, checked_at_s: float) -> float:
    """Return how long a check may take, in seconds.

    Args:
        trained_s: Time of all iterations so far, without saving and evaluating.
        checked_at_s: The same at the time of the last check.
    """
    return SHARE * (trained_s - checked_at_s)


@dataclass(frozen=True)
class Extent:
    """How much a check asks."""

    rows: int
    items: int
    held_out: bool
    """All of the held-out rows or none: the loss on a part of them could not be compared."""


@dataclass(frozen=True)
class Costs:
    """How long asking takes, in seconds."""

    row: float = 0.0
    item: float = 0.0
    held_out: float = 0.0
    """For all of the held-out rows."""

    def of(self, extent: Extent) -> float:
        """Return how long a check of that extent takes."""
        held_out = self.held_out if extent.held_out else 0.0
        return self.row * extent.rows + self.item * extent.items + held_out


def extent_within(seconds: float, costs: Costs, most: Extent) -> Extent | None:
    """Return the largest check that fits into *seconds*, or None if even the smallest does not.

    Held-out rows take precedence over a larger sample of the others.
    """
    least = Extent(min(LEAST_ROWS, most.rows), min(LEAST_ITEMS, most.items), held_out=False)
    if costs.of(least) > seconds:
        return None
    with_held_out = replace(least, held_out=most.held_out)
    begin = with_held_out if costs.of(with_held_out) <= seconds else least
    left = seconds - costs.of(begin)
    wanted = costs.of(replace(most, held_out=begin.held_out)) - costs.of(begin)
    part = min(1.0, left / wanted) if wanted > 0 else 1.0
    return Extent(
        rows=least.rows + int(part * (most.rows - least.rows)),
        items=least.items + int(part * (most.items - least.items)),
        held_out=begin.held_out,
    )
