"""The command line: help, exit codes, both languages, options before and after the command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from command_line import say

from xtgui_cli import texts
from xtgui_cli.cli import commands
from xtgui_cli.commands import overview
from xtgui_cli.commands.train import TrainRequest
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.methods import METHODS

GOLDEN = Path(__file__).with_name("golden")

pytestmark = pytest.mark.usefixtures("quiet_place")


# --- help ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("command", ["", "init", "train", "chat"])
def test_help_reads_as_agreed(
    capsys: pytest.CaptureFixture[str], command: str, language: str
) -> None:
    words = [command] if command else []

    code, shown, _ = say(capsys, *words, "--help", "--lang", language)

    golden = GOLDEN / f"help_{command or 'xtgui'}_{language}.txt"
    if os.environ.get("REWRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(shown, "utf-8")
    assert code == 0
    assert shown == golden.read_text("utf-8")


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_command_explains_every_option(
    capsys: pytest.CaptureFixture[str], language: str
) -> None:
    import typer

    for name in typer.main.get_command(commands.app).commands:  # type: ignore[attr-defined]
        _, shown, _ = say(capsys, name, "--help", "--lang", language)

        assert "cli." not in shown, name
        assert "  --help" in shown, name


@pytest.mark.parametrize("group", ["download", "check", "data"])
def test_a_group_without_a_command_shows_its_help_once(
    group: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown, _ = say(capsys, group)

    assert code == 2
    assert shown.count(f"xtgui {group} [OPTIONS]") == 1


def test_no_line_of_help_is_wider_than_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.cells import cell_len

    for language in texts.LANGUAGES:
        _, shown, _ = say(capsys, "chat", "--help", "--lang", language)
        assert max(map(cell_len, shown.splitlines())) <= 80


# --- usage errors ----------------------------------------------------------------------------

SIMILAR = "没有命令 trian。是不是想用 train？"


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (["trian"], "There is no command trian. Did you mean train?", SIMILAR),
        (["train", "--fresch"], "There is no option --fresch.", "没有选项 --fresch。"),
        (
            ["init", "--step", "7"],
            "--step must be between 1 and 3, got 7.",
            "须在 1 到 3 之间，当前输入：7。",
        ),
        (["init", "--step", "x"], '--step: expected a whole number, got "x".', "应为整数"),
        (["logs", "a", "b"], "Unexpected arguments: a b", "多余的参数：a b"),
        (["chat", "--prompt"], "The option --prompt needs a value.", "选项 --prompt 缺少值。"),
        (["train", "--fresh=1"], "The option --fresh takes no value.", "选项 --fresh 不接受值。"),
        (
            ["demo", "--method", "x"],
            f"--method: expected one of {', '.join(METHODS)}",
            f"应为 {', '.join(METHODS)} 之一",
        ),
        (["--lang", "fr"], "--lang: expected one of en, zh, got", ""),
        (["chat", "--base", "--compare"], "These options cannot be used together", "不能同时使用"),
        (["train", "--resume", "--fresh"], "These options cannot be used together", "不能同时使用"),
        (
            ["train", "--more", "2", "--fresh"],
            "These options cannot be used together",
            "不能同时使用",
        ),
        (
            ["train", "--more", "2", "--resume"],
            "These options cannot be used together",
            "不能同时使用",
        ),
        (
            ["train", "--more", "0"],
            "--more must be at least 1, got 0.",
            "至少为 1，当前输入：0。",
        ),
        (["train", "--more", "1.5"], '--more: expected a whole number, got "1.5".', "应为整数"),
        (["train", "--more"], "The option --more needs a value.", "选项 --more 缺少值。"),
        (["train", "--resume", "my.py"], "Expected the name of a checkpoint", "应为检查点名称"),
    ],
)
def test_a_wrong_command_line_is_explained_and_exits_2(
    capsys: pytest.CaptureFixture[str],
    trusted_project: Path,
    arguments: list[str],
    english: str,
    chinese: str,
) -> None:
    code, shown, error = say(capsys, "--root", str(trusted_project), *arguments)

    assert (code, shown) == (2, "")
    assert english in error
    if chinese:
        _, _, error = say(capsys, "--root", str(trusted_project), "--lang", "zh", *arguments)
        assert chinese in error


# --- common options --------------------------------------------------------------------------


def test_the_root_may_be_named_before_and_after_the_command(
    trusted_project: Path, train_requests: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    say(capsys, "--root", str(trusted_project), "train")
    say(capsys, "train", "--root", str(trusted_project))

    assert [request.root for request in train_requests] == [trusted_project, trusted_project]


def test_without_a_root_the_nearest_project_upwards_is_meant(
    trusted_project: Path,
    train_requests: list[TrainRequest],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deep = trusted_project / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)

    say(capsys, "train")

    assert train_requests[0].root == trusted_project


def test_outside_of_any_project_the_way_in_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = say(capsys, "train")

    assert code == 2
    assert "xtgui init" in error


def test_a_root_that_is_not_there_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for command in (["train"], ["status"], []):
        code, _, error = say(capsys, *command, "--root", str(tmp_path / "nowhere"))
        assert code == 2
        assert "nowhere" in error


def test_the_version_is_told_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert say(capsys, "--version")[:2] == (0, "xtgui 0.1.0\n")
    assert say(capsys, "train", "--version")[:2] == (0, "xtgui 0.1.0\n")


# --- resume ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "resume", "plain"),
    [
        ([], None, False),
        (["--resume"], "", False),
        (["--resume", "--plain"], "", True),
        (["--plain", "--resume"], "", True),
        (["--resume", "iter_20.pth"], "iter_20.pth", False),
        (["--resume", "20", "--plain"], "20", True),
        (["--resume=iter_20.pth"], "iter_20.pth", False),
        (["--resume", "--"], "", False),
        (["my.py", "--resume"], "", False),
        (["my.py", "--resume", "iter_20"], "iter_20", False),
        (["--resume", "--", "my.py"], "", False),
    ],
)
def test_resume_takes_a_checkpoint_or_stands_alone(
    trusted_project: Path,
    train_requests: list[TrainRequest],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    resume: str | None,
    plain: bool,
) -> None:
    code, _, error = say(capsys, "train", "--root", str(trusted_project), *arguments)

    assert code == 0, error
    assert (train_requests[0].resume, train_requests[0].plain) == (resume, plain)


# --- failures --------------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes bare `xtgui` fail with an exception."""

    def fail(error: BaseException) -> None:
        def run(*_: Any, **__: Any) -> Exit:
            raise error

        monkeypatch.setattr(overview, "run", run)

    return fail


