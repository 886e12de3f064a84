"""attach, status, logs, stop: the run of a folder, seen from any terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fake_project import FakeProject

from xtgui_cli.commands import attach, logs, status, stop
from xtgui_cli.commands.attach import AttachRequest
from xtgui_cli.commands.logs import LogsRequest
from xtgui_cli.commands.status import StatusRequest
from xtgui_cli.commands.stop import StopRequest
from xtgui_cli.runs.training_process import is_running
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import list_checkpoints, take_lock
from xtgui_cli.texts import set_language

pytestmark = pytest.mark.process


def begin(project: FakeProject, behaviour: str) -> None:
    project.behave(behaviour)
    project.train(detach=True)


def test_attaching_shows_the_whole_history_and_the_end(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    begin(project, "works iterations=30 ms=20")
    project.wait_for_iteration(15)

    code = attach.run(AttachRequest(root=project.root, plain=True))

    told = capfd.readouterr().out
    assert code == Exit.DONE
    assert "started: lora" in told
    assert "saved iter_10.pth" in told
    assert "Finished: 30 iterations" in told


def test_attaching_after_the_end_tells_how_it_ended(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("fails at=15")
    project.train()
    capfd.readouterr()

    code = attach.run(AttachRequest(root=project.root))

    assert code == Exit.FAILED
    assert "✗ The GPU ran out of memory." in capfd.readouterr().err


def test_a_stop_that_was_over_before_anybody_looked_is_no_interruption(
    project: FakeProject,
) -> None:
    begin(project, "works iterations=100000 ms=10")
    project.wait_for_iteration(1)
    stop.run(StopRequest(root=project.root))

    assert attach.run(AttachRequest(root=project.root, plain=True)) == Exit.DONE


def test_attaching_where_nothing_was_trained_says_so(project: FakeProject) -> None:
    with pytest.raises(XtguiError) as caught:
        attach.run(AttachRequest(root=project.root, plain=True))

    assert (caught.value.code, caught.value.exit) == ("train.nothing_here", Exit.ANSWERS)


def test_status_of_a_running_training_is_one_json_object(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    begin(project, "works iterations=100000 save=5 ms=10")
    project.wait_for_iteration(6)
    capfd.readouterr()

    status.run(StatusRequest(root=project.root, as_json=True))

    told = json.loads(capfd.readouterr().out)
    assert told["state"] == "running"
    assert told["iteration"] >= 6
    assert told["total"] == 100000
    assert told["checkpoints"][0] == "iter_5.pth"
    assert told["pid"] == project.events("start")[0]["pid"]


def test_a_run_that_ends_early_is_followed_to_its_new_end(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    begin(project, "learns iterations=30 at=12 ms=20")
    project.wait_for(lambda: len(project.events("plan")) == 2)
    capfd.readouterr()

    status.run(StatusRequest(root=project.root, as_json=True))
    told = json.loads(capfd.readouterr().out)
    code = attach.run(AttachRequest(root=project.root, plain=True))
    lines = capfd.readouterr().out.splitlines()

    assert (told["total"], told["planned_total"], told["ends_early"]) == (18, 30, "learned")
    assert code == Exit.DONE
    assert "at iter 12: knows 3 of 3 rows" in lines
    assert "Will end at iteration 18 of 30: the model knows the rows." in lines
    assert any(line.startswith("Finished: 18 iterations") for line in lines)
    assert "Ended early, at iteration 18 of 30: the model knew the rows at two checks." in lines


def test_status_with_a_diverged_loss_is_still_json(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("diverges at=2")
    project.train()
    capfd.readouterr()

    status.run(StatusRequest(root=project.root, as_json=True))

    assert json.loads(capfd.readouterr().out)["loss"] == "nan"


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("works", "finished"),
        ("dies at=15", "ended unexpectedly"),
        ("fails at=15 code=disk_full", "The disk is full."),
    ],
)
def test_status_tells_a_person_how_a_run_ended(
    project: FakeProject, capfd: pytest.CaptureFixture[str], behaviour: str, words: str
) -> None:
    project.behave(behaviour)
    project.train()
    capfd.readouterr()

    assert status.run(StatusRequest(root=project.root)) == Exit.DONE
    assert words in capfd.readouterr().out


@pytest.mark.parametrize("command", ["status", "attach"])
def test_the_end_of_a_run_that_diverged_says_so_and_offers_a_lower_rate(
    project: FakeProject,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project.root)
    project.behave("diverges at=5")
    project.train()
    capfd.readouterr()

    if command == "status":
        status.run(StatusRequest(root=project.root))
    else:
        attach.run(AttachRequest(root=project.root, plain=True))

    told = capfd.readouterr()
    assert " · Training has diverged: the loss is no longer a number." in told.out
    assert "Start over with a lower one:" in told.err
    assert told.err.endswith("   xtgui train --fresh --set train.lr=0.0001\n")


def test_status_as_data_has_the_verdict_and_the_next_step(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.root)
    project.behave("diverges at=5")
    project.train()
    capfd.readouterr()

    status.run(StatusRequest(root=project.root, as_json=True))

    told = json.loads(capfd.readouterr().out)
    assert told["loss_course"] == "diverged"
    assert [each["code"] for each in told["verdict"]] == ["learning.diverged"]
    assert told["next"]["command"] == "xtgui train --fresh --set train.lr=0.0001"


def test_status_of_a_running_training_warns_of_a_loss_that_goes_wrong(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    begin(project, "diverges iterations=100000 save=100000 ms=5 at=1")
    project.wait_for_iteration(12)
    capfd.readouterr()

    status.run(StatusRequest(root=project.root))

    assert "training has diverged. Stop it" in capfd.readouterr().out


def test_status_speaks_chinese(project: FakeProject, capfd: pytest.CaptureFixture[str]) -> None:
    project.behave("works")
    project.train()
    capfd.readouterr()
    set_language("zh")

    status.run(StatusRequest(root=project.root))

    set_language("en")
    assert "训练完成：30 次迭代" in capfd.readouterr().out


def test_a_start_that_has_not_spoken_yet_is_starting(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    begin(project, "hangs")
    capfd.readouterr()

    status.run(StatusRequest(root=project.root, as_json=True))

    assert json.loads(capfd.readouterr().out)["state"] == "starting"


def test_stopping_waits_for_the_checkpoint_and_names_it(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    begin(project, "works iterations=100000 save=100000 ms=10")
    project.wait_for_iteration(3)

    code = stop.run(StopRequest(root=project.root))

    (saved,) = list_checkpoints(project.folder.work_dir)
    assert code == Exit.DONE
    assert not is_running(project.folder)
    assert f"Saved: {saved.name}" in capfd.readouterr().out


def test_a_training_that_does_not_answer_a_stop_is_named(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(project, "ignores_sigterm iterations=100000 ms=10")
    project.wait_for_iteration(1)
    monkeypatch.setattr(stop, "_PATIENCE_S", 0.2)

    with pytest.raises(XtguiError) as caught:
        stop.run(StopRequest(root=project.root))

    assert (caught.value.code, caught.value.exit) == ("train.stop_unanswered", Exit.FAILED)
    assert is_running(project.folder)


def test_a_person_may_end_a_training_that_does_not_answer(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xtgui_cli.ui import ask

    begin(project, "ignores_sigterm iterations=100000 ms=10")
    project.wait_for_iteration(1)
    monkeypatch.setattr(stop, "_PATIENCE_S", 0.5)
    monkeypatch.setattr(stop, "is_interactive", lambda: True)
    monkeypatch.setattr(ask, "confirm", lambda *_, **__: True)

    assert stop.run(StopRequest(root=project.root)) == Exit.DONE
    assert not is_running(project.folder)


def test_a_lock_that_names_no_process_is_said_at_once(project: FakeProject) -> None:
    lock = take_lock(project.folder.lock_file)

    with pytest.raises(XtguiError) as caught:
        stop.run(StopRequest(root=project.root))

    os.close(lock)
    assert (caught.value.code, caught.value.exit) == ("train.unnamed_holder", Exit.FAILED)


def test_stopping_where_nothing_runs_says_so(project: FakeProject) -> None:
    with pytest.raises(XtguiError) as caught:
        stop.run(StopRequest(root=project.root))

    assert (caught.value.code, caught.value.exit) == ("train.not_running", Exit.ANSWERS)


def test_logs_show_the_last_lines_without_what_steers_a_terminal(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.folder.log_file.write_bytes(b"one\n\x1b[31mtwo\x1b[0m\n10%\r100%\n")

    logs.run(LogsRequest(root=project.root, lines=2))

    assert capfd.readouterr().out == "two\n100%\n"


def test_logs_follow_until_the_run_is_over(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    begin(project, "works iterations=60 ms=10")
    project.wait_for_iteration(5)
    capfd.readouterr()

    code = logs.run(LogsRequest(root=project.root, follow=True))

    lines = capfd.readouterr().out.splitlines()
    assert code == Exit.DONE
    assert lines[-1].startswith("Iter(train) [60/60]")
    assert len(lines) == len(set(lines))


def test_without_a_log_it_is_said(project: FakeProject) -> None:
    with pytest.raises(XtguiError) as caught:
        logs.run(LogsRequest(root=project.root))

    assert caught.value.code == "train.no_log"


# --- what becomes of the training when its watcher goes ---------------------------------------


def watcher(project: FakeProject, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "xtgui_cli", *command, "--root", str(project.root), "--plain"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        # Under nohup a hang-up would be ignored, and rightly so; that is not what is tested.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL])
def test_the_end_of_its_watcher_does_not_touch_the_training(
    project: FakeProject, number: signal.Signals
) -> None:
    project.behave("works iterations=100000 ms=10")
    with watcher(project, "train", "--yes") as watching:
        project.wait_for_iteration(3)

        os.killpg(watching.pid, number)

    seen = project.events("iter")[-1]["iter"]
    project.wait_for_iteration(seen + 5)
    assert is_running(project.folder)


def test_a_schedulers_word_to_an_onlooker_does_not_touch_the_training(
    project: FakeProject,
) -> None:
    begin(project, "works iterations=100000 ms=10")
    watching = watcher(project, "attach")
    assert watching.stdout is not None
    assert b"started" in watching.stdout.readline()

    watching.send_signal(signal.SIGTERM)
    watching.communicate(timeout=30)

    seen = project.events("iter")[-1]["iter"]
    project.wait_for_iteration(seen + 5)
    assert is_running(project.folder)


def test_a_reader_that_goes_away_does_not_touch_the_training(project: FakeProject) -> None:
    project.behave("works iterations=100000 ms=1")
    with watcher(project, "train", "--yes") as watching:
        assert watching.stdout is not None
        project.wait_for_iteration(3)

        watching.stdout.close()

    seen = project.events("iter")[-1]["iter"]
    project.wait_for_iteration(seen + 5)
    assert Path(f"/proc/{project.events('start')[0]['pid']}").exists()


def test_ctrl_c_of_an_onlooker_ends_the_looking_on_and_not_the_training(
    project: FakeProject,
) -> None:
    begin(project, "works iterations=100000 ms=10")
    watching = watcher(project, "attach")
    assert watching.stdout is not None
    assert b"started" in watching.stdout.readline()

    watching.send_signal(signal.SIGINT)
    _, said = watching.communicate(timeout=30)

    assert watching.returncode == Exit.DONE
    assert b"Training continues in the background" in said
    project.wait_for_iteration(project.events("iter")[-1]["iter"] + 5)
    assert is_running(project.folder)
