"""The training process: started apart, found by its lock, stopped by a request."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from fake_project import FakeProject

from xtgui_cli.project.engine_environment import find_engine
from xtgui_cli.runs.training_process import (
    is_running,
    kill_training,
    request_stop,
    start_training,
    wait_until_free,
)
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.run_folder import LockHolder, lock_holder, take_lock, write_lock


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


def test_a_process_that_only_has_the_number_in_the_lock_is_left_alone(
    project: FakeProject,
) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    lock = take_lock(project.folder.lock_file)
    write_lock(lock, LockHolder(bystander.pid, socket.gethostname(), "x"))

    asked = request_stop(project.folder)

    os.close(lock)
    assert not asked
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


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
