"""The command line: exit codes, both languages, options before and after the command's name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli import texts
from xtgui_cli.cli import commands
from xtgui_cli.cli import entry as cli
from xtgui_cli.commands import overview, train
from xtgui_cli.commands.train import TrainRequest
from xtgui_cli.project import trust, user_config
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.methods import METHODS

GOLDEN = Path(__file__).with_name("golden")


@pytest.fixture(autouse=True)
def quiet_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("XTGUI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "xtgui.toml").write_text("[train]\nlr = 1e-4\n")
    trust.trust(root)
    return root


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[TrainRequest]:
    """What `train` is asked for; nothing is trained."""
    requests: list[TrainRequest] = []

    def run(request: TrainRequest) -> Exit:
        requests.append(request)
        return Exit.DONE

    monkeypatch.setattr(train, "run", run)
    return requests


def say(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command line in this process; give code, stdout and stderr."""
    # The consoles keep the streams they were made with; pytest changes those for every test.
    from xtgui_cli.ui import console

    console.out.cache_clear()
    console.talk.cache_clear()
    code = cli.main(list(arguments))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def commands_in(error: str) -> list[str]:
    """The lines of a message that are commands to copy."""
    return [line.strip() for line in error.splitlines() if line.strip().startswith("xtgui ")]


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


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (["trian"], "There is no command trian. Did you mean train?", "没有命令 trian。"),
        (["train", "--fresch"], "There is no option --fresch.", "没有选项 --fresch。"),
        (["init", "--step", "7"], "--step: 7 is outside the range 1<=x<=3.", "7 超出范围"),
        (["init", "--step", "x"], '--step: expected a whole number, got "x".', "应为整数"),
        (["logs", "a", "b"], "Unexpected arguments: a b", "多余的参数：a b"),
        (["chat", "--prompt"], "The option --prompt needs a value.", "选项 --prompt 需要一个值。"),
        (["train", "--fresh=1"], "The option --fresh takes no value.", "选项 --fresh 不带值。"),
        (
            ["demo", "--method", "x"],
            f"--method: expected one of {', '.join(METHODS)}",
            f"应为 {', '.join(METHODS)} 之一",
        ),
        (["--lang", "fr"], "--lang: expected one of en, zh, got", ""),
        (["chat", "--base", "--compare"], "These exclude each other", "不能同时使用"),
        (["train", "--resume", "--fresh"], "These exclude each other", "不能同时使用"),
        (["train", "--more", "2", "--fresh"], "These exclude each other", "不能同时使用"),
        (["train", "--more", "2", "--resume"], "These exclude each other", "不能同时使用"),
        (["train", "--more", "0"], "--more: 0 is outside the range x>=1.", "0 超出范围"),
        (["train", "--more", "1.5"], '--more: expected a whole number, got "1.5".', "应为整数"),
        (["train", "--more"], "The option --more needs a value.", "选项 --more 需要一个值。"),
        (["train", "--resume", "my.py"], "Expected the name of a checkpoint", "应为检查点的名字"),
    ],
)
def test_a_wrong_command_line_is_explained_and_exits_2(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    arguments: list[str],
    english: str,
    chinese: str,
) -> None:
    code, shown, error = say(capsys, "--root", str(project), *arguments)

    assert (code, shown) == (2, "")
    assert english in error
    if chinese:
        _, _, error = say(capsys, "--root", str(project), "--lang", "zh", *arguments)
        assert chinese in error


# --- common options --------------------------------------------------------------------------


def test_the_root_may_be_named_before_and_after_the_command(
    project: Path, trained: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    say(capsys, "--root", str(project), "train")
    say(capsys, "train", "--root", str(project))

    assert [request.root for request in trained] == [project, project]


def test_without_a_root_the_nearest_project_upwards_is_meant(
    project: Path,
    trained: list[TrainRequest],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deep = project / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)

    say(capsys, "train")

    assert trained[0].root == project


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
    project: Path,
    trained: list[TrainRequest],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    resume: str | None,
    plain: bool,
) -> None:
    code, _, error = say(capsys, "train", "--root", str(project), *arguments)

    assert code == 0, error
    assert (trained[0].resume, trained[0].plain) == (resume, plain)


# --- trust -----------------------------------------------------------------------------------


