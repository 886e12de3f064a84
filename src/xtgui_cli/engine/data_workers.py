"""Worker processes that load the data: they end with the training, not before it.

A scheduler's SIGTERM goes to all processes of a job. torch's workers obey it at once
(torch/csrc/DataLoader.cpp), and the training, which would have saved a checkpoint, dies of it.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

Begin = Callable[[int], None]
_DYING_S = 1.0
"""How long a process may take to die after its connections broke."""


def shield_workers(loader: Any) -> None:
    """Make the workers that a data loader starts ignore signals to stop; the training ends them."""
    loader.worker_init_fn = functools.partial(_begin, loader.worker_init_fn)


def end_workers() -> None:
    """End the remaining workers; they have nothing to save, so there is no reason to wait."""
    for worker in multiprocessing.active_children():
        worker.kill()


def find_lost_worker(error: BaseException) -> BaseException:
    """Return torch's error about a killed worker if it is the reason for *error*, else *error*.

    A worker that is killed closes its connections a moment before it counts as dead. Whoever waits
    for a tensor then learns only that a connection broke.
    """
    try:
        # torch's handler raises that error wherever the training is by then.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if isinstance(error, (ConnectionError, EOFError)):
            _wait_for_lost_worker()
    except RuntimeError as found:
        return found
    return error


def _wait_for_lost_worker() -> None:
    """Raise RuntimeError as soon as a worker of a data loader is known to have been killed."""
    import torch

    deadline = time.monotonic() + _DYING_S
    while time.monotonic() < deadline:
        torch._C._error_if_any_worker_fails()
        time.sleep(_DYING_S / 50)


def _begin(begin: Begin | None, number: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    if hasattr(signal, "sigwaitinfo"):  # not on a Mac
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        threading.Thread(target=_obey, args=(os.getppid(),), daemon=True).start()
    if begin is not None:
        begin(number)


def _obey(training: int) -> None:
    while signal.sigwaitinfo({signal.SIGTERM}).si_pid != training:
        continue
    os._exit(0)
