"""A process that loads data: it leaves when its training says so, and not when a scheduler does."""

from __future__ import annotations

import os
import signal
import subprocess

from xtgui_cli.engine import data_workers


def test_it_obeys_its_training_alone() -> None:
    reading, writing = os.pipe()

    def begin(number: int) -> None:
        os.write(writing, bytes([number]))

    worker = os.fork()
    if worker == 0:
        data_workers._begin(begin, 7)
        signal.pause()
        os._exit(1)
    assert os.read(reading, 1) == b"\x07"

    for name in ("TERM", "INT", "USR1"):  # from a process that is not its parent
        subprocess.run(["/bin/sh", "-c", f"kill -{name} {worker}"], check=True)
    gone, _ = os.waitpid(worker, os.WNOHANG)
    os.kill(worker, signal.SIGTERM)
    _, status = os.waitpid(worker, 0)

    os.close(reading)
    os.close(writing)
    assert gone == 0
    assert os.waitstatus_to_exitcode(status) == 0


def test_what_the_config_wants_of_a_worker_is_done_first_of_all() -> None:
    class Loader:
        worker_init_fn = print

    data_workers.shield_workers(Loader)

    assert Loader.worker_init_fn.args == (print,)  # type: ignore[attr-defined]
