"""What a screen shows of a run, computed from its events.

`Progress` receives the events of an events file one by one, over all starts of a run, and returns a
`Snapshot` at any time. A start that resumes repeats the iterations after its checkpoint: what an
earlier start said about them is forgotten. A start of another run forgets everything. Neither
memory nor the cost of an event grows with the length of the run.

Anybody may have written the events: a value of the wrong type is ignored, and so is an event that
is useless without it. Texts stay as they are; the console cleans what it shows.
"""

from __future__ import annotations

import math
import string
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ..shared.errors import Notice
from ..shared.events import Event
from ..shared.json_values import amount, count, items, mapping, number, required, text, texts
from ..shared.learning import Learning
from ..shared.methods import METHODS
from ..texts import has, t
from .series import Point, Series, smooth
from .snapshot import Answer, End, Evaluation, Launch, Saved, Snapshot, Trend

RECENT = 10
"""Number of iterations that the displayed loss is the mean of, as in xtuner's own log."""
_PACE_WINDOW = 64
_LONGEST_S = 100 * 365 * 86_400


class Progress:
    """Receives events, returns snapshots."""

    def __init__(self) -> None:
        self._handlers: dict[str, Callable[[Event], None]] = {
            "start": self._on_start,
            "phase": self._on_phase,
            "plan": self._on_plan,
            "iter": self._on_iter,
            "checkpoint": self._on_checkpoint,
            "evaluation": self._on_evaluation,
            "learning": self._on_learning,
            "recall": self._on_recall,
            "warning": self._on_warning,
            "waiting": self._on_waiting,
            "waited": self._on_waited,
            "stopping": self._on_stopping,
            "end": self._on_end,
        }
        self._last_at = 0.0
        self._lasted_s = 0.0
        """How long the newest start has lasted."""
        self._forget_all()

    def _forget_all(self) -> None:
        self._now = Snapshot()
        """What seldom changes; `snapshot` adds the rest."""
        self._iteration = 0
        self._epoch = 0.0
        self._lr: float | None = None
        self._memory_gib: float | None = None
        self._peak_memory_gib: float | None = None
        self._losses, self._lrs, self._accuracies = Series(), Series(), Series()
        self._recent: deque[Point] = deque(maxlen=4 * RECENT)
        self._pace = _Pace()
        self.evaluations: dict[int, Evaluation] = {}
        """By iteration, from the starts that count."""
        self._learnings: dict[int, Learning] = {}
        self._recalls: dict[int, Learning] = {}

    def add(self, event: Event) -> None:
        """Add one event; unknown ones, or ones too broken to use, change nothing."""
        handler = self._handlers.get(event["event"])
        if handler is None:
            return
        try:
            handler(event)
        except ValueError:
            return
        at = amount(event.get("at"))
        if at is not None:
            is_start = event["event"] == "start"
            self._lasted_s = 0.0 if is_start else self._lasted_s + max(0.0, at - self._last_at)
            self._last_at = at

    def add_all(self, events: Iterable[Event]) -> int:
        """Add many events and return how many there were."""
        count = 0
        for event in events:
            self.add(event)
            count += 1
        return count

    @property
    def last_at(self) -> float:
        """Time of the last event, in seconds since the epoch; 0 if there is none."""
        return self._last_at

    def snapshot(self) -> Snapshot:
        """Return the current state of the run."""
        total, accuracies = self._now.total, self._accuracies.points()
        return replace(
            self._now,
            iteration=self._iteration,
            epoch=self._epoch,
            lr=self._lr,
            memory_gib=self._memory_gib,
            peak_memory_gib=self._peak_memory_gib,
            loss=self._loss(),
            token_accuracy=smooth(accuracies[-RECENT:], RECENT)[-1].value if accuracies else None,
            trend=trend([point.value for point in self._recent]),
            iteration_s=self._pace.usual_s,
            left_s=None if total is None else self._pace.left_s(total - self._iteration),
            evaluation=self.evaluations[max(self.evaluations)] if self.evaluations else None,
            learnings=tuple(self._learnings[at] for at in sorted(self._learnings)),
            recalls=tuple(self._recalls[at] for at in sorted(self._recalls)),
            launches=self._launches_until(self._last_at),
            losses=self._losses.points(),
            lrs=self._lrs.points(),
            token_accuracies=accuracies,
            last_at=self._last_at,
        )

    # --- one method for each event -----------------------------------------------------------

    def _on_start(self, event: Event) -> None:
        run_id, resumed_from = text(event.get("run_id")), text(event.get("resumed_from"))
        at, pid = required(amount(event.get("at"))), required(count(event.get("pid")))
        launch = Launch(at, pid, resumed_from, at, oom_kills=count(event.get("oom_kills")))
        done = launch.resumed_at
        if run_id != self._now.run_id or resumed_from is None:
            self._forget_all()
        else:
            self._forget_after(done)
        self._iteration = done
        method = text(event.get("method")) or ""
        self._now = replace(
            self._now,
            run_id=required(run_id),
            method=method if method in METHODS else "",
            model=text(event.get("model")) or "",
            config=text(event.get("config")) or "",
            device=text(event.get("device")) or "",
            device_name=text(event.get("device_name")) or "",
            phase="",
            is_stopping=False,
            waiting=None,
            end=None,
            launches=(*self._launches_until(self._last_at), launch),
        )

    def _on_phase(self, event: Event) -> None:
        name = required(text(event.get("name")))
        self._now = replace(self._now, phase=name)
        if name in ("saving", "evaluating"):
            self._pace.pause()

    def _on_plan(self, event: Event) -> None:
        total = required(count(event.get("total_iters")))
        self._now = replace(
            self._now,
            total=total,
            planned_total=count(event.get("planned_iters")) or total,
            ends_early=text(event.get("ends_early")) or "",
            max_epochs=amount(event.get("max_epochs")),
            iters_per_epoch=count(event.get("iters_per_epoch")) or None,
            samples=count(event.get("samples")),
            optimizer_steps=count(event.get("optimizer_steps")),
        )

    def _on_iter(self, event: Event) -> None:
        # There are hundreds of thousands of these: as few calls as possible.
        iteration, at = count(event.get("iter")), amount(event.get("at"))
        loss, lr = number(event.get("loss")), number(event.get("lr"))
        if iteration is None or at is None or loss is None or lr is None:
            return
        memory, accuracy = amount(event.get("memory_gib")), amount(event.get("token_accuracy"))
        self._losses.put(iteration, loss)
        self._lrs.put(iteration, lr)
        if accuracy is not None:
            self._accuracies.put(iteration, accuracy)
        self._recent.append(Point(iteration, loss))
        self._iteration, self._lr = iteration, lr
        self._epoch = amount(event.get("epoch")) or 0.0
        if memory is not None:
            self._memory_gib = memory
            self._peak_memory_gib = max(self._peak_memory_gib or 0.0, memory)
        self._pace.tick(at, amount(event.get("time_s")) or 0.0)
        if self._now.end is not None:  # another start, whose event was not read
            self._now = replace(self._now, end=None)

    def _on_checkpoint(self, event: Event) -> None:
        saved = Saved(
            required(count(event.get("iter"))),
            required(text(event.get("file"))),
            count(event.get("bytes")) or 0,
            required(amount(event.get("at"))),
        )
        self._pace.pause()
        self._iteration = max(self._iteration, saved.iteration)
        self._now = replace(
            self._now,
            checkpoints=(*self._now.checkpoints, saved),
            kept=texts(event.get("kept")),
        )

    def _on_evaluation(self, event: Event) -> None:
        iteration = required(count(event.get("iter")))
        answers = tuple(
            Answer(text(said.get("question")) or "", text(said.get("answer")) or "")
            for said in map(mapping, items(event.get("answers")))
        )
        self._pace.pause()
        self.evaluations[iteration] = Evaluation(iteration, answers)

    def _on_learning(self, event: Event) -> None:
        self._take_check(event, self._learnings)

    def _on_recall(self, event: Event) -> None:
        self._take_check(event, self._recalls)

    def _take_check(self, event: Event, checks: dict[int, Learning]) -> None:
        self._pace.pause()
        found = Learning.from_event(event)
        if found is not None and not found.failed:
            checks[found.iter] = found

    def _on_warning(self, event: Event) -> None:
        warnings = (*self._now.warnings, _fault(event.get("code"), event.get("data")))
        self._now = replace(self._now, warnings=warnings[-20:])

    def _on_waiting(self, event: Event) -> None:
        self._now = replace(self._now, waiting=_fault(event.get("code"), event.get("data")))

    def _on_waited(self, _event: Event) -> None:
        self._pace.forget_moment()
        self._now = replace(self._now, waiting=None)

    def _on_stopping(self, event: Event) -> None:
        at = amount(event.get("at")) or 0.0
        self._now = replace(self._now, is_stopping=True, stopping_at=at)

    def _on_end(self, event: Event) -> None:
        status = event.get("status")
        if status not in ("finished", "stopped", "failed"):
            raise ValueError(status)
        end = End(
            status,
            count(event.get("iter")) or 0,
            text(event.get("checkpoint")),
            _fault(event.get("code"), event.get("data")) if status == "failed" else None,
            required(amount(event.get("at"))),
        )
        self._now = replace(self._now, end=end, waiting=None)

    # --- sums --------------------------------------------------------------------------------

    def _forget_after(self, done: int) -> None:
        self._losses.forget_after(done)
        self._lrs.forget_after(done)
        self._accuracies.forget_after(done)
        kept = [point for point in self._recent if point.iteration <= done]
        self._recent = deque(kept, maxlen=self._recent.maxlen)
        saved = tuple(one for one in self._now.checkpoints if one.iteration <= done)
        self._now = replace(self._now, checkpoints=saved)
        self.evaluations = {at: e for at, e in self.evaluations.items() if at <= done}
        self._learnings = {at: one for at, one in self._learnings.items() if at <= done}
        self._recalls = {at: one for at, one in self._recalls.items() if at <= done}
        self._pace = _Pace()

    def _launches_until(self, at: float) -> tuple[Launch, ...]:
        launches = self._now.launches
        if not launches:
            return ()
        return (*launches[:-1], replace(launches[-1], last_at=at, lasted_s=self._lasted_s))

    def _loss(self) -> float | None:
        if not self._recent:
            return None
        newest = self._recent[-1].value
        if not math.isfinite(newest):
            return newest
        values = [point.value for point in list(self._recent)[-RECENT:]]
        return _mean([value for value in values if math.isfinite(value)])


