"""What a screen shows of a run, folded from its events.

`Progress` takes the events of an events file one after another, over all starts of a run, and
gives a `Snapshot` at any time. A start that resumes does the iterations after its checkpoint
again: what an earlier start had said about them is forgotten. A start of another run forgets
everything. Neither memory nor the cost of an event grows with the length of the run.
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..shared.events import Event
from ..shared.run_folder import Checkpoint, NotACheckpointError
from .series import Point, Series
from .snapshot import Answer, End, Evaluation, Notice, Saved, Snapshot, Start, Trend

RECENT = 10
"""How many iterations the shown loss is the mean of: as many as in xtuner's own log."""
_PACE_WINDOW = 64


@dataclass
class Progress:
    """Takes events, gives snapshots."""

    run_id: str | None = None
    evaluations: dict[int, Evaluation] = field(default_factory=dict)
    """By iteration, of the starts that count."""
    _facts: dict[str, Any] = field(default_factory=dict)
    _losses: Series = field(default_factory=Series)
    _lrs: Series = field(default_factory=Series)
    _recent: deque[Point] = field(default_factory=lambda: deque(maxlen=4 * RECENT))
    _walls: deque[float] = field(default_factory=lambda: deque(maxlen=_PACE_WINDOW))
    """Seconds from one iteration to the next, of those with nothing between them."""
    _paused_s: float = 0.0
    """The same, summed, of those with an evaluation or a save between them."""
    _paused_count: int = 0
    _timed_count: int = 0
    _is_paused: bool = False
    _iteration_at: float | None = None
    _starts: list[Start] = field(default_factory=list)
    _saved: list[Saved] = field(default_factory=list)
    _warnings: deque[Notice] = field(default_factory=lambda: deque(maxlen=20))
    _end: End | None = None
    _last_at: float = 0.0

    def add(self, event: Event) -> None:
        """Take one event; those of unknown names, or too broken to use, change nothing."""
        handler = getattr(self, f"_on_{event['event']}", None)
        if handler is None:
            return
        try:
            handler(event)
        except (KeyError, TypeError, ValueError, AttributeError):
            return
        at = event.get("at")
        if isinstance(at, (int, float)):
            self._last_at = float(at)
            if self._starts:
                last = self._starts[-1]
                self._starts[-1] = Start(last.at, last.pid, last.resumed_from, float(at))

    def add_all(self, events: Iterable[Event]) -> int:
        """Take many events and give how many there were."""
        count = 0
        for event in events:
            self.add(event)
            count += 1
        return count

    def snapshot(self) -> Snapshot:
        """Give the run as it stands."""
        evaluation = self.evaluations[max(self.evaluations)] if self.evaluations else None
        return Snapshot(
            run_id=self.run_id,
            loss=self._loss(),
            trend=trend([point.value for point in self._recent]),
            iteration_s=self._usual_s(),
            left_s=self._left_s(),
            checkpoints=tuple(self._saved),
            evaluation=evaluation,
            warnings=tuple(self._warnings),
            starts=tuple(self._starts),
            end=self._end,
            losses=self._losses.points(),
            lrs=self._lrs.points(),
            last_at=self._last_at,
            **self._facts,
        )

    # --- one method for each event -----------------------------------------------------------

    def _on_start(self, event: Event) -> None:
        resumed_from = event.get("resumed_from")
        if event["run_id"] != self.run_id or resumed_from is None:
            vars(self).update(vars(Progress()))
        self.run_id = event["run_id"]
        done = _iteration_of(resumed_from) if resumed_from else 0
        self._forget_after(done)
        at = float(event["at"])
        self._starts.append(Start(at, int(event["pid"]), resumed_from, at))
        for name in ("method", "model", "config", "device", "device_name"):
            self._facts[name] = str(event.get(name) or "")
        self._facts |= {"iteration": done, "phase": "", "is_stopping": False}
        self._end = None

    def _on_phase(self, event: Event) -> None:
        self._facts["phase"] = str(event["name"])
        self._is_paused |= event["name"] in ("saving", "evaluating")

    def _on_plan(self, event: Event) -> None:
        self._facts["total"] = int(event["total_iters"])
        for name in ("max_epochs", "samples", "optimizer_steps"):
            self._facts[name] = event.get(name)

    def _on_iter(self, event: Event) -> None:
        iteration, loss, at = int(event["iter"]), float(event["loss"]), float(event["at"])
        self._losses.put(iteration, loss)
        self._lrs.put(iteration, float(event["lr"]))
        self._recent.append(Point(iteration, loss))
        self._facts |= {"iteration": iteration, "lr": float(event["lr"])}
        self._facts["epoch"] = float(event.get("epoch") or 0.0)
        memory = event.get("memory_gib")
        if memory is not None:
            self._facts["memory_gib"] = float(memory)
            peak = self._facts.get("peak_memory_gib") or 0.0
            self._facts["peak_memory_gib"] = max(peak, float(memory))
        self._time(at, float(event.get("time_s") or 0.0))

    def _on_checkpoint(self, event: Event) -> None:
        saved = Saved(
            int(event["iter"]), str(event["file"]), int(event.get("bytes") or 0), event["at"]
        )
        self._is_paused = True
        self._saved.append(saved)
        self._facts["kept"] = tuple(str(name) for name in event.get("kept") or ())

    def _on_evaluation(self, event: Event) -> None:
        answers = tuple(
            Answer(str(entry["question"]), str(entry["answer"])) for entry in event["answers"]
        )
        self._is_paused = True
        self.evaluations[int(event["iter"])] = Evaluation(int(event["iter"]), answers)

    def _on_warning(self, event: Event) -> None:
        self._warnings.append(Notice(str(event["code"]), event.get("data") or {}))

    def _on_stopping(self, event: Event) -> None:
        self._facts["is_stopping"] = True

    def _on_end(self, event: Event) -> None:
        notice = None
        if event["status"] == "failed":
            notice = Notice(str(event.get("code") or "unknown"), event.get("data") or {})
        self._end = End(
            event["status"],
            int(event.get("iter") or 0),
            event.get("checkpoint"),
            notice,
            float(event["at"]),
        )

    # --- sums --------------------------------------------------------------------------------

    def _forget_after(self, done: int) -> None:
        self._losses.forget_after(done)
        self._lrs.forget_after(done)
        kept = [point for point in self._recent if point.iteration <= done]
        self._recent = deque(kept, maxlen=self._recent.maxlen)
        self._saved = [saved for saved in self._saved if saved.iteration <= done]
        self.evaluations = {at: e for at, e in self.evaluations.items() if at <= done}
        self._walls.clear()
        self._paused_s, self._paused_count, self._timed_count = 0.0, 0, 0
        self._is_paused, self._iteration_at = False, None

    def _time(self, at: float, own_s: float) -> None:
        """Note how long an iteration took; the first of a start has only its own word for it."""
        is_first = self._iteration_at is None
        wall = own_s if self._iteration_at is None else max(0.0, at - self._iteration_at)
        self._iteration_at = at
        self._timed_count += 1
        if self._is_paused and not is_first:
            self._paused_s += wall
            self._paused_count += 1
        elif wall > 0:
            self._walls.append(wall)
        self._is_paused = False

    def _usual_s(self) -> float | None:
        """Give an iteration's usual time: the median of recent ones, so that none decides."""
        if self._walls:
            return statistics.median(self._walls)
        return self._paused_s / self._paused_count if self._paused_count else None

    def _loss(self) -> float | None:
        if not self._recent:
            return None
        newest = self._recent[-1].value
        if not math.isfinite(newest):
            return newest
        values = [point.value for point in list(self._recent)[-RECENT:]]
        return statistics.fmean(value for value in values if math.isfinite(value))

    def _left_s(self) -> float | None:
        """Give the rest's time: usual iterations, and pauses as often as there were so far."""
        total, usual_s = self._facts.get("total"), self._usual_s()
        if total is None or usual_s is None:
            return None
        rest: int = max(0, total - self._facts["iteration"])
        pauses_s = max(0.0, self._paused_s - self._paused_count * usual_s)
        return float(rest * (usual_s + pauses_s / self._timed_count))


