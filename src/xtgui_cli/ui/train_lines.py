"""A run as plain lines: for pipes, files and terminals that cannot move their cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.cells import cell_len

from ..runs.run_reader import RunReader
from ..runs.snapshot import Snapshot, State
from ..shared.events import Event
from ..shared.json_values import amount, count
from ..texts import t
from . import train_words as words
from .console import in_words
from .learning_view import course_line, learning_line
from .units import duration
from .wrap import one_line

_EVERY_ITERATIONS = 10
_EVERY_S = 5.0
_NOT_BEFORE_S = 1.0
_CHECKS = ("learning", "recall")
_NOTES = ("warning", "waiting", "waited", "stopping")
_TELLING = ("start", "phase", "plan", "checkpoint", "evaluation", *_CHECKS, *_NOTES)


class Teller:
    """Returns the lines for each event.

    Iterations get a line about every ten of them or five seconds, by the clock of the events: a
    long history is told as briefly as it would have been live.
    """

    def __init__(self) -> None:
        self._told_iteration = 0
        self._told_at = 0.0
        self._total: int | None = None
        self._told_course = ""

    def tell(self, event: Event, snapshot: Callable[[], Snapshot]) -> Iterator[str]:
        """Yield the lines for *event*; *snapshot* is the run's state after it."""
        name = event["event"]
        if name == "iter":
            if self._is_due(event):
                yield iteration_line(snapshot())
                yield from self._tell_course(snapshot())
        elif name == "plan" and self._total is not None:
            yield from _early_end(snapshot(), "running")
        elif name in _TELLING:
            yield from _tell(name, snapshot())
        if name == "start":
            self._told_iteration, self._told_at = snapshot().iteration, 0.0
            self._total = None
        elif name == "plan":
            self._total = count(event.get("total_iters"))

    def _tell_course(self, snapshot: Snapshot) -> Iterator[str]:
        """Warn of a loss that goes wrong, once for each way in which it does."""
        kind = snapshot.course.kind
        if snapshot.course.is_bad and kind != self._told_course:
            yield f"! {course_line(snapshot.course)}"
        self._told_course = kind

    def _is_due(self, event: Event) -> bool:
        iteration, at = count(event.get("iter")) or 0, amount(event.get("at")) or 0.0
        waited_s = at - self._told_at
        is_tenth = (
            iteration - self._told_iteration >= _EVERY_ITERATIONS and waited_s >= _NOT_BEFORE_S
        )
        if not (is_tenth or waited_s >= _EVERY_S or iteration == self._total):
            return False
        self._told_iteration, self._told_at = iteration, at
        return True


def _tell(name: str, snapshot: Snapshot) -> Iterator[str]:
    if name == "start" and snapshot.launches:
        yield _start_line(snapshot)
    elif name == "phase" and snapshot.phase in ("importing", "data", "model"):
        yield f"{words.state_word(snapshot, 'running')} ..."
    elif name == "plan":
        yield plan_line(snapshot)
        yield from _early_end(snapshot, "running")
    elif name == "checkpoint" and snapshot.checkpoints:
        yield words.saved_line(snapshot.checkpoints[-1], snapshot.kept)
    elif name == "evaluation" and snapshot.evaluation is not None:
        at = t("train.at_iteration", iteration=snapshot.evaluation.iteration)
        for answer in snapshot.evaluation.answers:
            yield f"{at}  Q {one_line(answer.question)}"
            yield f"{' ' * cell_len(at)}  A {one_line(answer.answer)}"
    elif name == "learning" and snapshot.learnings:
        yield learning_line(snapshot.learnings)
    elif name == "recall" and snapshot.recalls and snapshot.recalls[-1] in snapshot.checks:
        yield learning_line(snapshot.checks)
    elif name == "warning" and snapshot.warnings:
        yield f"! {in_words(snapshot.warnings[-1])}"
    elif name == "waiting" and snapshot.waiting is not None:
        yield f"! {in_words(snapshot.waiting)}"
    elif name == "waited":
        yield t("train.waited")
    elif name == "stopping":
        yield t("train.stopping")


