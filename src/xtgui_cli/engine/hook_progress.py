"""The hook that reports training: the plan as it really is, and every iteration."""

from __future__ import annotations

import math
import resource
import sys
import time
from pathlib import Path
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.optim import LinearLR

from .faults import LossNotFiniteError
from .finite import are_weights_finite
from .packs import Packing
from .run_context import RunContext

NOT_FINITE_IN_A_ROW = 10
"""How many losses in a row are nan or infinite before the training counts as diverged, even if its
weights are still finite."""


class ProgressHook(Hook):  # type: ignore[misc]
    """Runs after the timers and before the scheduler steps, so that lr is the one that was used."""

    priority = "BELOW_NORMAL"

    def __init__(self, context: RunContext, *, checks_warmup: bool = True) -> None:
        self._context = context
        self._checks_warmup = checks_warmup
        """Whether the config describes the schedule that is built."""
        self._iters_per_epoch = 1
        self._warmup_iters = 0
        self._not_finite = 0
        self._has_warned = False
        self._waited_since = 0.0
        self._began = 0.0
        self.packing: Packing = "off"
        """How samples are packed; known once the data are loaded."""

    def before_train(self, runner: Any) -> None:
        """Say the plan, and warn if the warm-up differs from the planned one."""
        self._context.iter = runner.train_loop.iter
        self._iters_per_epoch = max(1, len(runner.train_loop.dataloader))
        self._warmup_iters = warmup_iters = _warmup_iters(runner)
        planned = runner.cfg.get("warmup_iters")
        self.say_plan(runner)
        if self.packing == "mixed":
            self._context.say("warning", code="packs_mixed", data={})
        is_known = self._checks_warmup and planned is not None
        if is_known and warmup_iters and planned != warmup_iters:
            self._context.say(
                "warning",
                code="plan_differs",
                data={"name": "warmup_iters", "planned": planned, "real": warmup_iters},
            )

    def say_plan(self, runner: Any) -> None:
        """Say how much there is to do: before training, and whenever that changes."""
        loop, context = runner.train_loop, self._context
        context.total_iters = loop.max_iters
        accumulative_counts = runner.optim_wrapper._accumulative_counts
        context.say(
            "plan",
            samples=len(loop.dataloader.dataset),
            iters_per_epoch=self._iters_per_epoch,
            total_iters=loop.max_iters,
            planned_iters=context.planned_iters or loop.max_iters,
            ends_early=context.ends_early or None,
            optimizer_steps=math.ceil(loop.max_iters / accumulative_counts),
            max_epochs=_epochs(loop.max_iters, self._iters_per_epoch),
            accumulative_counts=accumulative_counts,
            warmup_iters=self._warmup_iters,
            packing=self.packing,
        )

    def before_train_epoch(self, runner: Any) -> None:
        """Start counting the wait for the first batch."""
        self._waited_since = time.perf_counter()

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        """Start the iteration's clock."""
        self._context.is_training = True
        self._context.enter("training")
        self._began = time.perf_counter()

    def after_train_iter(
        self, runner: Any, batch_idx: int, data_batch: Any = None, outputs: Any = None
    ) -> None:
        """Say the iteration's figures, and watch for a loss that is not finite."""
        now = time.perf_counter()
        loss = float(outputs["loss"].detach())
        self._context.iter = runner.iter + 1
        self._context.say(
            "iter",
            iter=self._context.iter,
            epoch=round(self._context.iter / self._iters_per_epoch, 4),
            loss=loss,
            token_accuracy=_accuracy(outputs),
            lr=runner.optim_wrapper.get_lr()["lr"][0],
            time_s=round(now - self._began, 5),
            data_s=round(max(0.0, self._began - self._waited_since), 5),
            grad_norm=_grad_norm(runner),
            memory_gib=round(memory_gib(), 3),
        )
        self._watch(runner, loss)

    def pause_ended(self) -> None:
        """Restart the wait for the next batch, in which saving and evaluating do not count."""
        self._waited_since = time.perf_counter()

    def _watch(self, runner: Any, loss: float) -> None:
        """Report a training that has diverged, and end it unless the config says otherwise.

        Raises:
            LossNotFiniteError: If it has diverged for good.
        """
        if math.isfinite(loss):
            self._context.had_loss, self._not_finite, self._has_warned = True, 0, False
            return
        self._not_finite += 1
        is_lost = self._not_finite >= NOT_FINITE_IN_A_ROW or not are_weights_finite(runner.model)
        if self._has_warned or not is_lost:
            return
        self._has_warned = True
        if runner.cfg.get("stop_on_nan", True):
            raise LossNotFiniteError(f"the loss is {loss}")
        self._context.say(
            "warning",
            code=self._context.code_of_nan,
            data={"iter": self._context.iter, "in_a_row": self._not_finite},
        )


def _epochs(iterations: int, per_epoch: int) -> int | float:
    """Return how many epochs so many iterations are, a fraction if the run ends early."""
    return round(iterations / per_epoch, 2) if iterations % per_epoch else iterations // per_epoch


def _accuracy(outputs: Any) -> float | None:
    """Return the share of the trained tokens predicted right; None if none are trained."""
    accuracy = outputs.get("token_accuracy")
    return None if accuracy is None else round(float(accuracy), 5)


def _warmup_iters(runner: Any) -> int:
    """Return the length of the warm-up that mmengine actually built."""
    schedulers = runner.param_schedulers or []
    lines = [item for item in schedulers if isinstance(item, LinearLR)]
    warmups = [line for line in lines if line.start_factor < line.end_factor]
    return int(warmups[0].end - warmups[0].begin) if warmups else 0


def _grad_norm(runner: Any) -> float | None:
    """Return the norm before clipping, if this iteration ended an accumulation cycle."""
    if not runner.optim_wrapper.should_update():
        return None
    scalars = runner.message_hub.log_scalars
    history = scalars.get("train/grad_norm")
    return float(history.current()) if history is not None else None


def memory_gib() -> float:
    """Return the most memory allocated on the GPU, or this process's memory if there is no GPU."""
    if torch.cuda.is_available():
        return float(torch.cuda.max_memory_allocated()) / 2**30
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * resource.getpagesize() / 2**30
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**30 if sys.platform == "darwin" else 2**20)
