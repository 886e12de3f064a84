"""A run as it is followed from outside: its lock, its events, its log."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import msgspec

from ..shared import json_values
from ..shared.errors import Exit, XtguiError
from ..shared.events import Event, EventReader
from ..shared.run_folder import LockHolder, RunFolder, lock_holder, read_lock
from .log_tail import LogTail
from .progress import Progress
from .snapshot import Snapshot, State

_parse = msgspec.json.Decoder().decode


def parse_fast(line: bytes) -> Any:
    """Return what a JSON text says, as `json_values.parse` does, in a quarter of its time.

    What msgspec refuses may still be JSON: names of files that are no UTF-8 are halves of surrogate
    pairs in it.

    Raises:
        ValueError: If it is not JSON.
    """
    try:
        return _parse(line)
    except (msgspec.DecodeError, RecursionError):
        return json_values.parse(line)


class RunReader:
    """Takes in what is new of a folder's run; reading it changes nothing there.

    With *process*, the training process we started ourselves, it is also reaped when it ends.
    """

    def __init__(self, folder: RunFolder, process: subprocess.Popen[bytes] | None = None) -> None:
        self.folder = folder
        self.progress = Progress()
        self.log = LogTail(folder.log_file)
        self.was_alive = False
        """Whether the training process was there at any update."""
        self._process = process
        self._read_events = EventReader(folder.events_file, parse_fast)
        self._holder: LockHolder | None = None
        self._pid: int | None = process.pid if process else read_lock(folder.lock_file).pid
        self._snapshot: Snapshot | None = None

    def update(self, on_event: Callable[[Event], None] | None = None) -> bool:
        """Read on; True when something has changed.

        *on_event* is called after each event is taken in, when `snapshot` includes it.
        """
        if self._process is not None:
            self._process.poll()
        # The lock before the events: when it is free, all events have been written.
        before = self._holder
        self._holder = lock_holder(self.folder.lock_file)
        if self._holder is not None:
            self.was_alive = True
            self._pid = self._holder.pid or self._pid
        has_news = False
        for event in self._read_events():
            has_news = True
            self.progress.add(event)
            self._snapshot = None
            if on_event is not None:
                on_event(event)
        return self.log.read() or has_news or before != self._holder

    def snapshot(self) -> Snapshot:
        """Give the run as it stands after the last `update`."""
        if self._snapshot is None:
            self._snapshot = self.progress.snapshot()
        return self._snapshot

    @property
    def is_alive(self) -> bool:
        """Whether somebody held the lock at the last `update`."""
        return self._holder is not None

    @property
    def has_spoken(self) -> bool:
        """Whether the start that is followed has written its first event."""
        launches = self.snapshot().launches
        return bool(launches) and self._pid in (None, launches[-1].pid)

    @property
    def pid(self) -> int | None:
        """The training process that holds the lock, or held it last."""
        return self._pid

    @property
    def started_at(self) -> float:
        """When the start that is followed began, in seconds since the epoch; 0: unknown."""
        if self.has_spoken:
            return self.snapshot().launches[-1].at
        return self._holder.at if self._holder else 0.0

    @property
    def state(self) -> State:
        if self.has_spoken:
            return self.snapshot().state(is_alive=self.is_alive)
        return "starting" if self.is_alive else "died"


def known_run(folder: RunFolder) -> RunReader:
    """Return the run of a folder, running or ended.

    Raises:
        XtguiError: "train.nothing_here", if nothing was ever started there.
    """
    if not folder.events_file.exists() and lock_holder(folder.lock_file) is None:
        raise XtguiError("train.nothing_here", Exit.ANSWERS, path=folder.root)
    return RunReader(folder)
