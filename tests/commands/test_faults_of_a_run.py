"""What befalls a run, and what is said of it: a full disk, a standstill, a death, a lost folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from checkpoint_files import small_checkpoint
from fake_project import FakeProject

from xtgui_cli.commands import status, stop
from xtgui_cli.commands.status import StatusRequest
from xtgui_cli.commands.stop import StopRequest
from xtgui_cli.project import cause_of_death, live_view, stop_order
from xtgui_cli.project.cause_of_death import failure
from xtgui_cli.project.engine_environment import find_engine
from xtgui_cli.runs.run_reader import RunReader
from xtgui_cli.runs.training_process import is_process_suspended, is_running, start_training
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import LockHolder, list_checkpoints, take_lock, write_lock

pytestmark = pytest.mark.process

SLOW = "ms=100"
LONG = "iterations=100000 save=100000 ms=10"


def begin(project: FakeProject, behaviour: str) -> RunReader:
    project.behave(behaviour)
    process = start_training(
        find_engine(), project.folder, project.folder.config_file, run_id="run-1"
    )
    return RunReader(project.folder, process)


def status_of(project: FakeProject, capfd: pytest.CaptureFixture[str]) -> str:
    capfd.readouterr()
    status.run(StatusRequest(root=project.root))
    return " ".join(capfd.readouterr().out.split())


# --- a full disk ---------------------------------------------------------------------------------


def test_a_run_that_waits_for_room_says_so_until_there_is_some(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    begin(project, "waits at=5 iterations=30")
    project.wait_for(lambda: project.events("waiting"))

    waiting = status_of(project, capfd)
    (project.folder.work_dir / "room").touch()
    project.wait_for(lambda: project.events("end"))

    assert "paused" in waiting
    assert "The disk is full and training is paused. It retries every 5 s and stops" in waiting
    assert "The disk is full" not in status_of(project, capfd)


def test_waiting_for_room_is_told_in_plain_lines(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("waits at=5 iterations=30")
    (project.folder.work_dir / "room").touch()

    assert project.train() == Exit.DONE

    told = capfd.readouterr().out
    assert "! The disk is full and training is paused" in told
    assert "The disk has free space again: training continues." in told


def test_time_that_was_waited_is_not_how_long_iterations_take(project: FakeProject) -> None:
    say = EventWriter(project.folder.events_file, iter(range(1000, 9000)).__next__)
    say("start", run_id="run-1", pid=1)
    for number in range(1, 9):
        say("iter", iter=number, loss=1.0, lr=1e-4, time_s=1.0)
    say("waiting", code="disk_full_waiting", data={"seconds": 5, "minutes": 10})
    for _ in range(600):
        say("phase", name="training")
    say("waited", seconds=600)
    say("plan", total_iters=20)
    say("iter", iter=9, loss=1.0, lr=1e-4, time_s=1.0)

    reader = RunReader(project.folder)
    reader.update()

    assert reader.snapshot().left_s == pytest.approx(11, abs=0.01)


# --- a standstill --------------------------------------------------------------------------------


def silent_run(project: FakeProject, *phases: str, silent_s: float) -> int:
    """Write a run that has said nothing for so long, and give the lock that it holds."""
    say = EventWriter(project.folder.events_file, lambda: time.time() - silent_s)
    say("start", run_id="run-1", pid=os.getpid())
    say("phase", name="training")
    say("plan", total_iters=100)
    for number in range(1, 9):
        say("iter", iter=number, loss=1.0, lr=1e-4, time_s=1.0)
    for phase in phases:
        say("phase", name=phase)
    lock = take_lock(project.folder.lock_file)
    write_lock(lock, LockHolder(os.getpid(), "", "run-1"))
    return lock


@pytest.mark.parametrize(
    ("phases", "silent_s", "is_stalled"),
    [
        ((), 40, True),
        ((), 20, False),
        (("saving",), 400, False),
        (("evaluating",), 400, False),
        (("saving", "training"), 40, True),
        ((), -86_400, False),
    ],
)
def test_a_run_without_progress_is_told_with_what_helps(
    project: FakeProject,
    capfd: pytest.CaptureFixture[str],
    phases: tuple[str, ...],
    silent_s: float,
    is_stalled: bool,
) -> None:
    lock = silent_run(project, *phases, silent_s=silent_s)

    told = status_of(project, capfd)
    status.run(StatusRequest(root=project.root, as_json=True))
    stalled_s = json.loads(capfd.readouterr().out)["stalled_s"]

    os.close(lock)
    assert ("No progress for 4" in told) is is_stalled
    assert ("xtgui stop --now" in told) is is_stalled
    assert bool(stalled_s) is is_stalled


def test_a_halted_process_is_told_from_one_that_works() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        works = is_process_suspended(process.pid)
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)

        halted = is_process_suspended(process.pid)

        process.kill()
    assert (works, halted) == (False, True)


# --- stopping ------------------------------------------------------------------------------------


def test_stop_now_ends_a_run_at_once_and_blames_nobody(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    begin(project, f"ignores_sigterm {LONG}")
    project.wait_for_iteration(3)

    assert stop.run(StopRequest(root=project.root, at_once=True)) == Exit.DONE

    assert not is_running(project.folder)
    told = status_of(project, capfd)
    assert "stopped" in told
    assert "memory" not in told


def test_a_second_stop_some_seconds_later_ends_it_at_once(project: FakeProject) -> None:
    begin(project, f"ignores_sigterm {LONG}")
    project.wait_for_iteration(3)
    EventWriter(project.folder.events_file, lambda: time.time() - 4)("stopping")

    assert stop.run(StopRequest(root=project.root)) == Exit.DONE

    assert not is_running(project.folder)
    assert project.events("end")[-1]["status"] == "stopped"


def test_two_who_stop_it_at_the_same_moment_lose_nothing(project: FakeProject) -> None:
    begin(project, f"works {LONG}")
    project.wait_for_iteration(3)
    EventWriter(project.folder.events_file)("stopping")

    assert stop.run(StopRequest(root=project.root)) == Exit.DONE

    assert len(list_checkpoints(project.folder.work_dir)) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1])
def test_a_scheduler_that_ends_xtgui_has_the_training_saved(
    project: FakeProject, number: signal.Signals
) -> None:
    project.behave(f"works {LONG}")
    command = [sys.executable, "-m", "xtgui_cli", "train", "--yes", "--root", str(project.root)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=project.root) as process:
        project.wait_for_iteration(3)
        process.send_signal(number)
        code = process.wait(30)

    end = project.events("end")[-1]
    assert code == Exit.INTERRUPTED
    assert end["status"] == "stopped"
    assert (project.folder.work_dir / end["checkpoint"]).exists()


def test_a_training_that_is_late_to_stop_is_said_why(
    project: FakeProject, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (stop_order, live_view):
        monkeypatch.setattr(module, "PATIENCE_S", 0.2)

    def order() -> None:
        project.wait_for_iteration(3)
        os.kill(os.getpid(), signal.SIGTERM)

    scheduler = threading.Thread(target=order)
    scheduler.start()
    project.behave("ignores_sigterm iterations=60 save=60 ms=20")
    project.train()

    scheduler.join()
    assert "Not stopped after 0 s: running." in capfd.readouterr().err


# --- deaths --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "oom_kills", "code"),
    [
        ("dies at=5", 4, "faults.oom_killed"),
        ("dies at=5", 3, "faults.died"),
        ("dies at=5", 0, "faults.died"),
        ("dies at=5", None, "faults.died"),
        ("crashes at=5", 4, "faults.crashed"),
    ],
)
def test_a_silent_death_is_told_by_what_can_be_known(
    project: FakeProject,
    monkeypatch: pytest.MonkeyPatch,
    behaviour: str,
    oom_kills: int | None,
    code: str,
) -> None:
    monkeypatch.setattr(cause_of_death, "count_oom_kills", lambda: oom_kills)
    reader = begin(project, behaviour)
    assert reader.process is not None
    reader.process.wait(20)

    reader.update()

    assert failure(reader).code == code


def test_a_full_disk_is_not_taken_for_want_of_memory(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cause_of_death, "free_bytes", lambda _: 4096)
    reader = begin(project, "dies at=5")
    assert reader.process is not None
    reader.process.wait(20)

    reader.update()

    assert failure(reader).code == "faults.died_disk_full"


def test_one_that_was_killed_while_it_stopped_is_told_so(project: FakeProject) -> None:
    reader = begin(project, f"ignores_sigterm {LONG}")
    project.wait_for_iteration(1)
    EventWriter(project.folder.events_file)("stopping")
    assert reader.process is not None
    reader.process.kill()
    reader.process.wait(20)

    reader.update()

    assert failure(reader).code == "faults.died_stopping"


# --- a folder that is gone, a clock that was set back ---------------------------------------------


def test_a_folder_that_is_renamed_under_a_run_is_not_its_death(project: FakeProject) -> None:
    reader = begin(project, f"works {LONG}")
    project.wait_for_iteration(1)
    reader.update()

    moved = project.folder.work_dir.rename(project.root / "elsewhere")
    reader.update()
    notice = failure(reader)
    moved.rename(project.folder.work_dir)

    assert notice.code == "faults.folder_gone"
    assert notice.data == {"path": str(project.folder.work_dir)}
    reader.update()
    assert reader.state == "running"


def test_a_clock_that_is_set_back_takes_nothing_from_how_long_a_run_has_lasted(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    times = iter([1000.0, 1010.0, 1020.0, 500.0, 510.0, 520.0])
    say = EventWriter(project.folder.events_file, times.__next__)
    say("start", run_id="run-1", pid=1)
    say("plan", total_iters=100)
    for number in range(1, 5):
        say("iter", iter=number, loss=1.0, lr=1e-4, time_s=10.0)

    reader = RunReader(project.folder)
    reader.update()

    assert reader.snapshot().trained_s == 40
    assert reader.snapshot().left_s == pytest.approx(960, rel=0.3)


def test_a_clock_that_was_set_back_since_spoils_neither_a_resume_nor_its_status(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    checkpoint = project.folder.work_dir / "iter_10.pth"
    checkpoint.write_bytes(small_checkpoint(10))
    say = EventWriter(project.folder.events_file, lambda: time.time() + 2 * 86_400)
    say("start", run_id="run-1", pid=1, resumed_from=None)
    say("plan", total_iters=30)
    for number in range(1, 11):
        say("iter", iter=number, loss=1.0, lr=1e-4, time_s=1.0)
    say("end", status="stopped", iter=10, checkpoint=checkpoint.name, code="", data={})
    project.behave(f"works iterations=30 save=30 {SLOW}")

    project.train(resume="", detach=True)
    project.wait_for(lambda: project.events("start")[-1]["resumed_from"] == checkpoint.name)
    project.wait_for_iteration(14)
    while_it_runs = json_status(project, capfd)
    project.wait_for(lambda: project.events("end")[-1]["status"] == "finished")
    project.wait_for(lambda: not is_running(project.folder))
    afterwards = json_status(project, capfd)

    assert while_it_runs["state"] == "running"
    assert 0 <= while_it_runs["left_s"] < 3600
    assert (afterwards["state"], afterwards["iteration"]) == ("finished", 30)


def json_status(project: FakeProject, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capfd.readouterr()
    status.run(StatusRequest(root=project.root, as_json=True))
    told: dict[str, Any] = json.loads(capfd.readouterr().out)
    return told


def test_the_hints_exist_in_both_languages() -> None:
    from xtgui_cli.texts import has

    codes = ("died_disk_full", "died_stopping", "oom_killed", "crashed", "folder_gone")
    assert all(has(f"faults.{code}") and has(f"faults.{code}.hint") for code in codes)
