"""The place where a run puts its files: it must be writable, have room, and hold one run."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from ..shared.disk import free_bytes
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, take_lock
from ..ui.units import file_size

NEEDED_BYTES = 100_000_000
"""Less room than this is not worth a start: logs and the smallest adapter's checkpoint."""


def require_place(folder: RunFolder) -> None:
    """See that the work_dir can be written and that its disk is not full.

    Raises — XtguiError "train.not_writable" (exit 2) or "train.no_space" (exit 1).
    """
    try:
        folder.state_dir.mkdir(parents=True, exist_ok=True)
        for place in (folder.work_dir, folder.state_dir):
            with tempfile.TemporaryFile(dir=place):
                pass
        for file in (folder.log_file, folder.events_file, folder.lock_file):
            if file.exists() and not os.access(file, os.W_OK):
                raise PermissionError(13, os.strerror(13), str(file))
    except OSError as error:
        raise XtguiError(
            "train.not_writable",
            Exit.ANSWERS,
            path=error.filename or folder.work_dir,
            reason=error.strerror or str(error),
        ) from None
    free = free_bytes(folder.work_dir)
    if free < NEEDED_BYTES:
        raise XtguiError(
            "train.no_space",
            Exit.FAILED,
            path=folder.work_dir,
            free=file_size(free),
            needed=file_size(NEEDED_BYTES),
        )


def put_old_run_away(folder: RunFolder, config: Path) -> Path:
    """Move the work_dir to runs/<time>/, by renaming, and make a new one with the config in it.

    The old run keeps its own copy of the config. Give where it lies now.
    Raises — XtguiError "train.already_running".
    """
    lock = take_lock(folder.lock_file)
    try:
        target = _free_name(folder.old_runs_dir)
        new = Path(tempfile.mkdtemp(prefix=".work_dir.", dir=folder.root))
        new.chmod(folder.work_dir.stat().st_mode & 0o777)
        written = folder.state_dir / "written.json"
        for file in {config, folder.config_file, written}:
            if file.is_file() and file.is_relative_to(folder.work_dir):
                copy = new / file.relative_to(folder.work_dir)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, copy)
        folder.old_runs_dir.mkdir(exist_ok=True)
        folder.work_dir.rename(target)
        new.rename(folder.work_dir)
        return target
    finally:
        os.close(lock)


def _free_name(runs_dir: Path) -> Path:
    stamp = time.strftime("%Y%m%d_%H%M%S")
    target, number = runs_dir / stamp, 2
    while target.exists():
        target = runs_dir / f"{stamp}_{number}"
        number += 1
    return target
