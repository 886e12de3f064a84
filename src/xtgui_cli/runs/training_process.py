"""Starts the engine: by path, under an interpreter that may belong to another environment."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from ..shared.atomic import write_text
from ..shared.config_file import read_file
from ..shared.errors import Exit, XtguiError
from ..shared.interpreters import without_current_folder
from ..shared.own_files import open_own
from ..shared.run_folder import LockHolder, RunFolder, lock_holder, take_lock, write_lock
from .copied_command import quote
from .lock_proof import is_in_session, started_at

LOG_MARK = "--- xtgui train"
"""How the line begins that separates the starts in the log."""

ENGINE_MAIN = Path(__file__).resolve().parents[1] / "engine" / "__main__.py"


def engine_command(python: Path, *arguments: str) -> list[str]:
    """Return the command line of the engine: by path, so that none of our paths leaks into it."""
    return [str(python), "-u", str(ENGINE_MAIN), *arguments]


def engine_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the engine's environment: offline, unbuffered, UTF-8, and without our PYTHONPATH.

    Sources are local by the time the engine runs, and hub calls hang without a network. What it
    starts imports nothing from the current folder. Threads that wait for each other sleep soon
    instead of burning their core, unless the user says otherwise: on two shared cores, SmolLM2-135M
    generated 1.0 to 3.2 tokens a second with libgomp's default of 300,000 rounds, and 5.1 to 6.1
    with 1,000.
    """
    clean = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    if "OMP_WAIT_POLICY" not in clean:
        clean.setdefault("GOMP_SPINCOUNT", "1000")
    return without_current_folder(clean) | {
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUTF8": "1",
    }


def append_to(log: Path) -> BinaryIO:
    """Open a log of ours for appending.

    Raises:
        NotOurFileError: Those of `open_own`.
    """
    descriptor = open_own(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    return open(descriptor, "ab")  # noqa: PTH123 (a number)


# --- training --------------------------------------------------------------------------------


def start_training(
    python: Path,
    folder: RunFolder,
    config: Path,
    *,
    run_id: str,
    resume: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start the training process in its own session, holding the folder's lock, and return it.

    It inherits the lock and holds it as long as it or a worker of it lives; closing the terminal
    does not affect it, since the terminal's signals go to another session. Its output is appended
    to the log. It is found again by the lock; the returned Popen only serves to reap it, so that it
    does not stay behind as a zombie. The config is kept as it is now, for when the run is archived.

    Raises:
        XtguiError: "train.already_running".
        OSError: If the folder cannot be written or the interpreter cannot be started.
        NotOurFileError: Those of `open_own`.
    """
    folder.state_dir.mkdir(parents=True, exist_ok=True)
    lock = take_lock(folder.lock_file)
    try:
        write_text(folder.trained_config_file, read_file(config))
        holder = LockHolder(None, socket.gethostname(), run_id, time.time())
        write_lock(lock, holder)
        arguments = ["--config", str(config), "--work-dir", str(folder.work_dir)]
        arguments += ["--run-id", run_id]
        if resume is not None:
            arguments += ["--resume", str(resume)]
        with append_to(folder.log_file) as log:
            log.write(f"{LOG_MARK} {time.strftime('%Y-%m-%d %H:%M:%S')} {run_id}\n".encode())
            log.flush()
            process = subprocess.Popen(
                engine_command(python, "train", *arguments),
                cwd=folder.root,
                env=engine_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(lock,),
            )
        write_lock(lock, replace(holder, pid=process.pid, started=started_at(process.pid)))
        return process
    finally:
        os.close(lock)


def is_running(folder: RunFolder) -> bool:
    """Return whether a training process holds the folder's lock."""
    return lock_holder(folder.lock_file) is not None


def request_stop(folder: RunFolder) -> bool:
    """Ask the training process to save a checkpoint and exit; return False if none is running.

    Raises:
        XtguiError: "train.other_host" if it runs on another machine, "train.not_ours" if the lock
            names a process that does not hold it.
    """
    return _signal(folder, signal.SIGTERM, whole_session=False)


def kill_training(folder: RunFolder) -> bool:
    """Kill the training process and its workers; return False if none is running.

    Raises:
        XtguiError: Those of `request_stop`.
    """
    return _signal(folder, signal.SIGKILL, whole_session=True)


def is_process_suspended(pid: int) -> bool:
    """Return whether a process was halted (SIGSTOP) and continues only when it is told to."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return status.rpartition(b")")[2].split()[:1] == [b"T"]


def wait_until_free(
    folder: RunFolder,
    timeout_s: float,
    process: subprocess.Popen[bytes] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> bool:
    """Wait until nobody trains in the folder; return False if the time limit comes first.

    The lock decides, not the process table: a zombie holds no lock.
    """
    deadline = clock() + timeout_s
    while True:
        if process is not None:
            process.poll()
        if not is_running(folder):
            return True
        if clock() > deadline:
            return False
        time.sleep(0.02)


def _signal(folder: RunFolder, number: signal.Signals, *, whole_session: bool) -> bool:
    holder = lock_holder(folder.lock_file)
    if holder is None or holder.pid is None:
        return False
    pid = holder.pid
    if holder.host != socket.gethostname():
        raise XtguiError("train.other_host", Exit.FAILED, host=holder.host, pid=pid)
    if not is_in_session(holder, folder.lock_file):
        lock = quote(folder.lock_file)
        raise XtguiError("train.not_ours", Exit.FAILED, pid=pid, lock=lock)
    try:
        if whole_session:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)
    except ProcessLookupError:  # only workers are left, which save nothing
        return False
    return True