def _early_end(snapshot: Snapshot, state: State) -> Iterator[str]:
    line = words.early_end(snapshot, state)
    if line:
        yield line


def _start_line(snapshot: Snapshot) -> str:
    parts = [snapshot.method, words.model_name(snapshot), one_line(snapshot.device_name)]
    about = " · ".join(part for part in parts if part)
    start = snapshot.launches[-1]
    if start.resumed_from:
        name = one_line(start.resumed_from)
        return t("train.told_resume", about=about, pid=start.pid, name=name)
    return t("train.told_start", about=about, pid=start.pid)


def plan_line(snapshot: Snapshot) -> str:
    """Return how much there is to do."""
    if snapshot.total is None:
        return t("train.preparing")
    return t(
        "train.plan",
        samples=snapshot.samples if snapshot.samples is not None else "?",
        iterations=snapshot.total,
        steps=snapshot.optimizer_steps if snapshot.optimizer_steps is not None else "?",
    )


def iteration_line(snapshot: Snapshot) -> str:
    """Return the numbers of the newest iteration in one line."""
    cells = [
        f"iter {snapshot.iteration}/{snapshot.total or '?'}",
        words.epoch(snapshot),
        t("train.loss", loss=words.loss_with_trend(snapshot)),
        words.token_accuracy(snapshot),
        f"lr {words.learning_rate(snapshot.lr)}",
        words.pace(snapshot.iteration_s),
        t("train.left", time=words.left(snapshot, snapshot.last_at)),
        words.memory(snapshot),
    ]
    return "  ".join(cell for cell in cells if cell)


def end_line(snapshot: Snapshot, state: State, checkpoint: str | None) -> str:
    """Return in one line how a run ended: status, where, how long, what is saved."""
    name = one_line(checkpoint) if checkpoint else ""
    key = f"train.end.{state}" if name else f"train.end.{state}_unsaved"
    if state == "stopped" and not snapshot.losses:
        key = "train.end.stopped_before"
    return t(
        key,
        iteration=snapshot.iteration,
        total=snapshot.total or "?",
        loss=words.loss(snapshot.loss),
        name=name,
        time=duration(snapshot.trained_s),
        rest=max(0, (snapshot.total or 0) - snapshot.iteration),
    )


def status_lines(
    run: RunReader, now: float, left: Sequence[str], latest: str | None
) -> Iterator[str]:
    """Yield the state of a run.

    Args:
        run: The run.
        now: The time, in seconds since the epoch.
        left: The checkpoints on disk.
        latest: The checkpoint to resume from.
    """
    snapshot, state = run.snapshot(), run.state
    is_alive = state in ("starting", "running", "stopping")
    parts = [snapshot.method, words.model_name(snapshot), words.state_word(snapshot, state)]
    if is_alive:
        parts += [duration(now - run.started_at), f"pid {run.pid}"]
    yield " · ".join(part for part in parts if part)
    if snapshot.loss is not None:
        yield iteration_line(snapshot) if is_alive else end_line(snapshot, state, latest)
    elif snapshot.total is not None:
        yield plan_line(snapshot)
    yield from _early_end(snapshot, state)
    if is_alive and snapshot.waiting is not None:
        yield f"! {in_words(snapshot.waiting)}"
    if stalled := words.stalled(run):
        yield f"! {stalled}"
    if is_alive:
        told = (learning_line(snapshot.checks), course_line(snapshot.course))
        yield from (line for line in told if line)
    if left:
        yield t("train.on_disk", names=", ".join(left))


def elsewhere_lines(snapshot: Snapshot, left: Sequence[str]) -> Iterator[str]:
    """Yield the state of a run that xtgui did not start; *left*: the checkpoints on disk."""
    done = t("train.elsewhere_line", done=snapshot.iteration or "?")
    yield " · ".join(part for part in (snapshot.method, words.model_name(snapshot), done) if part)
    if snapshot.losses:  # each is the mean of ten iterations already
        yield t("train.loss", loss=words.loss(snapshot.losses[-1].value))
    yield t("train.on_disk", names=", ".join(left))
