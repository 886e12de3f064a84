"""How the numbers and states of a run are written, on every screen that shows them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import PurePath

from ..runs.run_reader import RunReader
from ..runs.snapshot import Saved, Snapshot, State, Trend
from ..runs.training_process import is_process_suspended
from ..texts import has, t
from .units import duration, file_size
from .wrap import one_line

_ARROWS: dict[Trend, str] = {"falling": "▼", "rising": "▲", "level": "→", "unknown": " "}


def loss(value: float | None) -> str:
    """Write a loss with its significant digits; a diverged one as nan or inf."""
    if value is None:
        return "-"
    if not math.isfinite(value):
        return str(value)
    if abs(value) >= 1e6:
        return f"{value:.3g}"
    return f"{value:.3f}" if value < 100 else f"{value:.1f}"


def loss_with_trend(snapshot: Snapshot) -> str:
    """Write the loss and where it is going."""
    return f"{loss(snapshot.loss)} {_ARROWS[snapshot.trend]}".rstrip()


def token_accuracy(snapshot: Snapshot) -> str:
    """Write how many of the trained tokens are predicted right; empty if that is not measured."""
    if snapshot.token_accuracy is None:
        return ""
    return t("train.token_accuracy", percent=f"{snapshot.token_accuracy * 100:.0f}")


def learning_rate(value: float | None) -> str:
    """Write the learning rate, "-" if it is not known."""
    return "-" if value is None else f"{value:.2e}"


def pace(seconds: float | None) -> str:
    """Write how long an iteration takes."""
    if seconds is None:
        return "-"
    return f"{seconds:.2f} s/it" if seconds >= 0.1 else f"{seconds * 1000:.0f} ms/it"


def memory(snapshot: Snapshot) -> str:
    """Write the memory in use: the GPU's if the run has one, else that of the process."""
    if snapshot.memory_gib is None:
        return ""
    device = "GPU" if snapshot.device == "cuda" else "RAM"
    return f"{device} {snapshot.memory_gib:.1f} GiB"


def left(snapshot: Snapshot, now: float) -> str:
    """Write the remaining time, counting down between events."""
    if snapshot.left_s is None:
        return "-"
    silent_s = max(0.0, now - snapshot.last_at)  # a clock may have been set back
    return duration(snapshot.left_s - min(silent_s, snapshot.iteration_s or 0.0))


def stalled(run: RunReader) -> str:
    """Return a warning that a run is stalled, with what to try; empty if it makes progress."""
    seconds = run.stalled_s
    if not seconds:
        return ""
    is_suspended = run.pid is not None and is_process_suspended(run.pid)
    return t("train.suspended" if is_suspended else "train.stalled", seconds=seconds, pid=run.pid)


def epoch(snapshot: Snapshot) -> str:
    """Write how many epochs are done, of how many; empty if that is not known."""
    if snapshot.max_epochs is None:
        return ""
    return t("train.epoch", epoch=f"{snapshot.epoch:.2f}", epochs=f"{snapshot.max_epochs:g}")


def early_end(snapshot: Snapshot, state: State) -> str:
    """Return where and why the run ends, or ended, before its plan; empty if it does not."""
    why = snapshot.ends_early
    key = f"train.ended_{why}" if state == "finished" else f"train.ends_{why}"
    if not has(key):
        return ""
    return t(key, total=snapshot.total, planned=snapshot.planned_total)


def model_name(snapshot: Snapshot) -> str:
    """Write the model's name without its folder."""
    return one_line(PurePath(snapshot.model).name)


def state_word(snapshot: Snapshot, state: State) -> str:
    """Return in a word or two what the run is doing."""
    if snapshot.waiting and state in ("running", "stopping"):
        return t("train.phase.waiting")
    if state == "running" and has(f"train.phase.{snapshot.phase}"):
        return t(f"train.phase.{snapshot.phase}")
    if state in ("starting", "running"):
        return t("train.phase.starting")
    return t(f"train.state.{state}")


def saved_line(saved: Saved, kept: Sequence[str]) -> str:
    """Return that a checkpoint was saved and how many are kept."""
    return t("train.saved", name=one_line(saved.name), size=file_size(saved.bytes), kept=len(kept))
