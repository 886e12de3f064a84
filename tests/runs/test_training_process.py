"""The training process: started apart, found by its lock, stopped by a request."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_project import FakeProject

from xtgui_cli.project.engine_environment import find_engine
from xtgui_cli.runs import lock_proof
from xtgui_cli.runs.lock_proof import started_at
from xtgui_cli.runs.training_process import (
    is_running,
    kill_training,
    request_stop,
    start_training,
    wait_until_free,
)
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.run_folder import (
    LockHolder,
    RunFolder,
    lock_holder,
    read_lock,
    take_lock,
    write_lock,
)

pytestmark = pytest.mark.process


def begin(project: FakeProject, behaviour: str) -> subprocess.Popen[bytes]:
    project.behave(behaviour)
    return start_training(find_engine(), project.folder, project.folder.config_file, run_id="run-1")


def test_it_has_a_session_of_its_own_and_holds_the_lock(project: FakeProject) -> None:
    process = begin(project, "works iterations=1000 ms=20")
    project.wait_for_iteration(1)

    holder = lock_holder(project.folder.lock_file)

    assert holder is not None
    assert (holder.pid, holder.run_id) == (process.pid, "run-1")
    assert os.getsid(process.pid) == process.pid
    assert Path(f"/proc/{process.pid}/cwd").resolve() == project.root.resolve()


def test_its_output_is_appended_to_the_log(project: FakeProject) -> None:
    project.folder.log_file.write_text("from an earlier start\n")

    process = begin(project, "works")
    process.wait(20)

    log = project.folder.log_file.read_text("utf-8")
    assert log.startswith("from an earlier start\n")
    assert "Iter(train) [30/30]" in log


def test_a_second_start_is_refused_while_it_runs(project: FakeProject) -> None:
    process = begin(project, "works iterations=1000 ms=20")

    with pytest.raises(XtguiError) as refused:
        begin(project, "works")

    assert refused.value.code == "train.already_running"
    assert refused.value.data["pid"] == process.pid


def test_a_stop_request_saves_a_checkpoint_and_frees_the_lock(project: FakeProject) -> None:
    process = begin(project, "works iterations=1000 ms=20")
    project.wait_for_iteration(3)

    assert request_stop(project.folder)

    assert wait_until_free(project.folder, 20, process)
    end = project.events("end")[-1]
    assert end["status"] == "stopped"
    assert (project.folder.work_dir / end["checkpoint"]).exists()


def test_a_zombie_does_not_keep_anybody_waiting(project: FakeProject) -> None:
    process = begin(project, "works")

    assert wait_until_free(project.folder, 20)  # nobody has reaped it
    assert process.wait(5) == 0


def test_one_that_ignores_the_request_is_killed_with_its_session(project: FakeProject) -> None:
    begin(project, "ignores_sigterm iterations=100000 ms=20")
    project.wait_for_iteration(1)

    request_stop(project.folder)
    assert not wait_until_free(project.folder, 0.3)
    assert kill_training(project.folder)

    assert wait_until_free(project.folder, 20)


def test_one_that_hangs_before_its_first_word_is_stopped(project: FakeProject) -> None:
    process = begin(project, "hangs")
    project.wait_for(lambda: b"SigCgt" in Path(f"/proc/{process.pid}/status").read_bytes())
    project.wait_for(lambda: _catches_sigterm(process.pid))

    request_stop(project.folder)

    assert wait_until_free(project.folder, 20, process)


def _catches_sigterm(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def test_a_flood_of_output_does_not_stall_it(project: FakeProject) -> None:
    process = begin(project, "floods iterations=3 save=1 megabytes=5")

    assert process.wait(60) == 0
    assert project.folder.log_file.stat().st_size > 15_000_000


def test_a_stop_request_reaches_nobody_when_nothing_runs(project: FakeProject) -> None:
    assert not request_stop(project.folder)
    assert not kill_training(project.folder)


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the user's that has nothing to do with xtgui and leads a session, as shells do.

    Its standard input is a pipe: it lives until that is closed.
    """
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True
    ) as process:
        yield process
        process.kill()


SIGNALS = pytest.mark.parametrize("send", [request_stop, kill_training])