def test_a_strangers_project_trains_only_when_trusted(
    tmp_path: Path, trained: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "found"
    root.mkdir()
    (root / "xtgui.toml").write_text("")

    code, _, error = say(capsys, "train", "--root", str(root))
    assert (code, trained) == (2, [])
    assert f"xtgui trust {root}" in commands_in(error)
    code, _, _ = say(capsys, "train", "--trust", "--root", str(root))

    assert code == 0
    assert say(capsys, "train", "--root", str(root))[0] == 0


def test_a_config_from_elsewhere_trains_only_when_its_folder_is_trusted(
    project: Path,
    tmp_path: Path,
    trained: list[TrainRequest],
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = tmp_path / "downloads" / "x.py"
    config.parent.mkdir()
    config.write_text("lr = 1\n")
    arguments = ("train", str(config), "--root", str(project))

    code, _, error = say(capsys, *arguments)
    assert (code, trained) == (2, [])
    assert str(config) in error.replace("\n", "")
    assert say(capsys, *arguments, "--trust")[0] == 0

    assert say(capsys, *arguments)[0] == 0
    assert [request.config for request in trained] == [config, config]


def test_outside_of_a_project_a_config_trains_where_one_stands_once_it_is_trusted(
    tmp_path: Path, trained: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "x.py"
    config.write_text("lr = 1\n")
    here = Path.cwd()

    assert say(capsys, "train", str(config))[0] == 2
    assert say(capsys, "train", str(config), "--trust")[0] == 0
    (here / "work_dir").mkdir()  # as the training makes it

    assert say(capsys, "train", str(config))[0] == 0
    assert trained[0].root == here
    assert trust.is_trusted(here)


def test_a_config_in_the_current_folder_is_no_more_ones_own_than_others(
    trained: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("x.py").write_text("lr = 1\n")  # as in a folder of downloads

    assert say(capsys, "train", "x.py")[0] == 2
    assert trained == []
    assert say(capsys, "train", "x.py", "--trust")[0] == 0
    assert say(capsys, "train", "x.py")[0] == 0


def test_a_checkpoint_folder_of_somebody_is_not_trusted_along_with_a_config(
    tmp_path: Path, trained: list[TrainRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "x.py"
    config.write_text("lr = 1\n")
    trust.trust_config(config)
    (Path.cwd() / "work_dir").mkdir()

    assert say(capsys, "train", str(config))[0] == 2
    assert trained == []


@pytest.fixture
def strangers(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of somebody else, with a folder of one's own in it, where one stands."""
    (project / "mine").mkdir()
    monkeypatch.chdir(project / "mine")
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(project.parent / "fresh"))
    monkeypatch.setattr(trust, "owners_of", lambda path: {4711} if path.exists() else set())
    return project


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
    assert "nothing here yet" in shown
    assert f"xtgui trust {strangers}" in commands_in(error)


@pytest.mark.parametrize("arguments", [("trust",), ("trust", ".."), ("trust", "--root", "..")])
def test_one_command_trusts_a_folder_for_good(
    strangers: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert say(capsys, *arguments)[0] == 0

    assert "nothing here yet" not in say(capsys)[1]
    assert trust.is_trusted(strangers)


def test_trusting_says_that_a_model_may_run_its_code(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "xtgui.toml").write_text("[model]\ntrust_remote_code = true\n")

    _, _, error = say(capsys, "trust", str(project))

    assert "code of its own" in error


@pytest.mark.parametrize("arguments", [("trust",), ("trust", "/nowhere")])
def test_what_is_not_there_cannot_be_trusted(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert say(capsys, *arguments)[0] == 2


# --- failures --------------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that makes bare `xtgui` fail with an exception."""

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


def test_markup_in_a_path_is_shown_as_it_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, _, error = say(capsys, "status", "--root", f"{tmp_path}/[/red]\x1b[31m")

    assert "[/red]" in error
    assert "\x1b" not in error


# --- whole processes -------------------------------------------------------------------------


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xtgui_cli", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_closed_pipe_is_no_reason_to_complain() -> None:
    command = f"{sys.executable} -m xtgui_cli --help --lang en | true"

    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.stderr == ""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(("command", "code"), [("--json", 0), ("status", 2)])
def test_a_stream_that_the_shell_has_closed_is_no_fault(
    command: str, code: int, closed: str
) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m xtgui_cli {command} {closed}"],
        env={**os.environ, "XTGUI_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == code, done.stderr
    assert "did not foresee" not in done.stderr
    assert bool(done.stdout) == (code == 0 and ">&- " not in f" {closed} ".replace("2>&- ", ""))


def test_no_file_is_taken_for_a_stream_that_was_closed(tmp_path: Path) -> None:
    """The number of a closed stream is given to the next file, and whoever prints writes in it."""
    code = (
        "import os, sys; from xtgui_cli.cli.entry import main; code = main(['--json']);"
        f"file = open({str(tmp_path / 'file')!r}, 'w'); os.write(1, b'out'); os.write(2, b'err');"
        "sys.exit(file.fileno() < 3)"
    )

    done = subprocess.run(["bash", "-c", f'{sys.executable} -c "$0" <&- >&- 2>&-', code])

    assert done.returncode == 0
    assert (tmp_path / "file").read_text() == ""


def test_chinese_in_a_terminal_that_knows_none_does_not_end_the_program() -> None:
    done = process("--lang", "zh", "--help", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")

    assert (done.returncode, done.stderr) == (0, "")


def test_the_remembered_language_counts_where_the_locale_says_nothing() -> None:
    user_config.save_user_config({"ui.language": "zh"})

    assert "这里还没有项目" in process(LC_ALL="C.UTF-8").stdout
    assert "nothing here yet" in process(LC_ALL="en_US.UTF-8").stdout


def test_bare_xtgui_gives_data_when_asked() -> None:
    assert json.loads(process("--json").stdout) == {"root": None}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_there_for_three_shells(shell: str) -> None:
    done = process("--show-completion", shell)

    assert done.returncode == 0
    assert "_XTGUI_COMPLETE" in done.stdout


def test_completion_offers_commands_and_explains_them() -> None:
    done = process(
        _XTGUI_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="xtgui res", XTGUI_LANG="en"
    )

    assert '"results"' in done.stdout
    assert "the curves" in done.stdout


def test_bare_xtgui_loads_neither_typer_nor_the_questions() -> None:
    script = (
        "import sys; from xtgui_cli.cli.entry import main; main([]);"
        "print([m for m in ('typer', 'click', 'questionary', 'plotext', 'tokenizers', 'tomlkit')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.splitlines()[-1] == "[]"
