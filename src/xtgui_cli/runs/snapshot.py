"""What is known of a run at one moment: plain frozen values, for any screen to show."""

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
    """One evaluation question and what the model said."""

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
    """When it last said anything."""
    lasted_s: float = 0.0
    """How long it has lasted by then, as its events tell: a clock that is set back counts for
    nothing."""
    oom_kills: int | None = None
    """How many processes the kernel had killed for want of memory by its start; None: unknown."""

    @property
    def resumed_at(self) -> int:
        """The iterations that were done before it; 0: it began, or mmengine counted in epochs."""
        try:
            return Checkpoint.parse(self.resumed_from).iter if self.resumed_from else 0
        except NotACheckpointError:  # epoch_2.pth, of a config that saves by epochs
            return 0


@dataclass(frozen=True)
class Snapshot:
    """A run as it stands after the last event that was read."""

    run_id: str | None = None
    """None: no event yet."""
    method: str = ""
    model: str = ""
    config: str = ""
    device: str = ""
    device_name: str = ""
    phase: str = ""
    """importing, data, model, training, saving, evaluating; empty before the first."""
    is_stopping: bool = False
    stopping_at: float = 0.0
    """When it heard that it should stop."""
    waiting: Notice | None = None
    """What the run waits for, such as room on the disk; None: it does not wait."""
    iteration: int = 0
    total: int | None = None
    """None: the engine has not counted yet."""
    planned_total: int | None = None
    """What the config says: more than `total` where the run ends early."""
    ends_early: str = ""
    """Why it ends early: "learned" or "forgot"; empty: it does not."""
    epoch: float = 0.0
    max_epochs: float | None = None
    iters_per_epoch: int | None = None
    samples: int | None = None
    optimizer_steps: int | None = None
    loss: float | None = None
    """The mean of the last ten iterations; nan when the newest of them is."""
    trend: Trend = "unknown"
    token_accuracy: float | None = None
    """The part of the trained tokens, from 0 to 1, that are the likeliest next token: the mean of
    the last ten iterations; None if they do not say so."""
    lr: float | None = None
    iteration_s: float | None = None
    """How long an iteration usually takes, the clock on the wall."""
    left_s: float | None = None
    """How long the rest will take, counted from `last_at`; None: not known yet."""
    memory_gib: float | None = None
    peak_memory_gib: float | None = None
    checkpoints: tuple[Saved, ...] = ()
    kept: tuple[str, ...] = ()
    """The checkpoints that were on disk after the last save."""
    evaluation: Evaluation | None = None
    """The newest answers."""
    learnings: tuple[Learning, ...] = ()
    """What the checks found, in the order of their iterations; the first is of the base model."""
    recalls: tuple[Learning, ...] = ()
    """What the checks between two checkpoints found, from which a run ends early."""
    warnings: tuple[Notice, ...] = ()
    launches: tuple[Launch, ...] = ()
    end: End | None = None
    losses: tuple[Point, ...] = ()
    lrs: tuple[Point, ...] = ()
    token_accuracies: tuple[Point, ...] = ()
    last_at: float = 0.0
    """When the last event was written."""

    def state(self, *, is_alive: bool) -> State:
        """Return what is the case; *is_alive*: somebody holds the run's lock."""
        if self.end is not None:
            return self.end.status
        if not is_alive:
            return "died"
        return "stopping" if self.is_stopping else "running"

    @cached_property
    def course(self) -> LossCourse:
        """Where the loss has gone; a run may also fail because its weights are no numbers."""
        taught = taught_loss(self.learnings)
        course = loss_course(self.losses, self.iters_per_epoch, taught)
        fault = self.end.notice if self.end else None
        if fault is not None and fault.code == "faults.loss_not_finite":
            return replace(course, kind="diverged")
        if fault is not None and fault.code == "faults.loss_never_finite":
            return replace(course, kind="unknown")  # no learning rate would help
        return course

    @property
    def checks(self) -> tuple[Learning, ...]:
        """All checks that can be told, in the order of their iterations.

        One between two checkpoints often stops after a few rows, when too many are unknown.
        """
        recalls = [each for each in self.recalls if each.known and each.known.is_telling]
        found = {check.iter: check for check in (*recalls, *self.learnings)}
        return tuple(found[at] for at in sorted(found))

    @property
    def held_out(self) -> tuple[Point, ...]:
        """The loss on held-out rows at each check that measured it, before training included."""
        return tuple(
            Point(one.iter, one.held_out) for one in self.learnings if one.held_out is not None
        )

    @property
    def trained_s(self) -> float:
        """How long all starts together lasted."""
        return sum(launch.lasted_s for launch in self.launches)
