"""Whose projects and configs the commands use, and how they are trusted."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from command_line import commands_in, say

from xtgui_cli.commands.train import TrainRequest
from xtgui_cli.project import trust

pytestmark = pytest.mark.usefixtures("quiet_place")


# --- xx -----------------------------------------------------------------------------------


def test_a_strangers_project_trains_only_when_trusted(
    tmp_path: Path, train_requests: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "found"
    root.mkdir()
    (root / "xtgui.toml").write_text("")

    code, _, error = say(capsys, "train", "--root", str(root))
    assert (code, train_requests) == (2, [])
    assert f"xtgui trust {root}" in commands_in(error)
    code, _, _ = say(capsys, "train", "--trust", "--root", str(root))

    assert code == 0
    assert say(capsys, "train", "--root", str(root))[0] == 0


def test_the_command_that_trusts_can_be_pasted_whatever_the_folder_is_called(
    tmp_path: Path, train_requests: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "a \u202etxt.\nfolder, isn't it\x1b[31m"
    root.mkdir()
    (root / "xtgui.toml").write_text("")
    _, _, error = say(capsys, "train", "--root", str(root))
    command = next(line for line in error.splitlines() if "xtgui trust" in line)

    said = subprocess.run(
        ["bash", "-c", f"xtgui() {{ printf '%s\\0' \"$@\"; }}; {command}"],
        capture_output=True,
        timeout=60,
        check=True,
    ).stdout
    assert say(capsys, *said.decode().split("\0")[:-1])[0] == 0

    assert say(capsys, "train", "--root", str(root))[0] == 0
    assert len(train_requests) == 1


def test_a_config_from_elsewhere_trains_only_when_its_folder_is_trusted(
    trusted_project: Path,
    tmp_path: Path,
    train_requests: list[TrainRequest],
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = tmp_path / "downloads" / "x.py"
    config.parent.mkdir()
    config.write_text("lr = 1\n")
    arguments = ("train", str(config), "--root", str(trusted_project))

    code, _, error = say(capsys, *arguments)
    assert (code, train_requests) == (2, [])
    assert str(config) in error.replace("\n", "")
    assert say(capsys, *arguments, "--trust")[0] == 0

    assert say(capsys, *arguments)[0] == 0
    assert [request.config for request in train_requests] == [config, config]


def test_outside_of_a_project_a_config_trains_where_one_stands_once_it_is_trusted(
    tmp_path: Path, train_requests: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "x.py"
    config.write_text("lr = 1\n")
    here = Path.cwd()

    assert say(capsys, "train", str(config))[0] == 2
    assert say(capsys, "train", str(config), "--trust")[0] == 0
    (here / "work_dir").mkdir()  # as the training makes it

    assert say(capsys, "train", str(config))[0] == 0
    assert train_requests[0].root == here
    assert trust.is_trusted(here)


def test_a_config_in_the_current_folder_is_no_more_ones_own_than_others(
    train_requests: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("x.py").write_text("lr = 1\n")  # as in a folder of downloads

    assert say(capsys, "train", "x.py")[0] == 2
    assert train_requests == []
    assert say(capsys, "train", "x.py", "--trust")[0] == 0
    assert say(capsys, "train", "x.py")[0] == 0


def test_a_checkpoint_folder_of_somebody_is_not_trusted_along_with_a_config(
    tmp_path: Path, train_requests: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "x.py"
    config.write_text("lr = 1\n")
    trust.trust_config(config)
    (Path.cwd() / "work_dir").mkdir()

    assert say(capsys, "train", str(config))[0] == 2
    assert train_requests == []


@pytest.fixture
def strangers(trusted_project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of somebody else, with a folder of one's own in it, where one stands."""
    (trusted_project / "mine").mkdir()
    monkeypatch.chdir(trusted_project / "mine")
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(trusted_project.parent / "fresh"))
    monkeypatch.setattr(trust, "owners_of", lambda path: {4711} if path.exists() else set())
    return trusted_project


@pytest.mark.parametrize("command", ["status", "results", "logs", "attach", "stop"])
def test_a_project_of_somebody_else_above_is_named_and_not_read(
    strangers: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code, shown, error = say(capsys, command)

    assert (code, shown) == (2, "")
    assert f"xtgui trust {strangers}" in commands_in(error)


def test_a_project_of_somebody_else_is_read_where_it_is_named(
    strangers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "belongs to" not in say(capsys, "status", "--root", str(strangers))[2]


def test_without_a_command_a_project_of_somebody_else_is_named_and_not_shown(
    strangers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown, error = say(capsys)

    assert code == 0
    assert "no project here yet" in shown
    assert f"xtgui trust {strangers}" in commands_in(error)


@pytest.mark.parametrize("arguments", [("trust",), ("trust", ".."), ("trust", "--root", "..")])
def test_one_command_trusts_a_folder_for_good(
    strangers: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert say(capsys, *arguments)[0] == 0

    assert "no project here yet" not in say(capsys)[1]
    assert trust.is_trusted(strangers)


def test_trusting_says_that_a_model_may_run_its_code(
    trusted_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (trusted_project / "xtgui.toml").write_text("[model]\ntrust_remote_code = true\n")

    _, _, error = say(capsys, "trust", str(trusted_project))

    assert "run its own code" in error


@pytest.mark.parametrize("arguments", [("trust",), ("trust", "/nowhere")])
def test_what_is_not_there_cannot_be_trusted(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert say(capsys, *arguments)[0] == 2
