"""Ends a training at once: nothing is saved, and the run says that the user wanted it so."""

from __future__ import annotations

from ..shared.events import EventWriter
from ..shared.run_folder import latest_checkpoint
from .run_reader import RunReader
from .training_process import kill_training, wait_until_free

_PATIENCE_S = 10.0


def end_at_once(run: RunReader) -> bool:
    """Kill the training process and its workers; return False if none is running.

    A killed process says nothing. The end is written for it; otherwise the run would look as if the
    system had killed it.

    Raises:
        XtguiError: Those of `kill_training`.
    """
    folder = run.folder
    if not kill_training(folder):
        return False
    is_free = wait_until_free(folder, _PATIENCE_S, run.process)
    run.update()
    snapshot = run.snapshot()
    if is_free and run.has_spoken and snapshot.end is None:
        saved = latest_checkpoint(folder.work_dir)
        EventWriter(folder.events_file)(
            "end",
            status="stopped",
            iter=snapshot.iteration,
            checkpoint=saved.name if saved else None,
            code="at_once",
            data={},
        )
        run.update()
    return True