def trend(values: list[float]) -> Trend:
    """Tell where a noisy series is going: its newer half against its older half.

    It is going somewhere when the two means differ by more than twice the difference's own
    standard error and by more than half a percent.
    """
    finite = [value for value in values if math.isfinite(value)]
    if len(finite) < 6:
        return "unknown"
    half = len(finite) // 2
    older, newer = finite[:half], finite[half:]
    before, after = statistics.fmean(older), statistics.fmean(newer)
    difference = after - before
    error = math.sqrt(_error_of_mean(older, before) ** 2 + _error_of_mean(newer, after) ** 2)
    if abs(difference) <= max(2 * error, 0.005 * abs(before)):
        return "level"
    return "falling" if difference < 0 else "rising"


def _error_of_mean(values: list[float], mean: float) -> float:
    """Give the standard error of a mean (the statistics module is exact, and slow by it)."""
    squares = sum((value - mean) ** 2 for value in values)
    return math.sqrt(squares / (len(values) - 1) / len(values))


def fold(events: Iterable[Event]) -> Snapshot:
    """Give the snapshot after all *events*."""
    progress = Progress()
    progress.add_all(events)
    return progress.snapshot()


def _iteration_of(checkpoint: str) -> int:
    try:
        return Checkpoint.parse(checkpoint).iter
    except NotACheckpointError:  # epoch_2.pth: mmengine's, of a config that saves by epochs
        return 0