@dataclass
class _Pace:
    """How long iterations take, with and without pauses between them."""

    _walls: deque[float] = field(default_factory=lambda: deque(maxlen=_PACE_WINDOW))
    """Seconds from one iteration to the next, for those with nothing in between."""
    _paused_s: float = 0.0
    """The sum for those with an evaluation or a save in between."""
    _paused_count: int = 0
    _count: int = 0
    _is_paused: bool = False
    _at: float | None = None

    def pause(self) -> None:
        """Note that the current iteration's time will include an evaluation or a save."""
        self._is_paused = True

    def forget_moment(self) -> None:
        """Count the next iteration by its own time: what came before it is unknown."""
        self._at = None

    def tick(self, at: float, own_s: float) -> None:
        """Note the end of an iteration; a start's first one is only known by its own time."""
        is_first = self._at is None
        wall = own_s if self._at is None else max(0.0, at - self._at)
        self._at = at
        self._count += 1
        if self._is_paused and not is_first:
            self._paused_s += wall
            self._paused_count += 1
        elif wall > 0:
            self._walls.append(wall)
        self._is_paused = False

    @property
    def usual_s(self) -> float | None:
        """An iteration's usual time: the median of recent ones, so that no single one decides."""
        if self._walls:
            ordered, middle = sorted(self._walls), len(self._walls) // 2
            return (ordered[middle] + ordered[-middle - 1]) / 2
        return self._paused_s / self._paused_count if self._paused_count else None

    def left_s(self, iterations: int) -> float | None:
        """Return the remaining time: usual iterations, with pauses as often as so far.

        None if that is not known, or too long to mean anything.
        """
        usual_s = self.usual_s
        if usual_s is None:
            return None
        pauses_s = max(0.0, self._paused_s - self._paused_count * usual_s)
        left_s = max(0, iterations) * (usual_s + pauses_s / self._count)
        return left_s if left_s < _LONGEST_S else None


