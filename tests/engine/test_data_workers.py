"""A process that loads data: it leaves when its training says so, and not when a scheduler does."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from xtgui_cli.engine import data_workers
from xtgui_cli.engine.faults import explain


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


@pytest.fixture
def loading() -> Iterator[Any]:
    """The iterator of a data loader with a worker."""
    from torch.utils.data import DataLoader

    before = signal.getsignal(signal.SIGCHLD)
    rows: Any = range(100)
    iterator: Any = iter(DataLoader(rows, num_workers=1))
    next(iterator)
    yield iterator
    iterator._shutdown_workers()
    signal.signal(signal.SIGCHLD, before)


@pytest.mark.engine
def test_a_worker_that_dies_while_it_hands_over_a_tensor_is_named(loading: Any) -> None:
    """As after SIGKILL: the connection breaks first, then the process is dead."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    loading._workers[0].kill()

    found = data_workers.find_lost_worker(ConnectionResetError(104, "Connection reset by peer"))

    assert explain(found, "training")[0] == "worker_killed"


@pytest.mark.engine
@pytest.mark.parametrize("error", [ConnectionResetError(), ValueError()])
def test_an_error_with_all_workers_alive_has_another_reason(
    loading: Any, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_workers, "_DYING_S", 0.1)

    assert data_workers.find_lost_worker(error) is error
