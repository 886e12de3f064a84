"""What is known about a run at one moment: plain frozen values, for any screen to show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from ..shared.errors import Notice
from ..shared.learning import Learning
from ..shared.run_folder import Checkpoint, NotACheckpointError
from .loss_course import LossCourse, loss_course, taught_loss
from .series import Point

Trend = Literal["falling", "rising", "level", "unknown"]
State = Literal["starting", "running", "stopping", "finished", "stopped", "failed", "died"]


@dataclass(frozen=True)
class Saved:
    """A checkpoint as it was announced."""

    iteration: int
    name: str
    bytes: int
    at: float


@dataclass(frozen=True)
class Answer:
    """One evaluation question and the model's answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class Evaluation:
    """The answers to all evaluation questions after so many iterations; 0: before training."""

    iteration: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class End:
    """How a start ended."""

    status: Literal["finished", "stopped", "failed"]
    iteration: int
    checkpoint: str | None
    notice: Notice | None
    """Why it failed."""
    at: float


@dataclass(frozen=True)
class Launch:
    """One start of the training process."""

    at: float
    pid: int
    resumed_from: str | None
    last_at: float
    """Time of its last event."""
    lasted_s: float = 0.0
    """How long it had lasted by then, according to its events: a clock that is set back does not
    matter."""
    oom_kills: int | None = None
    """How many processes the kernel had killed for lack of memory by its start; None if unknown."""

    @property
    def resumed_at(self) -> int:
        """Iterations done before it; 0: it started from scratch, or mmengine counted in epochs."""
        try:
            return Checkpoint.parse(self.resumed_from).iter if self.resumed_from else 0
        except NotACheckpointError:  # epoch_2.pth, from a config that saves by epochs
            return 0


@dataclass(frozen=True)
class Snapshot:
    """The state of a run after the last event that was read."""

    run_id: str | None = None
    """None: there is no event yet."""
    method: str = ""
    model: str = ""
    config: str = ""
    device: str = ""
    device_name: str = ""
    phase: str = ""
    """importing, data, model, training, saving, evaluating; empty before the first."""
    is_stopping: bool = False
    stopping_at: float = 0.0
    """When it received the request to stop."""
    waiting: Notice | None = None
    """What the run waits for, such as disk space; None if it does not wait."""
    iteration: int = 0
    total: int | None = None
    """None: the engine has not counted yet."""
    planned_total: int | None = None
    """As in the config: more than `total` if the run ends early."""
    ends_early: str = ""
    """Why it ends early: "learned" or "forgot"; empty if it does not."""
    epoch: float = 0.0
    max_epochs: float | None = None
    iters_per_epoch: int | None = None
    samples: int | None = None
    optimizer_steps: int | None = None
    loss: float | None = None
    """The mean of the last ten iterations; nan if the newest one is."""
    trend: Trend = "unknown"
    token_accuracy: float | None = None
    """The share of the trained tokens, from 0 to 1, that are the likeliest next token: the mean of
    the last ten iterations; None if they do not report it."""
    lr: float | None = None
    iteration_s: float | None = None
    """How long an iteration usually takes, in wall-clock time."""
    left_s: float | None = None
    """The remaining time, counted from `last_at`; None if it is not known yet."""
    memory_gib: float | None = None
    peak_memory_gib: float | None = None
    checkpoints: tuple[Saved, ...] = ()
    kept: tuple[str, ...] = ()
    """The checkpoints on disk after the last save."""
    evaluation: Evaluation | None = None
    """The newest answers."""
    learnings: tuple[Learning, ...] = ()
    """The findings of the checks, in the order of their iterations; the first is the base
    model's."""
    recalls: tuple[Learning, ...] = ()
    """The findings of checks between two checkpoints, which decide whether a run ends early."""
    warnings: tuple[Notice, ...] = ()
    launches: tuple[Launch, ...] = ()
    end: End | None = None
    losses: tuple[Point, ...] = ()
    lrs: tuple[Point, ...] = ()
    token_accuracies: tuple[Point, ...] = ()
    last_at: float = 0.0
    """Time of the last event."""

    def state(self, *, is_alive: bool) -> State:
        """Return the state of the run.

        Args:
            is_alive: Whether a process holds the run's lock.
        """
        if self.end is not None:
            return self.end.status
        if not is_alive:
            return "died"
        return "stopping" if self.is_stopping else "running"

    @cached_property
    def course(self) -> LossCourse:
        """How the loss developed; a run may also fail because its weights are not finite."""
        taught = taught_loss(self.learnings)
        course = loss_course(self.losses, self.iters_per_epoch, taught)
        fault = self.end.notice if self.end else None
        if fault is not None and fault.code == "faults.loss_not_finite":
            return replace(course, kind="diverged")
        if fault is not None and fault.code == "faults.loss_never_finite":
            return replace(course, kind="unknown")  # no learning rate helps
        return course

    @property
    def checks(self) -> tuple[Learning, ...]:
        """All checks worth reporting, in the order of their iterations.

        One between two checkpoints often stops after a few rows, when too many are unknown.
        """
        recalls = [each for each in self.recalls if each.known and each.known.is_telling]
        found = {check.iter: check for check in (*recalls, *self.learnings)}
        return tuple(found[at] for at in sorted(found))

    @property
    def held_out(self) -> tuple[Point, ...]:
        """The loss on held-out rows at each check that measured it, including before training."""
        return tuple(
            Point(one.iter, one.held_out) for one in self.learnings if one.held_out is not None
        )

    @property
    def trained_s(self) -> float:
        """The duration of all starts together."""
        return sum(launch.lasted_s for launch in self.launches)
