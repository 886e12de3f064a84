"""When mmengine updates the weights."""

from __future__ import annotations

from collections.abc import Iterator


def update_iterations(total: int, accumulative_counts: int) -> Iterator[int]:
    """Return the iterations (from 0) at whose end the weights change.

    mmengine 0.10.7's OptimWrapper updates at every full accumulation and at the last iteration.
    """
    yield from range(accumulative_counts - 1, total, accumulative_counts)
    if total % accumulative_counts:
        yield total - 1
