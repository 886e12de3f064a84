"""How a loss has developed since the beginning of a run: the only rule, for all screens.

    diverged  none of the last ten iterations has a loss that is a number
    rising    the last ten are more than a fifth above the first ten, or above the base's loss on
              the taught rows, chance aside; or above guessing; or that loss itself has risen so
    flat      the last epoch is less than a twentieth below the first one, and below the first ten
    falling   the last ten are more than a twentieth below the first ten
    unknown   none of these, or fewer than 20 iterations

Epochs are compared with each other because all see the same rows: two stretches of ten iterations
differ by far more than a loss that hardly moves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..shared.learning import Learning
from .series import Point

WINDOW = 10
"""Iterations at the beginning, and at the end, that are compared."""
RISEN, FALLEN = 0.2, 0.05
"""The share of the loss by which it must rise, or fall, to count. Measured on a tiny model
(tests/runs/loss_series.json): with rates that teach, the last epoch is 11 % and more below the
first; with those that do not, at most 5 %."""
GUESSING = 13.0
"""Nats per token, the logarithm of 440,000: guessing among the tokens of any vocabulary has a lower
loss. A rate that is far too high leads there within an update or two, so that the first ten
iterations cannot serve for comparison."""
NOTHING_LEFT = 0.1
"""Nats per token; a loss that begins below this need not fall."""
_STANDARD_ERRORS = 3

Kind = Literal["unknown", "diverged", "rising", "flat", "falling"]


@dataclass(frozen=True)
class LossCourse:
    """How a loss has developed, and between which values."""

    kind: Kind = "unknown"
    first: float | None = None
    """The mean over the first ten iterations."""
    now: float | None = None
    """The mean over the last ten; None if none is a number."""

    @property
    def is_bad(self) -> bool:
        """Whether it deserves a warning."""
        return self.kind in ("diverged", "rising", "flat")

    @property
    def in_short(self) -> dict[str, str]:
        """Both values as texts for a sentence, `first` and `now`."""
        values = {"first": self.first, "now": self.now}
        return {name: "?" if v is None else f"{v:.2f}" for name, v in values.items()}


@dataclass(frozen=True)
class TaughtLoss:
    """The loss on the taught rows, which are the same before and after training."""

    base: float
    now: float | None = None
    """At the last check that asked all of them; None if there is none."""


def loss_course(
    points: Sequence[Point],
    iters_per_epoch: int | None = None,
    taught: TaughtLoss | None = None,
) -> LossCourse:
    """Return how a loss has developed.

    Args:
        points: The loss by iteration; a point may be the mean of several.
        iters_per_epoch: Iterations of an epoch; None if that is not known, and so whether the loss
            is flat.
        taught: The loss on the taught rows, if that was measured. Mixed-in general questions are
            easier for the base: it wrote the answers.
    """
    if not points:
        return LossCourse()
    last = points[-1].iteration
    first_ten, last_ten = _values(points, 0, WINDOW), _values(points, last - WINDOW, last)
    first = _mean(first_ten) if first_ten else None
    now = _mean(last_ten) if last_ten else None
    if now is None and last >= WINDOW:
        return LossCourse("diverged", first, now)
    if taught and taught.now is not None and taught.now > (1 + RISEN) * taught.base:
        return LossCourse("rising", taught.base, taught.now)
    if first is None or now is None or last < 2 * WINDOW:
        return LossCourse("unknown", first, now)
    chance = _STANDARD_ERRORS * math.hypot(_error(first_ten), _error(last_ten))
    least = now - _STANDARD_ERRORS * _error(last_ten)
    if taught and least > (1 + RISEN) * taught.base:
        return LossCourse("rising", taught.base, now)
    if now > GUESSING:
        return LossCourse("rising", first_ten[0], now)
    if now - first > max(chance, RISEN * first):
        return LossCourse("rising", first, now)
    if iters_per_epoch and _is_flat(points, iters_per_epoch, first - chance):
        return LossCourse("flat", first, now)
    return LossCourse("falling" if now < (1 - FALLEN) * first else "unknown", first, now)


def taught_loss(learnings: Sequence[Learning]) -> TaughtLoss | None:
    """Return the loss on the taught rows; None if the base was not asked."""
    base = learnings[0].known if learnings and learnings[0].iter == 0 else None
    if base is None or base.loss is None:
        return None
    now = learnings[-1].known if len(learnings) > 1 else None
    return TaughtLoss(base.loss, now.loss if now and learnings[-1].full else None)


def _is_flat(points: Sequence[Point], iters_per_epoch: int, surely_first: float) -> bool:
    """Return whether the last complete epoch is hardly below the first, nor below the beginning.

    Args:
        points: The loss by iteration.
        iters_per_epoch: Iterations of an epoch.
        surely_first: A lower bound of the loss at the beginning, chance aside: an epoch of very
            many rows may have taught most of them before it ends.
    """
    epochs = points[-1].iteration // iters_per_epoch
    first = _values(points, 0, iters_per_epoch)
    last = _values(points, (epochs - 1) * iters_per_epoch, epochs * iters_per_epoch)
    if epochs < 2 or not first or not last or _mean(first) < NOTHING_LEFT:
        return False
    return _mean(last) > (1 - FALLEN) * max(_mean(first), surely_first)


def _values(points: Sequence[Point], after: int, until: int) -> list[float]:
    """Return the finite values of some iterations; at least one point, which may span more."""
    later = [point for point in points if point.iteration > after]
    inside = [point for point in later if point.iteration <= until] or later[:1]
    return [point.value for point in inside if math.isfinite(point.value)]


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _error(values: Sequence[float]) -> float:
    """Return the standard error of a mean."""
    if len(values) < 2:
        return 0.0
    mean = _mean(values)
    squares = math.fsum((value - mean) ** 2 for value in values)
    return math.sqrt(squares / (len(values) - 1) / len(values))
