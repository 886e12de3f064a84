"""Chooses epochs, accumulation, warm-up and intervals from the number of samples."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..shared.settings import BY_KEY
from .reasons import Reason, percent, warn
from .schedule import best_factor, warmup_iters

FEWEST_UPDATES = 40
"""Optimizer steps below which hardly anything is learned."""
GOOD_UPDATES = 200
"""Optimizer steps below which gradients are not accumulated any further."""
USUAL_EPOCHS = 3
MOST_EPOCHS = 40
MOST_ITERS = 30_000
"""Iterations above which one epoch is enough: so many rows say everything more than once."""
BEST_FACTOR = 0.9
"""The part of lr that some optimizer step has to reach."""
ACCUMULATIONS = (16, 8, 4, 2, 1)


def iters_per_epoch(samples: int, given: Mapping[str, Any]) -> int:
    """Give the iterations of one epoch: mmengine's sampler fills up, its loader keeps the rest."""
    processes = given.get("launch.num_gpus", 1)
    batch_size = given.get("train.batch_size", 1)
    return math.ceil(math.ceil(samples / int(processes)) / int(batch_size))


def plan_steps(per_epoch: int, given: Mapping[str, Any]) -> tuple[int, int, list[Reason]]:
    """Give epochs, accumulation and why."""
    reasons: list[Reason] = []
    epochs = given.get("train.max_epochs", USUAL_EPOCHS)
    accumulation = given.get("train.accumulative_counts")
    if accumulation is None:
        usual = per_epoch * epochs
        enough = (n for n in ACCUMULATIONS if math.ceil(usual / n) >= GOOD_UPDATES)
        accumulation = next(enough, 1)
        facts = {
            "count": accumulation,
            "updates": math.ceil(usual / accumulation),
            "most": ACCUMULATIONS[0],
            "fewer": math.ceil(usual / ACCUMULATIONS[0]),
        }
        code = "plan.accumulates" if accumulation == ACCUMULATIONS[0] else "plan.accumulates_less"
        reasons.append(Reason("train.accumulative_counts", code, facts))
    if "train.max_epochs" not in given:
        epochs, reason = _choose_epochs(per_epoch, accumulation)
        reasons += [reason] if reason else []
    updates = math.ceil(per_epoch * epochs / accumulation)
    if updates < FEWEST_UPDATES:
        reasons.append(warn("train.max_epochs", "few_updates", updates=updates, few=FEWEST_UPDATES))
    return epochs, accumulation, reasons


def _choose_epochs(per_epoch: int, accumulation: int) -> tuple[int, Reason | None]:
    if per_epoch * USUAL_EPOCHS > MOST_ITERS:
        facts = {"iters": per_epoch, "usual": USUAL_EPOCHS}
        return 1, Reason("train.max_epochs", "plan.one_epoch", facts)
    needed = math.ceil(((FEWEST_UPDATES - 1) * accumulation + 1) / per_epoch)
    epochs = max(USUAL_EPOCHS, min(needed, MOST_EPOCHS))
    if epochs == USUAL_EPOCHS:
        return epochs, None
    facts = {
        "epochs": epochs,
        "usual": USUAL_EPOCHS,
        "few": math.ceil(per_epoch * USUAL_EPOCHS / accumulation),
        "updates": math.ceil(per_epoch * epochs / accumulation),
    }
    return epochs, Reason("train.max_epochs", "plan.more_epochs", facts)


def plan_warmup(
    per_epoch: int, epochs: int, accumulation: int, given: Mapping[str, Any]
) -> tuple[float, int, list[Reason]]:
    """Give warmup_ratio, the iterations of warm-up that it really means, and why."""
    key = "train.warmup_ratio"
    ratio = given.get(key, BY_KEY[key].default)
    total = per_epoch * epochs
    wanted = warmup_iters(ratio, epochs, per_epoch)
    warmup = wanted if wanted >= 2 else 0
    reasons = []
    if ratio and not warmup:
        facts = {"ratio": ratio, "iters": wanted, "total": total}
        reasons.append(Reason(key, "plan.no_warmup", facts, is_warning=key in given))
    best = best_factor(warmup, total, accumulation)
    if best < BEST_FACTOR and warmup and key not in given:
        warmup, best = 0, best_factor(0, total, accumulation)
        facts = {"ratio": ratio, "total": total}
        reasons.append(Reason(key, "plan.no_warmup_in_time", facts))
    if best < BEST_FACTOR:
        reasons.append(warn(key, "never_full_rate", percent=percent(best)))
    return ratio, warmup, reasons


def plan_saving(per_epoch: int, epochs: int, given: Mapping[str, Any]) -> tuple[int, int]:
    """Give save_steps and evaluation_freq: in a short run both follow its epochs.

    The ends of epochs are saved anyway; steps between them would only add to the evaluations.
    """
    total = per_epoch * epochs
    usual = 500 if given.get("train.method") == "full" else 200
    save = given.get("train.save_steps")
    if save is None:
        save = usual if total > usual else per_epoch * (1 if epochs <= 5 else math.ceil(epochs / 4))
    evaluate = given.get("train.evaluation_freq")
    if evaluate is None:
        evaluate = save if total <= usual else 100 if total <= 2000 else 500
    return save, evaluate
