"""The hook that gives a run another schedule and end than its config says.

It serves `xtgui train --more` and `train.until_learned`. mmengine resumes a schedule with its
state, and the schedule of a finished run stays at its end. So the new one is built here: at the
iteration where it begins, and again at each later resume, from the numbers alone and not from the
state in the checkpoint.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from mmengine.hooks import Hook
from mmengine.optim import CosineAnnealingLR, LinearLR

from ..shared.schedule_restarts import ScheduleRestart, add_restart
from .run_context import RunContext

START_FACTOR = 1e-5
"""The fraction of the learning rate that a warm-up begins with, as in our configs."""


class ScheduleHook(Hook):  # type: ignore[misc]
    """Runs before the progress hook, which reports the warm-up and the end as they were built."""

    priority = "NORMAL"

    def __init__(self, context: RunContext, restarts: Sequence[ScheduleRestart]) -> None:
        self._context = context
        self.restarts = list(restarts)
        """In order; those at later iterations are still to come."""

    def before_train(self, runner: Any) -> None:
        """Note the planned end, and rebuild the schedule that a resumed run had."""
        done = runner.train_loop.iter
        self._context.planned_iters = runner.train_loop.max_iters
        self._take_end(runner)
        begun = [restart for restart in self.restarts if restart.begin <= done]
        if begun:
            self._build(runner, begun[-1], done)

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        """Build the schedule that starts with this iteration."""
        for restart in self.restarts:
            if restart.begin == runner.iter:
                self._build(runner, restart, restart.begin)

    def restart(self, runner: Any, restart: ScheduleRestart) -> None:
        """Change the run's schedule and end from now on, also for later resumes.

        Args:
            runner: The one that trains.
            restart: Begins with the next iteration.

        Raises:
            OSError: If it cannot be written beside the run.
        """
        add_restart(self._context.folder.schedule_restarts_file, restart)
        self.restarts.append(restart)
        self._take_end(runner)

    def _take_end(self, runner: Any) -> None:
        """End the run where the last restart ends; further epochs are already in the config."""
        if self.restarts and self.restarts[-1].cause != "more":
            runner.train_loop._max_iters = self.restarts[-1].end
            self._context.ends_early = self.restarts[-1].cause

    @staticmethod
    def _build(runner: Any, restart: ScheduleRestart, done: int) -> None:
        if restart.end > restart.begin:
            runner.param_schedulers = build_schedulers(restart, runner.optim_wrapper, done)


def build_schedulers(restart: ScheduleRestart, optim_wrapper: Any, done: int) -> list[Any]:
    """Build the schedule of a restart, and set the learning rate that it has by then.

    Args:
        restart: What to build.
        optim_wrapper: mmengine's; its groups keep their proportions, the highest gets `restart.lr`.
        done: Iterations done, counted from the start of the run; not below `restart.begin`.

    Returns:
        The schedulers, to be stepped after each iteration from now on.
    """
    groups = optim_wrapper.param_groups
    highest = max(group.get("initial_lr", group["lr"]) for group in groups)
    for group in groups:
        part = group.get("initial_lr", group["lr"]) / highest
        group["lr"] = group["initial_lr"] = part * restart.lr
    build = _constant_then_falling if restart.decay_iters else _warmup_and_cosine
    schedulers = build(restart, optim_wrapper)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's order of steps: these have been taken before
        # mmengine computes each value from the previous one; repeating that gives identical bits
        for _ in range(done - restart.begin):
            for scheduler in schedulers:
                scheduler.step()
    return schedulers


def _warmup_and_cosine(restart: ScheduleRestart, optim_wrapper: Any) -> list[Any]:
    length, warmup = restart.end - restart.begin, restart.warmup_iters
    schedulers = []
    if warmup:
        schedulers.append(
            LinearLR(optim_wrapper, START_FACTOR, begin=0, end=warmup, by_epoch=False)
        )
    schedulers.append(
        CosineAnnealingLR(optim_wrapper, eta_min=0.0, begin=warmup, end=length, by_epoch=False)
    )
    return schedulers


def _constant_then_falling(restart: ScheduleRestart, optim_wrapper: Any) -> list[Any]:
    """Let the rate reach 0 after the last iteration, which would learn nothing at a rate of 0."""
    length, decay = restart.end - restart.begin, restart.decay_iters
    begin, end = length - decay, length + 1
    return [LinearLR(optim_wrapper, 1.0, 0.0, begin=begin, end=end, by_epoch=False)]
