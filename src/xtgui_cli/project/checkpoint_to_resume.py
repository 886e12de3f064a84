"""Which checkpoint a run goes on from, and whether anything is left to do after it."""

from __future__ import annotations

import re
from pathlib import Path

from ..shared.errors import Exit, XtguiError
from ..shared.events import EventReader
from ..shared.run_folder import RunFolder, latest_checkpoint, list_checkpoints

_NAME = re.compile(r"(?:iter_)?(\d+)(?:\.pth)?")


def find(folder: RunFolder, name: str) -> Path:
    """Give the checkpoint of a name: iter_20.pth, iter_20, 20, or "" for the latest.

    Raises — XtguiError "train.no_checkpoint" where there is none, "train.checkpoint_gone" with
    those that there are.
    """
    latest = latest_checkpoint(folder.work_dir)
    if latest is None:
        raise XtguiError("train.no_checkpoint", Exit.ANSWERS, path=folder.work_dir)
    if not name:
        return latest.path
    there = list_checkpoints(folder.work_dir)
    match = _NAME.fullmatch(name)
    for checkpoint in there:
        if match and checkpoint.iter == int(match[1]):
            return checkpoint.path
    left = ", ".join(checkpoint.name for checkpoint in there)
    raise XtguiError("train.checkpoint_gone", Exit.ANSWERS, name=name, left=left)


def is_at_the_end(folder: RunFolder, checkpoint: Path) -> bool:
    """Whether the run has no iteration left after this checkpoint, as the engine counted."""
    total = _last(folder, "plan", "total_iters")
    done = int(re.sub(r"\D", "", checkpoint.stem))
    return isinstance(total, int) and done >= total


def last_run_id(folder: RunFolder) -> str | None:
    """Give the id of the newest run in the folder; None where xtgui has not trained there."""
    run_id = _last(folder, "start", "run_id")
    return run_id if isinstance(run_id, str) else None


def _last(folder: RunFolder, name: str, field: str) -> object:
    value = None
    for event in EventReader(folder.events_file)():
        if event["event"] == name:
            value = event.get(field)
    return value
