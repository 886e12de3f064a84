"""`xtgui status`: training status and progress."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..project import run_report
from ..runs.run_reader import RunReader, known_run
from ..shared.errors import Exit
from ..shared.run_folder import RunFolder, list_checkpoints
from ..ui.console import in_words, out, say
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
    followed = known_run(RunFolder(request.root))
    followed.update()
    if request.as_json:
        print_json(_status(followed))
        return Exit.DONE
    from ..ui.train_lines import status_lines

    left = [checkpoint.name for checkpoint in list_checkpoints(followed.folder.work_dir)]
    for line in status_lines(followed, time.time(), left):
        out().print(line, soft_wrap=True)
    if followed.state in ("failed", "died"):
        out().print(f"✗ {in_words(run_report.failure(followed))}", soft_wrap=True)
    say(f"train.next_{followed.state}")
    return Exit.DONE


def _status(run: RunReader) -> dict[str, Any]:
    snapshot = run.snapshot()
    notice = run_report.failure(run) if run.state in ("failed", "died") else None
    return {
        "state": run.state,
        "pid": run.pid if run.is_alive else None,
        "run_id": snapshot.run_id,
        "method": snapshot.method,
        "model": snapshot.model,
        "phase": snapshot.phase or None,
        "iteration": snapshot.iteration,
        "total": snapshot.total,
        "epoch": snapshot.epoch,
        "max_epochs": snapshot.max_epochs,
        "loss": snapshot.loss,
        "lr": snapshot.lr,
        "iteration_s": snapshot.iteration_s,
        "left_s": snapshot.left_s if run.is_alive else None,
        "memory_gib": snapshot.memory_gib,
        "started_at": run.started_at or None,
        "checkpoints": [saved.name for saved in list_checkpoints(run.folder.work_dir)],
        "fault": notice.code.removeprefix("faults.") if notice else None,
        "log": str(run.folder.log_file),
    }
