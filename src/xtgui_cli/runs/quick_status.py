"""A quick look at a run: its state, from the lock and from the ends of its events file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..shared.events import Event, decode
from ..shared.regular_file import open_regular
from ..shared.run_folder import RunFolder, list_checkpoints, lock_holder, read_lock
from .progress import Progress

_END_BYTES = 64 * 1024
"""What is read of either end of an events file that may have grown for days."""

State = Literal["none", "running", "finished", "stopped", "failed", "died", "other"]


@dataclass(frozen=True)
class Glance:
    """What can be told of a run without reading all of it."""

    state: State
    """"none": nothing was trained; "other": checkpoints without events, as XtunerGUI leaves."""
    iteration: int
    total: int | None
    checkpoint: str | None
    """The latest one on disk."""
    answered: int
    """At how many iterations the evaluation questions were answered."""


def glance(folder: RunFolder) -> Glance:
    """Look at the run of a folder."""
    progress = Progress()
    has_events = progress.add_all(_ends(folder.events_file)) > 0
    run = progress.snapshot()
    checkpoints = list_checkpoints(folder.work_dir)
    answers = folder.answers_dir
    state: State = "other" if checkpoints else "none"
    is_silent = read_lock(folder.lock_file).at > run.last_at
    if lock_holder(folder.lock_file) is not None:
        state = "running"
    elif is_silent or has_events:  # silent: it died before its first event
        state = run.end.status if run.end is not None and not is_silent else "died"
    return Glance(
        state,
        run.iteration or (run.end.iteration if run.end else 0),
        run.total,
        checkpoints[-1].name if checkpoints else None,
        sum(1 for _ in answers.glob("iter_*.json")) if answers.is_dir() else 0,
    )


def _ends(path: Path) -> list[Event]:
    """Give the events at the beginning and at the end of a file; all, where it is short."""
    try:
        with open_regular(path) as file:
            head = file.read(_END_BYTES)
            file.seek(0, 2)
            size = file.tell()
            tail = b""
            if size > len(head):
                file.seek(max(size - _END_BYTES, len(head)))
                tail = b"\n" + file.read()
    except OSError:
        return []
    found = (decode(line) for line in (head + tail).splitlines())
    return [event for event in found if event is not None]
