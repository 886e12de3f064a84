"""One start of a training run: what all its parts share, and how it is stopped."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from ..shared.errors import Exit
from ..shared.events import EventWriter
from ..shared.run_folder import RunFolder
from ..shared.stop_requests import SAME_REQUEST_S

_ANNOUNCED = frozenset({"importing", "model", "data", "training", "saving", "evaluating"})
"""Phases that take time; the others only say where a failure happened."""


@dataclass
class RunContext:
    """The state of one start; hooks write to it, and the end event is made from it."""

    folder: RunFolder
    say: EventWriter
    """Appends an event."""
    resumed_from: str | None = None
    """The name of the checkpoint that this start resumes from."""
    phase: str = ""
    iter: int = 0
    """Iterations done, including those before a resume."""
    total_iters: int | None = None
    """Iterations of the whole run, once the plan is known."""
    planned_iters: int | None = None
    """Iterations that the config plans; fewer are done if the run ends early."""
    ends_early: str = ""
    """Why it ends early: "learned" or "forgot"; empty if it does not."""
    checkpoint: str | None = None
    """The newest checkpoint that is complete."""
    stop_requested: bool = False
    is_training: bool = False
    """Whether the first iteration has begun: from then on a stop saves a checkpoint."""
    had_loss: bool = False
    """Whether any loss of this start was a number."""

    def enter(self, phase: str) -> None:
        """Say which phase begins now."""
        if phase != self.phase:
            self.phase = phase
            if phase in _ANNOUNCED:
                self.say("phase", name=phase)

    @property
    def is_cut_short(self) -> bool:
        """Whether a stop was requested before the last iteration."""
        return self.stop_requested and self.iter != self.total_iters

    @property
    def code_of_nan(self) -> str:
        """The code for a loss that is not finite: one that never was is not due to the rate."""
        is_from_the_start = self.resumed_from is None and not self.had_loss
        return "loss_never_finite" if is_from_the_start else "loss_not_finite"

    def end(self, status: str, code: str = "", **data: Any) -> None:
        """Say how the start ended."""
        self.say(
            "end",
            status=status,
            iter=self.iter,
            checkpoint=self.checkpoint,
            code=code,
            data=data,
        )


def listen_for_stop(context: RunContext, clean_up: Callable[[], None]) -> None:
    """Treat SIGTERM, SIGINT and SIGUSR1 as requests to stop.

    Before training begins there is nothing to save and the process exits at once, in the middle of
    whatever import or load is running; none of them can be relied on to pass an exception through.
    A second request exits at once as well, without saving. Some schedulers send signals twice, to a
    job and to its processes: within a few seconds they count as the same request.
    """
    own_pid = os.getpid()
    asked_at = 0.0

    def stop(number: int, _: object) -> None:
        nonlocal asked_at
        if os.getpid() != own_pid:  # a forked process that has not yet its own handlers
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        if context.stop_requested and time.monotonic() - asked_at < SAME_REQUEST_S:
            return
        if context.stop_requested or not context.is_training:
            context.stop_requested = True
            _leave(context, clean_up)
        context.stop_requested = True
        asked_at = time.monotonic()
        context.say("stopping")

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(number, stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _leave(context: RunContext, clean_up: Callable[[], None]) -> NoReturn:
    context.end("stopped")
    clean_up()
    os._exit(Exit.INTERRUPTED)
