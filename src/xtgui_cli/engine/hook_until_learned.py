"""The hook that ends a run early: soon after its rows are learned, or when it forgets.

It does so if the config says it, under a name that plain xtuner ignores:

    until_learned = True

When and where it ends is decided in until_learned.py, from separate checks that appear as "recall"
events. A decision is kept beside the run, with those that restart its schedule.
"""

from __future__ import annotations

import math
from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import IterBasedTrainLoop

from ..shared.learning import Learning
from ..shared.schedule_restarts import ScheduleRestart
from .hook_learning import LearningHook, read_checks
from .hook_progress import ProgressHook
from .hook_schedule import ScheduleHook
from .run_context import RunContext
from .until_learned import EarlyEnd, asked_at, early_end, has_forgotten, has_learned


class UntilLearnedHook(Hook):  # type: ignore[misc]
    """Runs once the rate of the next iteration is known, and before checkpoints are written.

    So the end of a run that ends at once is saved like any other.
    """

    priority = 80

    def __init__(
        self,
        context: RunContext,
        schedule: ScheduleHook,
        progress: ProgressHook,
        learning: LearningHook,
    ) -> None:
        self._context = context
        self._schedule = schedule
        self._progress = progress
        self._learning = learning
        self._checks: dict[int, Learning] = {}
        """By the updates after which they were made, including those before a resume."""
        self._last_iter = -1
        """The last iteration at which the run is checked."""

    def before_train_epoch(self, runner: Any) -> None:
        """Restore the checks of a resumed run; all other hooks are ready by then.

        A check that was due at the checkpoint itself is made now: a requested stop does not wait
        for it.
        """
        loop, restarts = runner.train_loop, self._schedule.restarts
        if runner.cfg.get("until_learned") is not True or self._asked_for_more:
            return
        if not (self._learning.asks_rows and isinstance(loop, IterBasedTrainLoop)):
            self._context.say("warning", code="until_learned_off", data={})
            return
        self._last_iter = restarts[-1].begin if restarts else loop.max_iters - 1
        for check in read_checks(self._context.folder, loop.iter, "recall"):
            self._checks[check.iter // _per_update(runner)] = check
        self._look(runner, loop.iter)

    def after_train_iter(
        self, runner: Any, batch_idx: int, data_batch: Any = None, outputs: Any = None
    ) -> None:
        """Make the check that is due after this iteration."""
        self._look(runner, runner.iter + 1)

    @property
    def _asked_for_more(self) -> bool:
        """Whether the user asked for further epochs, which are trained to their end."""
        return any(restart.cause == "more" for restart in self._schedule.restarts)

    def _look(self, runner: Any, iteration: int) -> None:
        """Make the check that is due, and end the run early if it says so."""
        updates, rest = divmod(iteration, _per_update(runner))
        planned = math.ceil((self._context.planned_iters or 0) / _per_update(runner))
        asked = asked_at(updates, planned)
        if rest or iteration > self._last_iter:
            return
        rows, items = asked.rows, asked.items and self._learning.asks_items
        if not (rows or items):
            return
        found = self._checks.get(updates) or self._learning.recall(
            iteration, rows=rows, items=items
        )
        if found is None:
            return
        self._checks[updates] = found
        if self._schedule.restarts:  # decided before the run was resumed from here
            return
        if has_forgotten(found):
            self._end(runner, ScheduleRestart(iteration, iteration, 0, 0.0, cause="forgot"))
        elif has_learned(self._checks, updates, planned) and (end := early_end(updates, planned)):
            self._end(runner, _restart(runner, iteration, end))

    def _end(self, runner: Any, restart: ScheduleRestart) -> None:
        self._last_iter = restart.begin
        self._schedule.restart(runner, restart)
        self._progress.say_plan(runner)


def _restart(runner: Any, iteration: int, early: EarlyEnd) -> ScheduleRestart:
    """Return a schedule that keeps its current rate and falls to 0 at an early end."""
    per_update = _per_update(runner)
    return ScheduleRestart(
        begin=iteration,
        end=early.end * per_update,
        warmup_iters=0,
        lr=max(group["lr"] for group in runner.optim_wrapper.param_groups),
        decay_iters=early.decay * per_update,
        cause="learned",
    )


def _per_update(runner: Any) -> int:
    count: int = runner.optim_wrapper._accumulative_counts
    return count
