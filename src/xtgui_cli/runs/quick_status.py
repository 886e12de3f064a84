"""A quick look at a run: its state, from the lock and from the ends of its events file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..shared.events import Event, decode
from ..shared.run_folder import RunFolder, list_checkpoints, lock_holder, read_lock

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
    events = _ends(folder.events_file)
    checkpoints = list_checkpoints(folder.work_dir)
    answers = folder.answers_dir
    return Glance(
        _state(folder, events, bool(checkpoints)),
        int(_last(events, "iter", "iter") or _last(events, "end", "iter") or 0),
        _last(events, "plan", "total_iters"),
        checkpoints[-1].name if checkpoints else None,
        sum(1 for _ in answers.glob("iter_*.json")) if answers.is_dir() else 0,
    )


def _state(folder: RunFolder, events: list[Event], has_checkpoints: bool) -> State:
    if lock_holder(folder.lock_file) is not None:
        return "running"
    started_at = read_lock(folder.lock_file).get("at")
    last_at = events[-1].get("at", 0) if events else 0
    if isinstance(started_at, (int, float)) and started_at > last_at:
        return "died"  # before its first event
    for event in reversed(events):
        if event["event"] == "end" and event.get("status") in ("finished", "stopped", "failed"):
            status: State = event["status"]
            return status
        if event["event"] != "end":
            return "died"
    return "other" if has_checkpoints else "none"


def _last(events: list[Event], name: str, field: str) -> int | None:
    for event in reversed(events):
        if event["event"] == name and isinstance(event.get(field), int):
            value: int = event[field]
            return value
    return None


def _ends(path: Path) -> list[Event]:
    """Give the events at the beginning and at the end of a file; all, where it is short."""
    try:
        with path.open("rb") as file:
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
