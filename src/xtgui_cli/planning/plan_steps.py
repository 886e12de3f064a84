"""Chooses epochs, accumulation, warm-up and intervals from the number of samples.

The learning rate that a run really gets is that of our configs' scheduler (xtuner's own: LinearLR
from 1e-5, then CosineAnnealingLR to 0, both given in epochs) as mmengine 0.10.7 turns it into
iterations, and of its OptimWrapper, which updates at every full accumulation and at the very last
iteration.
"""

from __future__ import annotations

import math

from ..settings.table import BY_KEY, Settings
from .reasons import Reason, explain, percent, warn

FEWEST_UPDATES = 40
"""Optimizer steps below which hardly anything is learned."""
GOOD_UPDATES = 200
"""Optimizer steps below which gradients are not accumulated any further."""
USUAL_EPOCHS = 3
MOST_EPOCHS = 40
MOST_ITERS = 30_000
"""Iterations above which one epoch is enough: so many rows say everything more than once."""
USUAL_WARMUP_RATIO = 0.03
"""XTuner's own."""
BEST_FACTOR = 0.9
"""The part of lr that some optimizer step has to reach."""
ACCUMULATIONS = (16, 8, 4, 2, 1)
START_FACTOR = 1e-5
"""The part of lr at which warm-up begins."""

_EPOCHS = BY_KEY["train.max_epochs"]
_ACCUMULATION = BY_KEY["train.accumulative_counts"]
_WARMUP = BY_KEY["train.warmup_ratio"]


def iters_per_epoch(samples: int, settings: Settings) -> int:
    """Return the iterations of one epoch.

    mmengine's sampler fills up, its loader keeps the rest.
    """
    for_each_gpu = math.ceil(samples / settings.launch.num_gpus)
    return math.ceil(for_each_gpu / settings.train.batch_size)


def plan_steps(per_epoch: int, settings: Settings) -> tuple[int, int, list[Reason]]:
    """Return epochs, accumulation and why."""
    reasons: list[Reason] = []
    epochs = settings.train.max_epochs or USUAL_EPOCHS
    accumulation = settings.train.accumulative_counts
    if accumulation is None:
        usual = per_epoch * epochs
        enough = (n for n in ACCUMULATIONS if math.ceil(usual / n) >= GOOD_UPDATES)
        accumulation = next(enough, 1)
        reasons.append(
            explain(
                _ACCUMULATION,
                "accumulates" if accumulation == ACCUMULATIONS[0] else "accumulates_less",
                count=accumulation,
                updates=math.ceil(usual / accumulation),
                most=ACCUMULATIONS[0],
                fewer=math.ceil(usual / ACCUMULATIONS[0]),
            )
        )
    if settings.train.max_epochs is None:
        epochs, reason = _choose_epochs(per_epoch, accumulation)
        reasons += [reason] if reason else []
    updates = math.ceil(per_epoch * epochs / accumulation)
    if updates < FEWEST_UPDATES:
        reasons.append(warn(_EPOCHS, "few_updates", updates=updates, few=FEWEST_UPDATES))
    return epochs, accumulation, reasons


def _choose_epochs(per_epoch: int, accumulation: int) -> tuple[int, Reason | None]:
    if per_epoch * USUAL_EPOCHS > MOST_ITERS:
        return 1, explain(_EPOCHS, "one_epoch", iters=per_epoch, usual=USUAL_EPOCHS)
    needed = math.ceil(((FEWEST_UPDATES - 1) * accumulation + 1) / per_epoch)
    epochs = max(USUAL_EPOCHS, min(needed, MOST_EPOCHS))
    if epochs == USUAL_EPOCHS:
        return epochs, None
    return epochs, explain(
        _EPOCHS,
        "more_epochs",
        epochs=epochs,
        usual=USUAL_EPOCHS,
        few=math.ceil(per_epoch * USUAL_EPOCHS / accumulation),
        updates=math.ceil(per_epoch * epochs / accumulation),
    )


def plan_warmup(
    per_epoch: int, epochs: int, accumulation: int, warmup_ratio: float | None
) -> tuple[float, int, list[Reason]]:
    """Return warmup_ratio, the iterations of warm-up that it really means, and why.

    Args:
        per_epoch: Iterations of one epoch.
        epochs: How many there are.
        accumulation: Iterations of one update.
        warmup_ratio: As set; None where it is to be chosen.
    """
    ratio = USUAL_WARMUP_RATIO if warmup_ratio is None else warmup_ratio
    total = per_epoch * epochs
    wanted = warmup_iters(ratio, epochs, per_epoch)
    warmup = wanted if wanted >= 2 else 0
    reasons = []
    if ratio and not warmup:
        say = explain if warmup_ratio is None else warn
        reasons.append(say(_WARMUP, "no_warmup", ratio=ratio, iters=wanted, total=total))
    best = best_factor(warmup, total, accumulation)
    if best < BEST_FACTOR and warmup and warmup_ratio is None:
        warmup, best = 0, best_factor(0, total, accumulation)
        reasons.append(explain(_WARMUP, "no_warmup_in_time", ratio=ratio, total=total))
    if best < BEST_FACTOR:
        reasons.append(warn(_WARMUP, "never_full_rate", percent=percent(best)))
    return ratio, warmup, reasons


def plan_saving(per_epoch: int, epochs: int, settings: Settings) -> tuple[int, int]:
    """Return save_steps and evaluation_freq: in a short run both follow its epochs.

    The ends of epochs are saved anyway; steps between them would only add to the evaluations.
    """
    total = per_epoch * epochs
    usual = settings.method.save_steps
    save = settings.train.save_steps
    if save is None:
        save = usual if total > usual else per_epoch * (1 if epochs <= 5 else math.ceil(epochs / 4))
    evaluate = settings.train.evaluation_freq
    if evaluate is None:
        evaluate = save if total <= usual else 100 if total <= 2000 else 500
    return save, evaluate


# --- the learning rate of an update --------------------------------------------------------------


def warmup_iters(warmup_ratio: float, max_epochs: int, iters_per_epoch: int) -> int:
    """Return the iterations of warm-up, counted as mmengine does (epochs first, then cut down)."""
    return int(warmup_ratio * max_epochs * iters_per_epoch)


def lr_factor(iteration: int, warmup: int, total: int) -> float:
    """Return the part of lr that an iteration (from 0) trains with.

    *warmup* is 0, or at least 2.
    """
    if iteration < warmup:
        return START_FACTOR + (1 - START_FACTOR) * iteration / (warmup - 1)
    return (1 + math.cos(math.pi * (iteration - warmup) / (total - warmup))) / 2


def best_factor(warmup: int, total: int, accumulative_counts: int) -> float:
    """Return the greatest part of lr that any update of a run trains with.

    Between two updates the factor only rises during warm-up and only falls after it, so the
    updates around the end of the warm-up decide.
    """
    last_warm = max(warmup - 1, 0)
    before = last_warm // accumulative_counts * accumulative_counts - 1
    near = {before, before + accumulative_counts, before + 2 * accumulative_counts, total - 1}
    return max(lr_factor(i, warmup, total) for i in near if 0 <= i < total)