def _fault(code: Any, data: Any) -> Notice:
    """Return the engine's report of a fault, under `faults.`; missing values become "?"."""
    key = f"faults.{text(code)}"
    key = key if has(key) else "faults.unknown"
    asked = (name for _, name, _, _ in string.Formatter().parse(t(key)) if name)
    return Notice(key, dict.fromkeys(asked, "?") | dict(mapping(data)))


def trend(values: list[float]) -> Trend:
    """Return where a noisy series is going: its newer half against its older half.

    It counts if the two means differ by more than twice the standard error of their difference and
    by more than half a percent.
    """
    finite = [value for value in values if math.isfinite(value)]
    if len(finite) < 6:
        return "unknown"
    half = len(finite) // 2
    older, newer = finite[:half], finite[half:]
    before, after = _mean(older), _mean(newer)
    difference = after - before
    error = math.sqrt(_error_of_mean(older, before) ** 2 + _error_of_mean(newer, after) ** 2)
    if abs(difference) <= max(2 * error, 0.005 * abs(before)):
        return "level"
    return "falling" if difference < 0 else "rising"


def _mean(values: list[float]) -> float:
    """Return the mean (the statistics module is exact, and therefore slow)."""
    return math.fsum(values) / len(values)


def _error_of_mean(values: list[float], mean: float) -> float:
    squares = sum((value - mean) ** 2 for value in values)
    return math.sqrt(squares / (len(values) - 1) / len(values))


def fold(events: Iterable[Event]) -> Snapshot:
    """Return the snapshot after all *events*."""
    progress = Progress()
    progress.add_all(events)
    return progress.snapshot()