def test_an_explained_failure_has_its_own_code(
    failing: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(XtguiError("setup.engine_missing", Exit.ENVIRONMENT, python="python3"))

    assert say(capsys)[0] == 3


def test_ctrl_c_is_130_and_quiet(failing: Any, capsys: pytest.CaptureFixture[str]) -> None:
    failing(KeyboardInterrupt())

    code, shown, error = say(capsys)

    assert (code, shown, error) == (130, "", "Interrupted.\n")


def test_what_nobody_foresaw_is_told_calmly(
    failing: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(ZeroDivisionError("by zero"))

    code, _, error = say(capsys)

    assert code == 1
    assert "ZeroDivisionError: by zero" in error
    assert "Traceback" not in error
    assert "--debug" in error


def test_debug_shows_the_traceback(failing: Any, capsys: pytest.CaptureFixture[str]) -> None:
    failing(ZeroDivisionError("by zero"))

    code, _, error = say(capsys, "--debug")

    assert code == 1
    assert "Traceback" in error


def test_a_full_disk_is_told_as_what_it_is(
    failing: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(OSError(28, "No space left on device", "/data/x"))

    code, _, error = say(capsys)

    assert code == 1
    assert "/data/x: no space left on the disk." in error


@pytest.mark.parametrize("arguments", [(), ("status",), ("runs",), ("check", "data", "x.jsonl")])
def test_a_folder_that_was_deleted_under_ones_feet_is_named_as_the_reason(
    arguments: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()

    code, _, error = say(capsys, *arguments)

    assert code == 2
    assert "The folder you are in no longer exists." in error
    assert "Traceback" not in error


def test_markup_in_a_path_is_shown_as_it_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, _, error = say(capsys, "status", "--root", f"{tmp_path}/[/red]\x1b[31m")

    assert "[/red]" in error
    assert "\x1b" not in error
