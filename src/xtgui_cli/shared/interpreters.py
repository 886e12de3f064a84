"""Runs other interpreters, and uv, away from the user's current folder.

There `python -c` and `python -m` look for modules first, uv for uv.toml and pyproject.toml, and
matplotlib for matplotlibrc. In a folder that was found somewhere, all of these are a stranger's.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

NOWHERE = Path(os.sep).resolve()
"""The root folder: only the system's owner can put anything there."""


def run_apart(
    command: Sequence[str | Path], environment: Mapping[str, str] = os.environ, **options: Any
) -> subprocess.CompletedProcess[Any]:
    """Run a command to its end, as `subprocess.run` does, and capture its output.

    Args:
        command: With absolute paths.
        environment: The environment of the process.
        options: Those of `subprocess.run`.
    """
    return subprocess.run(
        command,
        capture_output=True,
        cwd=NOWHERE,
        env=without_current_folder(environment),
        check=False,
        **options,
    )


def start_apart(
    command: Sequence[str | Path], environment: Mapping[str, str] = os.environ, **options: Any
) -> subprocess.Popen[Any]:
    """Start a command away from the current folder; *options* are those of `subprocess.Popen`."""
    return subprocess.Popen(
        command, cwd=NOWHERE, env=without_current_folder(environment), **options
    )


def without_current_folder(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which no interpreter looks for modules in the current folder.

    It also applies to those that it starts in turn. Python 3.10 has no such setting.
    """
    return {**environment, "PYTHONSAFEPATH": "1"}
