"""Why a run did not finish: what it said, or what its silence means."""

from __future__ import annotations

import signal

from ..runs.run_reader import RunReader
from ..runs.snapshot import Snapshot
from ..shared.disk import free_bytes
from ..shared.errors import Notice
from ..shared.oom_kills import count_oom_kills
from ..ui.units import file_size

_FULL_BYTES = 1 << 20
"""A disk with less space left is full: there is no room for a checkpoint, and soon not for an
event."""
_CRASHES = {
    signal.SIGSEGV: "SIGSEGV",
    signal.SIGBUS: "SIGBUS",
    signal.SIGILL: "SIGILL",
    signal.SIGFPE: "SIGFPE",
    signal.SIGABRT: "SIGABRT",
}
"""Signals that a process causes itself."""


def failure(run: RunReader) -> Notice:
    """Return why a run failed or died."""
    end = run.snapshot().end
    if run.is_gone:
        return Notice("faults.folder_gone", {"path": str(run.folder.work_dir)})
    if not run.has_spoken:
        return Notice("faults.died_early")
    if end is not None and end.notice is not None:
        return end.notice
    return _silence(run)


def was_oom_killed(snapshot: Snapshot) -> bool:
    """Return whether the kernel has killed for lack of memory since the run's last start."""
    before, now = snapshot.launches[-1].oom_kills, count_oom_kills()
    return before is not None and now is not None and now > before


def _silence(run: RunReader) -> Notice:
    snapshot, code = run.snapshot(), run.exit_code
    if code is not None and -code in _CRASHES:
        return Notice("faults.crashed", {"signal": _CRASHES[signal.Signals(-code)]})
    if was_oom_killed(snapshot):
        return Notice("faults.oom_killed")
    free = free_bytes(run.folder.work_dir)
    if free < _FULL_BYTES:
        return Notice("faults.died_disk_full", {"free": file_size(free)})
    if snapshot.is_stopping:
        return Notice("faults.died_stopping")
    return Notice("faults.died")