@SIGNALS
def test_a_process_that_only_has_the_number_in_the_lock_is_left_alone(
    project: FakeProject,
    bystander: subprocess.Popen[bytes],
    send: Callable[[RunFolder], bool],
) -> None:
    lock = take_lock(project.folder.lock_file)
    started = started_at(bystander.pid)
    write_lock(lock, LockHolder(bystander.pid, socket.gethostname(), "x", started=started))

    with pytest.raises(XtguiError) as caught:
        send(project.folder)

    os.close(lock)
    assert caught.value.code == "train.not_ours"
    assert bystander.poll() is None


@SIGNALS
@pytest.mark.parametrize("pid", [0, 1, -1, True, 2**70, 3.5, "7", [7]])
def test_a_number_that_means_other_processes_gets_no_signal(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch, pid: Any, send: Any
) -> None:
    sent: list[object] = []
    for name in ("kill", "killpg"):
        monkeypatch.setattr(os, name, lambda *to: sent.append(to))
    lock = take_lock(project.folder.lock_file)
    os.pwrite(lock, json.dumps({"pid": pid, "host": socket.gethostname()}).encode(), 0)

    with contextlib.suppress(XtguiError):
        send(project.folder)

    os.close(lock)
    assert sent == []


def test_a_number_that_was_given_away_again_is_not_the_training(project: FakeProject) -> None:
    """The process holds the lock, but it is not the one that was started."""
    process = begin(project, "works iterations=1000 ms=20")
    project.wait_for_iteration(1)
    holder = read_lock(project.folder.lock_file)
    write(project, replace(holder, started=holder.started + 1))

    with pytest.raises(XtguiError):
        request_stop(project.folder)

    assert process.poll() is None
    write(project, holder)


def test_a_run_that_an_older_version_has_started_can_be_stopped(project: FakeProject) -> None:
    process = begin(project, "works iterations=1000 ms=20")
    project.wait_for_iteration(1)
    write(project, replace(read_lock(project.folder.lock_file), started=0.0))

    assert request_stop(project.folder)

    assert wait_until_free(project.folder, 20, process)


def test_without_proc_the_time_of_its_start_proves_a_process(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As on macOS."""
    monkeypatch.setattr(lock_proof, "PROC", tmp_path / "no-proc")
    process = begin(project, "works iterations=1000 ms=20")
    project.wait_for_iteration(1)
    holder = read_lock(project.folder.lock_file)

    for other in (replace(holder, started=0.0), replace(holder, started=holder.started + 1)):
        write(project, other)
        with pytest.raises(XtguiError):
            request_stop(project.folder)
    write(project, holder)

    assert request_stop(project.folder)
    assert wait_until_free(project.folder, 20, process)


def test_a_worker_that_outlives_the_training_is_ended_with_its_session(
    project: FakeProject,
) -> None:
    lock = take_lock(project.folder.lock_file)
    code = f"import subprocess, sys; subprocess.Popen(['sleep', '600'], pass_fds=({lock},))"
    leader = subprocess.Popen(
        [sys.executable, "-c", code], pass_fds=(lock,), start_new_session=True
    )
    leader.wait(20)
    write_lock(lock, LockHolder(leader.pid, socket.gethostname(), "x"))
    os.close(lock)
    assert is_running(project.folder)

    assert not request_stop(project.folder)  # there is nobody left who could save
    assert kill_training(project.folder)

    assert wait_until_free(project.folder, 20)


def write(project: FakeProject, holder: LockHolder) -> None:
    descriptor = os.open(project.folder.lock_file, os.O_RDWR)
    write_lock(descriptor, holder)
    os.close(descriptor)


def test_a_run_on_another_machine_is_named_and_not_signalled(project: FakeProject) -> None:
    lock = take_lock(project.folder.lock_file)
    write_lock(lock, LockHolder(os.getpid(), "other-host", "x"))

    with pytest.raises(XtguiError) as refused:
        request_stop(project.folder)

    os.close(lock)
    assert refused.value.code == "train.other_host"
    assert refused.value.data["host"] == "other-host"


def test_a_dead_process_leaves_no_lock_behind(project: FakeProject) -> None:
    process = begin(project, "dies at=2")

    process.wait(20)

    assert not is_running(project.folder)
    assert project.events("end") == []
