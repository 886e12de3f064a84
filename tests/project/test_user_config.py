"""The user's own settings: broken ones are named, and several programs may change them at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from xtgui_cli.cli.entry import main
from xtgui_cli.project import user_config
from xtgui_cli.project.user_config import config_file, save_user_config, user_table
from xtgui_cli.shared.errors import Exit


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(user_config, "_named", set())
    config_file().parent.mkdir()
    return config_file()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(list(arguments))
    return code, " ".join(capsys.readouterr().err.split())


BROKEN = {
    "syntax": b"x = [",
    "encoding": b"x = '\xff'",
    "depth": b"x = " + b"[" * 5000,
    "digits": b"x = " + b"9" * 5000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize(
    "arguments",
    [(), ("setup",), ("train", "x.py"), ("download", "model", "a/b"), ("init", "--yes")],
)
def test_a_broken_file_is_named_or_not_needed(
    own_config: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    arguments: tuple[str, ...],
) -> None:
    own_config.write_bytes(content)

    code, said = run(capsys, *arguments)

    assert "Traceback" not in said
    assert "Unexpected error" not in said
    if arguments in (("setup",), ("download", "model", "a/b")):
        assert code == Exit.ANSWERS
        assert str(own_config) in said


def test_a_broken_line_is_shown(own_config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own_config.write_text("[engine]\npython = /usr/bin/python3\n")

    code, said = run(capsys, "setup")

    assert code == Exit.ANSWERS
    assert "line 2 is not valid TOML: python = /usr/bin/python3" in said


@pytest.mark.parametrize(
    "content",
    [
        *("ui = 1", "engine = 'x'", "trust = 3", "trusted = []", "download = 5"),
        *("[ui]\nlanguage = 5", "[engine]\npython = 5", "[trust]\nroots = 5"),
        '[trusted]\n"/x" = 5',
        "[[engine]]",
    ],
)
@pytest.mark.parametrize("arguments", [(), ("init", "--yes"), ("train", "x.py")])
def test_a_table_of_a_wrong_kind_counts_as_none(
    own_config: Path,
    capsys: pytest.CaptureFixture[str],
    content: str,
    arguments: tuple[str, ...],
) -> None:
    own_config.write_text(content)

    _, said = run(capsys, *arguments)

    assert "Traceback" not in said
    assert "Unexpected error" not in said
    assert "AttributeError" not in said


def test_a_table_of_a_wrong_kind_is_told_once(
    own_config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own_config.write_text('engine = "x"')

    assert user_table("engine") == user_table("engine") == {}

    said = " ".join(capsys.readouterr().err.split())
    assert said.count("[engine]") == 1
    assert str(own_config) in said


def test_a_table_of_a_wrong_kind_is_replaced_by_what_is_saved(own_config: Path) -> None:
    own_config.write_text('engine = "x"\nother = 1\n[ui]\nlanguage = "zh"\n')

    save_user_config({"engine.python": "/opt/python"})

    assert user_config.user_config() == {
        "engine": {"python": "/opt/python"},
        "other": 1,
        "ui": {"language": "zh"},
    }


def test_what_several_programs_save_at_once_is_all_there(own_config: Path) -> None:
    code = (
        "import sys; from xtgui_cli.project.user_config import save_user_config;"
        "sys.stdin.read(1);"
        "[save_user_config({f'many.{sys.argv[1]}_{n}': n}) for n in range(10)]"
    )
    programs = [
        subprocess.Popen([sys.executable, "-c", code, str(number)], stdin=subprocess.PIPE)
        for number in range(4)
    ]

    for program in programs:
        program.communicate(b"x", timeout=60)

    assert [program.returncode for program in programs] == [0] * 4
    assert len(user_table("many")) == 40
