"""`xtgui train`: how a run begins, goes on, ends, and what is refused."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import tiny
from fake_project import FakeProject
from scripted import Script

from xtgui_cli.commands import train
from xtgui_cli.planning.machine import Machine
from xtgui_cli.project import preflight, train_config
from xtgui_cli.project.trust import is_trusted
from xtgui_cli.runs.training_process import is_running, wait_until_free
from xtgui_cli.shared.config_file import read, read_file
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import list_checkpoints
from xtgui_cli.ui import ask

CPU = Machine("cpu", False, "", 0.0, 0.0, 16.0, 12.0, 2)
GPU = Machine("cuda", False, "RTX 2080 Ti", 11.0, 10.0, 64.0, 50.0, 8)


def refused(code: str, exit_code: Exit, action: object) -> XtguiError:
    assert callable(action)
    with pytest.raises(XtguiError) as caught:
        action()
    assert (caught.value.code, caught.value.exit) == (code, exit_code)
    return caught.value


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
        "At iteration 14 of 30. Saved before: iter_10.pth",
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
    assert "✗ The training stopped because of an error" in capfd.readouterr().err


def test_a_killed_engine_is_recognised_without_an_end_event(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("dies at=15")

    code = project.train()

    said = capfd.readouterr().err
    assert code == Exit.FAILED
    assert "✗ The training process ended without a word" in said
    assert "iter_10.pth" in said


def test_an_engine_that_breaks_before_its_first_word_shows_its_traceback(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("breaks")

    code = project.train()

    said = capfd.readouterr().err
    assert code == Exit.FAILED
    assert "✗ The training process ended before it could begin" in said
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
    real_watch = train.watch

    def watch_and_interrupt(*arguments: object, **options: object) -> Exit:
        project.wait_for_iteration(2)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        return real_watch(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(train, "watch", watch_and_interrupt)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))

    code = project.train()

    told = capfd.readouterr()
    assert code == Exit.INTERRUPTED
    assert "a checkpoint is saved first" in told.err
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
    assert "Training in the background, pid" in said
    assert "xtgui attach" in said


# --- what is there already -------------------------------------------------------------------


def test_a_second_start_is_refused_while_one_runs(project: FakeProject) -> None:
    project.behave("works iterations=100000 ms=10")
    project.train(detach=True)

    error = refused("train.already_running", Exit.ANSWERS, project.train)

    assert isinstance(error.data["pid"], int)


def test_checkpoints_are_not_overwritten_without_a_word(project: FakeProject) -> None:
    project.behave("fails at=15")
    project.train()

    error = refused("train.checkpoints_there", Exit.ANSWERS, project.train)

    assert error.data["latest"] == "iter_10.pth"


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

    error = refused(
        "train.checkpoint_gone", Exit.ANSWERS, lambda: project.train(resume="iter_7.pth")
    )

    assert error.data["left"] == "iter_10.pth, iter_20.pth"


def test_without_a_checkpoint_there_is_nothing_to_go_on_from(project: FakeProject) -> None:
    refused("train.no_checkpoint", Exit.ANSWERS, lambda: project.train(resume=""))


def test_a_finished_run_has_nothing_left(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works")
    project.train()

    code = project.train(resume="")

    assert code == Exit.DONE
    assert "there is nothing left to train" in capfd.readouterr().err
    assert len(project.events("start")) == 1


def test_settings_that_a_resumed_run_would_not_obey_are_refused(project: FakeProject) -> None:
    project.behave("fails at=15")
    project.train()

    error = refused(
        "train.set_on_resume",
        Exit.ANSWERS,
        lambda: project.train(resume="", sets=("train.lr=1e-5", "train.save_steps=5")),
    )

    assert error.data["keys"] == "train.lr"


# --- configs ---------------------------------------------------------------------------------


def test_without_a_config_there_is_nothing_to_train(project: FakeProject) -> None:
    project.folder.config_file.unlink()

    refused("train.no_config", Exit.ANSWERS, project.train)


def test_a_config_with_a_syntax_error_is_named_with_its_line(project: FakeProject) -> None:
    project.folder.config_file.write_text("lr = 1e-4\nmax_epochs = = 3\n")

    error = refused("config.syntax", Exit.ANSWERS, project.train)

    assert error.data["line"] == 2


def test_a_config_from_elsewhere_is_trained_from_where_it_lies(
    project: FakeProject, tmp_path: Path
) -> None:
    project.behave("works")
    other = tmp_path / "mine.py"
    other.write_text(read_file(project.folder.config_file))

    code = project.train(config=other)

    assert code == Exit.DONE
    assert project.events("start")[0]["config"] == str(other)
    assert list_checkpoints(project.folder.work_dir)


def test_set_does_not_change_a_config_from_elsewhere(project: FakeProject, tmp_path: Path) -> None:
    other = tmp_path / "mine.py"
    other.write_text("lr = 1e-4\n")

    refused(
        "train.set_elsewhere",
        Exit.ANSWERS,
        lambda: project.train(config=other, sets=("train.lr=1e-5",)),
    )
    assert other.read_text() == "lr = 1e-4\n"


def write_real_config(
    project: FakeProject, model: Path, folder: Path, behaviour: str = "works"
) -> None:
    """Train with a config made from settings, as `xtgui train --set` writes one."""
    data = tiny.save_data(folder / "data.jsonl", 20)
    project.behave(behaviour)
    project.folder.config_file.unlink()
    project.train(sets=(f"model.path={model}", f"data.path={data}", "train.lr=3e-4"))


def test_set_is_written_into_config_and_answers(
    project: FakeProject, tiny_model: Path, tmp_path: Path
) -> None:
    write_real_config(project, tiny_model, tmp_path)

    assert read(read_file(project.folder.config_file))["lr"] == 3e-4
    assert "lr = 0.0003" in project.folder.settings_file.read_text()


def test_a_model_or_data_that_is_gone_is_named_before_anything_starts(
    project: FakeProject, tmp_path: Path
) -> None:
    text = read_file(project.folder.config_file)
    model, data = tmp_path / "model", tmp_path / "rows.jsonl"
    text = text.replace('"path/to/model"', repr(str(model)))
    project.folder.config_file.write_text(text.replace('"path/to/data.jsonl"', repr(str(data))))

    error = refused("train.sources_gone", Exit.ANSWERS, project.train)

    assert [problem.data["path"] for problem in error.problems] == [str(model), str(data)]
    assert not project.folder.events_file.exists()


def test_code_of_a_model_that_train_is_told_to_allow_is_not_asked_about_again(
    project: FakeProject, tiny_model: Path, tmp_path: Path
) -> None:
    write_real_config(project, tiny_model, tmp_path)

    project.train(fresh=True, sets=("model.trust_remote_code=true",))

    assert is_trusted(project.root)


def test_a_fresh_start_takes_what_xtgui_toml_says_by_now(
    project: FakeProject, tiny_model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_real_config(project, tiny_model, tmp_path)
    text = project.folder.settings_file.read_text()
    project.folder.settings_file.write_text(text.replace("lr = 0.0003", "lr = 0.0007"))

    code = project.train(fresh=True)

    assert code == Exit.DONE
    assert read(read_file(project.folder.config_file))["lr"] == 7e-4
    (old,) = project.folder.old_runs_dir.iterdir()
    assert read(read_file(old / "xtuner_config.py"))["lr"] == 3e-4
    told = " ".join(capfd.readouterr().err.split())
    assert "xtgui.toml has changed since the config was written: train.lr." in told


def test_a_resumed_run_keeps_its_config_and_says_so(
    project: FakeProject, tiny_model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_real_config(project, tiny_model, tmp_path, "fails at=15")
    text = project.folder.settings_file.read_text()
    project.folder.settings_file.write_text(text.replace("lr = 0.0003", "lr = 0.0007"))
    before = read(read_file(project.folder.config_file))
    project.behave("works")

    code = project.train(resume="", sets=("train.save_total_limit=7",))

    assert code == Exit.DONE
    after = read(read_file(project.folder.config_file))
    assert after == {**before, "save_total_limit": 7}
    assert "A resumed run keeps its config" in " ".join(capfd.readouterr().err.split())
    assert "save_total_limit = 7" in project.folder.settings_file.read_text()


@pytest.mark.parametrize(
    ("machine", "said", "expected"),
    [
        (
            CPU,
            {"torch_dtype": "bfloat16", "amp_dtype": "bfloat16", "dist_backend": "nccl"},
            {"torch_dtype": "float32", "amp_dtype": None, "dist_backend": "gloo"},
        ),
        (
            GPU,
            {"torch_dtype": "bfloat16", "amp_dtype": "bfloat16", "dist_backend": "nccl"},
            {"torch_dtype": "float16", "amp_dtype": "float16", "dist_backend": "nccl"},
        ),
        (
            GPU,
            {"torch_dtype": "float32", "amp_dtype": "float16", "dist_backend": "nccl"},
            {"torch_dtype": "float32", "amp_dtype": "float16", "dist_backend": "nccl"},
        ),
    ],
)
def test_device_values_of_another_machine_are_fitted_and_said(
    project: FakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    machine: Machine,
    said: dict[str, object],
    expected: dict[str, object],
) -> None:
    from xtgui_cli.planning import machine as machines
    from xtgui_cli.project.config_filler import fill

    config = project.folder.config_file
    config.write_text(fill(read_file(config), said))
    monkeypatch.setattr(machines, "detect", lambda: machine)

    train_config.fit_to_machine(project.folder, config)

    now = read(read_file(config))
    assert {name: now[name] for name in expected} == expected
    assert bool(capfd.readouterr().err) == (said != expected)


def test_a_foreign_config_for_a_gpu_is_refused_on_a_cpu(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from xtgui_cli.planning import machine as machines
    from xtgui_cli.project.config_filler import fill

    gpu = {"torch_dtype": "float16", "amp_dtype": "float16", "dist_backend": "nccl"}
    other = tmp_path / "mine.py"
    other.write_text(fill(read_file(project.folder.config_file), gpu))
    monkeypatch.setattr(machines, "detect", lambda: CPU)

    refused("train.needs_gpu", Exit.ANSWERS, lambda: project.train(config=other))


# --- the place -------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_said_before_anything_starts(project: FakeProject) -> None:
    project.folder.work_dir.chmod(0o555)

    refused("train.not_writable", Exit.ANSWERS, project.train)


def test_a_file_where_the_run_needs_a_folder_is_said(project: FakeProject) -> None:
    project.folder.state_dir.write_text("")

    refused("train.not_writable", Exit.ANSWERS, project.train)


def test_a_full_disk_is_said_before_anything_starts(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "NEEDED_BYTES", 10**18)

    refused("train.no_space", Exit.FAILED, project.train)
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

    project.train()

    assert wait_until_free(project.folder, 1)
    children = psutil.Process().children()
    assert [child for child in children if child.status() == psutil.STATUS_ZOMBIE] == []
