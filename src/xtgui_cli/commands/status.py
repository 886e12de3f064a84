"""`xtgui status`: training status and progress."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..project import run_report
from ..project.cause_of_death import failure
from ..project.outcome import Outcome
from ..runs.run_reader import RunReader, known_run, was_started
from ..runs.xtuner_logs import read_progress
from ..shared.errors import Exit
from ..shared.run_folder import RunFolder, latest_checkpoint, list_checkpoints
from ..ui.console import out
from ..ui.json_output import print_json
from ..ui.wrap import wrap


@dataclass(frozen=True, kw_only=True)
class StatusRequest:
    """Which run to report."""

    root: Path
    """The project's folder."""
    as_json: bool = False
    """Print one JSON object."""


def run(request: StatusRequest) -> Exit:
    """Show training status and progress; always exit code 0 if a run is known."""
    folder = RunFolder(request.root)
    if not was_started(folder) and list_checkpoints(folder.work_dir):
        return _report_elsewhere(folder, as_json=request.as_json)
    reader = known_run(folder)
    reader.update()
    if request.as_json:
        print_json(_status(reader))
        return Exit.DONE
    from ..ui.train_lines import status_lines

    _show(status_lines(reader, time.time(), _names(folder), _latest(folder)))
    if reader.state in ("failed", "died"):
        run_report.explain_failure(reader, out())
    outcome = Outcome(folder, reader.snapshot(), reader.state)
    if not reader.is_alive:
        run_report.say_verdict(outcome)
    run_report.say_next(outcome)
    return Exit.DONE


def _report_elsewhere(folder: RunFolder, *, as_json: bool) -> Exit:
    """Report a run that xtgui did not start, from XtunerGUI or xtuner itself."""
    outcome = Outcome(folder, read_progress(folder).snapshot(), "finished")
    if as_json:
        print_json(_as_data(outcome, _Process(state="other")))
        return Exit.DONE
    from ..ui.train_lines import elsewhere_lines

    _show(elsewhere_lines(outcome.snapshot, _names(folder)))
    run_report.say_next(outcome)
    return Exit.DONE


def _show(lines: Iterable[str]) -> None:
    """Print lines whole for a program, and wrapped for a person."""
    for line in lines:
        for part in wrap(line, out().width) if out().is_terminal else [line]:
            out().print(part, soft_wrap=True)


@dataclass(frozen=True, kw_only=True)
class _Process:
    """What is known about the training process, besides its events."""

    state: str
    pid: int | None = None
    """None if it is not running."""
    started_at: float | None = None
    stalled_s: int | None = None
    """None if it is not stalled."""
    fault: str | None = None


def _names(folder: RunFolder) -> list[str]:
    return [checkpoint.name for checkpoint in list_checkpoints(folder.work_dir)]


def _latest(folder: RunFolder) -> str | None:
    latest = latest_checkpoint(folder.work_dir)
    return latest.name if latest else None


def _status(reader: RunReader) -> dict[str, Any]:
    notice = failure(reader) if reader.state in ("failed", "died") else None
    process = _Process(
        state=reader.state,
        pid=reader.pid if reader.is_alive else None,
        started_at=reader.started_at or None,
        stalled_s=reader.stalled_s or None,
        fault=notice.code.removeprefix("faults.") if notice else None,
    )
    return _as_data(Outcome(reader.folder, reader.snapshot(), reader.state), process)


def _as_data(outcome: Outcome, process: _Process) -> dict[str, Any]:
    snapshot, folder = outcome.snapshot, outcome.folder
    return {
        "state": process.state,
        "pid": process.pid,
        "run_id": snapshot.run_id,
        "method": snapshot.method,
        "model": snapshot.model,
        "phase": snapshot.phase or None,
        "iteration": snapshot.iteration,
        "total": snapshot.total,
        "planned_total": snapshot.planned_total,
        "ends_early": snapshot.ends_early or None,
        "epoch": snapshot.epoch,
        "max_epochs": snapshot.max_epochs,
        "loss": snapshot.loss,
        "token_accuracy": snapshot.token_accuracy,
        "lr": snapshot.lr,
        "iteration_s": snapshot.iteration_s,
        "left_s": snapshot.left_s if process.pid else None,
        "stalled_s": process.stalled_s,
        "memory_gib": snapshot.memory_gib,
        "started_at": process.started_at,
        "checkpoint": _latest(folder),
        "checkpoints": _names(folder),
        "fault": process.fault,
        "loss_course": outcome.course.kind,
        "verdict": run_report.verdict_as_data(outcome),
        "next": run_report.step_as_data(outcome),
        "log": str(folder.log_file),
    }
