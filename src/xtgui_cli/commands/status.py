"""`xtgui status`: training status and progress."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..project import run_report
from ..project.cause_of_death import failure
from ..project.outcome import Outcome
from ..runs.run_reader import RunReader, known_run
from ..shared.errors import Exit
from ..shared.run_folder import RunFolder, list_checkpoints
from ..ui.console import out
from ..ui.json_output import print_json


@dataclass(frozen=True, kw_only=True)
class StatusRequest:
    """Which run to report."""

    root: Path
    """The project's folder."""
    as_json: bool = False
    """Print one JSON object."""


def run(request: StatusRequest) -> Exit:
    """Say whether it trains and how far it is; always exit code 0 where a run is known."""
    reader = known_run(RunFolder(request.root))
    reader.update()
    if request.as_json:
        print_json(_status(reader))
        return Exit.DONE
    from ..ui.train_lines import status_lines

    left = [checkpoint.name for checkpoint in list_checkpoints(reader.folder.work_dir)]
    for line in status_lines(reader, time.time(), left):
        out().print(line, soft_wrap=True)
    if reader.state in ("failed", "died"):
        run_report.explain_failure(reader, out())
    outcome = Outcome(reader.folder, reader.snapshot(), reader.state)
    if not reader.is_alive:
        run_report.say_verdict(outcome)
    run_report.say_next(outcome)
    return Exit.DONE


def _status(reader: RunReader) -> dict[str, Any]:
    snapshot = reader.snapshot()
    outcome = Outcome(reader.folder, snapshot, reader.state)
    notice = failure(reader) if reader.state in ("failed", "died") else None
    return {
        "state": reader.state,
        "pid": reader.pid if reader.is_alive else None,
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
        "left_s": snapshot.left_s if reader.is_alive else None,
        "stalled_s": reader.stalled_s or None,
        "memory_gib": snapshot.memory_gib,
        "started_at": reader.started_at or None,
        "checkpoints": [saved.name for saved in list_checkpoints(reader.folder.work_dir)],
        "fault": notice.code.removeprefix("faults.") if notice else None,
        "loss_course": outcome.course.kind,
        "verdict": run_report.verdict_as_data(outcome),
        "next": run_report.step_as_data(outcome),
        "log": str(reader.folder.log_file),
    }
