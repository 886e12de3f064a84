"""The hook that starts the learning-rate schedule over where `xtgui train --more` has said so.

mmengine resumes a schedule with its state, and the schedule of a finished run stays at its end. So
the schedule of the further epochs is built here: at the iteration where it begins, and again at
each resume after that, from the numbers alone and not from the state in the checkpoint.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from mmengine.hooks import Hook
from mmengine.optim import CosineAnnealingLR, LinearLR

from ..shared.schedule_restarts import ScheduleRestart

START_FACTOR = 1e-5
"""The part of the learning rate that a warm-up begins with, as in our configs."""


class ScheduleHook(Hook):  # type: ignore[misc]
    """Runs before the progress hook, which says the warm-up that is really built."""

    priority = "NORMAL"

    def __init__(self, restarts: Sequence[ScheduleRestart]) -> None:
        self._restarts = restarts

    def before_train(self, runner: Any) -> None:
        done = runner.train_loop.iter
        begun = [restart for restart in self._restarts if restart.begin <= done]
        if begun:
            runner.param_schedulers = build_schedulers(begun[-1], runner.optim_wrapper, done)

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        for restart in self._restarts:
            if restart.begin == runner.iter:
                wrapper = runner.optim_wrapper
                runner.param_schedulers = build_schedulers(restart, wrapper, restart.begin)


def build_schedulers(restart: ScheduleRestart, optim_wrapper: Any, done: int) -> list[Any]:
    """Build warm-up and cosine of a restart, and set the learning rate as it is by then.

    Args:
        restart: What to build.
        optim_wrapper: mmengine's; its groups keep their proportions, the highest one gets
            `restart.lr`.
        done: Iterations done, counted from the start of the run; not below `restart.begin`.

    Returns:
        The schedulers, to be stepped after each iteration from now on.
    """
    groups = optim_wrapper.param_groups
    highest = max(group.get("initial_lr", group["lr"]) for group in groups)
    for group in groups:
        part = group.get("initial_lr", group["lr"]) / highest
        group["lr"] = group["initial_lr"] = part * restart.lr
    length, warmup = restart.end - restart.begin, restart.warmup_iters
    schedulers = []
    if warmup:
        schedulers.append(
            LinearLR(optim_wrapper, START_FACTOR, begin=0, end=warmup, by_epoch=False)
        )
    schedulers.append(
        CosineAnnealingLR(optim_wrapper, eta_min=0.0, begin=warmup, end=length, by_epoch=False)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's order of steps: these have been taken before
        # mmengine computes each value from the one before; repeated, the values are the same bits
        for _ in range(done - restart.begin):
            for scheduler in schedulers:
                scheduler.step()
    return schedulers
