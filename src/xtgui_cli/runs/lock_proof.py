"""Whether a process is the one that holds a run's lock: no process is signaled without a proof.

The lock file contains a process number. Anybody who can write to it may put another one there, and
the system reuses numbers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..shared.run_folder import LockHolder

PROC = Path("/proc")
"""Where Linux shows all processes; other systems do not have it."""


def started_at(pid: int) -> float:
    """Return when a process was started, on the system's own scale; 0 if unknown.

    It serves only for comparison: it differs between two processes that had the same number.
    """
    try:
        # the name of the program, in brackets, may contain anything; field 22 of proc_pid_stat(5)
        fields = (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        return float(fields[19])
    except (OSError, IndexError, ValueError):
        pass
    if PROC.is_dir():
        return 0.0
    import psutil

    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return 0.0


def is_holder(holder: LockHolder, lock_file: Path) -> bool:
    """Return whether the process that the lock names exists, is the one meant, and holds the file.

    If the system does not say which files a process holds, the time of its start decides.
    """
    if holder.pid is None:
        return False
    if holder.started and started_at(holder.pid) != holder.started:
        return False
    if not PROC.is_dir():
        return bool(holder.started)
    return _holds(holder.pid, lock_file)


def is_in_session(holder: LockHolder, lock_file: Path) -> bool:
    """Return whether a process of the session that the named one leads, or led, holds the lock."""
    if holder.pid is None:
        return False
    if is_holder(holder, lock_file):
        return True
    if _is_there(holder.pid):
        return False
    return any(_holds(pid, lock_file) for pid in _members(holder.pid))


def _members(session: int) -> Iterator[int]:
    for entry in PROC.iterdir() if PROC.is_dir() else ():
        if entry.name.isdecimal():
            try:
                is_member = os.getsid(int(entry.name)) == session
            except OSError:
                continue
            if is_member:
                yield int(entry.name)


def _holds(pid: int, file: Path) -> bool:
    try:
        wanted = file.stat()
        opened = list((PROC / str(pid) / "fd").iterdir())
    except OSError:
        return False
    return any(_is_same(each, wanted) for each in opened)


def _is_same(opened: Path, wanted: os.stat_result) -> bool:
    try:
        status = opened.stat()
    except OSError:
        return False
    return (status.st_dev, status.st_ino) == (wanted.st_dev, wanted.st_ino)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
