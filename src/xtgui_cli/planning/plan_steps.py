"""Chooses batches, accumulation, epochs, warm-up and intervals from the number of samples.

The learning rate that a run really gets is that of our configs' scheduler (xtuner's own: LinearLR
from 1e-5, then CosineAnnealingLR to 0, both given in epochs) as mmengine 0.10.7 turns it into
iterations, and of its OptimWrapper, which updates at every full accumulation and at the very last
iteration.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..settings.table import BY_KEY, Settings
from .reasons import Reason, explain, percent, warn
from .recipe import (
    XTUNER_ACCUMULATION,
    XTUNER_EPOCHS,
    XTUNER_WARMUP,
    rows_per_update,
    times_seen,
)
from .row_facts import RowFacts

FEWEST_UPDATES = 100
"""Minimum number of optimizer steps in a plan (tinker-cookbook, hyperparams.md; OpenAI's
fine-tuning raises epochs to 100 examples in all)."""
BATCH_TOKENS = 2048
"""Maximum tokens of a batch of rows; longer ones are accumulated."""
FEWEST_EPOCHS, MOST_EPOCHS = 3, 40
MOST_ITERS = 30_000
"""Iterations above which one epoch is enough: so many rows say everything more than once."""
WARMUP_RATIO = 0.05
BEST_FACTOR = 0.9
"""The fraction of lr that some optimizer step has to reach."""
START_FACTOR = 1e-5
"""The fraction of lr at which warm-up begins."""

_EPOCHS = BY_KEY["train.max_epochs"]
_BATCH = BY_KEY["train.batch_size"]
_WARMUP = BY_KEY["train.warmup_ratio"]


@dataclass(frozen=True, kw_only=True)
class Trained:
    """The contents of an epoch."""

    rows: int
    """Rows that are trained, of which several may share a pack."""
    own_rows: int
    """The user's own among these, each counted once."""
    repeats: int = 1
    """How often each of them is among the rows."""
    samples: int
    longest_sample: int
    """In tokens."""
    facts: RowFacts
    """Facts about the rows that teach something; general questions are not among them."""
    taught_share: float = 1.0
    """The share of the rows that teach something; the others are general questions."""


@dataclass(frozen=True, kw_only=True)
class Steps:
    """How the samples are trained."""

    batch_size: int
    accumulation: int
    iters_per_epoch: int
    epochs: int
    reasons: tuple[Reason, ...] = ()

    @property
    def iterations(self) -> int:
        """Iterations of the run."""
        return self.iters_per_epoch * self.epochs

    @property
    def updates(self) -> int:
        """Optimizer steps of the run."""
        return math.ceil(self.iterations / self.accumulation)


def plan_steps(trained: Trained, settings: Settings) -> Steps:
    """Return batch size, accumulation, epochs and the reasons.

    Batches do not depend on epochs, so that more epochs always make more updates.
    """
    reasons: list[Reason] = []
    batch_size, accumulation = _plan_batches(trained, settings, reasons)
    per_epoch = _iters_per_epoch(trained.samples, batch_size, settings)
    epochs = settings.train.max_epochs
    if epochs is None:
        epochs = _plan_epochs(trained, per_epoch, accumulation, settings, reasons)
    steps = Steps(
        batch_size=batch_size, accumulation=accumulation, iters_per_epoch=per_epoch, epochs=epochs
    )
    if steps.updates < FEWEST_UPDATES and epochs < MOST_EPOCHS:
        reasons.append(warn(_EPOCHS, "plan.few_updates", updates=steps.updates, few=FEWEST_UPDATES))
    return replace(steps, reasons=tuple(reasons))


def _iters_per_epoch(samples: int, batch_size: int, settings: Settings) -> int:
    """Return the iterations of one epoch.

    mmengine's sampler pads, its loader keeps the remainder.
    """
    for_each_gpu = math.ceil(samples / settings.launch.num_gpus)
    return math.ceil(for_each_gpu / batch_size)


