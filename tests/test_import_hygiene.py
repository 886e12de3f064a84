"""The user interface loads nothing that trains, and nothing slow before it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomlkit
import typer
from places import REPOSITORY

from xtgui_cli.cli.commands import app

HEAVY = tuple(
    name
    for contract in tomlkit.parse((REPOSITORY / "pyproject.toml").read_text("utf-8")).unwrap()[
        "tool"
    ]["importlinter"]["contracts"]
    if contract["name"] == "What draws and asks loads nothing that trains"
    for name in contract["forbidden_modules"]
)
"""What the contract names; "xtgui_cli.engine" is in it."""
SLOW = (
    "questionary",
    "prompt_toolkit",
    "plotext",
    "tokenizers",
    "huggingface_hub",
    "modelscope_hub",
    "httpx2",
    "jinja2",
    "pyarrow",
    "pydantic",
)

COMMANDS: Any = typer.main.get_command(app)
ROOMS = sorted(
    f"xtgui_cli.{room}.{module.stem}"
    for room in ("commands", "wizard")
    for module in (REPOSITORY / "src" / "xtgui_cli" / room).glob("*.py")
    if module.stem != "__init__"
)


def help_pages(command: Any, *path: str) -> Iterator[list[str]]:
    """Yield the command line for the help of a command, and of all below it."""
    yield [*path, "--help"]
    for name, below in getattr(command, "commands", {}).items():
        yield from help_pages(below, *path, name)


_RUN = """
import json, sys
from xtgui_cli.cli import main
names, lines = json.loads(sys.argv[1])
outcome = {}
for arguments in lines:
    try:
        code = main(arguments)
    except SystemExit as error:
        code = error.code
    loaded = [name for name in names if name in sys.modules]
    if code or loaded:
        outcome[" ".join(arguments)] = [code, loaded]
        break
print("\\n" + json.dumps(outcome))
"""


def faults_of(
    tmp_path: Path, *lines: list[str], allowed: str = ""
) -> dict[str, tuple[int, list[str]]]:
    """Run command lines one after another in a new interpreter.

    Gives the first that fails or has loaded what is heavy or slow, with its exit code and those.
    """
    names = [name for name in HEAVY + SLOW if name != allowed]
    done = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps([names, lines])],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"XTGUI_CONFIG_DIR": str(tmp_path / "config")},
    )
    outcome: dict[str, tuple[int, list[str]]] = json.loads(done.stdout.splitlines()[-1])
    return outcome


def test_the_help_of_no_command_loads_anything_heavy_or_slow(tmp_path: Path) -> None:
    pages = list(help_pages(COMMANDS))

    assert ["train", "--help"] in pages
    assert ["check", "data", "--help"] in pages
    assert faults_of(tmp_path, *pages) == {}


def test_the_overview_loads_nothing_heavy_or_slow(tmp_path: Path) -> None:
    assert faults_of(tmp_path, [], ["--help"], ["--json"]) == {}


def test_no_list_loads_anything_heavy_or_slow(tmp_path: Path) -> None:
    assert faults_of(tmp_path, ["models"], ["datasets", "--json"], ["templates"]) == {}


def test_texts_folders_choices_and_flags_load_nothing_to_read_them_with(tmp_path: Path) -> None:
    lines = (
        ["--root", ".", "--json"],
        ["templates", "--lang", "zh", "--root", str(tmp_path)],
        ["templates", "qwen_chat", "--debug"],
    )

    assert faults_of(tmp_path, *lines) == {}


def test_words_of_a_list_load_only_what_typer_reads_them_with(tmp_path: Path) -> None:
    words = (["models", "qwen"], ["datasets", "zh"])

    assert faults_of(tmp_path, *words, allowed="pydantic") == {}


def test_doctor_loads_nothing_slow_but_the_client_that_asks_the_hubs(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from xtgui_cli.cli import main\n"
        "main(['doctor', '--json'])\n"
        "slow = {'pydantic', 'huggingface_hub.utils', 'yaml', 'xtgui_cli.commands.download'}\n"
        "print('\\n' + ' '.join(slow & set(sys.modules)))"
    )
    nobody = {"HF_ENDPOINT": "http://127.0.0.1:9", "MODELSCOPE_ENDPOINT": "http://127.0.0.1:9"}

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | nobody | {"XTGUI_CONFIG_DIR": str(tmp_path)},
    )

    assert done.stdout.splitlines()[-1] == ""


def test_no_command_loads_anything_that_trains() -> None:
    code = (
        "import importlib, json, sys\n"
        "loaded = {}\n"
        f"for module in {ROOMS!r}:\n"
        "    importlib.import_module(module)\n"
        f"    loaded[module] = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print(json.dumps(loaded))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert len(ROOMS) > 30
    assert json.loads(done.stdout) == {module: [] for module in ROOMS}
