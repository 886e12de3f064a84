"""A quick look at a run: its state, from the lock and from both ends of its events file."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from ..shared.errors import XtguiError
from ..shared.events import LONGEST_LINE, Event, decode
from ..shared.regular_file import open_regular
from ..shared.run_folder import RunFolder, latest_checkpoint, lock_holder, read_lock
from ..shared.schedule_restarts import read_restarts
from ..shared.spare_event import read_spare
from .progress import Progress
from .run_reader import has_spoken, was_started
from .snapshot import Snapshot
from .xtuner_logs import read_progress

_END_BYTES = 64 * 1024
"""Bytes read at either end of an events file that may have grown for days."""
_SEARCHED_BYTES = 64 * 1024 * 1024
"""A larger file is not searched for checks between its ends."""
_SEARCHED_FOR_START = 2 << 30
"""How far back the last start is searched for: 10 million iterations, or a second of a hole."""
_CHECK = b'\n{"event": "learning"'
_START = b'\n{"event": "start"'
"""How the lines of the events begin that are searched for between the ends."""

State = Literal["none", "running", "finished", "stopped", "failed", "died", "other"]


@dataclass(frozen=True)
class Glance:
    """What is known about a run without reading all of it."""

    state: State
    """"none": nothing was trained; "other": checkpoints without events, as XtunerGUI leaves."""
    iteration: int
    total: int | None
    checkpoint: str | None
    """The latest one of the run's current course."""
    answered: int
    """Number of iterations at which the evaluation questions were answered."""


def glance(folder: RunFolder) -> tuple[Glance, Snapshot]:
    """Return what a quick look at a folder's run says, and the run without its middle."""
    progress = Progress()
    has_events = progress.add_all(_ends(folder.events_file)) > 0
    run = progress.snapshot()
    latest = latest_checkpoint(folder.work_dir)
    answers = folder.answers_dir
    state: State = "other" if latest else "none"
    is_silent = not has_spoken(run, read_lock(folder.lock_file))
    if lock_holder(folder.lock_file) is not None:
        state = "running"
    elif has_events or was_started(folder):
        state = run.end.status if run.end is not None and not is_silent else "died"
    elif latest is not None:
        run = read_progress(folder).snapshot()
    seen = Glance(
        state,
        run.iteration or (run.end.iteration if run.end else 0),
        _total(folder) or run.total,
        latest.name if latest else None,
        sum(1 for _ in answers.glob("iter_*.json")) if answers.is_dir() else 0,
    )
    return seen, run


def _total(folder: RunFolder) -> int | None:
    """Return where a run ends if a restart of its schedule has changed that; None otherwise."""
    try:
        restarts = read_restarts(folder.schedule_restarts_file)
    except XtguiError:
        return None
    return restarts[-1].end if restarts else None


def _ends(path: Path) -> list[Event]:
    """Return the events at both ends of a file, and the checks and the last start in between.

    All events, if the file is short.
    """
    try:
        with open_regular(path) as file:
            head = file.read(_END_BYTES)
            file.seek(0, 2)
            size = file.tell()
            tail = b""
            if size > len(head):
                begin = max(size - _END_BYTES, len(head))
                tail = _told_between(file, len(head), begin)
                file.seek(begin)
                tail += b"\n" + file.read()
    except OSError:
        return []
    spare = b"\n" + read_spare(path)
    found = (decode(line) for line in (head + tail + spare).splitlines())
    return [event for event in found if event is not None]


def _told_between(file: BinaryIO, begin: int, end: int) -> bytes:
    """Return the lines of checks, and of the last start, that begin between two positions."""
    places: list[int] = []
    if end > begin:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            at = content.find(_CHECK, begin, end) if end <= _SEARCHED_BYTES else -1
            while at >= 0:
                places.append(at)
                at = content.find(_CHECK, at + 1, end)
            at = content.rfind(_START, max(begin, end - _SEARCHED_FOR_START), end)
            places += [at] if at >= 0 else []
            return b"\n" + b"".join(_line(content, at) for at in sorted(places))
    return b"\n"


def _line(content: mmap.mmap, at: int) -> bytes:
    """Return the line that begins after *at*; b"" if it is too long for an event."""
    end = content.find(b"\n", at + 1, at + 1 + LONGEST_LINE)
    return content[at + 1 : end + 1]
