"""How soon something is on the screen."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
from spread import Row, interleave, ratios, spread

BIN = Path(sys.executable).parent


def _seconds(command: list[str], folder: str) -> Callable[[], float]:
    environment = os.environ | {"XTGUI_CONFIG_DIR": f"{folder}/config", "LANG": "C.UTF-8"}

    def measure() -> float:
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
        return time.perf_counter() - began

    return measure


def measure_commands(rounds: int) -> list[Row]:
    """Compare `xtgui` with the cost of its own libraries, and with `xtuner`."""
    with tempfile.TemporaryDirectory() as folder:
        fast = interleave(
            {
                "help": _seconds([str(BIN / "xtgui"), "--help"], folder),
                "bare": _seconds([str(BIN / "xtgui")], folder),
                "imports": _seconds([sys.executable, "-c", "import typer, rich.table"], folder),
            },
            rounds,
        )
        slow = interleave(
            {
                "help": _seconds([str(BIN / "xtgui"), "--help"], folder),
                "xtuner": _seconds([str(BIN / "xtuner"), "version"], folder),
            },
            max(3, rounds // 4),
        )
    imports = '`python -c "import typer, rich.table"`'
    return [
        Row(f"`xtgui --help` / {imports}", ratios(fast["help"], fast["imports"]), "×", "≤ 2.3"),
        Row(f"`xtgui` / {imports}", ratios(fast["bare"], fast["imports"]), "×", "≤ 1.7"),
        Row("`xtuner version` / `xtgui --help`", ratios(slow["xtuner"], slow["help"]), "×", "≥ 5"),
        Row("`xtgui --help`", spread(fast["help"]), "s", ""),
    ]


def measure_first_question(rounds: int) -> list[Row]:
    """Measure how long `xtgui init` takes to show its first question, in a real terminal."""

    def measure() -> float:
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {
                "XTGUI_CONFIG_DIR": f"{folder}/config",
                "XTGUI_LANG": "en",
                "TERM": "xterm-256color",
            }
            began = time.perf_counter()
            child = pexpect.spawn(
                str(BIN / "xtgui"),
                ["init", "--root", f"{folder}/project"],
                env=environment,
                cwd=folder,
                dimensions=(24, 80),
                encoding="utf-8",
                timeout=30,
            )
            child.expect(r"\? ")
            seconds = time.perf_counter() - began
            child.close(force=True)
            return seconds

    taken = interleave({"init": measure}, rounds)
    return [Row("first question of `xtgui init`", spread(taken["init"]), "s", "about 1")]
