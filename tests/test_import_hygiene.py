"""The user interface loads nothing that trains, and nothing slow before it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "torch",
    "torchvision",
    "transformers",
    "peft",
    "datasets",
    "mmengine",
    "xtuner",
    "bitsandbytes",
    "accelerate",
    "safetensors",
    "numpy",
)
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
)

COMMANDS = (
    "init",
    "train",
    "attach",
    "status",
    "logs",
    "stop",
    "results",
    "convert",
    "chat",
    "setup",
    "download",
    "demo",
)
ROOMS = (
    "wizard.init",
    "wizard.demo",
    "commands.overview",
    "commands.train",
    "commands.attach",
    "commands.status",
    "commands.logs",
    "commands.stop",
    "commands.results",
    "commands.convert",
    "commands.chat",
    "commands.setup",
    "commands.download",
)

_RUN = """
import json, sys
from xtgui_cli.cli import main
try:
    code = main(sys.argv[2:])
except SystemExit as error:
    code = error.code
loaded = [name for name in json.loads(sys.argv[1]) if name in sys.modules]
print("\\n" + json.dumps([code or 0, loaded]))
"""


def run_clean(tmp_path: Path, names: tuple[str, ...], *arguments: str) -> tuple[int, list[str]]:
    """Run a command line in a new interpreter; give its exit code and which names it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps(names), *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"XTGUI_CONFIG_DIR": str(tmp_path / "config")},
    )
    code, loaded = json.loads(done.stdout.splitlines()[-1])
    return code, loaded


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_loads_nothing_heavy_or_slow(tmp_path: Path, command: str) -> None:
    assert run_clean(tmp_path, HEAVY + SLOW, command, "--help") == (0, [])


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--json",)])
def test_the_overview_loads_nothing_heavy_or_slow(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert run_clean(tmp_path, HEAVY + SLOW, *arguments) == (0, [])


@pytest.mark.parametrize("arguments", [("models", "qwen"), ("datasets", "zh"), ("templates",)])
def test_a_list_loads_nothing_heavy_or_slow(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run_clean(tmp_path, HEAVY + SLOW, *arguments) == (0, [])


@pytest.mark.parametrize("module", ROOMS)
def test_a_command_loads_nothing_that_trains(module: str) -> None:
    code = (
        "import importlib, json, sys\n"
        f"importlib.import_module('xtgui_cli.{module}')\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == []
