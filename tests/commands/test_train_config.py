"""The config that `xtgui train` trains: from where, for which machine, with which settings."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny
from built_runs import CPU
from fake_project import FakeProject

from xtgui_cli.planning.machine import Machine
from xtgui_cli.project import train_config
from xtgui_cli.project.trust import is_trusted
from xtgui_cli.shared.config_file import read, read_file
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.run_folder import list_checkpoints

pytestmark = pytest.mark.process

GPU = Machine("cuda", False, "RTX 2080 Ti", 11.0, 10.0, 64.0, 50.0, 8)


# --- configs ---------------------------------------------------------------------------------


def test_without_a_config_there_is_nothing_to_train(project: FakeProject) -> None:
    project.folder.config_file.unlink()

    project.refuses("train.no_config", Exit.ANSWERS)


def test_a_config_with_a_syntax_error_is_named_with_its_line(project: FakeProject) -> None:
    project.folder.config_file.write_text("lr = 1e-4\nmax_epochs = = 3\n")

    error = project.refuses("config.syntax", Exit.ANSWERS)

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

    project.refuses("train.set_elsewhere", Exit.ANSWERS, config=other, sets=("train.lr=1e-5",))
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

    error = project.refuses("train.sources_gone", Exit.ANSWERS)

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

    project.refuses("train.needs_gpu", Exit.ANSWERS, config=other)
