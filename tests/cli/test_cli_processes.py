"""`xtgui` as a process: its streams, its locale, its completion, and what it loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xtgui_cli.project import user_config

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("quiet_place")]


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
    assert "Unexpected error" not in done.stderr
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
    assert "no project here yet" in process(LC_ALL="en_US.UTF-8").stdout


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
