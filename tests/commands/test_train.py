"""`xtgui train`: what is told of a run, how it ends, and what is in its way."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from fake_project import FakeProject

from xtgui_cli.commands import train
from xtgui_cli.project import preflight
from xtgui_cli.project.live_view import watch
from xtgui_cli.runs.training_process import is_running, wait_until_free
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import list_checkpoints

pytestmark = pytest.mark.process

# --- a run, in plain lines -------------------------------------------------------------------


def test_a_run_is_told_in_lines_and_ends_with_0(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works iterations=30")

    code = project.train()

    told = capfd.readouterr()
    assert code == Exit.DONE
    assert "started: lora · tiny-llama" in told.out
    assert "10 samples → 30 iterations, 15 updates" in told.out
    assert "iter 30/30  epoch 3.00/3  loss 0.568 ▼" in told.out
    assert "at iter 20  Q 你是谁？" in told.out
    assert "saved iter_30.pth (74 kB) · keeping 3" in told.out
    assert "Finished: 30 iterations" in told.out
    assert "xtgui chat --compare" in told.err
    assert "\x1b" not in told.out + told.err


def test_iterations_are_told_about_every_ten(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works iterations=500 save=1000")

    project.train()

    lines = [line for line in capfd.readouterr().out.splitlines() if line.startswith("iter ")]
    assert 2 <= len(lines) <= 50


def test_a_failure_is_explained_with_the_end_of_the_log(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("fails at=15 code=cuda_out_of_memory")

    code = project.train()

    said = capfd.readouterr().err
    assert code == Exit.FAILED
    assert str(project.folder.log_file) in said.replace("\n", "")
    parts = (
        "✗ The GPU ran out of memory.",
        "Weights, activations and optimizer state",
        "train.max_length",
        "At iteration 14 of 30. Last saved: iter_10.pth",
        "RuntimeError: the fake engine was told to fail",
        "xtgui logs",
    )
    places = [said.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_a_code_that_nobody_knows_still_has_a_sentence(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("fails at=2 code=moon_in_the_seventh_house")

    assert project.train() == Exit.FAILED
    assert "✗ Training stopped because of an error" in capfd.readouterr().err


def test_a_killed_engine_is_recognised_without_an_end_event(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("dies at=15")

    code = project.train()

    said = capfd.readouterr().err
    assert code == Exit.FAILED
    assert "✗ The training process ended unexpectedly" in said
    assert "iter_10.pth" in said


def test_an_engine_that_breaks_before_its_first_word_shows_its_traceback(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("breaks")

    code = project.train()

    said = capfd.readouterr().err
    assert code == Exit.FAILED
    assert "✗ The training process ended before training started" in said
    assert "ImportError: libcudart.so.12" in said


def test_a_broken_start_after_a_good_run_is_not_taken_for_it(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works")
    project.train()
    project.behave("breaks")
    capfd.readouterr()

    code = project.train(resume="iter_20.pth")

    assert code == Exit.FAILED
    assert "Finished" not in capfd.readouterr().out


def test_a_flood_of_output_is_no_matter(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("floods iterations=3 save=1 megabytes=3")

    assert project.train() == Exit.DONE
    assert len(capfd.readouterr().out) < 10_000


def test_a_diverged_loss_is_told(project: FakeProject, capfd: pytest.CaptureFixture[str]) -> None:
    project.behave("diverges at=5")

    project.train()

    assert "loss nan" in capfd.readouterr().out


def test_sigint_saves_and_ends_with_130(
    project: FakeProject, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.behave("works iterations=100000 save=100000 ms=10")

    def watch_and_interrupt(*arguments: Any, **options: Any) -> Exit:
        project.wait_for_iteration(2)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        return watch(*arguments, **options)

    monkeypatch.setattr(train, "watch", watch_and_interrupt)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))

    code = project.train()

    told = capfd.readouterr()
    assert code == Exit.INTERRUPTED
    assert "saving a checkpoint first" in told.err
    assert "Stopped at iteration" in told.out
    assert list_checkpoints(project.folder.work_dir)


def test_a_detached_start_returns_at_once_and_says_how_to_attach(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works iterations=100000 ms=10")

    code = project.train(detach=True)

    said = capfd.readouterr().err
    assert code == Exit.DONE
    assert is_running(project.folder)
    assert "Training started in the background, pid" in said
    assert "xtgui attach" in said


# --- the place -------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_said_before_anything_starts(project: FakeProject) -> None:
    project.folder.work_dir.chmod(0o555)

    project.refuses("train.not_writable", Exit.ANSWERS)


def test_a_file_where_the_run_needs_a_folder_is_said(project: FakeProject) -> None:
    project.folder.state_dir.write_text("")

    project.refuses("train.not_writable", Exit.ANSWERS)


def test_a_full_disk_is_said_before_anything_starts(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "NEEDED_BYTES", 10**18)

    project.refuses("train.no_space", Exit.FAILED)
    assert project.events() == []


def test_a_missing_engine_is_exit_3(project: FakeProject) -> None:
    from xtgui_cli.project.user_config import save_user_config

    save_user_config({"engine.python": "/nowhere/python"})

    with pytest.raises(XtguiError) as caught:
        project.train()

    assert caught.value.exit == Exit.ENVIRONMENT


def test_no_zombie_is_left_of_a_run_that_was_watched_to_its_end(project: FakeProject) -> None:
    import psutil

    project.behave("works")
    of_others = set(psutil.Process().children())  # runs that other tests have left running

    project.train()

    assert wait_until_free(project.folder, 1)
    children = set(psutil.Process().children()) - of_others
    assert [child for child in children if child.status() == psutil.STATUS_ZOMBIE] == []
