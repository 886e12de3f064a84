"""The learning rate that a run really gets, iteration by iteration.

Source — the scheduler of our configs (xtuner's own: LinearLR from 1e-5, then CosineAnnealingLR to
0, both given in epochs) as mmengine 0.10.7 turns it into iterations, and its OptimWrapper, which
updates at every full accumulation and at the very last iteration.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

START_FACTOR = 1e-5


def warmup_iters(warmup_ratio: float, max_epochs: int, iters_per_epoch: int) -> int:
    """Give the iterations of warm-up, counted as mmengine does (epochs first, then cut down)."""
    return int(warmup_ratio * max_epochs * iters_per_epoch)


def lr_factor(iteration: int, warmup: int, total: int) -> float:
    """Give the part of lr that an iteration (from 0) trains with; *warmup* is 0, or at least 2."""
    if iteration < warmup:
        return START_FACTOR + (1 - START_FACTOR) * iteration / (warmup - 1)
    return (1 + math.cos(math.pi * (iteration - warmup) / (total - warmup))) / 2


def update_iterations(total: int, accumulative_counts: int) -> Iterator[int]:
    """Give the iterations (from 0) at whose end the weights change."""
    yield from range(accumulative_counts - 1, total, accumulative_counts)
    if total % accumulative_counts:
        yield total - 1


def best_factor(warmup: int, total: int, accumulative_counts: int) -> float:
    """Give the greatest part of lr that any update of a run trains with.

    Between two updates the factor only rises during warm-up and only falls after it, so the
    updates around the end of the warm-up decide.
    """
    last_warm = max(warmup - 1, 0)
    before = last_warm // accumulative_counts * accumulative_counts - 1
    near = {before, before + accumulative_counts, before + 2 * accumulative_counts, total - 1}
    return max(lr_factor(i, warmup, total) for i in near if 0 <= i < total)