def _plan_batches(trained: Trained, settings: Settings, reasons: list[Reason]) -> tuple[int, int]:
    """Return batch size and accumulation, which share the planned rows of an update."""
    batch_size, accumulation = settings.train.batch_size, settings.train.accumulative_counts
    if settings.train.recipe == "xtuner":
        return batch_size or 1, accumulation or XTUNER_ACCUMULATION
    wanted = rows_per_update(trained.own_rows)
    in_sample = trained.rows / trained.samples
    samples = max(1, round(wanted / in_sample / settings.launch.num_gpus))
    if batch_size is None:
        batch_size = max(1, min(samples, BATCH_TOKENS // max(1, trained.longest_sample)))
        if accumulation is not None:
            batch_size = max(1, min(batch_size, samples // accumulation))
    if accumulation is None:
        accumulation = max(1, samples // batch_size)
    in_update = batch_size * accumulation * in_sample * settings.launch.num_gpus
    if settings.train.batch_size is None or settings.train.accumulative_counts is None:
        reasons.append(explain(_BATCH, "plan.rows_per_update", count=round(in_update)))
    return batch_size, accumulation


def _plan_epochs(
    trained: Trained,
    per_epoch: int,
    accumulation: int,
    settings: Settings,
    reasons: list[Reason],
) -> int:
    if settings.train.recipe == "xtuner":
        return XTUNER_EPOCHS
    if per_epoch * FEWEST_EPOCHS > MOST_ITERS:
        reasons.append(explain(_EPOCHS, "plan.one_epoch", iters=per_epoch, usual=FEWEST_EPOCHS))
        return 1
    answers = trained.facts.answers or trained.own_rows
    in_epoch = max(1.0, trained.facts.repeats) * trained.repeats
    wanted = max(FEWEST_EPOCHS, round(times_seen(answers) / in_epoch))
    # General questions teach nothing new: their updates are extra.
    per_epoch_taught = per_epoch * trained.taught_share
    enough = math.ceil(((FEWEST_UPDATES - 1) * accumulation + 1) / per_epoch_taught)
    epochs: int = max(wanted, min(enough, MOST_EPOCHS))
    is_by_answers = epochs == wanted
    reasons.append(
        explain(
            _EPOCHS,
            "plan.epochs_by_answers" if is_by_answers else "plan.epochs_by_updates",
            epochs=epochs,
            answers=answers,
            seen=round(epochs * in_epoch),
            updates=math.ceil(per_epoch * epochs / accumulation),
            few=FEWEST_UPDATES,
        )
    )
    return epochs


def plan_warmup(steps: Steps, settings: Settings) -> tuple[float, int, list[Reason]]:
    """Return warmup_ratio, the iterations of warm-up that it really means, and the reasons."""
    warmup_ratio = settings.train.warmup_ratio
    usual = XTUNER_WARMUP if settings.train.recipe == "xtuner" else WARMUP_RATIO
    ratio = usual if warmup_ratio is None else warmup_ratio
    total, accumulation = steps.iterations, steps.accumulation
    wanted = warmup_iters(ratio, steps.epochs, steps.iters_per_epoch)
    warmup = wanted if wanted >= 2 else 0
    reasons = []
    if ratio and not warmup:
        say = explain if warmup_ratio is None else warn
        reasons.append(say(_WARMUP, "plan.no_warmup", ratio=ratio, total=total))
    best = best_factor(warmup, total, accumulation)
    if best < BEST_FACTOR and warmup and warmup_ratio is None:
        warmup, best = 0, best_factor(0, total, accumulation)
        reasons.append(explain(_WARMUP, "plan.no_warmup_in_time", total=total))
    if best < BEST_FACTOR:
        reasons.append(warn(_WARMUP, "plan.never_full_rate", percent=percent(best)))
    return ratio, warmup, reasons


def plan_saving(steps: Steps, settings: Settings) -> tuple[int, int]:
    """Return save_steps and evaluation_freq: in a short run both follow its epochs.

    The ends of epochs are saved anyway; steps between them would only add to the evaluations.
    """
    total, per_epoch, epochs = steps.iterations, steps.iters_per_epoch, steps.epochs
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
    """Return the iterations of warm-up as mmengine counts them: epochs first, then rounded down."""
    return int(warmup_ratio * max_epochs * iters_per_epoch)


def lr_factor(iteration: int, warmup: int, total: int) -> float:
    """Return the fraction of lr that an iteration (from 0) trains with.

    *warmup* is 0, or at least 2.
    """
    if iteration < warmup:
        return START_FACTOR + (1 - START_FACTOR) * iteration / (warmup - 1)
    return (1 + math.cos(math.pi * (iteration - warmup) / (total - warmup))) / 2


def best_factor(warmup: int, total: int, accumulative_counts: int) -> float:
    """Return the largest fraction of lr that any update of a run trains with.

    Between two updates the factor only rises during warm-up and only falls after it, so the updates
    around the end of the warm-up decide.
    """
    last_warm = max(warmup - 1, 0)
    before = last_warm // accumulative_counts * accumulative_counts - 1
    near = {before, before + accumulative_counts, before + 2 * accumulative_counts, total - 1}
    return max(lr_factor(i, warmup, total) for i in near if 0 <= i < total)
