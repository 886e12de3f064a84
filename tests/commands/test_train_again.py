"""`xtgui train` where a run is: what is asked, put away, resumed and refused."""

from __future__ import annotations

import pytest
from fake_project import FakeProject
from scripted import Script, follow

from xtgui_cli.commands import train
from xtgui_cli.shared.config_file import read_file
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.run_folder import list_checkpoints
from xtgui_cli.ui import ask
from xtgui_cli.ui.console import in_words

pytestmark = pytest.mark.process

# --- what is there already -------------------------------------------------------------------


def test_a_second_start_is_refused_while_one_runs(project: FakeProject) -> None:
    project.behave("works iterations=100000 ms=10")
    project.train(detach=True)

    error = project.refuses("train.already_running", Exit.ANSWERS)

    assert isinstance(error.data["pid"], int)


def test_checkpoints_are_not_overwritten_without_a_word(project: FakeProject) -> None:
    project.behave("fails at=15 code=data_unreadable")
    project.train()

    error = project.refuses("train.checkpoints_there", Exit.ANSWERS)

    assert error.data["latest"] == "iter_10.pth"
    assert error.hint is not None
    assert "xtgui train --resume\n" in in_words(error.hint)


def test_a_finished_run_is_trained_further_and_not_resumed(project: FakeProject) -> None:
    project.behave("works")
    project.train()

    error = project.refuses("train.checkpoints_there", Exit.ANSWERS)

    assert error.hint is not None
    assert "--more" in in_words(error.hint)
    assert "--resume" not in in_words(error.hint)


def test_fresh_puts_the_old_run_away_and_keeps_the_config(project: FakeProject) -> None:
    project.behave("works")
    project.train()
    config = read_file(project.folder.config_file)
    log = read_file(project.folder.log_file)

    code = project.train(fresh=True)

    (old,) = project.folder.old_runs_dir.iterdir()
    assert code == Exit.DONE
    assert read_file(old / "__xtuner_tr.log") == log
    assert [c.name for c in list_checkpoints(old)] == ["iter_10.pth", "iter_20.pth", "iter_30.pth"]
    assert read_file(project.folder.config_file) == config == read_file(old / "xtuner_config.py")
    assert len({event["run_id"] for event in project.events("start")}) == 1


def test_fresh_in_an_untouched_folder_just_starts(project: FakeProject) -> None:
    project.behave("works")

    assert project.train(fresh=True) == Exit.DONE
    assert not project.folder.old_runs_dir.exists()


@pytest.mark.parametrize(
    ("answer", "code", "runs", "resumed"),
    [("resume", 0, 0, "iter_10.pth"), ("put_away", 0, 1, None), ("cancel", 0, 0, None)],
)
def test_with_a_person_it_is_asked_what_to_do_with_an_old_run(
    project: FakeProject,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    code: int,
    runs: int,
    resumed: str | None,
) -> None:
    project.behave("fails at=15")
    project.train()
    project.behave("works")
    monkeypatch.setattr(train, "is_interactive", lambda: True)
    script = Script({"old_run": answer})
    monkeypatch.setattr(ask, "select", lambda *a, **k: script(k["name"], None))

    got = project.train(yes=False)

    moved = project.folder.old_runs_dir
    starts = project.events("start")
    assert got == code
    assert script.asked == ["old_run"]
    assert len(list(moved.iterdir()) if moved.exists() else []) == runs
    assert starts[-1]["resumed_from"] == resumed
    assert len(starts) == (2 if answer == "resume" else 1)


@pytest.mark.parametrize(
    ("fault", "offered", "warns"),
    [("cuda_out_of_memory", "cancel", True), ("data_unreadable", "resume", False)],
)
def test_enter_alone_does_not_resume_a_run_that_ran_out_of_memory(
    fault: str,
    offered: str,
    warns: bool,
    project: FakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    project.behave(f"fails at=15 code={fault}")
    project.train()
    capfd.readouterr()
    monkeypatch.setattr(train, "is_interactive", lambda: True)
    script = Script({"old_run": "cancel"})
    follow(script, monkeypatch)

    project.train(yes=False)

    assert script.offered["old_run"] == offered
    assert ("ran out of memory" in capfd.readouterr().err) is warns


# --- going on --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("", "iter_20.pth"),
        ("iter_10.pth", "iter_10.pth"),
        ("iter_10", "iter_10.pth"),
        ("20", "iter_20.pth"),
    ],
)
def test_a_run_goes_on_from_the_checkpoint_that_is_named(
    project: FakeProject, name: str, found: str
) -> None:
    project.behave("fails at=25")
    project.train()
    project.behave("works")

    code = project.train(resume=name)

    first, second = project.events("start")
    assert code == Exit.DONE
    assert second["resumed_from"] == found
    assert second["run_id"] == first["run_id"]


def test_a_resumed_start_tells_of_itself_and_not_of_the_one_before(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("fails at=25")
    project.train()
    project.behave("works")
    capfd.readouterr()

    project.train(resume="")

    told = capfd.readouterr().out
    assert told.startswith("resumed from iter_20.pth: lora")
    assert "saved iter_10.pth" not in told


def test_a_checkpoint_that_is_gone_is_named_with_those_that_are_there(
    project: FakeProject,
) -> None:
    project.behave("fails at=25")
    project.train()

    error = project.refuses("train.checkpoint_gone", Exit.ANSWERS, resume="iter_7.pth")

    assert error.data["left"] == "iter_10.pth, iter_20.pth"


def test_without_a_checkpoint_there_is_nothing_to_go_on_from(project: FakeProject) -> None:
    project.refuses("train.no_checkpoint", Exit.ANSWERS, resume="")


def test_a_finished_run_has_nothing_left(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works")
    project.train()

    code = project.train(resume="")

    assert code == Exit.DONE
    assert "no iterations are left to train" in capfd.readouterr().err
    assert len(project.events("start")) == 1


def test_settings_that_a_resumed_run_would_not_obey_are_refused(project: FakeProject) -> None:
    project.behave("fails at=15")
    project.train()

    error = project.refuses(
        "train.set_on_resume", Exit.ANSWERS, resume="", sets=("train.lr=1e-5", "train.save_steps=5")
    )

    assert error.data["keys"] == "train.lr"
