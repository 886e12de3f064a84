"""A run seen from outside: its lock, its events and its log."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec

from ..shared import json_values
from ..shared.errors import Exit, XtguiError
from ..shared.events import Event, EventReader
from ..shared.run_folder import (
    LockHolder,
    RunFolder,
    list_checkpoints,
    lock_holder,
    read_lock,
)
from .log_tail import LogTail
from .progress import Progress
from .snapshot import Snapshot, State

_STALLED_S, _STALLED_ITERATIONS = 30.0, 10
"""A run that writes no event for longer than both of these while it iterates is stalled."""
_STALLED_UNKNOWN_S = 300.0
"""The same, if the time of an iteration is unknown."""

_parse = msgspec.json.Decoder().decode


def parse_fast(line: bytes) -> Any:
    """Return what a JSON text says, as `json_values.parse` does, in a quarter of its time.

    What msgspec refuses may still be JSON: file names that are not UTF-8 contain halves of
    surrogate pairs.

    Raises:
        ValueError: If it is not JSON.
    """
    try:
        return _parse(line)
    except (msgspec.DecodeError, RecursionError):
        return json_values.parse(line)


class RunReader:
    """Reads what is new in a folder's run, without changing anything there.

    If *process* is given, the training process that we started, it is reaped when it ends.
    """

    def __init__(self, folder: RunFolder, process: subprocess.Popen[bytes] | None = None) -> None:
        self.folder = folder
        self.progress = Progress()
        self.log = LogTail(folder.log_file)
        self.was_alive = False
        """Whether the run held its lock at any update."""
        self.process = process
        """The training process, if we started it."""
        self.is_gone = False
        """Whether its folder existed and is gone now."""
        self._heard_at: float | None = None
        """When it last wrote an event, by the monotonic clock."""
        self._read_events = EventReader(folder.events_file, parse_fast)
        self._holder: LockHolder | None = None
        self._last_holder = read_lock(folder.lock_file)
        self._pid: int | None = process.pid if process else self._last_holder.pid
        self._snapshot: Snapshot | None = None

    def update(self, on_event: Callable[[Event], None] | None = None) -> bool:
        """Read what is new; True if something has changed.

        *on_event* is called after each event, when `snapshot` already includes it.
        """
        if self.process is not None:
            self.process.poll()
        # The lock before the events: when it is free, all events have been written.
        before = self._holder
        self._holder = lock_holder(self.folder.lock_file)
        if self._holder is not None:
            self.was_alive = True
            self._last_holder = self._holder
            self._pid = self._holder.pid or self._pid
        self.is_gone = self.was_alive and not self.folder.lock_file.exists()
        has_news = False
        for event in self._read_events():
            has_news = True
            self.progress.add(event)
            self._snapshot = None
            if on_event is not None:
                on_event(event)
        if self._heard_at is None:
            silent_s = max(0.0, time.time() - self.progress.last_at)
            self._heard_at = time.monotonic() - silent_s
        elif has_news:
            self._heard_at = time.monotonic()
        return self.log.read() or has_news or before != self._holder

    def snapshot(self) -> Snapshot:
        """Return the run as it stands after the last `update`."""
        if self._snapshot is None:
            self._snapshot = self.progress.snapshot()
        return self._snapshot

    @property
    def is_alive(self) -> bool:
        """Whether the lock was held at the last `update`."""
        return self._holder is not None

    @property
    def exit_code(self) -> int | None:
        """The exit code of a training process that we started; None if unknown."""
        return self.process.returncode if self.process else None

    @property
    def stalled_s(self) -> int:
        """Seconds without an event, for a run that should iterate; 0 if it is not stalled."""
        snapshot = self.snapshot()
        is_iterating = self.state in ("running", "stopping") and snapshot.phase == "training"
        if not is_iterating or snapshot.waiting is not None or self._heard_at is None:
            return 0
        iteration_s = snapshot.iteration_s
        longest_s = (
            _STALLED_UNKNOWN_S
            if iteration_s is None
            else max(_STALLED_S, _STALLED_ITERATIONS * iteration_s)
        )
        silent_s = time.monotonic() - self._heard_at
        return int(silent_s) if silent_s > longest_s else 0

    @property
    def has_spoken(self) -> bool:
        """Whether the current start has written its first event."""
        return has_spoken(self.snapshot(), replace(self._last_holder, pid=self._pid))

    @property
    def pid(self) -> int | None:
        """The training process that holds the lock, or held it last."""
        return self._pid

    @property
    def started_at(self) -> float:
        """When the current start began, in seconds since the epoch; 0 if unknown."""
        if self.has_spoken:
            return self.snapshot().launches[-1].at
        return self._holder.at if self._holder else 0.0

    @property
    def state(self) -> State:
        """The state of the run: of its last start, as its events and the lock tell."""
        if self.has_spoken:
            return self.snapshot().state(is_alive=self.is_alive)
        return "starting" if self.is_alive else "died"


def has_spoken(run: Snapshot, last: LockHolder) -> bool:
    """Return whether the start that took the lock last has written its first event.

    Only moments before its first event are compared: a clock may be set back while it trains.

    Args:
        run: As told by its events.
        last: What the lock says about that start; in a container every start may have the same pid.
    """
    if not run.launches:
        return False
    told = run.launches[-1]
    return last.pid in (None, told.pid) and last.at <= told.at


def was_started(folder: RunFolder) -> bool:
    """Return whether xtgui has ever started a run in a folder."""
    is_locked = lock_holder(folder.lock_file) is not None
    return is_locked or folder.events_file.exists() or read_lock(folder.lock_file).at > 0


def known_run(folder: RunFolder) -> RunReader:
    """Return the run of a folder, running or ended.

    Raises:
        XtguiError: "train.nothing_here" if nothing was ever trained there, "train.elsewhere" if
            only something other than xtgui has.
    """
    if was_started(folder):
        return RunReader(folder)
    is_elsewhere = bool(list_checkpoints(folder.work_dir))
    code = "train.elsewhere" if is_elsewhere else "train.nothing_here"
    raise XtguiError(code, Exit.ANSWERS, path=folder.root)
